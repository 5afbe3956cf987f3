//! The footer: the keys that work now, what just happened, or what `y` can copy.
//!
//! Must not know: what keys do.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::keymap::{self, Action, BINDINGS, Binding, COPIES, FILTER_KEYS, PART_KEYS, Place};
use crate::app::{App, Key, Notice, Screen};
use crate::base::escape::escape;

use super::Theme;
use super::pen::{Pen, width};

/// Draws the footer.
pub(super) fn draw(app: &App, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let mut pen = Pen::new(buf, area, 0);
    pen.skip(1);
    if app.copying {
        let keys: Vec<_> = COPIES.iter().map(|(key, _, what)| (key.to_string(), *what)).collect();
        pen.put("copy", theme.accent());
        pen.skip(2);
        put_keys(&mut pen, theme, &keys);
        return;
    }
    match &app.notice {
        Some(Notice::Done(told)) => pen.put(&escape(told.as_bytes()), theme.good()),
        Some(Notice::Failed(why)) => pen.put(&escape(why.as_bytes()), theme.error()),
        None if app.filter.editing => put_keys(&mut pen, theme, &named(FILTER_KEYS)),
        None if matches!(&app.screen, Screen::Picker(picker) if picker.editing.is_some()) => {
            put_keys(&mut pen, theme, &named(PART_KEYS));
        }
        None => put_keys(&mut pen, theme, &keys(app, usize::from(area.width).saturating_sub(2))),
    }
}

fn named(keys: &[(Key, &'static str)]) -> Vec<(String, &'static str)> {
    keys.iter().map(|(key, what)| (keymap::key_name(*key), *what)).collect()
}

fn put_keys(pen: &mut Pen<'_>, theme: &Theme, keys: &[(String, &str)]) {
    for (key, what) in keys {
        pen.put(key, theme.strong());
        pen.skip(1);
        pen.put(what, theme.dim());
        pen.skip(2);
    }
}

/// The keys of the present places with their words, as many as have room. Help and quit are always
/// among them.
fn keys(app: &App, room: usize) -> Vec<(String, &'static str)> {
    let bindings = bindings(app);
    let cells = |b: &Binding| width(&keymap::key_name(b.keys[0])) + width(b.label) + 3;
    let vital = |b: &Binding| matches!(b.action, Action::Help | Action::Quit);
    let mut room = room.saturating_sub(bindings.iter().filter(|b| vital(b)).map(|b| cells(b)).sum());
    let mut shown = Vec::new();
    for binding in bindings {
        // What comes after the first that has no room would be there by chance.
        room = if vital(binding) { room } else { room.saturating_sub(cells(binding)) };
        if vital(binding) || room > 0 {
            shown.push((keymap::key_name(binding.keys[0]), binding.label));
        }
    }
    shown
}

/// The bindings with a word, but for those whose key means something else in an inner place. On the
/// help screen the keys for what is not to be seen are left out.
fn bindings(app: &App) -> Vec<&'static Binding> {
    let places = if app.help.is_some() { &[Place::Help] } else { app.places() };
    let named = BINDINGS.iter().filter(|b| !b.label.is_empty() && places.contains(&b.place));
    let named = named.filter(|b| b.action != Action::Another || app.behind.is_some());
    named.filter(|b| keymap::action(b.keys[0], places) == Some(b.action)).collect()
}
