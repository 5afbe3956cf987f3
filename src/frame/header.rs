//! The grammar of a frame header, as sofia-sip's `tport_logging.c` writes it.
//!
//! Must not know: buffers, readers, what comes after the header.

use crate::base::bytes::decimal;
use crate::base::{Direction, Timestamp, Transport};

/// The length limit of a header line in bytes, including its line feed.
///
/// The longest header that sofia-sip can write (ten digits, `sctp`, an IPv6 address with a zone, a flow label,
/// `;comp=sigcomp`, a timestamp with a date) is shorter than 200 bytes.
pub(crate) const MAX_HEADER: usize = 256;

/// One frame header: `recv|sent N bytes from|to PROTO/[ADDR]:PORT[/FLOW][;comp=sigcomp] at STAMP:\n`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) direction: Direction,
    /// The declared number of content bytes; `usize::MAX` if the digits exceed it.
    pub(crate) byte_count: usize,
    pub(crate) transport: Transport,
    /// The position of the address, relative to the first byte of the header.
    pub(crate) address: (u16, u16),
    pub(crate) timestamp: Timestamp,
    /// Length of the header line in bytes, including its line feed.
    pub(crate) len: usize,
}

/// The result of parsing a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parsed {
    /// A whole, valid header.
    Header(Header),
    /// The beginning of a possible header.
    Partial,
    /// Not a header.
    No,
}

/// Parses the header that begins at the first byte of `bytes`.
#[inline]
pub(crate) fn parse(bytes: &[u8]) -> Parsed {
    let word = &bytes[..bytes.len().min(5)];
    if word != b"recv " && word != b"sent " {
        let may_become = word.len() < 5 && (b"recv ".starts_with(word) || b"sent ".starts_with(word));
        return if may_become { Parsed::Partial } else { Parsed::No };
    }
    let line = &bytes[..bytes.len().min(MAX_HEADER)];
    match memchr::memchr(b'\n', line) {
        Some(end) => parse_line(&line[..end]).map_or(Parsed::No, Parsed::Header),
        None if line.len() == MAX_HEADER => Parsed::No,
        None => Parsed::Partial,
    }
}

/// Whether `bytes` begin with a header line whose line feed was converted to a carriage return and a line feed.
pub(crate) fn is_converted(bytes: &[u8]) -> bool {
    let line = &bytes[..bytes.len().min(MAX_HEADER)];
    let Some(end) = memchr::memchr(b'\n', line) else { return false };
    line[..end].strip_suffix(b"\r").is_some_and(|line| parse_line(line).is_some())
}

/// Reads a header line without its line feed.
fn parse_line(line: &[u8]) -> Option<Header> {
    let (direction, byte_count, rest) = parse_count(line)?;
    let rest = match direction {
        Direction::Recv => rest.strip_prefix(b"from ")?,
        Direction::Sent => rest.strip_prefix(b"to ")?,
    };
    let (transport, rest) = parse_transport(rest)?;
    let start = line.len() - rest.len();
    let (peer, stamp) = split_stamp(rest)?;
    let address_len = plain_address(peer).or_else(|| address_len(peer))?;
    Some(Header {
        direction,
        byte_count,
        transport,
        address: (start as u16, (start + address_len) as u16),
        timestamp: Timestamp::parse(stamp)?,
        len: line.len() + 1,
    })
}

/// Splits `PEER at STAMP:`; the timestamp has a date or not.
#[inline]
fn split_stamp(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = rest.strip_suffix(b":")?;
    [15, 26].into_iter().find_map(|stamp_len| {
        let (before, stamp) = rest.split_at_checked(rest.len().checked_sub(stamp_len)?)?;
        Some((before.strip_suffix(b" at ")?, stamp))
    })
}

/// Reads `recv|sent N bytes `: the direction, the count, and the rest of the line.
///
/// This is enough to skip a frame whose header has an error further on.
pub(crate) fn parse_count(line: &[u8]) -> Option<(Direction, usize, &[u8])> {
    let (direction, rest) = match line {
        [b'r', b'e', b'c', b'v', b' ', rest @ ..] => (Direction::Recv, rest),
        [b's', b'e', b'n', b't', b' ', rest @ ..] => (Direction::Sent, rest),
        _ => return None,
    };
    let mut count = 0_usize;
    let mut digits = 0;
    while let Some(digit) = rest.get(digits).map(|b| b.wrapping_sub(b'0')).filter(|&digit| digit <= 9) {
        count = count.saturating_mul(10).saturating_add(usize::from(digit));
        digits += 1;
    }
    let after = rest[digits..].strip_prefix(b" bytes ")?;
    (1..=20).contains(&digits).then_some((direction, count, after))
}

