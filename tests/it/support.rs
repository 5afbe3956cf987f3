//! The browser without a terminal: a real store filled from a fixture, the state, and the screens
//! drawn into a buffer. Effects are carried out at once, in this thread.

use std::fs::File;
use std::ops::AddAssign;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use sofiatui::MessageReader;
use sofiatui::app::screens::profiles::TypedRange;
use sofiatui::app::{
    App, CallsScreen, Effect, Event, Key, LadderScreen, MessagesScreen, MouseAction, ProfilesScreen, Screen,
};
use sofiatui::base::charset::Charset;
use sofiatui::filter::time_range::TimeRange;
use sofiatui::filter::{Filter, Matcher, Verdict};
use sofiatui::load::{Follow, InputSpec, Loader};
use sofiatui::statistics::{CountStatistics, Counting, Statistics, Step};
use sofiatui::store::catalog::Catalog;
use sofiatui::store::{Backing, DayClock, Progress, RowBuilder, Snapshot, Source, Store, TextReader};
use sofiatui::store::{Found, Search};
use sofiatui::style::Palette;
use sofiatui::view::{self, Theme};

/// Folders of configuration and state for the programs that tests start, so that those of the user are never read or written.
/// The configuration shows all messages and keeps nothing.
pub(crate) fn home() -> &'static Path {
    static HOME: OnceLock<PathBuf> = OnceLock::new();
    HOME.get_or_init(|| {
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("home");
        configure(&home, "filter = \"\"\nsession = false\n");
        home
    })
}

/// Puts a configuration file into a folder of configurations.
pub(crate) fn configure(home: &Path, text: &str) {
    let folder = home.join("sofiatui");
    std::fs::create_dir_all(&folder).unwrap();
    // Other tests may read it at this moment.
    let mut file = tempfile::NamedTempFile::new_in(&folder).unwrap();
    std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
    file.persist(folder.join("config.toml")).unwrap();
}

/// The program, without the user's configuration.
pub(crate) fn program() -> Command {
    isolated(Command::new(env!("CARGO_BIN_EXE_sofiatui")))
}

/// A shell for the program, without the user's configuration.
pub(crate) fn shell() -> Command {
    isolated(Command::new("sh"))
}

/// A command that does not see the user's configuration.
pub(crate) fn isolated(mut command: Command) -> Command {
    command.env("XDG_CONFIG_HOME", home()).env("XDG_STATE_HOME", home());
    command
}

/// The path of a fixture.
pub(crate) fn fixture(name: &str) -> PathBuf {
    fixtures().join(name)
}

/// The folder of the fixtures. What has no date is dated by when its file was written: that must not be the moment of the
/// checkout. At ten minutes past a quarter, no time zone explains the time since the last message.
pub(crate) fn fixtures() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
        let written = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_522_207);
        set_modified(&folder, written).unwrap();
        folder
    })
}

/// Sets the modification times of all files below a folder.
fn set_modified(folder: &Path, time: SystemTime) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            set_modified(&path, time)?;
        } else {
            File::open(&path)?.set_modified(time)?;
        }
    }
    Ok(())
}

/// The index of the first `most` messages of some fixtures, each a source named after its file.
pub(crate) fn snapshot(fixtures: &[&str], most: usize) -> Snapshot {
    let (mut store, mut progress) = (Store::default(), Progress { done: true, ..Progress::default() });
    let (mut sources, mut backings) = (Vec::new(), Vec::new());
    for (number, name) in fixtures.iter().enumerate() {
        let path = fixture(name);
        let mut reader = MessageReader::new(File::open(&path).unwrap());
        let (mut clock, mut builder) = (DayClock::default(), RowBuilder::default());
        while store.len() < most
            && let Some(message) = reader.next_message().unwrap()
        {
            builder.fill(&message, number as u16, &mut clock);
            store.push(&builder);
        }
        progress.bytes_read += std::fs::metadata(&path).unwrap().len();
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        sources.push(Source::new(file.trim_end_matches(".dump"), file.clone()));
        backings.push(Backing::of_file(&path).unwrap());
    }
    progress.bytes_total = Some(progress.bytes_read);
    let mut snapshot = store.snapshot();
    (snapshot.sources, snapshot.backings, snapshot.progress) = (sources.into(), backings, progress);
    snapshot
}

