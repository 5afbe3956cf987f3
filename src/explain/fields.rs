//! Small bodies of `name: value` and `name=value` lines: DTMF in INFO, message waiting.
//!
//! Must not know: messages.

use crate::base::bytes::{decimal, trim};
use crate::sip::ContentType;
use crate::style::styled_text::{Line, Role};

use super::annotations::annotate;
use super::format::shown;
use super::text::split_line_end;

/// Whether content of this type is made of such lines.
pub(super) fn knows(content_type: &ContentType<'_>) -> bool {
    let is = |subtype| content_type.is("application", subtype);
    is("dtmf-relay") || is("simple-message-summary") || is("media_control") || is("hook-flash")
}

/// One line for each line of the body. Sources count from its start.
pub(super) fn lines(body: &[u8]) -> Vec<Line> {
    let mut at = 0;
    let lines = body.split_inclusive(|&b| b == b'\n').map(|whole| {
        let (text, _) = split_line_end(whole);
        let (mut line, note) = match text.iter().position(|b| matches!(b, b'=' | b':')) {
            Some(end) => field(&text[..end], text[end], &text[end + 1..]),
            None => (Line::of(Role::Plain, shown(text)), None),
        };
        line.source = Some(at..at + whole.len());
        at += whole.len();
        (line, note)
    });
    annotate(lines.collect())
}

fn field(name: &[u8], separator: u8, value: &[u8]) -> (Line, Option<String>) {
    let line = Line::of(Role::Label, shown(name))
        .and(Role::Dim, char::from(separator).to_string())
        .and(Role::Plain, shown(value));
    (line, note(trim(name), trim(value)))
}

fn note(name: &[u8], value: &[u8]) -> Option<String> {
    let is = |known: &str| name.eq_ignore_ascii_case(known.as_bytes());
    if is("Signal") {
        return Some(format!("DTMF {}", signal(value)));
    }
    if is("Duration") {
        return decimal(value).map(|ms| format!("{ms} ms"));
    }
    if name.len() > 8 && name[name.len() - 8..].eq_ignore_ascii_case(b"-Message") {
        return waiting(value);
    }
    None
}

/// The key that a signal means; 10 to 16 are numbers of RFC 4733 that some devices write.
fn signal(value: &[u8]) -> String {
    let key = match value {
        b"10" => "*",
        b"11" => "#",
        b"12" => "A",
        b"13" => "B",
        b"14" => "C",
        b"15" => "D",
        b"16" => "hook flash",
        _ => return shown(value).into_owned(),
    };
    key.to_owned()
}

/// `2/1 (1/0)`: new and old messages, and how many of them are urgent (RFC 3842 §3.5).
fn waiting(value: &[u8]) -> Option<String> {
    let mut numbers = value.split(|b| !b.is_ascii_digit()).filter(|digits| !digits.is_empty()).map(decimal);
    let (new, old) = (numbers.next()??, numbers.next()??);
    let urgent = numbers.next().flatten().filter(|&urgent| urgent > 0);
    let urgent = urgent.map_or_else(String::new, |count| format!(", {count} of the new urgent"));
    Some(format!("{new} new, {old} old{urgent}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_explained_beside_them() {
        let table: [(&[u8], &[&str]); 3] = [
            (b"Signal=1\r\nDuration=160\r\n", &["Signal=1       DTMF 1", "Duration=160   160 ms"]),
            (b"Signal= 11\nodd line", &["Signal= 11   DTMF #", "odd line"]),
            (
                b"Messages-Waiting: yes\r\nVoice-Message: 2/1 (1/0)\r\n\r\n",
                &[
                    "Messages-Waiting: yes",
                    "Voice-Message: 2/1 (1/0)   2 new, 1 old, 1 of the new urgent",
                    "",
                ],
            ),
        ];
        for (body, expected) in table {
            let text: Vec<String> = lines(body).iter().map(Line::text).collect();
            assert_eq!(text, expected);
        }
    }
}
