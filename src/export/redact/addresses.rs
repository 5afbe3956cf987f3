//! IP addresses and host names.
//!
//! - Public IPv4 addresses: each network of 24 bits becomes one of 198.18.0.0/15, which is reserved for measurements and is
//!   routed nowhere (RFC 2544). The networks that are reserved for documentation have 768 addresses in all, too few for the
//!   phones of one site. Where two networks would become the same, the second one becomes a network of 240.0.0.0/4, which is
//!   reserved as well (RFC 1112). Within a network, common leading bits stay common.
//! - Private, shared and link-local addresses stay within their range, and all common leading bits stay common (as Crypto-PAn
//!   does): rules about private addresses find the same.
//! - IPv6 addresses move to `2001:db8::/32`, by networks of 48 and 64 bits; unique local and link-local ones keep their ranges.
//! - Loopback, multicast, unspecified and broadcast addresses stay.
//! - Host names move to `.invalid` (RFC 6761), label by label, so that names of one domain stay in one domain.
//!
//! Must not know: where addresses are written.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::key::Key;
use super::secrets::{Kind, Secrets};

const V4: u8 = 10;
const V4_NETWORK: u8 = 11;
const V6: u8 = 12;
const V6_NETWORK: u8 = 13;
const LABEL: u8 = 14;

/// The address that replaces this one; the same where it stays.
pub(super) fn address(secrets: &mut Secrets, address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(v4) => IpAddr::V4(self::v4(secrets, v4)),
        IpAddr::V6(v6) => IpAddr::V6(self::v6(secrets, v6)),
    }
}

fn v4(secrets: &mut Secrets, address: Ipv4Addr) -> Ipv4Addr {
    let octets = address.octets();
    // How many leading bits of the range stay.
    let kept = match octets {
        [0 | 127 | 224..=239, ..] | [255, 255, 255, 255] => return address,
        [10, ..] => 8,
        [100, 64..=127, ..] => 10,
        [169, 254, ..] | [192, 168, ..] => 16,
        [172, 16..=31, ..] => 12,
        _ => 0,
    };
    if let Some(known) = known(secrets, &octets) {
        return Ipv4Addr::from(known);
    }
    let found = if kept > 0 {
        Ipv4Addr::from(flipped(&secrets.key, V4, octets, kept))
    } else {
        let [.., host] = flipped(&secrets.key, V4, octets, 24);
        let [a, b, c] = network(secrets, [octets[0], octets[1], octets[2]]);
        Ipv4Addr::new(a, b, c, host)
    };
    secrets.keep(Kind::Address, &octets, &found.octets());
    found
}

/// The network that replaces a public one.
fn network(secrets: &mut Secrets, network: [u8; 3]) -> [u8; 3] {
    let found = secrets.part(V4_NETWORK, &network, |key, text| {
        let [a, b, c, ..] = key.bytes(V4_NETWORK, text).0;
        if text.ends_with(&[0]) { vec![198, 18 + (a & 1), b] } else { vec![240 + a % 15, b, c] }
    });
    [found[0], found[1], found[2]]
}

fn known<const N: usize>(secrets: &Secrets, original: &[u8; N]) -> Option<[u8; N]> {
    secrets.known(Kind::Address, original)?.try_into().ok()
}

fn v6(secrets: &mut Secrets, address: Ipv6Addr) -> Ipv6Addr {
    if let Some(v4) = address.to_ipv4_mapped() {
        return self::v4(secrets, v4).to_ipv6_mapped();
    }
    let octets = address.octets();
    if address.is_loopback() || address.is_unspecified() || address.is_multicast() {
        return address;
    }
    if let Some(known) = known(secrets, &octets) {
        return Ipv6Addr::from(known);
    }
    // Interface identifiers that people choose are short, and stay short.
    let host_from = if octets[8..14].iter().all(|&b| b == 0) { 112 } else { 64 };
    let mut found = flipped(&secrets.key, V6, octets, host_from);
    match octets[0] {
        0xfc | 0xfd => {
            let flipped = flipped(&secrets.key, V6, octets, 8);
            found[1..8].copy_from_slice(&flipped[1..8]);
        }
        0xfe if octets[1] & 0xc0 == 0x80 => {}
        _ => {
            let site = site(secrets, &octets[..6]);
            let subnet = flipped(&secrets.key, V6, octets, 48);
            found[..4].copy_from_slice(&[0x20, 0x01, 0x0d, 0xb8]);
            found[4..6].copy_from_slice(&site);
            found[6..8].copy_from_slice(&subnet[6..8]);
        }
    }
    secrets.keep(Kind::Address, &octets, &found);
    Ipv6Addr::from(found)
}

/// The 16 bits that replace the first 48 bits of an address.
fn site(secrets: &mut Secrets, site: &[u8]) -> [u8; 2] {
    let found = secrets.part(V6_NETWORK, site, |key, text| key.bytes(V6_NETWORK, text).0[..2].to_vec());
    [found[0], found[1]]
}

