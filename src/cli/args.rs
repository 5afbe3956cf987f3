//! Defines the command line: the options with their help texts, in groups.
//!
//! Must not know: what the options mean together; plan.rs decides that.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{ArgGroup, Parser, ValueEnum};

use crate::config::{ClipboardTarget, ColorWhen, ThemeName};
use crate::export::Format;

use super::help;
use super::texts::Shell;

/// The parsed command line, before its meaning is decided.
#[derive(Debug, Clone, Default, Parser)]
#[command(
    bin_name = "sofiatui",
    name = "sofiatui",
    version,
    about = "See, filter and copy the SIP traffic in FreeSWITCH mod_sofia dumps",
    long_about = help::ABOUT,
    after_help = help::AFTER,
    after_long_help = help::AFTER_LONG,
    max_term_width = 110
)]
#[expect(clippy::struct_excessive_bools, reason = "each flag on the command line is present or absent")]
pub struct Args {
    /// Dumps or FreeSWITCH logs: plain, xz, gz, zst or bz2; directories that contain them; `-` is the standard input
    ///
    /// Compression and logs with `siptrace on` are detected from the first bytes, not from the name. The files of one
    /// rotation set (`x.dump`, `x.dump.1`, `x.dump-20260201.xz`) are one stream: the oldest file is read first, in
    /// whatever order the files are given. Several sets are merged by time. For a directory, the browser lists its
    /// profiles, and printing reads all of them. Without a file, the program reads the standard input if it is a pipe;
    /// otherwise the browser opens `/var/log/freeswitch/sip_traces`.
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,

    /// Read the built-in sample: three profiles, 66 seconds, 16 calls
    #[arg(long, conflicts_with = "files")]
    pub(super) demo: bool,

    /// Keep reading as the files grow, through rotation, until Ctrl-C
    ///
    /// Each message is printed as soon as it is complete, in whichever file it is. A file that does not exist yet is
    /// read when it appears. Counts and ladders are printed at the end. In the browser, `F` does the same.
    #[arg(long)]
    pub(super) follow: bool,

    /// Print one input after the other, in the given order, instead of merging them by time
    #[arg(long)]
    pub(super) no_merge: bool,

    /// Print the completion script for a shell, for its start-up file
    #[arg(long, value_name = "SHELL", value_enum, exclusive = true)]
    pub(super) completions: Option<Shell>,

    /// Print the man page: `sofiatui --man | man -l -`
    #[arg(long, exclusive = true)]
    pub(super) man: bool,

    /// Read this configuration file instead of `$XDG_CONFIG_HOME/sofiatui/config.toml`
    ///
    /// --print-config shows what can be in it. The command line comes first.
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(super) config: Option<PathBuf>,

    /// Read no configuration file
    #[arg(long)]
    pub(super) no_config: bool,

    /// Print the settings in force as a configuration file, with all settings and what they mean
    #[arg(long)]
    pub(super) print_config: bool,

    /// Use colours: on a terminal, always, or never
    ///
    /// `auto` uses colours on a terminal, unless `NO_COLOR` is set in the environment.
    #[arg(long, value_name = "WHEN", value_enum)]
    pub(super) color: Option<ColorWhen>,

    /// Colours for a dark or a light background, or none: bold, dim and underlined text
    ///
    /// `auto` uses colours that can be read on both. The configuration file can change the colour of each thing.
    #[arg(long, value_name = "NAME", value_enum)]
    pub(super) theme: Option<ThemeName>,

    /// Draw only ASCII
    ///
    /// Without UTF-8 in the locale, that is always so.
    #[arg(long)]
    pub(super) ascii: bool,

    /// Show a name instead of the address of a peer, or of a profile: `192.0.2.21=carrier2`; can be repeated
    ///
    /// An address can have a port: `192.0.2.21:5080=carrier2b`. Lists, calls and ladders show the name; the filter finds it
    /// (`addr:carrier2`). Only --json, --full and other output for programs keeps the address.
    #[arg(long, value_name = "ADDR=NAME", value_parser = alias)]
    pub(super) alias: Vec<(String, String)>,

