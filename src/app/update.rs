//! The one function that changes the state.
//!
//! Must not know: anything that is not in the event.

use std::sync::Arc;

use crate::store::{MessageIdx, MessageText, Snapshot};

use super::details::Tab;
use super::event::{Effect, Event, Key};
use super::keymap::{self, Action};
use super::ladder::LadderScreen;
use super::scroll::Motion;
use super::{App, Focus, Notice, Screen, TimeFormat};

/// Limits of the list's share, in percent, and how far one key moves the border.
const SPLIT: std::ops::RangeInclusive<u16> = 15..=85;
const SPLIT_STEP: u16 = 5;

impl App {
    /// Takes an event; gives back what shall be done.
    pub fn update(&mut self, event: Event) -> Vec<Effect> {
        let mut effects = match event {
            Event::Key(key) => self.key(key),
            Event::Paste(text) => self.paste(&text),
            Event::Mouse { action, x, y } => self.mouse(action, x, y),
            Event::Loaded(snapshot) => self.loaded(snapshot),
            Event::Reloaded(snapshot) => self.reloaded(snapshot),
            Event::Catalog(catalog) => self.catalogued(catalog),
            Event::Found(found) => self.found(found),
            Event::Text(row, text) => self.take_text(row, text),
            Event::CallTexts(texts) => self.take_call(&texts),
            Event::Copied(result) => self.copied(result),
            Event::Drawn(geometry) => self.drawn(geometry),
        };
        effects.extend(self.want_text());
        effects
    }

    fn key(&mut self, key: Key) -> Vec<Effect> {
        self.notice = None;
        if key == Key::Ctrl('c') {
            return vec![Effect::Quit];
        }
        if std::mem::take(&mut self.copying) {
            return self.copy_key(key);
        }
        if self.filter.editing {
            return self.filter_key(key);
        }
        if let Screen::Picker(picker) = &mut self.screen
            && picker.editing.is_some()
        {
            picker.part_key(key);
            return Vec::new();
        }
        keymap::action(key, self.places()).map_or_else(Vec::new, |action| self.act(action))
    }

