//! Session descriptions, line by line, with explanations beside the lines (RFC 8866).
//!
//! Must not know: which side wrote the description, the messages before this one.

use std::collections::HashMap;

use crate::base::bytes::{decimal, split_once, trim};
use crate::base::number::grouped;
use crate::sip::sdp::{Direction, Media, SdpRole, Session, is_null_address, static_codec};
use crate::style::styled_text::{Line, Role};

use super::annotations::annotate;
use super::codecs;
use super::format::shown;
use super::text::split_line_end;

/// This many codecs of one media are named at its `m=` line.
const NAMED_MOST: usize = 8;

/// One line for each line of the body. Sources count from its start. `role` is what the message makes of the description.
pub(super) fn lines(body: &[u8], role: Option<SdpRole>) -> Vec<Line> {
    let mut reader = Reader { session: Session::parse(body), formats: formats(body), media: 0, role };
    let mut at = 0;
    let lines = body.split_inclusive(|&b| b == b'\n').map(|whole| {
        let (text, _) = split_line_end(whole);
        let (mut line, note) = match text {
            [letter, b'=', value @ ..] => (painted(*letter, value), reader.note(*letter, value)),
            [] => (Line::default(), None),
            _ => (Line::of(Role::Error, shown(text)), Some("no line of a session description".to_owned())),
        };
        line.source = Some(at..at + whole.len());
        at += whole.len();
        (line, note)
    });
    annotate(lines.collect())
}

/// What `a=rtpmap` lines say of each media's formats: by the number of the media, from 1, and the format.
type Formats<'a> = HashMap<(usize, &'a [u8]), &'a [u8]>;

fn formats(body: &[u8]) -> Formats<'_> {
    let mut out = Formats::new();
    let mut media = 0;
    for line in body.split(|&b| b == b'\n') {
        if line.starts_with(b"m=") {
            media += 1;
        } else if let Some(value) = line.strip_prefix(b"a=rtpmap:")
            && let Some((format, codec)) = split_once(value, b' ')
        {
            out.entry((media, format)).or_insert(trim(codec));
        }
    }
    out
}

fn painted(letter: u8, value: &[u8]) -> Line {
    let line = Line::of(Role::Label, shown(&[letter])).and(Role::Dim, "=");
    let role_of_last = match letter {
        b'o' | b'c' => Role::Host,
        b'm' => return media_line(line, value),
        b'a' => return attribute_line(line, value),
        _ => Role::Plain,
    };
    // The address is the last word of `o=` and `c=`.
    let last = memchr::memrchr(b' ', value).map_or(0, |blank| blank + 1);
    line.and(Role::Plain, shown(&value[..last])).and(role_of_last, shown(&value[last..]))
}

fn media_line(line: Line, value: &[u8]) -> Line {
    let Some((kind, rest)) = split_once(value, b' ') else { return line.and(Role::Plain, shown(value)) };
    let (port, rest) = rest.split_at(memchr::memchr(b' ', rest).unwrap_or(rest.len()));
    line.and(Role::Strong, shown(kind))
        .and(Role::Plain, " ")
        .and(Role::Host, shown(port))
        .and(Role::Plain, shown(rest))
}

fn attribute_line(line: Line, value: &[u8]) -> Line {
    match split_once(value, b':') {
        Some((name, value)) => {
            line.and(Role::Dim, shown(name)).and(Role::Dim, ":").and(Role::Plain, shown(value))
        }
        None => line.and(Role::Plain, shown(value)),
    }
}

/// The position of the current line in the description.
struct Reader<'a> {
    session: Session<'a>,
    formats: Formats<'a>,
    /// How many `m=` lines have passed.
    media: usize,
    role: Option<SdpRole>,
}

impl<'a> Reader<'a> {
    fn note(&mut self, letter: u8, value: &'a [u8]) -> Option<String> {
        match letter {
            b'm' => {
                self.media += 1;
                self.session.media.get(self.media - 1).map(|media| self.media_note(media))
            }
            b'c' => self.connection_note(value),
            b'o' => self.origin_note(),
            b'b' => bandwidth_note(value),
            b'a' => match split_once(value, b':') {
                Some((name, value)) => self.attribute_note(name, trim(value)),
                None => self.flag_note(trim(value)),
            },
            _ => None,
        }
    }

