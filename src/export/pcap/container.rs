//! What is around the packets: the records of a libpcap file, or the blocks of a pcapng file with comments.
//!
//! pcapng as draft-ietf-opsawg-pcapng describes it: a section header, an interface for each profile, and enhanced packet
//! blocks. These few blocks need no library; the one that was looked at has had no release since 2022.
//!
//! Must not know: what is in a packet, where comments come from.

/// The length limit of packets in the file's header.
const SNAP_LEN: u32 = 262_144;
/// `LINKTYPE_RAW`: a packet begins with its IPv4 or IPv6 header.
const LINK_RAW: u32 = 101;

/// Options of pcapng: `opt_comment`, `shb_userappl`, `if_name`.
const COMMENT: u16 = 1;
const USER_APPLICATION: u16 = 4;
const INTERFACE_NAME: u16 = 2;
/// The limit of an option: its length has 16 bits.
const MOST_IN_OPTION: usize = 60_000;

/// The kind of a file of packets, with what it needs to remember.
#[derive(Debug)]
pub(super) enum Container {
    Libpcap,
    /// The profiles that have an interface so far.
    Pcapng(Vec<String>),
}

/// What is known of a packet beside its bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around<'a> {
    pub(super) micros: i64,
    pub(super) profile: &'a str,
    pub(super) comment: &'a str,
}

impl Container {
    /// Starts a libpcap file.
    pub(super) fn libpcap(out: &mut Vec<u8>) -> Self {
        for field in [0xa1b2_c3d4, 2 | 4 << 16, 0, 0, SNAP_LEN, LINK_RAW] {
            out.extend_from_slice(&u32::to_le_bytes(field));
        }
        Self::Libpcap
    }

    /// Starts a pcapng file with a comment on all of it.
    pub(super) fn pcapng(out: &mut Vec<u8>, comment: &str) -> Self {
        block(out, 0x0a0d_0d0a, |out| {
            // The byte order, the version, and a length of the section that is not given.
            out.extend_from_slice(&0x1a2b_3c4d_u32.to_le_bytes());
            out.extend_from_slice(&[1, 0, 0, 0]);
            out.extend_from_slice(&u64::MAX.to_le_bytes());
            option(out, COMMENT, comment);
            option(out, USER_APPLICATION, concat!("sofiatui ", env!("CARGO_PKG_VERSION")));
            end_of_options(out);
        });
        Self::Pcapng(Vec::new())
    }

    /// Appends a packet.
    pub(super) fn packet(
        &mut self,
        out: &mut Vec<u8>,
        around: Around<'_>,
        packet: impl FnOnce(&mut Vec<u8>),
    ) {
        match self {
            Self::Libpcap => record(out, around.micros, packet),
            Self::Pcapng(profiles) => {
                let interface = interface(profiles, around.profile, out);
                enhanced(out, (interface, around), packet);
            }
        }
    }
}

/// Appends a record: its time, the length of the packet twice, the packet.
fn record(out: &mut Vec<u8>, micros: i64, packet: impl FnOnce(&mut Vec<u8>)) {
    let seconds = micros.div_euclid(1_000_000) as u32;
    out.extend_from_slice(&seconds.to_le_bytes());
    out.extend_from_slice(&(micros.rem_euclid(1_000_000) as u32).to_le_bytes());
    let lengths = out.len();
    out.extend_from_slice(&[0; 8]);
    packet(out);
    let length = ((out.len() - lengths - 8) as u32).to_le_bytes();
    out[lengths..lengths + 4].copy_from_slice(&length);
    out[lengths + 4..lengths + 8].copy_from_slice(&length);
}

/// The number of the interface of a profile, which is appended if it is new.
fn interface(profiles: &mut Vec<String>, profile: &str, out: &mut Vec<u8>) -> u32 {
    if let Some(known) = profiles.iter().position(|known| known == profile) {
        return known as u32;
    }
    block(out, 1, |out| {
        out.extend_from_slice(&LINK_RAW.to_le_bytes());
        out.extend_from_slice(&SNAP_LEN.to_le_bytes());
        option(out, INTERFACE_NAME, profile);
        end_of_options(out);
    });
    profiles.push(profile.to_owned());
    profiles.len() as u32 - 1
}

/// Appends an enhanced packet block. Times are in microseconds, as without `if_tsresol`.
fn enhanced(out: &mut Vec<u8>, (interface, around): (u32, Around<'_>), packet: impl FnOnce(&mut Vec<u8>)) {
    block(out, 6, |out| {
        let micros = around.micros as u64;
        out.extend_from_slice(&interface.to_le_bytes());
        out.extend_from_slice(&((micros >> 32) as u32).to_le_bytes());
        out.extend_from_slice(&(micros as u32).to_le_bytes());
        let lengths = out.len();
        out.extend_from_slice(&[0; 8]);
        packet(out);
        let length = out.len() - lengths - 8;
        out[lengths..lengths + 4].copy_from_slice(&(length as u32).to_le_bytes());
        out[lengths + 4..lengths + 8].copy_from_slice(&(length as u32).to_le_bytes());
        pad(out, length);
        if !around.comment.is_empty() {
            option(out, COMMENT, around.comment);
            end_of_options(out);
        }
    });
}

/// Appends a block: its type, its length before and after its content.
fn block(out: &mut Vec<u8>, kind: u32, content: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend_from_slice(&kind.to_le_bytes());
    out.extend_from_slice(&[0; 4]);
    content(out);
    let length = ((out.len() - start + 4) as u32).to_le_bytes();
    out[start + 4..start + 8].copy_from_slice(&length);
    out.extend_from_slice(&length);
}

/// Appends an option with a text; none for an empty one.
fn option(out: &mut Vec<u8>, code: u16, text: &str) {
    if text.is_empty() {
        return;
    }
    let len = (0..=text.len().min(MOST_IN_OPTION)).rev().find(|len| text.is_char_boundary(*len));
    let text = &text[..len.unwrap_or_default()];
    out.extend_from_slice(&code.to_le_bytes());
    out.extend_from_slice(&(text.len() as u16).to_le_bytes());
    out.extend_from_slice(text.as_bytes());
    pad(out, text.len());
}

fn end_of_options(out: &mut Vec<u8>) {
    out.extend_from_slice(&[0; 4]);
}

/// Appends what is missing to a multiple of four bytes.
fn pad(out: &mut Vec<u8>, length: usize) {
    out.resize(out.len() + length.next_multiple_of(4) - length, 0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_aligned_and_have_their_length_at_both_ends() {
        let mut out = Vec::new();
        let mut container = Container::pcapng(&mut out, "a call");
        for (profile, comment, len) in [("internal", "", 5), ("external", "busy", 8), ("internal", "ü", 3)] {
            let around = Around { micros: 5_000_000_007, profile, comment };
            container.packet(&mut out, around, |out| out.resize(out.len() + len, b'x'));
        }
        let (mut rest, mut kinds) = (&out[..], Vec::new());
        while !rest.is_empty() {
            let word = |at: usize| u32::from_le_bytes(rest[at..at + 4].try_into().unwrap());
            let length = word(4) as usize;
            assert!(length.is_multiple_of(4));
            assert_eq!(word(length - 4) as usize, length);
            kinds.push((word(0), if word(0) == 6 { (word(8), word(20)) } else { (0, 0) }));
            rest = &rest[length..];
        }
        let (section, interface) = ((0x0a0d_0d0a, (0, 0)), (1, (0, 0)));
        assert_eq!(kinds, [section, interface, (6, (0, 5)), interface, (6, (1, 8)), (6, (0, 3))]);
    }
}
