//! The levels of both parsers, each read to its end.

use std::error::Error;
use std::fs::File;
use std::path::Path;

use freeswitch_sofia_trace_parser as reference;
use sofiatui::{FrameIterator, FrameReader, MessageIterator, MessageReader, ParsedMessageIterator, sip};

/// What a run found, so that nothing that is measured can be left out.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Items of the level.
    pub items: u64,
    /// Bytes of their contents.
    pub bytes: u64,
}

impl Tally {
    fn add(&mut self, len: usize) {
        self.items += 1;
        self.bytes += len as u64;
    }
}

/// Reads a dump to its end.
pub type Read = fn(&Path) -> Result<Tally, Box<dyn Error>>;

/// A level, and how both parsers read it.
pub struct Level {
    /// Its name in the table.
    pub name: &'static str,
    /// This parser.
    pub ours: Read,
    /// The reference parser.
    pub reference: Read,
}

/// All levels: lending, and owned as the reference is.
pub const LEVELS: [Level; 6] = [
    Level { name: "level 1, lending", ours: frames_lent, reference: reference_frames },
    Level { name: "level 1, owned", ours: frames_owned, reference: reference_frames },
    Level { name: "level 2, lending", ours: messages_lent, reference: reference_messages },
    Level { name: "level 2, owned", ours: messages_owned, reference: reference_messages },
    Level { name: "level 3, `headline` of each message", ours: index_fields, reference: reference_parsed },
    Level { name: "level 3, owned", ours: parsed_owned, reference: reference_parsed },
];

fn frames_lent(file: &Path) -> Result<Tally, Box<dyn Error>> {
    let mut frames = FrameReader::new(File::open(file)?);
    let mut tally = Tally::default();
    while let Some(frame) = frames.next_frame()? {
        tally.add(frame.content.len());
    }
    Ok(tally)
}

fn frames_owned(file: &Path) -> Result<Tally, Box<dyn Error>> {
    let mut tally = Tally::default();
    for frame in FrameIterator::new(File::open(file)?) {
        tally.add(frame?.content.len());
    }
    Ok(tally)
}

fn reference_frames(file: &Path) -> Result<Tally, Box<dyn Error>> {
    let mut tally = Tally::default();
    for frame in reference::FrameIterator::new(File::open(file)?) {
        tally.add(frame?.content.len());
    }
    Ok(tally)
}

fn messages_lent(file: &Path) -> Result<Tally, Box<dyn Error>> {
    let mut messages = MessageReader::new(File::open(file)?);
    let mut tally = Tally::default();
    while let Some(message) = messages.next_message()? {
        tally.add(message.content.len());
    }
    Ok(tally)
}

fn messages_owned(file: &Path) -> Result<Tally, Box<dyn Error>> {
    let mut tally = Tally::default();
    for message in MessageIterator::new(File::open(file)?) {
        tally.add(message?.content.len());
    }
    Ok(tally)
}

fn reference_messages(file: &Path) -> Result<Tally, Box<dyn Error>> {
    let mut tally = Tally::default();
    for message in reference::MessageIterator::new(File::open(file)?) {
        tally.add(message?.content.len());
    }
    Ok(tally)
}

fn index_fields(file: &Path) -> Result<Tally, Box<dyn Error>> {
    let mut messages = MessageReader::new(File::open(file)?);
    let mut tally = Tally::default();
    while let Some(message) = messages.next_message()? {
        tally.add(message.content.len() - sip::index_fields(message.content).body_offset);
    }
    Ok(tally)
}

fn parsed_owned(file: &Path) -> Result<Tally, Box<dyn Error>> {
    let mut tally = Tally::default();
    for message in ParsedMessageIterator::new(File::open(file)?) {
        tally.add(message?.body.len());
    }
    Ok(tally)
}

fn reference_parsed(file: &Path) -> Result<Tally, Box<dyn Error>> {
    let mut tally = Tally::default();
    // What is no SIP is an error there, and a message here.
    for message in reference::sip::ParsedMessageIterator::new(File::open(file)?).flatten() {
        tally.add(message.body.len());
    }
    Ok(tally)
}
