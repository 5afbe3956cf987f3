//! The footer: the keys that work now, what just happened, or what `y` can copy.
//!
//! Must not know: what keys do.

use crate::app::command::Command;
use crate::app::keymap::{self, Binding, Context};
use crate::app::overlays::{COLUMN_KEYS, COPIES, CopyWhat, EXISTS_KEYS, NOTE_KEYS, SAVE_KEYS};
use crate::app::row_part::{Keep, ROW_PARTS};
use crate::app::saving::{NotSaved, Redaction};
use crate::app::{App, Notice, Overlay};
use crate::base::escape::escape;
use crate::style::Role;

use super::parts::cell_writer::{CellWriter, width};

/// Draws the footer.
pub(super) fn draw(app: &App, row: &mut CellWriter<'_>) {
    row.skip(1);
    if let Some(Overlay::Copy(redaction)) = app.overlay {
        let is_meant = |what: CopyWhat| redaction == Redaction::Off || what.can_be_redacted();
        let keys = copies(app).filter(|(_, what, ..)| is_meant(*what));
        let keys: Vec<_> = keys.map(|(key, _, what, _)| (key.to_string(), *what)).collect();
        row.put(if redaction == Redaction::On { "copy redacted" } else { "copy" }, Role::Accent);
        row.skip(2);
        return put_keys(row, &keys);
    }
    if let Some(Overlay::FromRow(keep)) = app.overlay {
        return put_row_parts(row, keep);
    }
    if app.overlay == Some(Overlay::Only) {
        row.put("only", Role::Accent);
        row.skip(2);
        return put_keys(row, &[("i".to_owned(), "this transaction, or everything again")]);
    }
    if matches!(app.overlay, Some(Overlay::Columns(_))) && app.notice.is_none() {
        let keys: Vec<_> = COLUMN_KEYS.iter().map(|(key, what)| ((*key).to_owned(), *what)).collect();
        return put_keys(row, &keys);
    }
    if app.overlay == Some(Overlay::Sort) {
        return row.put("sort: press the letter of a column", Role::Accent);
    }
    if app.overlay == Some(Overlay::Palette) {
        let keys = [("Enter", "run"), ("↑ ↓", "choose"), ("Esc", "close")];
        return put_keys(row, &keys.map(|(key, what)| (key.to_owned(), what)));
    }
    if app.overlay == Some(Overlay::Note) {
        return put_keys(row, &keymap::named(NOTE_KEYS));
    }
    if app.overlay == Some(Overlay::Save) {
        let keys = if app.save.problem == Some(NotSaved::Exists) { EXISTS_KEYS } else { SAVE_KEYS };
        let keys: Vec<_> = keys.iter().map(|(key, what)| ((*key).to_owned(), *what)).collect();
        return put_keys(row, &keys);
    }
    let searching = app.session.details.search.as_ref().is_some_and(|search| search.editing);
    let edited = app.screen().state().edited_keys().or(searching.then_some(keymap::SEARCH_KEYS));
    match (&app.notice, edited) {
        (Some(Notice::Done(text)), _) => row.put(&escape(text.as_bytes()), Role::Done),
        (Some(Notice::Failed(why)), _) => row.put(&escape(why.as_bytes()), Role::Error),
        (None, Some(keys)) if app.overlay.is_none() => put_keys(row, &keymap::named(keys)),
        (None, _) if app.saving.is_some() && app.overlay.is_none() => put_saving(app, row),
        (None, _) => {
            // The blanks after the last one need no room; one cell at the end stays free.
            let room = row.room() + 2;
            put_keys(row, &keys(app, room));
        }
    }
}

/// How far the file is that is being saved.
fn put_saving(app: &App, row: &mut CellWriter<'_>) {
    let Some(saving) = &app.saving else { return };
    let percent = (saving.done * 100).checked_div(saving.total).unwrap_or_default();
    row.put(&format!("saving {}  {percent} %", escape(saving.path.as_bytes())), Role::Accent);
    row.skip(2);
    put_keys(row, &[("Esc".to_owned(), "stop")]);
}

