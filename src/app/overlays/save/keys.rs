//! The keys and the mouse of the save dialog.
//!
//! Must not know: drawing, what is done with the file.

use std::path::Path;

use crate::app::App;
use crate::app::event::{Effect, Key};
use crate::app::saving::{NotSaved, Overwrite, Redaction};
use crate::app::targets::Target;
use crate::export::format::Format;

use super::{Choice, Field, Overlay};

/// The fields from top to bottom.
const FIELDS: [Field; 4] = [Field::What, Field::Format, Field::Redact, Field::File];

/// A direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Back,
    On,
}

impl Step {
    /// The neighbour of a position below `len`, if there is one.
    fn from(self, at: usize, len: usize) -> Option<usize> {
        match self {
            Self::Back => at.checked_sub(1),
            Self::On => Some(at + 1).filter(|at| *at < len),
        }
    }
}

impl App {
    /// Takes a key while the dialog is shown.
    pub(in crate::app) fn save_key(&mut self, key: Key, effects: &mut Vec<Effect>) {
        if let Some(NotSaved::Exists) = self.save.problem {
            self.save.problem = None;
            match key {
                Key::Char('o') => return self.request_save(Overwrite::Yes, effects),
                // Neither is an answer to the question: the name can be changed.
                Key::Esc | Key::Enter => return,
                _ => {}
            }
        }
        match (key, self.save.field) {
            (Key::Esc, _) => {
                self.overlay = None;
                self.stop_saving(effects);
            }
            (Key::Enter, _) if self.saving.is_none() => self.request_save(Overwrite::Ask, effects),
            (Key::Up | Key::Char('k'), Field::What) => self.choose_what(Step::Back),
            (Key::Down | Key::Char('j'), Field::What) => self.choose_what(Step::On),
            (Key::Up | Key::BackTab, _) => self.save_field(Step::Back),
            (Key::Down | Key::Tab, _) => self.save_field(Step::On),
            (Key::Left, Field::What | Field::Format) => self.choose_format(Step::Back),
            (Key::Right, Field::What | Field::Format) => self.choose_format(Step::On),
            (Key::Char('r'), Field::What | Field::Format | Field::Redact)
            | (Key::Char(' '), Field::Redact) => {
                self.toggle_redaction();
            }
            (_, Field::File) if self.save.path.key(key) => self.path_typed(),
            (Key::Enter | Key::Left | Key::Right, _) => {}
            _ => self.overlay_is_open(),
        }
    }

    /// Takes pasted text: it is a name.
    pub(in crate::app) fn save_text(&mut self, text: &str) {
        self.save.field = Field::File;
        self.save.path.insert(text);
        self.path_typed();
    }

    /// Takes a click.
    pub(in crate::app) fn save_click(&mut self, target: Option<Target>) {
        match target {
            Some(Target::SaveWhat(at)) => {
                if self.save.choices.get(at).is_some_and(Choice::is_there) {
                    (self.save.field, self.save.chosen) = (Field::What, at);
                    self.propose();
                }
            }
            Some(Target::SaveFormat(at)) => {
                if let Some(format) = self.save.formats().get(at) {
                    (self.save.field, self.save.wanted) = (Field::Format, *format);
                    self.propose();
                }
            }
            Some(Target::SaveRedact) => {
                self.save.field = Field::Redact;
                self.toggle_redaction();
            }
            Some(Target::SaveFile) => self.save.field = Field::File,
            Some(Target::Overlay) => {}
            _ => self.overlay = None,
        }
    }

    /// Stops the file that is being saved, if there is one.
    pub(in crate::app) fn stop_saving(&mut self, effects: &mut Vec<Effect>) {
        effects.extend(self.saving.as_ref().map(|saving| Effect::StopSaving(saving.generation)));
    }

    fn save_field(&mut self, step: Step) {
        let at = FIELDS.iter().position(|field| *field == self.save.field).unwrap_or_default();
        let round = if step == Step::On { 0 } else { FIELDS.len() - 1 };
        self.save.field = FIELDS[step.from(at, FIELDS.len()).unwrap_or(round)];
    }

    /// Chooses the next one that is there; beyond the last one is the next field.
    fn choose_what(&mut self, step: Step) {
        let len = self.save.choices.len();
        let next = std::iter::successors(Some(self.save.chosen), |at| step.from(*at, len)).skip(1);
        let found = next.into_iter().find(|at| self.save.choices[*at].is_there());
        match found {
            Some(at) => {
                self.save.chosen = at;
                self.propose();
            }
            None if step == Step::On => self.save_field(step),
            None => {}
        }
    }

    fn toggle_redaction(&mut self) {
        self.save.redaction = match self.save.redaction {
            Redaction::Off => Redaction::On,
            Redaction::On => Redaction::Off,
        };
        self.propose();
    }

    fn choose_format(&mut self, step: Step) {
        let formats = self.save.formats();
        let at = formats.iter().position(|format| *format == self.save.format).unwrap_or_default();
        if let Some(at) = step.from(at, formats.len()) {
            self.save.wanted = formats[at];
            self.propose();
        }
    }

    /// The user changed the name: an extension of a format means that format.
    fn path_typed(&mut self) {
        self.save.is_typed = true;
        self.save.problem = None;
        let named = Format::of_path(Path::new(self.save.path.text()));
        if let Some(format) = named.filter(|format| self.save.formats().contains(format)) {
            (self.save.format, self.save.wanted) = (format, format);
        }
    }

    /// Whether the dialog is over the screen.
    pub(in crate::app) fn is_save_open(&self) -> bool {
        self.overlay == Some(Overlay::Save)
    }
}