    fn media_note(&self, media: &Media<'a>) -> String {
        let kind = shown(media.kind);
        if media.is_refused() {
            return format!("{kind} {}: port 0", self.role.map_or("refused or ended", SdpRole::of_port_zero));
        }
        let mut out = match (media.address(&self.session), media.port) {
            _ if media.has_placeholder(&self.session) => format!("{kind} to an address that ICE finds"),
            (Some(address), Some(port)) => format!("{kind} to {}", shown(&host_and_port(address, port))),
            _ => kind.into_owned(),
        };
        let mut names: Vec<String> =
            media.formats.iter().take(NAMED_MOST).map(|f| self.format_name(media, f)).collect();
        if media.formats.len() > NAMED_MOST {
            names.push(format!("{} more", media.formats.len() - NAMED_MOST));
        }
        if !names.is_empty() {
            out = format!("{out}: {}", names.join(", "));
        }
        let direction = media.direction.as_str();
        let direction = if media.direction == Direction::SendRecv { "" } else { direction };
        for more in [protection(media.proto), direction].into_iter().filter(|more| !more.is_empty()) {
            out = format!("{out}; {more}");
        }
        out
    }

    /// A format's name; of a static payload type that no `a=rtpmap` explains, its full meaning.
    fn format_name(&self, media: &Media<'_>, format: &[u8]) -> String {
        if let Some(codec) = self.formats.get(&(self.media, format)) {
            let name = codec.split(|&b| b == b'/').next().unwrap_or_default();
            let is_dtmf = name.eq_ignore_ascii_case(b"telephone-event");
            return if is_dtmf { "DTMF".to_owned() } else { shown(name).into_owned() };
        }
        let number = decimal(format).and_then(|n| u8::try_from(n).ok());
        let is_rtp = memchr::memmem::find(media.proto, b"RTP/").is_some();
        match number.filter(|_| is_rtp).and_then(static_codec) {
            Some((name, rate, _)) => format!("{} = {name}/{rate} (static)", shown(format)),
            None => shown(format).into_owned(),
        }
    }

    fn origin_note(&self) -> Option<String> {
        let origin = self.session.origin?;
        Some(format!("session {}, version {}", shown(origin.session_id), shown(origin.version)))
    }

    /// The media that a line of this place is about: those of the session where no `m=` line came before it.
    fn subject(&self) -> &[Media<'a>] {
        match self.media.checked_sub(1) {
            None => &self.session.media,
            Some(nth) => self.session.media.get(nth..=nth).unwrap_or_default(),
        }
    }

    /// Null addresses: hold as in RFC 2543, the placeholder of ICE, or without meaning.
    fn connection_note(&self, value: &[u8]) -> Option<String> {
        let address = value.split(|&b| b == b' ').nth(2)?;
        if !is_null_address(trim(address)) {
            return None;
        }
        let subject = self.subject();
        let is_placeholder = !subject.is_empty() && subject.iter().all(|m| m.uses_ice(&self.session));
        let note = match subject {
            _ if is_placeholder => "placeholder, no hold: ICE finds the address",
            [] => "hold, in the old style: no address to send to",
            media if media.iter().any(Media::is_active_audio) => {
                "hold, in the old style: no address to send to"
            }
            _ => "no address to send to",
        };
        Some(note.to_owned())
    }

    /// An attribute without a value; a direction is hold for audio only.
    fn flag_note(&self, name: &[u8]) -> Option<String> {
        let is_of_audio = self.subject().iter().any(Media::is_active_audio);
        match name {
            b"sendonly" if is_of_audio => Some("hold: the other side only listens".to_owned()),
            b"inactive" if is_of_audio => Some("hold: no media in either direction".to_owned()),
            _ => flag_note(name),
        }
    }

    fn attribute_note(&self, name: &[u8], value: &'a [u8]) -> Option<String> {
        match name {
            b"rtpmap" => codecs::explain(split_once(value, b' ')?.1),
            b"fmtp" => {
                let (format, parameters) = split_once(value, b' ')?;
                codecs::explain_parameters(self.formats.get(&(self.media, format))?, trim(parameters))
            }
            b"ptime" => Some(format!("{} ms per packet", shown(value))),
            b"maxptime" => Some(format!("at most {} ms a packet", shown(value))),
            b"rtcp" => Some("where RTCP is wanted".to_owned()),
            b"crypto" => Some(format!("key for SRTP: {}", shown(value.split(|&b| b == b' ').nth(1)?))),
            b"fingerprint" => Some("certificate for DTLS-SRTP".to_owned()),
            b"setup" => setup_note(value),
            b"candidate" => candidate_note(value),
            b"group" if value.starts_with(b"BUNDLE") => Some("all of these by one port".to_owned()),
            b"T38FaxRateManagement" | b"T38FaxVersion" => Some("T.38 fax".to_owned()),
            _ => None,
        }
    }
}