    #[command(flatten)]
    pub(super) filter: FilterArgs,
    #[command(flatten)]
    pub(super) output: OutputArgs,
    #[command(flatten)]
    pub(super) redaction: RedactArgs,
    #[command(flatten)]
    pub(super) engines: EngineArgs,
    #[command(flatten)]
    pub(super) browser: BrowserArgs,
}

/// The options that select messages.
#[expect(clippy::struct_excessive_bools, reason = "each is an option of the command line")]
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Select messages (these options also set the browser's initial filter)")]
pub(super) struct FilterArgs {
    /// Requests with this method and their responses; can be repeated: any of them
    ///
    /// The method of a response is the one in its `CSeq`. Upper and lower case are equal.
    #[arg(short = 'm', long = "method", value_name = "VERB")]
    pub(super) methods: Vec<String>,

    /// Exclude this method's requests and responses; can be repeated: all of them
    #[arg(short = 'x', long = "exclude", value_name = "VERB")]
    pub(super) excludes: Vec<String>,

    /// Messages whose Call-ID matches
    #[arg(short = 'c', long = "call-id", value_name = "REGEX")]
    pub(super) call_id: Option<String>,

    /// Only messages that FreeSWITCH received, or only those that it sent
    #[arg(
        short = 'd',
        long = "direction",
        value_name = "recv|sent",
        value_enum,
        hide_possible_values = true
    )]
    pub(super) direction: Option<DirectionArg>,

    /// Messages whose peer address matches, as the dump writes it: `[192.0.2.7]:5060`
    #[arg(short = 'a', long = "address", value_name = "REGEX")]
    pub(super) address: Option<String>,

    /// Messages with a header field of this name whose value matches; can be repeated: all of them
    ///
    /// The compact form of the name counts too: `-H 'From=1012'` also finds `f: <sip:1012@…>`.
    #[arg(short = 'H', long = "header", value_name = "NAME=REGEX")]
    pub(super) fields: Vec<String>,

    /// Messages that match anywhere: start line, header fields, body; can be repeated: all of them
    ///
    /// `^` and `$` match at the start and the end of each line. JSON bodies are also searched with their escapes
    /// decoded, and bodies in another character set than UTF-8 also in UTF-8.
    #[arg(short = 'g', long = "grep", value_name = "REGEX", allow_hyphen_values = true)]
    pub(super) grep: Vec<String>,

    /// Messages whose body matches; can be repeated: all of them
    #[arg(short = 'b', long = "body-grep", value_name = "REGEX", allow_hyphen_values = true)]
    pub(super) body_grep: Vec<String>,

    /// Ignore upper and lower case in regexes
    #[arg(short = 'i', long = "ignore-case")]
    pub(super) ignore_case: bool,

    /// Messages that match an expression of the filter language; can be repeated: all of them
    ///
    /// The language of the browser's filter line; see below. All other options must match too.
    #[arg(short = 'f', long = "filter", value_name = "EXPR", allow_hyphen_values = true)]
    pub(super) filter: Vec<String>,

    /// Messages from this time on: `HH:MM[:SS[.frac]]`, optionally with a date before it
    ///
    /// A timestamp without a date gets one from `dump started at`, from midnights, or from the file's own time. Alone
    /// and without a date, the option means the first such time in the input; the range then continues past midnight.
    /// Files of a rotation set that are outside the range are not read, except with -D, --ladder and --follow.
    #[arg(long, value_name = "TIME")]
    pub(super) since: Option<String>,

    /// Messages up to this time, or for this long after `--since`: `+10s`, `+500ms`, `+5m`, `+1h30m`
    ///
    /// Alone and without a date, the option means the last such time in the input. Two times without dates select that
    /// range on every day; if --since is later than --until, the range crosses midnight.
    #[arg(long, value_name = "TIME")]
    pub(super) until: Option<String>,

    /// All messages that have the same Call-ID as a match
    ///
    /// One pass is enough, also for a pipe: the messages before the first match of a Call-ID are held and printed
    /// before that match. The calls therefore appear in the order of their first matches, and the messages of one call
    /// in their own order.
    #[arg(short = 'D', long)]
    pub(super) dialog: bool,

    /// With -D, --ladder or alone: everything of the calls with a match, over all of their legs
    ///
    /// The inputs are read twice, first to join the legs of each call; standard input cannot be read twice.
    #[arg(long, conflicts_with_all = ["follow", "calls"])]
    pub(super) legs: bool,

    /// Include OPTIONS, which are excluded by default
    ///
    /// `-m OPTIONS` selects only them.
    #[arg(long)]
    pub(super) all_methods: bool,
}

