//! The one function that changes the state: the overlay first, then the top screen, then what works everywhere.
//!
//! Must not know: anything that is not in the event, which screens there are.

use super::columns::CallColumn;
use super::command::Command;
use super::event::{Effect, Event, Key, Mouse, MouseAction};
use super::overlays::{Answer, Chosen, ColumnChooser, Overlay};
use super::parts::Mouse as MouseOwner;
use super::row_part::row_keys;
use super::saving::Redaction;
use super::screens::{Host, Outcome, ScreenState, Typed};
use super::{App, Notice};

impl App {
    /// Takes an event; gives back what is to be done.
    pub fn update(&mut self, event: Event) -> Vec<Effect> {
        let mut effects = Vec::new();
        match event {
            Event::Key(key) => self.key(key, &mut effects),
            Event::Paste(text) => self.paste(&text, &mut effects),
            Event::Mouse { action, x, y } => self.mouse(action, (x, y), &mut effects),
            Event::Page(generation, page) => self.session.details.take_page(generation, *page),
            Event::FoundInPage(generation, matches) => {
                self.session.details.take_matches(generation, matches, self.targets.details);
            }
            Event::Copied(Ok(what)) => self.copied(what),
            Event::Copied(Err(why)) => self.notice = Some(Notice::Failed(why)),
            Event::SaveGoesOn(generation, done, total) => self.save_goes_on(generation, done, total),
            Event::SaveEnded(generation, result) => self.save_ended(generation, result),
            Event::Text(generation, text) => {
                self.copy_sdp(generation, &text, &mut effects);
                self.session.take_text(generation, text);
                if let Some((_, key)) = self.pending_copy.take_if(|(wanted, _)| *wanted == generation) {
                    self.copy(Redaction::Off, key, &mut effects);
                }
            }
            other => self.arrived(&other, &mut effects),
        }
        self.press_early_keys(&mut effects);
        effects.extend(self.keep_changes());
        effects.extend(self.request_recall());
        effects.extend(self.session.request_text(self.screen().state().selected(&self.session)));
        effects.extend(self.session.request_page());
        effects.extend(self.session.request_find());
        effects.extend(self.session.free_pages());
        effects
    }

    fn copied(&mut self, mut what: String) {
        if self.session.privacy.is_masked() {
            what.push_str(" (not masked)");
        }
        self.notice = Some(Notice::Done(what));
    }

    fn key(&mut self, key: Key, effects: &mut Vec<Effect>) {
        self.notice = None;
        if key == Key::Ctrl('c') {
            effects.push(Effect::Abort);
        } else if key == Key::Ctrl('z') {
            // Also while a line is edited.
            effects.push(Effect::Suspend);
        } else if key == Key::Esc && self.stops_saving() {
            self.stop_saving(effects);
        } else if !self.waits(key) {
            self.press(key, effects);
        }
    }

    /// Whether Esc means the file that is being saved.
    fn stops_saving(&self) -> bool {
        let state = self.screen().state();
        self.saving.is_some() && self.overlay.is_none() && state.edited_keys().is_none()
    }

    /// Gives a key to what is on top.
    pub(super) fn press(&mut self, key: Key, effects: &mut Vec<Effect>) {
        if let Some(Overlay::Columns(_)) = self.overlay {
            self.choose_columns(key, effects);
        } else if self.overlay == Some(Overlay::Palette) {
            self.palette_key(key, effects);
        } else if self.overlay == Some(Overlay::Note) {
            self.note_key(key, effects);
        } else if self.is_save_open() {
            self.save_key(key, effects);
        } else if let Some(overlay) = self.overlay.take_if(|overlay| overlay.takes_next_key()) {
            self.chosen(overlay, key, effects);
        } else {
            let outcome = match self.overlay {
                Some(_) => Outcome::Ignored,
                None if self.session.details.search_key(key, self.targets.details) => Outcome::Done,
                None => self.with_top(effects, |screen, host| screen.typed(&Typed::Key(key), host)),
            };
            match outcome {
                Outcome::Ignored => self.bound_key(key, effects),
                outcome => self.apply(outcome, effects),
            }
        }
    }

    /// Does what the key after that of an overlay chooses.
    fn chosen(&mut self, overlay: Overlay, key: Key, effects: &mut Vec<Effect>) {
        let is_key = |letter: &char| Key::Char(*letter) == key;
        let command = match overlay {
            Overlay::Help(_) | Overlay::Columns(_) | Overlay::Palette | Overlay::Note | Overlay::Save => None,
            Overlay::Copy(redaction) => return self.copy(redaction, key, effects),
            Overlay::Sort => CallColumn::ALL
                .iter()
                .find(|(c, ..)| is_key(c))
                .map(|(_, column, _)| Command::SortBy(*column)),
            Overlay::Only => is_key(&'i').then_some(Command::Transaction),
            Overlay::FromRow(keep) if is_key(&'x') => {
                return self.overlay = Some(Overlay::FromRow(keep.other()));
            }
            Overlay::FromRow(keep) => {
                let keys = row_keys(&self.prefs.columns);
                keys.iter().find(|(c, ..)| is_key(c)).map(|(_, part, _)| Command::FilterBy(*part, keep))
            }
        };
        if let Some(command) = command {
            self.command(command, effects);
        }
    }

