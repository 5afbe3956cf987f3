//! User-Agents.
//!
//! Must not know: widths, which row is selected.

use std::borrow::Cow;

use crate::app::styled_text::Role;
use crate::statistics::{AgentCount, Statistics};

use super::super::terms;
use super::{Cell, Column, Meaning, Rows, cell, left, number, right, share, text};

/// The User-Agents.
pub(super) struct Agents<'a>(pub(super) &'a Statistics);

impl Agents<'_> {
    fn at(&self, at: usize) -> Option<&AgentCount> {
        self.0.agents.get(at)
    }
}

impl Rows for Agents<'_> {
    fn columns(&self) -> &'static [Column] {
        const COLUMNS: &[Column] = &[
            left("User-Agent or Server of the peer", 80, 0),
            right("messages", 14, 0),
            right("share", 8, 3),
            right("Call-IDs", 12, 2),
            right("failed", 12, 1),
        ];
        COLUMNS
    }

    fn count(&self) -> usize {
        self.0.agents.len()
    }

    fn cells(&self, at: usize) -> Vec<Cell> {
        let Some(agent) = self.at(at) else { return Vec::new() };
        let all = self.0.agents.iter().map(|agent| agent.messages).sum();
        let name = match (agent.is_rest, agent.agent.is_empty()) {
            (true, _) => cell(Role::Dim, "(all others)"),
            (false, true) => cell(Role::Dim, "(none)"),
            (false, false) => text(Role::Plain, &agent.agent),
        };
        vec![
            name,
            number(Role::Plain, agent.messages),
            share(Role::Plain, agent.messages, all),
            number(Role::Plain, agent.call_ids),
            number(Role::Failure, agent.failures),
        ]
    }

    fn meaning(&self, at: usize) -> Meaning {
        match self.at(at) {
            Some(agent) if agent.is_rest || agent.agent.is_empty() => {
                Meaning::Nothing("no filter finds messages without a User-Agent")
            }
            agent => Meaning::of(agent.and_then(|agent| terms::is("ua", &agent.agent))),
        }
    }

    fn name(&self, at: usize) -> Cow<'_, [u8]> {
        self.at(at).map(|agent| agent.agent.as_slice()).unwrap_or_default().into()
    }

    fn nothing(&self) -> [&'static str; 2] {
        if self.0.unread > 0 {
            ["reading the texts…", "User-Agents appear as they are read"]
        } else {
            ["no received message names a User-Agent", "F5 removes a filter"]
        }
    }
}
