//! Every key in one table: dispatch, footer, help and the README are made from it.
//!
//! Must not know: what the actions do.

use super::details::Tab;
use super::event::Key;
use super::scroll::Motion;

/// What a key means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Move in what has the focus.
    Go(Motion),
    /// Drill in: the selected message, whole; what is picked.
    Open,
    /// Go back, one step.
    Back,
    /// Leave the screen; at home the program.
    Quit,
    /// Leave the program.
    Exit,
    /// The call's ladder, and back.
    Ladder,
    /// Edit the filter.
    Filter,
    /// Remove the filter.
    ClearFilter,
    /// Begin a copy.
    Copy,
    /// Move the focus between list and details.
    Focus,
    /// The focused pane alone, and back.
    Zoom,
    /// Choose a tab.
    Show(Tab),
    /// The next tab.
    NextTab,
    /// The tab before.
    PreviousTab,
    /// The next part of the body.
    NextPart,
    /// The part before.
    PreviousPart,
    /// Explained and pretty, or exact.
    Pretty,
    /// Hex, or text.
    Hex,
    /// How times are shown.
    Time,
    /// More room for the list.
    Grow,
    /// More room for the details.
    Shrink,
    /// Unfold retransmissions in the ladder, or fold them.
    Retransmissions,
    /// Scroll the ladder left.
    ScrollLeft,
    /// Scroll the ladder right.
    ScrollRight,
    /// Follow growing inputs, or no more.
    Follow,
    /// Mark the selected profile, or no more.
    Mark,
    /// Mark all profiles, or none.
    MarkAll,
    /// Say which part of the span is wanted.
    Part,
    /// Choose another profile.
    Another,
    /// The help screen.
    Help,
    /// Stop, to come back.
    Suspend,
    /// Draw everything anew.
    Redraw,
}

/// Where a binding works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// On every screen.
    Everywhere,
    /// On every screen that shows messages.
    Trace,
    /// Where profiles are picked.
    Picker,
    /// On the message list.
    Messages,
    /// In the details pane, while it has the focus.
    Details,
    /// On the ladder.
    Ladder,
    /// On the help screen.
    Help,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Binding {
    /// Where it works.
    pub place: Place,
    /// The keys that do it; the first is the one that the footer shows.
    pub keys: &'static [Key],
    /// What they do.
    pub action: Action,
    /// One word for the footer; empty where the footer does not show it.
    pub label: &'static str,
    /// A sentence for the help.
    pub help: &'static str,
}

const fn bind(
    place: Place,
    keys: &'static [Key],
    action: Action,
    label: &'static str,
    help: &'static str,
) -> Binding {
    Binding { place, keys, action, label, help }
}

use Key::{BackTab, Char, Ctrl, Down, End, Enter, Esc, F, Home, Left, PageDown, PageUp, Right, Up};
use Place::{Details, Everywhere, Help, Ladder, Messages, Picker, Trace};

