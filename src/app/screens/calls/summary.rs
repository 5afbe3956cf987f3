//! What the details say of a call: the verdict, its legs, what was found.
//!
//! Must not know: widths, drawing.

use crate::app::styled_text::{Line, Role};
use crate::base::Timestamp;
use crate::base::escape::escape;
use crate::calls::{CallRef, DialogRef, Finding, LegIdx, LegRef, Pair};
use crate::ladder::{Links, address_of, letter};
use crate::store::{DAY, MessageIdx};

/// The lines about a call, or about some of its legs: the verdict first, then what is wrong, so that a small screen shows it.
pub(super) fn of_call(call: &CallRef<'_>, outcome: Role, by_hand: &Links) -> Vec<Line> {
    let judged = call.judged();
    let verdict = judged.verdict;
    let mut lines = vec![Line::of(outcome, clean(verdict.text.as_bytes()))];
    let legs = || call.legs().iter().zip(&judged.legs);
    let all = || legs().flat_map(|(leg, (_, found))| found.iter().map(|found| (leg.index, found)));
    // The verdict says this already, and that it was passed on: only the section of the RFC is left to say.
    let is_said = |(leg, found): &(LegIdx, &Finding)| {
        let is_passed_on = *leg == call.main().index;
        found.rule.name == verdict.rule && (is_passed_on || found.message == verdict.message)
    };
    let rfc = all().find(is_said).map(|(_, found)| format!(", {}", found.rule.rfc)).unwrap_or_default();
    let proof = format!("message {}, v opens it{rfc}", verdict.message + 1);
    lines.push(Line::of(Role::Label, "proof     ").and(Role::Dim, proof));
    // A leg says who ended it on that leg; what the list says of the call comes first.
    if call.legs().len() > 1 && !call.ended_by().is_empty() {
        lines.push(Line::of(Role::Label, "ended by  ").and(Role::Plain, call.ended_by().to_owned()));
    }
    let mut wrong: Vec<&Finding> = Vec::new();
    for (_, found) in all().filter(|found| !found.1.rule.is_note && !is_said(found)) {
        if !wrong.iter().any(|known| known.text == found.text) {
            wrong.push(found);
        }
    }
    lines.extend(wrong.into_iter().map(finding));
    for (leg, (_, found)) in legs() {
        lines.extend(of_leg(leg, by_hand));
        lines.extend(found.iter().filter(|found| found.rule.is_note).map(finding));
    }
    lines
}

/// A note on one of the messages.
pub(super) fn note(message: MessageIdx, text: &str) -> Line {
    let on = format!("  (message {})", message + 1);
    Line::of(Role::Label, "note      ")
        .and(Role::Done, format!("✎ {}", clean(text.as_bytes())))
        .and(Role::Dim, on)
}

/// The lines about an incident.
pub(super) fn of_incident(identifier: &[u8], calls: u32, dialogs: u32) -> Vec<Line> {
    let what = if identifier.is_empty() { "no incident is named".to_owned() } else { clean(identifier) };
    let counts = format!("{}, {}", counted(calls, "call"), counted(dialogs, "other dialog"));
    vec![Line::of(Role::Strong, what), Line::of(Role::Plain, counts)]
}

