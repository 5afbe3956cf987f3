//! Level 3 on any bytes: every range is inside the message, the views of a message agree with each other, and the owned
//! values say the same as the borrowed ones.

use sofiatui::sip::{
    Address, CallInfo, ContentType, FindingKind, HeadLine, Header, Message, Reason, StartLine, Uri, Via,
    index_fields, sipfrag, unfold, user_of,
};
use sofiatui::{ParsedMessageIterator, ParsedSipMessage, SipMessageType};

pub(super) fn check(bytes: &[u8]) {
    let message = Message::parse(bytes);
    check_lines(&message);
    check_index_fields(&message);
    check_findings(&message);
    message.headers().for_each(|field| check_value(&message, &field));
    let blanks = bytes.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
    match parsed(bytes) {
        None => assert_eq!(blanks, bytes.len(), "only keep-alives are no message"),
        Some(owned) => check_owned(&owned, &bytes[blanks..]),
    }
    if let Some(fragment) = sipfrag::parse(bytes) {
        check_lines(&fragment);
        fragment.headers().for_each(|field| check_value(&fragment, &field));
    }
}

/// The owned message of a dump in which `content` is a datagram.
pub(super) fn parsed(content: &[u8]) -> Option<ParsedSipMessage> {
    let header = format!("recv {} bytes from udp/[192.0.2.7]:5060 at 06:00:00.019608:\n", content.len());
    let dump = [header.as_bytes(), content, b"\x0b\n"].concat();
    let mut messages = ParsedMessageIterator::new(&dump[..]).map(Result::unwrap);
    let message = messages.next();
    assert!(messages.next().is_none(), "a datagram is one message");
    message
}

/// The lines of the head follow each other without a gap, and then comes the body.
fn check_lines(message: &Message<'_>) {
    let bytes = message.as_bytes();
    let mut at = message.start_line_range().end;
    for line in message.head_lines() {
        let range = match line {
            HeadLine::Field(field) => field.range,
            HeadLine::Malformed { text, range } => {
                assert!(bytes[range.clone()].starts_with(text));
                range
            }
        };
        assert_eq!(range.start, at);
        at = range.end;
    }
    assert!(message.body_range().start - at <= 2, "nothing but a blank line is between head and body");
    assert_eq!(message.has_blank_line(), message.body_range().start > at);
    assert_eq!([message.head(), message.body()].concat(), bytes);
}

/// One pass for the fields of a row finds what the full view finds.
fn check_index_fields(message: &Message<'_>) {
    let line = index_fields(message.as_bytes());
    let value = |name| message.header(name).map_or(&b""[..], |field| &message.as_bytes()[field.value_range]);
    assert_eq!((line.start_line, line.body_offset), (message.start_line(), message.body_range().start));
    assert_eq!((line.call_id, line.content_type), (value("Call-ID"), value("Content-Type")));
    assert_eq!((line.from, line.to), (value("From"), value("To")));
    let cseq = message.cseq();
    assert_eq!(line.cseq_method, cseq.map_or(&b""[..], |cseq| cseq.method));
    assert_eq!(message.call_id().unwrap_or_default(), line.call_id);
    if let Some(StartLine::Request { method, .. }) = message.start_line() {
        assert_eq!(message.method(), Some(method));
    }
    let is_malformed = message.findings().iter().any(|finding| finding.kind.breaks_head());
    assert_eq!(line.malformed, is_malformed);
}

fn check_findings(message: &Message<'_>) {
    let findings = message.findings();
    assert!(findings.is_sorted_by_key(|finding| (finding.range.start, finding.range.end)));
    for finding in findings {
        assert!(finding.range.start <= finding.range.end, "{finding:?}");
        assert!(finding.range.end <= message.as_bytes().len(), "{finding:?}");
        assert!(!FindingKind::to_string(&finding.kind).is_empty());
    }
}

/// The range of a field contains it, and every value can be read.
fn check_value(message: &Message<'_>, field: &Header<'_>) {
    let bytes = message.as_bytes();
    assert!(field.range.start <= field.value_range.start && field.value_range.end <= field.range.end);
    assert_eq!(unfold(&bytes[field.value_range.clone()]), field.value);
    assert!(bytes[field.range.clone()].starts_with(field.name));
    assert!(!field.name.is_empty() && field.is(&String::from_utf8_lossy(field.canonical)));
    let value = &field.value[..];
    let _ = (Uri::parse(value), user_of(value), ContentType::parse(value));
    let _ = (Via::list(value).count(), Reason::list(value).count());
    let _ = CallInfo::list(value).filter(|info| info.purpose().is_some()).count();
    for address in Address::list(value) {
        let _ = (address.user(), address.params.iter().map(|param| param.text().len()).sum::<usize>());
    }
}

/// The owned message says what the borrowed views say.
fn check_owned(owned: &ParsedSipMessage, content: &[u8]) {
    let message = Message::parse(content);
    let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(owned.is_sip() == message.is_sip());
    assert_eq!(owned.headers().count(), message.headers().count());
    for ((name, value), field) in owned.headers().zip(message.headers()) {
        assert_eq!((name, value), (&*lossy(field.name), &*lossy(&field.value)));
    }
    assert_eq!(owned.call_id(), message.header("i").map(|field| lossy(&field.value)).as_deref());
    let is_all = !message.is_sip() && message.headers().next().is_none();
    assert_eq!(owned.body, if is_all { content } else { message.body() });
    assert_eq!(owned.body_data(), String::from_utf8_lossy(&owned.body));
    match (&owned.message_type, message.start_line()) {
        (SipMessageType::Request { method, uri }, Some(StartLine::Request { method: m, uri: u })) => {
            assert_eq!((method, uri), (&lossy(m), &lossy(u)));
        }
        (SipMessageType::Response { code, reason }, Some(StartLine::Status { code: c, reason: r })) => {
            assert_eq!((*code, reason), (c, &lossy(r)));
        }
        (SipMessageType::Request { method, uri }, None) => {
            assert_eq!((method.as_str(), uri), ("", &lossy(message.start_line_bytes())));
        }
        (owned, borrowed) => panic!("{owned:?} is not {borrowed:?}"),
    }
    let _ = (owned.content_length(), owned.cseq(), owned.method(), owned.body_text());
}