/// The index of inputs with their calls, as the program makes it.
pub(crate) fn loaded(inputs: Vec<InputSpec>) -> Arc<Snapshot> {
    let (sender, snapshots) = std::sync::mpsc::channel();
    let publish = move |snapshot| drop(sender.send(snapshot));
    let _loader = Loader::start(inputs, Follow::default(), usize::MAX, publish);
    snapshots.iter().find(|snapshot: &Arc<Snapshot>| snapshot.progress.done).unwrap()
}

/// A browser with a screen of its own.
pub(crate) struct Browser {
    pub(crate) app: App,
    terminal: Terminal<TestBackend>,
    theme: Theme,
    reader: TextReader,
    /// What was to be opened: entries and the time range.
    pub(crate) opened: Vec<(Vec<usize>, TimeRange)>,
    /// What was copied last.
    pub(crate) copied: Vec<u8>,
    /// How many messages each search looked at.
    pub(crate) searched: Vec<usize>,
    /// Whether the program was left.
    pub(crate) left: bool,
}

impl Browser {
    /// A browser of `columns` by `rows` in which `snapshot` was loaded.
    pub(crate) fn new(columns: u16, rows: u16, snapshot: Snapshot) -> Self {
        let mut browser = Self {
            app: App::new(Filter::all()),
            terminal: Terminal::new(TestBackend::new(columns, rows)).unwrap(),
            theme: Theme { palette: Palette::Ansi, ..Theme::default() },
            reader: TextReader::default(),
            opened: Vec::new(),
            copied: Vec::new(),
            searched: Vec::new(),
            left: false,
        };
        browser.event(Event::Loaded(Arc::new(snapshot)));
        browser.draw();
        browser
    }

    /// A browser that shows what can be opened.
    pub(crate) fn picking(columns: u16, rows: u16, catalog: Catalog) -> Self {
        Self::picking_in(columns, rows, catalog, App::with_profiles(Filter::all(), TypedRange::default()))
    }

    /// The same in a state.
    pub(crate) fn picking_in(columns: u16, rows: u16, catalog: Catalog, app: App) -> Self {
        let mut browser = Self::new(columns, rows, Snapshot::default());
        browser.app = app;
        browser.event(Event::Catalog(Arc::new(catalog)));
        browser.draw();
        browser
    }

    /// Draws ASCII alone.
    pub(crate) fn with_ascii(mut self) -> Self {
        self.theme.charset = Charset::Ascii;
        self.draw();
        self
    }

    /// Does without colours.
    pub(crate) fn without_color(mut self) -> Self {
        self.theme = Theme::default();
        self.draw();
        self
    }

    /// Presses keys: characters as they are, others as `<Enter>`, `<C-d>`, `<F5>`.
    pub(crate) fn keys(&mut self, keys: &str) -> &mut Self {
        let mut rest = keys;
        while let Some(first) = rest.chars().next() {
            let (key, len) = match rest.strip_prefix('<').and_then(|r| r.split_once('>')) {
                Some((name, _)) => (named(name), name.len() + 2),
                None => (Key::Char(first), first.len_utf8()),
            };
            self.event(Event::Key(key));
            self.draw();
            rest = &rest[len..];
        }
        self
    }

    /// Presses these keys before anything arrives that they request.
    pub(crate) fn keys_at_once(&mut self, keys: &[Key]) -> &mut Self {
        let effects: Vec<Effect> = keys.iter().flat_map(|key| self.app.update(Event::Key(*key))).collect();
        for effect in effects {
            if let Some(event) = self.carry_out(effect) {
                self.event(event);
            }
        }
        self.draw();
        self
    }

    /// Does something with the mouse.
    pub(crate) fn mouse(&mut self, action: MouseAction, x: u16, y: u16) -> &mut Self {
        self.event(Event::Mouse { action, x, y });
        self.draw();
        self
    }

    /// Clicks on the first occurrence of `text`.
    pub(crate) fn click(&mut self, text: &str) -> &mut Self {
        let screen = self.screen();
        let (y, line) = screen.lines().enumerate().find(|(_, line)| line.contains(text)).unwrap();
        // Each character that is drawn here takes one cell.
        let x = line[..line.find(text).unwrap()].chars().count();
        self.mouse(MouseAction::Click, x as u16, y as u16).mouse(MouseAction::Release, x as u16, y as u16)
    }

    /// Lets something happen, and carries out what the state requests.
    pub(crate) fn event(&mut self, event: Event) {
        let mut events = vec![event];
        while let Some(event) = events.pop() {
            for effect in self.app.update(event) {
                events.extend(self.carry_out(effect));
            }
        }
    }

