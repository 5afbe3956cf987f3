//! Names that the user gives to addresses of peers and to profiles.
//!
//! Must not know: where the names come from, where they are shown.

use std::sync::Arc;

use super::bytes::decimal;

/// Names by address. Cheap to clone.
///
/// ```
/// use sofiatui::base::Aliases;
/// let aliases = Aliases::new([("192.0.2.21", "carrier2"), ("[2001:db8::1]:5061", "sbc")]);
/// assert_eq!(aliases.of_peer(b"[192.0.2.21]:5060"), Some("carrier2"));
/// assert_eq!(aliases.of_peer(b"[2001:db8::1]:5060"), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Aliases {
    list: Arc<[Alias]>,
}

/// One name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// What it names, as it was written: an address with or without a port, or a profile.
    pub of: String,
    /// The name.
    pub name: String,
    /// The host, without brackets.
    host: String,
    /// The port, if only this one is meant.
    port: Option<String>,
}

impl Aliases {
    /// The names of addresses or profiles, each as `(ADDR, NAME)`. Of two names for the same, the first one counts.
    pub fn new<A: Into<String>, N: Into<String>>(pairs: impl IntoIterator<Item = (A, N)>) -> Self {
        let alias = |(of, name): (A, N)| {
            let (of, name) = (of.into(), name.into());
            let (host, port) = split(&of);
            Alias { host: host.to_owned(), port: port.map(str::to_owned), of, name }
        };
        Self { list: pairs.into_iter().map(alias).collect() }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All of them, in the order in which they were given.
    pub fn all(&self) -> &[Alias] {
        &self.list
    }

    /// The name of a peer's address as the dump writes it: that of the address with its port, or else that of the host.
    pub fn of_peer(&self, address: &[u8]) -> Option<&str> {
        if self.list.is_empty() {
            return None;
        }
        let (host, _) = split(std::str::from_utf8(address).ok()?);
        let of_host = |alias: &&Alias| alias.port.is_none() && alias.host.eq_ignore_ascii_case(host);
        let host = || self.list.iter().find(of_host).map(|alias| alias.name.as_str());
        self.of_port(address).or_else(host)
    }

    /// The name of an address with its port.
    pub fn of_port(&self, address: &[u8]) -> Option<&str> {
        let (host, port) = split(std::str::from_utf8(address).ok()?);
        let is_it = |alias: &&Alias| {
            alias.port.is_some() && alias.port.as_deref() == port && alias.host.eq_ignore_ascii_case(host)
        };
        self.list.iter().find(is_it).map(|alias| alias.name.as_str())
    }

    /// The name of a profile.
    pub fn of_profile(&self, profile: &str) -> Option<&str> {
        self.list.iter().find(|alias| alias.of == profile).map(|alias| alias.name.as_str())
    }
}

impl Alias {
    /// The host that it names, without brackets, and the port, if only this one is meant.
    pub fn address(&self) -> (&str, Option<&str>) {
        (&self.host, self.port.as_deref())
    }
}

/// Host without brackets, and port: `192.0.2.7`, `192.0.2.7:5060`, `[2001:db8::1]:5061`, `2001:db8::1`.
fn split(address: &str) -> (&str, Option<&str>) {
    if let Some((host, rest)) = address.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return (host, rest.strip_prefix(':').filter(|port| !port.is_empty()));
    }
    match address.rsplit_once(':') {
        // An IPv6 address without brackets ends like a host with a port.
        Some((host, port)) if !host.contains(':') && decimal(port.as_bytes()).is_some() => (host, Some(port)),
        _ => (address, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_with_its_port_is_found_before_its_host() {
        let aliases = Aliases::new([
            ("192.0.2.21", "carrier2"),
            ("192.0.2.21:5080", "carrier2 B"),
            ("2001:db8::1", "sbc"),
            ("[2001:db8::2]:5061", "edge"),
            ("internal", "PBX"),
        ]);
        for (address, name) in [
            ("[192.0.2.21]:5060", Some("carrier2")),
            ("192.0.2.21:5080", Some("carrier2 B")),
            ("[192.0.2.2]:5060", None),
            ("[2001:DB8::1]:5060", Some("sbc")),
            ("[2001:db8::2]:5061", Some("edge")),
            ("[2001:db8::2]:5060", None),
            ("", None),
        ] {
            assert_eq!(aliases.of_peer(address.as_bytes()), name, "{address}");
        }
        assert_eq!(aliases.of_profile("internal"), Some("PBX"));
        assert_eq!(aliases.of_profile("external"), None);
    }
}
