//! The meaning of the command line: the inputs, the filter, and whether to browse or to print.
//!
//! Must not know: clap's attributes, how anything is printed.

mod engines;
mod saving;
mod surroundings;

use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::base::Aliases;
use crate::base::charset::Charset;
use crate::calls::LegRules;
use crate::config::{ColorWhen, FirstScreen, Placed, ProfileChoice, Settings, ThemeName};
use crate::export::calls_table::{COLUMNS, Column, USUAL};
use crate::export::endpoints::Local;
use crate::export::file::Existing;
use crate::export::format::Rows;
use crate::export::save::How;
use crate::export::{Format, Safety, Style, csv};
use crate::filter::options::{KeepaliveMethods, Options};
use crate::filter::time_range::TimeRange;
use crate::filter::{Filter, Names};
use crate::load::{InputSpec, prune, trace_files};
use crate::style::Palette;

use super::args::{Args, OutputArgs, RedactArgs};
use super::configuration::Configuration;
use super::dialog::OptionsCalls;
use super::engines::hep::settings::Hep;
#[cfg(feature = "parquet")]
use super::engines::parquet::settings::ParquetFiles;
use super::outputs::{self, FileId};
use super::problem::Problem;
use super::seed;

pub(super) use surroundings::{Device, Surroundings};

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
    pub(in crate::cli) legs: bool,
    /// Followed directories: profiles that appear in them are read, too.
    pub(in crate::cli) dirs: Vec<PathBuf>,
    /// The file that the standard output is redirected to.
    pub(in crate::cli) stdout_file: Option<FileId>,
    /// Where the messages are sent instead of being printed, if they are.
    pub(in crate::cli) hep: Option<Hep>,
    /// Where columns for other engines are written, if they are.
    #[cfg(feature = "parquet")]
    pub(in crate::cli) parquet: Option<ParquetFiles>,
    /// The order in which the messages of several inputs are printed.
    pub(in crate::cli) order: Order,
    /// Messages about inputs that are not read; each counts as a failed input.
    pub(in crate::cli) refused: Vec<String>,
    /// Browse or print.
    pub view: View,
    /// The settings in force.
    pub settings: Settings,
    /// The names that filters may use.
    pub names: Names,
    /// The configuration file, which need not exist; `None` if none is used.
    pub configuration: Option<PathBuf>,
    /// How what is printed is redacted, if it is.
    pub(in crate::cli) redaction: Option<Redaction>,
}

/// How what is printed is redacted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::cli) struct Redaction {
    /// The file of the key; `None` for a new key.
    pub(in crate::cli) key: Option<PathBuf>,
    /// Where originals and pseudonyms are written.
    pub(in crate::cli) map: Option<PathBuf>,
    /// Header fields and media types that are kept.
    pub(in crate::cli) keep: Vec<String>,
}

impl Redaction {
    fn of(args: &RedactArgs) -> Option<Self> {
        let RedactArgs { redact, redact_key, redact_map, redact_keep } = args.clone();
        redact.then_some(Self { key: redact_key, map: redact_map, keep: redact_keep })
    }
}

/// The order in which the messages of several inputs are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Order {
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
    /// One line after another.
    Plain(Print),
    /// The printing modes.
    Print(Print),
}

/// The settings of the browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Browse {
    /// The first screen.
    pub first: FirstScreen,
    /// The colours.
    pub palette: Palette,
    /// The characters.
    pub charset: Charset,
    /// Whether the command line selects messages: then the filter of the configuration does not.
    pub chosen: bool,
    /// How what is selected is printed when the browser is left, if it is.
    pub pick: Option<Box<Print>>,
}

/// The settings of printing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Print {
    /// The output file; `None` is the standard output.
    pub(in crate::cli) file: Option<PathBuf>,
    /// What happens to an existing output file.
    pub(in crate::cli) existing: Existing,
    pub(in crate::cli) mode: Mode,
    pub(in crate::cli) style: Style,
    /// Whether messages that share a Call-ID with a match are printed, too.
    pub(in crate::cli) dialog: Option<OptionsCalls>,
    pub(in crate::cli) unparsed: bool,
    /// What `--stats` counts.
    pub(in crate::cli) counted: Counted,
    /// The columns of the table of calls.
    pub(in crate::cli) columns: Vec<Column>,
    /// Our address in packets.
    pub(in crate::cli) local: Local,
    /// The columns of a saved table of messages.
    pub(in crate::cli) message_columns: Vec<csv::Column>,
    /// What `--calls` lists.
    pub(in crate::cli) listed: Listed,
    /// Whether there are several inputs, so that positions need the name of the input.
    pub(in crate::cli) names_inputs: bool,
    /// Whether the command line selects messages: then it is possible that nothing matches.
    pub(in crate::cli) chosen: bool,
    /// The kind of the standard output.
    pub(in crate::cli) stdout: Device,
}

