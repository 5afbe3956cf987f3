//! What a message is: request or response.
//!
//! Must not know: header fields, bodies.

use std::borrow::Cow;
use std::fmt;

use crate::sip::StartLine;

/// The contents of the first line of a message.
///
/// Displays as `INVITE sip:1688@pbx.example` or `200 OK`. A message that is not SIP is a request with an empty method
/// whose URI is its first line, and displays as that line. Bytes that are not UTF-8 become U+FFFD.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SipMessageType {
    /// `METHOD uri SIP/2.0`
    Request {
        /// The method; empty if the first line is not a start line.
        method: String,
        /// The request URI, or the whole first line if it is not a start line.
        uri: String,
    },
    /// `SIP/2.0 code reason`
    Response {
        /// The status code.
        code: u16,
        /// The reason phrase.
        reason: String,
    },
}

impl SipMessageType {
    /// The method of a request, `code reason` of a response, or the first line of a message that is not SIP.
    pub fn summary(&self) -> Cow<'_, str> {
        match self {
            Self::Request { method, uri } if method.is_empty() => Cow::Borrowed(uri),
            Self::Request { method, .. } => Cow::Borrowed(method),
            Self::Response { .. } => Cow::Owned(self.to_string()),
        }
    }

    pub(super) fn new(start_line: Option<StartLine<'_>>, first_line: &[u8]) -> Self {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        match start_line {
            Some(StartLine::Request { method, uri }) => {
                Self::Request { method: text(method), uri: text(uri) }
            }
            Some(StartLine::Status { code, reason }) => Self::Response { code, reason: text(reason) },
            None => Self::Request { method: String::new(), uri: text(first_line) },
        }
    }
}

impl fmt::Display for SipMessageType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request { method, uri } if method.is_empty() => f.write_str(uri),
            Self::Request { method, uri } => write!(f, "{method} {uri}"),
            Self::Response { code, reason } if reason.is_empty() => write!(f, "{code}"),
            Self::Response { code, reason } => write!(f, "{code} {reason}"),
        }
    }
}
