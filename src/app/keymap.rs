//! Every key in one table: dispatch, footer, help and the README are made from it.
//!
//! Must not know: what the commands do.

use std::borrow::Cow;

use crate::config::{KeySetting, KnownKey};

use super::command::Command;
use super::details::Tab;
use super::key::Key;
use super::parts::Motion;
use super::row_part::Keep;
use super::section::Section;

/// Where a binding works. A screen names its contexts, the innermost first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Context {
    /// The message list.
    Messages,
    /// The calls.
    Calls,
    /// The ladder.
    Ladder,
    /// The ladder, while it shows several legs.
    Legs,
    /// The comparison of two messages.
    Diff,
    /// The profiles of a directory.
    Profiles,
    /// The statistics.
    Statistics,
    /// Below a directory's profiles, when one was opened.
    Directory,
    /// The details pane, while it has the focus.
    Details,
    /// Every screen that shows a message's details.
    Panes,
    /// The help.
    Help,
    /// Every screen.
    Everywhere,
}

impl Context {
    /// All contexts in the order of the README.
    pub const ALL: [Self; 12] = [
        Self::Messages,
        Self::Directory,
        Self::Calls,
        Self::Ladder,
        Self::Legs,
        Self::Diff,
        Self::Statistics,
        Self::Profiles,
        Self::Details,
        Self::Panes,
        Self::Everywhere,
        Self::Help,
    ];

    /// Its name in a configuration.
    pub fn name(self) -> String {
        format!("{self:?}").to_ascii_lowercase()
    }