impl Print {
    /// Printing to the standard output, without the messages that share a Call-ID with a match.
    fn new(
        args: &Args,
        (settings, around): (&Settings, Surroundings<'_>),
        mode: Mode,
        inputs: usize,
    ) -> Result<Self, Problem> {
        let palette = palette(settings, around);
        // Coloured output is finally read on a terminal.
        let is_shown = around.stdout == Device::Terminal || palette.is_some();
        let follows_directory = args.follow && args.files.iter().any(|file| file.is_dir());
        Ok(Self {
            file: None,
            existing: if args.output.force { Existing::Replace } else { Existing::Keep },
            stdout: around.stdout,
            mode,
            style: Style {
                safety: if is_shown { Safety::Escaped } else { Safety::Exact },
                palette,
                charset: charset(settings, around),
            },
            dialog: None,
            unparsed: args.output.unparsed,
            counted: if args.output.calls { Counted::Calls } else { Counted::Messages },
            columns: columns(&settings.call_columns)?,
            local: local(&args.output.local)?,
            message_columns: saving::message_columns(&settings.columns)?,
            listed: Listed::Calls,
            names_inputs: args.demo || inputs > 1 || follows_directory,
            chosen: args.filter.chooses(),
        })
    }

    /// How a file of this format is written.
    pub(in crate::cli) fn how(&self, format: Format) -> How {
        How {
            columns: self.message_columns.clone(),
            call_columns: self.columns.clone(),
            style: self.style,
            local: self.local,
            ..How::usual(format)
        }
    }

    /// Whether the output goes directly to a terminal.
    pub(in crate::cli) fn is_at_terminal(&self) -> bool {
        self.stdout == Device::Terminal && self.file.is_none()
    }

    /// Whether messages appear on a terminal while the inputs are read.
    pub(in crate::cli) fn is_seen(&self) -> bool {
        let is_late =
            matches!(self.mode, Mode::Stats | Mode::StatsJson | Mode::Ladder | Mode::Calls | Mode::CallsJson);
        self.is_at_terminal() && !is_late
    }
}

/// What `--calls` lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Listed {
    /// The calls alone.
    Calls,
    /// Dialogs of other kinds, too: the filter asks for them.
    Dialogs,
}

/// The output mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Mode {
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
    /// A saved file that needs an index of all inputs.
    Saved(Format, Rows),
}

/// What `--stats` counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Counted {
    /// Messages.
    Messages,
    /// Messages and the calls that they belong to.
    Calls,
}

impl Mode {
    /// Whether the output contains bytes of the trace unchanged.
    pub(in crate::cli) fn is_verbatim(self) -> bool {
        matches!(self, Self::Raw | Self::Frames)
    }
}

