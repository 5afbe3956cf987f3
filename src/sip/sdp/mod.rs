//! Session descriptions: who wants to send which media where (RFC 8866).
//!
//! Must not know: messages before this one, so whether a response to an INVITE without an offer makes one.
//!
//! Reading never fails: lines may end with LF alone, and what is no line of a description is left out.

mod brief;
mod codec;
mod hold;
mod media;
mod read;

pub use brief::{brief, brief_as, find};
pub use codec::{Codec, static_codec};
pub use hold::{SdpRole, is_null_address};
pub use media::{Direction, Media};

/// A session description.
///
/// ```
/// use sofiatui::sip::sdp::{Direction, Session};
/// let sdp = Session::parse(b"v=0\no=- 1 2 IN IP4 192.0.2.7\ns=-\nc=IN IP4 192.0.2.7\nt=0 0\na=sendonly\n\
///     m=audio 40000 RTP/AVP 0 96\na=rtpmap:96 opus/48000/2\n");
/// let audio = &sdp.media[0];
/// assert_eq!((audio.port, audio.direction), (Some(40000), Direction::SendOnly));
/// assert_eq!(audio.address(&sdp), Some(&b"192.0.2.7"[..]));
/// let names: Vec<String> = audio.codecs().map(|codec| codec.to_string()).collect();
/// assert_eq!(names, ["PCMU/8000", "opus/48000/2"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Session<'a> {
    /// The `o=` line.
    pub origin: Option<Origin<'a>>,
    /// The `s=` line.
    pub name: Option<&'a [u8]>,
    /// The session's `c=` line, which holds for every media without its own.
    pub connection: Option<Connection<'a>>,
    /// The session's direction, where an `a=` line states one.
    pub direction: Option<Direction>,
    /// The attributes (`a=`) before the first `m=` line: name, and value after the colon.
    pub attributes: Vec<(&'a [u8], Option<&'a [u8]>)>,
    /// The media in their order.
    pub media: Vec<Media<'a>>,
}

/// The `o=` line (RFC 8866 §5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin<'a> {
    /// The user name, often `-`.
    pub user: &'a [u8],
    /// The session's number.
    pub session_id: &'a [u8],
    /// The version, which grows when the description changes.
    pub version: &'a [u8],
    /// The address of the machine.
    pub address: &'a [u8],
}

/// A `c=` line (RFC 8866 §5.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connection<'a> {
    /// `IP4` or `IP6`.
    pub address_type: &'a [u8],
    /// The address, without the `/ttl` of a multicast one.
    pub address: &'a [u8],
}
