//! The save dialog: what, in which format, to which file.
//!
//! Must not know: drawing, files, how a format is written.

mod choices;
mod keys;
mod proposed;

use crate::app::event::Effect;
use crate::app::parts::LineEdit;
use crate::app::saving::{NotSaved, Overwrite, Redaction, SaveRequest, Saved, Saving};
use crate::app::{App, Notice};
use crate::base::number::grouped;
use crate::export::format::{Format, Rows};

use super::Overlay;

pub use choices::{Choice, Saves, What};

/// The keys of the dialog, as the footer names them.
pub const SAVE_KEYS: &[(&str, &str)] = &[
    ("Enter", "save"),
    ("Tab", "next"),
    ("↑ ↓", "what"),
    ("← →", "format"),
    ("r", "redact"),
    ("Esc", "cancel"),
];

/// The keys while an existing file is asked about.
pub const EXISTS_KEYS: &[(&str, &str)] = &[("o", "overwrite it"), ("Esc", "another name")];

/// What the keys act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Field {
    /// What is saved.
    #[default]
    What,
    /// The format.
    Format,
    /// Whether it is redacted.
    Redact,
    /// The name of the file.
    File,
}

/// State of the dialog.
#[derive(Debug, Clone, Default)]
pub struct SaveDialog {
    /// What can be saved here, and what is not there now.
    pub choices: Vec<Choice>,
    /// The chosen one, by its position.
    pub chosen: usize,
    /// The format.
    pub format: Format,
    /// The format that the user wants, where it can be had.
    wanted: Format,
    /// Whether it is redacted.
    pub redaction: Redaction,
    /// What the keys act on.
    pub field: Field,
    /// The name of the file.
    pub path: LineEdit,
    /// Whether the user typed the name.
    is_typed: bool,
    /// Why the file was not saved.
    pub problem: Option<NotSaved>,
    /// Whether an answer is awaited.
    waits: bool,
}

impl SaveDialog {
    /// What is chosen.
    pub fn choice(&self) -> Option<&Choice> {
        self.choices.get(self.chosen)
    }

    /// The formats of what is chosen.
    pub fn formats(&self) -> Vec<Format> {
        self.choice().map(|choice| choice.what.formats()).unwrap_or_default()
    }
}

impl App {
    /// Opens the dialog, if something can be saved here.
    pub(in crate::app) fn open_save(&mut self) {
        if let Some(saving) = &self.saving {
            let path = &saving.path;
            self.notice = Some(Notice::Failed(format!("{path} is being saved: Esc stops it")));
            return;
        }
        let saves = self.screen().state().saves(&self.session);
        let choices = choices::of(&saves, &self.session);
        let Some(chosen) = choices::proposed(&choices, &saves) else {
            self.notice = Some(Notice::Failed(
                "nothing to save here: w saves in the message list, in the calls and on the ladder"
                    .to_owned(),
            ));
            return;
        };
        self.save = SaveDialog { choices, chosen, wanted: self.save.wanted, ..SaveDialog::default() };
        self.propose();
        self.overlay = Some(Overlay::Save);
    }

    /// Adapts format and name to what is chosen.
    fn propose(&mut self) {
        let can_be_had = self.save.formats().contains(&self.save.wanted);
        // Without that, it is a list: tables are for lists.
        let format = if can_be_had { self.save.wanted } else { Format::Csv };
        self.save.format = format;
        let name = if self.save.is_typed {
            proposed::with_extension(self.save.path.text(), format)
        } else {
            let name =
                self.save.choice().map(|choice| proposed::name(choice, &self.session, self.save.redaction));
            format!("{}.{}", name.unwrap_or_default(), format.name())
        };
        self.save.path.set(&name);
    }