    /// Its heading in the help.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Messages => "Messages",
            Self::Calls => "Calls",
            Self::Ladder => "Ladder",
            Self::Legs => "Ladder of several legs",
            Self::Diff => "What FreeSWITCH changed",
            Self::Statistics => "Statistics",
            Self::Profiles => "Profiles of a directory",
            Self::Directory => "Messages of a directory's profiles",
            Self::Details => "Details, after Tab",
            Self::Panes => "Lists, ladder and details",
            Self::Help => "Help",
            Self::Everywhere => "Everywhere",
        }
    }

    /// The keys that belong to it while a line is edited.
    pub const fn edited(self) -> Option<(&'static str, &'static [(Key, &'static str)])> {
        match self {
            Self::Messages => Some(("While the filter is edited", FILTER_KEYS)),
            Self::Details => Some(("While a search in the details is edited", SEARCH_KEYS)),
            Self::Profiles => Some(("While the times are edited", TIME_RANGE_KEYS)),
            _ => None,
        }
    }
}

/// One row of the table.
#[derive(Debug, Clone)]
pub struct Binding {
    /// Where it works.
    pub context: Context,
    /// The keys; the footer shows the first one.
    pub keys: Cow<'static, [Key]>,
    /// What they do.
    pub command: Command,
    /// One word for the footer; empty if the footer does not show it.
    pub label: &'static str,
    /// A sentence for the help.
    pub help: &'static str,
}

const fn bind(
    context: Context,
    keys: &'static [Key],
    command: Command,
    label: &'static str,
    help: &'static str,
) -> Binding {
    Binding { context, keys: Cow::Borrowed(keys), command, label, help }
}

use Context::{
    Calls, Details, Diff, Directory, Everywhere, Help, Ladder, Legs, Messages, Panes, Profiles, Statistics,
};
use Key::{BackTab, Char, Ctrl, Down, End, Enter, Esc, F, Home, Left, PageDown, PageUp, Right, Up};

/// The defaults, in the order of the footer.
const DEFAULTS: &[Binding] = &[
    bind(Messages, &[Char('d')], Command::Ladder, "ladder", "ladder of this message's Call-ID"),
    bind(Messages, &[Char('c')], Command::Calls, "calls", "the calls: how each went, and why"),
    bind(Calls, &[Char('d'), Enter, F(4)], Command::Ladder, "ladder", "ladder of the call"),
    bind(Calls, &[Char('v')], Command::Proof, "proof", "open the message that proves the verdict"),
    bind(Calls, &[Char('e')], Command::NextProblem, "problem", "next call with a problem"),
    bind(Calls, &[Char('E')], Command::PreviousProblem, "", "previous call with a problem"),
    bind(
        Calls,
        &[Char('c')],
        Command::Messages,
        "messages",
        "back to the messages, at the first one of the call",
    ),
    bind(Calls, &[Char('/'), F(3), F(7)], Command::Filter, "filter", "filter the calls while typing"),
    bind(Calls, &[Key::Tab, BackTab], Command::Focus, "panes", "move between the list and the details"),
    bind(Calls, &[F(5)], Command::ClearFilter, "", "remove the filter"),
    bind(Calls, &[Esc], Command::Back, "", "remove the filter; without one, back to the messages"),
    bind(Calls, &[Char('o')], Command::Sort, "sort", "sort: then choose the column; repeat to reverse"),
    bind(
        Calls,
        &[Char('i')],
        Command::GroupByIncident,
        "",
        "group by incident (NG911), with its other dialogs",
    ),
    bind(Calls, &[Char('D')], Command::Compare, "changes", "what FreeSWITCH changed from leg to leg"),
    bind(Calls, &[F(10)], Command::Columns, "", "choose and order the columns"),
    bind(Calls, &[Char('y')], Command::Copy, "copy", "copy: then choose what"),
    bind(Calls, &[Char('w'), F(2)], Command::Save, "save", "save to a file: what, in which format"),
    bind(Calls, &[Char('N')], Command::Note, "", "write a note on the call, or change it"),
    bind(Calls, &[Char(' '), Right], Command::Expand, "", "show the legs of the call"),
    bind(Calls, &[Left], Command::Collapse, "", "hide the legs of the call"),
    bind(Calls, &[Char('z')], Command::Zoom, "", "maximise this pane, or restore it"),
    bind(Calls, &[Char('<')], Command::Shrink, "", "enlarge the details"),
    bind(Calls, &[Char('>')], Command::Grow, "", "enlarge the list"),
    bind(Profiles, &[Enter], Command::Open, "open", "open the marked profiles, or the selected one"),
    bind(Profiles, &[Char(' ')], Command::Mark, "mark", "mark, to open several merged by time"),
    bind(Profiles, &[Char('a')], Command::MarkAll, "all", "mark all, or none"),
    bind(Profiles, &[Char('t')], Command::TimeRange, "times", "set a time range"),
    bind(
        Ladder,
        &[Char('x'), F(4)],
        Command::Legs,
        "legs",
        "show/hide the other legs of the call (hex in the details)",
    ),
    bind(
        Legs,
        &[Char('+')],
        Command::Join,
        "join",
        "join the selected leg, where it is offered (?); or undo -",
    ),
    bind(Legs, &[Char('-')], Command::TakeOut, "take out", "take the selected leg out of the call"),
    bind(Ladder, &[Char('D')], Command::Compare, "changes", "what FreeSWITCH changed from leg to leg"),
    bind(Ladder, &[Char('d')], Command::Back, "back", "back to the same place in the list"),
    bind(Ladder, &[Esc], Command::Back, "", "everything again, if one transaction is shown; else back"),
    bind(
        Diff,
        &[Key::Tab, Right, Char('l')],
        Command::NextStep,
        "next",
        "next messages: INVITE, 18x, final response, BYE",
    ),
    bind(Diff, &[BackTab, Left, Char('h')], Command::PreviousStep, "", "previous messages"),
    bind(Diff, &[Char(']')], Command::NextPair, "legs", "next pair of legs"),
    bind(Diff, &[Char('[')], Command::PreviousPair, "", "previous pair of legs"),
    bind(Diff, &[Char('a')], Command::ShowSame, "all", "show/hide what is the same in both messages"),
    bind(Diff, &[Char('y')], Command::Copy, "copy", "copy: then choose what"),
    bind(Diff, &[Char('D'), Char('d')], Command::Back, "back", "back to the calls, or to the ladder"),
    bind(
        Statistics,
        &[Enter],
        Command::Open,
        "show these",
        "the messages of this row; the bytes of a region",
    ),
    bind(Statistics, &[Key::Tab, Char(']')], Command::NextTab, "section", "next section"),
    bind(Statistics, &[BackTab, Char('[')], Command::PreviousTab, "", "previous section"),
    bind(Statistics, &[Right, Char('l')], Command::Later, "", "later in the histogram"),
    bind(Statistics, &[Left, Char('h')], Command::Earlier, "", "earlier in the histogram"),
    bind(
        Statistics,
        &[Char('v')],
        Command::SelectTimes,
        "times",
        "begin a range of times: then ← →; or drop it",
    ),
    bind(
        Statistics,
        &[Char('+')],
        Command::Narrow(Keep::These),
        "only",
        "add this row to the filter, and stay",
    ),
    bind(
        Statistics,
        &[Char('-')],
        Command::Narrow(Keep::Others),
        "without",
        "take this row away by the filter, and stay",
    ),
    bind(
        Statistics,
        &[Char('/'), F(3), F(7)],
        Command::Filter,
        "filter",
        "filter what is counted while typing",
    ),
    bind(Statistics, &[F(5)], Command::ClearFilter, "", "remove the filter"),
    bind(Statistics, &[Char('y')], Command::Copy, "copy", "copy this section as text"),
    bind(Statistics, &[Char('s')], Command::Back, "", "back"),
    bind(Statistics, &[Char('1')], Command::Section(Section::Time), "", "messages over time"),
    bind(Statistics, &[Char('2')], Command::Section(Section::Calls), "", "calls by state and cause"),
    bind(Statistics, &[Char('3')], Command::Section(Section::Methods), "", "methods"),
    bind(Statistics, &[Char('4')], Command::Section(Section::Codes), "", "status codes"),
    bind(Statistics, &[Char('5')], Command::Section(Section::Peers), "", "peers and their response times"),
    bind(Statistics, &[Char('6')], Command::Section(Section::Agents), "", "User-Agents"),
    bind(
        Statistics,
        &[Char('7')],
        Command::Section(Section::Phones),
        "",
        "who registers: wrong passwords, changing addresses",
    ),
    bind(
        Statistics,
        &[Char('8')],
        Command::Section(Section::Input),
        "",
        "what of the inputs was read, and gaps",
    ),
    bind(Details, &[Char('/'), F(3), F(7)], Command::Find, "search", "search in the details while typing"),
    bind(Details, &[Char('n')], Command::NextMatch, "", "next match of the search"),
    bind(Details, &[Char('N')], Command::PreviousMatch, "", "previous match"),
    bind(
        Details,
        &[Char('+')],
        Command::Narrow(Keep::These),
        "",
        "select a header field or SDP line; again: add it to the filter",
    ),
    bind(
        Details,
        &[Char('-')],
        Command::Narrow(Keep::Others),
        "",
        "the same; again: exclude by the filter what has it",
    ),
    bind(Details, &[Ctrl('n')], Command::NextMessage, "", "next message"),
    bind(Details, &[Ctrl('p')], Command::PreviousMessage, "", "previous message"),
    bind(Panes, &[Char('/'), F(3), F(7)], Command::Filter, "filter", "filter the list while typing"),
    bind(
        Messages,
        &[Char('f'), Char('+')],
        Command::FromRow,
        "by row",
        "filter by the selected row: then choose by what",
    ),
    bind(Messages, &[F(5)], Command::ClearFilter, "", "remove the filter"),
    bind(Messages, &[Esc], Command::Back, "", "back to the list; there, remove the filter"),
    bind(Panes, &[Char('y')], Command::Copy, "copy", "copy: then choose what"),
    bind(Panes, &[Char('w'), F(2)], Command::Save, "save", "save to a file: what, in which format"),
    bind(Messages, &[Char(' ')], Command::Mark, "mark", "mark the message, or unmark it"),
    bind(Panes, &[Key::Tab, BackTab], Command::Focus, "panes", "move between the list and the details"),
    bind(Messages, &[Char('s')], Command::Statistics, "stats", "statistics of what the filter lets through"),
    bind(Panes, &[Char('N')], Command::Note, "", "write a note on the message, or change it"),
    bind(Panes, &[Char('z')], Command::Zoom, "zoom", "maximise this pane, or restore it"),
    bind(Messages, &[Char('u')], Command::NextMark, "", "to the next marked message"),
    bind(Messages, &[Char('U')], Command::PreviousMark, "", "to the previous marked message"),
    bind(Messages, &[F(9)], Command::ClearMarks, "", "remove all marks"),
    bind(Messages, &[Char('D')], Command::Compare, "", "what differs between two marked messages"),
    bind(Messages, &[Char('F')], Command::Follow, "follow", "follow the file; pause, continue"),
    bind(Calls, &[Char('F')], Command::Follow, "", "follow the file; the calls change as it grows"),
    bind(Directory, &[Char('O')], Command::Profiles, "profiles", "open another profile of the directory"),
    bind(Panes, &[Enter], Command::Open, "", "open message full screen"),
    bind(Calls, &[Char('s')], Command::Statistics, "stats", "statistics of what the filter lets through"),
    bind(Everywhere, &[Esc], Command::Back, "", "back"),
    bind(Panes, &[Char('1')], Command::Show(Tab::Headers), "", "header fields"),
    bind(Panes, &[Char('2')], Command::Show(Tab::Body), "", "body"),
    bind(Panes, &[Char('3')], Command::Show(Tab::Parts), "", "MIME parts"),
    bind(Panes, &[Char('4'), F(6)], Command::Show(Tab::Raw), "", "raw bytes"),
    bind(Ladder, &[Left], Command::ScrollLeft, "", "scroll a wide ladder left (previous tab in the details)"),
    bind(Ladder, &[Right], Command::ScrollRight, "", "scroll a wide ladder right (next tab in the details)"),
    bind(Details, &[Enter], Command::Open, "", "open the part of a cid:, or its message"),
    bind(Details, &[Left], Command::PreviousTab, "", "previous tab"),
    bind(Details, &[Right], Command::NextTab, "", "next tab"),
    bind(Panes, &[Right, Char('l')], Command::NextTab, "", "next tab (on a ladder: l)"),
    bind(Panes, &[Left, Char('h')], Command::PreviousTab, "", "previous tab (on a ladder: h)"),
    bind(Panes, &[Char(']')], Command::NextPart, "", "next part of the body"),
    bind(Panes, &[Char('[')], Command::PreviousPart, "", "previous part"),
    bind(Panes, &[Char('p')], Command::Pretty, "", "body explained / exact bytes"),
    bind(
        Panes,
        &[Char('W')],
        Command::Wrap,
        "",
        "long lines broken into rows / scrolled sideways with H and L",
    ),
    bind(Details, &[Char('H')], Command::ScrollLeft, "", "where lines are not broken (W): scroll left"),
    bind(Details, &[Char('L')], Command::ScrollRight, "", "where lines are not broken (W): scroll right"),
    bind(Details, &[Char('x')], Command::Hex, "hex", "on Raw: bytes in hex / as text"),
    bind(Messages, &[Char('x')], Command::Hex, "", "on Raw: bytes in hex / as text"),
    bind(
        Messages,
        &[Char('-')],
        Command::WithoutRow,
        "",
        "filter out what is like the selected row: then choose by what",
    ),
    bind(Messages, &[F(10)], Command::Columns, "", "choose and order the columns"),
    bind(Ladder, &[Char('f')], Command::Only, "", "then i: this transaction alone, or everything again"),
    bind(Ladder, &[Char('T')], Command::ToScale, "", "time to scale / pauses in words"),
    bind(Ladder, &[Char('a')], Command::Hosts, "", "one column for each host / for each address and port"),
    bind(Ladder, &[Char('r')], Command::Retransmissions, "retransmissions", "show/hide retransmissions"),
    bind(Panes, &[Char('t')], Command::Time, "time", "the time of day, or since another message"),
    bind(Panes, &[Char('<')], Command::Shrink, "", "enlarge the details"),
    bind(Panes, &[Char('>')], Command::Grow, "", "enlarge the list"),
    bind(Everywhere, &[Up, Char('k')], Command::Go(Motion::Up), "", "up"),
    bind(Everywhere, &[Down, Char('j')], Command::Go(Motion::Down), "", "down"),
    bind(Everywhere, &[PageUp, Ctrl('b')], Command::Go(Motion::PageUp), "", "page up"),
    bind(Everywhere, &[PageDown, Ctrl('f')], Command::Go(Motion::PageDown), "", "page down"),
    bind(Everywhere, &[Ctrl('u')], Command::Go(Motion::HalfUp), "", "half a page up"),
    bind(Everywhere, &[Ctrl('d')], Command::Go(Motion::HalfDown), "", "half a page down"),
    bind(Everywhere, &[Home, Char('g')], Command::Go(Motion::First), "", "to the first"),
    bind(Everywhere, &[End, Char('G')], Command::Go(Motion::Last), "", "to the last"),
    bind(Help, &[Char('?'), F(1)], Command::Back, "close", "close the help"),
    bind(
        Everywhere,
        &[Char(':')],
        Command::Palette,
        "",
        "all commands; a number or a time goes to that message",
    ),
    bind(Everywhere, &[Char('?'), F(1)], Command::Help, "help", "this help"),
    bind(Everywhere, &[Char('q')], Command::Quit, "quit", "back; from the first screen: quit"),
    bind(
        Everywhere,
        &[Char('m')],
        Command::Mouse,
        "",
        "mouse to the terminal, to select text / take it again",
    ),
    bind(Everywhere, &[Char('P')], Command::Mask, "", "mask numbers, names and addresses on the screen"),
    bind(Everywhere, &[Char('Q')], Command::Leave, "", "quit from any screen"),
    bind(Everywhere, &[Ctrl('c')], Command::Exit, "", "quit the program"),
    bind(Everywhere, &[Ctrl('z')], Command::Suspend, "", "suspend the program"),
    bind(Everywhere, &[Ctrl('l')], Command::Redraw, "", "redraw"),
];

/// The keys while the filter is edited, beside those of any line editor, as the footer names them.
pub const FILTER_KEYS: &[(Key, &str)] =
    &[(Enter, "apply"), (Esc, "cancel"), (Key::Tab, "complete"), (Up, "history"), (Ctrl('w'), "delete word")];

/// The keys while a search in the details is edited, beside those of any line editor, as the footer names them.
pub const SEARCH_KEYS: &[(Key, &str)] =
    &[(Enter, "apply"), (Esc, "remove"), (Down, "next match"), (Up, "previous match")];

/// The keys while the time range is edited, beside those of any line editor, as the footer names them.
pub const TIME_RANGE_KEYS: &[(Key, &str)] =
    &[(Enter, "apply"), (Esc, "cancel"), (Key::Tab, "other time"), (Ctrl('u'), "delete")];

/// Which key does what, where.
#[derive(Debug, Clone)]
pub struct Keymap {
    bindings: Vec<Binding>,
}

impl Default for Keymap {
    fn default() -> Self {
        Self { bindings: DEFAULTS.to_vec() }
    }
}

/// A heading of the help, and its pairs of keys and sentence.
pub type HelpSection = (&'static str, Vec<(String, &'static str)>);

