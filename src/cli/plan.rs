//! The meaning of the command line: the inputs, the filter, and whether to browse or to print.
//!
//! Must not know: clap's attributes, how anything is printed.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use crate::base::charset::Charset;
use crate::calls::LegRules;
use crate::config::{ClipboardTarget, FirstScreen, ProfileChoice};
use crate::export::calls_table::{COLUMNS, Column, USUAL};
use crate::export::file::Existing;
use crate::export::pcap::Local;
use crate::export::{Safety, Style};
use crate::filter::Filter;
use crate::filter::options::{KeepaliveMethods, Options};
use crate::filter::time_range::TimeRange;
use crate::load::{InputSpec, prune, trace_files};
use crate::style::Palette;

use super::args::{Args, Color, OutputArgs};
use super::dialog::OptionsCalls;
use super::outputs::{self, FileId};
use super::problem::Problem;
use super::seed;

/// What the program is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The inputs, in the given order.
    pub inputs: Vec<InputSpec>,
    /// The profiles to choose from in the browser; then `inputs` is empty.
    pub profiles: Option<ProfileChoice>,
    /// Which messages are selected.
    pub filter: Filter,
    /// Header fields that join legs.
    pub rules: LegRules,
    /// Whether the inputs are read as they grow.
    pub follow: bool,
    /// Whether the calls of the matching messages are printed over all of their legs.
    pub(super) legs: bool,
    /// Followed directories: profiles that appear in them are read, too.
    pub(super) dirs: Vec<PathBuf>,
    /// The file that the standard output is redirected to.
    pub(super) stdout_file: Option<FileId>,
    /// The order in which the messages of several inputs are printed.
    pub(super) order: Order,
    /// Messages about inputs that are not read; each counts as a failed input.
    pub(super) refused: Vec<String>,
    /// Browse or print.
    pub view: View,
}

/// The order in which the messages of several inputs are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// Merged by time.
    ByTime,
    /// One input after the other, in the given order.
    AsGiven,
}

/// The two main modes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum View {
    /// The browser.
    Browse(Browse),
    /// The printing modes.
    Print(Print),
}

/// The settings of the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Browse {
    /// The first screen.
    pub first: FirstScreen,
    /// The clipboard target.
    pub clipboard: ClipboardTarget,
    /// Whether the mouse is used.
    pub mouse: bool,
    /// Whether colours are used.
    pub color: bool,
}

/// The settings of printing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Print {
    /// The output file; `None` is the standard output.
    pub(super) file: Option<PathBuf>,
    /// What happens to an existing output file.
    pub(super) existing: Existing,
    pub(super) mode: Mode,
    pub(super) style: Style,
    /// Whether messages that share a Call-ID with a match are printed, too.
    pub(super) dialog: Option<OptionsCalls>,
    pub(super) unparsed: bool,
    /// What `--stats` counts.
    pub(super) counted: Counted,
    /// The columns of the table of calls.
    pub(super) columns: Vec<Column>,
    /// Whether there are several inputs, so that positions need the name of the input.
    pub(super) names_inputs: bool,
    /// Whether the command line selects messages: then it is possible that nothing matches.
    pub(super) chosen: bool,
    /// The kind of the standard output.
    pub(super) stdout: Device,
}

impl Print {
    /// Whether the output goes directly to a terminal.
    pub(super) fn is_at_terminal(&self) -> bool {
        self.stdout == Device::Terminal && self.file.is_none()
    }

    /// Whether messages appear on a terminal while the inputs are read.
    pub(super) fn is_seen(&self) -> bool {
        let is_late =
            matches!(self.mode, Mode::Stats | Mode::StatsJson | Mode::Ladder | Mode::Calls | Mode::CallsJson);
        self.is_at_terminal() && !is_late
    }
}

/// The output mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// One line per message.
    Summary,
    /// Whole messages.
    Full,
    /// Messages without bodies.
    Headers,
    /// Only the bodies.
    Body,
    /// One dump frame per message.
    Raw,
    /// The original frames of the messages.
    Frames,
    /// A libpcap file.
    Pcap(Local),
    /// One ladder per Call-ID.
    Ladder,
    /// One line per call.
    Calls,
    /// One JSON object per call.
    CallsJson,
    /// Counts as text.
    Stats,
    /// One JSON object per message.
    Json,
    /// Counts, as one JSON object.
    StatsJson,
}

/// What `--stats` counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    /// Messages.
    Messages,
    /// Messages and the calls that they belong to.
    Calls,
}