impl Plan {
    /// The meaning of `args` in this environment.
    pub(in crate::cli) fn new(
        args: &Args,
        configuration: Configuration,
        around: Surroundings<'_>,
    ) -> Result<Self, Problem> {
        let Configuration { settings, names } = configuration;
        if !cfg!(feature = "parquet") && args.engines.parquet.is_some() {
            return Err(Problem::NoParquet);
        }
        let hep = args.engines.hep.as_ref().map(|_| engines::hep(args)).transpose()?;
        let mode = mode(args)?;
        let file = output_file(args, mode, around)?;
        let saves = args.output.save.is_some();
        if let (Some(Mode::Saved(format, _)), true) = (mode, args.follow) {
            return Err(Problem::SaveFollow(format));
        }
        // The calls can be browsed, too, unless the user asks for columns of their table.
        let pick = args.browser.pick;
        let lists_calls = mode == Some(Mode::Calls) || (pick && mode == Some(Mode::CallsJson));
        let browses_calls = lists_calls && args.output.columns.is_empty() && !around.dumb;
        let is_shown = (mode.is_none() || browses_calls) && around.stdout == Device::Terminal;
        let browses = cfg!(feature = "tui") && (is_shown && !saves || pick) && !args.browser.plain;
        let kept = [&args.redaction.redact_key, &args.redaction.redact_map];
        for kept in kept.into_iter().flatten() {
            let specs = [InputSpec::file(kept.clone())];
            if let Some(output) =
                file.as_deref().filter(|file| outputs::input_that_is(file, &specs, None).is_some())
            {
                return Err(Problem::OutputIsInput(output.to_owned(), kept.clone()));
            }
        }
        if browses && args.redaction.redact {
            return Err(Problem::RedactBrowser);
        }
        if browses && around.dumb {
            return Err(Problem::DumbTerminal);
        }
        let mut options = seed::options(&args.filter, &names);
        if browses {
            // The browser shows all messages until a visible filter excludes some.
            options.keepalive_methods = KeepaliveMethods::Shown;
        }
        let time_range = options.time_range().map_err(Problem::Option)?;
        let profiles = if browses { profiles(args, around) } else { None };
        let inputs = if profiles.is_some() { Vec::new() } else { inputs(args, around)? };
        let (inputs, refused) = without_outputs(inputs, file.as_deref(), around)?;
        let (time_range, inputs) = in_time(args, time_range, inputs);
        // On the profile screen, the time range is chosen there.
        options.time_range = Some(if profiles.is_some() { TimeRange::default() } else { time_range });
        let filter = options.filter().map_err(Problem::Option)?;
        if filter.needs_marks() && !browses {
            return Err(Problem::Marks);
        }
        // A file is no terminal.
        let around = if file.is_some() { Surroundings { stdout: Device::Other, ..around } } else { around };
        let print = || -> Result<Print, Problem> {
            let mode = mode.unwrap_or(Mode::Summary);
            let dialog = (args.filter.dialog || args.filter.legs || args.output.ladder)
                .then(|| options_calls(&options, &filter));
            let listed = if filter.text().contains("kind") { Listed::Dialogs } else { Listed::Calls };
            Ok(Print { file, dialog, listed, ..Print::new(args, (&settings, around), mode, inputs.len())? })
        };
        let view = if browses {
            // The screen is a terminal, whatever the standard output is.
            let screen = Surroundings { stdout: Device::Terminal, ..around };
            View::Browse(Browse {
                first: if browses_calls { FirstScreen::Calls } else { FirstScreen::Messages },
                palette: palette(&settings, screen).unwrap_or_default(),
                charset: charset(&settings, around),
                chosen: args.filter.chooses() || args.filter.all_methods,
                pick: if pick { Some(Box::new(print()?)) } else { None },
            })
        } else if args.browser.plain {
            let print = print()?;
            let is_colored = settings.color == Some(ColorWhen::Always);
            let style = Style { palette: print.style.palette.filter(|_| is_colored), ..print.style };
            View::Plain(Print { style, ..print })
        } else {
            View::Print(print()?)
        };
        Ok(Self {
            inputs,
            profiles,
            filter,
            rules: LegRules::new(&settings.leg_headers)
                .with_aliases(Aliases::new(settings.aliases.iter().cloned())),
            follow: args.follow,
            legs: args.filter.legs,
            dirs: args.files.iter().filter(|file| args.follow && may_be_directory(file)).cloned().collect(),
            stdout_file: around.stdout_file,
            hep,
            #[cfg(feature = "parquet")]
            parquet: engines::parquet(args)?,
            // The legs of a call may be in several inputs.
            order: if args.no_merge && !args.output.calls { Order::AsGiven } else { Order::ByTime },
            refused,
            view,
            names,
            settings,
            configuration: match (&args.config, args.no_config) {
                (_, true) => None,
                (Some(path), false) => Some(path.clone()),
                (None, false) => super::configuration::file(),
            },
            redaction: Redaction::of(&args.redaction),
        })
    }
}

/// The output file; none for the standard output.
fn output_file(
    args: &Args,
    mode: Option<Mode>,
    around: Surroundings<'_>,
) -> Result<Option<PathBuf>, Problem> {
    let stdout_names = ["-", "/dev/stdout", "/dev/fd/1"].map(Path::new);
    let named = args.output.pcap.as_ref().or(args.output.save.as_ref());
    let file = named.cloned().filter(|file| !stdout_names.contains(&file.as_path()));
    if matches!(mode, Some(Mode::Pcap(_))) && file.is_none() && around.stdout == Device::Terminal {
        return Err(Problem::PcapToTerminal);
    }
    Ok(file)
}

