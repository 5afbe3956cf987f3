//! Who is on hold by a session description, and what port 0 means in an offer and in an answer.
//!
//! Must not know: messages before this one, how the lines are read.

use super::{Direction, Media, Session};
use crate::sip::{Message, StartLine};

/// What a session description is in the exchange of RFC 3264.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SdpRole {
    /// It proposes a session.
    Offer,
    /// It replies to an offer.
    Answer,
}

impl SdpRole {
    /// What the description in `message` is, as far as the message alone says: a response and an ACK answer, other
    /// requests offer. Where an INVITE has no offer, its response is one (RFC 3261 §13.2.1), which this does not know.
    pub fn of(message: &Message<'_>) -> Option<Self> {
        Some(match message.start_line()? {
            StartLine::Request { method, .. } if method == b"ACK" => Self::Answer,
            StartLine::Request { .. } => Self::Offer,
            StartLine::Status { .. } => Self::Answer,
        })
    }

    /// What happens to a stream with port 0: an answer has it `refused`, an offer `ends` it (RFC 3264 §6, §8.2).
    pub const fn of_port_zero(self) -> &'static str {
        match self {
            Self::Offer => "ends",
            Self::Answer => "refused",
        }
    }
}

impl<'a> Media<'a> {
    /// Whether this stream puts the other side on hold: nothing is to be received here, or the address is the null
    /// address of RFC 2543 (RFC 3264 §8.4). With ICE that address is a placeholder and no hold.
    pub fn is_held(&self, session: &Session<'a>) -> bool {
        matches!(self.direction, Direction::SendOnly | Direction::Inactive)
            || (self.has_null_address(session) && !self.uses_ice(session))
    }

    /// Whether its address is a placeholder, because ICE finds the real one (RFC 8840 §4.1.1; RFC 8839 §4.4.1.1.1 does
    /// not allow it for hold).
    pub fn has_placeholder(&self, session: &Session<'a>) -> bool {
        self.has_null_address(session) && self.uses_ice(session)
    }

    /// Whether the address is that of no host: `0.0.0.0`, `::`, or a name under `.invalid` (RFC 6157 §4.2).
    pub fn has_null_address(&self, session: &Session<'a>) -> bool {
        self.address(session).is_some_and(is_null_address)
    }

    /// Whether the description has attributes of ICE for this stream.
    pub fn uses_ice(&self, session: &Session<'a>) -> bool {
        let mut all = self.attributes.iter().chain(&session.attributes);
        all.any(|(name, _)| matches!(*name, b"ice-ufrag" | b"ice-pwd" | b"candidate" | b"ice-options"))
    }

    /// Whether the stream is refused or ended: port 0 (RFC 3264 §6, §8.2). A stream that shares the port of its
    /// bundle is neither (RFC 8843 §6).
    pub fn is_refused(&self) -> bool {
        self.port == Some(0) && self.attribute("bundle-only").is_none()
    }

    /// Whether it is an audio stream that is neither refused nor ended.
    pub fn is_active_audio(&self) -> bool {
        self.kind == b"audio" && !self.is_refused()
    }
}

impl Session<'_> {
    /// Whether the other side is on hold: there are active audio streams, and each of them is held.
    ///
    /// ```
    /// use sofiatui::sip::sdp::Session;
    /// let is_on_hold = |text: &str| Session::parse(text.as_bytes()).is_on_hold();
    /// assert!(is_on_hold("c=IN IP6 ::\nm=audio 4000 RTP/AVP 0\n"));
    /// assert!(!is_on_hold("m=audio 4000 RTP/AVP 0\nm=video 4002 RTP/AVP 34\na=inactive\n"));
    /// ```
    pub fn is_on_hold(&self) -> bool {
        let mut audio = self.media.iter().filter(|media| media.is_active_audio()).peekable();
        audio.peek().is_some() && audio.all(|media| media.is_held(self))
    }
}

