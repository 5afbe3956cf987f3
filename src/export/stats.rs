//! Statistics of the input and of the selected messages, as text or as JSON.
//!
//! Must not know: how messages are counted.

use std::fmt::{self, Write as _};

use serde_json::{Map, Value, json};

use crate::base::escape::escape;
use crate::base::number::grouped;
use crate::base::{Aliases, Timestamp, Transport};
use crate::frame::{Loss, ParseStats, SkipReason, UnparsedRegion};
use crate::store::{FilePart, LogAccount, Source};

use super::call_stats::{self, CallCounts};
use super::log_stats;
use super::stats_page::Page;
use super::styled_write::Style;

/// Counts of the selected messages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Messages.
    pub messages: u64,
    /// Messages with bytes in more than one frame.
    pub multi_frame: u64,
    /// Messages that are not SIP.
    pub no_sip: u64,
    /// Distinct Call-IDs.
    pub call_ids: u64,
    /// Requests by method.
    pub methods: Vec<(Vec<u8>, u64)>,
    /// Responses by the method of their `CSeq`.
    pub responses_by_method: Vec<(Vec<u8>, u64)>,
    /// Responses by status code.
    pub statuses: Vec<(u16, u64)>,
    /// Messages by the host of the peer.
    pub peers: Vec<(Vec<u8>, u64)>,
    /// What is counted of calls, if it was asked for.
    pub calls: Option<CallCounts>,
    /// The time of the earliest message.
    pub first: Option<When>,
    /// The time of the latest message.
    pub last: Option<When>,
}

/// A timestamp, and its inferred date if it has none itself: days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    /// The timestamp as in the dump.
    pub stamp: Timestamp,
    /// The inferred date.
    pub date: Option<i64>,
}

impl When {
    /// The timestamp with its inferred date.
    fn dated(self) -> Option<Timestamp> {
        self.stamp.on_day(self.date?)
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.dated() {
            Some(dated) => write!(f, "≈{dated}"),
            None => self.stamp.fmt(f),
        }
    }
}

/// The statistics of the inputs, which cover every byte.
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
    /// Text that is in two files of a set: the later file, and how many bytes of its beginning.
    replayed: Vec<(String, u64)>,
    /// What became of the bytes of logs.
    logs: Vec<LogAccount>,
    aliases: Aliases,
}

/// Maps an offset of an input to one of its files and the offset in that file.
#[derive(Debug, Clone)]
pub struct Places {
    name: String,
    files: Vec<FilePart>,
}

impl Places {
    /// For the input `source`; `files` are in the order of its text.
    pub fn new(source: &Source, files: &[FilePart]) -> Self {
        let files = if files.len() > 1 { files.to_vec() } else { Vec::new() };
        Self { name: source.file.clone(), files }
    }

    /// The name of the input.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file that contains the byte at an offset of the input, and its offset in the file.
    pub fn of(&self, offset: u64) -> (&str, u64) {
        let after = self.files.partition_point(|file| file.start <= offset);
        match after.checked_sub(1).and_then(|number| self.files.get(number)) {
            Some(file) => (&file.name, file.position(offset)),
            None => (&self.name, offset),
        }
    }
}

/// The statistics of one input.
#[derive(Debug, Clone)]
struct FileReport {
    places: Places,
    bytes: u64,
    skipped: u64,
    frames: u64,
    messages: u64,
    keepalives: u64,
    regions: Vec<UnparsedRegion>,
    losses: Vec<Loss>,
}

impl Report {
    /// A report that shows the names of peers.
    pub fn with_aliases(aliases: Aliases) -> Self {
        Self { aliases, ..Self::default() }
    }

    /// Adds the statistics of an input.
    pub fn add(&mut self, places: Places, stats: &ParseStats) {
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
            places,
            bytes: stats.bytes_read(),
            skipped: stats.bytes_skipped(),
            frames: stats.frames(),
            messages: stats.messages(),
            keepalives: stats.keepalives(),
            regions: stats.unparsed_regions().to_vec(),
            losses: stats.losses().to_vec(),
        });
    }

    /// Adds bytes at the beginning of a file that are also at the end of the previous file, and were read there.
    pub fn add_replayed(&mut self, file: &str, bytes: u64) {
        self.bytes += bytes;
        self.skipped += bytes;
        self.replayed.push((file.to_owned(), bytes));
    }

    /// Adds what became of the bytes of logs.
    pub fn add_logs(&mut self, logs: Vec<LogAccount>) {
        self.logs.extend(logs);
    }

    /// Whether a position needs the name of its file.
    fn names_files(&self) -> bool {
        self.files.len() > 1 || self.files.iter().any(|file| !file.places.files.is_empty())
    }

    fn transports(&self) -> impl Iterator<Item = (Transport, u64)> {
        Transport::ALL.into_iter().zip(self.transports).filter(|(_, count)| *count > 0)
    }
}