impl Keymap {
    /// The usual keys, with what a configuration says instead.
    pub fn with(settings: &[KeySetting]) -> Self {
        let mut keymap = Self::default();
        for setting in settings {
            let is_set =
                |b: &&mut Binding| b.context.name() == setting.context && b.command.name() == setting.command;
            if let Some(binding) = keymap.bindings.iter_mut().find(is_set) {
                binding.keys = setting.keys.iter().filter_map(|key| key_named(key)).collect();
            }
        }
        keymap
    }

    /// The commands and their usual keys, as a configuration names them.
    pub fn known() -> Vec<KnownKey> {
        let known = |b: &Binding| KnownKey {
            context: b.context.name(),
            command: b.command.name(),
            keys: b.keys.iter().map(|key| key_name(*key)).collect(),
            help: b.help,
        };
        // In the order of the README; a stable order keeps that of the footer within each.
        Context::ALL
            .iter()
            .flat_map(|context| DEFAULTS.iter().filter(move |b| b.context == *context))
            .map(known)
            .collect()
    }

    /// What a key means in these contexts, the innermost first.
    pub fn command(&self, key: Key, contexts: &[Context]) -> Option<Command> {
        let bound =
            |context: &Context| self.bindings.iter().find(|b| b.context == *context && b.keys.contains(&key));
        contexts.iter().find_map(bound).map(|b| b.command)
    }

