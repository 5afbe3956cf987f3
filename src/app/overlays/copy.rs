//! What a copy takes out of the selected message and the screens.
//!
//! Must not know: clipboards, which screens there are.

use std::sync::Arc;

use super::Overlay;
use crate::app::copied_part::{CopiedPart, CopyWhat};
use crate::app::event::{Effect, Generation, Key};
use crate::app::keymap::Context;
use crate::app::saving::{Overwrite, Redaction, SaveRequest, Selection};
use crate::app::{App, Notice};
use crate::base::number::grouped;
use crate::calls::{Calls, Handle};
use crate::export::format::{Format, Rows};
use crate::ladder::of_transaction;
use crate::sip::Message;
use crate::store::{Flags, MessageIdx, MessageText, Snapshot};

/// The keys after `y`: key, what it copies, its name, and what the help says.
pub const COPIES: &[(char, CopyWhat, &str, &str)] = &[
    ('m', CopyWhat::Message, "message", "message"),
    ('b', CopyWhat::Body, "body", "body"),
    ('s', CopyWhat::Sdp, "SDP", "SDP"),
    ('p', CopyWhat::Part, "part", "MIME part"),
    ('h', CopyWhat::FieldValue, "header field", "value of the header field that + selects in the details"),
    ('c', CopyWhat::CallId, "Call-ID", "Call-ID"),
    ('l', CopyWhat::Ladder, "ladder", "ladder as text"),
    ('v', CopyWhat::Verdict, "verdict", "verdict on the call"),
    ('f', CopyWhat::Command, "command", "shell command for what is shown"),
    ('j', CopyWhat::Json, "JSON", "message as JSON"),
    ('d', CopyWhat::Frame, "frame", "message as a frame of a dump"),
    ('d', CopyWhat::Comparison, "changes", "what FreeSWITCH changed (where D shows it)"),
];

/// The key after `y` before the letter of what is copied redacted.
pub const REDACTED: char = 'R';