fn host_and_port(address: &[u8], port: u16) -> Vec<u8> {
    let port = port.to_string();
    if address.contains(&b':') {
        return [b"[", address, b"]:", port.as_bytes()].concat();
    }
    [address, b":", port.as_bytes()].concat()
}

/// How the transport of a media protects it, or what else it means.
fn protection(proto: &[u8]) -> &'static str {
    match proto {
        b"RTP/SAVP" | b"RTP/SAVPF" => "encrypted (SRTP)",
        b"UDP/TLS/RTP/SAVP" | b"UDP/TLS/RTP/SAVPF" => "encrypted (DTLS-SRTP)",
        b"udptl" | b"UDPTL" => "T.38 fax",
        b"TCP/MSRP" => "MSRP",
        b"TCP/TLS/MSRP" => "MSRP, encrypted",
        _ => "",
    }
}

/// RFC 8866 §5.8, RFC 3890, RFC 3556.
fn bandwidth_note(value: &[u8]) -> Option<String> {
    let (kind, number) = split_once(value, b':')?;
    let number = grouped(decimal(trim(number))?);
    match kind {
        b"AS" => Some(format!("at most {number} kbit/s for this media")),
        b"CT" => Some(format!("at most {number} kbit/s for all")),
        b"TIAS" => Some(format!("at most {number} bit/s without headers")),
        b"RS" | b"RR" => Some(format!("{number} bit/s for RTCP")),
        _ => None,
    }
}

/// What an attribute without a value means, for media that is not held by it.
fn flag_note(name: &[u8]) -> Option<String> {
    let note = match name {
        b"sendrecv" => "two-way audio",
        b"sendonly" => "the other side only receives",
        b"recvonly" => "the sender of this only listens",
        b"inactive" => "no media in either direction",
        b"rtcp-mux" => "RTCP on the port of RTP",
        b"ice-lite" => "answers ICE checks, makes none",
        b"end-of-candidates" => "no more ICE candidates follow",
        _ => return None,
    };
    Some(note.to_owned())
}

/// Who opens the DTLS or TCP connection (RFC 4145 §4, RFC 5763 §5).
fn setup_note(value: &[u8]) -> Option<String> {
    let note = match value {
        b"actpass" => "the other side chooses who connects",
        b"active" => "the sender of this connects",
        b"passive" => "waits for the other side to connect",
        b"holdconn" => "no connection for now",
        _ => return None,
    };
    Some(note.to_owned())
}

