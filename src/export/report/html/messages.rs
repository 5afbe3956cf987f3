//! The messages of a call, within the room that its page has.
//!
//! A page is at most 64 KiB larger than the frames of the dump that it shows. What must be there comes first: every
//! message, its place in the list, what is wrong with it. Times in the list, the meaning of SDP lines, and laid out bodies
//! follow, as long as there is room: it lasts for all of some hundred messages.
//!
//! Must not know: ladders, legs.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use std::fmt::Write as _;

use crate::base::Direction;
use crate::base::escape::escape;
use crate::calls::Finding;
use crate::export::dump;
use crate::export::report::Trace;
use crate::export::report::svg::ladder::class_of;
use crate::export::sheet::Sheet;
use crate::export::stored::with_stored;
use crate::ladder::{Arrow, address_of};
use crate::sip::Message;
use crate::store::{Flags, MessageIdx, RowRef, TextReader};
use crate::style::Role;

use super::message::{Heading, Texts};

/// Bytes that a page may have more than the frames that it shows.
pub(super) const MOST_MORE: usize = 64 << 10;

/// Bytes that a line of the list has more where it has a route: its marks.
const WITH_ROUTE: usize = "<b></b> class=i".len();

/// The numbers of messages on the page.
pub(super) type Numbers = HashMap<MessageIdx, usize>;

/// The messages of one call.
#[derive(Debug, Default)]
pub(super) struct Messages {
    list: Vec<(Heading, Content)>,
    /// Bytes of their frames.
    own: usize,
}

/// What there is to read of a message.
#[derive(Debug)]
enum Content {
    Texts(Box<Texts>),
    /// The bytes of an earlier one.
    SameAs(usize),
    /// Its body is that of an earlier one, which is explained there.
    BodyOf(Box<Texts>, usize),
    Unreadable,
}

impl Messages {
    /// Reads the messages of a call.
    pub(super) fn read(trace: &Trace<'_>, sheet: &Sheet, numbers: &Numbers) -> Self {
        let (mut messages, mut reader) = (Self::default(), TextReader::default());
        let (mut known, mut bodies): (HashMap<Vec<u8>, usize>, HashMap<Vec<u8>, usize>) = Default::default();
        for row in sheet.rows.iter().filter_map(|row| trace.snapshot.row(*row)) {
            let heading = heading(trace, sheet, &row, numbers);
            let found: Vec<Finding> =
                sheet.head.findings.iter().filter(|finding| finding.message == row.index).cloned().collect();
            let number = heading.number;
            let read = with_stored(trace.snapshot, row.index, &mut reader, |stored| {
                let mut frame = Vec::new();
                dump::frame(&mut frame, &stored.entry);
                messages.own += frame.len();
                let bytes = stored.entry.content;
                match known.entry(bytes.to_vec()) {
                    Slot::Occupied(first) => Content::SameAs(*first.get()),
                    Slot::Vacant(slot) => {
                        slot.insert(number);
                        content(&heading, bytes, &found, &mut bodies)
                    }
                }
            });
            messages.list.push((heading, read.unwrap_or(Content::Unreadable)));
        }
        messages
    }

    /// Appends them. `more` is by how much the page is larger than its frames already.
    pub(super) fn push(&self, out: &mut String, more: usize) {
        let least: usize = self.list.iter().map(|(heading, content)| least(heading, content)).sum();
        let mut room = Room { left: (MOST_MORE + self.own).saturating_sub(more + least) };
        let has_routes = room.take(self.texts().map(|texts| texts.route.len() + WITH_ROUTE).sum());
        let explained: Vec<bool> = self.fitting(&mut room, |texts| match texts.explained.len() {
            0 => 0,
            len => len - texts.plain.len(),
        });
        let bodies = self.fitting(&mut room, |texts| texts.body.len());
        let missing = explained.iter().zip(&bodies).filter(|(one, other)| !(**one && **other)).count();
        if missing > 0 {
            let noun = if missing == 1 { "message" } else { "messages" };
            // Writing to a String cannot fail.
            let _ = writeln!(
                out,
                "<p class=w>The bodies of {missing} {noun} are not explained: the page would be too large."
            );
        }
        out.push_str("<div class=m>\n");
        for (at, (heading, content)) in self.list.iter().enumerate() {
            let route = content.texts().filter(|_| has_routes).map_or("", |texts| &texts.route);
            heading.push(out, route);
            content.push(out, (explained[at], bodies[at]));
            out.push_str("</details>");
        }
        out.push_str("</div>\n");
    }