impl Mode {
    /// Whether the output contains bytes of the trace unchanged.
    pub(super) fn is_verbatim(self) -> bool {
        matches!(self, Self::Raw | Self::Frames)
    }
}

/// The usual directory of traces.
const TRACES: &str = "/var/log/freeswitch/sip_traces";

/// The environment of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Surroundings<'a> {
    /// Whether the standard input is a terminal.
    stdin: Device,
    /// The kind of the standard output.
    stdout: Device,
    /// Whether `NO_COLOR` is set and not empty.
    no_color: bool,
    /// Whether the terminal can only print lines: `TERM=dumb`.
    dumb: bool,
    /// The characters that the locale supports.
    charset: Charset,
    /// The file behind the standard input.
    stdin_file: Option<FileId>,
    /// The file behind the standard output.
    stdout_file: Option<FileId>,
    /// The bytes that this file has already.
    stdout_len: u64,
    /// The directory where FreeSWITCH keeps its traces on this machine, if it exists.
    traces: Option<&'a Path>,
}

/// The kind of a standard stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Device {
    Terminal,
    Other,
}

impl Device {
    fn of(end: &impl IsTerminal) -> Self {
        if end.is_terminal() { Self::Terminal } else { Self::Other }
    }
}

impl Surroundings<'_> {
    /// Detects the environment.
    pub(super) fn look() -> Self {
        Self {
            stdin: Device::of(&io::stdin()),
            stdout: Device::of(&io::stdout()),
            // https://no-color.org: "when present and not an empty string".
            no_color: std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()),
            dumb: std::env::var_os("TERM").is_some_and(|name| name == "dumb"),
            charset: Charset::of_variables(|name| std::env::var_os(name)),
            stdin_file: outputs::of_stream(&io::stdin()),
            stdout_file: outputs::of_stream(&io::stdout()),
            stdout_len: outputs::len_of_stream(&io::stdout()),
            traces: Some(Path::new(TRACES)).filter(|dir| dir.is_dir()),
        }
    }
}

impl Plan {
    /// The meaning of `args` in this environment.
    pub(super) fn new(args: &Args, around: Surroundings<'_>) -> Result<Self, Problem> {
        let mode = mode(&args.output)?;
        let stdout_names = ["-", "/dev/stdout", "/dev/fd/1"].map(Path::new);
        let file = args.output.pcap.clone().filter(|file| !stdout_names.contains(&file.as_path()));
        if matches!(mode, Some(Mode::Pcap(_))) && file.is_none() && around.stdout == Device::Terminal {
            return Err(Problem::PcapToTerminal);
        }
        // The calls can be browsed, too, unless the user asks for columns of their table.
        let browses_calls = mode == Some(Mode::Calls) && args.output.columns.is_empty() && !around.dumb;
        let browses =
            cfg!(feature = "tui") && (mode.is_none() || browses_calls) && around.stdout == Device::Terminal;
        if browses && around.dumb {
            return Err(Problem::DumbTerminal);
        }
        let mut options = seed::options(&args.filter);
        if browses {
            // The browser shows all messages until a visible filter excludes some.
            options.keepalive_methods = KeepaliveMethods::Shown;
        }
        let time_range = options.time_range().map_err(Problem::Option)?;
        let profiles = if browses { profiles(args, around) } else { None };
        let inputs = if profiles.is_some() { Vec::new() } else { inputs(args, around)? };
        if let Some(output) = &file
            && let Some(input) = outputs::input_that_is(output, &inputs, around.stdin_file)
        {
            return Err(Problem::OutputIsInput(output.clone(), input));
        }
        let (inputs, refused) = outputs::without_stdout(inputs, around.stdout_file, around.stdin_file);
        // A shell that opens its output with `>` has emptied it. What is still there would be overwritten.
        if let Some(refused) = refused.first().filter(|_| around.stdout_len > 0) {
            return Err(Problem::StdoutIsInput(refused.clone()));
        }
        let (time_range, within) = prune::within(time_range, inputs.clone());
        // The beginning of a dialog may be in a file that is outside the time range.
        let needs_all =
            args.filter.dialog || args.filter.legs || args.output.ladder || args.output.calls || args.follow;
        let inputs = if needs_all { inputs } else { within };
        // On the profile screen, the time range is chosen there.
        options.time_range = Some(if profiles.is_some() { TimeRange::default() } else { time_range });
        let filter = options.filter().map_err(Problem::Option)?;
        let color = match args.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => around.stdout == Device::Terminal && !around.no_color && !around.dumb,
        };
        // Coloured output is finally read on a terminal.
        let is_shown = around.stdout == Device::Terminal || color;
        let view = if browses {
            let first = if browses_calls { FirstScreen::Calls } else { FirstScreen::Messages };
            let mouse = !args.browser.no_mouse;
            View::Browse(Browse { first, clipboard: args.browser.clipboard, mouse, color })
        } else {
            View::Print(Print {
                file,
                existing: if args.output.force { Existing::Replace } else { Existing::Keep },
                stdout: around.stdout,
                mode: mode.unwrap_or(Mode::Summary),
                style: Style {
                    safety: if is_shown { Safety::Escaped } else { Safety::Exact },
                    palette: color.then_some(Palette::Ansi),
                    charset: around.charset,
                },
                dialog: (args.filter.dialog || args.filter.legs || args.output.ladder)
                    .then(|| options_calls(&options, &filter)),
                unparsed: args.output.unparsed,
                counted: if args.output.calls { Counted::Calls } else { Counted::Messages },
                columns: columns(&args.output.columns)?,
                names_inputs: args.demo
                    || inputs.len() > 1
                    || (args.follow && args.files.iter().any(|file| file.is_dir())),
                chosen: args.filter.chooses(),
            })
        };
        let dirs = args.files.iter().filter(|file| args.follow && file.is_dir()).cloned().collect();
        let stdout_file = around.stdout_file;
        // The legs of a call may be in several inputs.
        let order = if args.no_merge && !args.output.calls { Order::AsGiven } else { Order::ByTime };
        Ok(Self {
            inputs,
            profiles,
            filter,
            rules: LegRules::new(&args.output.leg_header),
            follow: args.follow,
            legs: args.filter.legs,
            dirs,
            stdout_file,
            order,
            refused,
            view,
        })
    }
}

