//! The host of a peer's address.
//!
//! Must not know: rows, what a host is used for.

/// The host of an address as in the dump, without its port: `[192.0.2.7]` of `[192.0.2.7]:5060`.
pub fn host_of(address: &[u8]) -> &[u8] {
    match memchr::memrchr(b':', address) {
        Some(colon) if address.first() != Some(&b'[') || address[..colon].ends_with(b"]") => {
            &address[..colon]
        }
        _ => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_removed_and_an_address_stays_whole() {
        for (address, want) in [
            ("[192.0.2.7]:5060", "[192.0.2.7]"),
            ("[2001:db8::1]:5060", "[2001:db8::1]"),
            ("192.0.2.7:5060", "192.0.2.7"),
            ("[2001:db8::1]", "[2001:db8::1]"),
            ("", ""),
        ] {
            assert_eq!(host_of(address.as_bytes()), want.as_bytes(), "{address}");
        }
    }
}
