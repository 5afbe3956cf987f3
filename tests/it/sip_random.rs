//! Level 3 on random bytes: nothing panics, every range is inside the message, the views agree with each other.

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_assert_eq, prop_oneof, proptest};
use proptest::test_runner::TestCaseError;
use sofiatui::sip::{
    Address, CallInfo, ContentType, HeadLine, Message, Part, Reason, Uri, Via, index_fields, json, sdp,
    sipfrag, user_of,
};

/// Pieces of which messages and their faults are made, and now and then any bytes at all.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let known = [
        "INVITE sip:a@b SIP/2.0",
        "SIP/2.0 200 OK",
        "\r\n",
        "\r\n",
        "\r\n",
        "\n",
        "\r",
        " ",
        "\t",
        "Via",
        "v:",
        "V :",
        "From:",
        "t: ",
        "To",
        "Call-ID:",
        "i:",
        "CSeq: ",
        "c:",
        "Content-Type: ",
        "Content-Length: 5",
        "l:7",
        ":",
        ";",
        ",",
        "\"",
        "\\",
        "<",
        ">",
        "=",
        "@",
        "?",
        "%",
        "/",
        "[",
        "]",
        "7 INVITE",
        "SIP/2.0/UDP h",
        "branch=z9",
        ";tag=x",
        "sip:",
        "tel:1",
        "multipart/mixed",
        "boundary=b",
        "--b",
        "--b--",
        "application/json",
        "application/sdp",
        "message/sipfrag",
        "{\"a\":\"\\u00e9\\ud83d\"}",
        "v=0",
        "m=audio 0 RTP/AVP 0 96",
        "a=rtpmap:96 x/8000",
        "a=sendonly",
        "c=IN IP4 1.2.3.4",
        "o=- 1 1 IN IP4 h",
        "\\ud83d",
        "\\u12",
    ];
    prop_oneof![
        8 => (0..known.len()).prop_map(move |at| known[at].as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..6),
        1 => Just("é€😀".as_bytes().to_vec()),
    ]
}

fn message() -> impl Strategy<Value = Vec<u8>> {
    vec(piece(), 0..60).prop_map(|pieces| pieces.concat())
}

fn check_parts(bytes: &[u8], parts: &[Part<'_>]) -> Result<(), TestCaseError> {
    for part in parts {
        prop_assert_eq!(part.body, &bytes[part.body_range.clone()]);
        assert!(part.range.start <= part.body_range.start && part.range.end == part.body_range.end);
        for field in part.headers() {
            assert!(part.range.start <= field.range.start && field.range.end <= part.body_range.start);
        }
        let _ = (part.content_id(), part.content_disposition());
        check_parts(bytes, &part.children)?;
    }
    Ok(())
}

proptest! {
    #[test]
    fn the_views_of_a_message_agree(bytes in message()) {
        let message = Message::parse(&bytes);
        let line = index_fields(&bytes);
        let value = |name| message.header(name).map(|field| bytes[field.value_range].to_vec()).unwrap_or_default();
        prop_assert_eq!(line.start_line, message.start_line());
        prop_assert_eq!(line.body_offset, message.body_range().start);
        prop_assert_eq!(line.call_id, &value("Call-ID")[..]);
        prop_assert_eq!(line.from, &value("From")[..]);
        prop_assert_eq!(line.to, &value("To")[..]);
        prop_assert_eq!(line.content_type, &value("Content-Type")[..]);
        prop_assert_eq!(line.cseq_method, message.cseq().map_or(&b""[..], |cseq| cseq.method));
        let findings = message.findings();
        prop_assert_eq!(line.malformed, findings.iter().any(|finding| finding.kind.breaks_head()));
        for finding in findings {
            assert!(finding.range.start <= finding.range.end && finding.range.end <= bytes.len());
        }
    }

    #[test]
    fn the_lines_before_the_body_are_contiguous(bytes in message()) {
        let message = Message::parse(&bytes);
        let mut at = message.start_line_range().end;
        for line in message.head_lines() {
            let range = match line {
                HeadLine::Field(field) => field.range,
                HeadLine::Malformed { range, .. } => range,
            };
            prop_assert_eq!(range.start, at);
            at = range.end;
        }
        assert!(message.body_range().start - at <= 2);
        check_parts(&bytes, &message.parts())?;
    }

    #[test]
    fn every_value_can_be_parsed(bytes in message()) {
        let _ = (Uri::parse(&bytes), user_of(&bytes), sipfrag::parse(&bytes), ContentType::parse(&bytes));
        let _ = (Via::list(&bytes).count(), Address::list(&bytes).count(), Reason::list(&bytes).count());
        let _ = CallInfo::list(&bytes).filter(|info| info.purpose().is_some()).count();
        for param in Address::parse(&bytes).params.iter() {
            let _ = param.text();
        }
        let session = sdp::Session::parse(&bytes);
        for media in &session.media {
            let _ = (media.is_held(&session), media.codecs().filter(|codec| codec.to_string().is_empty()).count());
        }
    }

    #[test]
    fn unescaping_equals_a_json_parser(text in any::<String>()) {
        let quoted = serde_json::to_string(&text)?;
        prop_assert_eq!(json::unescape(&quoted[1..quoted.len() - 1]), text);
    }

    #[test]
    fn pretty_printing_changes_only_white_space(bytes in message()) {
        let text = serde_json::json!({ "b": String::from_utf8_lossy(&bytes), "a": [1, 1.5e300, {}, [], [null]] });
        let pretty = json::pretty(text.to_string().as_bytes()).unwrap_or_default();
        prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&pretty)?, text);
        let _ = (json::pretty(&bytes), json::unescape(&String::from_utf8_lossy(&bytes)));
    }
}