    fn carry_out(&mut self, effect: Effect) -> Option<Event> {
        let snapshot = self.app.session.snapshot.clone();
        match effect {
            Effect::LoadText(generation, row) => {
                let text = snapshot.text(&mut self.reader, row).map(Arc::new).map_err(|e| e.to_string());
                Some(Event::Text(generation, text))
            }
            Effect::LoadTexts(generation, rows) => {
                let texts = rows
                    .into_iter()
                    .map(|row| (row, Arc::new(snapshot.text(&mut self.reader, row).unwrap())));
                Some(Event::Texts(generation, texts.collect()))
            }
            Effect::CountValues(field) => {
                let values = sofiatui::load::seen_values(field, &snapshot, &|| false)?;
                Some(Event::ValuesSeen(field, values.into()))
            }
            Effect::CountTerms(generation, filter) => {
                let counts = sofiatui::load::count_terms(&filter, &snapshot, &|| false).unwrap();
                Some(Event::TermsCounted(generation, counts))
            }
            Effect::Compare(job) => Some(Event::Compared(job.generation, job.compare())),
            Effect::ListCalls(job) => Some(Event::CallsListed(job.generation, Arc::new(job.list()))),
            Effect::FindProblem(job) => Some(Event::ProblemFound(job.generation, job.find(&|| false)?)),
            Effect::FindInPage(generation, find) => {
                Some(Event::FoundInPage(generation, find.matches(&|| false).unwrap()))
            }
            Effect::LayOut(generation, layout) => Some(Event::Page(generation, Box::new(layout.page()))),
            Effect::Count(job) => job.map(|job| Event::Counted(job.generation, Arc::new(counted(&job)))),
            Effect::LoadBytes(stretch) => {
                let mut bytes = Vec::new();
                let read = snapshot.bytes(&mut self.reader, stretch.source, stretch.extent, &mut bytes);
                let bytes = read.map(|()| bytes).map_err(|error| error.to_string());
                Some(Event::Bytes(stretch.generation, bytes))
            }
            Effect::Search(search) => Some(Event::Found(self.search(&search))),
            Effect::Copy { what, bytes } => {
                let sent = format!("sent {what}, {} bytes", bytes.len());
                self.copied = bytes;
                Some(Event::Copied(Ok(sent)))
            }
            Effect::CopyWritten { what, of, request } => {
                self.copied = sofiatui::tui::written_bytes(&request, &of).unwrap();
                Some(Event::Copied(Ok(format!("sent {what}, {} bytes", self.copied.len()))))
            }
            Effect::Save(request) => {
                let saved = sofiatui::tui::save(&request, &mut |_, _| true);
                Some(Event::SaveEnded(request.generation, saved))
            }
            Effect::Open { entries, window } => {
                self.opened.push((entries, window));
                None
            }
            Effect::Quit | Effect::Abort => {
                self.left = true;
                None
            }
            Effect::Follow
            | Effect::Suspend
            | Effect::TakeMouse(_)
            | Effect::Redraw
            | Effect::Free(_)
            | Effect::Recall(_)
            | Effect::SaveColumns(..)
            | Effect::StopSaving(_)
            | Effect::Keep(_) => None,
        }
    }

    fn search(&mut self, search: &Search) -> Found {
        let mut matcher = Matcher::new(&search.filter);
        let mut rows = Vec::new();
        self.searched.push(0);
        for row in search.candidates.rows_from(search.first, &search.snapshot) {
            self.searched.last_mut().unwrap().add_assign(1);
            let yes = match matcher.facts(&row) {
                Verdict::Yes => true,
                Verdict::No => false,
                Verdict::NeedsBytes => {
                    let text = search.snapshot.text(&mut self.reader, row.index).unwrap();
                    matcher.message(&row, &text.bytes)
                }
            };
            rows.extend(yes.then_some(row.index));
        }
        let scanned = search.snapshot.len() as u32;
        let elapsed = Duration::from_millis(12);
        Found { generation: search.generation, rows, scanned, done: true, unreadable: 0, elapsed }
    }

    /// Draws as often as the state learns something new from the drawing.
    pub(crate) fn draw(&mut self) {
        loop {
            let mut targets = None;
            self.terminal.draw(|frame| targets = Some(view::draw(&self.app, &self.theme, frame))).unwrap();
            let targets = targets.unwrap();
            if targets == self.app.targets {
                break;
            }
            self.event(Event::Drawn(targets));
        }
    }

    /// Gives the screen another size.
    pub(crate) fn resize(&mut self, columns: u16, rows: u16) -> &mut Self {
        self.terminal.backend_mut().resize(columns, rows);
        self.draw();
        self
    }

