//! What an RTP payload type means.
//!
//! Must not know: the lines of a description.

use std::borrow::Cow;
use std::fmt;

/// One format of a media line.
///
/// Prints as `PCMU/8000`, `opus/48000/2`; a format that nothing names prints as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Codec<'a> {
    /// The format as the `m=` line has it: a payload type for RTP.
    pub format: &'a [u8],
    /// The encoding's name, from `a=rtpmap` or, for static payload types, from RFC 3551; `None` where neither has it.
    pub name: Option<Cow<'a, str>>,
    /// Clock rate in Hz.
    pub clock_rate: Option<u32>,
    /// Channels, where stated.
    pub channels: Option<u32>,
    /// The parameters of `a=fmtp`.
    pub parameters: Option<&'a [u8]>,
}

impl fmt::Display for Codec<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(name) = &self.name else {
            return f.write_str(&String::from_utf8_lossy(self.format));
        };
        f.write_str(name)?;
        if let Some(rate) = self.clock_rate {
            write!(f, "/{rate}")?;
        }
        match self.channels {
            Some(channels) if channels > 1 => write!(f, "/{channels}"),
            _ => Ok(()),
        }
    }
}

/// Encoding, clock rate and channels of the static payload types (RFC 3551 §6, tables 4 and 5).
const STATIC: [(u8, &str, u32, u32); 24] = [
    (0, "PCMU", 8000, 1),
    (3, "GSM", 8000, 1),
    (4, "G723", 8000, 1),
    (5, "DVI4", 8000, 1),
    (6, "DVI4", 16000, 1),
    (7, "LPC", 8000, 1),
    (8, "PCMA", 8000, 1),
    (9, "G722", 8000, 1),
    (10, "L16", 44100, 2),
    (11, "L16", 44100, 1),
    (12, "QCELP", 8000, 1),
    (13, "CN", 8000, 1),
    (14, "MPA", 90000, 1),
    (15, "G728", 8000, 1),
    (16, "DVI4", 11025, 1),
    (17, "DVI4", 22050, 1),
    (18, "G729", 8000, 1),
    (25, "CelB", 90000, 1),
    (26, "JPEG", 90000, 1),
    (28, "nv", 90000, 1),
    (31, "H261", 90000, 1),
    (32, "MPV", 90000, 1),
    (33, "MP2T", 90000, 1),
    (34, "H263", 90000, 1),
];

/// Encoding name, clock rate in Hz and channels of a static RTP payload type (RFC 3551 §6).
pub fn static_codec(payload_type: u8) -> Option<(&'static str, u32, u32)> {
    STATIC
        .iter()
        .find(|(number, ..)| *number == payload_type)
        .map(|&(_, name, rate, channels)| (name, rate, channels))
}