    fn texts(&self) -> impl Iterator<Item = &Texts> {
        self.list.iter().filter_map(|(_, content)| content.texts())
    }

    /// Which messages have room for something of this size.
    fn fitting(&self, room: &mut Room, size: impl Fn(&Texts) -> usize) -> Vec<bool> {
        let sizes = self.list.iter().map(|(_, content)| content.texts().map_or(0, &size));
        sizes.map(|size| room.take(size)).collect()
    }
}

impl Content {
    fn texts(&self) -> Option<&Texts> {
        match self {
            Self::Texts(texts) | Self::BodyOf(texts, _) => Some(texts),
            Self::SameAs(_) | Self::Unreadable => None,
        }
    }

    fn push(&self, out: &mut String, (is_explained, has_body): (bool, bool)) {
        let _ = match self {
            Self::SameAs(first) => {
                write!(out, "<i>The same bytes as <a href=#m{first}>message {first}</a>.</i>")
            }
            Self::Unreadable => write!(out, "<em>Its text cannot be read: the file changed.</em>"),
            Self::Texts(_) | Self::BodyOf(..) => Ok(()),
        };
        let Some(texts) = self.texts() else { return };
        let is_explained = is_explained && !texts.explained.is_empty();
        out.push_str(if is_explained { &texts.explained } else { &texts.plain });
        if let Self::BodyOf(_, first) = self {
            let _ = write!(
                out,
                "<p><i>The body is that of <a href=#m{first}>message {first}</a>, and explained there.</i>"
            );
        } else if has_body {
            out.push_str(&texts.body);
        }
    }
}

/// What is left of the room.
struct Room {
    left: usize,
}

impl Room {
    /// Takes some of it, if there is as much.
    fn take(&mut self, size: usize) -> bool {
        let left = self.left.checked_sub(size);
        self.left = left.unwrap_or(self.left);
        left.is_some()
    }
}

/// Bytes of a message without what there may be no room for.
fn least(heading: &Heading, content: &Content) -> usize {
    let mut text = String::new();
    heading.push(&mut text, "");
    content.push(&mut text, (false, false));
    text.len() + "</details>".len()
}

fn content(
    heading: &Heading,
    bytes: &[u8],
    found: &[Finding],
    bodies: &mut HashMap<Vec<u8>, usize>,
) -> Content {
    let mut texts = Box::new(Texts::of(heading, bytes, found));
    if texts.body.is_empty() {
        return Content::Texts(texts);
    }
    match bodies.entry(Message::parse(bytes).body().to_vec()) {
        Slot::Occupied(first) => {
            texts.body.clear();
            Content::BodyOf(texts, *first.get())
        }
        Slot::Vacant(slot) => {
            slot.insert(heading.number);
            Content::Texts(texts)
        }
    }
}

fn heading(trace: &Trace<'_>, sheet: &Sheet, row: &RowRef<'_>, numbers: &Numbers) -> Heading {
    let arrow = sheet.ladder.arrow_of(row.index).and_then(|arrow| sheet.ladder.arrows.get(arrow));
    let role = match row.row.status {
        0 => Role::of_method(row.method()),
        status => Role::of_status(status),
    };
    let ours = row.source().map(|source| source.title(&trace.snapshot.aliases)).unwrap_or_default();
    let ours = if ours.is_empty() { "FreeSWITCH".into() } else { escape(ours.as_bytes()) };
    let peer = address_of(row);
    let route = match row.row.direction() {
        Direction::Recv => format!("{peer} → {ours}"),
        Direction::Sent => format!("{ours} → {peer}"),
    };
    let note = trace.notes.and_then(|notes| notes.get(&row.index));
    Heading {
        number: numbers.get(&row.index).copied().unwrap_or_default(),
        time: row.row.time,
        route,
        label: label(sheet, arrow, row),
        class: class_of(role),
        note: note.cloned().unwrap_or_default(),
    }
}

/// What the arrow says, without the letter of its leg.
fn label(sheet: &Sheet, arrow: Option<&Arrow>, row: &RowRef<'_>) -> String {
    let Some(arrow) = arrow else { return escape(row.what()).into_owned() };
    let note = sheet.labels.get(&arrow.row).map(String::as_str);
    let text = arrow.label_with(note);
    let text = text.get(arrow.name_len..).unwrap_or_default().trim_start();
    if row.row.flags.has(Flags::RETRANSMISSION) {
        format!("{} ↻ retransmission", arrow.label.get(arrow.name_len..).unwrap_or_default().trim_start())
    } else {
        text.to_owned()
    }
}
