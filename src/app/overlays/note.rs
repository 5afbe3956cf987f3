//! The line in which a note is written.
//!
//! Must not know: drawing, where notes are kept.

use crate::app::event::{Effect, Event, Key};
use crate::app::parts::LineEdit;
use crate::app::{App, Notice};
use crate::store::MessageIdx;

use super::Overlay;

/// The keys beside those of any line editor, as the footer names them.
pub const NOTE_KEYS: &[(Key, &str)] =
    &[(Key::Enter, "apply; an empty note is removed"), (Key::Esc, "cancel"), (Key::Ctrl('u'), "delete")];

/// The note that is being written.
#[derive(Debug, Clone, Default)]
pub struct NoteEdit {
    /// The message that it is on.
    pub message: MessageIdx,
    /// What is typed.
    pub edit: LineEdit,
}

impl App {
    /// Opens the line with the note on the selected message.
    pub(in crate::app) fn open_note(&mut self) {
        let Some(message) = self.selected() else {
            self.notice =
                Some(Notice::Failed("no message is selected: a note is on a message or a call".to_owned()));
            return;
        };
        let mut edit = LineEdit::default();
        edit.set(self.session.notes.get(message).unwrap_or_default());
        self.note = NoteEdit { message, edit };
        self.overlay = Some(Overlay::Note);
    }

    /// Takes a key while a note is written.
    pub(in crate::app) fn note_key(&mut self, key: Key, effects: &mut Vec<Effect>) {
        match key {
            Key::Esc => self.overlay = None,
            Key::Enter => {
                self.overlay = None;
                let NoteEdit { message, edit } = std::mem::take(&mut self.note);
                self.session.notes.write(message, edit.text());
                self.arrived(&Event::NoteWritten, effects);
            }
            _ => {
                self.note.edit.key(key);
            }
        }
    }
}