    /// Does what a key means in the choice of columns.
    fn choose_columns(&mut self, key: Key, effects: &mut Vec<Effect>) {
        match self.chooser.key(key) {
            Chosen::Nothing => {}
            Chosen::Refused(why) => self.notice = Some(Notice::Failed(why.to_owned())),
            Chosen::Changed => self.prefs.show_columns(self.chooser.of, self.chooser.shown()),
            Chosen::Save => effects.push(Effect::SaveColumns(self.chooser.of, self.chooser.names())),
            Chosen::Close => self.overlay = None,
        }
    }

    fn bound_key(&mut self, key: Key, effects: &mut Vec<Effect>) {
        match self.prefs.keymap.command(key, &self.contexts()) {
            Some(command)
                if self.overlay.is_none()
                    && command.acts_on_row()
                    && self.screen().state().is_catching_up() =>
            {
                self.hold(key);
            }
            Some(command) => {
                self.prefs.hints = self.prefs.hints.saturating_sub(1);
                self.command(command, effects);
            }
            None if self.overlay.is_none() => {
                self.notice = {
                    let covered = self.screen().state().covered();
                    self.prefs.keymap.missing(key, &self.contexts(), covered).map(Notice::Failed)
                };
            }
            None => self.overlay_is_open(),
        }
    }

    /// A key means nothing while an overlay is shown.
    pub(super) fn overlay_is_open(&mut self) {
        self.notice = Some(Notice::Failed("this window is open: Esc closes it".to_owned()));
    }

    pub(super) fn command(&mut self, command: Command, effects: &mut Vec<Effect>) {
        if let Some(overlay) = &mut self.overlay {
            match overlay.command(command, &self.targets) {
                Answer::Closed => return self.overlay = None,
                // What is typed must be seen.
                Answer::Ignored if command == Command::Filter => self.overlay = None,
                Answer::Ignored => {}
                Answer::Done => return,
                Answer::Refused => return self.overlay_is_open(),
            }
        }
        match self.with_top(effects, |screen, host| screen.command(command, host)) {
            Outcome::Ignored => self.everywhere(command, effects),
            outcome => self.apply(outcome, effects),
        }
    }

    /// What works on every screen.
    fn everywhere(&mut self, command: Command, effects: &mut Vec<Effect>) {
        match command {
            Command::Back if self.screens.len() > 1 => self.apply(Outcome::Pop, effects),
            Command::Quit => self.apply(Outcome::Pop, effects),
            Command::Leave => effects.push(Effect::Quit),
            Command::Exit => effects.push(Effect::Abort),
            Command::Help => self.overlay = Some(Overlay::Help(super::parts::TextView::default())),
            Command::Copy if self.session.details.wanted.is_some() => {
                self.overlay = Some(Overlay::Copy(Redaction::Off));
            }
            Command::Palette => self.open_palette(),
            Command::Note => self.open_note(),
            Command::Save => self.open_save(),
            Command::Filter | Command::GoTo(_) | Command::Narrow(_) => {
                self.descend(effects, |screen, host| screen.command(command, host));
            }
            Command::Time => {
                self.session.time = self.session.time.next();
                self.notice = Some(Notice::Done(format!("times: {}", self.session.time.sentence())));
            }
            Command::Mouse => self.give_mouse(effects),
            Command::Mask => self.toggle_mask(),
            Command::Suspend => effects.push(Effect::Suspend),
            Command::Redraw => effects.push(Effect::Redraw),
            Command::Back => {
                self.notice = Some(Notice::Failed("there is nothing to go back to: q quits".to_owned()));
            }
            other => self.notice = self.prefs.keymap.useless(other, &self.contexts()).map(Notice::Failed),
        }
    }

    /// Returns the mouse to the terminal, or takes it again.
    fn give_mouse(&mut self, effects: &mut Vec<Effect>) {
        self.prefs.mouse = self.prefs.mouse.other();
        effects.push(Effect::TakeMouse(self.prefs.mouse));
        let says = match self.prefs.mouse {
            MouseOwner::Terminal => "the mouse selects text in the terminal; m takes it again",
            MouseOwner::Browser => "the mouse selects rows and tabs; m returns it to the terminal",
        };
        self.notice = Some(Notice::Done(says.to_owned()));
    }

    fn toggle_mask(&mut self) {
        self.session.privacy.toggle(&self.session.snapshot);
        let says = if self.session.privacy.is_masked() {
            "numbers, names and addresses are masked on the screen; what is copied is not"
        } else {
            "everything is shown again"
        };
        self.notice = Some(Notice::Done(says.to_owned()));
    }

