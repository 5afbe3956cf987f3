//! What a copy takes out of the selected message.
//!
//! Must not know: clipboards.

use crate::sip::Message;

use super::event::{Effect, Key};
use super::keymap::{COPIES, CopyWhat};
use super::{App, Notice};

impl App {
    /// Takes the key after `y`.
    pub(super) fn copy_key(&mut self, key: Key) -> Vec<Effect> {
        let Some((_, what, name)) = COPIES.iter().find(|(c, ..)| Key::Char(*c) == key) else {
            return Vec::new();
        };
        if let Some(bytes) = self.copied_bytes(*what) {
            return vec![Effect::Copy { what: name, bytes }];
        }
        self.notice = Some(Notice::Failed(format!("nothing copied: this message has no {name}")));
        Vec::new()
    }

    /// The exact bytes; `None` where the message has no such thing.
    fn copied_bytes(&self, what: CopyWhat) -> Option<Vec<u8>> {
        let (row, text) = self.details.text.as_ref()?;
        if self.details.wanted != Some(*row) {
            return None;
        }
        let message = Message::parse(&text.bytes);
        let bytes = match what {
            CopyWhat::Message => &text.bytes,
            CopyWhat::Body => message.body(),
            CopyWhat::Sdp => return crate::sip::sdp::find(&message).map(<[u8]>::to_vec),
            CopyWhat::Part => self.details.parts.get(self.details.part)?.body(&text.bytes),
            CopyWhat::CallId => message.call_id()?,
            CopyWhat::Ladder => return self.ladder_text().map(String::into_bytes),
        };
        (!bytes.is_empty()).then(|| bytes.to_vec())
    }
}
