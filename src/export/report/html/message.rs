//! One message of the page: its line in the list, its exact text, its body explained.
//!
//! Must not know: the other messages, how large the page may be.

use std::fmt::Write as _;

use crate::base::time_of_day;
use crate::calls::Finding;
use crate::explain::{Look, body, remarks};
use crate::export::markup;
use crate::sip::Message;
use crate::style::Role;
use crate::style::styled_text::Line;

use super::exact::{self, Remarks};

/// What the page says of a message, apart from its text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Heading {
    /// Its number on the page.
    pub(super) number: usize,
    /// Its time in microseconds, as rows have it.
    pub(super) time: i64,
    /// From where to where: `198.51.100.13:5060 → internal`. Escaped.
    pub(super) route: String,
    /// What it is: `INVITE (SDP PCMU)`. Escaped.
    pub(super) label: String,
    /// The class of its colour.
    pub(super) class: &'static str,
    /// What the user wrote on it; may be empty.
    pub(super) note: String,
}

/// The texts that the page chooses from, by how much room they need.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Texts {
    /// Time and route for the line of the list.
    pub(super) route: String,
    /// The exact text, with what is wrong.
    pub(super) plain: String,
    /// The exact text, also with what its lines mean; empty where they need no explanation.
    pub(super) explained: String,
    /// The body explained or pretty-printed, where its exact text is hard to read.
    pub(super) body: String,
}

impl Texts {
    /// The texts of a message.
    pub(super) fn of(heading: &Heading, bytes: &[u8], found: &[Finding]) -> Self {
        let message = Message::parse(bytes);
        let remarks = Remarks::of(&message, found);
        let mut texts = Self::default();
        let _ = write!(texts.route, " {} {}", time_of_day(heading.time), markup::escaped(&heading.route));
        exact::push(&mut texts.plain, bytes, &[&remarks.below]);
        if !remarks.beside.is_empty() {
            exact::push(&mut texts.explained, bytes, &[&remarks.below, &remarks.beside]);
        }
        if !remarks.is_explained_in_place {
            push_body(&mut texts.body, &message, found);
        }
        texts
    }
}

impl Heading {
    /// Appends the beginning of the message, up to its text.
    pub(super) fn push(&self, out: &mut String, route: &str) {
        // Writing to a String cannot fail.
        let _ = match self.class {
            "i" | "f" if !route.is_empty() => {
                write!(out, "<details class={}><summary>{}{route} ", self.class, self.number)
            }
            _ => write!(out, "<details><summary>{}{route} ", self.number),
        };
        // Beside a number alone it needs no mark.
        let (before, after) = if route.is_empty() { ("", "") } else { ("<b>", "</b>") };
        out.push_str(before);
        markup::push_content(out, &self.label);
        out.push_str(after);
        if !self.note.is_empty() {
            out.push_str(" <u>✎ ");
            markup::push_content(out, &self.note);
            out.push_str("</u>");
        }
        let _ = write!(out, "</summary><p id=m{}>", self.number);
    }
}

/// Appends the body as people want to read it, folded.
fn push_body(out: &mut String, message: &Message<'_>, found: &[Finding]) {
    let mut lines = body::lines(message, Look::default());
    remarks::add_to_body(&mut lines, message, found);
    out.push_str("<details class=e><summary>Body explained: ");
    markup::push_content(out, &body::kind(message));
    out.push_str("</summary><p>");
    for line in &lines {
        push_line(out, line);
    }
    out.push_str("</details>");
}

fn push_line(out: &mut String, line: &Line) {
    for span in &line.spans {
        let tag = match span.role {
            Role::Label | Role::Heading => "b",
            Role::Note => "i",
            Role::Error => "em",
            _ => {
                markup::push_content(out, &span.text);
                continue;
            }
        };
        out.extend(["<", tag, ">"]);
        markup::push_content(out, &span.text);
        out.extend(["</", tag, ">"]);
    }
    out.push('\n');
}
