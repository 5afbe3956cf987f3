//! What a copy takes out of the selected message and the screens.
//!
//! Must not know: clipboards, which screens there are.

use crate::app::event::{Effect, Key};
use crate::app::{App, Notice};
use crate::calls::{Calls, Handle};
use crate::sip::Message;

/// What a copy copies: the key after `y`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CopyWhat {
    /// The whole message.
    Message,
    /// The body.
    Body,
    /// The SDP, alone or from a multipart body.
    Sdp,
    /// The body of the selected part.
    Part,
    /// The Call-ID.
    CallId,
    /// The ladder of the Call-ID, as text.
    Ladder,
    /// The verdict on the call.
    Verdict,
    /// A command line that prints what the list shows.
    Command,
    /// What differs between two messages, as text.
    Comparison,
}

/// The keys after `y`: key, what it copies, its name, and what the help says.
pub const COPIES: &[(char, CopyWhat, &str, &str)] = &[
    ('m', CopyWhat::Message, "message", "message"),
    ('b', CopyWhat::Body, "body", "body"),
    ('s', CopyWhat::Sdp, "SDP", "SDP"),
    ('p', CopyWhat::Part, "part", "MIME part"),
    ('c', CopyWhat::CallId, "Call-ID", "Call-ID"),
    ('l', CopyWhat::Ladder, "ladder", "ladder as text"),
    ('v', CopyWhat::Verdict, "verdict", "verdict on the call"),
    ('f', CopyWhat::Command, "command", "shell command for what is shown"),
    ('d', CopyWhat::Comparison, "changes", "what FreeSWITCH changed (where D shows it)"),
];

impl App {
    /// Takes the key after `y`.
    pub(in crate::app) fn copy(&mut self, key: Key, effects: &mut Vec<Effect>) {
        let Some((_, what, name, _)) = COPIES.iter().find(|(c, ..)| Key::Char(*c) == key) else { return };
        let details = &self.session.details;
        self.pending_copy = None;
        match self.copied_bytes(*what) {
            None if details.is_pending() => self.pending_copy = Some((details.generation, key)),
            Some(bytes) => effects.push(Effect::Copy { what: self.copied_name(*what, name), bytes }),
            None if *what == CopyWhat::Comparison => {
                self.notice = Some(Notice::Failed("nothing sent: D compares two legs first".to_owned()));
            }
            None => self.notice = Some(Notice::Failed(format!("nothing sent: this message has no {name}"))),
        }
    }

    /// The exact bytes; `None` where there are none.
    fn copied_bytes(&self, what: CopyWhat) -> Option<Vec<u8>> {
        let mut screens = self.screens.iter().rev();
        if let Some(bytes) = screens.find_map(|screen| screen.state().copied(what, &self.session)) {
            return Some(bytes);
        }
        if what == CopyWhat::Verdict {
            return self.verdict_of_selected();
        }
        let details = &self.session.details;
        let text = details.current_text()?;
        let message = Message::parse(&text.bytes);
        let bytes = match what {
            CopyWhat::Message => &text.bytes,
            CopyWhat::Body => message.body(),
            CopyWhat::Sdp => return crate::sip::sdp::find(&message).map(<[u8]>::to_vec),
            CopyWhat::Part => details.parts.get(details.part)?.body(&text.bytes),
            CopyWhat::CallId => message.call_id()?,
            CopyWhat::Ladder | CopyWhat::Verdict | CopyWhat::Command | CopyWhat::Comparison => return None,
        };
        (!bytes.is_empty()).then(|| bytes.to_vec())
    }

    /// The verdict on the call of the selected message.
    fn verdict_of_selected(&self) -> Option<Vec<u8>> {
        let snapshot = &self.session.snapshot;
        let (calls, row) = (Calls::of(snapshot)?, snapshot.row(self.selected()?)?);
        match calls.of_row(row.row)? {
            Handle::Leg(leg) => Some(calls.call_ref(snapshot, leg)?.verdict().text.into_bytes()),
            Handle::Dialog(_) => None,
        }
    }

    /// What the notice calls it: of a part, its type.
    fn copied_name(&self, what: CopyWhat, name: &str) -> String {
        let details = &self.session.details;
        match details.parts.get(details.part) {
            Some(part) if what == CopyWhat::Part => format!("{} part", part.type_name()),
            _ => name.to_owned(),
        }
    }
}
