//! Writes messages one after the other in the formats that need no more than one at a time.
//!
//! Must not know: files, where messages come from.

use crate::base::Direction;
use crate::export::dump::Dump;
use crate::export::pcap::Pcap;
use crate::export::stored::{Stored, with_stored};
use crate::export::text::{self, Shown};
use crate::export::{Format, Style, csv, json};
use crate::sip::index_fields;
use crate::store::{RowRef, Snapshot, TextReader};

use super::How;
use super::comments::NOTE;

/// Rows that are looked at for sent messages.
const MOST_ROWS: usize = 200_000;
/// Sent messages of each profile that are looked at for our addresses.
const MOST_LOOKED_AT: usize = 20;

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
    pub(super) fn new(out: &mut Vec<u8>, how: &How, comment: &str) -> Self {
        match how.format {
            Format::Dump => Self::Dump(Dump::default()),
            Format::Pcap => Self::Pcap(Pcap::new(out, how.local)),
            Format::Pcapng => Self::Pcap(Pcap::with_comments(out, how.local, comment)),
            // A report is written as a whole.
            Format::Text | Format::Markdown | Format::Svg | Format::Html => Self::Text(how.style),
            Format::Json => Self::Json,
            Format::Csv => Self::Csv(csv::Messages::new(out, how.columns.clone())),
        }
    }

    /// Looks for our addresses in the first sent messages of each profile, whether they are saved or not.
    pub(super) fn learn(&mut self, snapshot: &Snapshot, reader: &mut TextReader) {
        let Self::Pcap(pcap) = self else { return };
        let mut looked_at = vec![0_usize; snapshot.sources.len()];
        let is_sent = |row: &RowRef<'_>| row.row.direction() == Direction::Sent;
        for row in snapshot.rows_from(0).take(MOST_ROWS).filter(is_sent) {
            let Some(count) = looked_at.get_mut(usize::from(row.row.source)) else { continue };
            if *count < MOST_LOOKED_AT {
                *count += 1;
                // What cannot be read says nothing.
                let _ = with_stored(snapshot, row.index, reader, |stored| {
                    pcap.learn(stored.profile, &stored.entry);
                });
            }
        }
    }

    /// Appends a message and what there is to say about it.
    pub(super) fn message(&mut self, out: &mut Vec<u8>, stored: &Stored<'_>, comments: &[String]) {
        let Stored { entry, row, profile, time, dates } = stored;
        match self {
            Self::Dump(dump) => dump.message(out, entry, *time, *dates),
            Self::Pcap(pcap) => {
                pcap.message_at(out, (profile, &comments.join("\n")), entry, (*time, *dates));
            }
            Self::Text(style) => {
                for comment in comments {
                    out.extend_from_slice(style.signs(comment).as_bytes());
                    out.push(b'\n');
                }
                text::message(out, *style, Shown::Whole, entry, &index_fields(entry.content));
            }
            Self::Json => {
                let note = comments.first().and_then(|comment| comment.strip_prefix(NOTE));
                json::noted(out, entry, &index_fields(entry.content), note);
            }
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