/// The options that select the output.
#[expect(clippy::struct_excessive_bools, reason = "each flag on the command line is present or absent")]
#[derive(Debug, Clone, Default, clap::Args)]
#[command(
    group(ArgGroup::new("table").multiple(true)),
    next_help_heading = "Print (without these options, a terminal on the standard output shows the browser)"
)]
pub(super) struct OutputArgs {
    /// One line per message; the default if the standard output is not a terminal
    ///
    /// `TIME DIR PROTO/ADDR WHAT CALL-ID`, where WHAT is the method, or the status code and the reason phrase.
    #[arg(long, group = "mode")]
    pub(super) summary: bool,

    /// Whole messages, each after a line with its time, direction and peer
    #[arg(long, group = "mode")]
    pub(super) full: bool,

    /// The same without the bodies
    #[arg(long, group = "mode")]
    pub(super) headers: bool,

    /// Only the bodies, byte for byte
    #[arg(long, group = "mode")]
    pub(super) body: bool,

    /// The messages as frames of a dump, one frame each: the output is a dump
    #[arg(long, group = "mode")]
    pub(super) raw: bool,

    /// The frames that contain the messages, byte for byte; if no message is selected, all frames
    ///
    /// If nothing is selected, the dump is copied unchanged: frames, keep-alives, OPTIONS, markers and blank lines, but
    /// nothing that does not belong to a dump. The frames of selected messages also form a dump.
    #[arg(long, group = "mode")]
    pub(super) frames: bool,

    /// A libpcap file, for Wireshark and similar programs; `-` is the standard output
    ///
    /// A dump contains no packets: IP and UDP or TCP headers are generated for each message. Our address on each
    /// profile is taken from Via and Contact of the messages that we sent. Messages are held until one of these
    /// appears: up to 4 MiB, and 32 seconds of the dump's time; after that the address is 192.0.2.1 or `2001:db8::1`.
    /// --local overrides all of this. The times of the dump are written as UTC; they are on 1970-01-01 if nothing in
    /// the dump contains the date.
    #[arg(long, value_name = "FILE", groups = ["mode", "to_file", "addressed"])]
    pub(super) pcap: Option<PathBuf>,

    /// Save to a file instead of printing; the format is that of its extension: .dump, .pcap, .pcapng, .txt, .jsonl, .csv, .html, .svg, .md
    ///
    /// A .txt file has what the output mode prints, whole messages by default; a .jsonl file has the messages, with --calls the calls,
    /// with --stats the counts; a .csv file has a table of the messages, with the columns of the list, or with --calls of the calls.
    /// A .pcapng file has packets as a .pcap file, with verdicts and findings as comments at the packets that show them.
    /// A .html file is a report of each call that any browser opens, without a network: verdict, legs, ladder, all messages. A .svg
    /// file has the ladders as a drawing, a .md file as Mermaid diagrams for a ticket. These have the legs with a matching message;
    /// --legs adds the others of the same call.
    /// The file appears when it is complete, and only its owner can read it: traces contain phone numbers and passwords' digests. `-`
    /// is the standard output, and needs --format.
    #[arg(long, value_name = "FILE", groups = ["to_file", "table", "addressed"], conflicts_with_all = ["pcap", "hep"])]
    pub(super) save: Option<PathBuf>,

    /// The format of --save, if it is not that of the extension
    #[arg(long, value_name = "NAME", requires = "save", value_parser = format_parser())]
    pub(super) format: Option<Format>,

