//! Bench: the three levels on made-up traffic, and on the inputs that a careless parser takes forever for.
//!
//! `cargo bench --bench levels`. Allocation counts are checked by `tests/compare/tests/allocations.rs`.

mod timing;
mod traffic;

use std::fmt::Write as _;
use std::io::Read;

use sofiatui::sip::{Message, index_fields};
use sofiatui::{FrameIterator, FrameReader, MessageIterator, MessageReader, ParsedMessageIterator};
use timing::{begin, measure};

const MIB: usize = 1 << 20;

fn main() {
    let dump = traffic::dump(64 * MIB, 42);
    begin(&format!("{} MB of made-up traffic in memory", dump.len() / 1_000_000));
    measure("level 1, lending", dump.len(), || frames(&dump[..]));
    measure("level 1, lending, 1 KiB a read", dump.len(), || frames(Small(&dump)));
    measure("level 1, owned", dump.len(), || FrameIterator::new(&dump[..]).count() as u64);
    measure("level 2, lending", dump.len(), || messages(&dump, |_| 1));
    measure("level 2, owned", dump.len(), || MessageIterator::new(&dump[..]).count() as u64);
    measure("level 3, `headline`", dump.len(), || {
        messages(&dump, |message| index_fields(message).body_offset as u64)
    });
    measure("level 3, all header fields", dump.len(), || {
        messages(&dump, |message| Message::parse(message).headers().count() as u64)
    });
    measure("level 3, findings", dump.len(), || {
        messages(&dump, |message| Message::parse(message).findings().len() as u64)
    });
    measure("level 3, owned", dump.len(), || ParsedMessageIterator::new(&dump[..]).count() as u64);

    begin("Inputs that must cost no more than any other");
    for (name, dump) in hard_inputs() {
        measure(name, dump.len(), || messages(&dump, |_| 1));
    }
}

fn frames(input: impl Read) -> u64 {
    let mut frames = FrameReader::new(input);
    let mut count = 0;
    while let Ok(Some(frame)) = frames.next_frame() {
        count += u64::from(!frame.content.is_empty());
    }
    count
}

fn messages(dump: &[u8], look: impl Fn(&[u8]) -> u64) -> u64 {
    let mut messages = MessageReader::new(dump);
    let mut sum = 0;
    while let Ok(Some(message)) = messages.next_message() {
        sum += look(message.content);
    }
    sum
}

/// Gives at most 1 KiB a read.
struct Small<'a>(&'a [u8]);

impl Read for Small<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let len = buffer.len().min(1024);
        self.0.read(&mut buffer[..len])
    }
}

fn hard_inputs() -> [(&'static str, Vec<u8>); 6] {
    let mut unbounded = header(10, 1, 5060);
    unbounded.resize(64 * MIB, b'x');
    let mut tiny = Vec::new();
    for n in 0..1_000_000 {
        tiny.extend_from_slice(&header(1, n, 5060));
        tiny.extend_from_slice(b"\n\x0b\n");
    }
    let (mut streams, start) = (Vec::new(), b"INVITE sip:a@b SIP/2.0\r\nContent-Length: 100\r\n\r\nv=0\r\n");
    for n in 0..400_000 {
        streams.extend_from_slice(&header(start.len(), n, 10_000 + n % 10_000));
        streams.extend_from_slice(start);
        streams.extend_from_slice(b"\x0b\n");
    }
    let mut head = b"INVITE sip:a@b SIP/2.0\r\n".to_vec();
    while head.len() < 5 * MIB {
        head.extend_from_slice(b"X-Filler: 0123456789012345678901234567890123456789\r\n");
    }
    head.extend_from_slice(b"Content-Length: 0\r\n\r\n");
    let mut reads = Vec::new();
    for (n, read) in head.chunks(1440).enumerate() {
        reads.extend_from_slice(&header(read.len(), n, 5060));
        reads.extend_from_slice(read);
        reads.extend_from_slice(b"\x0b\n");
    }
    let near = b"recv 5 bytes from udp/[192.0.2.7]:5060 at 06:00:00.99999".repeat(16 * MIB / 56);
    [
        ("10 bytes promised, no boundary in 64 MiB", unbounded),
        ("a million frames of 1 byte", tiny),
        ("10,000 streams that never end a message", streams),
        ("a head of 5 MiB in reads of 1,440 bytes", reads),
        ("headers that are none", near),
        ("vertical tabs and line feeds alone", b"\x0b\n".repeat(16 * MIB / 2)),
    ]
}

fn header(len: usize, n: usize, port: usize) -> Vec<u8> {
    let mut header = String::new();
    let (min, sec, micros) = (n / 60_000_000 % 60, n / 1_000_000 % 60, n % 1_000_000);
    let _ =
        writeln!(header, "recv {len} bytes from tcp/[192.0.2.7]:{port} at 06:{min:02}:{sec:02}.{micros:06}:");
    header.into_bytes()
}
