//! A message that is held until it is known whether it is printed; its text is stored by the holder.
//!
//! Must not know: why it is held, what happens to it.

use std::sync::Arc;

use crate::base::{Direction, Timestamp, Transport};
use crate::export::Entry;
use crate::export::stored::inferred_date;
use crate::message::{Completeness, Marker};
use crate::store::{Dates, Source};

use super::facts::{Carried, MessageFacts, Position};

/// The data of a held message except its text.
#[derive(Debug, Clone)]
pub(super) struct Held {
    source: Arc<Source>,
    number: u64,
    time: i64,
    dates: Dates,
    offset: u64,
    marker: Marker,
    stamp: Timestamp,
    frames: u32,
    direction: Direction,
    transport: Transport,
    completeness: Completeness,
    address_len: u32,
    content_len: u32,
    /// The frames that contain the message, if they are needed.
    carriers_len: Option<u32>,
}

impl Held {
    /// Holds a message; appends its text to `text`.
    pub(super) fn new(facts: &MessageFacts<'_>, text: &mut Vec<u8>) -> Self {
        let Entry { offset, direction, transport, address, stamp, frames, content, .. } = facts.entry;
        let place = facts.position();
        text.extend_from_slice(address);
        text.extend_from_slice(content);
        let before = text.len();
        if facts.is_carried() {
            facts.frames(text);
        }
        Self {
            source: Arc::clone(place.source),
            number: place.number,
            time: place.time,
            dates: place.dates,
            offset,
            marker: *place.marker,
            stamp,
            frames: u32::try_from(frames).unwrap_or(u32::MAX),
            direction,
            transport,
            completeness: facts.completeness(),
            address_len: address.len() as u32,
            content_len: content.len() as u32,
            carriers_len: facts.is_carried().then_some((text.len() - before) as u32),
        }
    }

    /// Length of its text in bytes.
    pub(super) fn text_len(&self) -> usize {
        (self.address_len + self.content_len + self.carriers_len.unwrap_or(0)) as usize
    }

    /// The message; `text` is what `new` appended for it.
    pub(super) fn facts<'a>(&'a self, text: &'a [u8]) -> MessageFacts<'a> {
        let (address, rest) = text.split_at((self.address_len as usize).min(text.len()));
        let (content, carriers) = rest.split_at((self.content_len as usize).min(rest.len()));
        let entry = Entry {
            file: &self.source.file,
            offset: self.offset,
            date: inferred_date(self.stamp, self.time, self.dates),
            direction: self.direction,
            transport: self.transport,
            address,
            stamp: self.stamp,
            frames: u64::from(self.frames),
            content,
        };
        let (time, dates, number) = (self.time, self.dates, self.number);
        let place =
            Position { source: &self.source, offset: self.offset, time, dates, number, marker: &self.marker };
        let facts = MessageFacts::of_entry(entry, place, self.completeness);
        if self.carriers_len.is_some() { facts.carried(Carried::Copied(carriers)) } else { facts }
    }
}
