//! Writes messages one after the other in the formats that need no more than one at a time.
//!
//! Must not know: files, where messages come from.

use crate::export::dump::Dump;
use crate::export::pcap::Pcap;
use crate::export::stored::Stored;
use crate::export::text::{self, Shown};
use crate::export::{Format, Style, csv, json};
use crate::sip::index_fields;

use super::How;

/// A format that is being written.
#[derive(Debug)]
pub(super) enum MessageWriter {
    Dump(Dump),
    Pcap(Pcap),
    Text(Style),
    Json,
    Csv(csv::Messages),
}

impl MessageWriter {
    /// Appends what is before the first message.
    pub(super) fn new(out: &mut Vec<u8>, how: &How) -> Self {
        match how.format {
            Format::Dump => Self::Dump(Dump::default()),
            Format::Pcap => Self::Pcap(Pcap::new(out, how.local)),
            // A report is written as a whole.
            Format::Text | Format::Markdown | Format::Svg | Format::Html => Self::Text(how.style),
            Format::Json => Self::Json,
            Format::Csv => Self::Csv(csv::Messages::new(out, how.columns.clone())),
        }
    }

    /// Appends a message.
    pub(super) fn message(&mut self, out: &mut Vec<u8>, stored: &Stored<'_>) {
        let Stored { entry, row, profile, time, dates } = stored;
        match self {
            Self::Dump(dump) => dump.message(out, entry, *time, *dates),
            Self::Pcap(pcap) => pcap.message_at(out, profile, entry, (*time, *dates)),
            Self::Text(style) => {
                text::message(out, *style, Shown::Whole, entry, &index_fields(entry.content));
            }
            Self::Json => json::message(out, entry, &index_fields(entry.content)),
            Self::Csv(table) => table.message(out, row, entry.content),
        }
    }

    /// Appends what is after the last message.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        if let Self::Pcap(pcap) = self {
            pcap.finish(out);
        }
    }
}
