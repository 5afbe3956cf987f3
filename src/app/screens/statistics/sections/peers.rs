//! Peers and their response times.
//!
//! Must not know: widths, which row is selected.

use std::borrow::Cow;

use crate::app::styled_text::Role;
use crate::base::Aliases;
use crate::calls::span;
use crate::statistics::{PeerCount, Statistics};

use super::super::terms;
use super::{Cell, Column, Meaning, Rows, cell, left, number, right, share, text};

/// The peers.
pub(super) struct Peers<'a>(pub(super) &'a Statistics, pub(super) &'a Aliases);

impl Peers<'_> {
    fn at(&self, at: usize) -> Option<&PeerCount> {
        self.0.peers.get(at)
    }
}

impl Rows for Peers<'_> {
    fn columns(&self) -> &'static [Column] {
        const COLUMNS: &[Column] = &[
            left("peer", 42, 0),
            right("messages", 14, 0),
            right("share", 8, 4),
            right("received", 14, 5),
            right("sent", 14, 5),
            right("failed", 12, 1),
            right("response", 9, 2),
            right("95 %", 9, 2),
            right("answers", 12, 6),
        ];
        COLUMNS
    }

    fn count(&self) -> usize {
        self.0.peers.len()
    }

    fn cells(&self, at: usize) -> Vec<Cell> {
        let Some(peer) = self.at(at) else { return Vec::new() };
        let messages = peer.received + peer.sent;
        let time = |percent| match peer.times.percentile(percent) {
            Some(micros) => cell(Role::Plain, span(micros)),
            None => cell(Role::Dim, "–"),
        };
        let host = String::from_utf8_lossy(&peer.host);
        let host = terms::shown_host(&host);
        let name = self.1.of_peer(&peer.host).map(|name| format!("{name} ({host})"));
        vec![
            text(Role::Host, name.as_deref().unwrap_or(host).as_bytes()),
            number(Role::Plain, messages),
            share(Role::Plain, messages, self.0.messages),
            number(Role::Plain, peer.received),
            number(Role::Plain, peer.sent),
            number(Role::Failure, peer.failures),
            time(50),
            time(95),
            number(Role::Plain, peer.times.count()),
        ]
    }

    fn meaning(&self, at: usize) -> Meaning {
        Meaning::of(self.at(at).and_then(|peer| terms::host(&peer.host)))
    }

    fn name(&self, at: usize) -> Cow<'_, [u8]> {
        self.at(at).map(|peer| peer.host.as_slice()).unwrap_or_default().into()
    }

    fn nothing(&self) -> [&'static str; 2] {
        ["no message matches", "F5 removes the filter"]
    }
}
