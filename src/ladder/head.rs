//! The head of a ladder in words: how it went and why, with whom, when, over which codecs.
//!
//! Must not know: columns, arrows, colours.

use std::fmt::Write as _;

use crate::base::escape::{escape, escape_into};
use crate::base::time_of_day;
use crate::calls::{CallRef, Calls, DialogRef, Finding, Handle, LegRef, Side, State, Verdict};
use crate::store::{CallIdx, RowRef, Snapshot};

/// How the messages of a ladder went.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head {
    /// State and verdict: `busy: 192.0.2.21 answered 486 Busy Here after 0.97 s`. Empty without an INVITE or another
    /// request that is known.
    pub verdict: String,
    /// How a call went; `None` for a dialog of another kind.
    pub state: Option<State>,
    /// What each leg or dialog says about itself, in the order of their first messages.
    pub facts: Vec<Facts>,
    /// What is wrong, with the message that shows it.
    pub findings: Vec<Finding>,
}

/// A line about one leg or dialog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Which one.
    pub of: Handle,
    /// Profile, direction and peer: `internal ← 198.51.100.13:5060`.
    pub peer: String,
    /// Beginning and end, codecs, hold, and what else is known.
    pub text: String,
    /// State and status code: `busy`, `rejected 404`.
    pub outcome: String,
}

impl Head {
    /// What is known of a Call-ID. Takes time in proportion to its messages.
    pub fn of_call_id(snapshot: &Snapshot, call: CallIdx) -> Self {
        let Some(calls) = Calls::of(snapshot) else { return Self::default() };
        Self::of(snapshot, calls, &calls.of_call_id(call).collect::<Vec<_>>())
    }

    /// What is known of these legs and dialogs; the first leg has the word.
    pub fn of(snapshot: &Snapshot, calls: &Calls, handles: &[Handle]) -> Self {
        let mut head = Self::default();
        for handle in handles {
            match *handle {
                Handle::Leg(leg) => head.add_leg(calls.leg_ref(snapshot, leg)),
                Handle::Dialog(dialog) => head.add_dialog(calls.dialog_ref(snapshot, dialog)),
            }
        }
        head.judge_together(snapshot, calls, handles);
        head
    }

    /// Of several legs, the verdict is that on the call.
    fn judge_together(&mut self, snapshot: &Snapshot, calls: &Calls, handles: &[Handle]) {
        let legs = handles.iter().filter_map(|handle| match handle {
            Handle::Leg(leg) => calls.leg_ref(snapshot, *leg),
            Handle::Dialog(_) => None,
        });
        if let Some(call) = CallRef::of(legs.collect()).filter(|call| call.legs().len() > 1) {
            self.verdict = sentence(&call.main(), &call.verdict());
        }
    }

    fn add_leg(&mut self, leg: Option<LegRef<'_>>) {
        let Some(leg) = leg else { return };
        let (verdict, findings) = leg.verdict_and_findings();
        if self.state.is_none() {
            self.verdict = sentence(&leg, &verdict);
            self.state = Some(leg.state());
        }
        self.findings.extend(findings);
        let facts =
            Facts { of: Handle::Leg(leg.index), peer: peer(&leg), text: facts(&leg), outcome: leg.outcome() };
        self.facts.push(facts);
    }

    fn add_dialog(&mut self, dialog: Option<DialogRef<'_>>) {
        let Some((dialog, first)) = dialog.and_then(|dialog| Some((dialog, dialog.first()?))) else { return };
        let kind = dialog.dialog.kind().as_str();
        if self.verdict.is_empty() {
            self.verdict.extend([kind, ": ", dialog.state()]);
        }
        let mut text = String::with_capacity(64);
        text.push_str(&time_of_day(first.row.time));
        // Writing to a String cannot fail.
        if let Some(lasting) = dialog.lasting() {
            let _ = write!(text, "  {lasting}");
        }
        if let Some(micros) = dialog.round_trip() {
            // Without the formatter: every ping has one.
            text.push_str("  round trip ");
            push_tenths(&mut text, micros);
            text.push_str(" ms");
        }
        self.facts.push(Facts {
            of: Handle::Dialog(dialog.index),
            peer: peer_of_dialog(dialog.profile(), &first),
            text,
            outcome: dialog.state().to_owned(),
        });
        self.findings.extend(dialog.findings());
    }
}

