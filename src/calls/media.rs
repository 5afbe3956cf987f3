//! What a leg keeps of a session description: addresses, codecs, hold. One pass, nothing allocated.
//!
//! Must not know: legs; which description is the offer.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::codec::{CodecSet, Codecs};
use super::hash::hash;
use crate::base::bytes::{decimal, line_feed, trim_end};

/// Where the audio goes, whether it is held, and with which codecs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Media {
    /// Hash of the session: user name, number and address of `o=`, without its version.
    pub session: u32,
    /// The address of the audio, which is the first one that has a port: its own `c=`, else the session's.
    pub address: Option<IpAddr>,
    /// The port of the audio.
    pub port: u16,
    /// The codecs of the audio.
    pub codecs: Codecs,
    /// All of them, and what helps.
    pub all_codecs: CodecSet,
    /// Whether a stream of any kind has a port.
    pub has_stream: bool,
    /// How the audio flows, from the sender's view.
    pub flow: Flow,
    /// Which kinds of media are there.
    pub audio: Stream,
    /// The first image stream: a fax over T.38.
    pub image: Stream,
    /// Whether a video stream has a port.
    pub has_video: bool,
    /// Whether ICE is offered: then addresses may be placeholders (RFC 8840 §4.1).
    pub has_ice: bool,
}

/// What became of the first stream of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stream {
    /// There is none.
    #[default]
    Absent,
    /// Port 0: refused or ended.
    Off,
    /// It has a port.
    On,
}

/// The direction of the audio.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Flow {
    /// Both ways.
    #[default]
    Both,
    /// The sender only sends: it holds.
    SendOnly,
    /// The sender only listens.
    RecvOnly,
    /// Nothing flows.
    Inactive,
}

impl Flow {
    fn read(attribute: &[u8]) -> Option<Self> {
        match attribute {
            b"sendrecv" => Some(Self::Both),
            b"sendonly" => Some(Self::SendOnly),
            b"recvonly" => Some(Self::RecvOnly),
            b"inactive" => Some(Self::Inactive),
            _ => None,
        }
    }
}

impl Default for Media {
    fn default() -> Self {
        Self {
            session: 0,
            address: None,
            port: 0,
            codecs: Codecs::default(),
            all_codecs: CodecSet::default(),
            has_stream: false,
            flow: Flow::Both,
            audio: Stream::Absent,
            image: Stream::Absent,
            has_video: false,
            has_ice: false,
        }
    }
}

impl Media {
    /// Reads a description.
    pub fn read(body: &[u8]) -> Self {
        let mut reading = Reading::default();
        for line in Lines(body) {
            let [letter, b'=', value @ ..] = line else { continue };
            match letter {
                b'o' => reading.origin(value),
                b'c' => reading.connection(value),
                b'm' => reading.media(value),
                b'a' => reading.attribute(value),
                _ => {}
            }
        }
        reading.finish()
    }

    /// Whether the sender puts the other side on hold: it sends at most, or its address is the old style's null address (RFC
    /// 3264 §8.4). An address without meaning beside ICE is none.
    pub fn holds(&self) -> bool {
        let null = self.address.is_some_and(|address| address.is_unspecified()) && !self.has_ice;
        self.audio == Stream::On && (matches!(self.flow, Flow::SendOnly | Flow::Inactive) || null)
    }

    /// What it offers, for a sentence: `PCMU PCMA, video`.
    pub(super) fn named(&self) -> String {
        let codecs = if self.audio == Stream::On { self.codecs.to_string() } else { String::new() };
        let video = if self.has_video { "video" } else { "" };
        let is_both = !codecs.is_empty() && self.has_video;
        format!("{codecs}{}{video}", if is_both { ", " } else { "" })
    }

    /// Hash of the audio's address and port; 0 without.
    pub fn endpoint(&self) -> u32 {
        match self.address {
            Some(IpAddr::V4(v4)) if self.port != 0 => hash(&[&v4.octets()[..], &self.port.to_be_bytes()]),
            Some(IpAddr::V6(v6)) if self.port != 0 => hash(&[&v6.octets()[..], &self.port.to_be_bytes()]),
            _ => 0,
        }
    }
}

struct Lines<'a>(&'a [u8]);

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];
    fn next(&mut self) -> Option<&'a [u8]> {
        if self.0.is_empty() {
            return None;
        }
        let end = line_feed(self.0).unwrap_or(self.0.len());
        let line = trim_end(&self.0[..end]);
        self.0 = self.0.get(end + 1..).unwrap_or_default();
        Some(line)
    }
}

/// Which part of the description the lines belong to.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum At {
    #[default]
    Session,
    Audio,
    /// Audio beside it. Only its codecs count: an answer may take that one.
    MoreAudio,
    Other,
}