/// Whether `filter`, which `options` produced, can match OPTIONS.
fn options_calls(options: &Options, filter: &Filter) -> OptionsCalls {
    let mut shown = options.clone();
    shown.keepalive_methods = KeepaliveMethods::Shown;
    // If all methods are included, the user asked for OPTIONS.
    match shown.filter() {
        Ok(other) if other != *filter => OptionsCalls::NeverMatch,
        _ => OptionsCalls::MayMatch,
    }
}

/// The output mode of the options, if any.
fn mode(output: &OutputArgs) -> Result<Option<Mode>, Problem> {
    if output.pcap.is_some() {
        return local(&output.local).map(|local| Some(Mode::Pcap(local)));
    }
    let modes = [
        (output.summary, Mode::Summary),
        (output.full, Mode::Full),
        (output.headers, Mode::Headers),
        (output.body, Mode::Body),
        (output.raw, Mode::Raw),
        (output.frames, Mode::Frames),
        (output.ladder, Mode::Ladder),
        (output.stats && output.json, Mode::StatsJson),
        (output.stats, Mode::Stats),
        (output.calls && output.json, Mode::CallsJson),
        (output.calls, Mode::Calls),
        (output.json, Mode::Json),
        (output.unparsed, Mode::Summary),
    ];
    Ok(modes.into_iter().find_map(|(asked, mode)| asked.then_some(mode)))
}

/// The selected columns of the table of calls, or the default ones.
fn columns(names: &[String]) -> Result<Vec<Column>, Problem> {
    if names.is_empty() {
        return Ok(COLUMNS[..USUAL].to_vec());
    }
    names.iter().map(|name| Column::named(name).ok_or_else(|| Problem::Column(name.clone()))).collect()
}

fn local(addresses: &[String]) -> Result<Local, Problem> {
    addresses.iter().try_fold(Local::default(), |local, address| {
        local.with(address).ok_or_else(|| Problem::Local(address.clone()))
    })
}

/// The profiles to choose from, if directories are named, or if nothing is named and this machine has traces.
fn profiles(args: &Args, around: Surroundings<'_>) -> Option<ProfileChoice> {
    let nothing = args.files.is_empty() && !args.demo && around.stdin == Device::Terminal;
    let named = args.files.iter().any(|file| file.is_dir()) && !args.files.iter().any(|file| is_stdin(file));
    let places = match around.traces {
        _ if named => args.files.clone(),
        Some(traces) if nothing => vec![traces.to_owned()],
        _ => return None,
    };
    Some(ProfileChoice { paths: places, since: args.filter.since.clone(), until: args.filter.until.clone() })
}

