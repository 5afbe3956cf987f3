//! Who registers: wrong passwords and flapping phones come first.
//!
//! Must not know: widths, which row is selected.

use std::borrow::Cow;

use crate::app::styled_text::Role;
use crate::base::escape::escape;
use crate::base::time_of_day;
use crate::statistics::{Phone, Statistics};

use super::super::terms;
use super::{Cell, Column, Meaning, Rows, cell, left, number, right, text};

/// The phones.
pub(super) struct Phones<'a>(pub(super) &'a Statistics);

impl Phones<'_> {
    fn at(&self, at: usize) -> Option<&Phone> {
        self.0.phones.get(at)
    }
}

impl Rows for Phones<'_> {
    fn columns(&self) -> &'static [Column] {
        const COLUMNS: &[Column] = &[
            left("phone", 24, 0),
            left("last result", 28, 0),
            right("401", 7, 1),
            right("403", 7, 1),
            right("other", 7, 3),
            right("expires", 9, 4),
            right("contacts", 8, 3),
            left("problem", 60, 2),
            left("at", 12, 6),
            left("peer", 28, 7),
            right("requests", 10, 8),
        ];
        COLUMNS
    }

    fn count(&self) -> usize {
        self.0.phones.len()
    }

    fn cells(&self, at: usize) -> Vec<Cell> {
        let Some(phone) = self.at(at) else { return Vec::new() };
        let arrow = if phone.is_ours { "→ " } else { "" };
        let (code, reason) = &phone.status;
        let result = match code {
            0 => cell(Role::Warning, "no response"),
            code => cell(Role::of_status(*code), format!("{code} {}", escape(reason))),
        };
        let clock = time_of_day(phone.time);
        let peer = String::from_utf8_lossy(&phone.peer).replace(['[', ']'], "");
        let changes = if phone.changes > 0 { format!("{}×", phone.changes) } else { "–".to_owned() };
        let role = if phone.changes > 0 { Role::Warning } else { Role::Dim };
        let problem =
            phone.problem.as_ref().map_or_else(String::new, |(rule, text)| format!("{rule}: {text}"));
        vec![
            cell(Role::User, format!("{arrow}{}", escape(&phone.user))),
            result,
            number(Role::Challenge, phone.challenges.into()),
            number(Role::Failure, phone.forbidden.into()),
            number(Role::Failure, phone.others.into()),
            expires(phone),
            cell(role, changes),
            text(Role::Error, problem.as_bytes()),
            cell(Role::Plain, clock.get(.."05:53:48".len()).unwrap_or_default()),
            text(Role::Host, peer.as_bytes()),
            number(Role::Plain, phone.requests.into()),
        ]
    }

    fn meaning(&self, at: usize) -> Meaning {
        let register =
            |phone: &Phone| Some(terms::is("method", b"REGISTER")?.and(terms::is("to", &phone.user)?));
        Meaning::of(self.at(at).and_then(register))
    }

    fn name(&self, at: usize) -> Cow<'_, [u8]> {
        let Some(phone) = self.at(at) else { return Cow::default() };
        let side: &[u8] = if phone.is_ours { b"> " } else { b"" };
        [side, &phone.user].concat().into()
    }

    fn nothing(&self) -> [&'static str; 2] {
        ["no REGISTER matches", "F5 removes a filter; other inputs may have registrations"]
    }
}

/// How long the last registration lasts, or how it ended.
fn expires(phone: &Phone) -> Cell {
    match phone.expires {
        Some(secs) => cell(Role::Plain, format!("{secs} s")),
        None if phone.state == "unregistered" => cell(Role::Dim, "ended"),
        None => cell(Role::Dim, "–"),
    }
}
