//! The transports that sofia-sip names in a frame header.
//!
//! Must not know: the frame header around the word.

use std::fmt;
use std::str::FromStr;

use super::UnknownKeyword;

/// The transport of a frame, named as sofia-sip names it (`tport_type_*.c`).
///
/// Prints as the dump writes it: `udp`, `tcp`, `tls`, `sctp`, `ws`, `wss`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Transport {
    /// UDP: one frame is one message.
    Udp,
    /// TCP.
    Tcp,
    /// TLS over TCP; the dump contains the decrypted text.
    Tls,
    /// SCTP.
    Sctp,
    /// WebSocket (RFC 7118): a frame is the payload of one WebSocket message.
    Ws,
    /// WebSocket over TLS.
    Wss,
}

impl Transport {
    /// All transports, in the order in which lists show them.
    pub const ALL: [Self; 6] = [Self::Udp, Self::Tcp, Self::Tls, Self::Sctp, Self::Ws, Self::Wss];

    /// The word in the frame header.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Udp => "udp",
            Self::Tcp => "tcp",
            Self::Tls => "tls",
            Self::Sctp => "sctp",
            Self::Ws => "ws",
            Self::Wss => "wss",
        }
    }

    /// Whether a message can be split across frames at any byte: true for all except UDP.
    pub const fn is_stream(self) -> bool {
        !matches!(self, Self::Udp)
    }
}

impl fmt::Display for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Transport {
    type Err = UnknownKeyword;

    /// Reads a transport's name, ignoring case.
    ///
    /// # Errors
    /// [`UnknownKeyword`] for any other word.
    fn from_str(word: &str) -> Result<Self, UnknownKeyword> {
        Self::ALL
            .into_iter()
            .find(|t| t.as_str().eq_ignore_ascii_case(word))
            .ok_or_else(|| UnknownKeyword { word: word.to_owned() })
    }
}