/// The table. A binding of a place goes before one for everywhere.
pub const BINDINGS: &[Binding] = &[
    bind(Messages, &[Char('d')], Action::Ladder, "ladder", "the ladder of this message's call"),
    bind(Picker, &[Enter], Action::Open, "open", "open the marked profiles, or the selected one"),
    bind(Picker, &[Char(' ')], Action::Mark, "mark", "mark to open several, merged by time"),
    bind(Picker, &[Char('a')], Action::MarkAll, "all", "mark all, or none"),
    bind(Picker, &[Char('t')], Action::Part, "times", "only a part: from when, until when"),
    bind(Ladder, &[Char('d')], Action::Back, "back", "back to the same place in the list"),
    bind(Trace, &[Char('/'), F(3), F(7)], Action::Filter, "filter", "filter the list as you type"),
    bind(Messages, &[F(5)], Action::ClearFilter, "", "remove the filter"),
    bind(Trace, &[Char('y')], Action::Copy, "copy", "copy: then choose what"),
    bind(Trace, &[Key::Tab, BackTab], Action::Focus, "panes", "move between the list and the details"),
    bind(Trace, &[Char('z')], Action::Zoom, "zoom", "the focused pane alone, and back"),
    bind(Messages, &[Char('F')], Action::Follow, "follow", "follow growing files: new rows slide in"),
    bind(Messages, &[Char('O')], Action::Another, "profiles", "open another profile of the directory"),
    bind(Trace, &[Enter], Action::Open, "", "the selected message, whole"),
    bind(Everywhere, &[Esc], Action::Back, "", "one step back"),
    bind(Trace, &[Char('1')], Action::Show(Tab::Headers), "", "header fields"),
    bind(Trace, &[Char('2')], Action::Show(Tab::Body), "", "body"),
    bind(Trace, &[Char('3')], Action::Show(Tab::Parts), "", "MIME parts"),
    bind(Trace, &[Char('4')], Action::Show(Tab::Raw), "", "raw bytes"),
    bind(Ladder, &[Left], Action::ScrollLeft, "", "scroll a wide ladder to the left"),
    bind(Ladder, &[Right], Action::ScrollRight, "", "scroll a wide ladder to the right"),
    bind(Details, &[Left], Action::PreviousTab, "", "the tab before"),
    bind(Details, &[Right], Action::NextTab, "", "the next tab"),
    bind(Trace, &[Right, Char('l')], Action::NextTab, "", "the next tab"),
    bind(Trace, &[Left, Char('h')], Action::PreviousTab, "", "the tab before"),
    bind(Trace, &[Char(']')], Action::NextPart, "", "the next part of the body"),
    bind(Trace, &[Char('[')], Action::PreviousPart, "", "the part before"),
    bind(Trace, &[Char('p')], Action::Pretty, "", "body explained and pretty, or exact"),
    bind(Details, &[Char('x')], Action::Hex, "hex", "raw bytes in hex, or as text"),
    bind(Ladder, &[Char('r')], Action::Retransmissions, "resends", "unfold retransmissions, or fold them"),
    bind(
        Trace,
        &[Char('t')],
        Action::Time,
        "time",
        "time of day, since the first, since the one before, in the call",
    ),
    bind(Trace, &[Char('<')], Action::Shrink, "", "more room for the details"),
    bind(Trace, &[Char('>')], Action::Grow, "", "more room for the list"),
    bind(Everywhere, &[Up, Char('k')], Action::Go(Motion::Up), "", "up"),
    bind(Everywhere, &[Down, Char('j')], Action::Go(Motion::Down), "", "down"),
    bind(Everywhere, &[PageUp, Ctrl('b')], Action::Go(Motion::PageUp), "", "a page up"),
    bind(Everywhere, &[PageDown, Ctrl('f')], Action::Go(Motion::PageDown), "", "a page down"),
    bind(Everywhere, &[Ctrl('u')], Action::Go(Motion::HalfUp), "", "half a page up"),
    bind(Everywhere, &[Ctrl('d')], Action::Go(Motion::HalfDown), "", "half a page down"),
    bind(Everywhere, &[Home, Char('g')], Action::Go(Motion::First), "", "to the first"),
    bind(Everywhere, &[End, Char('G')], Action::Go(Motion::Last), "", "to the last"),
    bind(Help, &[Char('?'), F(1)], Action::Back, "close", "close the help"),
    bind(Everywhere, &[Char('?'), F(1)], Action::Help, "help", "this help"),
    bind(Everywhere, &[Char('q'), F(10)], Action::Quit, "quit", "leave this screen, at home the program"),
    bind(Everywhere, &[Ctrl('c')], Action::Exit, "", "leave the program"),
    bind(Everywhere, &[Ctrl('z')], Action::Suspend, "", "suspend the program"),
    bind(Everywhere, &[Ctrl('l')], Action::Redraw, "", "draw the screen anew"),
];

