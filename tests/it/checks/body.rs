//! Bodies of any bytes: as multipart, as JSON, as a session description.

use sofiatui::MimePart;
use sofiatui::sip::{ContentType, Message, Part, json, sdp};

use super::sip::parsed;

pub(super) fn check(body: &[u8]) {
    check_multipart(body);
    check_json(body);
    check_sdp(body);
}

fn with_body(content_type: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("MESSAGE sip:a@b SIP/2.0\r\nContent-Type: {content_type}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

/// The body as the parts that a boundary `b` makes of it.
fn check_multipart(body: &[u8]) {
    let bytes = with_body("multipart/mixed;boundary=b", body);
    let message = Message::parse(&bytes);
    assert_eq!(message.body(), body);
    let parts = message.parts();
    check_parts(&bytes, message.body_range().start..bytes.len(), &parts);
    let owned = parsed(&bytes).expect("a datagram with a start line").body_parts();
    same_parts(&owned.unwrap_or_default(), &parts);
    let _ =
        (message.findings(), sdp::brief(&message), sdp::find(&message).is_some(), message.sdp().is_some());
}

/// Parts lie in what holds them, one after the other, and their parts in them.
fn check_parts(bytes: &[u8], within: std::ops::Range<usize>, parts: &[Part<'_>]) {
    let mut at = within.start;
    for part in parts {
        assert!(at <= part.range.start && part.range.end <= within.end, "{:?} in {within:?}", part.range);
        assert!(part.range.start <= part.body_range.start && part.body_range.end == part.range.end);
        assert_eq!(part.body, &bytes[part.body_range.clone()]);
        for field in part.headers() {
            assert!(part.range.start <= field.range.start && field.range.end <= part.body_range.start);
        }
        check_parts(bytes, part.body_range.clone(), &part.children);
        at = part.range.end;
    }
}

/// The owned parts are the borrowed ones.
fn same_parts(owned: &[MimePart], borrowed: &[Part<'_>]) {
    assert_eq!(owned.len(), borrowed.len());
    for (owned, part) in owned.iter().zip(borrowed) {
        assert_eq!(owned.body, part.body);
        assert_eq!(owned.headers().count(), part.headers().count());
        let content_type = part.header("Content-Type").map(|field| field.value.into_owned());
        assert_eq!(
            owned.content_type().map(str::to_owned),
            content_type.map(|v| String::from_utf8_lossy(&v).into())
        );
        if part.content_type().is_some_and(|ct: ContentType<'_>| ct.is_multipart()) {
            let children = owned.body_parts().unwrap_or_default();
            // The borrowed view stops at a depth; the owned one goes down as far as it is asked.
            assert!(part.children.is_empty() || children.len() == part.children.len());
        }
    }
}

/// What a JSON parser reads is what is shown.
fn check_json(body: &[u8]) {
    let bytes = with_body("application/vnd.x+json;charset=utf-8", body);
    let owned = parsed(&bytes).expect("a datagram with a start line");
    let lossy = String::from_utf8_lossy(body);
    assert_eq!(owned.body_text(), json::unescape(&lossy));
    let Ok(value) = serde_json::from_slice::<serde_json::Value>(body) else {
        assert_eq!(json::pretty(body), None);
        return;
    };
    let pretty = json::pretty(body).expect("valid JSON is laid out");
    assert_eq!(serde_json::from_str::<serde_json::Value>(&pretty).expect("still valid JSON"), value);
    assert_eq!(
        json::pretty(pretty.as_bytes()).as_deref(),
        Some(&*pretty),
        "laying out twice changes nothing"
    );
    if let serde_json::Value::String(text) = &value {
        let quoted = lossy.trim_ascii();
        assert_eq!(json::unescape(&quoted[1..quoted.len() - 1]), *text);
    }
    for (key, value) in value.as_object().into_iter().flatten() {
        assert_eq!(json::field(body, key).as_ref(), Some(value));
        assert_eq!(owned.json_field(key).as_deref(), value.as_str());
    }
}

/// Every text of a session is inside it, and its summary is escaped for a terminal.
fn check_sdp(body: &[u8]) {
    let inside = |text: &[u8]| {
        let range = body.as_ptr_range();
        assert!(text.is_empty() || range.start <= text.as_ptr() && text.as_ptr_range().end <= range.end);
    };
    let session = sdp::Session::parse(body);
    for (name, value) in &session.attributes {
        inside(name);
        inside(value.unwrap_or_default());
    }
    session.name.into_iter().for_each(inside);
    for media in &session.media {
        inside(media.kind);
        inside(media.proto);
        media.formats.iter().copied().for_each(inside);
        media.address(&session).into_iter().for_each(inside);
        assert_eq!(media.codecs().count(), media.formats.len());
        let _ = (media.is_held(&session), media.is_refused(), media.is_encrypted(&session), media.ptime());
        let _: usize = media.codecs().map(|codec| codec.to_string().len()).sum();
    }
    let bytes = with_body("application/sdp", body);
    let message = Message::parse(&bytes);
    assert_eq!(message.sdp().expect("a session"), session);
    assert!(!sdp::brief(&message).chars().any(char::is_control));
    let _ = message.findings();
}
