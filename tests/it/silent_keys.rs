//! No key is silent: on every screen each key of the keymap changes what is seen, does something outside, or says why not.

use sofiatui::app::command::Command;
use sofiatui::app::keymap::{Context, Keymap, key_name};
use sofiatui::app::{Event, Key};
use sofiatui::load::InputSpec;
use sofiatui::store::Snapshot;

use crate::support::{Browser, loaded};

/// Screens and what can be over them, by the keys that lead there.
const STATES: [&str; 14] = [
    "",
    "<Enter>",
    "<Tab>",
    "<Tab>4",
    "c",
    "cgv",
    "c<Tab>",
    "gd",
    "c/state:busy<Enter>d",
    "c/state:busy<Enter>D",
    "s",
    "?",
    "/",
    "<F10>",
];

/// At the start there is nothing that these could bring back.
const NOTHING_TO_BRING_BACK: [&str; 3] = ["/ Ctrl-N", "/ Ctrl-P", "<F10> r"];

/// Keys of the cursor: at the end of what they move in they move no further, which is seen.
fn is_motion(keymap: &Keymap, key: Key) -> bool {
    let command = Context::ALL.iter().find_map(|context| keymap.command(key, &[*context]));
    matches!(command, Some(Command::Go(_))) || matches!(key, Key::Left | Key::Right | Key::Home | Key::End)
}

#[test]
fn no_key_is_silent() {
    let snapshot = Snapshot::clone(&loaded(vec![InputSpec::Demo]));
    let keymap = Keymap::default();
    let mut keys: Vec<Key> = Vec::new();
    for context in Context::ALL {
        keys.extend(keymap.bindings_of(context).flat_map(|binding| binding.keys.iter().copied()));
    }
    keys.sort_by_key(|key| key_name(*key));
    keys.dedup();
    let mut silent = Vec::new();
    for state in STATES {
        for key in keys.iter().filter(|key| !is_motion(&keymap, **key)) {
            let mut browser = Browser::new(80, 24, snapshot.clone());
            browser.keys(state);
            let before = browser.styled_screen();
            let effects = browser.app.update(Event::Key(*key));
            browser.draw();
            if effects.is_empty() && before == browser.styled_screen() {
                silent.push(format!("{state} {}", key_name(*key)));
            }
        }
    }
    silent.retain(|one| !NOTHING_TO_BRING_BACK.contains(&one.as_str()));
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}