/// Appends the counts as one JSON object and a line end.
///
/// With several inputs each region and loss names its file, because its offset is a position in that file.
pub fn json(out: &mut Vec<u8>, report: &Report, counts: &Counts) {
    let stamp = |when: Option<When>| when.map(|when| when.stamp.to_string());
    let transports = report.transports().map(|(transport, count)| (transport.to_string(), count.into()));
    let statuses = counts.statuses.iter().map(|(code, count)| (code.to_string(), (*count).into()));
    let mut object = json!({
        "bytes": report.bytes,
        "skipped_bytes": report.skipped,
        "frames": report.frames,
        "messages": counts.messages,
        "keepalives": report.keepalives,
        "multi_frame_messages": counts.multi_frame,
        "call_ids": counts.call_ids,
        "methods": by_name(&counts.methods),
        "responses_by_method": by_name(&counts.responses_by_method),
        "statuses": statuses.collect::<Map<_, _>>(),
        "peers": by_name(&counts.peers),
        "transports": transports.collect::<Map<_, _>>(),
        "first": stamp(counts.first),
        "last": stamp(counts.last),
        "unparsed": report.unparsed(),
        "losses": report.losses(),
        "files": report.files.iter().map(FileReport::json).collect::<Vec<_>>(),
    });
    for (name, when) in [("first_inferred", counts.first), ("last_inferred", counts.last)] {
        if let Some(dated) = when.and_then(When::dated) {
            object[name] = dated.to_string().into();
        }
    }
    if let Some(calls) = &counts.calls {
        call_stats::json(&mut object, calls);
    }
    if !report.logs.is_empty() {
        object["logs"] = log_stats::json(&report.logs);
    }
    super::json::value(out, &object);
}

fn by_name(counts: &[(Vec<u8>, u64)]) -> Map<String, Value> {
    counts.iter().map(|(name, count)| (escape(name).into_owned(), (*count).into())).collect()
}

impl Report {
    fn unparsed(&self) -> Vec<Value> {
        let replayed = self.replayed.iter().map(|(file, bytes)| {
            json!({"offset": 0, "length": bytes, "reason": SkipReason::ReplayedFrame.to_string(), "file": file})
        });
        let regions = self.files.iter().flat_map(|file| file.regions.iter().map(move |r| (file, r)));
        let regions = regions.map(|(file, region)| {
            let reason = region.reason.to_string();
            self.with_file(file, region.offset, json!({"length": region.length, "reason": reason}))
        });
        regions.chain(replayed).collect()
    }

    fn losses(&self) -> Vec<Value> {
        let losses = self.files.iter().flat_map(|file| file.losses.iter().map(move |loss| (file, loss)));
        let value = |(file, loss): (&FileReport, &Loss)| {
            let reason = loss.reason.to_string();
            self.with_file(file, loss.offset, json!({"bytes": loss.bytes, "reason": reason}))
        };
        losses.map(value).collect()
    }

    /// A position: its offset first, and its file last if there are several.
    fn with_file(&self, file: &FileReport, offset: u64, rest: Value) -> Value {
        let (name, offset) = file.places.of(offset);
        let mut place = json!({"offset": offset});
        if let (Value::Object(place), Value::Object(rest)) = (&mut place, rest) {
            place.extend(rest);
            if self.names_files() {
                place.insert("file".to_owned(), name.into());
            }
        }
        place
    }
}

impl FileReport {
    fn json(&self) -> Value {
        let mut file = json!({
            "file": self.places.name,
            "bytes": self.bytes,
            "skipped_bytes": self.skipped,
            "frames": self.frames,
            "messages": self.messages,
            "keepalives": self.keepalives,
        });
        if !self.places.files.is_empty() {
            let names = self.places.files.iter().map(|part| &*part.name);
            file["set"] = names.collect::<Vec<_>>().into();
        }
        file
    }
}

/// Appends the counts as text.
pub fn text(out: &mut Vec<u8>, style: Style, report: &Report, counts: &Counts) {
    let mut page = Page { out, style };
    input(&mut page, report);
    messages(&mut page, counts);
    if let Some(calls) = &counts.calls {
        call_stats::text(&mut page, calls);
    }
    columns(&mut page, report, counts);
    regions(&mut page, report);
    logs(&mut page, report);
    losses(&mut page, report);
}