    fn act(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Go(motion) => self.go(motion),
            Action::Open if matches!(self.screen, Screen::Picker(_)) => return self.open_picked(),
            Action::Open => self.open(),
            Action::Back => return self.step_back(),
            Action::Quit => return self.quit(),
            Action::Exit => return vec![Effect::Quit],
            Action::Ladder => return self.open_ladder(),
            Action::Filter => self.begin_filter(),
            Action::ClearFilter => return self.clear_filter(),
            Action::Copy => self.copying = self.selected().is_some(),
            Action::Focus => self.toggle_focus(),
            Action::Zoom => self.zoomed = !self.zoomed,
            Action::Show(tab) => self.details.choose(tab),
            Action::NextTab => self.details.choose(self.details.tab.step(1)),
            Action::PreviousTab => self.details.choose(self.details.tab.step(Tab::ALL.len() - 1)),
            Action::NextPart => self.step_part(1),
            Action::PreviousPart => self.step_part(-1),
            Action::Pretty => self.change_look(|look| look.pretty = !look.pretty),
            Action::Hex => self.change_look(|look| look.hex = !look.hex),
            Action::Time => self.time = next_time(self.time),
            Action::Grow => self.set_split(self.split + SPLIT_STEP),
            Action::Shrink => self.set_split(self.split.saturating_sub(SPLIT_STEP)),
            Action::Retransmissions => self.toggle_folding(),
            Action::ScrollLeft => self.scroll_ladder(-8),
            Action::ScrollRight => self.scroll_ladder(8),
            Action::Follow => return self.toggle_following(),
            Action::Mark | Action::MarkAll | Action::Part => self.act_in_picker(action),
            Action::Another => self.pick_another(),
            Action::Help => self.help = Some(0),
            Action::Suspend => return vec![Effect::Suspend],
            Action::Redraw => return vec![Effect::Redraw],
        }
        Vec::new()
    }

    fn go(&mut self, motion: Motion) {
        if let Some(top) = self.help {
            self.help = Some(self.geometry.scroll_help(top, motion));
        } else if self.focus == Focus::Details {
            self.details.top = self.geometry.scroll_details(self.details.top, motion);
        } else if let Screen::Ladder(ladder) = &mut self.screen {
            let height = usize::from(self.geometry.ladder.height);
            ladder.go(motion, height);
        } else if let Screen::Picker(picker) = &mut self.screen {
            picker.go(motion, usize::from(self.geometry.picker.height));
        } else {
            let (len, height) = (self.shown_len(), self.list_rows);
            self.list.go(motion, len, height);
            self.row_chosen();
        }
    }

    /// Pages the list while the filter is edited.
    pub(super) fn page_list(&mut self, key: Key) -> Vec<Effect> {
        self.go(if key == Key::PageUp { Motion::PageUp } else { Motion::PageDown });
        Vec::new()
    }

    fn open(&mut self) {
        if self.selected().is_some() && self.help.is_none() {
            self.focus = Focus::Details;
            self.zoomed = true;
        }
    }

    /// One step back; where only profiles are to be seen there is none, but out.
    fn step_back(&mut self) -> Vec<Effect> {
        match &self.screen {
            Screen::Picker(picker) if self.help.is_none() && !picker.opened => return vec![Effect::Quit],
            _ => self.back(),
        }
        Vec::new()
    }

    /// One step back: help, zoomed details, details, ladder, profiles; at the list nothing.
    fn back(&mut self) {
        if self.help.take().is_some() {
            return;
        }
        if matches!(self.screen, Screen::Picker(_)) {
            self.leave_picker();
        } else if self.zoomed || self.focus == Focus::Details {
            self.zoomed = false;
            self.focus = Focus::List;
        } else if matches!(self.screen, Screen::Ladder(_)) {
            self.close_ladder();
        }
    }

    fn quit(&mut self) -> Vec<Effect> {
        let whole = self.zoomed && self.focus == Focus::Details;
        match &self.screen {
            Screen::Picker(_) if self.help.is_none() => return vec![Effect::Quit],
            Screen::Messages if self.help.is_none() && !whole => {
                if self.behind.is_none() {
                    return vec![Effect::Quit];
                }
                self.pick_another();
            }
            _ => self.back(),
        }
        Vec::new()
    }

    fn open_ladder(&mut self) -> Vec<Effect> {
        let Some(row) = self.selected() else { return Vec::new() };
        let Some(screen) = LadderScreen::of(&self.snapshot, row) else {
            self.notice = Some(Notice::Failed("this message has no Call-ID: there is no ladder".to_owned()));
            return Vec::new();
        };
        let wanted = screen.wanted_texts(&self.snapshot);
        self.screen = Screen::Ladder(Box::new(screen));
        self.focus = Focus::List;
        self.zoomed = false;
        load_call(wanted)
    }

    /// The list stands where it was; if another message was looked at in between, it stays chosen
    /// only in the ladder.
    fn close_ladder(&mut self) {
        self.screen = Screen::Messages;
    }

    fn begin_filter(&mut self) {
        self.help = None;
        self.close_ladder();
        self.focus = Focus::List;
        self.zoomed = false;
        self.edit_filter();
    }

    fn toggle_focus(&mut self) {
        self.focus = match self.focus {
            Focus::List => Focus::Details,
            Focus::Details => Focus::List,
        };
    }

    fn step_part(&mut self, steps: isize) {
        self.details.tab = Tab::Parts;
        self.details.choose_part(self.details.part.saturating_add_signed(steps));
    }

    fn change_look(&mut self, change: impl FnOnce(&mut super::details::Look)) {
        change(&mut self.details.look);
        self.details.top = 0;
        self.details.prepare();
    }

    pub(super) fn set_split(&mut self, percent: u16) {
        self.split = percent.clamp(*SPLIT.start(), *SPLIT.end());
    }

    fn toggle_folding(&mut self) {
        if let Screen::Ladder(ladder) = &mut self.screen {
            let row = ladder.selected_row();
            ladder.folding = ladder.folding.toggled();
            ladder.lay_out(&self.snapshot, row);
        }
    }

    fn scroll_ladder(&mut self, columns: i16) {
        let width = usize::from(self.geometry.ladder.width);
        if let Screen::Ladder(ladder) = &mut self.screen {
            ladder.scroll_sideways(columns, width);
        }
    }

    fn paste(&mut self, text: &str) -> Vec<Effect> {
        if let Screen::Picker(picker) = &mut self.screen {
            picker.paste(text);
            return Vec::new();
        }
        if !self.filter.editing {
            self.begin_filter();
        }
        self.filter.edit.insert(text);
        self.filter_changed()
    }

    pub(super) fn loaded(&mut self, snapshot: Arc<Snapshot>) -> Vec<Effect> {
        self.snapshot = snapshot;
        self.reselect();
        let mut effects = self.search_on();
        if let Screen::Ladder(ladder) = &mut self.screen {
            let row = ladder.selected_row();
            ladder.lay_out(&self.snapshot, row);
            effects.extend(load_call(ladder.wanted_texts(&self.snapshot)));
        }
        effects
    }

    fn take_text(&mut self, row: MessageIdx, text: Result<Arc<MessageText>, String>) -> Vec<Effect> {
        if self.details.wanted == Some(row) {
            match text {
                Ok(text) => self.details.show(row, text),
                Err(why) => self.details.fail(why),
            }
        }
        Vec::new()
    }

    fn take_call(&mut self, texts: &[(MessageIdx, Arc<MessageText>)]) -> Vec<Effect> {
        if let Screen::Ladder(ladder) = &mut self.screen {
            ladder.take_texts(texts);
        }
        Vec::new()
    }

    fn copied(&mut self, result: Result<String, String>) -> Vec<Effect> {
        self.notice = Some(match result {
            Ok(told) => Notice::Done(told),
            Err(why) => Notice::Failed(why),
        });
        Vec::new()
    }

    fn drawn(&mut self, geometry: super::Geometry) -> Vec<Effect> {
        let changed = self.geometry != geometry;
        self.geometry = geometry;
        if changed {
            if self.geometry.list.height > 0 {
                self.list_rows = usize::from(self.geometry.list.height);
            }
            self.list.keep_in_sight(self.shown_len(), self.list_rows);
            let height = usize::from(self.geometry.ladder.height);
            if let Screen::Ladder(ladder) = &mut self.screen {
                ladder.keep_in_sight(height);
            }
            let height = usize::from(self.geometry.picker.height);
            if let Screen::Picker(picker) = &mut self.screen {
                picker.keep_in_sight(height);
            }
        }
        Vec::new()
    }

    /// Wishes for the text of the selected message where it is not there yet.
    fn want_text(&mut self) -> Option<Effect> {
        let selected = self.selected();
        if self.details.wanted == selected {
            return None;
        }
        self.details.wanted = selected;
        if selected.is_none() {
            let (tab, look) = (self.details.tab, self.details.look);
            self.details = super::Details { tab, look, ..super::Details::default() };
        }
        selected.map(Effect::LoadText)
    }
}

fn load_call(wanted: Vec<MessageIdx>) -> Vec<Effect> {
    if wanted.is_empty() { Vec::new() } else { vec![Effect::LoadCall(wanted)] }
}

const fn next_time(time: TimeFormat) -> TimeFormat {
    match time {
        TimeFormat::OfDay => TimeFormat::SinceFirst,
        TimeFormat::SinceFirst => TimeFormat::SincePrevious,
        TimeFormat::SincePrevious => TimeFormat::InCall,
        TimeFormat::InCall => TimeFormat::OfDay,
    }
}
