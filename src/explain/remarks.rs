//! What was found about the message and its call, below the lines that it is about.
//!
//! Must not know: how rules find something, how lines are drawn.

use std::ops::Range;

use crate::calls::Finding as CallFinding;
use crate::sip::{ContentType, Finding, Header, Message, Part};
use crate::style::styled_text::{Line, Role};

use super::format::{blanks, shown};

/// Begins each remark.
const SIGN: &str = "▲ ";

/// What a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    /// The message as a whole: its start line.
    Message,
    /// The first of these header fields that the message has.
    Fields(&'static [&'static str]),
    /// The first line of its session descriptions that begins in one of these ways.
    Sdp(&'static [&'static str]),
}

/// What the rules are about; those that are not here are about the message as a whole.
const ABOUT: &[(&str, About)] = &[
    ("too-large-for-udp", About::Fields(&["Content-Length"])),
    ("cut-by-nat", About::Fields(&["Contact"])),
    ("auth-loop", About::Fields(CHALLENGES)),
    ("wrong-password", About::Fields(CHALLENGES)),
    ("not-authenticated", About::Fields(CHALLENGES)),
    ("codec-refused", About::Fields(&["Warning"])),
    ("interval-too-small", About::Fields(&["Min-SE", "Min-Expires"])),
    ("loop", About::Fields(&["Max-Forwards"])),
    ("session-timer-expired", About::Fields(&["Session-Expires", "Reason"])),
    ("subscription-ended", About::Fields(&["Subscription-State"])),
    ("codec-mismatch", About::Sdp(&["m=audio", "m="])),
    ("media-rejected", About::Sdp(&["m="])),
    ("no-answer-sdp", About::Fields(&["Content-Type", "Content-Length"])),
    ("no-sdp-part", About::Fields(&["Content-Type"])),
    ("empty-sdp", About::Fields(&["Content-Type"])),
    ("two-sdp", About::Fields(&["Content-Type"])),
    ("hold-not-released", About::Sdp(&["a=sendonly", "a=inactive", "a=recvonly", "c=IN IP4 0.0.0.0"])),
    ("private-media", About::Sdp(&["c="])),
    ("media-elsewhere", About::Sdp(&["c="])),
    ("part-missing", About::Fields(&["Geolocation", "Call-Info", "Refer-To", "Content-Type"])),
    ("fax-refused", About::Sdp(&["m=image"])),
    ("transfer-failed", About::Fields(&["Refer-To", "Reason"])),
];

const CHALLENGES: &[&str] =
    &["WWW-Authenticate", "Proxy-Authenticate", "Authorization", "Proxy-Authorization"];

fn about(finding: &CallFinding) -> About {
    let known = ABOUT.iter().find(|(rule, _)| *rule == finding.rule.name);
    known.map_or(About::Message, |(_, about)| *about)
}

/// What is wrong with the message itself.
pub fn of_message(finding: &Finding, column: usize) -> Line {
    let mut line = remark(column, Role::Error, &finding.kind.to_string(), finding.kind.rfc());
    line.source = (!finding.range.is_empty()).then(|| finding.range.clone());
    line
}

/// Adds to the lines of the Headers tab what was found about the call, each below its field.
pub fn add_to_headers(lines: &mut Vec<Line>, message: &Message<'_>, found: &[CallFinding], column: usize) {
    for finding in found {
        let target = match about(finding) {
            About::Message => None,
            About::Fields(names) => field(message, names, finding),
            About::Sdp(beginnings) => sdp_line(message, beginnings, finding).map(|_| message.body_range()),
        };
        let target = target.unwrap_or_else(|| message.start_line_range());
        put(lines, &target, of_call(finding, column));
    }
}

/// Adds to the lines of a body what was found about session descriptions, and what is wrong with the body itself.
pub fn add_to_body(lines: &mut Vec<Line>, message: &Message<'_>, found: &[CallFinding]) {
    let body = message.body_range();
    for finding in message.findings().iter().filter(|finding| finding.range.start >= body.start.max(1)) {
        if lines.iter().any(|line| touches(line, &finding.range)) {
            put(lines, &finding.range, of_message(finding, 0));
        }
    }
    for finding in found {
        let About::Sdp(beginnings) = about(finding) else { continue };
        if let Some(target) = sdp_line(message, beginnings, finding)
            && lines.iter().any(|line| touches(line, &target))
        {
            put(lines, &target, of_call(finding, 0));
        }
    }
}

fn of_call(finding: &CallFinding, column: usize) -> Line {
    let role = if finding.rule.is_note { Role::Note } else { Role::Error };
    remark(column, role, &shown(finding.text.as_bytes()), finding.rule.rfc)
}

fn remark(column: usize, role: Role, text: &str, rfc: &'static str) -> Line {
    let line = Line::of(Role::Plain, blanks(column)).and(role, format!("{SIGN}{text}"));
    line.and(Role::Dim, format!("  {rfc}"))
}

/// The first of these fields; of several rows of it, the one that holds the part that the sentence names.
fn field(message: &Message<'_>, names: &[&str], finding: &CallFinding) -> Option<Range<usize>> {
    let is_one_of = |header: &Header<'_>| {
        names.iter().position(|name| header.canonical.eq_ignore_ascii_case(name.as_bytes()))
    };
    let part = finding.text.split_whitespace().find(|word| word.starts_with("cid:"));
    let part = part.map(|word| word.trim_end_matches(',').as_bytes());
    let holds =
        |header: &Header<'_>| part.is_some_and(|part| memchr::memmem::find(&header.value, part).is_some());
    let rows =
        message.headers().filter_map(|header| Some((!holds(&header), is_one_of(&header)?, header.range)));
    rows.min_by_key(|(is_other, name, _)| (*is_other, *name)).map(|(.., range)| range)
}

