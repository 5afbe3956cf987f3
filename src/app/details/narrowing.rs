//! The header field or line of a session description that `+` and `-` make a term of the filter.
//!
//! The first of these keys selects a line, with the arrows another one; the next one takes it.
//!
//! Must not know: which filter is in force, how lines are drawn.

use std::ops::Range;

use crate::app::parts::{Motion, TextExtent};
use crate::explain::line_limit;
use crate::explain::remarks::{descriptions, is_remark};
use crate::filter::options::compare;
use crate::filter::{Filter, Op};
use crate::sip::{Address, ContentType, Header, Message, StartLine, Via};

use super::{Details, Tab};

impl Details {
    /// The number of the selected line, while one is selected.
    pub fn field(&self) -> Option<usize> {
        self.field
    }

    /// Drops the selection. Whether there was one.
    pub(in crate::app) fn drop_field(&mut self) -> bool {
        self.field.take().is_some()
    }

    /// Selects the first line from the top of the pane that can be a term.
    ///
    /// # Errors
    /// Why there is none.
    pub(in crate::app) fn choose_field(&mut self, extent: TextExtent) -> Result<String, String> {
        let Some((_, text)) = &self.text else { return Err("there is no message".to_owned()) };
        if self.within_part().is_some() {
            return Err("the filter looks at whole messages: Esc goes back to this one's".to_owned());
        }
        if !matches!(self.tab, Tab::Headers | Tab::Body) {
            return Err("+ and - take a header field (1) or a line of the SDP (2)".to_owned());
        }
        let top = self.view.top.min(extent.last_top);
        let terms = Terms::of(&text.bytes, self.tab);
        let is_term = |line: &usize| self.term_at(&terms, *line).is_some();
        let found = (top..self.lines.len()).find(is_term).or_else(|| (0..top).rev().find(is_term));
        let nothing = || "nothing here can be a term of the filter: header fields and SDP lines can";
        let line = found.ok_or_else(nothing)?;
        self.select_field(line, extent);
        Ok(self.says())
    }

    /// Selects the next or the previous line that can be a term. What it is then.
    pub(in crate::app) fn step_field(&mut self, motion: Motion, extent: TextExtent) -> Option<String> {
        let at = self.field?;
        let (_, text) = self.text.as_ref()?;
        let terms = Terms::of(&text.bytes, self.tab);
        let is_term = |line: &usize| self.term_at(&terms, *line).is_some();
        let found = match motion {
            Motion::Down => (at + 1..self.lines.len()).find(is_term),
            Motion::Up => (0..at).rev().find(is_term),
            Motion::First => (0..at).find(is_term),
            Motion::Last => (at + 1..self.lines.len()).rev().find(is_term),
            _ => {
                self.drop_field();
                return None;
            }
        };
        if let Some(line) = found {
            self.select_field(line, extent);
        }
        Some(self.says())
    }

    /// The name of the selected header field.
    pub(in crate::app) fn field_name(&self) -> Option<Vec<u8>> {
        self.header_field(|field| field.name.to_vec())
    }

    /// The value of the selected header field, its lines joined.
    pub(in crate::app) fn field_value(&self) -> Option<Vec<u8>> {
        self.header_field(|field| field.value.into_owned())
    }

    fn header_field<T>(&self, take: impl FnOnce(Header<'_>) -> T) -> Option<T> {
        let (_, text) = self.text.as_ref()?;
        if self.tab != Tab::Headers || self.within_part().is_some() {
            return None;
        }
        let at = self.lines.get(self.field?)?.source.as_ref()?.start;
        let message = Message::parse(&text.bytes);
        message.headers().find(|field| field.range.contains(&at)).map(take)
    }

    /// What the selected line is as a term.
    pub fn term(&self) -> Option<Filter> {
        let (_, text) = self.text.as_ref()?;
        self.term_at(&Terms::of(&text.bytes, self.tab), self.field?)
    }

    fn term_at(&self, terms: &Terms<'_>, line: usize) -> Option<Filter> {
        let line = self.lines.get(line)?;
        if is_remark(line) || line_limit::continued(line).is_some() {
            return None;
        }
        terms.term(line.source.as_ref()?)
    }

    fn says(&self) -> String {
        let term = self.term().map(|term| term.text().to_owned()).unwrap_or_default();
        format!("{term}: + adds it to the filter, - excludes it, ↑ ↓ another field, Esc none")
    }

    fn select_field(&mut self, line: usize, extent: TextExtent) {
        self.field = Some(line);
        let top = self.view.top.min(extent.last_top);
        if !(top..top + extent.shown).contains(&line) {
            // Lines before it may take several rows.
            self.view.top = line.saturating_sub(extent.shown / 3).min(extent.last_top);
        }
    }
}

/// What of a message can be a term, read once for all lines.
struct Terms<'a> {
    message: Message<'a>,
    fields: Vec<Header<'a>>,
    descriptions: Vec<Range<usize>>,
}

