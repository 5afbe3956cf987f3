//! Session descriptions of two messages, by stream and attribute (RFC 8866).
//!
//! Must not know: where in a message they are.

use std::borrow::Cow;
use std::collections::HashMap;

use super::Section;
use super::align::{Named, align};
use crate::base::escape::escape;
use crate::sip::{Message, sdp};

/// The lines of one description: those before the first stream, and those of each stream.
#[derive(Default)]
struct Description<'a> {
    session: Vec<Named<'a>>,
    streams: Vec<Stream<'a>>,
}

/// The lines of one stream.
struct Stream<'a> {
    kind: String,
    lines: Vec<Named<'a>>,
}

/// The session, then each stream beside the stream of its kind.
pub(super) fn sections(left: &Message<'_>, right: &Message<'_>) -> Vec<Section> {
    let (left, right) = (of_message(left), of_message(right));
    let mut sections = vec![Section::new("SDP session", align(&left.session, &right.session))];
    let mut free: Vec<Option<&Stream<'_>>> = right.streams.iter().map(Some).collect();
    let several = left.streams.len().max(right.streams.len()) > 1;
    let mut push = |left: Option<&Stream<'_>>, right: Option<&Stream<'_>>| {
        let kind = left.or(right).map_or("", |stream| &stream.kind);
        let number = if several { format!(" {}", sections.len()) } else { String::new() };
        let entries = align(lines_of(left), lines_of(right));
        sections.push(Section::new(format!("SDP {kind}{number}"), entries));
    };
    for stream in &left.streams {
        let partner =
            free.iter_mut().find(|other| other.is_some_and(|o| o.kind == stream.kind)).and_then(Option::take);
        push(Some(stream), partner);
    }
    free.into_iter().flatten().for_each(|stream| push(None, Some(stream)));
    sections
}

fn lines_of<'s, 'a>(stream: Option<&'s Stream<'a>>) -> &'s [Named<'a>] {
    stream.map_or(&[], |stream| &stream.lines)
}

fn of_message<'a>(message: &Message<'a>) -> Description<'a> {
    sdp::find(message).map_or_else(Description::default, read)
}

fn read(body: &[u8]) -> Description<'_> {
    let mut description = Description::default();
    let formats = format_names(body);
    for line in body.split(|&b| b == b'\n').map(<[u8]>::trim_ascii_end) {
        let [letter, b'=', value @ ..] = line else { continue };
        if *letter == b'm' {
            let kind = value.split(|&b| b == b' ').next().unwrap_or_default();
            let kind = escape(kind).into_owned();
            description.streams.push(Stream { kind, lines: Vec::new() });
        }
        let stream = description.streams.len();
        let codecs = formats.get(&stream);
        let named = named(*letter, value, |format| codecs.and_then(|codecs| codecs.get(format).cloned()));
        match description.streams.last_mut() {
            Some(stream) => stream.lines.push(named),
            None => description.session.push(named),
        }
    }
    description
}

/// A line by its letter; an attribute by its name; the map and the parameters of a format by the codec, whatever its number.
fn named<'a>(letter: u8, value: &'a [u8], codec_of: impl Fn(&[u8]) -> Option<String>) -> Named<'a> {
    let letter = char::from(letter);
    let value_only = |label: String, value: &'a [u8]| Named {
        key: label.to_ascii_lowercase(),
        label,
        value: Cow::Borrowed(value),
    };
    if letter != 'a' {
        return value_only(format!("{letter}="), value);
    }
    let Some(colon) = memchr::memchr(b':', value) else {
        return value_only(format!("a={}", direction(value)), value);
    };
    let (name, rest) = (escape(&value[..colon]), &value[colon + 1..]);
    let format = rest.split(|&b| b == b' ').next().unwrap_or_default();
    let codec = codec_of(format).filter(|_| matches!(&*name, "rtpmap" | "fmtp" | "rtcp-fb"));
    match codec {
        Some(codec) => value_only(format!("a={name} {codec}"), rest),
        None => value_only(format!("a={name}"), rest),
    }
}

/// The four directions are one attribute with four values.
fn direction(value: &[u8]) -> Cow<'_, str> {
    match value {
        b"sendrecv" | b"sendonly" | b"recvonly" | b"inactive" => "direction".into(),
        other => escape(other),
    }
}

/// By the number of the stream, counted from 1: formats and the names that the stream gives them.
fn format_names(body: &[u8]) -> HashMap<usize, HashMap<Vec<u8>, String>> {
    let session = sdp::Session::parse(body);
    let names = |media: &sdp::Media<'_>| {
        media
            .codecs()
            .filter(|codec| codec.name.is_some())
            .map(|codec| (codec.format.to_vec(), escape(codec.to_string().as_bytes()).into_owned()))
            .collect()
    };
    session.media.iter().enumerate().map(|(at, media)| (at + 1, names(media))).collect()
}