/// What a copy copies: the key after `y`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CopyWhat {
    /// The whole message.
    Message,
    /// The body.
    Body,
    /// The SDP, alone or out of a multipart body.
    Sdp,
    /// The selected part's body.
    Part,
    /// The Call-ID.
    CallId,
    /// The ladder of the message's call, as text.
    Ladder,
    /// A command line with the filter in force that prints what it shows.
    Command,
}

/// The keys after `y`: key, what it copies, how the footer says it.
pub const COPIES: &[(char, CopyWhat, &str)] = &[
    ('m', CopyWhat::Message, "message"),
    ('b', CopyWhat::Body, "body"),
    ('s', CopyWhat::Sdp, "SDP"),
    ('p', CopyWhat::Part, "part"),
    ('c', CopyWhat::CallId, "Call-ID"),
    ('l', CopyWhat::Ladder, "ladder"),
    ('f', CopyWhat::Command, "command"),
];

/// The keys while the filter is edited, beside those of any line editor; how the footer says them.
pub const FILTER_KEYS: &[(Key, &str)] =
    &[(Enter, "keep"), (Esc, "restore"), (Key::Tab, "complete"), (Up, "history"), (Ctrl('w'), "delete word")];

/// The keys while the times are edited, beside those of any line editor; how the footer says them.
pub const PART_KEYS: &[(Key, &str)] =
    &[(Enter, "keep"), (Esc, "restore"), (Key::Tab, "the other time"), (Ctrl('u'), "delete")];

/// What a key means at a place, given from the innermost outwards.
pub fn action(key: Key, places: &[Place]) -> Option<Action> {
    places.iter().find_map(|place| {
        BINDINGS.iter().find(|b| b.place == *place && b.keys.contains(&key)).map(|b| b.action)
    })
}

/// How a key is written.
pub fn key_name(key: Key) -> String {
    match key {
        Char(' ') => "Space".to_owned(),
        Char(c) => c.to_string(),
        Ctrl(c) => format!("Ctrl-{}", c.to_ascii_uppercase()),
        F(n) => format!("F{n}"),
        PageUp => "PgUp".to_owned(),
        PageDown => "PgDn".to_owned(),
        Up => "↑".to_owned(),
        Down => "↓".to_owned(),
        Left => "←".to_owned(),
        Right => "→".to_owned(),
        Key::BackTab => "Shift-Tab".to_owned(),
        other => format!("{other:?}"),
    }
}

/// A heading of the help, and its pairs of keys and sentence.
pub type HelpSection = (&'static str, Vec<(String, &'static str)>);

/// The whole help.
pub fn help_sections() -> Vec<HelpSection> {
    let mut all = trace_help();
    all.extend(picker_help().into_iter().filter(|(heading, _)| *heading != EVERYWHERE));
    all
}

/// The help where messages are seen.
pub fn trace_help() -> Vec<HelpSection> {
    let copies = COPIES.iter().map(|(key, _, what)| (format!("y {key}"), *what)).collect();
    vec![
        ("Message list", section(Messages)),
        ("Ladder", section(Ladder)),
        ("Details", section(Details)),
        ("List, ladder and details", section(Trace)),
        (EVERYWHERE, section(Everywhere)),
        ("Copy", copies),
        ("While the filter is edited", while_edited(FILTER_KEYS)),
    ]
}

/// The help where profiles are picked.
pub fn picker_help() -> Vec<HelpSection> {
    vec![
        ("Profiles of a directory", section(Picker)),
        ("While the times are edited", while_edited(PART_KEYS)),
        (EVERYWHERE, section(Everywhere)),
    ]
}

const EVERYWHERE: &str = "Everywhere";

fn section(place: Place) -> Vec<(String, &'static str)> {
    let of_place = BINDINGS.iter().filter(move |b| b.place == place);
    of_place.map(|b| (names(b.keys), b.help)).collect()
}

fn while_edited(keys: &[(Key, &'static str)]) -> Vec<(String, &'static str)> {
    keys.iter().map(|(key, what)| (key_name(*key), *what)).collect()
}

fn names(keys: &[Key]) -> String {
    keys.iter().map(|k| key_name(*k)).collect::<Vec<_>>().join(" ")
}