    /// The message list, the lowest screen of its kind.
    pub(crate) fn messages(&self) -> &MessagesScreen {
        let mut screens = self.app.screens.iter();
        screens.find_map(|s| if let Screen::Messages(s) = s { Some(&**s) } else { None }).unwrap()
    }

    /// The calls.
    pub(crate) fn calls(&self) -> &CallsScreen {
        let Screen::Calls(screen) = self.app.screen() else { panic!("no calls") };
        screen
    }

    /// The ladder.
    pub(crate) fn ladder(&self) -> &LadderScreen {
        let Screen::Ladder(screen) = self.app.screen() else { panic!("no ladder") };
        screen
    }

    /// The profiles, if they are shown.
    pub(crate) fn profiles(&self) -> Option<&ProfilesScreen> {
        if let Screen::Profiles(screen) = self.app.screen() { Some(screen) } else { None }
    }

    /// The Call-IDs of the rows of the list.
    pub(crate) fn shown_call_ids(&self) -> Vec<Vec<u8>> {
        let (shown, session) = (self.messages(), &self.app.session);
        let rows = (0..shown.len(session)).filter_map(|at| session.snapshot.row(shown.row(session, at)?));
        rows.map(|row| row.call_id().to_owned()).collect()
    }

    /// The number of rows of the list.
    pub(crate) fn shown_len(&self) -> usize {
        self.messages().len(&self.app.session)
    }

    /// The drawn cells.
    pub(crate) fn buffer(&self) -> &Buffer {
        self.terminal.backend().buffer()
    }

    /// The drawn text, a line a row.
    pub(crate) fn screen(&self) -> String {
        let buffer = self.buffer();
        let row = |y| {
            let cells = (0..buffer.area.width).map(|x| buffer[(x, y)].symbol());
            cells.collect::<String>().trim_end().to_owned()
        };
        (0..buffer.area.height).map(row).collect::<Vec<_>>().join("\n")
    }

    /// The drawn text, and below it the style of each cell as a letter, with the meaning of the letters.
    pub(crate) fn styled_screen(&self) -> String {
        let buffer = self.buffer();
        let mut legend: Vec<String> = Vec::new();
        let mut rows = Vec::new();
        for y in 0..buffer.area.height {
            let cells = (0..buffer.area.width).map(|x| {
                let cell = &buffer[(x, y)];
                let style = format!("{:?} on {:?} {:?}", cell.fg, cell.bg, cell.modifier);
                if style == "Reset on Reset NONE" {
                    return ' ';
                }
                let known = legend.iter().position(|known| *known == style);
                let at = known.unwrap_or_else(|| {
                    legend.push(style);
                    legend.len() - 1
                });
                char::from(b'a' + at as u8)
            });
            rows.push(cells.collect::<String>().trim_end().to_owned());
        }
        let legend =
            legend.iter().enumerate().map(|(at, style)| format!("{}: {style}", char::from(b'a' + at as u8)));
        let legend: Vec<String> = legend.collect();
        format!("{}\n=== styles\n{}\n=== letters\n{}", self.screen(), rows.join("\n"), legend.join("\n"))
    }

    /// The cursor, where it is shown.
    pub(crate) fn cursor(&mut self) -> (u16, u16) {
        let position = self.terminal.get_cursor_position().unwrap();
        (position.x, position.y)
    }
}

/// What is counted of all that is loaded.
fn counted(job: &CountStatistics) -> Statistics {
    let mut counting = Counting::new(job);
    while counting.step(&job.snapshot) == Step::More {}
    counting.count_calls(&job.snapshot);
    counting.statistics(&job.snapshot)
}

fn named(name: &str) -> Key {
    if let Some(c) = name.strip_prefix("C-") {
        return Key::Ctrl(c.chars().next().unwrap());
    }
    if let Some(number) = name.strip_prefix('F') {
        return Key::F(number.parse().unwrap());
    }
    match name {
        "Enter" => Key::Enter,
        "Esc" => Key::Esc,
        "Tab" => Key::Tab,
        "BackTab" => Key::BackTab,
        "Up" => Key::Up,
        "Down" => Key::Down,
        "Left" => Key::Left,
        "Right" => Key::Right,
        "PgUp" => Key::PageUp,
        "PgDn" => Key::PageDown,
        "Home" => Key::Home,
        "End" => Key::End,
        "BS" => Key::Backspace,
        _ => panic!("no key {name}"),
    }
}