impl App {
    /// Takes the key after `y`.
    pub(in crate::app) fn copy(&mut self, redaction: Redaction, key: Key, effects: &mut Vec<Effect>) {
        if key == Key::Char(REDACTED) && redaction == Redaction::Off {
            return self.overlay = Some(Overlay::Copy(Redaction::On));
        }
        let compares = self.contexts().contains(&Context::Diff);
        let is_meant = |what: CopyWhat| match what {
            CopyWhat::Frame => !compares,
            CopyWhat::Comparison => compares,
            _ => true,
        };
        let row = COPIES.iter().find(|(c, what, ..)| Key::Char(*c) == key && is_meant(*what));
        let Some((_, what, name, _)) = row else { return };
        if redaction == Redaction::On && !what.can_be_redacted() {
            return self.notice =
                Some(Notice::Failed(format!("nothing sent: the {name} cannot be redacted")));
        }
        if redaction == Redaction::On || matches!(what, CopyWhat::Json | CopyWhat::Frame) {
            return effects.extend(self.copy_written(*what, redaction, name));
        }
        let details = &self.session.details;
        self.pending_copy = None;
        match self.copied_bytes(*what) {
            None if details.is_pending() => self.pending_copy = Some((details.generation, key)),
            Some(bytes) => effects.push(Effect::Copy { what: self.copied_name(*what, name), bytes }),
            None if *what == CopyWhat::Sdp => self.request_sdp(effects),
            None if *what == CopyWhat::FieldValue => {
                self.notice = Some(Notice::Failed(
                    "nothing sent: + in the details (Tab) selects a header field first".to_owned(),
                ));
            }
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
        match what {
            CopyWhat::FieldValue => details.field_value(),
            // The parts of a long body are known already.
            CopyWhat::Part => {
                let bytes = details.parts.get(details.part)?.body(&text.bytes);
                (!bytes.is_empty()).then(|| bytes.to_vec())
            }
            what => CopiedPart { what, part: details.part, field: None }.of_message(&text.bytes),
        }
    }

    /// The selected message has no SDP: requests the message of its transaction that has one.
    fn request_sdp(&mut self, effects: &mut Vec<Effect>) {
        let Some(message) = self.selected().and_then(|of| with_sdp(&self.session.snapshot, of)) else {
            let why = "nothing sent: neither this message nor its transaction has SDP";
            return self.notice = Some(Notice::Failed(why.to_owned()));
        };
        let generation = self.session.new_generation();
        self.pending_sdp = Some((generation, message));
        effects.push(Effect::LoadText(generation, message));
    }

    /// Copies the SDP of a message that was requested for it.
    pub(in crate::app) fn copy_sdp(
        &mut self,
        generation: Generation,
        text: &Result<Arc<MessageText>, String>,
        effects: &mut Vec<Effect>,
    ) {
        let Some((_, message)) = self.pending_sdp.take_if(|(wanted, _)| *wanted == generation) else {
            return;
        };
        let text = match text {
            Ok(text) => text,
            Err(why) => return self.notice = Some(Notice::Failed(format!("nothing sent: {why}"))),
        };
        let Some(row) = self.session.snapshot.row(message) else { return };
        let status = if row.row.status > 0 { format!("{} ", row.row.status) } else { String::new() };
        let what = String::from_utf8_lossy(row.what());
        match crate::sip::sdp::find(&Message::parse(&text.bytes)) {
            Some(sdp) => effects.push(Effect::Copy {
                what: format!("SDP of message {} ({status}{what})", grouped(u64::from(message) + 1)),
                bytes: sdp.to_vec(),
            }),
            None => self.notice = Some(Notice::Failed("nothing sent: no SDP can be read".to_owned())),
        }
    }

    /// What is copied of the selected message, or of its call, after it was written or redacted.
    fn copy_written(&mut self, what: CopyWhat, redaction: Redaction, name: &str) -> Option<Effect> {
        let message = self.selected()?;
        let is_of_call = matches!(what, CopyWhat::Ladder | CopyWhat::Verdict);
        let selection = if is_of_call { self.call_of(message) } else { Selection::one(message) };
        let request = SaveRequest {
            generation: self.session.new_generation(),
            snapshot: self.session.snapshot.clone(),
            selection,
            rows: Rows::Messages,
            format: if what == CopyWhat::Json { Format::Json } else { Format::Dump },
            path: String::new(),
            overwrite: Overwrite::Ask,
            redaction,
            notes: self.session.notes.texts().clone(),
            columns: Vec::new(),
            call_columns: Vec::new(),
        };
        let details = &self.session.details;
        let of = CopiedPart { what, part: details.part, field: details.field_name() };
        let name = self.copied_name(what, name);
        let name = if redaction == Redaction::On { format!("redacted {name}") } else { name };
        Some(Effect::CopyWritten { what: name, of, request: Box::new(request) })
    }

    /// All messages of the call of a message; without a call, those of its Call-ID.
    fn call_of(&self, message: MessageIdx) -> Selection {
        let snapshot = &self.session.snapshot;
        let row = snapshot.row(message);
        let handle = row.and_then(|row| Some((Calls::of(snapshot)?, Calls::of(snapshot)?.of_row(row.row)?)));
        match handle {
            Some((calls, Handle::Leg(leg))) => {
                let joins = calls.joins();
                Selection::Of(joins.legs_of(joins.call_of(leg)).into_iter().map(Handle::Leg).collect())
            }
            Some((_, dialog)) => Selection::Of(vec![dialog]),
            None => Selection::one(message),
        }
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

/// The message with SDP in the transaction of a message: the last one before it, else the next one.
fn with_sdp(snapshot: &Snapshot, of: MessageIdx) -> Option<MessageIdx> {
    let rows = snapshot.rows_of_call(snapshot.row(of)?.row.call);
    let mut all = of_transaction(snapshot, &rows, of);
    all.retain(|row| snapshot.row(*row).is_some_and(|row| row.row.flags.has(Flags::SDP)));
    all.sort_unstable();
    let next = all.partition_point(|row| *row < of);
    all.get(next.saturating_sub(1)).copied()
}
