//! The privacy mask: which parts of a text are numbers, names and addresses, and what is shown instead of them.
//!
//! A masked text takes the same cells: each letter and digit becomes an `x`.
//!
//! Must not know: which screen it is, where texts come from.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use regex::Regex;
use unicode_width::UnicodeWidthChar;

use crate::app::privacy::Privacy;
use crate::app::styled_text::{Line, Span};
use crate::style::Role;

/// What is shown instead of a letter or a digit.
const MASKED: char = 'x';
/// A display name has up to this many words.
const MOST_WORDS: usize = 5;
/// The least number of characters before the `@` of a Call-ID; an address has fewer there.
const LEAST_ID: usize = 16;

/// What is private wherever it appears: the groups of these expressions. The names of the trace are looked for, too.
const PATTERNS: [&str; 20] = [
    // Addresses, also if they are cut.
    r"\b(\d{1,3}(?:\.\d{1,3}){3})\b",
    r"\b((?:[0-9A-Fa-f]{1,4}:){3,7}[0-9A-Fa-f]{1,4}|(?:[0-9A-Fa-f]{1,4}:)+(?::|…)[0-9A-Fa-f:…]*)",
    r"(::[0-9A-Fa-f]+[0-9A-Fa-f:]*)",
    r"…(\.?\d[\d.]*(?::\d+)?)",
    r"\b(\d+\.\d[\d.]*)…",
    // What is before and after an @; a Call-ID keeps what is before it.
    r#"([^\s"'<>:;,=(|│]+)@[A-Za-z0-9.\-\[\]:_…]"#,
    r#"[^\s"'<>,(|│]@([A-Za-z0-9.\-\[\]:_…]+)"#,
    // URIs, and hosts of Via.
    r#"(?i)\b(?:sips?|tel|mailto|geo):([^\s"<>;@?│]+)"#,
    r"(?i)\bSIP\s*/\s*2\.0\s*/\s*\w+\s+([^\s;,│]+)",
    // Display names, in quotes and without.
    r#""([^"│]*)"\s*<"#,
    r#"(?i)(?:^|[:,│]\s|\s{2})([^\s"<>:,;│]+(?: [^\s"<>:,;│]+)*) ?<(?:sips?|tel):"#,
    // Values of JSON, attributes and texts of XML, users of a digest and of SDP.
    r#"[:\[,]\s*"((?:[^"\\│]|\\.)*)"(?:\s*[,}\]]|\s*$|\s*│)"#,
    r#"\s[A-Za-z_:.-]+="([^"│]*)""#,
    r#"["\w]>([^<>│]+)</"#,
    r"\bo=([^\s-]\S*) \d",
    // Long numbers; those with a point or colon before them are times and shares.
    r"(?:^|[^\w.:,+])(\+?\d{6,})\b",
    r"\b(\d{3}[-. ]\d{3}[-. ]\d{4})\b",
    // Terms of the filter.
    r"(?i)\b(?:from|to|user|addr|ip|contact|uri|leg|call-id)[:=~!<>]+([^\s│]+)",
    // Rows of hex.
    r"((?:\b[0-9a-f]{2} {1,3}){1,}\s*\|[^│]{1,16}\|)",
    // What a DTMF signal means.
    r"\bDTMF (\S+)",
];

static EXPRESSIONS: LazyLock<Vec<Regex>> =
    LazyLock::new(|| PATTERNS.iter().filter_map(|pattern| Regex::new(pattern).ok()).collect());

/// All of a text that is private by what it is.
pub(in crate::view) fn whole(text: &str) -> String {
    text.chars().map(masked).collect()
}

/// Whether texts of this role are private.
pub(in crate::view) const fn is_private(role: Role) -> bool {
    matches!(role, Role::User | Role::Host | Role::Written)
}

