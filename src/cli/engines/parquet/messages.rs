//! The table of messages, with the columns of HOMER 11.
//!
//! Must not know: files, which messages are wanted.

use crate::base::hash64;
use crate::cli::engines::capture::Context;
use crate::cli::peek::{first_line, peek};
use crate::export::json::{Object, Scalar};
use crate::export::parquet::{Column, Kind, Row};
use crate::export::stored::Stored;
use crate::export::{Entry, dump};
use crate::sip::StartLine;
use crate::store::DAY;

/// The columns: those of HOMER 11 in its order.
pub(super) const COLUMNS: &[Column] = &[
    Column { name: "uuid", kind: Kind::Text },
    Column { name: "date", kind: Kind::Date },
    Column { name: "timestamp", kind: Kind::Micros },
    Column { name: "session_id", kind: Kind::Text },
    Column { name: "caller", kind: Kind::Text },
    Column { name: "callee", kind: Kind::Text },
    Column { name: "src_ip", kind: Kind::Text },
    Column { name: "dst_ip", kind: Kind::Text },
    Column { name: "src_port", kind: Kind::Int },
    Column { name: "dst_port", kind: Kind::Int },
    Column { name: "method", kind: Kind::Text },
    Column { name: "response_code", kind: Kind::Int },
    Column { name: "cseq_method", kind: Kind::Text },
    Column { name: "protocol", kind: Kind::Int },
    Column { name: "node_id", kind: Kind::Text },
    Column { name: "cid", kind: Kind::Text },
    Column { name: "payload", kind: Kind::Bytes },
    Column { name: "data_extra", kind: Kind::Text },
];

/// Protocol numbers of IP.
const TCP: i32 = 6;
const UDP: i32 = 17;

/// Gives the values of a message.
pub(super) fn fill(out: &mut Row<'_>, node: Option<&str>, stored: &Stored<'_>, context: &Context<'_>) {
    let (entry, row) = (&stored.entry, &stored.row);
    let (start_line, head) = first_line(entry.content);
    let peek = peek(entry.content, head);
    let text = |bytes| Some(bytes).filter(|bytes: &&[u8]| !bytes.is_empty());
    let uuid = uuid(node.unwrap_or_default(), stored);
    let (method, code) = match start_line {
        Some(StartLine::Request { method, .. }) => (Some(method), None),
        Some(StartLine::Status { code, .. }) => (None, Some(i32::from(code))),
        _ => (None, None),
    };
    out.text(uuid.as_bytes());
    out.int(date(context.micros));
    out.long(context.micros);
    out.text(text(peek.call_id));
    out.text(text(row.from()));
    out.text(text(row.to()));
    out.text(context.from.ip().to_string().as_bytes());
    out.text(context.to.ip().to_string().as_bytes());
    out.int(i32::from(context.from.port()));
    out.int(i32::from(context.to.port()));
    out.text(method);
    out.int(code);
    out.text(text(peek.cseq_method));
    out.int(if entry.transport.is_stream() { TCP } else { UDP });
    out.text(node.map(str::as_bytes));
    out.text(text(context.correlation));
    out.text(entry.content);
    out.text(&*extra(stored));
}

/// The day of a time, in days since 1970-01-01.
pub(super) fn date(micros: i64) -> i32 {
    micros.div_euclid(DAY) as i32
}

/// The same in each run, so that what is written twice can be found: of the node, and the position, time and text of the
/// message; a UUID of version 8 (RFC 9562 §5.8).
fn uuid(node: &str, stored: &Stored<'_>) -> String {
    let entry = &stored.entry;
    let half = |salt: &[u8]| {
        let place = [stored.time.to_le_bytes(), entry.offset.to_le_bytes()].concat();
        let profile = stored.profile.as_bytes();
        hash64(&[salt, node.as_bytes(), profile, &place, entry.address, entry.content])
    };
    let (high, low) = (half(b"high"), half(b"low"));
    let (high, low) = (high & !0xf000 | 0x8000, low & !(0xc000 << 48) | 0x8000 << 48);
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xffff,
        low >> 48,
        low & 0xffff_ffff_ffff
    )
}

/// What HOMER has no column for, as JSON. `frame` is the header of the message's frame in a dump: with a colon, a line end,
/// the payload, and the boundary `\x0b\n`, it is a dump again.
fn extra(stored: &Stored<'_>) -> Vec<u8> {
    let entry = &stored.entry;
    let mut out = Vec::with_capacity(300);
    let mut header = Vec::with_capacity(100);
    // The files of a table are not read one after the other: each message says its date, where it is known.
    let stamp = entry.date.and_then(|day| entry.stamp.on_day(day)).unwrap_or(entry.stamp);
    dump::header(&mut header, &Entry { stamp, ..*entry });
    let mut object = Object::new(&mut out);
    let text = |text: &'static str| Scalar::Text(text.into());
    object.scalar("frame", &Scalar::of_bytes(&header));
    object.scalar("profile", &Scalar::Text(stored.profile.into()));
    object.scalar("direction", &text(entry.direction.as_str()));
    object.scalar("transport", &text(entry.transport.as_str()));
    object.scalar("file", &Scalar::Text(entry.file.into()));
    object.scalar("offset", &Scalar::Number(entry.offset));
    object.scalar("frames", &Scalar::Number(entry.frames));
    object.close();
    out
}
