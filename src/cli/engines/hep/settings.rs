//! What `--hep` and the options beside it say: where packets go, and how.
//!
//! Must not know: packets, sockets.

use std::fmt;
use std::path::PathBuf;

use crate::export::endpoints::Local;
use crate::export::hep::Agent;

/// The port on which HOMER receives.
const HEP_PORT: u16 = 9060;

/// What `--hep` and the options beside it say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct Hep {
    pub(in crate::cli) target: Target,
    pub(in crate::cli) agent: Agent,
    /// The upper limit of messages in a second, if there is one.
    pub(in crate::cli) rate: Option<u32>,
    /// Our addresses, as far as the user gave them.
    pub(in crate::cli) local: Local,
    /// Where it is kept how far the messages were sent.
    pub(in crate::cli) resume: Option<PathBuf>,
}

/// A receiver of HEP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct Target {
    pub(in crate::cli) transport: Transport,
    /// A name or an address; an IPv6 address without brackets.
    pub(in crate::cli) host: String,
    pub(in crate::cli) port: u16,
}

/// How packets reach the receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Transport {
    /// One datagram for each packet.
    Udp,
    /// One packet after the other.
    Tcp,
    /// The same, encrypted.
    Tls,
}

impl Transport {
    fn named(name: &str) -> Option<Self> {
        match name {
            "udp" => Some(Self::Udp),
            "tcp" => Some(Self::Tcp),
            "tls" if cfg!(feature = "tls") => Some(Self::Tls),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Udp => "udp",
            Self::Tcp => "tcp",
            Self::Tls => "tls",
        }
    }
}

impl Target {
    /// The receiver that an option names.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(in crate::cli) fn parse(text: &str) -> Result<Self, String> {
        let example = "expected udp:HOST:PORT, tcp:HOST:PORT or tls:HOST:PORT, as in udp:homer.example:9060";
        let (transport, place) = text.split_once(':').ok_or(example)?;
        if transport == "tls" && !cfg!(feature = "tls") {
            return Err("this program was built without TLS (cargo feature `tls`)".to_owned());
        }
        let transport = Transport::named(transport).ok_or(example)?;
        let (host, port) = match place.rsplit_once(':') {
            // A colon inside brackets belongs to an IPv6 address.
            Some((host, port)) if !port.ends_with(']') => (host, port.parse().map_err(|_| example)?),
            _ => (place, HEP_PORT),
        };
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        if host.is_empty() || port == 0 {
            return Err(example.to_owned());
        }
        Ok(Self { transport, host: host.to_owned(), port })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { transport, host, port } = self;
        let transport = transport.name();
        if host.contains(':') {
            write!(f, "{transport}:[{host}]:{port}")
        } else {
            write!(f, "{transport}:{host}:{port}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn receivers_are_named_by_transport_host_and_port() {
        for (text, want) in [
            ("udp:homer.example:9063", "udp:homer.example:9063"),
            ("tcp:192.0.2.9", "tcp:192.0.2.9:9060"),
            ("udp:[2001:db8::9]:9061", "udp:[2001:db8::9]:9061"),
            ("udp:[2001:db8::9]", "udp:[2001:db8::9]:9060"),
        ] {
            assert_eq!(Target::parse(text).map(|target| target.to_string()).as_deref(), Ok(want), "{text}");
        }
        for text in [
            "homer.example",
            "homer.example:9060",
            "sctp:h:1",
            "udp:",
            "udp:h:0",
            "udp:h:x",
            "udp::9060",
            "udp:h:70000",
        ] {
            assert!(Target::parse(text).is_err(), "{text}");
        }
    }
}