    /// Replace the file of --save or --pcap if it exists
    ///
    /// Without this option an existing file is kept. The old file is replaced when the new one is complete, and only if
    /// there is something to write.
    #[arg(long, requires = "to_file")]
    pub(super) force: bool,

    /// Our address in the libpcap file and for --hep: `203.0.113.5`, `[2001:db8::5]:5080`; can be repeated: one for IPv4 and one for
    /// IPv6
    ///
    /// The default is the address in Via and Contact of the sent messages, for each profile; see --pcap. The default
    /// port is 5060.
    #[arg(long, value_name = "ADDR", requires = "addressed")]
    pub(super) local: Vec<String>,

    /// The ladder of each Call-ID that has a matching message
    #[arg(long, group = "mode")]
    pub(super) ladder: bool,

    /// The calls: time, parties, result, who ended each call, and why
    ///
    /// A table; with --json, one object per line. A call is printed if one of its messages matches. With --stats, the
    /// calls are counted instead.
    #[arg(long, group = "table", conflicts_with_all = ["summary", "full", "headers", "body", "raw", "frames", "pcap", "ladder", "engine"])]
    pub(super) calls: bool,

    /// Columns of --calls, or of a saved table of messages, separated by commas
    ///
    /// Of calls: start, from, to, state, ring, talk, ended-by, legs, why (these by default), end, pdd, setup, side, profile, peer,
    /// codec, messages, findings, call-id. Of messages: n, date, time, delta, addr, arrow, profile, message, from, to, call-id (these by
    /// default), any other field of the filter, header.NAME, json.KEY.
    #[arg(long, value_name = "NAMES", value_delimiter = ',', requires = "table", conflicts_with_all = ["json", "stats"])]
    pub(super) columns: Vec<String>,

    /// A header field that joins the legs of a call; can be repeated
    ///
    /// Two legs belong to one call if this field has the same value in their INVITEs, or if its value in the INVITE of one leg
    /// is the Call-ID of the other leg. FreeSWITCH does not add such a field by itself; a dialplan or a proxy may. Case does
    /// not matter.
    #[arg(long, value_name = "NAME")]
    pub(super) leg_header: Vec<String>,

    /// Counts: frames, messages, methods, status codes, transports, peers, Call-IDs, time range, input coverage
    ///
    /// Frames, keep-alives, bytes and skipped regions are counted in the whole input; everything else is counted in the
    /// selected messages. With --all-methods and no other selection, all messages are counted.
    ///
    /// Each byte of a log is counted once: of entries, of other lines, or skipped in lines that look like the header of an
    /// entry although no entry follows.
    ///
    /// With --calls, the calls and registrations with a selected message are counted, too: calls by state,
    /// answer-seizure ratio, talk time, post-dial delay, causes of failure and findings, each with the Call-ID of an
    /// example; registrations by state, and the users whose registrations fail. A seizure is a call that begins in the
    /// input and whose outcome is known. This is slower, because all messages are indexed.
    #[arg(long, group = "mode")]
    pub(super) stats: bool,

    /// One JSON object per line and message; with --stats, one object
    ///
    /// Bytes that are not UTF-8 are written as `\u00XX`, and the object then has `"lossy":true`.
    #[arg(long, conflicts_with_all = ["summary", "full", "headers", "body", "raw", "frames", "pcap", "ladder", "engine"])]
    pub(super) json: bool,

    /// Print skipped regions, too, on the standard error, with any output mode
    ///
    /// `OFFSET-END (N bytes): reason`, and below it the escaped bytes; of a log, the skipped lines. Without an output mode, the messages are printed
    /// one per line.
    #[arg(long)]
    pub(super) unparsed: bool,
}

