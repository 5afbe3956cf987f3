//! The Body tab: the body explained or pretty-printed, or its exact bytes.
//!
//! Must not know: how each kind of content is laid out.

use crate::base::number::grouped;
use crate::sip::Message;
use crate::style::styled_text::{Line, Role};

use super::content::{self, Content, Format};
use super::format::shift;
use super::hex;
use super::look::Look;
use super::text::{self, LineEnds};

/// All lines of the tab.
pub fn lines(message: &Message<'_>, look: Look) -> Vec<Line> {
    let content = Content::of_message(message);
    if content.bytes.is_empty() {
        return vec![Line::of(Role::Dim, "This message has no body.")];
    }
    content.lines(look, 0)
}

/// The exact bytes at the beginning of the body, at most `most`; `bytes` are the beginning of the message.
pub fn beginning(bytes: &[u8], most: usize) -> Vec<Line> {
    let message = Message::parse(bytes);
    let body = message.body();
    let body = &body[..body.len().min(most)];
    let mut lines =
        if text::is_text(body) { text::lines(body, 0, LineEnds::Shown) } else { hex::lines(body, 0) };
    shift(&mut lines, message.body_range().start);
    content::mark_written_in(&mut lines, &message);
    lines
}

/// What the tab says that it holds: `SDP`, `2 parts`, `JSON`, `312 B`; empty where there is no body.
pub fn kind(message: &Message<'_>) -> String {
    let content = Content::of_message(message);
    match content.format() {
        Format::Empty => String::new(),
        Format::Multipart if content.parts.len() == 1 => "1 part".to_owned(),
        Format::Multipart => format!("{} parts", content.parts.len()),
        Format::Sdp => "SDP".to_owned(),
        Format::Json => "JSON".to_owned(),
        Format::Xml => "XML".to_owned(),
        Format::Sip => "SIP".to_owned(),
        Format::Fields | Format::Text => "text".to_owned(),
        Format::Encoded | Format::Binary => format!("{} B", grouped(content.bytes.len() as u64)),
    }
}
