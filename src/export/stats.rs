//! Counts: what was in the input, and what was in the messages chosen; to be read, or as JSON.
//!
//! Must not know: how the counts came about.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::base::escape::escape;
use crate::base::number::grouped;
use crate::base::{Timestamp, Transport};
use crate::frame::{Loss, ParseStats, UnparsedRegion};

use super::put::{Ink, Style};

/// Names in a list of the text form; the JSON form has them all.
const LISTED: usize = 20;
/// Regions and losses in a list of the text form.
const PLACES: usize = 10;

/// Counts of the messages that were chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Messages.
    pub messages: u64,
    /// Messages that lie in more than one frame.
    pub multi_frame: u64,
    /// Messages that are no SIP.
    pub no_sip: u64,
    /// Distinct Call-IDs.
    pub calls: u64,
    /// Requests by method.
    pub methods: Vec<(Vec<u8>, u64)>,
    /// Responses by the method of their `CSeq`.
    pub responses_by_method: Vec<(Vec<u8>, u64)>,
    /// Responses by status code.
    pub statuses: Vec<(u16, u64)>,
    /// Messages by the host of the peer.
    pub peers: Vec<(Vec<u8>, u64)>,
    /// The earliest stamp.
    pub first: Option<Timestamp>,
    /// The latest stamp.
    pub last: Option<Timestamp>,
}

/// The accounts of the inputs: every byte of them.
#[derive(Debug, Clone, Default)]
pub struct Report {
    bytes: u64,
    skipped: u64,
    frames: u64,
    keepalives: u64,
    transports: [u64; Transport::ALL.len()],
    unlisted_regions: u64,
    unlisted_losses: u64,
    files: Vec<FileReport>,
}

/// The accounts of one input.
#[derive(Debug, Clone)]
struct FileReport {
    name: String,
    bytes: u64,
    skipped: u64,
    frames: u64,
    messages: u64,
    keepalives: u64,
    regions: Vec<UnparsedRegion>,
    losses: Vec<Loss>,
}

impl Report {
    /// Adds the accounts of the input of that name.
    pub fn add(&mut self, name: &str, stats: &ParseStats) {
        self.bytes += stats.bytes_read();
        self.skipped += stats.bytes_skipped();
        self.frames += stats.frames();
        self.keepalives += stats.keepalives();
        for (count, transport) in self.transports.iter_mut().zip(Transport::ALL) {
            *count += stats.frames_by(transport);
        }
        self.unlisted_regions += stats.unparsed_region_count() - stats.unparsed_regions().len() as u64;
        self.unlisted_losses += stats.loss_count() - stats.losses().len() as u64;
        self.files.push(FileReport {
            name: name.to_owned(),
            bytes: stats.bytes_read(),
            skipped: stats.bytes_skipped(),
            frames: stats.frames(),
            messages: stats.messages(),
            keepalives: stats.keepalives(),
            regions: stats.unparsed_regions().to_vec(),
            losses: stats.losses().to_vec(),
        });
    }

    fn transports(&self) -> impl Iterator<Item = (Transport, u64)> {
        Transport::ALL.into_iter().zip(self.transports).filter(|(_, count)| *count > 0)
    }
}

/// Appends the counts as one JSON object and a line end.
///
/// With several inputs each region and loss names its file, since its offset is a place in that file.
pub fn json(out: &mut Vec<u8>, report: &Report, counts: &Counts) {
    let stamp = |stamp: Option<Timestamp>| stamp.map(|stamp| stamp.to_string());
    let transports = report.transports().map(|(transport, count)| (transport.to_string(), count.into()));
    let statuses = counts.statuses.iter().map(|(code, count)| (code.to_string(), (*count).into()));
    let object = json!({
        "bytes": report.bytes,
        "skipped_bytes": report.skipped,
        "frames": report.frames,
        "messages": counts.messages,
        "keepalives": report.keepalives,
        "multi_frame_messages": counts.multi_frame,
        "calls": counts.calls,
        "methods": by_name(&counts.methods),
        "responses_by_method": by_name(&counts.responses_by_method),
        "statuses": statuses.collect::<Map<_, _>>(),
        "transports": transports.collect::<Map<_, _>>(),
        "first": stamp(counts.first),
        "last": stamp(counts.last),
        "unparsed": report.places(|file| file.regions.iter().map(region).collect()),
        "losses": report.places(|file| file.losses.iter().map(loss).collect()),
        "files": report.files.iter().map(FileReport::json).collect::<Vec<_>>(),
    });
    out.extend_from_slice(object.to_string().as_bytes());
    out.push(b'\n');
}

fn by_name(counts: &[(Vec<u8>, u64)]) -> Map<String, Value> {
    counts.iter().map(|(name, count)| (escape(name).into_owned(), (*count).into())).collect()
}

fn region(region: &UnparsedRegion) -> Value {
    json!({"offset": region.offset, "length": region.length, "reason": region.reason.to_string()})
}

fn loss(loss: &Loss) -> Value {
    json!({"offset": loss.offset, "bytes": loss.bytes, "reason": loss.reason.to_string()})
}

impl Report {
    fn places(&self, of: impl Fn(&FileReport) -> Vec<Value>) -> Vec<Value> {
        let mut all = Vec::new();
        for file in &self.files {
            for mut place in of(file) {
                if self.files.len() > 1 {
                    place["file"] = file.name.clone().into();
                }
                all.push(place);
            }
        }
        all
    }
}

impl FileReport {
    fn json(&self) -> Value {
        json!({
            "file": self.name,
            "bytes": self.bytes,
            "skipped_bytes": self.skipped,
            "frames": self.frames,
            "messages": self.messages,
            "keepalives": self.keepalives,
        })
    }
}