/// Draws what keys are for, as long as the user is new.
pub(super) fn draw_hints(app: &App, row: &mut CellWriter<'_>) {
    let keys = app.hints().iter().filter_map(|(command, what)| {
        let contexts = app.contexts();
        let binding = contexts.iter().flat_map(|context| app.prefs.keymap.bindings_of(*context));
        let key = binding.filter(|b| b.command == *command).find_map(|b| b.keys.first().copied())?;
        Some((keymap::key_name(key), *what))
    });
    row.skip(1);
    row.put("New here?", Role::Accent);
    row.skip(2);
    put_keys(row, &keys.collect::<Vec<_>>());
}

/// What can be copied here. All of it has no room: the verdict comes where calls are looked at, parts of bodies where messages are.
pub(super) fn copies(
    app: &App,
) -> impl Iterator<Item = &'static (char, CopyWhat, &'static str, &'static str)> {
    let contexts = app.contexts();
    let is_shown = move |what: &CopyWhat| match what {
        CopyWhat::Verdict => contexts.contains(&Context::Calls) || contexts.contains(&Context::Ladder),
        CopyWhat::Part => contexts.contains(&Context::Messages),
        CopyWhat::Comparison => contexts.contains(&Context::Diff),
        CopyWhat::Frame => !contexts.contains(&Context::Diff),
        CopyWhat::FieldValue => contexts.contains(&Context::Details),
        _ => true,
    };
    COPIES.iter().filter(move |(_, what, ..)| is_shown(what))
}

/// What of the selected row can become a term of the filter.
fn put_row_parts(row: &mut CellWriter<'_>, keep: Keep) {
    let (title, other) = match keep {
        Keep::These => ("only", "without …"),
        Keep::Others => ("without", "only …"),
    };
    row.put(title, Role::Accent);
    row.skip(2);
    let parts = ROW_PARTS.iter().map(|(key, _, name)| (key.to_string(), *name));
    // The window above has the columns, too.
    put_keys(row, &parts.chain([("x".to_owned(), other)]).collect::<Vec<_>>());
}

fn put_keys(row: &mut CellWriter<'_>, keys: &[(String, &str)]) {
    for (key, what) in keys {
        row.put(key, Role::Strong);
        row.skip(1);
        row.put(what, Role::Dim);
        row.skip(2);
    }
}

/// The keys of the present contexts with their labels, as many as have room. Help and quit are always among them.
fn keys(app: &App, room: usize) -> Vec<(String, &'static str)> {
    // While the help is shown, the keys of the screen below do nothing.
    let contexts = if app.overlay.is_some() { vec![Context::Help] } else { app.contexts() };
    let state = app.screen().state();
    let mut bindings = app.prefs.keymap.footer(&contexts);
    bindings.retain(|b| state.offers(b.command, &app.session));
    if app.prefs.picks && app.overlay.is_none() {
        bindings.splice(
            0..0,
            app.prefs.keymap.bindings_of(Context::Everywhere).filter(|b| b.command == Command::Leave),
        );
    }
    let label = |b: &Binding| match b.command {
        Command::Quit if !app.is_home() => "back",
        Command::Leave => leave(app),
        _ => b.label,
    };
    let name = |b: &Binding| b.keys.first().copied().map(keymap::key_name).unwrap_or_default();
    let cells = |b: &Binding| width(&name(b)) + width(label(b)) + 3;
    let vital = |b: &Binding| matches!(b.command, Command::Help | Command::Quit | Command::Leave);
    let mut room = room.saturating_sub(bindings.iter().filter(|b| vital(b)).map(|b| cells(b)).sum());
    let mut shown = Vec::new();
    for binding in bindings {
        // Nothing comes after the first that has no room: it would be there by chance.
        room = if vital(binding) { room } else { room.saturating_sub(cells(binding)) };
        if vital(binding) || room > 0 {
            shown.push((name(binding), label(binding)));
        }
    }
    shown
}

/// What leaving the browser prints.
fn leave(app: &App) -> &'static str {
    let is_picked = !app.session.marks.is_empty() || app.selected().is_some();
    if is_picked { "print and leave" } else { "leave (nothing to print)" }
}
