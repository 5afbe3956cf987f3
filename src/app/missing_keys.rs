//! What is said of a key, or of a command, that means nothing on a screen.
//!
//! Must not know: what the commands do.

use super::command::Command;
use super::key::Key;
use super::keymap::Context::{
    self, Calls, Details, Diff, Directory, Everywhere, Ladder, Legs, Messages, Panes, Profiles, Statistics,
};
use super::keymap::{Keymap, key_name};
use Key::{BackTab, Char, Ctrl, Enter, F};

/// The contexts where a key may be wanted that means nothing here, the most likely one first.
const NEAREST: [Context; 11] =
    [Messages, Panes, Details, Calls, Ladder, Legs, Diff, Statistics, Directory, Profiles, Everywhere];

impl Context {
    /// Its name for users who are elsewhere.
    const fn place(self) -> &'static str {
        match self {
            Self::Panes => "Messages and details",
            other => other.title(),
        }
    }

    /// The context that this one is a part of, now and then.
    const fn whole(self) -> Option<Self> {
        match self {
            Self::Directory => Some(Self::Messages),
            Self::Legs => Some(Self::Ladder),
            _ => None,
        }
    }

    /// What a key of this context says where the context does not exist.
    const fn missing(self) -> Option<&'static str> {
        match self {
            Self::Directory => Some("no directory was opened: name one to choose from its profiles"),
            Self::Legs => Some("x shows the other legs of the call first, on the ladder"),
            _ => None,
        }
    }
}

impl Keymap {
    /// Why a key without a meaning in these contexts does nothing: what it does elsewhere, first of all in what is `covered`,
    /// else where users want it most. Keys of the cursor say nothing.
    pub fn missing(&self, key: Key, contexts: &[Context], covered: Option<Context>) -> Option<String> {
        if let Some(b) = covered.and_then(|c| self.bindings_of(c).find(|b| b.keys.contains(&key))) {
            let title = b.context.title();
            return Some(format!("{} in “{title}”, where Esc leads back: {}", key_name(key), b.help));
        }
        let all = Context::ALL.into_iter().flat_map(|context| self.bindings_of(context));
        let bound: Vec<_> = all.filter(|b| b.keys.contains(&key)).collect();
        let name = key_name(key);
        // Profiles are named only where they are open.
        let mut nearest = NEAREST.iter().filter(|c| **c != Profiles || contexts.contains(&Directory));
        let best = nearest.find_map(|c| bound.iter().find(|b| b.context == *c));
        let mut part =
            bound.iter().filter(|b| b.context.whole().is_some_and(|whole| contexts.contains(&whole)));
        match (part.find_map(|b| b.context.missing()), best, key) {
            (Some(why), ..) => Some(why.to_owned()),
            (None, Some(b), Char(_) | F(_) | Ctrl(_) | Enter | Key::Tab | BackTab) => {
                Some(format!("{name} in “{}”: {}", b.context.place(), b.help))
            }
            (None, None, Char(_) | F(_) | Enter | Key::Backspace | Key::Delete) => {
                Some(format!("{name} does nothing; ? lists the keys"))
            }
            _ => None,
        }
    }

    /// What a command that can do nothing now says: its key, and what that is for.
    pub fn useless(&self, command: Command, contexts: &[Context]) -> Option<String> {
        let of = |context: &Context| self.bindings_of(*context).find(|b| b.command == command);
        let anywhere = || NEAREST.iter().find_map(of);
        let binding = contexts.iter().find_map(of).or_else(anywhere)?;
        let key = key_name(*binding.keys.first()?);
        Some(format!("{key} can do nothing here now: {}", binding.help))
    }
}