/// The options that remove personal data from the output.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Redact (with any output mode and --save)")]
pub(super) struct RedactArgs {
    /// Replace numbers, users, names, hosts, addresses and identifiers, and remove what else is personal
    ///
    /// The same original gets the same pseudonym everywhere, so that calls, ladders and verdicts stay the same. Numbers keep their
    /// length and country and cannot be dialled; hosts end in .invalid; addresses are in ranges that are not routed. Credentials,
    /// keys, locations, messages and other bodies, and header fields that are not known are removed. Methods, status codes, times,
    /// ports, codecs and products stay. The output is searched for all originals before anything of it is written. What was replaced
    /// is counted on the standard error.
    #[arg(long, conflicts_with_all = ["frames", "unparsed", "follow", "pick", "plain", "hep_resume"])]
    pub(super) redact: bool,

    /// The key of the pseudonyms: with the same key, they are the same in several outputs
    ///
    /// Any file of 16 bytes or more: `head -c 32 /dev/urandom > key`. Whoever has it can find out originals by trying them. Without
    /// this option, each run has a new key, which is forgotten.
    #[arg(long, value_name = "FILE", requires = "redact")]
    pub(super) redact_key: Option<PathBuf>,

    /// Write the originals and their pseudonyms to a new file that only you can read: kind, original and pseudonym
    #[arg(long, value_name = "FILE", requires = "redact")]
    pub(super) redact_map: Option<PathBuf>,

    /// Keep a header field, or a body of a media type, that would be removed; can be repeated
    ///
    /// Numbers, addresses, URIs and identifiers in it are still replaced, but no other words.
    #[arg(long, value_name = "NAME", requires = "redact")]
    pub(super) redact_keep: Vec<String>,
}

/// The options that send messages to other programs.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Send messages to other programs")]
pub(super) struct EngineArgs {
    /// Send the messages to HOMER, or to another program that receives HEP3: `udp:HOST:PORT`, `tcp:HOST:PORT`,
    /// `tls:HOST:PORT`
    ///
    /// The default port is 9060. Each message has both addresses (see --local), its time, and as correlation id the Call-ID of
    /// the first leg of its call: all legs of a joined call have the same one. A message that does not fit in a packet of 64
    /// KiB is reported, not sent. FreeSWITCH writes local time: it is read in the time zone of this machine, or in the one that
    /// the environment variable `TZ` names. With --follow, messages are sent within a second; while the receiver is away, up to
    /// a million of them wait. `tls:` needs a program built with the cargo feature `tls`; the receiver's certificate is checked
    /// against those of this system, or of the file that `SSL_CERT_FILE` names.
    #[arg(long, value_name = "TO", groups = ["mode", "addressed", "engine"], conflicts_with_all = ["unparsed", "pick"])]
    pub(super) hep: Option<String>,

    /// The number of this capture agent (default 2001)
    #[arg(long, value_name = "NUMBER", requires = "hep")]
    pub(super) hep_id: Option<u32>,

    /// The name of the host that the messages are of: the node of HEP, the column `node_id` and the partition `host` of Parquet
    #[arg(long = "hep-node", visible_alias = "node", value_name = "NAME", requires = "engine")]
    pub(super) node: Option<String>,

    /// Upper limit of messages in a second; 0 is no limit
    ///
    /// The default is 5000 over UDP, where a receiver drops what it cannot keep up with, and no limit otherwise.
    #[arg(long, value_name = "NUMBER", requires = "hep")]
    pub(super) hep_rate: Option<u32>,

    /// Keep in this file how far the messages were sent, and go on from there: another run sends nothing twice
    ///
    /// A file of a dump is recognised by its first message, also after rotation and compression.
    #[arg(long, value_name = "FILE", requires = "hep")]
    pub(super) hep_resume: Option<PathBuf>,

    /// Write the messages and the calls as Parquet files, for ClickHouse, DuckDB, Spark and Trino
    ///
    /// `DIR/messages/date=…/profile=…/host=…/` has a row for each message, with the columns of HOMER 11; `DIR/calls/date=…/host=…/`
    /// has one for each leg, with its state, times and verdict. In both, `cid` is the same for all legs of a call. `host=` is there if
    /// --node names it. Times are UTC, as for --hep. The same messages get the same files: existing ones are kept unless there is
    /// --force. Such files are also inputs: `sofiatui DIR/messages` opens them. This needs a program built with the cargo feature
    /// `parquet`.
    #[arg(long, value_name = "DIR", groups = ["mode", "addressed", "engine", "to_file"], conflicts_with_all = ["unparsed", "pick", "follow", "save"])]
    pub(super) parquet: Option<PathBuf>,
}