fn parse_transport(rest: &[u8]) -> Option<(Transport, &[u8])> {
    Some(match rest {
        [b'u', b'd', b'p', b'/', rest @ ..] => (Transport::Udp, rest),
        [b't', b'c', b'p', b'/', rest @ ..] => (Transport::Tcp, rest),
        [b't', b'l', b's', b'/', rest @ ..] => (Transport::Tls, rest),
        [b's', b'c', b't', b'p', b'/', rest @ ..] => (Transport::Sctp, rest),
        [b'w', b's', b'/', rest @ ..] => (Transport::Ws, rest),
        [b'w', b's', b's', b'/', rest @ ..] => (Transport::Wss, rest),
        _ => return None,
    })
}

/// The length of `peer` if it has the usual form `[ADDR]:PORT`.
#[inline]
fn plain_address(peer: &[u8]) -> Option<usize> {
    let digits = peer.iter().rev().take(6).take_while(|b| b.is_ascii_digit()).count();
    let host = peer[..peer.len() - digits].strip_suffix(b"]:")?.strip_prefix(b"[")?;
    // Ports of five digits may be out of range: the general form checks that.
    let is_plain = (1..=4).contains(&digits) || (digits == 5 && matches!(peer[peer.len() - 5], b'1'..=b'5'));
    (is_plain && !host.is_empty() && host.iter().all(|&b| HOST[b as usize])).then_some(peer.len())
}

/// Length of the address and port in `ADDR:PORT[/FLOW][;comp=sigcomp]`; `None` if `peer` does not have this form.
fn address_len(peer: &[u8]) -> Option<usize> {
    let host_len = if peer.first()? == &b'[' {
        peer.iter().position(|&b| b == b']')? + 1
    } else {
        // Without brackets: an IPv4 address or a host name (without colon), or an IPv6 address (with colons).
        let end = peer.iter().position(|&b| matches!(b, b'/' | b';')).unwrap_or(peer.len());
        peer[..end].iter().rposition(|&b| b == b':')?
    };
    let host = &peer[..host_len];
    let inner = host.strip_prefix(b"[").and_then(|h| h.strip_suffix(b"]")).unwrap_or(host);
    if inner.is_empty() || !inner.iter().all(|&b| HOST[b as usize]) {
        return None;
    }
    let after_host = peer[host_len..].strip_prefix(b":")?;
    let digits = after_host.iter().take_while(|b| b.is_ascii_digit()).count();
    let port = if digits <= 5 { decimal(&after_host[..digits])? } else { return None };
    is_peer_tail(&after_host[digits..]).then_some(())?;
    (port <= 65_535).then_some(host_len + 1 + digits)
}

/// Bytes of an address: hexadecimal, dotted, a name, or a zone after `%`.
const HOST: [bool; 256] = {
    let mut table = [false; 256];
    let mut b = 0;
    while b < 256 {
        table[b] = (b as u8).is_ascii_alphanumeric() || matches!(b as u8, b'.' | b':' | b'-' | b'_' | b'%');
        b += 1;
    }
    table
};

