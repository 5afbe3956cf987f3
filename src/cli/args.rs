//! What can be typed: the options with their help, in groups.
//!
//! Must not know: what the options mean together; that is the plan's.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Parser, ValueEnum};

use crate::config::ClipboardTarget;

use super::help;
use super::texts::Shell;

/// What was typed.
#[derive(Debug, Clone, Default, Parser)]
#[command(
    name = "sofiatui",
    version,
    about = "See, filter and copy the SIP traffic in FreeSWITCH mod_sofia dumps",
    long_about = help::ABOUT,
    after_help = help::AFTER,
    after_long_help = help::AFTER_LONG,
    max_term_width = 110
)]
#[expect(clippy::struct_excessive_bools, reason = "flags that are typed are either there or not")]
pub struct Args {
    /// Dumps or FreeSWITCH's logs: plain, xz, gz, zst or bz2; directories of them; `-` is the standard input
    ///
    /// The compression is told by the first bytes, whatever the name says; so is a log with `siptrace on`. The files of one
    /// rotation (`x.dump`, `x.dump.1`, `x.dump-20260201.xz`) are one stream, oldest first, whatever the order given. Different
    /// ones are merged by time. Of a directory the browser shows the profiles to choose from, and printing takes all of them.
    /// Without a file a pipe on the standard input is read, or the browser shows `/var/log/freeswitch/sip_traces`.
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,

    /// Read the built-in sample: three profiles, 66 seconds, 16 calls
    #[arg(long, conflicts_with = "files")]
    pub(super) demo: bool,

    /// Keep reading as the files grow, through rotation, until Ctrl-C
    ///
    /// Each message is printed as soon as it is complete, whichever file it is in. A file that is not there yet is read when
    /// it comes. Counts and ladders are printed at the end. In the browser `F` does the same.
    #[arg(long)]
    pub(super) follow: bool,

    /// Print one input after the other, in the order given, instead of merging them by time
    #[arg(long)]
    pub(super) no_merge: bool,

    /// Print what a shell needs to complete the options, for its start-up file
    #[arg(long, value_name = "SHELL", value_enum, exclusive = true)]
    pub(super) completions: Option<Shell>,

    /// Print the man page: `sofiatui --man | man -l -`
    #[arg(long, exclusive = true)]
    pub(super) man: bool,

    /// Colours: on a terminal, always, or never
    ///
    /// `auto` means on a terminal, unless `NO_COLOR` is set in the environment.
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub(super) color: Color,

    #[command(flatten)]
    pub(super) filter: FilterArgs,
    #[command(flatten)]
    pub(super) output: OutputArgs,
    #[command(flatten)]
    pub(super) browser: BrowserArgs,
}

/// The options that choose messages.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Choose messages (and seed the browser's filter line)")]
pub(super) struct FilterArgs {
    /// Requests of this method and their responses; repeatable: any of them
    ///
    /// A response belongs to the method in its `CSeq`. Case does not count.
    #[arg(short = 'm', long = "method", value_name = "VERB")]
    pub(super) methods: Vec<String>,

    /// Not this method's requests and responses; repeatable: none of them
    #[arg(short = 'x', long = "exclude", value_name = "VERB")]
    pub(super) excludes: Vec<String>,

    /// Messages whose Call-ID matches
    #[arg(short = 'c', long = "call-id", value_name = "REGEX")]
    pub(super) call_id: Option<String>,

    /// What FreeSWITCH received, or what it sent
    #[arg(
        short = 'd',
        long = "direction",
        value_name = "recv|sent",
        value_enum,
        hide_possible_values = true
    )]
    pub(super) direction: Option<Way>,

    /// Messages whose peer address matches, as it is written in the dump: `[192.0.2.7]:5060`
    #[arg(short = 'a', long = "address", value_name = "REGEX")]
    pub(super) address: Option<String>,

    /// Messages with a header field of this name that matches; repeatable: all of them
    ///
    /// Any field of that name counts, the compact form included: `-H 'From=1583'` also finds `f: <sip:1583@…>`.
    #[arg(short = 'H', long = "header", value_name = "NAME=REGEX")]
    pub(super) fields: Vec<String>,

    /// Messages that match anywhere: start line, header, body; repeatable: all of them
    ///
    /// `^` and `$` hold at each line. JSON bodies are also searched with their escapes resolved.
    #[arg(short = 'g', long = "grep", value_name = "REGEX", allow_hyphen_values = true)]
    pub(super) grep: Vec<String>,

    /// Messages whose body matches; repeatable: all of them
    #[arg(short = 'b', long = "body-grep", value_name = "REGEX", allow_hyphen_values = true)]
    pub(super) body_grep: Vec<String>,

    /// Regexes take no notice of case
    #[arg(short = 'i', long = "ignore-case")]
    pub(super) ignore_case: bool,

    /// Messages for which an expression of the filter language holds; repeatable: all of them
    ///
    /// The language of the browser's filter line, see below. All other options must hold too.
    #[arg(short = 'f', long = "filter", value_name = "EXPR", allow_hyphen_values = true)]
    pub(super) filter: Vec<String>,

    /// Messages from this time on: `HH:MM[:SS[.frac]]`, or with a date in front
    ///
    /// Stamps without a date get one from `dump started at`, from midnights, or from the file's own time. Alone and without a
    /// date it is the first such time that there is, and goes on over midnight. Files of a rotation that lie outside are not
    /// read, except with -D, --ladder and --follow.
    #[arg(long, value_name = "TIME")]
    pub(super) since: Option<String>,

    /// Messages up to this time
    ///
    /// Alone and without a date it is the last such time that there is. Two times of day are a part of each day; of which the
    /// first is the later one, a night.
    #[arg(long, value_name = "TIME")]
    pub(super) until: Option<String>,

    /// Everything that shares its Call-ID with a match
    ///
    /// In one pass, also through a pipe: what came before the first match of a Call-ID is held until it matches, and printed
    /// before it; so the calls come in the order of their first matches, and the messages of one call in theirs.
    #[arg(short = 'D', long)]
    pub(super) dialog: bool,

    /// OPTIONS too, which are left out by default
    ///
    /// `-m OPTIONS` brings them back alone.
    #[arg(long)]
    pub(super) all_methods: bool,
}

