//! Writes settings as the text of a configuration file, with comments: read again, it is the same settings.
//!
//! Must not know: where the file is.

use std::fmt::Write as _;

use clap::ValueEnum;

use crate::style::ROLES;

use super::known::Known;
use super::look;
use super::settings::{Placed, START_FILTER, Settings};
use super::{ClipboardTarget, ColorWhen, ThemeName, TimeFormat};

/// The text. What is not set is written with its usual value; keys, colours, filters and names as comments.
pub fn print(settings: &Settings, known: &Known) -> String {
    let mut out = String::new();
    browsing(&mut out, settings, known);
    looks(&mut out, settings);
    line(&mut out, "Header fields that join the legs of a call, as the option --leg-header.");
    set(&mut out, "leg-header", &list(&settings.leg_headers));
    tables(&mut out, settings, known);
    out
}

/// Filter, columns, times.
fn browsing(out: &mut String, settings: &Settings, known: &Known) {
    line(
        out,
        "The browser's first filter; \"\" for none. Esc or F5 removes it, and so does any option that selects messages.",
    );
    set(out, "filter", &quoted(settings.filter.as_ref().map_or(START_FILTER, |filter| &filter.text)));
    line(
        out,
        "The columns of messages, in their order; F10 chooses them. Every field of the filter language is one, and",
    );
    line(out, "header.NAME is any header field. [] shows the usual ones.");
    if !known.columns.is_empty() {
        line(out, &format!("Usual: {}", known.columns.join(", ")));
    }
    set(out, "columns", &list(&settings.columns));
    line(
        out,
        "The columns of --calls, as the option --columns, and of the Calls screen, where F10 chooses them. [] shows the usual ones.",
    );
    let columns: Vec<String> = settings.call_columns.iter().map(|column| column.text.clone()).collect();
    set(out, "call-columns", &list(&columns));
    choice(
        out,
        "How times are shown; t changes it",
        "time",
        &settings.time.unwrap_or_default(),
        TimeFormat::value_variants(),
    );
    line(out, "Whether filter history, marks and positions are kept in the state directory.");
    set(out, "session", if settings.session.unwrap_or(true) { "true" } else { "false" });
}

/// Colours, characters, mouse, clipboard.
fn looks(out: &mut String, settings: &Settings) {
    choice(out, "Colours", "theme", &settings.theme.unwrap_or_default(), ThemeName::value_variants());
    choice(
        out,
        "When colours are used",
        "color",
        &settings.color.unwrap_or_default(),
        ColorWhen::value_variants(),
    );
    line(out, "Draw only ASCII. Without UTF-8 in the locale, that is always so.");
    set(out, "ascii", if settings.ascii.unwrap_or(false) { "true" } else { "false" });
    line(out, "Whether the browser takes the mouse.");
    set(out, "mouse", if settings.mouse.unwrap_or(true) { "true" } else { "false" });
    let clipboard = settings.clipboard.unwrap_or_default();
    choice(out, "Where copied text goes", "clipboard", &clipboard, ClipboardTarget::value_variants());
}

fn tables(out: &mut String, settings: &Settings, known: &Known) {
    line(out, "Names of peers (an address, with or without a port) and of profiles, as the option --alias.");
    table(out, "aliases", settings.aliases.iter().map(|(of, name)| (quoted(of), quoted(name))));
    example(out, settings.aliases.is_empty(), "\"192.0.2.21\" = \"carrier2\"");
    line(out, "Named filters: @failed in a filter is the one with this name.");
    let filter = |(name, filter): &(String, Placed)| (name.clone(), quoted(&filter.text));
    table(out, "filters", settings.filters.iter().map(filter));
    example(out, settings.filters.is_empty(), "failed = \"is:failed or is:error\"");
    line(
        out,
        "Other colours: one of the 16 names, a number up to 255 or #rrggbb, with bold, dim, italic, bold underlined,",
    );
    line(out, "bold reversed or background.");
    let color = |(role, look): &(crate::style::Role, crate::style::Look)| {
        let name = ROLES.iter().find(|(_, other)| other == role).map_or("", |(name, _)| *name);
        (name.to_owned(), quoted(&look::spell(*look)))
    };
    table(out, "colors", settings.colors.iter().map(color));
    example(out, settings.colors.is_empty(), "warning = \"208 bold\"");
    let roles = ROLES.iter().map(|(name, _)| *name).collect::<Vec<_>>();
    roles.chunks(10).for_each(|roles| comment(out, &roles.join(" ")));
    keys(out, settings, known);
}

/// The keys: the usual ones as comments.
fn keys(out: &mut String, settings: &Settings, known: &Known) {
    if known.keys.is_empty() {
        return;
    }
    line(out, "Keys of commands. A line without # replaces all keys of its command.");
    let mut context = "";
    for key in &known.keys {
        if key.context != context {
            context = &key.context;
            // Writing to a String cannot fail.
            let _ = writeln!(out, "\n[keys.{context}]");
        }
        let set = settings.keys.iter().find(|set| set.context == key.context && set.command == key.command);
        let keys = list(set.map_or(&key.keys, |set| &set.keys));
        let sign = if set.is_some() { "" } else { "# " };
        let _ = writeln!(out, "{sign}{} = {keys}  # {}", key.command, key.help);
    }
}

fn line(out: &mut String, text: &str) {
    let follows_value = out.ends_with('\n') && !out.lines().last().unwrap_or_default().starts_with('#');
    if follows_value {
        out.push('\n');
    }
    comment(out, text);
}

fn comment(out: &mut String, text: &str) {
    out.extend(["# ", text, "\n"]);
}

fn set(out: &mut String, key: &str, value: &str) {
    out.extend([key, " = ", value, "\n"]);
}

fn choice<T: ValueEnum>(out: &mut String, what: &str, key: &str, value: &T, all: &[T]) {
    let name =
        |value: &T| value.to_possible_value().map_or_else(String::new, |name| name.get_name().to_owned());
    line(out, &format!("{what}: {}.", all.iter().map(name).collect::<Vec<_>>().join(", ")));
    set(out, key, &quoted(&name(value)));
}

fn table(out: &mut String, name: &str, entries: impl Iterator<Item = (String, String)>) {
    out.extend(["[", name, "]\n"]);
    entries.for_each(|(key, value)| set(out, &key, &value));
}

fn example(out: &mut String, is_empty: bool, text: &str) {
    if is_empty {
        comment(out, text);
    }
}

pub(super) fn list(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", texts.join(", "))
}

/// A basic string of TOML.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out + "\""
}