/// Whether an address is that of no host.
pub fn is_null_address(address: &[u8]) -> bool {
    let name = address.strip_suffix(b".").unwrap_or(address).to_ascii_lowercase();
    let is_ip6 = name.contains(&b':') && name.iter().all(|b| matches!(b, b'0' | b':' | b'[' | b']'));
    name == b"0.0.0.0" || is_ip6 || name == b"invalid" || name.ends_with(b".invalid")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hold_is_where_every_active_audio_stream_is_held() {
        let ice = "a=ice-ufrag:abcd\n";
        for (text, expected) in [
            ("m=audio 4000 RTP/AVP 0\n", false),
            ("m=audio 4000 RTP/AVP 0\na=sendonly\n", true),
            ("m=audio 4000 RTP/AVP 0\na=inactive\n", true),
            ("m=audio 4000 RTP/AVP 0\na=recvonly\n", false),
            ("a=sendonly\nm=audio 4000 RTP/AVP 0\n", true),
            ("a=sendonly\nm=audio 4000 RTP/AVP 0\na=sendrecv\n", false),
            ("c=IN IP4 0.0.0.0\nm=audio 4000 RTP/AVP 0\n", true),
            ("c=IN IP6 ::\nm=audio 4000 RTP/AVP 0\n", true),
            ("c=IN IP6 0:0:0:0:0:0:0:0\nm=audio 4000 RTP/AVP 0\n", true),
            ("c=IN IP6 hold.invalid\nm=audio 4000 RTP/AVP 0\n", true),
            ("c=IN IP4 0.0.0.0\nm=audio 4000 RTP/AVP 0\nc=IN IP4 192.0.2.7\n", false),
            // Only another kind of media is disabled.
            ("m=audio 4000 RTP/AVP 0\nm=video 4002 RTP/AVP 34\na=inactive\n", false),
            ("m=video 4002 RTP/AVP 34\na=inactive\n", false),
            ("m=audio 0 RTP/AVP 0\na=inactive\nm=image 4002 udptl t38\na=sendonly\n", false),
            // Several audio streams.
            ("m=audio 4000 RTP/AVP 0\na=sendonly\nm=audio 4002 RTP/AVP 8\n", false),
            ("m=audio 4000 RTP/AVP 0\na=sendonly\nm=audio 4002 RTP/AVP 8\na=inactive\n", true),
            ("m=audio 4000 RTP/AVP 0\na=sendonly\nm=audio 0 RTP/AVP 8\n", true),
            // The placeholder of ICE, of the stream or of the session; hold with ICE is by the direction.
            (&format!("m=audio 9 RTP/SAVPF 0\nc=IN IP4 0.0.0.0\n{ice}"), false),
            (&format!("{ice}m=audio 9 RTP/SAVPF 0\nc=IN IP6 ::\n"), false),
            ("m=audio 9 RTP/SAVPF 0\nc=IN IP4 0.0.0.0\na=candidate:1 1 udp 1 x.local 5 typ host\n", false),
            (&format!("m=audio 9 RTP/SAVPF 0\nc=IN IP4 0.0.0.0\n{ice}a=inactive\n"), true),
            ("m=audio 9 RTP/SAVPF 0\nc=IN IP4 0.0.0.0\n", true),
            ("", false),
        ] {
            assert_eq!(Session::parse(text.as_bytes()).is_on_hold(), expected, "{text}");
        }
    }

    #[test]
    fn port_0_of_a_bundled_stream_is_no_end() {
        let text = b"m=video 0 RTP/SAVPF 96\na=bundle-only\nm=video 0 RTP/AVP 34\n";
        let refused: Vec<bool> = Session::parse(text).media.iter().map(Media::is_refused).collect();
        assert_eq!(refused, [false, true]);
    }

    #[test]
    fn a_message_offers_or_answers() {
        for (start, expected) in [
            ("INVITE sip:a@b SIP/2.0", Some(SdpRole::Offer)),
            ("UPDATE sip:a@b SIP/2.0", Some(SdpRole::Offer)),
            ("ACK sip:a@b SIP/2.0", Some(SdpRole::Answer)),
            ("SIP/2.0 183 Session Progress", Some(SdpRole::Answer)),
            ("nothing", None),
        ] {
            assert_eq!(SdpRole::of(&Message::parse(format!("{start}\r\n\r\n").as_bytes())), expected);
        }
    }
}