/// The first line of the session descriptions that begins so; of several, the one whose address the sentence names.
fn sdp_line(message: &Message<'_>, beginnings: &[&str], finding: &CallFinding) -> Option<Range<usize>> {
    let all = message.as_bytes();
    let lines = descriptions(message).into_iter().flat_map(|range| lines_of(all, range));
    let lines: Vec<Range<usize>> = lines.collect();
    let begins = |beginning: &str| {
        let is_one = move |line: &&Range<usize>| all[(*line).clone()].starts_with(beginning.as_bytes());
        lines.iter().filter(is_one).cloned().collect::<Vec<_>>()
    };
    let found: Vec<Range<usize>> = beginnings.iter().flat_map(|beginning| begins(beginning)).collect();
    let is_named = |line: &&Range<usize>| {
        let text = String::from_utf8_lossy(&all[(*line).clone()]);
        let last = text.split_whitespace().next_back().unwrap_or_default();
        finding.text.split([' ', ',']).any(|word| word == last)
    };
    found.iter().find(is_named).or(found.first()).cloned()
}

/// Where the session descriptions of a message are.
pub fn descriptions(message: &Message<'_>) -> Vec<Range<usize>> {
    if message.content_type().is_some_and(|kind| kind.is_sdp()) {
        return vec![message.body_range()];
    }
    let mut out = Vec::new();
    in_parts(&message.parts(), &mut out);
    out
}

fn in_parts(parts: &[Part<'_>], out: &mut Vec<Range<usize>>) {
    for part in parts {
        out.extend(part.content_type().filter(ContentType::is_sdp).map(|_| part.body_range.clone()));
        in_parts(&part.children, out);
    }
}

fn lines_of(all: &[u8], range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let mut at = range.start;
    all[range].split_inclusive(|&byte| byte == b'\n').map(move |line| {
        at += line.len();
        at - line.len()..at
    })
}

/// Puts a remark below the first line of its place, after those that are there.
fn put(lines: &mut Vec<Line>, target: &Range<usize>, mut remark: Line) {
    remark.source = Some(target.clone());
    let first = lines.iter().position(|line| touches(line, target) && !is_remark(line));
    let mut at = first.map_or(0, |first| first + 1);
    while lines.get(at).is_some_and(is_remark) {
        at += 1;
    }
    lines.insert(at, remark);
}

fn touches(line: &Line, target: &Range<usize>) -> bool {
    line.source
        .as_ref()
        .is_some_and(|source| source.start < target.end.max(target.start + 1) && target.start < source.end)
}

/// Whether a line is one of these.
pub fn is_remark(line: &Line) -> bool {
    line.spans.iter().take(2).any(|span| span.text.starts_with(SIGN))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::{Rule, rules};

    fn found(rule: &str, text: &str) -> CallFinding {
        let rule: &'static Rule = rules().find(|known| known.name == rule).unwrap();
        CallFinding { rule, text: text.to_owned(), message: 0 }
    }

    #[test]
    fn each_rule_of_the_table_is_a_rule() {
        for (name, _) in ABOUT {
            assert!(rules().any(|rule| rule.name == *name), "{name}");
        }
    }

    #[test]
    fn a_finding_is_below_the_line_that_it_is_about() {
        let text = "INVITE sip:a SIP/2.0\r\nSession-Expires: 90\r\nContent-Type: application/sdp\r\n\r\n\
            v=0\r\nc=IN IP4 192.0.2.1\r\nm=audio 0 RTP/AVP 0\r\nc=IN IP4 10.0.0.9\r\n";
        let message = Message::parse(text.as_bytes());
        for (rule, sentence, in_headers, in_body) in [
            ("retransmitted", "sent 3 times", "INVITE", None),
            ("session-timer-expired", "ended", "Session-Expires", None),
            ("interval-too-small", "no such field here", "INVITE", None),
            ("media-rejected", "rejected", "Content-Type", Some("m=audio")),
            ("private-media", "audio at 10.0.0.9, which", "Content-Type", Some("c=IN IP4 10.0.0.9")),
        ] {
            let finding = found(rule, sentence);
            let rows = |range: Range<usize>| {
                lines_of(text.as_bytes(), range)
                    .map(|range| Line {
                        source: Some(range.clone()),
                        ..Line::of(Role::Plain, text[range].trim_end().to_owned())
                    })
                    .collect::<Vec<_>>()
            };
            let above = |lines: &[Line]| {
                let at = lines.iter().position(|line| line.text().contains(sentence))?;
                assert_eq!(lines[at].text().trim_start(), format!("▲ {sentence}  {}", finding.rule.rfc));
                Some(lines[at - 1].text())
            };
            let mut lines = rows(0..message.body_range().start);
            let summary = Line {
                source: Some(message.body_range()),
                ..Line::of(Role::Plain, "Content-Type of the body")
            };
            lines.push(summary);
            add_to_headers(&mut lines, &message, std::slice::from_ref(&finding), 4);
            assert!(above(&lines).unwrap().starts_with(in_headers), "{rule}");
            let mut lines = rows(message.body_range());
            add_to_body(&mut lines, &message, std::slice::from_ref(&finding));
            assert_eq!(
                above(&lines).map(|line| line.starts_with(in_body.unwrap())),
                in_body.map(|_| true),
                "{rule}"
            );
        }
    }
}
