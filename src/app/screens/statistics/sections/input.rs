//! What of the inputs was read: bytes, skipped regions, incomplete messages, gaps in time.
//!
//! Must not know: widths, which row is selected.

use std::borrow::Cow;

use crate::app::moment::shortened;
use crate::app::styled_text::Role;
use crate::base::escape::escape;
use crate::base::number::grouped;
use crate::base::time_of_day;
use crate::calls::span;
use crate::statistics::Gap;
use crate::store::{Region, RegionKind, Snapshot};

use super::super::terms;
use super::{Cell, Column, Meaning, Rows, Source, cell, left, right, text};

/// A row.
#[derive(Clone, Copy)]
enum Row {
    Heading(&'static str),
    /// An input, by its number.
    Input(usize),
    /// A region, by the number of its input and its own.
    Region(usize, usize),
    /// Regions that are not listed.
    Unlisted(usize),
    Gap(usize),
}

/// The rows in blocks, so that none is made that is not asked for.
pub(super) struct Inputs<'a> {
    source: Source<'a>,
    /// The first row of each block and the row that it has there; further ones count up.
    blocks: Vec<(usize, Row)>,
    len: usize,
}

impl<'a> Inputs<'a> {
    pub(super) fn of(source: Source<'a>) -> Self {
        let mut rows = Self { source, blocks: Vec::new(), len: 0 };
        rows.push(Row::Input(0), source.snapshot.coverage.len());
        let has_regions = source.snapshot.coverage.iter().any(|input| !input.regions.is_empty());
        rows.push(Row::Heading("not understood, or incomplete"), usize::from(has_regions));
        for (number, input) in source.snapshot.coverage.iter().enumerate() {
            rows.push(Row::Region(number, 0), input.regions.len());
            rows.push(Row::Unlisted(number), usize::from(input.unlisted > 0));
        }
        let gaps = source.statistics.gaps.len();
        rows.push(Row::Heading("gaps in time"), usize::from(gaps > 0));
        rows.push(Row::Gap(0), gaps);
        rows
    }

    fn push(&mut self, first: Row, count: usize) {
        if count > 0 {
            self.blocks.push((self.len, first));
            self.len += count;
        }
    }

    fn at(&self, at: usize) -> Option<Row> {
        let block = self.blocks.partition_point(|(first, _)| *first <= at).checked_sub(1)?;
        let (first, row) = *self.blocks.get(block)?;
        let further = at - first;
        (at < self.len).then_some(match row {
            Row::Input(number) => Row::Input(number + further),
            Row::Region(input, number) => Row::Region(input, number + further),
            Row::Gap(number) => Row::Gap(number + further),
            row => row,
        })
    }

    fn region(&self, input: usize, number: usize) -> Option<Region> {
        self.source.snapshot.coverage.get(input)?.regions.get(number).copied()
    }
}