/// The options that choose what is printed.
#[expect(clippy::struct_excessive_bools, reason = "flags that are typed are either there or not")]
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Print (else a terminal on the standard output gets the browser)")]
pub(super) struct OutputArgs {
    /// One line a message; the default where the standard output is no terminal
    ///
    /// `STAMP DIR PROTO/ADDR WHAT CALL-ID`, where WHAT is the method, or status code and reason phrase.
    #[arg(long, group = "mode")]
    pub(super) summary: bool,

    /// The messages, each below a line that says where it came from and when
    #[arg(long, group = "mode")]
    pub(super) full: bool,

    /// The same without the bodies
    #[arg(long, group = "mode")]
    pub(super) headers: bool,

    /// The bodies alone, exact bytes
    #[arg(long, group = "mode")]
    pub(super) body: bool,

    /// The messages as frames of a dump, one each: the output is a dump again
    #[arg(long, group = "mode")]
    pub(super) raw: bool,

    /// The frames that carry the messages, byte for byte; unless something is chosen, all frames
    ///
    /// Unless something is chosen the dump comes out as it went in: frames, keep-alives and OPTIONS too, markers and blank
    /// lines, but not what belongs to no dump. Frames of chosen messages make a dump again.
    #[arg(long, group = "mode")]
    pub(super) frames: bool,

    /// A libpcap file, for Wireshark and the like; `-` is the standard output
    ///
    /// A dump knows no packets: IP and UDP or TCP are made up around each message. Our address on each profile is what our
    /// messages say in Via and Contact. Until one of them comes, messages are held back: up to 4 MiB, and 32 seconds of the
    /// dump's time; then it is 192.0.2.1 or `2001:db8::1`. --local overrides all. Times are those of the dump taken as UTC, on 1970-01-01 where nothing in it tells the date.
    #[arg(long, value_name = "FILE", group = "mode")]
    pub(super) pcap: Option<PathBuf>,

    /// Replace the file that --pcap names, if it exists
    ///
    /// Without it an existing file is kept. The old file is replaced when the new one is complete, and only if there is
    /// something to write.
    #[arg(long, requires = "pcap")]
    pub(super) force: bool,

    /// Our address in the libpcap file: `203.0.113.5`, `[2001:db8::5]:5080`; repeatable, one for IPv4 and one for IPv6
    ///
    /// Without it, what Via and Contact of the messages sent say, for each profile; see --pcap. Port 5060 unless given.
    #[arg(long, value_name = "ADDR", requires = "pcap")]
    pub(super) local: Vec<String>,

    /// The ladder of each Call-ID of which a message matches
    #[arg(long, group = "mode")]
    pub(super) ladder: bool,

    /// The calls: when, who, how each went, who ended it, and why
    ///
    /// A table; with --json one object a line. A call is there when one of its messages matches.
    #[arg(long, group = "mode")]
    pub(super) calls: bool,

    /// Columns of --calls, comma-separated
    ///
    /// start, side, profile, peer, from, to, state, ring, setup, talk, pdd, ended-by, legs, messages, codec, call-id, why.
    #[arg(long, value_name = "NAMES", value_delimiter = ',', requires = "calls")]
    pub(super) columns: Vec<String>,

    /// Counts: frames, messages, methods, status codes, transports, peers, calls, time range, input coverage
    ///
    /// Frames, keep-alives, bytes and what was skipped are those of the input; all else is of the messages chosen. With
    /// --all-methods and no other choice everything is counted.
    #[arg(long, group = "mode")]
    pub(super) stats: bool,

    /// One JSON object a line a message; with --stats one object
    ///
    /// Bytes that are no UTF-8 come as `\u00XX`, and the object then has `"lossy":true`.
    #[arg(long, conflicts_with_all = ["summary", "full", "headers", "body", "raw", "frames", "pcap", "ladder"])]
    pub(super) json: bool,

    /// Skipped regions too, on the standard error, with any way of printing
    ///
    /// `OFFSET-END (N bytes): reason`, with the bytes escaped below. Without a way of printing, one line a message is printed.
    #[arg(long)]
    pub(super) unparsed: bool,
}

impl FilterArgs {
    /// Whether any option chooses some messages and leaves out others.
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
#[command(next_help_heading = "Browser")]
pub(super) struct BrowserArgs {
    /// How copied text reaches the clipboard
    ///
    /// `auto` takes tmux's buffer inside tmux, the display's clipboard on a local display, else the terminal (OSC 52).
    #[arg(long, value_name = "TARGET", value_enum, default_value_t)]
    pub(super) clipboard: ClipboardTarget,

    /// Leave the mouse to the terminal
    #[arg(long)]
    pub(super) no_mouse: bool,
}

/// The way of a message, as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Way {
    /// Received.
    Recv,
    /// Sent.
    Sent,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum Color {
    /// On a terminal.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Args {
    /// Reads the words of a command line, the program's name first.
    ///
    /// # Errors
    /// clap's: help and version too come this way.
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