    /// The bindings of a context that have a key.
    pub fn bindings_of(&self, context: Context) -> impl Iterator<Item = &Binding> {
        self.bindings.iter().filter(move |b| b.context == context)
    }

    /// The first key of a command.
    pub fn key_of(&self, command: Command) -> Option<Key> {
        self.bindings.iter().find(|b| b.command == command)?.keys.first().copied()
    }

    /// What the footer shows in these contexts: bindings with a label whose key has no other meaning in an inner context.
    pub fn footer(&self, contexts: &[Context]) -> Vec<&Binding> {
        let labelled = self.bindings.iter().filter(|b| !b.label.is_empty() && contexts.contains(&b.context));
        let is_meant =
            |b: &&Binding| b.keys.first().and_then(|key| self.command(*key, contexts)) == Some(b.command);
        labelled.filter(is_meant).collect()
    }

    /// The help for these contexts: their keys, and those that work while a line is edited.
    pub fn help(&self, contexts: &[Context]) -> Vec<HelpSection> {
        let of_contexts = contexts.iter().map(|context| (context.title(), self.section(*context)));
        // The filter of the calls is edited as that of the messages.
        let alone = !contexts.contains(&Messages);
        let edited =
            contexts.iter().map(|c| if matches!(c, Calls | Statistics) && alone { Messages } else { *c });
        let edited = edited.filter_map(Context::edited);
        let edited = edited.map(|(title, keys)| (title, named(keys)));
        of_contexts.chain(edited).filter(|(_, keys)| !keys.is_empty()).collect()
    }

