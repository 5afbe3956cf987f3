//! What there is to say about messages: the verdicts that they prove, what was found, the user's notes.
//!
//! Must not know: formats, how verdicts come about.

use std::collections::{BTreeMap, HashMap};

use crate::base::escape::escape;
use crate::calls::{Calls, Chosen, Finding, calls_of};
use crate::store::MessageIdx;

use super::Content;

/// The sentences about each message, in the order in which they are said.
pub(super) type Comments = HashMap<MessageIdx, Vec<String>>;

/// What precedes a note.
pub(super) const NOTE: &str = "note: ";

/// The user's notes.
pub(super) fn notes(content: Content<'_>) -> Comments {
    let notes = content.notes.into_iter().flatten();
    notes.map(|(message, note)| (*message, vec![format!("{NOTE}{}", escape(note.as_bytes()))])).collect()
}

/// What there is to say about these messages and their calls.
pub(super) fn of(content: Content<'_>) -> Comments {
    let mut comments = notes(content);
    let mut say = |message: MessageIdx, text: String| {
        let said: &mut Vec<String> = comments.entry(message).or_default();
        if !said.contains(&text) {
            said.push(text);
        }
    };
    let Some(calls) = Calls::of(content.snapshot) else { return comments };
    let mut chosen = Chosen::default();
    for row in content.messages.iter().filter_map(|message| content.snapshot.row(*message)) {
        chosen.add(calls, row.row);
    }
    for call in calls_of(calls, content.snapshot, |leg| chosen.has_leg(leg)) {
        let judged = call.legs.judged();
        say(judged.verdict.message, format!("verdict: {}", escape(judged.verdict.text.as_bytes())));
        for finding in judged.legs.iter().flat_map(|(_, found)| found) {
            say(finding.message, found(finding));
        }
    }
    for dialog in calls.dialogs(content.snapshot).filter(|dialog| chosen.has_dialog(dialog.index)) {
        for finding in dialog.findings() {
            say(finding.message, found(&finding));
        }
    }
    comments
}

fn found(finding: &Finding) -> String {
    let text = escape(finding.text.as_bytes());
    let rfc = finding.rule.rfc;
    if rfc.is_empty() { format!("finding: {text}") } else { format!("finding: {text} ({rfc})") }
}

/// The comment on all of a file: what it is, and the verdicts if it has few calls.
pub(super) fn of_file(content: Content<'_>, comments: &Comments) -> String {
    /// A file of more calls has the verdicts at their packets only.
    const MOST: usize = 20;
    let mut lines = vec![format!(
        "{} SIP messages from a FreeSWITCH dump; the IP, UDP and TCP headers are generated",
        content.messages.len()
    )];
    let by_message: BTreeMap<_, _> = comments.iter().collect();
    let verdicts = by_message.into_values().flatten().filter(|text| text.starts_with("verdict: "));
    let verdicts: Vec<&String> = verdicts.take(MOST + 1).collect();
    if verdicts.len() <= MOST {
        lines.extend(verdicts.into_iter().cloned());
    }
    lines.join("\n")
}