/// A line with what is private in it masked. A text that is broken into rows is masked before.
pub(in crate::view) fn line<'a>(line: &'a Line, privacy: &Privacy) -> Cow<'a, Line> {
    if !privacy.is_masked() {
        return Cow::Borrowed(line);
    }
    let found = private(&line.text(), privacy);
    let mut start = 0;
    let spans = line.spans.iter().map(|span| {
        let from = start;
        start += span.text.len();
        let is_masked = |at: usize| is_private(span.role) || found.iter().any(|range| range.contains(&at));
        let text = span.text.char_indices().map(|(at, c)| if is_masked(from + at) { masked(c) } else { c });
        Span { role: span.role, text: text.collect::<String>().into() }
    });
    Cow::Owned(Line { spans: spans.collect(), source: line.source.clone() })
}

/// Masks what is private on a drawn screen, except in the cells of `public`.
pub(in crate::view) fn screen(buf: &mut Buffer, privacy: &Privacy, public: &[Rect]) {
    if !privacy.is_masked() {
        return;
    }
    let area = buf.area;
    for y in area.top()..area.bottom() {
        let mut text = String::with_capacity(usize::from(area.width) + 8);
        let mut starts = Vec::with_capacity(usize::from(area.width));
        for x in area.left()..area.right() {
            starts.push(text.len());
            text.push_str(buf[(x, y)].symbol());
        }
        for range in private(&text, privacy) {
            let first = starts.partition_point(|start| *start < range.start);
            let after = starts.partition_point(|start| *start < range.end);
            let cells = (first..after).map(|x| Position::new(area.left() + x as u16, y));
            for at in cells.filter(|at| !public.iter().any(|rect| rect.contains(*at))) {
                let cell = &mut buf[at];
                let symbol: String = cell.symbol().chars().map(masked).collect();
                cell.set_symbol(&symbol);
            }
        }
    }
}

/// Where a text is private, by bytes; the ranges may overlap.
fn private(text: &str, privacy: &Privacy) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for expression in EXPRESSIONS.iter() {
        for captures in expression.captures_iter(text) {
            let part =
                captures.get(1).filter(|part| !is_id(text, &part.range()) && !is_offset(part.as_str()));
            found.extend(part.map(|part| part.range()));
        }
    }
    names(text, privacy, &mut found);
    found
}

/// Whether this is the part of a Call-ID before its `@`.
fn is_id(text: &str, range: &Range<usize>) -> bool {
    let part = &text[range.clone()];
    text[range.end..].starts_with('@') && part.len() >= LEAST_ID && part.bytes().any(|b| b.is_ascii_digit())
}

/// Whether this is the offset of a row of hex, not a long number.
fn is_offset(part: &str) -> bool {
    part.starts_with("0000")
}

/// Users, display names and hosts of the trace, wherever they are words of the text.
fn names(text: &str, privacy: &Privacy, found: &mut Vec<Range<usize>>) {
    let bytes = text.as_bytes();
    let mut after = 0;
    for (start, c) in text.char_indices() {
        let is_begin = c.is_alphanumeric() || c == '+' || c == '[';
        let before = text[..start].chars().next_back();
        if start < after || !is_begin || before.is_some_and(char::is_alphanumeric) {
            continue;
        }
        // The digits of a time and of a share are no user.
        if c.is_ascii_digit()
            && start > 1
            && b".:,".contains(&bytes[start - 1])
            && bytes[start - 2].is_ascii_digit()
        {
            continue;
        }
        if let Some(end) = ends(text, start).into_iter().rev().find(|end| privacy.knows(&text[start..*end])) {
            found.push(start..end);
            after = end;
        }
    }
}