/// Milliseconds with one digit behind the point.
fn push_tenths(text: &mut String, micros: i64) {
    let (millis, tenth) = (micros / 1000, micros % 1000 / 100);
    match (u8::try_from(millis), u8::try_from(tenth)) {
        // Without the formatter: every ping has one.
        (Ok(millis @ 0..10), Ok(tenth @ 0..10)) => {
            text.extend([char::from(b'0' + millis), '.', char::from(b'0' + tenth)]);
        }
        // Writing to a String cannot fail.
        _ => drop(write!(text, "{millis}.{tenth}")),
    }
}

/// The verdict, with the state in front where its words do not begin with it.
fn sentence(leg: &LegRef<'_>, verdict: &Verdict) -> String {
    let text = clean(verdict.text.as_bytes());
    let outcome = leg.outcome();
    if text.starts_with(leg.state().as_str()) || leg.state().is_open() {
        text
    } else {
        format!("{outcome}: {text}")
    }
}

fn peer_of_dialog(profile: &str, first: &RowRef<'_>) -> String {
    let profile = first.snapshot.aliases.of_profile(profile).unwrap_or(profile);
    let mut text = String::with_capacity(profile.len() + 1 + first.peer().len());
    escape_into(profile.as_bytes(), &mut text);
    text.push(' ');
    match first.peer_alias() {
        Some(_) => text.push_str(&address_of(first)),
        None => push_address(first.peer(), &mut text),
    }
    text
}

fn peer(leg: &LegRef<'_>) -> String {
    let arrow = if leg.leg.side == Side::B { "→" } else { "←" };
    let first = leg.first();
    let alias = first.and_then(|first| first.snapshot.aliases.of_profile(leg.profile()));
    let profile = clean(alias.unwrap_or(leg.profile()).as_bytes());
    let address = first.map(|first| address_of(&first)).unwrap_or_default();
    format!("{profile} {arrow} {address}").trim_start().to_owned()
}

/// `05:53:48.014447 – 05:53:49.009211  PCMU PCMA offered  held 3.1 s`.
fn facts(leg: &LegRef<'_>) -> String {
    let end = leg.ended().map_or_else(|| "…".to_owned(), time_of_day);
    let mut parts = vec![format!("{} – {end}", time_of_day(leg.start()))];
    let (agreed, offered) = (leg.leg.agreed.to_string(), leg.leg.offered.to_string());
    parts.extend(match (agreed.is_empty(), offered.is_empty()) {
        (false, _) => Some(agreed),
        (true, false) => Some(format!("{offered} offered")),
        (true, true) => None,
    });
    parts.extend(holds(leg));
    parts.join("  ")
}

fn holds(leg: &LegRef<'_>) -> Option<String> {
    let count = leg.leg.holds;
    let held = leg.held()?;
    let held = format!("{}.{} s", held / 1_000_000, held % 1_000_000 / 100_000);
    Some(if count == 1 { format!("held {held}") } else { format!("held {count} times, {held}") })
}

/// The peer of a message: `carrier2 (192.0.2.21:5060)` if it has a name, else its address.
pub fn address_of(row: &RowRef<'_>) -> String {
    let address = address(row.peer());
    row.peer_alias().map_or_else(|| address.clone(), |name| format!("{} ({address})", clean(name.as_bytes())))
}

/// Address and port; brackets only where an IPv6 address needs them.
pub fn address(peer: &[u8]) -> String {
    let mut text = String::with_capacity(peer.len());
    push_address(peer, &mut text);
    text
}

fn push_address(peer: &[u8], to: &mut String) {
    let text = escape(peer);
    let end = memchr::memchr(b']', text.as_bytes()).filter(|_| text.starts_with('['));
    match end.map(|end| (&text[1..end], &text[end + 1..])) {
        Some((host, port)) if memchr::memchr(b':', host.as_bytes()).is_none() => to.extend([host, port]),
        _ => to.push_str(&text),
    }
}

fn clean(text: &[u8]) -> String {
    escape(text).into_owned()
}