/// The octets with all bits from `kept` on flipped or not, each as the bits before it say: equal leading bits stay equal.
fn flipped<const N: usize>(key: &Key, domain: u8, octets: [u8; N], kept: usize) -> [u8; N] {
    let mut out = octets;
    for at in kept / 8..N {
        // 255 bits decide about the octet: one for each possible beginning of it.
        let tree = key.bytes(domain, &octets[..at]).0;
        let mut node = 1_usize;
        for bit in 0..8 {
            let is_set = octets[at] >> (7 - bit) & 1;
            let flips = tree[node / 8] >> (node % 8) & 1;
            if at * 8 + bit >= kept {
                out[at] ^= flips << (7 - bit);
            }
            node = node * 2 + usize::from(is_set);
        }
    }
    out
}

/// Host names that belong to no one.
fn is_common(name: &[u8]) -> bool {
    matches!(name, b"localhost" | b"invalid" | b"anonymous" | b"unknown" | b"service" | b"none" | b"nobody")
}

/// Appends what replaces a host name.
pub(super) fn host_name(secrets: &mut Secrets, out: &mut Vec<u8>, name: &[u8]) {
    let lower = name.to_ascii_lowercase();
    if is_common(&lower) || lower.ends_with(b".invalid") && lower.starts_with(b"anonymous.") {
        out.extend_from_slice(&lower);
        return;
    }
    if let Some(known) = secrets.known(Kind::Host, &lower) {
        out.extend_from_slice(known);
        return;
    }
    let mut found = Vec::new();
    let labels: Vec<&[u8]> = lower.split(|&b| b == b'.').filter(|label| !label.is_empty()).collect();
    // The top-level domain has no label of its own.
    let shown = if labels.len() > 1 { labels.len() - 1 } else { labels.len() };
    for at in 0..shown {
        let suffix = labels[at..].join(&b'.');
        found.extend_from_slice(if at + 1 == shown { b"d-" } else { b"h-" });
        found.extend(secrets.key.bytes(LABEL, &suffix).letters(8));
        found.push(b'.');
    }
    found.extend_from_slice(b"invalid");
    out.extend_from_slice(&found);
    secrets.keep(Kind::Host, &lower, &found);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets() -> Secrets {
        Secrets::new(Key::new(b"test"))
    }

    fn mapped(secrets: &mut Secrets, text: &str) -> IpAddr {
        address(secrets, text.parse().unwrap())
    }

    #[test]
    fn addresses_keep_their_kind_and_their_common_prefixes() {
        let mut secrets = secrets();
        let common = |a: IpAddr, b: IpAddr| match (a, b) {
            (IpAddr::V4(a), IpAddr::V4(b)) => (u32::from(a) ^ u32::from(b)).leading_zeros(),
            (IpAddr::V6(a), IpAddr::V6(b)) => (u128::from(a) ^ u128::from(b)).leading_zeros(),
            _ => 0,
        };
        for (a, b, least) in [
            ("192.0.2.20", "192.0.2.22", 24),
            ("10.1.2.3", "10.1.9.9", 8),
            ("192.168.7.1", "192.168.7.9", 16),
            ("172.16.1.1", "172.31.1.1", 12),
            ("100.64.0.1", "100.64.0.2", 10),
            ("fd00::1", "fd00::2", 8),
            ("2001:db8:10::20", "2001:db8:10::21", 64),
            ("fe80::1", "fe80::2", 64),
        ] {
            let (x, y) = (mapped(&mut secrets, a), mapped(&mut secrets, b));
            assert_eq!(common(x, y), common(a.parse().unwrap(), b.parse().unwrap()), "{a} {b}: {x} {y}");
            assert!(common(x, y) >= least);
            let same = |address: IpAddr| match address {
                IpAddr::V4(v4) => (v4.is_private(), v4.is_link_local(), v4.octets()[0] == 100),
                IpAddr::V6(v6) => (v6.is_unique_local(), v6.is_unicast_link_local(), false),
            };
            assert_eq!(same(x), same(a.parse().unwrap()), "{a} {x}");
        }
        for same in ["127.0.0.1", "0.0.0.0", "239.1.2.3", "::1", "::", "ff02::1", "255.255.255.255"] {
            assert_eq!(mapped(&mut secrets, same), same.parse::<IpAddr>().unwrap());
        }
    }

    #[test]
    fn no_two_addresses_become_the_same() {
        let (mut secrets, mut seen) = (secrets(), std::collections::HashSet::new());
        for network in 0..2000_u32 {
            for host in [1, 2] {
                let original = Ipv4Addr::from(0x0800_0000 + network * 0x0001_7b00 + host);
                if !original.is_private() && !original.is_loopback() && !original.is_multicast() {
                    seen.insert((original, v4(&mut secrets, original)));
                }
            }
        }
        let originals: std::collections::HashSet<_> = seen.iter().map(|(original, _)| original).collect();
        let pseudonyms: std::collections::HashSet<_> = seen.iter().map(|(_, pseudonym)| pseudonym).collect();
        assert_eq!(originals.len(), pseudonyms.len());
    }

    #[test]
    fn names_of_one_domain_stay_in_one_domain() {
        let mut secrets = secrets();
        let mut name = |text: &str| {
            let mut out = Vec::new();
            host_name(&mut secrets, &mut out, text.as_bytes());
            String::from_utf8(out).unwrap()
        };
        let (domain, host) = (name("example.com"), name("PBX.example.com"));
        assert!(host.ends_with(&domain[2..]) && domain.ends_with(".invalid"), "{domain} {host}");
        assert_eq!(name("localhost"), "localhost");
        assert!(name("pbx").ends_with(".invalid"));
    }
}