    fn section(&self, context: Context) -> Vec<(String, &'static str)> {
        let here = self.bindings.iter().filter(|b| b.context == context && !b.keys.is_empty());
        here.map(|b| (b.keys.iter().map(|k| key_name(*k)).collect::<Vec<_>>().join(" "), b.help)).collect()
    }
}

/// The key with this name, as [`key_name`] writes it or as people do.
pub fn key_named(name: &str) -> Option<Key> {
    const NAMES: [(&str, Key); 17] = [
        ("Space", Char(' ')),
        ("Enter", Enter),
        ("Esc", Esc),
        ("Tab", Key::Tab),
        ("Shift-Tab", BackTab),
        ("Backspace", Key::Backspace),
        ("Delete", Key::Delete),
        ("Up", Up),
        ("Down", Down),
        ("Left", Left),
        ("Right", Right),
        ("Home", Home),
        ("End", End),
        ("PgUp", PageUp),
        ("PageUp", PageUp),
        ("PgDn", PageDown),
        ("PageDown", PageDown),
    ];
    let mut chars = name.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        let arrow = [Up, Down, Left, Right].into_iter().find(|key| key_name(*key) == name);
        return arrow.or_else(|| (!c.is_whitespace() && !c.is_control()).then_some(Char(c)));
    }
    let named = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, key)| *key);
    let control = || match name.split_once('-') {
        Some((ctrl, letter)) if ctrl.eq_ignore_ascii_case("Ctrl") && letter.chars().count() == 1 => {
            letter.chars().next().map(|c| Ctrl(c.to_ascii_lowercase()))
        }
        _ => None,
    };
    let function = || name.strip_prefix(['F', 'f'])?.parse().ok().filter(|n| (1..=12).contains(n)).map(F);
    named.or_else(control).or_else(function)
}

/// The usual spelling of a key.
pub fn usual_name(name: &str) -> Option<String> {
    key_named(name).map(key_name)
}

/// Keys by their names.
pub fn named(keys: &[(Key, &'static str)]) -> Vec<(String, &'static str)> {
    keys.iter().map(|(key, what)| (key_name(*key), *what)).collect()
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
        BackTab => "Shift-Tab".to_owned(),
        other => format!("{other:?}"),
    }
}