/// Whether `tail` is allowed after the port: nothing, `/FLOW`, `;comp=sigcomp`, or both.
fn is_peer_tail(tail: &[u8]) -> bool {
    let tail = match tail.strip_prefix(b"/") {
        None => tail,
        Some(flow) => {
            let digits = flow.iter().take_while(|b| b.is_ascii_digit()).count();
            if digits == 0 {
                return false;
            }
            &flow[digits..]
        }
    };
    tail.is_empty() || (tail.starts_with(b";comp=") && tail.iter().all(u8::is_ascii_graphic))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Parsed {
        parse(format!("{text}\nINVITE").as_bytes())
    }

    #[test]
    fn every_form_that_sofia_sip_writes_is_parsed() {
        for (text, transport, address) in [
            (
                "recv 5 bytes from udp/[192.0.2.7]:5060 at 06:00:00.019608:",
                Transport::Udp,
                "[192.0.2.7]:5060",
            ),
            ("sent 5 bytes to tcp/192.0.2.7:5060 at 06:00:00.019608:", Transport::Tcp, "192.0.2.7:5060"),
            (
                "sent 5 bytes to tls/[2001:db8::1]:40312 at 2026-02-01 06:00:00.019608:",
                Transport::Tls,
                "[2001:db8::1]:40312",
            ),
            (
                "recv 5 bytes from udp/[fe80::1%eth0]:5060/77 at 06:00:00.019608:",
                Transport::Udp,
                "[fe80::1%eth0]:5060",
            ),
            ("recv 5 bytes from sctp/[::1]:1/9;comp=sigcomp at 06:00:00.019608:", Transport::Sctp, "[::1]:1"),
            (
                "recv 5 bytes from ws/[192.0.2.7]:65535;comp=sigcomp at 06:00:00.019608:",
                Transport::Ws,
                "[192.0.2.7]:65535",
            ),
            ("sent 5 bytes to wss/2001:db8::1:443 at 06:00:00.019608:", Transport::Wss, "2001:db8::1:443"),
        ] {
            let Parsed::Header(header) = line(text) else { panic!("{text}") };
            let (from, to) = header.address;
            assert_eq!(header.transport, transport, "{text}");
            assert_eq!(&text[usize::from(from)..usize::from(to)], address);
            assert_eq!((header.byte_count, header.len), (5, text.len() + 1));
            assert!(text.contains(&header.timestamp.to_string()));
        }
    }

    #[test]
    fn a_line_with_an_invalid_field_is_not_a_header() {
        for text in [
            "recv 5 bytes to udp/[192.0.2.7]:5060 at 06:00:00.019608:",
            "sent 5 bytes from udp/[192.0.2.7]:5060 at 06:00:00.019608:",
            "recv bytes from udp/[192.0.2.7]:5060 at 06:00:00.019608:",
            "recv -5 bytes from udp/[192.0.2.7]:5060 at 06:00:00.019608:",
            "recv 5 octets from udp/[192.0.2.7]:5060 at 06:00:00.019608:",
            "recv 5 bytes from dccp/[192.0.2.7]:5060 at 06:00:00.019608:",
            "recv 5 bytes from udp/[192.0.2.7]:70000 at 06:00:00.019608:",
            "recv 5 bytes from udp/[192.0.2.7] at 06:00:00.019608:",
            "recv 5 bytes from udp/[]:5060 at 06:00:00.019608:",
            "recv 5 bytes from udp/[192.0.2.7]:5060/x at 06:00:00.019608:",
            "recv 5 bytes from udp/[192.0.2.7]:5060 at 2026-99-01 06:00:00.019608:",
            "recv 5 bytes from udp/[192.0.2.7]:5060 at 25:00:00.019608:",
            "recv 5 bytes from udp/[192.0.2.7]:5060 at 06:00:00.019608: ",
            "recv 5 bytes from udp/[192.0.2.7]:5060 at 06:00:00.019608",
            "recv 5 bytes from udp/[192.0.2.7]:5060 at 06:00:00.019608:\r",
            " recv 5 bytes from udp/[192.0.2.7]:5060 at 06:00:00.019608:",
        ] {
            assert_eq!(line(text), Parsed::No, "{text}");
        }
    }

    #[test]
    fn every_prefix_is_a_possible_header_and_an_endless_line_is_not_a_header() {
        let text = b"recv 5 bytes from udp/[192.0.2.7]:5060 at 06:00:00.019608:\n";
        for len in 0..text.len() {
            assert_eq!(parse(&text[..len]), Parsed::Partial, "{len}");
        }
        assert_eq!(parse(&[b"recv ".as_slice(), &[b'9'; 300]].concat()), Parsed::No);
        assert_eq!(parse(b"recx"), Parsed::No);
    }

    #[test]
    fn a_count_that_overflows_is_the_largest_number() {
        let text = b"recv 99999999999999999999 bytes from udp/[192.0.2.7]:5060 at 06:00:00.019608:\n";
        assert!(matches!(parse(text), Parsed::Header(Header { byte_count: usize::MAX, .. })));
    }
}
