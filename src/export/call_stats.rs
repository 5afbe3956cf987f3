//! Statistics of calls and registrations, as text or as JSON.
//!
//! Must not know: how calls are counted.

use serde_json::{Map, Value, json};

use crate::base::escape::escape;
use crate::base::number::grouped;
use crate::calls::{Cause, Durations, FailingUser, Found, Registrations, Summary, cause_name};

use super::stats_page::{LISTED, Page};

/// The statistics of the selected calls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallCounts {
    /// The calls.
    pub calls: Summary,
    /// The registrations.
    pub registrations: Registrations,
}

/// A row of a list: how many, of what, and a Call-ID that shows it.
type Shown = (u64, String, String);

/// Appends the sections about calls and registrations.
pub(super) fn text(page: &mut Page<'_>, counts: &CallCounts) {
    let CallCounts { calls, registrations } = counts;
    page.heading("calls");
    for (name, value) in calls.figures() {
        page.text(&format!("  {name:<16}{value}\n"));
    }
    page.counts(
        "calls by state",
        calls.states.iter().map(|(state, n)| (state.as_str().to_owned(), *n)).collect(),
    );
    shown(page, "failed calls by cause", &calls.failures.iter().map(cause).collect::<Vec<_>>());
    shown(page, "findings (calls)", &calls.findings.iter().map(found).collect::<Vec<_>>());
    if registrations.count > 0 {
        let states = registrations.states.iter().map(|(state, n)| ((*state).to_owned(), *n));
        page.counts("registrations by state", states.collect());
        for (heading, users) in [
            ("failing registrations by user", &registrations.failing),
            ("registered in the end, by user", &registrations.recovered),
        ] {
            shown(page, heading, &users.iter().map(user).collect::<Vec<_>>());
        }
    }
}

fn shown(page: &mut Page<'_>, heading: &str, rows: &[Shown]) {
    if rows.is_empty() {
        return;
    }
    page.heading(heading);
    let width = rows.iter().map(|(count, ..)| grouped(*count).len()).max().unwrap_or_default();
    for (count, what, call_id) in rows.iter().take(LISTED) {
        page.text(&format!("  {:>width$}  {what}\n", grouped(*count)));
        page.dim(&format!("  {:width$}  for example {call_id}\n", ""));
    }
    page.rest(rows.len().saturating_sub(LISTED) as u64);
}

fn id(bytes: &[u8]) -> String {
    escape(bytes).into_owned()
}

fn cause(cause: &Cause) -> Shown {
    (cause.count, cause.text(), id(&cause.call_id))
}

fn found(found: &Found) -> Shown {
    (found.count, found.text(), id(&found.call_id))
}

fn user(user: &FailingUser) -> Shown {
    let of = if user.call_ids > 1 { format!(", {} Call-IDs", grouped(user.call_ids)) } else { String::new() };
    let (rule, text) = &user.finding;
    let what = format!("{}{of}: {rule}: {}", id(&user.user), escape(text.as_bytes()));
    (user.failures, what, id(&user.call_id))
}

/// Adds the members about calls and registrations.
pub(super) fn json(object: &mut Value, counts: &CallCounts) {
    let CallCounts { calls, registrations } = counts;
    let states = calls.states.iter().map(|(state, count)| (state.as_str().to_owned(), (*count).into()));
    object["calls"] = json!({
        "count": calls.calls,
        "legs": calls.legs,
        "states": states.collect::<Map<_, _>>(),
        "seizures": calls.seizures,
        "answered": calls.answered,
        "answer_seizure_ratio": calls.answer_seizure_ratio(),
        "talk_ms": durations(&calls.talk),
        "pdd_ms": durations(&calls.post_dial),
        "setup_ms": durations(&calls.setup),
        "failures": calls.failures.iter().map(cause_json).collect::<Vec<_>>(),
        "findings": calls.findings.iter().map(found_json).collect::<Vec<_>>(),
    });
    let states = registrations.states.iter().map(|(state, count)| ((*state).to_owned(), (*count).into()));
    object["registrations"] = json!({
        "count": registrations.count,
        "users": registrations.users,
        "states": states.collect::<Map<_, _>>(),
        "failing": registrations.failing.iter().map(user_json).collect::<Vec<_>>(),
        "recovered": registrations.recovered.iter().map(user_json).collect::<Vec<_>>(),
    });
}

fn durations(durations: &Durations) -> Value {
    let ms = |micros: Option<i64>| micros.map(|micros| micros as f64 / 1000.0);
    json!({
        "count": durations.count(),
        "mean": ms(durations.mean()),
        "median": ms(durations.percentile(50)),
        "p95": ms(durations.percentile(95)),
    })
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn cause_json(cause: &Cause) -> Value {
    let (status, phrase) = &cause.status;
    json!({
        "count": cause.count,
        "verdict": cause.verdict,
        "status": (*status > 0).then_some(status),
        "reason": (*status > 0).then_some(phrase),
        "cause": (cause.cause > 0).then_some(cause.cause),
        "cause_name": (cause.cause > 0).then(|| cause_name(cause.cause)),
        "call_id": lossy(&cause.call_id),
    })
}

fn found_json(found: &Found) -> Value {
    json!({
        "count": found.count,
        "rule": found.rule.name,
        "level": if found.rule.is_note { "note" } else { "problem" },
        "what": found.rule.what,
        "call_id": lossy(&found.call_id),
    })
}

fn user_json(user: &FailingUser) -> Value {
    let (rule, text) = &user.finding;
    json!({
        "user": lossy(&user.user),
        "failures": user.failures,
        "call_ids": user.call_ids,
        "rule": rule,
        "text": text,
        "call_id": lossy(&user.call_id),
    })
}