/// Appends the counts as text.
pub fn text(out: &mut Vec<u8>, style: Style, report: &Report, counts: &Counts) {
    let mut page = Page { out, style };
    page.input(report);
    page.messages(counts);
    page.columns(report, counts);
    page.regions(report);
    page.losses(report);
}

/// The text form on its way.
struct Page<'o> {
    out: &'o mut Vec<u8>,
    style: Style,
}

impl Page<'_> {
    fn line(&mut self, name: &str, text: &str) {
        self.style.inked(self.out, Ink::Faint, |out| out.extend_from_slice(format!("{name:<12}").as_bytes()));
        self.out.extend_from_slice(text.as_bytes());
        self.out.push(b'\n');
    }

    fn heading(&mut self, text: &str) {
        self.out.push(b'\n');
        self.style.inked(self.out, Ink::Strong, |out| out.extend_from_slice(text.as_bytes()));
        self.out.push(b'\n');
    }

    fn input(&mut self, report: &Report) {
        for file in &report.files {
            let name = escape(file.name.as_bytes());
            self.line(
                "file",
                &format!("{name}  {} frames in {} bytes", grouped(file.frames), grouped(file.bytes)),
            );
        }
        let parsed = 100.0 * (report.bytes - report.skipped) as f64 / report.bytes.max(1) as f64;
        // 99.999 % must not read as all.
        let share = if report.skipped == 0 { 100.0 } else { parsed.min(99.999) };
        self.line(
            "read",
            &format!(
                "{} bytes, {} skipped ({share:.3}% understood)",
                grouped(report.bytes),
                grouped(report.skipped)
            ),
        );
        let keepalives = match report.keepalives {
            0 => String::new(),
            1 => ", 1 keep-alive".to_owned(),
            n => format!(", {} keep-alives", grouped(n)),
        };
        self.line("frames", &format!("{}{keepalives}", grouped(report.frames)));
    }

    fn messages(&mut self, counts: &Counts) {
        let mut text = grouped(counts.messages);
        // Writing to a String cannot fail.
        if counts.multi_frame > 0 {
            let _ = write!(text, ", {} in several frames", grouped(counts.multi_frame));
        }
        if counts.no_sip > 0 {
            let _ = write!(text, ", {} no SIP", grouped(counts.no_sip));
        }
        self.line("messages", &text);
        self.line("calls", &grouped(counts.calls));
        if let (Some(first), Some(last)) = (counts.first, counts.last) {
            self.line("time", &format!("{first} to {last}"));
        }
    }

    fn columns(&mut self, report: &Report, counts: &Counts) {
        let transports: Vec<_> = report.transports().map(|(t, n)| (t.to_string(), n)).collect();
        self.counts("frames by transport", transports);
        self.counts("requests", named(&counts.methods));
        self.counts("responses by method", named(&counts.responses_by_method));
        self.counts(
            "responses by status",
            counts.statuses.iter().map(|(c, n)| (c.to_string(), *n)).collect(),
        );
        self.counts("messages by peer", named(&counts.peers));
    }

    /// A list of names and counts, the largest counts first.
    fn counts(&mut self, heading: &str, mut counts: Vec<(String, u64)>) {
        if counts.is_empty() {
            return;
        }
        self.heading(heading);
        counts.sort_by(|(a, m), (b, n)| n.cmp(m).then_with(|| a.cmp(b)));
        let width = counts.iter().map(|(_, n)| grouped(*n).len()).max().unwrap_or_default();
        for (name, count) in counts.iter().take(LISTED) {
            self.out.extend_from_slice(format!("  {:>width$}  {name}\n", grouped(*count)).as_bytes());
        }
        self.rest(counts.len().saturating_sub(LISTED) as u64);
    }

    fn rest(&mut self, more: u64) {
        if more > 0 {
            self.out.extend_from_slice(format!("  and {} more\n", grouped(more)).as_bytes());
        }
    }

    fn regions(&mut self, report: &Report) {
        let all = report.files.iter().flat_map(|file| file.regions.iter().map(move |region| (file, region)));
        let lines: Vec<_> = all
            .map(|(file, r)| {
                let end = r.offset + r.length;
                let place = format!("{}-{end} ({} bytes): {}", r.offset, r.length, r.reason);
                report.placed(file, &place)
            })
            .collect();
        self.places("skipped", &lines, report.unlisted_regions);
    }

    fn losses(&mut self, report: &Report) {
        let all = report.files.iter().flat_map(|file| file.losses.iter().map(move |loss| (file, loss)));
        let lines: Vec<_> = all
            .map(|(file, l)| {
                report.placed(file, &format!("from {} on ({} bytes there): {}", l.offset, l.bytes, l.reason))
            })
            .collect();
        self.places("messages cut", &lines, report.unlisted_losses);
    }

    fn places(&mut self, heading: &str, lines: &[String], unlisted: u64) {
        if lines.is_empty() {
            return;
        }
        self.heading(heading);
        for line in lines.iter().take(PLACES) {
            self.out.extend_from_slice(format!("  {line}\n").as_bytes());
        }
        self.rest(lines.len().saturating_sub(PLACES) as u64 + unlisted);
    }
}

impl Report {
    /// A place, with its file in front where there are several.
    fn placed(&self, file: &FileReport, place: &str) -> String {
        if self.files.len() > 1 {
            format!("{}: {place}", escape(file.name.as_bytes()))
        } else {
            place.to_owned()
        }
    }
}

fn named(counts: &[(Vec<u8>, u64)]) -> Vec<(String, u64)> {
    let name = |name: &[u8]| if name.is_empty() { "(none)".to_owned() } else { escape(name).into_owned() };
    counts.iter().map(|(n, count)| (name(n), *count)).collect()
}