/// `1 message`, `2 messages`.
fn counted(number: u32, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// The lines about a dialog that is no call.
pub(super) fn of_dialog(dialog: &DialogRef<'_>) -> Vec<Line> {
    let what = format!("{}: {}", dialog.dialog.kind().as_str(), dialog.state());
    let mut lines = vec![Line::of(Role::Strong, what)];
    if let Some(first) = dialog.first() {
        let peer = format!("{} {}", clean(dialog.profile().as_bytes()), address_of(&first));
        lines.push(Line::of(Role::Label, "peer      ").and(Role::Host, peer));
        lines.push(Line::of(Role::Label, "user      ").and(Role::User, clean(first.to())));
    }
    let mut facts = vec![counted(dialog.dialog.messages.into(), "message")];
    facts.extend((dialog.dialog.status > 0).then(|| format!("last status {}", dialog.dialog.status)));
    let failures = dialog.failures();
    facts.extend((failures > 0).then(|| counted(failures, "failure")));
    facts.extend(dialog.lasting());
    facts.extend(dialog.round_trip().map(|micros| format!("round trip {}", round_trip(micros))));
    lines.push(Line::of(Role::Label, "facts     ").and(Role::Plain, facts.join(", ")));
    lines.extend(dialog.findings().iter().map(finding));
    lines
}

/// The letter that the ladder gives a leg of a call of several legs; of any other, its side.
pub fn leg_letter(leg: &LegRef<'_>) -> String {
    let legs = leg.calls.joins().legs_of(leg.index);
    match legs.iter().position(|other| *other == leg.index) {
        Some(position) if legs.len() > 1 => letter(position).to_string(),
        _ if leg.leg.side.as_str().is_empty() => "leg".to_owned(),
        _ => leg.leg.side.as_str().to_owned(),
    }
}

fn of_leg(leg: &LegRef<'_>, by_hand: &Links) -> Vec<Line> {
    let side = leg_letter(leg);
    let head = Line::of(Role::Heading, format!("{side:<10}"))
        .and(Role::Strong, clean(leg.profile().as_bytes()))
        .and(Role::Dim, if leg.leg.side.as_str() == "B" { " → " } else { " ← " })
        .and(Role::Host, peer_of(leg))
        .and(Role::Dim, "  ")
        .and(Role::Plain, leg.outcome() + if leg.is_cut() { " …" } else { "" });
    let mut lines = vec![head];
    let mut row = |label: &str, text: String, role: Role| {
        if !text.is_empty() {
            lines.push(Line::of(Role::Label, format!("{label:<10}")).and(role, text));
        }
    };
    row("times", times(leg), Role::Plain);
    row("leg ended", ended(leg), Role::Plain);
    row("messages", messages(leg), Role::Plain);
    row("media", media(leg), Role::Plain);
    row("call-id", clean(leg.call_id()), Role::Id);
    row("joined", joined(leg, by_hand), Role::Plain);
    lines
}

/// With which earlier leg it is paired and why: `with internal 198.51.100.13:5060 (1.00): INVITE 1.6 ms after 100 Trying`.
fn joined(leg: &LegRef<'_>, by_hand: &Links) -> String {
    let joins = leg.calls.joins();
    if by_hand.removed().contains(&leg.index) {
        return "taken out of its call by hand".to_owned();
    }
    let linked = by_hand.joined().iter().find(|(_, other)| *other == leg.index);
    if let Some(other) = linked.and_then(|(one, _)| leg.calls.leg_ref(leg.snapshot, *one)) {
        let profile = clean(other.profile().as_bytes());
        return format!("by hand with {profile} {}", peer_of(&other));
    }
    let pairs = joins.pairs_of(leg.index).filter(|pair| pair.b == leg.index);
    let one = |pair: &Pair| {
        let other = leg.calls.leg_ref(leg.snapshot, pair.a)?;
        let offer = if pair.is_joined() { "" } else { "? perhaps " };
        let profile = clean(other.profile().as_bytes());
        let reasons = joins.reasons(pair).join("; ");
        Some(format!("{offer}with {profile} {} ({:.2}): {reasons}", peer_of(&other), pair.score()))
    };
    pairs.filter_map(one).collect::<Vec<_>>().join(", ")
}

fn times(leg: &LegRef<'_>) -> String {
    let mut parts = vec![format!("began {}", time_of_day(leg.start()))];
    parts.extend(leg.post_dial_delay().map(|micros| format!("post-dial delay {}", span(micros))));
    parts.extend(leg.rang().map(|micros| format!("rang {}", span(micros))));
    parts.extend(leg.setup().map(|micros| format!("answered after {}", span(micros))));
    parts.extend(leg.talk().map(|micros| format!("talked {}", span(micros))));
    parts.join(", ")
}

fn ended(leg: &LegRef<'_>) -> String {
    let by = leg.ended_by();
    let reason = clean(leg.reason());
    match (by.is_empty(), reason.is_empty()) {
        (true, _) => reason,
        (false, true) => by.to_owned(),
        (false, false) => format!("{by}: {reason}"),
    }
}

fn messages(leg: &LegRef<'_>) -> String {
    let mut parts = vec![leg.leg.messages.to_string()];
    let mut counted = |number: u32, one: &str, many: &str| match number {
        0 => {}
        1 => parts.push(format!("1 {one}")),
        number => parts.push(format!("{number} {many}")),
    };
    counted(leg.leg.retransmissions.into(), "retransmission", "retransmissions");
    counted(leg.leg.forks.saturating_sub(1).into(), "more fork", "more forks");
    counted(leg.leg.holds.into(), "hold", "holds");
    parts.join(", ")
}

fn media(leg: &LegRef<'_>) -> String {
    let mut parts = Vec::new();
    let (offered, agreed) = (leg.leg.offered.to_string(), leg.leg.agreed.to_string());
    parts.extend((!offered.is_empty()).then(|| format!("{offered} offered")));
    parts.extend((!agreed.is_empty()).then(|| format!("{agreed} agreed")));
    parts.extend(leg.peer_media().map(|address| format!("peer {address}")));
    parts.extend(leg.our_media().map(|address| format!("ours {address}")));
    parts.join(", ")
}

fn finding(finding: &Finding) -> Line {
    let proof = format!("  (message {}, {})", finding.message + 1, finding.rule.rfc);
    let (role, sign) = if finding.rule.is_note { (Role::Plain, "note") } else { (Role::Error, "!") };
    Line::of(role, format!("{sign} {}", clean(finding.text.as_bytes()))).and(Role::Dim, proof)
}

/// Address and port; brackets only where an IPv6 address needs them.
fn peer_of(leg: &LegRef<'_>) -> String {
    leg.first().map(|first| address_of(&first)).unwrap_or_default()
}

fn clean(text: &[u8]) -> String {
    escape(text).into_owned()
}

/// `05:53:48.014`.
pub fn time_of_day(micros: i64) -> String {
    let mut text = Timestamp::of_day_micros(micros.rem_euclid(DAY) as u64).to_string();
    text.truncate("05:53:48.014".len());
    text
}

/// How long the response to a ping took: `0.8 ms`. The list and the details say the same.
pub fn round_trip(micros: i64) -> String {
    let micros = micros.max(0);
    format!("{}.{} ms", micros / 1000, micros % 1000 / 100)
}

/// A duration: `0.956 s`, `12.4 s`, `4 min 12 s`.
fn span(micros: i64) -> String {
    let millis = micros / 1000;
    if millis < 10_000 {
        format!("{}.{:03} s", millis / 1000, millis % 1000)
    } else if millis < 60_000 {
        format!("{}.{} s", millis / 1000, millis % 1000 / 100)
    } else {
        format!("{} min {} s", millis / 60_000, millis / 1000 % 60)
    }
}