impl EngineArgs {
    /// Whether messages go to other programs instead of being printed.
    pub(super) fn is_used(&self) -> bool {
        self.hep.is_some() || self.parquet.is_some()
    }
}

impl FilterArgs {
    /// Whether any option selects some messages and excludes others.
    pub(super) fn chooses(&self) -> bool {
        let lists = [&self.methods, &self.excludes, &self.fields, &self.grep, &self.body_grep, &self.filter];
        let texts = [&self.call_id, &self.address, &self.since, &self.until];
        lists.iter().any(|list| !list.is_empty())
            || texts.iter().any(|text| text.is_some())
            || self.direction.is_some()
    }
}

/// The options of the browser.
#[derive(Debug, Clone, Default, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of the command line")]
#[command(next_help_heading = "Browser")]
pub(super) struct BrowserArgs {
    /// Browse line by line, for screen readers and limited terminals
    ///
    /// A command or a filter is typed, and its answer is printed below it: no full screen, no cursor movement, and no colours unless
    /// --color always. `help` lists the commands. The commands are read from the standard input, or from the terminal if the trace is
    /// read from there.
    #[arg(long, conflicts_with_all = ["pick", "follow", "mode", "save", "calls", "json", "unparsed", "dialog", "legs"])]
    pub(super) plain: bool,

    /// Write what is selected to the standard output when the browser is left
    ///
    /// The marked messages, or else the selected one; of a selected call or an open ladder, all of its messages. `Q` leaves the
    /// browser from any screen, Ctrl-C without writing anything (exit status 1). --full, --raw, --json, --calls and the other
    /// output modes choose what is written; the default is a line per message. -D adds everything with the same Call-IDs,
    /// --legs everything of the calls. If the standard output is not a terminal, the browser draws on /dev/tty.
    #[arg(long, conflicts_with_all = ["frames", "stats", "unparsed", "columns"])]
    pub(super) pick: bool,

    /// How copied text reaches the clipboard
    ///
    /// `auto` uses tmux's buffer inside tmux, the display's clipboard on a local display, otherwise the terminal (OSC
    /// 52).
    #[arg(long, value_name = "TARGET", value_enum)]
    pub(super) clipboard: Option<ClipboardTarget>,

    /// Do not capture the mouse; the terminal handles it
    #[arg(long)]
    pub(super) no_mouse: bool,

    /// Neither use nor keep the filter history, marks, positions and legs joined by hand
    ///
    /// They are in `$XDG_STATE_HOME/sofiatui` (usually `~/.local/state/sofiatui`). A file is recognised by its path and its first
    /// bytes.
    #[arg(long)]
    pub(super) no_session: bool,
}

/// The direction of a message, as an option value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum DirectionArg {
    /// Received.
    Recv,
    /// Sent.
    Sent,
}

/// The names of formats, which are also extensions.
fn format_parser() -> impl TypedValueParser<Value = Format> {
    let known = Format::all()
        .map(|format| PossibleValue::new(format.name()).aliases(format.others()).help(format.help()));
    PossibleValuesParser::new(known).map(|name| Format::named(&name).unwrap_or_default())
}

/// `ADDR=NAME`.
fn alias(text: &str) -> Result<(String, String), String> {
    match text.split_once('=').map(|(of, name)| (of.trim(), name.trim())) {
        Some((of, name)) if !of.is_empty() && !name.is_empty() => Ok((of.to_owned(), name.to_owned())),
        _ => Err("expected ADDR=NAME, as in 192.0.2.21=carrier2".to_owned()),
    }
}

impl Args {
    /// Parses the words of a command line; the first word is the program's name.
    ///
    /// # Errors
    /// An error of clap. Help and version are also returned as errors.
    pub fn read(words: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        Self::try_parse_from(words)
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn options_do_not_contradict_each_other() {
        Args::command().debug_assert();
    }
}
