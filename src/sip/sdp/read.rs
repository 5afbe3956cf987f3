//! Reads the lines of a session description.
//!
//! Must not know: what is asked of it later.

use super::media::{Direction, Media};
use super::{Connection, Origin, Session};
use crate::base::bytes::{decimal, split_once, trim, trim_end};

impl<'a> Session<'a> {
    /// Reads a description; lines that belong to none are left out.
    pub fn parse(body: &'a [u8]) -> Self {
        let mut session = Self::default();
        // Whether a media states its own direction; the session's may follow only before the first media.
        let mut own_direction = false;
        for line in body.split(|&b| b == b'\n') {
            let [letter, b'=', value @ ..] = trim_end(line) else { continue };
            match letter {
                b'o' if session.media.is_empty() => session.origin = origin(value),
                b's' if session.media.is_empty() => session.name = Some(value),
                b'c' => session.set_connection(connection(value)),
                b'm' => {
                    session.finish_media(own_direction);
                    own_direction = false;
                    session.media.push(media(value));
                }
                b'a' => own_direction |= session.add_attribute(value),
                _ => {}
            }
        }
        session.finish_media(own_direction);
        session
    }

    fn set_connection(&mut self, connection: Option<Connection<'a>>) {
        match self.media.last_mut() {
            Some(media) => media.connection = media.connection.or(connection),
            None => self.connection = connection,
        }
    }

    /// Keeps an attribute where it belongs; whether it states a media's own direction.
    fn add_attribute(&mut self, text: &'a [u8]) -> bool {
        let attribute = match split_once(text, b':') {
            Some((name, value)) => (name, Some(value)),
            None => (text, None),
        };
        let direction = Direction::read(text);
        if let Some(media) = self.media.last_mut() {
            media.attributes.push(attribute);
            media.direction = direction.unwrap_or(media.direction);
            direction.is_some()
        } else {
            self.attributes.push(attribute);
            self.direction = direction.or(self.direction);
            false
        }
    }

    fn finish_media(&mut self, own_direction: bool) {
        if let Some(media) = self.media.last_mut().filter(|_| !own_direction) {
            media.direction = self.direction.unwrap_or_default();
        }
    }
}

fn words(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|&b| b == b' ' || b == b'\t').filter(|word| !word.is_empty())
}

/// `username sess-id sess-version nettype addrtype unicast-address`
fn origin(value: &[u8]) -> Option<Origin<'_>> {
    let mut words = words(value);
    let (user, session_id, version) = (words.next()?, words.next()?, words.next()?);
    Some(Origin { user, session_id, version, address: words.nth(2)? })
}

/// `nettype addrtype connection-address[/ttl][/number]`
fn connection(value: &[u8]) -> Option<Connection<'_>> {
    let mut words = words(value).skip(1);
    let address_type = words.next()?;
    let address = words.next()?;
    let address = split_once(address, b'/').map_or(address, |(address, _)| address);
    Some(Connection { address_type, address })
}

/// `kind port[/number] proto format …`
fn media(value: &[u8]) -> Media<'_> {
    let mut words = words(value);
    let kind = words.next().unwrap_or_default();
    let port = words.next().unwrap_or_default();
    let port = split_once(port, b'/').map_or(port, |(port, _)| port);
    Media {
        kind,
        port: decimal(trim(port)).and_then(|port| u16::try_from(port).ok()),
        proto: words.next().unwrap_or_default(),
        formats: words.collect(),
        connection: None,
        direction: Direction::default(),
        attributes: Vec::new(),
    }
}
