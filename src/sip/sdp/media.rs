//! One media of a session description: its `m=` line and what belongs to it.
//!
//! Must not know: how the lines are read.

use std::borrow::Cow;
use std::fmt;

use super::codec::{Codec, static_codec};
use super::{Connection, Session};
use crate::base::bytes::{decimal, split_once, trim};

/// Which way media goes, seen from the side that wrote the description (RFC 8866 §6.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Direction {
    /// Both ways; what is meant where nothing is stated.
    #[default]
    SendRecv,
    /// This side sends only: it holds the other.
    SendOnly,
    /// This side receives only.
    RecvOnly,
    /// No one sends.
    Inactive,
}

impl Direction {
    /// All directions.
    pub const ALL: [Self; 4] = [Self::SendRecv, Self::SendOnly, Self::RecvOnly, Self::Inactive];

    /// The attribute's name: `sendrecv`, `sendonly`, `recvonly`, `inactive`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SendRecv => "sendrecv",
            Self::SendOnly => "sendonly",
            Self::RecvOnly => "recvonly",
            Self::Inactive => "inactive",
        }
    }

    pub(super) fn read(attribute: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|direction| direction.as_str().as_bytes() == attribute)
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One media.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media<'a> {
    /// `audio`, `video`, `text`, `application`, `message`, `image`.
    pub kind: &'a [u8],
    /// The port; 0 refuses or ends the media. `None` where it cannot be read.
    pub port: Option<u16>,
    /// The transport: `RTP/AVP`, `RTP/SAVP`, `UDP/TLS/RTP/SAVPF`, `udptl`, …
    pub proto: &'a [u8],
    /// The formats as they are written: payload types for RTP.
    pub formats: Vec<&'a [u8]>,
    /// The media's own `c=` line.
    pub connection: Option<Connection<'a>>,
    /// Its direction: its own, else the session's, else both ways.
    pub direction: Direction,
    /// The attributes (`a=`): name, and value after the colon.
    pub attributes: Vec<(&'a [u8], Option<&'a [u8]>)>,
}

impl<'a> Media<'a> {
    /// The value of the first attribute of that name; empty for one without a value.
    pub fn attribute(&self, name: &str) -> Option<&'a [u8]> {
        let (_, value) = self.attributes.iter().find(|(n, _)| *n == name.as_bytes())?;
        Some(value.unwrap_or_default())
    }

    /// Where this side wants to receive it: the address of the media's `c=` line, else of the session's.
    pub fn address(&self, session: &Session<'a>) -> Option<&'a [u8]> {
        self.connection.or(session.connection).map(|connection| connection.address)
    }

    /// The packet time in milliseconds, as it is written.
    pub fn ptime(&self) -> Option<&'a [u8]> {
        self.attribute("ptime")
    }

    /// Whether keys or a fingerprint for encryption are offered (`a=crypto`, `a=fingerprint`, here or for the session).
    pub fn is_encrypted(&self, session: &Session<'a>) -> bool {
        let mut all = self.attributes.iter().chain(&session.attributes);
        all.any(|(name, _)| matches!(*name, b"crypto" | b"fingerprint"))
    }

    /// What each format means, in the order of preference.
    pub fn codecs(&self) -> impl Iterator<Item = Codec<'a>> {
        let (maps, parameters) = (self.by_format("rtpmap"), self.by_format("fmtp"));
        let is_rtp = self.is_rtp();
        self.formats.iter().map(move |&format| {
            let mut codec = Codec {
                format,
                name: None,
                clock_rate: None,
                channels: None,
                parameters: find(&parameters, format),
            };
            if let Some(map) = find(&maps, format) {
                let mut pieces = map.split(|&b| b == b'/');
                codec.name = pieces.next().map(|name| String::from_utf8_lossy(trim(name)));
                codec.clock_rate = pieces.next().and_then(number);
                codec.channels = pieces.next().and_then(number);
            } else if is_rtp
                && let Some((name, rate, channels)) =
                    decimal(format).and_then(|n| static_codec(u8::try_from(n).ok()?))
            {
                codec.name = Some(Cow::Borrowed(name));
                codec.clock_rate = Some(rate);
                codec.channels = Some(channels);
            }
            codec
        })
    }

    fn is_rtp(&self) -> bool {
        memchr::memmem::find(&self.proto.to_ascii_uppercase(), b"RTP/").is_some()
    }

    /// Format and what follows it of all attributes of that name (`a=rtpmap:0 PCMU/8000`), sorted by format so that
    /// a description of thousands of formats is read in no time too.
    fn by_format(&self, name: &str) -> Vec<(&'a [u8], &'a [u8])> {
        let values =
            self.attributes.iter().filter(|(n, _)| *n == name.as_bytes()).filter_map(|(_, value)| *value);
        let mut all: Vec<_> = values.filter_map(|value| split_once(value, b' ')).collect();
        all.sort_by_key(|(format, _)| *format);
        all
    }
}

/// What the first attribute of that format says.
fn find<'a>(sorted: &[(&'a [u8], &'a [u8])], format: &[u8]) -> Option<&'a [u8]> {
    let at = sorted.partition_point(|(other, _)| *other < format);
    sorted.get(at).filter(|(other, _)| *other == format).map(|(_, rest)| trim(rest))
}

fn number(text: &[u8]) -> Option<u32> {
    decimal(trim(text)).and_then(|n| u32::try_from(n).ok())
}
