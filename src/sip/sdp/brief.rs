//! A session description in a few words, and where a message has it.
//!
//! Must not know: the rest of a dialog.

use std::fmt::Write as _;

use super::{Direction, Media, SdpRole, Session};
use crate::base::escape::escape_into;
use crate::sip::{Message, multipart};

/// Codecs that are named; the others are counted.
const NAMED: usize = 2;
/// Bytes of a name that are shown.
const MOST_NAME_BYTES: usize = 16;

/// The bytes of the first session description: the body, or a part of it however deep.
pub fn find<'a>(message: &Message<'a>) -> Option<&'a [u8]> {
    let content_type = message.content_type()?;
    if content_type.is_sdp() {
        return Some(message.body());
    }
    let is_sdp = |part: &multipart::Part<'a>| part.content_type().is_some_and(|ct| ct.is_sdp());
    multipart::first(&message.parts(), is_sdp).map(|part| part.body)
}

/// What is offered or answered, escaped: `SDP PCMU`, `SDP PCMU PCMA +2, hold`, `SDP opus, video H264 inactive`,
/// `SDP image t38, audio ends` in an offer, `SDP PCMU, video refused` in an answer. Empty where the message has no SDP.
///
/// Tones and comfort noise are no codecs to choose from: they are named only where there is nothing else. A kind of
/// media goes unnamed where it is audio that comes first.
pub fn brief(message: &Message<'_>) -> String {
    brief_as(message, SdpRole::of(message).unwrap_or(SdpRole::Offer))
}