fn is_stdin(file: &Path) -> bool {
    file == Path::new("-")
}

fn inputs(args: &Args, around: Surroundings<'_>) -> Result<Vec<InputSpec>, Problem> {
    if args.demo {
        return Ok(vec![InputSpec::Demo]);
    }
    if args.files.is_empty() {
        return match around.stdin {
            Device::Other => Ok(vec![InputSpec::Stdin]),
            Device::Terminal => Err(Problem::NoInput),
        };
    }
    let names = |path: &PathBuf| match path.is_dir() {
        // In a followed directory, profiles may appear.
        true if args.follow => trace_files(path).into_iter().filter(|file| file != path).collect(),
        true => trace_files(path),
        false => vec![path.clone()],
    };
    Ok(InputSpec::of_names(&args.files.iter().flat_map(names).collect::<Vec<_>>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PIPES: Surroundings<'_> = Surroundings {
        stdin: Device::Other,
        stdout: Device::Other,
        no_color: false,
        dumb: false,
        charset: Charset::Utf8,
        stdin_file: None,
        stdout_file: None,
        stdout_len: 0,
        traces: None,
    };
    const TERMINAL: Surroundings<'_> =
        Surroundings { stdin: Device::Terminal, stdout: Device::Terminal, ..PIPES };

    fn plan(words: &str, around: Surroundings<'_>) -> Result<Plan, Problem> {
        let words = std::iter::once("sofiatui").chain(words.split_whitespace());
        Plan::new(&Args::read(words.map(Into::into)).unwrap(), around)
    }

    fn print(words: &str, around: Surroundings<'_>) -> Print {
        match plan(words, around).unwrap().view {
            View::Print(print) => print,
            View::Browse(_) => panic!("{words} browses"),
        }
    }

    #[test]
    fn a_terminal_browses_unless_an_output_mode_is_given() {
        for (words, around, mode) in [
            ("x.dump", PIPES, Some(Mode::Summary)),
            ("x.dump", TERMINAL, None),
            ("--demo", TERMINAL, None),
            ("x.dump -m INVITE -D", TERMINAL, None),
            ("--summary x.dump", TERMINAL, Some(Mode::Summary)),
            ("--full x.dump", TERMINAL, Some(Mode::Full)),
            ("--stats --json x.dump", TERMINAL, Some(Mode::StatsJson)),
            ("--json x.dump", PIPES, Some(Mode::Json)),
            ("--unparsed x.dump", TERMINAL, Some(Mode::Summary)),
            ("--unparsed --stats x.dump", TERMINAL, Some(Mode::Stats)),
        ] {
            let got = match plan(words, around).unwrap().view {
                View::Print(print) => Some(print.mode),
                View::Browse(_) => None,
            };
            let want = if cfg!(feature = "tui") { mode } else { mode.or(Some(Mode::Summary)) };
            assert_eq!(got, want, "{words}");
        }
    }

    #[test]
    fn colours_and_escapes_follow_the_terminal_and_the_options() {
        let without = Surroundings { no_color: true, ..TERMINAL };
        for (words, around, palette, safety) in [
            ("--full x", PIPES, None, Safety::Exact),
            ("--full x", TERMINAL, Some(Palette::Ansi), Safety::Escaped),
            ("--full x", without, None, Safety::Escaped),
            ("--full --color always x", PIPES, Some(Palette::Ansi), Safety::Escaped),
            ("--full --color always x", without, Some(Palette::Ansi), Safety::Escaped),
            ("--full x", Surroundings { dumb: true, ..TERMINAL }, None, Safety::Escaped),
            ("--full --color never x", TERMINAL, None, Safety::Escaped),
        ] {
            let style = Style { safety, palette, charset: Charset::Utf8 };
            assert_eq!(print(words, around).style, style, "{words}");
        }
    }

    #[test]
    fn a_dumb_terminal_gets_an_error_that_explains_printing() {
        let dumb = Surroundings { dumb: true, ..TERMINAL };
        let want = if cfg!(feature = "tui") { Err(Problem::DumbTerminal) } else { Ok(()) };
        assert_eq!(plan("--demo", dumb).map(|_| ()), want);
        assert!(plan("--demo --summary", dumb).is_ok());
        assert!(plan("--demo", Surroundings { dumb: true, ..PIPES }).is_ok());
    }

    #[test]
    fn inputs_are_files_the_standard_input_or_the_sample() {
        let path = |name: &str| InputSpec::file(name);
        for (words, around, want) in [
            ("b.dump a.dump", PIPES, Ok(vec![path("b.dump"), path("a.dump")])),
            ("- a.dump", TERMINAL, Ok(vec![InputSpec::Stdin, path("a.dump")])),
            ("", PIPES, Ok(vec![InputSpec::Stdin])),
            ("", TERMINAL, Err(Problem::NoInput)),
            ("--demo", TERMINAL, Ok(vec![InputSpec::Demo])),
        ] {
            assert_eq!(plan(words, around).map(|plan| plan.inputs), want, "{words}");
        }
    }

    #[cfg(feature = "tui")]
    #[test]
    fn a_terminal_offers_the_profiles_of_a_directory_and_printing_reads_all() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("internal.dump");
        std::fs::write(&file, "").unwrap();
        let (dir, path) = (dir.path().to_str().unwrap(), |file: &Path| InputSpec::file(file));
        let here = Surroundings { traces: Some(Path::new(dir)), ..TERMINAL };
        let to_pipe = Surroundings { stdin: Device::Terminal, ..PIPES };
        for (words, around, places, inputs) in [
            (dir.to_owned(), TERMINAL, vec![dir], vec![]),
            (format!("x.dump {dir}"), TERMINAL, vec!["x.dump", dir], vec![]),
            (String::new(), here, vec![dir], vec![]),
            ("--demo".to_owned(), here, vec![], vec![InputSpec::Demo]),
            ("x.dump".to_owned(), here, vec![], vec![path(Path::new("x.dump"))]),
            (String::new(), Surroundings { stdin: Device::Other, ..here }, vec![], vec![InputSpec::Stdin]),
            (format!("- {dir}"), TERMINAL, vec![], vec![InputSpec::Stdin, path(&file)]),
            (format!("--full {dir}"), TERMINAL, vec![], vec![path(&file)]),
            (dir.to_owned(), to_pipe, vec![], vec![path(&file)]),
        ] {
            let plan = plan(&words, around).unwrap();
            let picked: Vec<PathBuf> = plan.profiles.into_iter().flat_map(|choice| choice.paths).collect();
            assert_eq!(picked, places.iter().map(PathBuf::from).collect::<Vec<_>>(), "{words}");
            assert_eq!(plan.inputs, inputs, "{words}");
        }
        let stdout_elsewhere = Surroundings { traces: here.traces, ..to_pipe };
        assert_eq!(plan("", stdout_elsewhere), Err(Problem::NoInput));
    }

    #[cfg(feature = "tui")]
    #[test]
    fn the_time_range_is_passed_to_the_profile_screen() {
        let dir = tempfile::tempdir().unwrap();
        let words = format!("--since 05:53 -m INVITE {}", dir.path().display());
        let asked = plan(&words, TERMINAL).unwrap();
        let choice = asked.profiles.unwrap();
        assert_eq!((choice.since.as_deref(), choice.until), (Some("05:53"), None));
        assert_eq!(asked.filter.text(), "method:INVITE");
        assert!(plan(&words.replace("05:53", "5.53"), TERMINAL).is_err());
    }

    #[test]
    fn calls_with_only_options_are_held_if_they_can_match() {
        for (words, want) in [
            ("-D", Some(OptionsCalls::NeverMatch)),
            ("-D -c abc", Some(OptionsCalls::NeverMatch)),
            ("-D -m OPTIONS", Some(OptionsCalls::MayMatch)),
            ("-D --all-methods", Some(OptionsCalls::MayMatch)),
            ("-D -f method:options", Some(OptionsCalls::MayMatch)),
            ("-m OPTIONS", None),
            ("--ladder", Some(OptionsCalls::NeverMatch)),
        ] {
            assert_eq!(print(words, PIPES).dialog, want, "{words}");
        }
    }

    #[test]
    fn a_libpcap_file_is_not_printed_on_a_terminal() {
        assert_eq!(plan("--pcap - x", TERMINAL), Err(Problem::PcapToTerminal));
        assert_eq!(print("--pcap - x", PIPES).file, None);
        assert_eq!(print("--pcap x.pcap x", TERMINAL).file, Some("x.pcap".into()));
        assert_eq!(plan("--pcap x.pcap --local pbx x", PIPES), Err(Problem::Local("pbx".to_owned())));
    }
}