impl Rows for Inputs<'_> {
    fn columns(&self) -> &'static [Column] {
        const COLUMNS: &[Column] =
            &[left("input", 30, 1), right("offset", 16, 0), right("bytes", 16, 0), left("what", 120, 0)];
        COLUMNS
    }

    fn count(&self) -> usize {
        self.len
    }

    fn cells(&self, at: usize) -> Vec<Cell> {
        let snapshot = self.source.snapshot;
        match self.at(at) {
            None => Vec::new(),
            Some(Row::Heading(text)) => row(cell(Role::Heading, text), "", "", cell(Role::Plain, "")),
            Some(Row::Input(number)) => input(snapshot, number),
            Some(Row::Region(number, region)) => match self.region(number, region) {
                Some(region) => of_region(snapshot, number, region),
                None => Vec::new(),
            },
            Some(Row::Unlisted(number)) => {
                let more = snapshot.coverage.get(number).map_or(0, |input| input.unlisted);
                row(text(Role::Plain, b""), "", "", cell(Role::Dim, format!("{} more", grouped(more))))
            }
            Some(Row::Gap(number)) => self.source.statistics.gaps.get(number).map(gap).unwrap_or_default(),
        }
    }

    fn meaning(&self, at: usize) -> Meaning {
        let snapshot = self.source.snapshot;
        match self.at(at) {
            Some(Row::Region(number, region)) => match self.region(number, region) {
                Some(region) => Meaning::Bytes(number as u16, region),
                None => Meaning::Nothing("this region is gone"),
            },
            Some(Row::Gap(number)) => {
                let gap = self.source.statistics.gaps.get(number);
                Meaning::of(gap.and_then(|gap| terms::from_to(snapshot, gap.from, gap.to)))
            }
            Some(Row::Input(number)) => {
                let profile = snapshot.sources.get(number).map(|source| source.profile.as_bytes());
                Meaning::of(profile.and_then(|profile| terms::is("profile", profile)))
            }
            _ => Meaning::Nothing("choose a region, its bytes are then shown"),
        }
    }

    fn name(&self, at: usize) -> Cow<'_, [u8]> {
        let name = match self.at(at) {
            None => String::new(),
            Some(Row::Heading(text)) => text.to_owned(),
            Some(Row::Input(number)) => format!("input {number}"),
            Some(Row::Unlisted(number)) => format!("more {number}"),
            Some(Row::Region(input, number)) => {
                format!("region {input} {}", self.region(input, number).map_or(0, |region| region.offset))
            }
            Some(Row::Gap(number)) => {
                format!("gap {}", self.source.statistics.gaps.get(number).map_or(0, |gap| gap.message))
            }
        };
        name.into_bytes().into()
    }

    fn is_heading(&self, at: usize) -> bool {
        matches!(self.at(at), Some(Row::Heading(_)))
    }

    fn nothing(&self) -> [&'static str; 2] {
        ["nothing was read yet", ""]
    }
}

fn row(input: Cell, offset: &str, bytes: &str, what: Cell) -> Vec<Cell> {
    vec![input, cell(Role::Plain, offset), cell(Role::Plain, bytes), what]
}

/// `internal.dump  1,234,567 bytes  99.99 % parsed: 2,000 frames, 1,990 messages; 120 bytes not understood`.
fn input(snapshot: &Snapshot, number: usize) -> Vec<Cell> {
    let Some(read) = snapshot.coverage.get(number) else { return Vec::new() };
    let name = snapshot.sources.get(number).map(|source| base_name(&source.file)).unwrap_or_default();
    let counts = format!("{} frames, {} messages", grouped(read.frames), grouped(read.messages));
    let (role, rest) = match read.skipped {
        0 => (Role::Plain, "all bytes understood".to_owned()),
        skipped => (Role::Warning, format!("{} bytes not understood", grouped(skipped))),
    };
    row(
        text(Role::Strong, name.as_bytes()),
        "",
        &grouped(read.bytes),
        cell(role, format!("{counts}, {rest}")),
    )
}

fn of_region(snapshot: &Snapshot, number: usize, region: Region) -> Vec<Cell> {
    let source = snapshot.sources.get(number);
    let (file, position) = snapshot.position(number as u16, region.offset);
    let name = base_name(file.or(source.map(|source| source.file.as_str())).unwrap_or_default());
    let (role, what) = match region.kind {
        RegionKind::Skipped => (Role::Warning, format!("skipped: {}", region.reason)),
        RegionKind::Incomplete => (Role::Plain, format!("incomplete message: {}", region.reason)),
    };
    row(text(Role::Plain, name.as_bytes()), &grouped(position), &grouped(region.len), cell(role, what))
}

/// A file without its folder.
fn base_name(file: &str) -> &str {
    file.rsplit('/').next().unwrap_or(file)
}

fn gap(gap: &Gap) -> Vec<Cell> {
    let [from, to] = [gap.from, gap.to].map(|time| {
        let clock = time_of_day(time);
        shortened(clock.get(.."05:53:48.014".len()).unwrap_or(&clock)).to_owned()
    });
    let what = if gap.is_missing { "bytes of the input are missing" } else { "no message" };
    let length = span(gap.to - gap.from);
    let text =
        format!("{what} for {length}: {from} to {to} (message {})", grouped(u64::from(gap.message) + 1));
    let role = if gap.is_missing { Role::Error } else { Role::Plain };
    row(cell(Role::Plain, ""), "", "", cell(role, escape(text.as_bytes())))
}
