//! The choice of columns: which are shown, in which order, and one more by the name of a header field.
//!
//! Must not know: drawing, where the choice is saved.

use crate::app::columns::{CallColumn, ColumnList, ColumnSpec, ColumnValue};
use crate::app::key::Key;
use crate::app::parts::{LineEdit, List, Motion};

/// State of the overlay.
#[derive(Debug, Clone, Default)]
pub struct ColumnChooser {
    /// Whose columns they are.
    pub of: ColumnList,
    /// All columns, the shown ones first, and whether each is shown.
    pub rows: Vec<(ColumnSpec, bool)>,
    /// Which one is selected.
    pub list: List,
    /// The name of a column that is typed.
    pub typed: Option<LineEdit>,
    /// What is wrong with it.
    pub error: Option<String>,
}

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Chosen {
    /// Nothing.
    Nothing,
    /// The key can do nothing, and this is why.
    Refused(&'static str),
    /// To show other columns.
    Changed,
    /// To write them into the configuration.
    Save,
    /// To close the overlay.
    Close,
}

/// The keys of the overlay, as the footer names them.
pub const COLUMN_KEYS: &[(&str, &str)] =
    &[("Space", "show/hide"), ("J K", "move"), ("a", "add"), ("r", "usual"), ("s", "save"), ("Esc", "close")];

impl ColumnChooser {
    /// The choice that holds now.
    pub(in crate::app) fn of(of: ColumnList, shown: &[ColumnSpec]) -> Self {
        let mut chooser = Self { of, ..Self::default() };
        chooser.fill(shown);
        chooser
    }

    fn fill(&mut self, shown: &[ColumnSpec]) {
        let all = self.of.usual().into_iter().chain(self.of.others());
        let others = all.filter(|column| !shown.iter().any(|other| other.name == column.name));
        let rows = shown.iter().map(|column| (*column, true)).chain(others.map(|column| (column, false)));
        // The number of a call is always shown.
        let number = ColumnValue::Call(CallColumn::Number);
        self.rows = rows.filter(|(column, _)| column.value != number).collect();
    }

    /// The columns that are shown, in their order.
    pub(in crate::app) fn shown(&self) -> Vec<ColumnSpec> {
        let names: Vec<String> = self.names();
        self.of.chosen(&names)
    }

    /// Their names.
    pub(in crate::app) fn names(&self) -> Vec<String> {
        self.rows.iter().filter(|(_, is_shown)| *is_shown).map(|(column, _)| column.name.to_owned()).collect()
    }

    pub(in crate::app) fn key(&mut self, key: Key) -> Chosen {
        if self.typed.is_some() {
            return self.type_name(key);
        }
        let len = self.rows.len();
        match key {
            Key::Esc | Key::F(10) | Key::Char('q') => return Chosen::Close,
            Key::Char('s') => return Chosen::Save,
            Key::Char('a') => self.typed = Some(LineEdit::default()),
            Key::Char('r') => {
                self.fill(&self.of.usual());
                return Chosen::Changed;
            }
            Key::Char(' ') | Key::Enter => return self.toggle(),
            Key::Char('J' | '>') => return self.shift(1),
            Key::Char('K' | '<') => return self.shift(-1),
            Key::Up | Key::Char('k') => self.list.go(Motion::Up, len),
            Key::Down | Key::Char('j') => self.list.go(Motion::Down, len),
            Key::PageUp => self.list.go(Motion::PageUp, len),
            Key::PageDown => self.list.go(Motion::PageDown, len),
            Key::Home | Key::Char('g') => self.list.go(Motion::First, len),
            Key::End | Key::Char('G') => self.list.go(Motion::Last, len),
            _ => return Chosen::Refused("this window is open: Esc closes it"),
        }
        Chosen::Nothing
    }

    fn toggle(&mut self) -> Chosen {
        let shown = self.rows.iter().filter(|(_, is_shown)| *is_shown).count();
        match self.rows.get_mut(self.list.selected) {
            // A list without columns shows nothing.
            Some((_, true)) if shown == 1 => Chosen::Refused("one column must remain"),
            Some((_, is_shown)) => {
                *is_shown = !*is_shown;
                Chosen::Changed
            }
            None => Chosen::Nothing,
        }
    }

    /// Moves the selected column in the order.
    fn shift(&mut self, by: isize) -> Chosen {
        let at = self.list.selected;
        let Some(to) = at.checked_add_signed(by).filter(|to| *to < self.rows.len()) else {
            return Chosen::Refused("the column is at the end already");
        };
        self.rows.swap(at, to);
        self.list.go(if by > 0 { Motion::Down } else { Motion::Up }, self.rows.len());
        Chosen::Changed
    }

    fn type_name(&mut self, key: Key) -> Chosen {
        let Some(edit) = &mut self.typed else { return Chosen::Nothing };
        self.error = None;
        match key {
            Key::Esc => self.typed = None,
            Key::Enter => {
                let name = edit.text().trim().to_owned();
                return self.add(&name);
            }
            key => {
                edit.key(key);
            }
        }
        Chosen::Nothing
    }

    /// Shows the column with this name before the selected one: a field of the filter language, or else a header field.
    fn add(&mut self, name: &str) -> Chosen {
        let column = self.of.named(name);
        let Some(column) = column.filter(|_| !name.is_empty() && !name.contains(char::is_whitespace)) else {
            let known = match self.of {
                ColumnList::Messages => "a header field, or a field of the filter",
                ColumnList::Calls => "those of the calls are listed below",
            };
            self.error = Some(format!("no column is named '{name}': {known}"));
            return Chosen::Nothing;
        };
        self.typed = None;
        self.rows.retain(|(other, _)| other.name != column.name);
        let at = self.list.selected.min(self.rows.len());
        self.rows.insert(at, (column, true));
        Chosen::Changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(keys: &str) -> Vec<String> {
        chosen_of(ColumnList::Messages, keys)
    }

    fn chosen_of(list: ColumnList, keys: &str) -> Vec<String> {
        let mut chooser = ColumnChooser::of(list, &list.usual());
        for key in keys.chars() {
            chooser.key(if key == '\r' { Key::Enter } else { Key::Char(key) });
        }
        chooser.names()
    }

    #[test]
    fn columns_are_hidden_moved_and_added() {
        let usual =
            ["n", "date", "time", "delta", "addr", "arrow", "profile", "message", "from", "to", "call-id"];
        assert_eq!(chosen(""), usual);
        assert_eq!(chosen(" j ")[..2], ["time", "delta"]);
        assert_eq!(chosen("J")[..3], ["date", "n", "time"]);
        assert_eq!(chosen("K")[..1], ["n"]);
        assert_eq!(chosen("jaX-Cid\r")[..3], ["n", "header.X-Cid", "date"]);
        assert_eq!(chosen("acseq\r")[..2], ["cseq", "n"]);
        assert_eq!(chosen("aX-Cid\r r"), usual);
        assert_eq!(chosen("aa b\r"), usual);
    }
    #[test]
    fn the_columns_of_calls_are_those_of_the_command_line() {
        let usual = ["start", "from", "to", "state", "ring", "talk", "ended-by", "legs", "why"];
        let of_calls = |keys| chosen_of(ColumnList::Calls, keys);
        assert_eq!(of_calls(""), usual);
        assert_eq!(of_calls(" acodec\r")[..2], ["codec", "from"]);
        assert_eq!(of_calls("aX-Cid\r"), usual);
        assert_eq!(
            ColumnList::Calls.chosen(&of_calls("")).len(),
            usual.len() + 1,
            "the number is always shown"
        );
    }
}