/// The same for a message whose description is known to be an offer or an answer.
pub fn brief_as(message: &Message<'_>, role: SdpRole) -> String {
    let Some(body) = find(message) else { return String::new() };
    let session = Session::parse(body);
    let is_on_hold = session.is_on_hold();
    let mut brief = String::from("SDP");
    let (open, refused): (Vec<&Media<'_>>, Vec<_>) =
        session.media.iter().partition(|media| !media.is_refused());
    for (n, media) in open.iter().enumerate() {
        if n > 0 {
            brief.push(',');
        }
        if n > 0 || media.kind != b"audio" {
            name(media.kind, &mut brief);
        }
        codecs(media, &mut brief);
        // What hold says of the audio streams is not said of each.
        let is_said = is_on_hold && media.is_active_audio();
        if media.direction == Direction::Inactive && !is_said {
            brief.push_str(" inactive");
        }
    }
    for (n, media) in refused.iter().enumerate() {
        if n > 0 || !open.is_empty() {
            brief.push(',');
        }
        name(media.kind, &mut brief);
        brief.push(' ');
        brief.push_str(role.of_port_zero());
    }
    if is_on_hold {
        brief.push_str(", hold");
    }
    brief
}

fn codecs(media: &Media<'_>, brief: &mut String) {
    let mut names: Vec<String> = Vec::new();
    let mut others: Vec<String> = Vec::new();
    for codec in media.codecs() {
        let mut text = String::new();
        let codec = codec.name.as_deref().map_or(codec.format, str::as_bytes);
        name(codec, &mut text);
        let lower = text.trim_start().to_ascii_lowercase();
        let list =
            if matches!(lower.as_str(), "telephone-event" | "cn" | "red") { &mut others } else { &mut names };
        if !list.contains(&text) {
            list.push(text);
        }
    }
    let names = if names.is_empty() { others } else { names };
    names.iter().take(NAMED).for_each(|name| brief.push_str(name));
    if names.len() > NAMED {
        // Writing to a String cannot fail.
        let _ = write!(brief, " +{}", names.len() - NAMED);
    }
}

/// Appends a blank and a name.
fn name(bytes: &[u8], to: &mut String) {
    to.push(' ');
    escape_into(&bytes[..bytes.len().min(MOST_NAME_BYTES)], to);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(content_type: &str, body: &str) -> String {
        format!("INVITE sip:a@b SIP/2.0\r\nContent-Type: {content_type}\r\n\r\n{body}")
    }

    #[test]
    fn a_description_in_a_few_words() {
        for (lines, words) in [
            ("m=audio 4000 RTP/AVP 0", "SDP PCMU"),
            ("m=audio 4000 RTP/AVP 0 101\na=rtpmap:101 telephone-event/8000", "SDP PCMU"),
            ("m=audio 4000 RTP/AVP 101 13\na=rtpmap:101 telephone-event/8000", "SDP telephone-event CN"),
            ("m=audio 4000 RTP/AVP 0 8 9 18\na=sendonly", "SDP PCMU PCMA +2, hold"),
            ("m=audio 4000 RTP/AVP 96 97\na=rtpmap:96 opus/48000/2\na=rtpmap:97 opus/24000", "SDP opus"),
            ("m=audio 4000 RTP/AVP 8\na=recvonly", "SDP PCMA"),
            ("c=IN IP4 0.0.0.0\nm=audio 4000 RTP/AVP 8", "SDP PCMA, hold"),
            ("m=audio 4000 RTP/AVP 0\nm=video 4002 RTP/AVP 34", "SDP PCMU, video H263"),
            ("m=audio 0 RTP/AVP 0\nm=image 4002 udptl t38", "SDP image t38, audio ends"),
            ("m=audio 0 RTP/AVP 0\na=inactive", "SDP audio ends"),
            ("m=audio 4 RTP/AVP 0\nm=video 6 RTP/AVP 34\na=inactive", "SDP PCMU, video H263 inactive"),
            ("m=audio 4 RTP/AVP 0\na=inactive", "SDP PCMU, hold"),
            ("m=audio 4 RTP/AVP 0\na=inactive\nm=audio 6 RTP/AVP 8", "SDP PCMU inactive, audio PCMA"),
            ("m=audio 4000 RTP/AVP 99", "SDP 99"),
            (
                "m=audio 4000 RTP/AVP 99\na=rtpmap:99 x\u{1b}[31m-and-a-name-without-end/8000",
                r"SDP x\x1b[31m-and-a-nam",
            ),
            ("v=0", "SDP"),
        ] {
            assert_eq!(
                brief(&Message::parse(message("application/sdp", lines).as_bytes())),
                words,
                "{lines}"
            );
        }
    }

    #[test]
    fn only_an_answer_refuses() {
        let words = |start: &str| {
            let text = format!(
                "{start}\r\nContent-Type: application/sdp\r\n\r\nm=audio 4 RTP/AVP 0\nm=video 0 RTP/AVP 34"
            );
            brief(&Message::parse(text.as_bytes()))
        };
        for (start, expected) in [
            ("INVITE sip:a@b SIP/2.0", "SDP PCMU, video ends"),
            ("UPDATE sip:a@b SIP/2.0", "SDP PCMU, video ends"),
            ("SIP/2.0 200 OK", "SDP PCMU, video refused"),
            ("SIP/2.0 183 Session Progress", "SDP PCMU, video refused"),
            ("ACK sip:a@b SIP/2.0", "SDP PCMU, video refused"),
        ] {
            assert_eq!(words(start), expected, "{start}");
        }
    }

    #[test]
    fn a_description_is_found_in_a_part_of_a_part() {
        let inner = "--in\r\nContent-Type: application/sdp\r\n\r\nm=audio 4000 RTP/AVP 8\r\n--in--\r\n";
        let outer = format!(
            "--out\r\n\r\ntext\r\n--out\r\nContent-Type: multipart/alternative;boundary=in\r\n\r\n{inner}\r\n--out--\r\n"
        );
        let whole = message("multipart/mixed;boundary=out", &outer);
        let found = Message::parse(whole.as_bytes());
        assert_eq!(find(&found), Some(&b"m=audio 4000 RTP/AVP 8"[..]));
        assert_eq!(brief(&found), "SDP PCMA");
    }

    #[test]
    fn no_description_is_no_words() {
        for content_type in ["text/plain", "multipart/mixed;boundary=x", ";"] {
            assert_eq!(brief(&Message::parse(message(content_type, "v=0").as_bytes())), "", "{content_type}");
        }
        assert_eq!(find(&Message::parse(b"nothing")), None);
    }
}