fn input(page: &mut Page<'_>, report: &Report) {
    for file in &report.files {
        let name = escape(file.places.name.as_bytes());
        let rotated = match file.places.files.len() {
            0 => String::new(),
            count => format!(" and {} rotated", count - 1),
        };
        page.line(
            "file",
            &format!("{name}{rotated}  {} in {} bytes", frames(file.frames), grouped(file.bytes)),
        );
    }
    let parsed = 100.0 * (report.bytes - report.skipped) as f64 / report.bytes.max(1) as f64;
    // A share below 100 % must not be rounded to 100 %.
    let share = if report.skipped == 0 { 100.0 } else { parsed.min(99.999) };
    page.line(
        "read",
        &format!("{} bytes, {} skipped ({share:.3}% parsed)", grouped(report.bytes), grouped(report.skipped)),
    );
    let keepalives = match report.keepalives {
        0 => String::new(),
        1 => ", 1 keep-alive".to_owned(),
        n => format!(", {} keep-alives", grouped(n)),
    };
    page.line("frames", &format!("{}{keepalives}", grouped(report.frames)));
    for log in &report.logs {
        page.line("log", &report.placed(&log.file, &log_stats::summary(log)));
    }
}

fn messages(page: &mut Page<'_>, counts: &Counts) {
    let mut text = grouped(counts.messages);
    // Writing to a String cannot fail.
    if counts.multi_frame > 0 {
        let _ = write!(text, ", {} in several frames", grouped(counts.multi_frame));
    }
    if counts.no_sip > 0 {
        let _ = write!(text, ", {} not SIP", grouped(counts.no_sip));
    }
    page.line("messages", &text);
    page.line("Call-IDs", &grouped(counts.call_ids));
    if let (Some(first), Some(last)) = (counts.first, counts.last) {
        let span = format!("{first} to {last}");
        page.line("time", &page.style.signs(&span));
    }
}

fn columns(page: &mut Page<'_>, report: &Report, counts: &Counts) {
    let transports: Vec<_> = report.transports().map(|(t, n)| (t.to_string(), n)).collect();
    page.counts("frames by transport", transports);
    page.counts("requests", named(&counts.methods));
    page.counts("responses by method", named(&counts.responses_by_method));
    page.counts("responses by status", counts.statuses.iter().map(|(c, n)| (c.to_string(), *n)).collect());
    let mut peers = named(&counts.peers);
    for ((name, _), (host, _)) in peers.iter_mut().zip(&counts.peers) {
        if let Some(alias) = report.aliases.of_peer(host) {
            *name = format!("{} {name}", escape(alias.as_bytes()));
        }
    }
    page.counts("messages by peer", peers);
}

fn regions(page: &mut Page<'_>, report: &Report) {
    let all = report.files.iter().flat_map(|file| file.regions.iter().map(move |region| (file, region)));
    let lines: Vec<_> = all
        .map(|(file, r)| {
            let (name, offset) = file.places.of(r.offset);
            let place = format!("{offset}-{} ({} bytes): {}", offset + r.length, r.length, r.reason);
            report.placed(name, &place)
        })
        .chain(report.replayed.iter().map(|(file, bytes)| {
            report.placed(file, &format!("0-{bytes} ({bytes} bytes): {}", SkipReason::ReplayedFrame))
        }))
        .collect();
    page.places("skipped", &lines, report.unlisted_regions);
}

fn logs(page: &mut Page<'_>, report: &Report) {
    let all = report.logs.iter().flat_map(|log| log.listed.iter().map(move |line| (log, line)));
    let lines: Vec<_> = all.map(|(log, line)| report.placed(&log.file, &log_stats::place(line))).collect();
    page.places("skipped in logs", &lines, report.logs.iter().map(LogAccount::unlisted).sum());
}

fn losses(page: &mut Page<'_>, report: &Report) {
    let all = report.files.iter().flat_map(|file| file.losses.iter().map(move |loss| (file, loss)));
    let lines: Vec<_> = all
        .map(|(file, l)| {
            let (name, offset) = file.places.of(l.offset);
            report.placed(name, &format!("from offset {offset} ({} bytes found): {}", l.bytes, l.reason))
        })
        .collect();
    page.places("incomplete messages", &lines, report.unlisted_losses);
}

impl Report {
    /// A position, after its file if there are several.
    fn placed(&self, file: &str, place: &str) -> String {
        if self.names_files() { format!("{}: {place}", escape(file.as_bytes())) } else { place.to_owned() }
    }
}

/// `1 frame`, `2,000 frames`.
fn frames(count: u64) -> String {
    if count == 1 { "1 frame".to_owned() } else { format!("{} frames", grouped(count)) }
}

fn named(counts: &[(Vec<u8>, u64)]) -> Vec<(String, u64)> {
    let name = |name: &[u8]| if name.is_empty() { "(none)".to_owned() } else { escape(name).into_owned() };
    counts.iter().map(|(n, count)| (name(n), *count)).collect()
}
