//! Parsed messages as owned values.

use sofiatui::{ParsedMessageIterator, ParsedSipMessage, SipMessageType};

/// The messages of a dump in which each of `contents` is a datagram.
fn parsed(contents: &[&[u8]]) -> Vec<ParsedSipMessage> {
    let mut dump = Vec::new();
    for content in contents {
        let header = format!("recv {} bytes from udp/[192.0.2.7]:5060 at 06:00:00.019608:\n", content.len());
        dump.extend_from_slice(header.as_bytes());
        dump.extend_from_slice(content);
        dump.extend_from_slice(b"\x0b\n");
    }
    ParsedMessageIterator::new(&dump[..]).map(|message| message.unwrap()).collect()
}

fn one(content: &[u8]) -> ParsedSipMessage {
    parsed(&[content]).remove(0)
}

#[test]
fn requests_and_responses_display_in_their_usual_form() {
    for (first_line, shown, summary, method) in [
        ("INVITE sip:1688@pbx.example SIP/2.0", "INVITE sip:1688@pbx.example", "INVITE", Some("INVITE")),
        ("SIP/2.0 200 OK", "200 OK", "200 OK", Some("BYE")),
        ("SIP/2.0 100 ", "100", "100", Some("BYE")),
        ("GET / HTTP/1.1", "GET / HTTP/1.1", "GET / HTTP/1.1", None),
    ] {
        let message = one(format!("{first_line}\r\nCSeq: 7 BYE\r\n\r\n").as_bytes());
        assert_eq!(message.message_type.to_string(), shown);
        assert_eq!((&*message.message_type.summary(), message.method()), (summary, method), "{first_line}");
        assert_eq!(message.is_sip(), method.is_some());
    }
}

#[test]
fn content_that_is_not_sip_is_returned_whole() {
    let stun = b"\x00\x01\x00\x00!\x12\xa4B\xff";
    let message = one(stun);
    assert_eq!(message.body, stun);
    assert_eq!((message.is_sip(), message.method(), message.call_id()), (false, None, None));
    assert!(
        matches!(&message.message_type, SipMessageType::Request { method, uri } if method.is_empty() && uri.contains('!'))
    );
}

#[test]
fn header_fields_are_found_by_any_name_and_listed_as_written() {
    let message = one(
        b"MESSAGE sip:a SIP/2.0\r\ni: x1\r\nSubject: one\r\n  two\r\nCSeq: 3 MESSAGE\r\nL: 2\r\nc: text/plain\r\n\
          X-Name: J\xf6rg\r\n\r\nhi",
    );
    assert_eq!(
        (message.call_id(), message.header("I"), message.header("call-id")),
        (Some("x1"), Some("x1"), Some("x1"))
    );
    assert_eq!((message.cseq(), message.content_length()), (Some("3 MESSAGE"), Some(2)));
    assert_eq!((message.content_type(), &*message.body_data()), (Some("text/plain"), "hi"));
    assert_eq!(message.header("S"), Some("one two"));
    assert_eq!(message.header("X-Name"), Some("J\u{fffd}rg"));
    let names: Vec<&str> = message.headers().map(|(name, _)| name).collect();
    assert_eq!(names, ["i", "Subject", "CSeq", "L", "c", "X-Name"]);
    for (name, value) in &message.headers {
        assert_eq!(message.header(name), Some(value));
    }
}

#[test]
fn content_length_is_used_only_if_unambiguous() {
    for (fields, expected) in [
        ("l: 0\r\n", Some(0)),
        ("l: 5\r\nContent-Length: 5\r\n", Some(5)),
        ("l: 5\r\nContent-Length: 6\r\n", None),
        ("l: -1\r\n", None),
        ("", None),
    ] {
        let message = one(format!("MESSAGE sip:a SIP/2.0\r\n{fields}\r\n").as_bytes());
        assert_eq!(message.content_length(), expected, "{fields:?}");
    }
}

#[test]
fn json_is_decoded_and_searched_only_if_it_is_json() {
    let body = r#"{"a":"x\r\ny \ud83d\ude00 \u00e9","n":1,"o":{"a":"deep"}}"#;
    let message = |content_type: &str| {
        one(format!("NOTIFY sip:a SIP/2.0\r\nc: {content_type}\r\n\r\n{body}").as_bytes())
    };
    for content_type in ["application/json", "APPLICATION/JSON;charset=utf-8", "application/x.y+Json"] {
        let message = message(content_type);
        assert_eq!(
            message.body_text(),
            "{\"a\":\"x\r\ny 😀 é\",\"n\":1,\"o\":{\"a\":\"deep\"}}",
            "{content_type}"
        );
        assert_eq!(message.json_field("a").as_deref(), Some("x\r\ny 😀 é"));
        assert_eq!((message.json_field("n"), message.json_field("deep")), (None, None));
        assert_eq!(message.body_data(), body);
    }
    let text = message("text/plain");
    assert_eq!((&*text.body_text(), text.json_field("a")), (body, None));
}

#[test]
fn parts_are_returned_one_level_at_a_time() {
    let message = one(
        b"INVITE sip:a SIP/2.0\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\nContent-Type: \
          multipart/related;boundary=i\r\nContent-ID: <outer@h>\r\n\r\n--i\r\nc: application/json\r\n\
          Content-Disposition: by-reference\r\n\r\n{\"k\":\"v\\n\"}\r\n--i--\r\n--o\r\n\r\nplain\xff\r\n--o--\r\n",
    );
    let parts = message.body_parts().unwrap();
    assert_eq!(
        (parts.len(), parts[0].content_id(), &parts[1].body[..]),
        (2, Some("<outer@h>"), &b"plain\xff"[..])
    );
    assert!(parts[1].body_parts().is_none() && parts[1].content_type().is_none());
    let inner = parts[0].body_parts().unwrap();
    assert_eq!(inner[0].content_type(), Some("application/json"));
    assert_eq!(
        (inner[0].content_disposition(), inner[0].header("content-type")),
        (Some("by-reference"), Some("application/json"))
    );
    assert_eq!(
        (inner[0].json_field("k").as_deref(), &*inner[0].body_text()),
        (Some("v\n"), "{\"k\":\"v\n\"}")
    );
    assert!(
        one(b"INVITE sip:a SIP/2.0\r\nc: multipart/mixed;boundary=x\r\n\r\nno parts").body_parts().is_none()
    );
}
