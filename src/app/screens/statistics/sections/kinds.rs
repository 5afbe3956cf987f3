//! Methods and status codes.
//!
//! Must not know: widths, which row is selected.

use std::borrow::Cow;

use crate::app::styled_text::Role;
use crate::statistics::{CodeCount, MethodCount, Statistics};

use super::super::terms;
use super::{Cell, Column, Meaning, Rows, left, number, right, share, text};

/// The methods.
pub(super) struct Methods<'a>(pub(super) &'a Statistics);

impl Methods<'_> {
    fn at(&self, at: usize) -> Option<&MethodCount> {
        self.0.methods.get(at)
    }
}

impl Rows for Methods<'_> {
    fn columns(&self) -> &'static [Column] {
        const COLUMNS: &[Column] = &[
            left("method", 20, 0),
            right("messages", 14, 0),
            right("share", 8, 3),
            right("requests", 14, 2),
            right("responses", 14, 2),
            right("failed", 12, 1),
            right("retransmitted", 14, 4),
        ];
        COLUMNS
    }

    fn count(&self) -> usize {
        self.0.methods.len()
    }

    fn cells(&self, at: usize) -> Vec<Cell> {
        let Some(method) = self.at(at) else { return Vec::new() };
        let messages = method.requests + method.responses;
        let name: &[u8] = if method.method.is_empty() { b"(not SIP)" } else { &method.method };
        vec![
            text(Role::of_method(name), name),
            number(Role::Plain, messages),
            share(Role::Plain, messages, self.0.messages),
            number(Role::Plain, method.requests),
            number(Role::Plain, method.responses),
            number(Role::Failure, method.failures),
            number(Role::Plain, method.retransmissions),
        ]
    }

    fn meaning(&self, at: usize) -> Meaning {
        Meaning::of(self.at(at).and_then(|method| terms::is("method", &method.method)))
    }

    fn name(&self, at: usize) -> Cow<'_, [u8]> {
        self.at(at).map(|method| method.method.as_slice()).unwrap_or_default().into()
    }

    fn nothing(&self) -> [&'static str; 2] {
        ["no message matches", "F5 removes the filter"]
    }
}

/// The status codes.
pub(super) struct Codes<'a>(pub(super) &'a Statistics);

impl Codes<'_> {
    fn at(&self, at: usize) -> Option<&CodeCount> {
        self.0.codes.get(at)
    }
}

impl Rows for Codes<'_> {
    fn columns(&self) -> &'static [Column] {
        const COLUMNS: &[Column] =
            &[left("code", 5, 0), left("reason", 40, 1), right("responses", 14, 0), right("share", 8, 2)];
        COLUMNS
    }

    fn count(&self) -> usize {
        self.0.codes.len()
    }

    fn cells(&self, at: usize) -> Vec<Cell> {
        let Some(code) = self.at(at) else { return Vec::new() };
        let all = self.0.codes.iter().map(|code| code.count).sum();
        let role = Role::of_status(code.code);
        vec![
            text(role, code.code.to_string().as_bytes()),
            text(role, &code.reason),
            number(Role::Plain, code.count),
            share(Role::Plain, code.count, all),
        ]
    }

    fn meaning(&self, at: usize) -> Meaning {
        Meaning::of(self.at(at).and_then(|code| terms::is("status", code.code.to_string().as_bytes())))
    }

    fn name(&self, at: usize) -> Cow<'_, [u8]> {
        self.at(at).map_or_else(Vec::new, |code| code.code.to_string().into_bytes()).into()
    }

    fn nothing(&self) -> [&'static str; 2] {
        ["no response matches", "F5 removes the filter"]
    }
}