/// The inputs that are not also the output, and messages about the others.
fn without_outputs(
    inputs: Vec<InputSpec>,
    file: Option<&Path>,
    around: Surroundings<'_>,
) -> Result<(Vec<InputSpec>, Vec<String>), Problem> {
    if let Some(output) = file
        && let Some(input) = outputs::input_that_is(output, &inputs, around.stdin_file)
    {
        return Err(Problem::OutputIsInput(output.to_owned(), input));
    }
    if let Some(output) = file
        && let Some(input) = outputs::input_rotated_to(output, &inputs)
    {
        return Err(Problem::OutputIsRotated(output.to_owned(), input));
    }
    let (inputs, refused) = outputs::without_stdout(inputs, around.stdout_file, around.stdin_file);
    // A shell that opens its output with `>` has emptied it. What is still there would be overwritten.
    match refused.first().filter(|_| around.stdout_len > 0) {
        Some(refused) => Err(Problem::StdoutIsInput(refused.clone())),
        None => Ok((inputs, refused)),
    }
}

/// The time range with its dates, and the inputs that may contain messages of it.
fn in_time(args: &Args, time_range: TimeRange, inputs: Vec<InputSpec>) -> (TimeRange, Vec<InputSpec>) {
    let (time_range, within) = prune::within(time_range, inputs.clone());
    // The beginning of a dialog may be in a file that is outside the time range.
    let needs_all =
        args.filter.dialog || args.filter.legs || args.output.ladder || args.output.calls || args.follow;
    // So may be what is saved of a call.
    let needs_all = needs_all || args.output.save.is_some();
    (time_range, if needs_all { inputs } else { within })
}

/// The colours of the output; none where it is not coloured.
fn palette(settings: &Settings, around: Surroundings<'_>) -> Option<Palette> {
    let is_colored = match settings.color.unwrap_or_default() {
        ColorWhen::Always => true,
        ColorWhen::Never => false,
        ColorWhen::Auto => around.stdout == Device::Terminal && !around.no_color && !around.dumb,
    };
    let palette = match settings.theme.unwrap_or_default() {
        ThemeName::Auto => Palette::Ansi,
        ThemeName::Dark => Palette::Dark,
        ThemeName::Light => Palette::Light,
        ThemeName::Mono => Palette::Plain,
    };
    let custom = || Palette::custom(palette, settings.colors.clone());
    let is_custom = !settings.colors.is_empty() && palette != Palette::Plain;
    is_colored.then(|| if is_custom { custom() } else { palette })
}

/// The characters of the output.
fn charset(settings: &Settings, around: Surroundings<'_>) -> Charset {
    if settings.ascii == Some(true) { Charset::Ascii } else { around.charset }
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
fn mode(args: &Args) -> Result<Option<Mode>, Problem> {
    let output = &args.output;
    if args.engines.is_used() {
        // It is printed to no one; what is on the standard output does not matter.
        return Ok(Some(Mode::Summary));
    }
    let printed = printed_mode(output)?;
    if let Some(path) = &output.save {
        return saving::mode(path, output, printed).map(Some);
    }
    Ok(printed.or(output.unparsed.then_some(Mode::Summary)))
}

/// The output mode of the options that print, if any.
fn printed_mode(output: &OutputArgs) -> Result<Option<Mode>, Problem> {
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
    ];
    Ok(modes.into_iter().find_map(|(asked, mode)| asked.then_some(mode)))
}

/// The selected columns of the table of calls, or the default ones.
fn columns(names: &[Placed]) -> Result<Vec<Column>, Problem> {
    if names.is_empty() {
        return Ok(COLUMNS[..USUAL].to_vec());
    }
    let column = |name: &Placed| Column::named(&name.text).ok_or_else(|| Problem::Column(name.text.clone()));
    names.iter().map(column).collect()
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

/// Whether a name is that of a directory, or may become one.
fn may_be_directory(file: &Path) -> bool {
    let is_missing = |error: io::Error| error.kind() == io::ErrorKind::NotFound;
    !is_stdin(file) && fs::metadata(file).map_or_else(is_missing, |meta| meta.is_dir())
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
pub(in crate::cli) mod tests;