#[derive(Default)]
struct Reading<'a> {
    media: Media,
    at: At,
    /// The formats of the audio that no `a=rtpmap` has named yet.
    formats: &'a [u8],
    /// The `a=rtpmap` lines of the audio: payload type and name.
    maps: [(u8, &'a [u8]); 16],
    map_count: usize,
    /// Address and direction that hold for all media.
    of_session: (Option<IpAddr>, Flow),
}

impl<'a> Reading<'a> {
    fn origin(&mut self, value: &'a [u8]) {
        // The user name and the number, and the address: all but the version.
        let mut blanks = memchr::memchr_iter(b' ', value);
        let (Some(_), Some(number), Some(_), Some(_), Some(before)) =
            (blanks.next(), blanks.next(), blanks.next(), blanks.next(), blanks.next())
        else {
            return;
        };
        let address = &value[before + 1..blanks.next().unwrap_or(value.len())];
        self.media.session = hash(&[&value[..number], address]);
    }

    fn connection(&mut self, value: &'a [u8]) {
        if matches!(self.at, At::Other | At::MoreAudio) {
            return;
        }
        let mut blanks = memchr::memchr_iter(b' ', value);
        let (Some(_), Some(before)) = (blanks.next(), blanks.next()) else { return };
        self.media.address = address_of(&value[before + 1..blanks.next().unwrap_or(value.len())]);
    }

    fn media(&mut self, value: &'a [u8]) {
        if self.at == At::Session {
            self.of_session = (self.media.address, self.media.flow);
        }
        self.take_formats();
        let mut words = value.splitn(4, |&b| b == b' ');
        let kind = words.next().unwrap_or_default();
        let port =
            words.next().and_then(|port| decimal(port.split(|&b| b == b'/').next()?)).unwrap_or_default();
        let stream = if port == 0 { Stream::Off } else { Stream::On };
        self.at = At::Other;
        self.media.has_stream |= port != 0;
        self.media.has_video |= kind == b"video" && port != 0;
        if kind == b"image" && self.media.image != Stream::On {
            self.media.image = stream;
        }
        if kind == b"audio" {
            self.audio(stream, port as u16, words.nth(1).unwrap_or_default());
        }
    }

    fn audio(&mut self, stream: Stream, port: u16, formats: &'a [u8]) {
        let is_better = self.media.audio == Stream::Off && stream == Stream::On;
        if is_better {
            (self.media.codecs, self.media.all_codecs) = Default::default();
            (self.media.address, self.media.flow) = self.of_session;
        }
        if is_better || self.media.audio == Stream::Absent {
            (self.at, self.formats) = (At::Audio, formats);
            (self.media.audio, self.media.port) = (stream, port);
        } else if stream == Stream::On {
            (self.at, self.formats) = (At::MoreAudio, formats);
        }
    }

    fn attribute(&mut self, value: &'a [u8]) {
        // Most attributes are of no interest, which their first letter says.
        if !matches!(value, [b'r' | b's' | b'i', ..]) {
            return;
        }
        if value.starts_with(b"ice-ufrag:") {
            self.media.has_ice = true;
        }
        if self.at == At::Other {
            return;
        }
        if let Some(map) = value.strip_prefix(b"rtpmap:")
            && let Some(blank) = memchr::memchr(b' ', map)
            && let Some(number) = decimal(&map[..blank])
            && let Some(slot) = self.maps.get_mut(self.map_count)
        {
            let name = &map[blank + 1..];
            *slot = (number as u8, &name[..memchr::memchr(b'/', name).unwrap_or(name.len())]);
            self.map_count += 1;
        } else if let Some(flow) = Flow::read(value).filter(|_| self.at != At::MoreAudio) {
            self.media.flow = flow;
        }
    }

    fn finish(mut self) -> Media {
        self.take_formats();
        self.media
    }

    /// The codecs of the stream whose lines came last.
    fn take_formats(&mut self) {
        let mut beside = Codecs::default();
        for format in
            std::mem::take(&mut self.formats).split(|&b| b == b' ').filter(|format| !format.is_empty())
        {
            let Some(number) = decimal(format).and_then(|number| u8::try_from(number).ok()) else { continue };
            let map = self.maps[..self.map_count].iter().find(|(mapped, _)| *mapped == number);
            let Media { codecs, all_codecs, .. } = &mut self.media;
            let codecs = if self.at == At::MoreAudio { &mut beside } else { codecs };
            match map {
                Some((_, name)) if number >= 35 => codecs.add(name, all_codecs),
                None if number >= 35 => all_codecs.insert_unknown(),
                _ => codecs.add_static(number, all_codecs),
            }
        }
        self.map_count = 0;
    }
}

/// An address as a `c=` line has it, without the `/ttl` of a multicast one.
fn address_of(text: &[u8]) -> Option<IpAddr> {
    let text = &text[..memchr::memchr(b'/', text).unwrap_or(text.len())];
    let text = std::str::from_utf8(text).ok()?;
    text.parse::<Ipv4Addr>().map(IpAddr::V4).or_else(|_| text.parse::<Ipv6Addr>().map(IpAddr::V6)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_audio_tells_address_codecs_and_hold() {
        let media = Media::read(
            b"v=0\r\no=x 1 2 IN IP4 192.0.2.7\r\nc=IN IP4 192.0.2.7\r\nm=audio 40000 RTP/AVP 96 0 101\r\n\
              a=rtpmap:96 opus/48000/2\r\na=rtpmap:101 telephone-event/8000\r\na=sendonly\r\nm=video 5 RTP/AVP 34\r\na=inactive\r\n",
        );
        assert_eq!(
            (media.codecs.to_string(), media.port, media.flow),
            ("opus PCMU".to_owned(), 40000, Flow::SendOnly)
        );
        assert!(media.holds());
        assert_ne!(media.endpoint(), 0);
    }

    #[test]
    fn hold_is_of_the_audio_and_not_of_ices_placeholder() {
        let of = |text: &str| Media::read(text.as_bytes()).holds();
        assert!(of("c=IN IP6 ::\nm=audio 4 RTP/AVP 0\n"));
        assert!(of("c=IN IP4 0.0.0.0\nm=audio 4 RTP/AVP 0\n"));
        assert!(!of("c=IN IP4 0.0.0.0\nm=audio 9 RTP/AVP 0\na=ice-ufrag:x\n"));
        assert!(!of("c=IN IP4 192.0.2.7\nm=audio 4 RTP/AVP 0\nm=video 5 RTP/AVP 34\na=inactive\n"));
        assert!(!of("c=IN IP4 192.0.2.7\nm=audio 0 RTP/AVP 0\na=inactive\nm=image 9 udptl t38\n"));
    }
}
