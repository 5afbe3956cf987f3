//! The palette: all commands that work now, found by a few letters; a number or a time goes to that message.
//!
//! Must not know: drawing, what commands do.

use crate::app::command::Command;
use crate::app::event::{Effect, Key};
use crate::app::goal::{Goal, goal};
use crate::app::keymap::{Binding, Context, key_name};
use crate::app::parts::{LineEdit, List, Motion};
use crate::app::{App, Notice};
use crate::store::MessageIdx;

use super::Overlay;

/// State of the palette.
#[derive(Debug, Clone, Default)]
pub struct Palette {
    /// What is typed.
    pub edit: LineEdit,
    /// The selected entry.
    pub list: List,
}

/// A command that the palette offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Its keys; empty for what only the palette does.
    pub keys: String,
    /// What it does.
    pub help: String,
    /// Where it belongs to.
    pub place: &'static str,
    /// The command.
    pub command: Command,
}

impl Palette {
    /// What matches what is typed, the best first; `contexts` as for keys.
    pub fn offers(&self, app: &App) -> Vec<Offer> {
        let typed = self.edit.text().trim();
        match goal(typed, app.selected(), &app.session.snapshot) {
            Some(Goal::Message(message)) => go_to(message, format!("go to message {}", message + 1)),
            Some(Goal::Last(message, why)) => go_to(message, why),
            Some(Goal::Nothing) => Vec::new(),
            None => matching(typed, commands(app)),
        }
    }
}

/// The only offer: to go to a message.
fn go_to(message: MessageIdx, help: String) -> Vec<Offer> {
    vec![Offer { keys: String::new(), help, place: "", command: Command::GoTo(message) }]
}

/// The commands of the screen and of everywhere, the innermost first; each once.
fn commands(app: &App) -> Vec<Offer> {
    let screen = app.screen().state();
    let mut offers: Vec<Offer> = Vec::new();
    for context in screen.contexts().into_iter().chain([Context::Everywhere]) {
        let here = app.prefs.keymap.bindings_of(context).filter(|b| is_offered(b));
        for binding in here.filter(|b| screen.offers(b.command, &app.session)) {
            if offers.iter().all(|offer| offer.command != binding.command) {
                offers.push(offer(binding));
            }
        }
    }
    offers
}

/// Moving needs no palette.
fn is_offered(binding: &Binding) -> bool {
    !matches!(binding.command, Command::Go(_) | Command::Palette)
}

fn offer(binding: &Binding) -> Offer {
    let keys: Vec<String> = binding.keys.iter().map(|key| key_name(*key)).collect();
    Offer {
        keys: keys.join(" "),
        help: binding.help.to_owned(),
        place: binding.context.title(),
        command: binding.command,
    }
}

/// Those in whose sentence the letters occur in this order, the best first.
fn matching(typed: &str, offers: Vec<Offer>) -> Vec<Offer> {
    let mut scored: Vec<(i32, Offer)> = offers
        .into_iter()
        .filter_map(|offer| {
            Some((score(typed, &offer.help).max(score(typed, &offer.command.name()))?, offer))
        })
        .collect();
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    scored.into_iter().map(|(_, offer)| offer).collect()
}

/// How well a text matches what is typed: its letters in this order, better where they begin words and follow each other. Sixty
/// short sentences need no library for it.
fn score(typed: &str, text: &str) -> Option<i32> {
    let text: Vec<char> = text.to_lowercase().chars().collect();
    let (mut at, mut last, mut score) = (0, None, 0);
    for c in typed.to_lowercase().chars().filter(|c| !c.is_whitespace()) {
        let begins = |at: &usize| *at == 0 || !text[at - 1].is_alphanumeric();
        let mut found = (at..text.len()).filter(|at| text[*at] == c);
        let first = found.clone().next()?;
        // The beginning of a word is meant, unless the letter goes on from the last one.
        let best = if last.is_some_and(|last| last + 1 == first) {
            first
        } else {
            found.find(begins).unwrap_or(first)
        };
        score += if last.is_some_and(|last| last + 1 == best) { 8 } else { 0 };
        score += if begins(&best) { 6 } else { 0 };
        score -= (best - at).min(6) as i32;
        (at, last) = (best + 1, Some(best));
    }
    Some(score)
}

impl App {
    /// Takes a key while the palette is shown.
    pub(in crate::app) fn palette_key(&mut self, key: Key, effects: &mut Vec<Effect>) {
        let len = self.palette.offers(self).len();
        let motion = match key {
            Key::Up | Key::Ctrl('p') => Some(Motion::Up),
            Key::Down | Key::Ctrl('n') | Key::Tab => Some(Motion::Down),
            Key::PageUp => Some(Motion::PageUp),
            Key::PageDown => Some(Motion::PageDown),
            _ => None,
        };
        match (key, motion) {
            (_, Some(motion)) => self.palette.list.go(motion, len),
            (Key::Esc, _) => self.overlay = None,
            (Key::Backspace, _) if self.palette.edit.text().is_empty() => self.overlay = None,
            (Key::Enter, _) => self.run_offer(effects),
            _ => {
                if self.palette.edit.key(key) {
                    self.palette.list = List { height: self.palette.list.height, ..List::default() };
                }
            }
        }
    }

    /// Opens the palette.
    pub(in crate::app) fn open_palette(&mut self) {
        self.palette = Palette::default();
        self.overlay = Some(Overlay::Palette);
    }

    fn run_offer(&mut self, effects: &mut Vec<Effect>) {
        let offer = self.palette.offers(self).into_iter().nth(self.palette.list.selected);
        let goal = goal(self.palette.edit.text().trim(), self.selected(), &self.session.snapshot);
        self.overlay = None;
        if let Some(offer) = offer {
            self.command(offer.command, effects);
            if let Some(Goal::Last(_, why)) = goal {
                self.notice = Some(Notice::Failed(why));
            }
            return;
        }
        let typed = self.palette.edit.text().trim();
        self.notice = Some(Notice::Failed(format!("no command and no message is “{typed}”")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_match_in_their_order_and_words_count_more() {
        let texts =
            ["filter the list while typing", "remove the filter", "follow the file; pause, continue", "quit"];
        let best = |typed: &str| {
            let scored = texts.iter().filter_map(|text| Some((score(typed, text)?, *text)));
            scored.max_by_key(|(score, _)| *score).map(|(_, text)| text)
        };
        for (typed, want) in [
            ("filt", Some(texts[0])),
            ("rem", Some(texts[1])),
            ("ff", Some(texts[2])),
            ("follow", Some(texts[2])),
            ("quit", Some(texts[3])),
            ("xyz", None),
        ] {
            assert_eq!(best(typed), want, "{typed}");
        }
    }
}