    fn paste(&mut self, text: &str, effects: &mut Vec<Effect>) {
        if self.overlay == Some(Overlay::Note) {
            return self.note.edit.insert(text);
        }
        if self.is_save_open() {
            return self.save_text(text);
        }
        self.overlay = None;
        if self.session.details.search_text(text, self.targets.details) {
            return;
        }
        match self.with_top(effects, |screen, host| screen.typed(&Typed::Text(text), host)) {
            Outcome::Ignored => self.descend(effects, |screen, host| screen.typed(&Typed::Text(text), host)),
            outcome => self.apply(outcome, effects),
        }
    }

    /// Leaves screens until one answers. If none does, nothing happens.
    fn descend(
        &mut self,
        effects: &mut Vec<Effect>,
        mut ask: impl FnMut(&mut dyn ScreenState, &mut Host<'_>) -> Outcome,
    ) {
        for below in (0..self.screens.len().saturating_sub(1)).rev() {
            let (screen, mut host) = self.parts(below, effects);
            match ask(screen, &mut host) {
                Outcome::Ignored => {}
                outcome => {
                    self.overlay = None;
                    while self.screens.len() > below + 1 {
                        self.pop(effects);
                    }
                    return self.apply(outcome, effects);
                }
            }
        }
    }

    fn mouse(&mut self, action: MouseAction, (x, y): (u16, u16), effects: &mut Vec<Effect>) {
        let mouse = Mouse { action, target: self.targets.at(x, y), x, y };
        if action == MouseAction::Click {
            self.session.details.end_search_editing();
            self.notice = None;
        }
        if self.is_save_open() {
            if action == MouseAction::Click {
                self.save_click(mouse.target);
            }
            return;
        }
        if let Some(overlay) = &mut self.overlay {
            if let Answer::Closed = overlay.mouse(&mouse, &self.targets) {
                self.overlay = None;
            }
            return;
        }
        let outcome = self.with_top(effects, |screen, host| screen.mouse(&mouse, host));
        self.apply(outcome, effects);
    }

    /// Gives what arrived from outside to every screen.
    pub(super) fn arrived(&mut self, event: &Event, effects: &mut Vec<Effect>) {
        match event {
            Event::Loaded(snapshot) => {
                self.session.take(snapshot);
                self.session.privacy.learn(snapshot);
            }
            Event::Reloaded(snapshot) => {
                self.session.take(snapshot);
                self.session.privacy.learn_again(snapshot);
            }
            Event::Drawn(targets) => {
                self.targets = targets.clone();
                self.chooser.list.height = targets.height(super::Target::Overlay);
            }
            Event::Recalled { .. } => self.recalled(event),
            _ => {}
        }
        if let Event::Loaded(_) = event {
            self.session.find_for_details();
        }
        if let Event::Reloaded(_) = event {
            // What is known of messages near the end may be wrong.
            self.session.details.wanted = None;
        }
        if let Event::Drawn(_) = event {
            // Screens that are covered keep their heights.
            self.with_top(effects, |screen, host| screen.event(event, host));
            return;
        }
        for at in 0..self.screens.len() {
            let (screen, mut host) = self.parts(at, effects);
            screen.event(event, &mut host);
        }
    }

    fn apply(&mut self, outcome: Outcome, effects: &mut Vec<Effect>) {
        match outcome {
            Outcome::Ignored | Outcome::Done => {}
            Outcome::Failed(why) => self.notice = Some(Notice::Failed(why)),
            Outcome::Push(screen) => {
                self.screens.push(screen);
                self.with_top(effects, |screen, host| screen.opened(host));
            }
            Outcome::Pop if self.screens.len() > 1 => self.pop(effects),
            Outcome::Show(overlay) => {
                if let Overlay::Columns(list) = overlay {
                    self.chooser = ColumnChooser::of(list, self.prefs.columns_of(list));
                }
                self.overlay = Some(overlay);
            }
            Outcome::Pop | Outcome::Quit => effects.push(Effect::Quit),
        }
    }

    /// Leaves the top screen.
    fn pop(&mut self, effects: &mut Vec<Effect>) {
        if let Some(left) = self.screens.pop() {
            self.with_top(effects, |screen, host| screen.shown_again(left, host));
        }
    }

    fn with_top<T>(
        &mut self,
        effects: &mut Vec<Effect>,
        act: impl FnOnce(&mut dyn ScreenState, &mut Host<'_>) -> T,
    ) -> T {
        let (screen, mut host) = self.parts(self.screens.len() - 1, effects);
        act(screen, &mut host)
    }

    /// A screen of the stack, and what it may look at beside itself.
    fn parts<'a>(
        &'a mut self,
        at: usize,
        effects: &'a mut Vec<Effect>,
    ) -> (&'a mut dyn ScreenState, Host<'a>) {
        let Self { session, screens, prefs, targets, notice, .. } = self;
        (screens[at].state_mut(), Host { session, prefs, targets, notice, effects })
    }
}