/// Where the words that begin at `start` end, up to as many as a name has.
fn ends(text: &str, start: usize) -> Vec<usize> {
    let mut ends = Vec::with_capacity(MOST_WORDS);
    let mut previous = ' ';
    for (at, c) in text[start..].char_indices() {
        if !c.is_alphanumeric() && (previous.is_alphanumeric() || previous == ']') {
            let next = text[start + at + c.len_utf8()..].chars().next();
            // What goes on with digits is a part of a number: of a time, of a count.
            let goes_on =
                previous.is_ascii_digit() && ".:,".contains(c) && next.is_some_and(|c| c.is_ascii_digit());
            if !goes_on || c == ':' && at > 8 {
                ends.push(start + at);
            }
        }
        if "│\"<>".contains(c) || ends.len() >= MOST_WORDS * 2 || (c == ' ' && previous == ' ') {
            return ends;
        }
        previous = c;
    }
    ends.push(text.len());
    ends
}

/// What is shown instead of a character; a wide one keeps its width.
fn masked(c: char) -> char {
    match c.width() {
        _ if !c.is_alphanumeric() => c,
        Some(2) => 'ｘ',
        _ => MASKED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked_text(text: &str) -> String {
        let found = private(text, &Privacy::default());
        let is_masked = |at: usize| found.iter().any(|range| range.contains(&at));
        text.char_indices().map(|(at, c)| if is_masked(at) { masked(c) } else { c }).collect()
    }

    #[test]
    fn numbers_names_and_addresses_are_masked_and_nothing_else() {
        for (text, want) in [
            ("udp 198.51.100.9:5060 → internal", "udp xxx.xx.xxx.x:5060 → internal"),
            ("2001:db8:…:20 [2001:db8::1]:5060", "xxxx:xxx:…:xx [xxxx:xxx::x]:5060"),
            ("…51.100.9:5060 198.51…", "…xx.xxx.x:xxxx xxx.xx…"),
            ("05:53:48.014447 +0.021819 12.4 s", "05:53:48.014447 +0.021819 12.4 s"),
            ("406,828 messages 1,204 of 406,828", "406,828 messages 1,204 of 406,828"),
            (
                "From: \"Ann Lee\" <sip:1012@pbx.example>;tag=a1",
                "From: \"xxx xxx\" <sip:xxxx@xxx.xxxxxxx>;tag=a1",
            ),
            ("From      Ann Lee <sip:1012@h>", "From      xxx xxx <sip:xxxx@x>"),
            (
                "INVITE tel:+15553940441;phone-context=x SIP/2.0",
                "INVITE tel:+xxxxxxxxxxx;phone-context=x SIP/2.0",
            ),
            (
                "Via: SIP/2.0/UDP pbx.example:5060;branch=z9hG4bK1",
                "Via: SIP/2.0/UDP xxx.xxxxxxx:xxxx;branch=z9hG4bK1",
            ),
            ("Call-ID: 3eae0032-aa11-4be6@192.0.2.1", "Call-ID: 3eae0032-aa11-4be6@xxx.x.x.x"),
            ("Reason: Q.850;cause=17;text=\"User busy\"", "Reason: Q.850;cause=17;text=\"User busy\""),
            ("486 Busy Here, CSeq: 102 INVITE", "486 Busy Here, CSeq: 102 INVITE"),
            ("  \"name\": \"Ann\", \"age\": 7", "  \"name\": \"xxx\", \"age\": 7"),
            ("<cl:A1 lang=\"en\">Austin</cl:A1>", "<cl:A1 lang=\"xx\">xxxxxx</cl:A1>"),
            ("to +15553940441 and 15553940441", "to +xxxxxxxxxxx and xxxxxxxxxxx"),
            ("/ from:1583 -method:options", "/ from:xxxx -method:options"),
            ("00000010  53 49 50 2f  |SIP/|", "00000010  xx xx xx xx  |xxx/|"),
        ] {
            assert_eq!(masked_text(text), want, "{text}");
            assert_eq!(masked_text(&masked_text(text)), want, "{text}");
        }
    }

    #[test]
    fn a_mask_has_the_width_of_what_it_hides() {
        for (text, want) in [("Ann 日本", "xxx ｘｘ"), ("a.b-1", "x.x-x"), ("", "")] {
            assert_eq!(whole(text), want);
        }
    }
}