    /// Requests the file.
    fn request_save(&mut self, overwrite: Overwrite, effects: &mut Vec<Effect>) {
        let Some(Choice { selection: Some(selection), what, count, .. }) = self.save.choice().cloned() else {
            return;
        };
        let path = self.save.path.text().trim().to_owned();
        if path.is_empty() {
            self.save.problem = Some(NotSaved::Failed("a name is needed".to_owned()));
            self.save.field = Field::File;
            return;
        }
        let names = |columns: &[crate::app::columns::ColumnSpec]| {
            columns.iter().map(|column| column.name.to_owned()).collect::<Vec<_>>()
        };
        let generation = self.session.new_generation();
        let request = SaveRequest {
            generation,
            snapshot: self.session.snapshot.clone(),
            selection,
            rows: what.rows(),
            format: self.save.format,
            path: path.clone(),
            overwrite,
            redaction: self.save.redaction,
            notes: self.session.notes.texts().clone(),
            columns: names(&self.prefs.columns),
            call_columns: names(&self.prefs.call_columns),
        };
        self.save.problem = None;
        self.save.waits = true;
        self.saving = Some(Saving { generation, path, done: 0, total: count });
        effects.push(Effect::Save(Box::new(request)));
    }

    /// How many notes the chosen messages have that the format has no place for.
    pub fn notes_left_out(&self) -> usize {
        let Some(Choice { selection: Some(selection), .. }) = self.save.choice() else { return 0 };
        if self.save.format.has_notes() && self.save.redaction == Redaction::Off {
            return 0;
        }
        let notes = self.session.notes.texts().keys();
        notes.filter(|message| selection.contains(&self.session.snapshot, **message)).count()
    }
}

/// The answers.
impl App {
    /// The file is being written: the dialog is no longer needed.
    pub(in crate::app) fn save_goes_on(
        &mut self,
        generation: crate::app::event::Generation,
        done: usize,
        total: usize,
    ) {
        let Some(saving) = self.saving.as_mut().filter(|saving| saving.generation == generation) else {
            return;
        };
        (saving.done, saving.total) = (done, total);
        if self.overlay == Some(Overlay::Save) && self.save.waits {
            self.overlay = None;
        }
    }

    /// The file is there, or is not.
    pub(in crate::app) fn save_ended(
        &mut self,
        generation: crate::app::event::Generation,
        result: Result<Saved, NotSaved>,
    ) {
        let Some(Saving { path, .. }) = self.saving.take_if(|saving| saving.generation == generation) else {
            return;
        };
        let is_open = self.overlay == Some(Overlay::Save) && std::mem::take(&mut self.save.waits);
        match result {
            Ok(saved) => {
                self.close_save(is_open);
                self.notice = Some(Notice::Done(sentence(&saved)));
            }
            Err(NotSaved::Stopped) => {
                self.close_save(is_open);
                self.notice = Some(Notice::Failed(format!("stopped: {path} was not written")));
            }
            Err(problem) if is_open => {
                self.save.problem = Some(problem);
                self.save.field = Field::File;
            }
            Err(NotSaved::Exists) => {
                self.notice = Some(Notice::Failed(format!("{path} was not written: such a file appeared")));
            }
            Err(NotSaved::Failed(why)) => {
                self.notice = Some(Notice::Failed(format!("{path} was not written: {why}")));
            }
        }
    }

    fn close_save(&mut self, is_open: bool) {
        if is_open {
            self.overlay = None;
        }
    }
}

/// `saved 24 messages, 18,432 bytes, to x.dump`.
fn sentence(saved: &Saved) -> String {
    let Saved { path, rows, count, bytes, unreadable } = saved;
    let what = counted(*count, *rows);
    let missing = match unreadable {
        0 => String::new(),
        unreadable => {
            format!(" ({} without text any more are missing)", counted(*unreadable, Rows::Messages))
        }
    };
    format!("saved {what}, {} bytes, to {path}{missing}", grouped(*bytes))
}

/// `1 message`, `24 messages`, `16 calls`.
pub fn counted(count: u64, rows: Rows) -> String {
    let noun = match (rows, count) {
        (Rows::Messages, 1) => "message",
        (Rows::Messages, _) => "messages",
        (Rows::Calls, 1) => "call",
        (Rows::Calls, _) => "calls",
    };
    format!("{} {noun}", grouped(count))
}
