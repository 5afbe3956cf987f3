//! What can be copied, and how it is taken out of a message.
//!
//! Must not know: keys, clipboards, screens.

use crate::explain::parts::part_nodes;
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
    /// The value of the selected header field.
    FieldValue,
    /// The message as JSON.
    Json,
    /// The message as a frame of a dump.
    Frame,
}

impl CopyWhat {
    /// Whether it can be redacted: it is a part of the selected message, or of its call.
    pub const fn can_be_redacted(self) -> bool {
        !matches!(self, Self::Command | Self::Comparison)
    }
}

/// What is copied of messages that are written, or redacted, first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopiedPart {
    /// What it is.
    pub what: CopyWhat,
    /// The number of the selected MIME part.
    pub part: usize,
    /// The name of the selected header field.
    pub field: Option<Vec<u8>>,
}

impl CopiedPart {
    /// The bytes in a message; `None` if it has no such part.
    pub fn of_message(&self, text: &[u8]) -> Option<Vec<u8>> {
        let message = Message::parse(text);
        let bytes = match self.what {
            CopyWhat::Message => text,
            CopyWhat::Body => message.body(),
            CopyWhat::Sdp => return crate::sip::sdp::find(&message).map(<[u8]>::to_vec),
            CopyWhat::Part => {
                return Some(part_nodes(&message).get(self.part)?.body(text).to_vec());
            }
            CopyWhat::CallId => message.call_id()?,
            CopyWhat::FieldValue => {
                let name = self.field.as_deref()?;
                let mut fields = message.headers().filter(|field| field.name.eq_ignore_ascii_case(name));
                return fields.next().map(|field| field.value.into_owned());
            }
            CopyWhat::Ladder
            | CopyWhat::Verdict
            | CopyWhat::Command
            | CopyWhat::Comparison
            | CopyWhat::Json
            | CopyWhat::Frame => return None,
        };
        (!bytes.is_empty()).then(|| bytes.to_vec())
    }
}
