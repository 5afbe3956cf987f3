//! The exact text of a message, with what is said about it beside and below its lines.
//!
//! Copying the text copies the message: what is said about it cannot be selected.
//!
//! Must not know: where the text is on the page.

use std::collections::HashSet;

use crate::base::escape::escape;
use crate::calls::Finding;
use crate::explain::{Look, body, headers, remarks};
use crate::export::markup;
use crate::sip::Message;
use crate::style::Role;
use crate::style::styled_text::Line;

/// Something that is said about a line of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    /// The end of the line in the text.
    at: usize,
    place: Place,
    /// Whether it is a fault.
    is_fault: bool,
    text: String,
}

/// Where it is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Beside,
    Below,
}

/// What is said about a message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Remarks {
    /// What is wrong, and decoded tokens.
    pub(super) below: Vec<Said>,
    /// What the lines of the body mean.
    pub(super) beside: Vec<Said>,
    /// Whether the body's exact lines are as easy to read as explained ones.
    pub(super) is_explained_in_place: bool,
}

impl Remarks {
    /// What is said about a message of whose call these things were found.
    pub(super) fn of(message: &Message<'_>, found: &[Finding]) -> Self {
        let start = message.body_range().start;
        let mut remarks = Self { below: Vec::new(), ..Self::of_body(message, found) };
        let of_body = Self::of_body(message, found).below;
        let known: HashSet<&str> = of_body.iter().map(|said| said.text.as_str()).collect();
        let lines = headers::lines(message, found);
        let mut lines = lines.iter();
        let mut at = 0;
        // A blank line follows the head; what is below it is about the body.
        for line in lines.by_ref().take_while(|line| !line.spans.is_empty()) {
            match &line.source {
                Some(source) if !remarks::is_remark(line) => at = source.end,
                _ => remarks.below.push(Said::of(at, Place::Below, line)),
            }
        }
        let rest =
            lines.filter(|line| remarks::is_remark(line)).map(|line| Said::of(start, Place::Below, line));
        remarks.below.extend(rest.filter(|said| !known.contains(said.text.as_str())));
        remarks.below.extend(of_body.iter().cloned());
        remarks
    }

    fn of_body(message: &Message<'_>, found: &[Finding]) -> Self {
        let mut said = Self::default();
        if message.body().is_empty() {
            return Self { is_explained_in_place: true, ..said };
        }
        let mut lines = body::lines(message, Look::default());
        remarks::add_to_body(&mut lines, message, found);
        let is_text = matches!(body::kind(message).as_str(), "SDP" | "text");
        let is_exact = |line: &Line| line.source.is_some() || remarks::is_remark(line);
        said.is_explained_in_place = is_text && lines.iter().all(is_exact);
        let mut at = message.body_range().start;
        for line in &lines {
            if remarks::is_remark(line) {
                said.below.push(Said::of(at, Place::Below, line));
                continue;
            }
            at = line.source.as_ref().map_or(at, |source| source.end.max(at));
            let notes = line.spans.iter().filter(|span| span.role == Role::Note);
            let text: String = notes.map(|span| span.text.as_ref()).collect();
            if said.is_explained_in_place && !text.is_empty() {
                said.beside.push(Said { at, place: Place::Beside, is_fault: false, text });
            }
        }
        said
    }
}

impl Said {
    fn of(at: usize, place: Place, line: &Line) -> Self {
        let is_fault = line.spans.iter().any(|span| span.role == Role::Error);
        Self { at, place, is_fault, text: line.text().trim_start().to_owned() }
    }

    fn push(&self, out: &mut String) {
        let tag = if self.is_fault { "em" } else { "i" };
        out.extend(["<", tag, ">"]);
        markup::push_content(out, &self.text);
        out.push_str(if self.place == Place::Below { "\n" } else { "" });
        out.extend(["</", tag, ">"]);
    }
}

/// Appends the exact bytes as text, with what is said about them. Line ends are those of the page.
pub(super) fn push(out: &mut String, bytes: &[u8], said: &[&[Said]]) {
    let mut said: Vec<&Said> = said.iter().copied().flatten().collect();
    said.sort_by_key(|said| said.at);
    let mut rest = said.into_iter().peekable();
    while let Some(first) = rest.next_if(|said| said.at == 0) {
        first.push(out);
    }
    let mut end = 0;
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        end += line.len();
        push_line(out, line);
        let mut here = Vec::new();
        while let Some(said) = rest.next_if(|said| said.at <= end || end == bytes.len()) {
            here.push(said);
        }
        for beside in here.iter().filter(|said| said.place == Place::Beside) {
            out.push(' ');
            beside.push(out);
        }
        let has_below = here.iter().any(|said| said.place == Place::Below);
        out.push_str(if line.ends_with(b"\n") || has_below { "\n" } else { "" });
        here.iter().filter(|said| said.place == Place::Below).for_each(|below| below.push(out));
    }
}

/// A line without its end. Tabs stay: they do nothing on a page.
fn push_line(out: &mut String, line: &[u8]) {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    for (number, text) in line.split(|&byte| byte == b'\t').enumerate() {
        out.push_str(if number > 0 { "\t" } else { "" });
        markup::push_content(out, &escape(text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INVITE: &str = "INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h\r\nf: <sip:x@y>;tag=1\r\nTo: <sip:a@b>\r\n\
        Call-ID: 7\r\nCSeq: x INVITE\r\nContent-Type: application/sdp\r\n\r\nv=0\r\na=ptime:20\r\n\u{202e}\0\r\n";

    fn page(message: &str) -> String {
        let parsed = Message::parse(message.as_bytes());
        let remarks = Remarks::of(&parsed, &[]);
        let mut out = String::new();
        push(&mut out, message.as_bytes(), &[&remarks.below, &remarks.beside]);
        out
    }

    #[test]
    fn what_is_said_about_a_message_is_beside_and_below_its_exact_lines() {
        let page = page(INVITE);
        for expected in [
            "INVITE sip:a@b SIP/2.0\nVia:",
            "f: &lt;sip:x@y>;tag=1\nTo:",
            "CSeq: x INVITE\n<em>▲ the value of CSeq cannot be read  RFC 3261 §25.1\n</em>Content-Type",
            "\n\nv=0\na=ptime:20 <i>20 ms per packet</i>\n",
            r"\u{202e}\x00 <i>no line of a session description</i>",
        ] {
            assert!(page.contains(expected), "{expected}\n{page}");
        }
    }

    #[test]
    fn without_what_is_said_the_text_is_the_message() {
        let mut page = page(INVITE);
        for tag in ["em", "i"] {
            while let Some(start) = page.find(&format!("<{tag}>")) {
                let end = page[start..].find(&format!("</{tag}>")).unwrap();
                page.replace_range(start..start + end + tag.len() + 3, "");
            }
        }
        let lines: Vec<&str> = page.lines().map(str::trim_end).collect();
        let exact: Vec<String> =
            INVITE.split("\r\n").map(|line| escape(line.as_bytes()).replace('<', "&lt;")).collect();
        assert_eq!(lines.join("\n"), exact.join("\n").trim_end());
    }
}