/// `foundation component transport priority address port typ type …` (RFC 8839 §5.1).
fn candidate_note(value: &[u8]) -> Option<String> {
    let mut words = value.split(|&b| b == b' ').skip(4);
    let (address, port) = (words.next()?, decimal(words.next()?)?);
    let kind = match words.nth(1)? {
        b"host" => "an address of the host",
        b"srflx" => "seen by a STUN server",
        b"prflx" => "seen by the peer",
        b"relay" => "a relay (TURN)",
        _ => return None,
    };
    Some(format!("{}: {kind}", shown(&host_and_port(address, u16::try_from(port).ok()?))))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The explanation of the line that begins with `start`.
    fn note(body: &str, start: &str) -> String {
        let lines = lines(body.as_bytes(), Some(SdpRole::Answer));
        let line = lines.iter().find(|line| line.text().starts_with(start)).unwrap();
        let notes = line.spans.iter().filter(|span| span.role == Role::Note);
        notes.map(|span| span.text.as_ref()).collect()
    }

    #[test]
    fn a_media_line_says_where_to_what_and_how() {
        for (media, expected) in [
            (
                "m=audio 40000 RTP/AVP 0 8",
                "audio to 192.0.2.7:40000: 0 = PCMU/8000 (static), 8 = PCMA/8000 (static)",
            ),
            (
                "m=audio 40000 RTP/AVP 96 101\r\na=rtpmap:96 opus/48000/2\r\na=rtpmap:101 telephone-event/8000",
                "audio to 192.0.2.7:40000: opus, DTMF",
            ),
            (
                "m=audio 40000 RTP/AVP 0\r\nc=IN IP6 2001:db8::1\r\na=sendonly",
                "audio to [2001:db8::1]:40000: 0 = PCMU/8000 (static); sendonly",
            ),
            ("m=audio 40000 RTP/SAVP 96\r\na=rtpmap:96 x/1", "audio to 192.0.2.7:40000: x; encrypted (SRTP)"),
            ("m=video 0 RTP/AVP 31", "video refused: port 0"),
            ("m=image 40000 udptl t38", "image to 192.0.2.7:40000: t38; T.38 fax"),
            (
                "m=audio 1 RTP/AVP 90 91 92 93 94 95 96 97 98 99",
                "audio to 192.0.2.7:1: 90, 91, 92, 93, 94, 95, 96, 97, 2 more",
            ),
            ("m=", ""),
        ] {
            assert_eq!(note(&format!("v=0\r\nc=IN IP4 192.0.2.7\r\n{media}\r\n"), "m="), expected, "{media}");
        }
    }

    #[test]
    fn attributes_are_explained() {
        for (line, expected) in [
            ("a=sendonly", "hold: the other side only listens"),
            ("a=inactive", "hold: no media in either direction"),
            ("a=recvonly", "the sender of this only listens"),
            ("c=IN IP4 0.0.0.0", "hold, in the old style: no address to send to"),
            ("c=IN IP6 ::", "hold, in the old style: no address to send to"),
            ("a=rtpmap:0 PCMU/8000", "G.711 µ-law"),
            ("a=fmtp:101 0-16", "keys 0–9 * # A–D, hook flash"),
            ("a=ptime:20", "20 ms per packet"),
            ("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc", "key for SRTP: AES_CM_128_HMAC_SHA1_80"),
            ("a=fingerprint:sha-256 AA", "certificate for DTLS-SRTP"),
            ("a=setup:actpass", "the other side chooses who connects"),
            (
                "a=candidate:1 1 UDP 21 192.0.2.9 5000 typ srflx raddr x",
                "192.0.2.9:5000: seen by a STUN server",
            ),
            ("b=AS:64", "at most 64 kbit/s for this media"),
            ("o=- 7 8 IN IP4 192.0.2.7", "session 7, version 8"),
            ("a=unknown:1", ""),
        ] {
            let body =
                format!("v=0\r\nm=audio 1 RTP/AVP 101\r\na=rtpmap:101 telephone-event/8000\r\n{line}\r\n");
            let body = if line.starts_with("o=") { format!("{line}\r\n") } else { body };
            assert_eq!(note(&body, line), expected, "{line}");
        }
    }

    #[test]
    fn hold_is_said_of_audio_and_not_of_the_placeholder_of_ice() {
        let ice = "m=audio 9 RTP/SAVPF 0\nc=IN IP4 0.0.0.0\na=ice-ufrag:x\n";
        for (body, start, expected) in [
            (ice, "c=", "placeholder, no hold: ICE finds the address"),
            (ice, "m=", "audio to an address that ICE finds: 0 = PCMU/8000 (static); encrypted (SRTP)"),
            (
                "c=IN IP6 ::\nm=audio 9 RTP/SAVPF 0\na=candidate:1 1 udp 1 x.local 5 typ host\n",
                "c=",
                "placeholder, no hold: ICE finds the address",
            ),
            ("c=IN IP6 ::\nm=audio 4 RTP/AVP 0\n", "c=", "hold, in the old style: no address to send to"),
            ("m=video 4 RTP/AVP 34\nc=IN IP4 0.0.0.0\n", "c=", "no address to send to"),
            ("c=IN IP4 192.0.2.7\nm=audio 4 RTP/AVP 0\n", "c=", ""),
            ("m=audio 4 RTP/AVP 0\nm=video 6 RTP/AVP 34\na=inactive\n", "a=", "no media in either direction"),
            ("m=video 6 RTP/AVP 34\na=sendonly\n", "a=", "the other side only receives"),
            ("a=sendonly\nm=audio 4 RTP/AVP 0\n", "a=", "hold: the other side only listens"),
        ] {
            assert_eq!(note(body, start), expected, "{body}");
        }
    }

    #[test]
    fn every_line_is_there_also_one_that_belongs_to_no_description() {
        let lines = lines(b"v=0\r\ngarbage\nm=audio 1 RTP/AVP 0\n\r\na=x", None);
        let text: Vec<String> = lines.iter().map(Line::text).collect();
        assert_eq!(text[0], "v=0");
        assert!(text[1].starts_with("garbage ") && text[1].ends_with("no line of a session description"));
        assert_eq!((text[3].as_str(), text[4].as_str()), ("", "a=x"));
        assert_eq!(lines[1].spans[0].role, Role::Error);
        assert_eq!(lines.into_iter().filter_map(|line| line.source).next_back(), Some(35..38));
    }
}