impl<'a> Terms<'a> {
    fn of(bytes: &'a [u8], tab: Tab) -> Self {
        let message = Message::parse(bytes);
        let fields = if tab == Tab::Headers { message.headers().collect() } else { Vec::new() };
        let descriptions = if tab == Tab::Body { descriptions(&message) } else { Vec::new() };
        Self { message, fields, descriptions }
    }

    /// The term of the line that shows these bytes.
    fn term(&self, source: &Range<usize>) -> Option<Filter> {
        if let Some(range) = self.descriptions.iter().find(|range| range.contains(&source.start)) {
            let line = self.message.as_bytes().get(source.start..source.end.min(range.end))?.trim_ascii();
            return compare("sdp", Op::Has, text(line)?).ok();
        }
        if self.fields.is_empty() {
            return None;
        }
        if self.message.start_line_range().contains(&source.start) {
            return of_start_line(&self.message);
        }
        let at = self.fields.partition_point(|field| field.range.end <= source.start);
        self.fields.get(at).filter(|field| field.range.contains(&source.start)).and_then(of_field)
    }
}

fn of_start_line(message: &Message<'_>) -> Option<Filter> {
    match message.start_line()? {
        StartLine::Request { method, .. } => compare("method", Op::Equals, text(method)?).ok(),
        StartLine::Status { code, .. } => compare("status", Op::Equals, &code.to_string()).ok(),
    }
}

/// The term of a header field: with its own field of the language where there is one.
fn of_field(header: &Header<'_>) -> Option<Filter> {
    let value = header.value.trim_ascii();
    let is = |field: &str, value: &[u8]| compare(field, Op::Equals, text(value)?).ok();
    let name = std::str::from_utf8(header.canonical).ok()?;
    let own = match &*name.to_ascii_lowercase() {
        "from" => is("from", Address::parse(value).user()),
        "to" => is("to", Address::parse(value).user()),
        "call-id" => is("call-id", value),
        // The language reads it with one blank.
        "cseq" => is(
            "cseq",
            &value
                .split(u8::is_ascii_whitespace)
                .filter(|word| !word.is_empty())
                .collect::<Vec<_>>()
                .join(&b' '),
        ),
        "via" => Via::parse(value).and_then(|via| is("branch", via.branch()?)),
        "user-agent" | "server" => is("ua", value),
        "contact" => is("contact", value),
        "content-type" => is("type", ContentType::parse(value)?.essence().as_bytes()),
        _ => None,
    };
    own.or_else(|| is(&format!("header.{name}"), value))
}

/// A value that the language can write.
fn text(value: &[u8]) -> Option<&str> {
    std::str::from_utf8(value).ok().filter(|text| !text.is_empty() && !text.contains(char::is_control))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    use crate::store::MessageText;

    const MESSAGE: &str = "INVITE sip:1688@pbx.example SIP/2.0\r\n\
        Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK7\r\n\
        f: \"A \\\"B\\\"\" <sip:1012@pbx.example>;tag=1\r\n\
        To: <sip:pbx.example>\r\n\
        Call-ID: a b\r\n\
        CSeq: 7  INVITE\r\n\
        User-Agent: Phone \"9\" (x)\r\n\
        X-Cid: /a/\r\n\
        Subject: one\r\n\t two\r\n\
        c: application/sdp\r\n\r\n\
        v=0\r\nm=audio 4000 RTP/AVP 0\r\n";

    fn details(tab: Tab) -> Details {
        let mut details = Details { tab, ..Details::default() };
        details.show(0, Arc::new(MessageText { bytes: MESSAGE.into(), pieces: Vec::new() }));
        details
    }

    fn terms(tab: Tab) -> Vec<String> {
        let mut details = details(tab);
        let extent = TextExtent { shown: 5, last_top: 9, ..TextExtent::default() };
        details.choose_field(extent).unwrap();
        let mut out = vec![details.term().unwrap().text().to_owned()];
        loop {
            details.step_field(Motion::Down, extent);
            let term = details.term().unwrap().text().to_owned();
            if out.last() == Some(&term) {
                return out;
            }
            out.push(term);
        }
    }

    #[test]
    fn fields_are_terms_as_the_language_spells_them() {
        let headers = [
            "method=INVITE",
            "branch=z9hG4bK7",
            "from=1012",
            "to=pbx.example",
            "call-id=\"a b\"",
            "cseq=\"7 INVITE\"",
            "ua=\"Phone \\\"9\\\" (x)\"",
            "header.X-Cid=\"/a/\"",
            "header.Subject=\"one two\"",
            "type=application/sdp",
        ];
        assert_eq!(terms(Tab::Headers), headers);
        assert_eq!(terms(Tab::Body), ["sdp:v=0", "sdp:\"m=audio 4000 RTP/AVP 0\""]);
    }
}
