//! Searching the details: keys, the selected match, and when the lines are searched again.
//!
//! Must not know: how lines are made and drawn, threads.

use std::sync::Arc;

use unicode_width::UnicodeWidthStr;

use crate::app::event::Generation;
use crate::app::key::Key;
use crate::app::parts::TextExtent;

use super::Details;
use super::look::Wrap;
use super::search::{Find, Matches, PageSearch, in_line};

/// Pages up to this many lines are searched at once.
const SHORT_LINES: usize = 2_000;

impl Details {
    /// Starts to edit the search, or goes on with the one that there is.
    pub(in crate::app) fn edit_search(&mut self) {
        let top = self.view.top;
        let search = self.search.get_or_insert_default();
        (search.editing, search.origin) = (true, top);
    }

    /// Keeps what is typed; drops a search for nothing.
    pub(in crate::app) fn end_search_editing(&mut self) {
        if let Some(search) = &mut self.search {
            search.editing = false;
        }
        self.search.take_if(|search| search.edit.text().is_empty());
    }

    /// Takes a key while the search is edited; whether it is.
    pub(in crate::app) fn search_key(&mut self, key: Key, extent: TextExtent) -> bool {
        let Some(search) = self.search.as_mut().filter(|search| search.editing) else { return false };
        let origin = search.origin;
        match key {
            Key::Enter => self.end_search_editing(),
            Key::Esc => {
                self.search = None;
                self.view.top = origin;
            }
            // What is not found is said beside the text.
            Key::Down => drop(self.step_match(1, extent)),
            Key::Up => drop(self.step_match(-1, extent)),
            _ if search.edit.key(key) => self.search_changed(extent),
            _ => {}
        }
        true
    }

    /// Takes a pasted text while the search is edited; whether it is.
    pub(in crate::app) fn search_text(&mut self, text: &str, extent: TextExtent) -> bool {
        let Some(search) = self.search.as_mut().filter(|search| search.editing) else { return false };
        search.edit.insert(text);
        self.search_changed(extent);
        true
    }

    fn search_changed(&mut self, extent: TextExtent) {
        let Some(search) = &mut self.search else { return };
        search.seeks = true;
        let origin = search.origin;
        self.view.top = origin;
        self.search_again();
        self.seek(extent);
    }

    /// Selects a match further on, or back, around the end. Why there is none.
    pub(in crate::app) fn step_match(&mut self, steps: isize, extent: TextExtent) -> Option<String> {
        let top = self.view.top;
        let Some(search) = &mut self.search else {
            return Some("nothing is searched for: / searches".to_owned());
        };
        let Some(matches) = &search.matches else { return Some("the search is not finished yet".to_owned()) };
        let len = matches.len() as isize;
        if len == 0 {
            return Some(format!("no match of {}", search.edit.text()));
        }
        let next = match search.current {
            Some(current) => current as isize + steps,
            None => matches.first_at(top).map_or(0, |first| first as isize) + steps.min(0),
        };
        search.current = usize::try_from(next.rem_euclid(len)).ok();
        self.scroll_to_match(extent);
        None
    }

    /// Searches the lines again, after they or the text changed.
    pub(super) fn search_again(&mut self) {
        let Some(search) = &mut self.search else { return };
        (search.matches, search.current, search.generation) = (None, None, None);
        search.waiting = self.lines.len() > SHORT_LINES;
        if !search.waiting {
            let find = Find { lines: Arc::clone(&self.lines), text: search.text() };
            search.matches = find.matches(&|| false);
        }
    }

    /// The lines that are to be searched in the background, once.
    pub(in crate::app) fn take_find(&mut self) -> Option<Find> {
        let search = self.search.as_mut()?;
        std::mem::take(&mut search.waiting)
            .then(|| Find { lines: Arc::clone(&self.lines), text: search.text() })
    }

    /// The lines are searched in the background under this number.
    pub(in crate::app) fn finding(&mut self, generation: Generation) {
        if let Some(search) = &mut self.search {
            search.generation = Some(generation);
        }
    }

    /// Takes what was found in the background, if it is still wanted.
    pub(in crate::app) fn take_matches(
        &mut self,
        generation: Generation,
        matches: Matches,
        extent: TextExtent,
    ) {
        let Some(search) = &mut self.search else { return };
        if search.generation == Some(generation) {
            (search.generation, search.matches) = (None, Some(matches));
            self.seek(extent);
        }
    }

    /// Selects the first match from where the editing began, once it is known.
    fn seek(&mut self, extent: TextExtent) {
        let Some(search) = self.search.as_mut().filter(|search| search.seeks) else { return };
        let Some(matches) = &search.matches else { return };
        search.current = matches.first_at(search.origin);
        // Only the beginning may have been searched.
        search.seeks = self.page_generation.is_some() || self.waiting.is_some();
        self.scroll_to_match(extent);
    }

    /// Where lines are not broken, shows the cells of the selected match.
    fn scroll_sideways_to_match(&mut self, extent: TextExtent) {
        let search = self.search.as_ref().filter(|_| self.wrap == Wrap::Sideways);
        let Some((line, number)) = search.and_then(PageSearch::selected) else { return };
        let Some(search) = search else { return };
        let (found, begins_before) = in_line(&self.lines, line, &search.text());
        let Some(range) = found.get(number + usize::from(begins_before)) else { return };
        let text = self.lines[line].whole();
        let cells = |end: usize| text.get(..end).map_or(0, UnicodeWidthStr::width);
        let (from, to) = (cells(range.start), cells(range.end));
        // The signs at both edges take a cell each.
        if from <= self.view.left || to >= self.view.left + extent.columns {
            self.view.left = if to < extent.columns { 0 } else { from.saturating_sub(extent.columns / 3) };
        }
    }

    fn scroll_to_match(&mut self, extent: TextExtent) {
        let Some((line, _)) = self.search.as_ref().and_then(PageSearch::selected) else { return };
        let top = self.view.top.min(extent.last_top);
        if !(top..top + extent.shown.max(1)).contains(&line) {
            self.view.top = line.saturating_sub(extent.shown / 3);
        }
        self.scroll_sideways_to_match(extent);
    }
}
