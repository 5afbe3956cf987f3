//! Calls: figures, states, causes of failures, findings.
//!
//! Must not know: widths, which row is selected.

use std::borrow::Cow;

use crate::app::styled_text::Role;
use crate::calls::{Cause, State, Summary};
use crate::filter::options::compare;
use crate::filter::{Filter, Op};
use crate::statistics::Statistics;

use super::super::terms;
use super::{Cell, Column, Meaning, Rows, cell, left, number, right, share};

/// A row.
enum Row<'a> {
    Heading(&'static str),
    Figure(&'static str, String),
    State(State, u64),
    Cause(&'a Cause),
    Finding(&'a crate::calls::Found),
}

/// All rows of the section: there are a few dozen kinds of them.
pub(super) struct Figures<'a> {
    rows: Vec<Row<'a>>,
    summary: Option<&'a Summary>,
    is_counted: bool,
}

impl<'a> Figures<'a> {
    pub(super) fn of(statistics: &'a Statistics) -> Self {
        let summary =
            statistics.calls.as_ref().map(|calls| &calls.summary).filter(|summary| summary.calls > 0);
        let mut rows = Vec::new();
        if let Some(summary) = summary {
            rows.extend(summary.figures().into_iter().map(|(name, text)| Row::Figure(name, text)));
            rows.extend((!summary.failures.is_empty()).then_some(Row::Heading("failed, by cause")));
            rows.extend(summary.failures.iter().map(Row::Cause));
            rows.push(Row::Heading("by state"));
            rows.extend(summary.states.iter().map(|(state, count)| Row::State(*state, *count)));
            rows.extend((!summary.findings.is_empty()).then_some(Row::Heading("with a finding")));
            rows.extend(summary.findings.iter().map(Row::Finding));
        }
        Self { rows, summary, is_counted: statistics.calls.is_some() }
    }
}

impl Rows for Figures<'_> {
    fn columns(&self) -> &'static [Column] {
        const COLUMNS: &[Column] = &[right("calls", 10, 0), right("share", 8, 1), left("", 200, 0)];
        COLUMNS
    }

    fn count(&self) -> usize {
        self.rows.len()
    }

    fn cells(&self, at: usize) -> Vec<Cell> {
        let all = self.summary.map_or(0, |summary| summary.calls);
        let counted =
            |calls: u64, what: Cell| vec![number(Role::Plain, calls), share(Role::Dim, calls, all), what];
        match self.rows.get(at) {
            None => Vec::new(),
            Some(Row::Heading(text)) => {
                vec![cell(Role::Plain, ""), cell(Role::Plain, ""), cell(Role::Heading, *text)]
            }
            Some(Row::Figure(name, text)) => {
                vec![
                    cell(Role::Plain, ""),
                    cell(Role::Plain, ""),
                    cell(Role::Strong, format!("{name:<16}{text}")),
                ]
            }
            Some(Row::State(state, calls)) => {
                counted(*calls, cell(super::super::super::calls::outcome_role(*state), state.as_str()))
            }
            Some(Row::Cause(cause)) => counted(cause.count, cell(Role::Failure, cause.text())),
            Some(Row::Finding(found)) => {
                let role = if found.rule.is_note { Role::Plain } else { Role::Error };
                counted(found.count, cell(role, found.text()))
            }
        }
    }

    fn meaning(&self, at: usize) -> Meaning {
        match self.rows.get(at) {
            Some(Row::State(state, _)) => Meaning::of(terms::is("state", state.as_str().as_bytes())),
            Some(Row::Cause(cause)) => Meaning::of(of_cause(cause)),
            Some(Row::Finding(found)) => Meaning::of(terms::is("finding", found.rule.name.as_bytes())),
            Some(Row::Figure("calls", _)) => Meaning::of(terms::is("kind", b"call")),
            Some(Row::Figure("answered", _)) => Meaning::of(terms::is("state", b"answered")),
            _ => Meaning::Nothing("this is a figure of all calls: choose a state or a cause below"),
        }
    }

    fn name(&self, at: usize) -> Cow<'_, [u8]> {
        let text = match self.rows.get(at) {
            None => String::new(),
            Some(Row::Heading(text)) => (*text).to_owned(),
            Some(Row::Figure(name, _)) => (*name).to_owned(),
            Some(Row::State(state, _)) => format!("state {}", state.as_str()),
            Some(Row::Cause(cause)) => format!("cause {} {} {}", cause.verdict, cause.status.0, cause.cause),
            Some(Row::Finding(found)) => format!("finding {}", found.rule.name),
        };
        text.into_bytes().into()
    }

    fn is_heading(&self, at: usize) -> bool {
        matches!(self.rows.get(at), Some(Row::Heading(_)))
    }

    fn nothing(&self) -> [&'static str; 2] {
        if self.is_counted {
            ["no call matches", "F5 removes a filter; the other sections may have rows"]
        } else {
            ["counting the calls…", "other sections are complete sooner: Tab"]
        }
    }
}

/// The calls that failed for a cause: the sentence of their verdict names the status code that decided.
fn of_cause(cause: &Cause) -> Option<Filter> {
    let verdict = terms::is("verdict", cause.verdict.as_bytes())?;
    match cause.status.0 {
        0 => Some(verdict),
        code => Some(verdict.and(compare("verdict", Op::Has, &code.to_string()).ok()?)),
    }
}
