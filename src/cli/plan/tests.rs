//! What command lines mean in different environments.

use super::*;
use crate::base::charset::Charset;
use crate::cli::configuration;
use crate::config::Known;

pub(in crate::cli) const PIPES: Surroundings<'_> = Surroundings {
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

pub(in crate::cli) fn plan(words: &str, around: Surroundings<'_>) -> Result<Plan, Problem> {
    let words = ["sofiatui", "--no-config"].into_iter().chain(words.split_whitespace());
    let args = Args::read(words.map(Into::into)).unwrap();
    let configuration = configuration::read(&args, &Known::default()).unwrap();
    Plan::new(&args, configuration, around)
}

fn print(words: &str, around: Surroundings<'_>) -> Print {
    match plan(words, around).unwrap().view {
        View::Print(print) => print,
        View::Browse(_) | View::Plain(_) => panic!("{words} browses"),
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
            View::Browse(_) | View::Plain(_) => None,
        };
        let want = if cfg!(feature = "tui") { mode } else { mode.or(Some(Mode::Summary)) };
        assert_eq!(got, want, "{words}");
    }
}

#[cfg(feature = "tui")]
#[test]
fn a_browser_that_picks_needs_no_terminal_at_its_output_and_lines_no_colours() {
    let View::Browse(browse) = plan("--pick --full x.dump", PIPES).unwrap().view else { panic!("prints") };
    assert_eq!(browse.pick.map(|print| (print.mode, print.style.safety)), Some((Mode::Full, Safety::Exact)));
    let View::Browse(browse) = plan("--pick --calls --json x.dump", PIPES).unwrap().view else {
        panic!("prints")
    };
    assert_eq!(
        (browse.first, browse.pick.map(|print| print.mode)),
        (FirstScreen::Calls, Some(Mode::CallsJson))
    );
    for (words, around, is_colored) in [
        ("--plain x.dump", TERMINAL, false),
        ("--plain x.dump --color always", TERMINAL, true),
        ("--plain x.dump", PIPES, false),
    ] {
        let View::Plain(print) = plan(words, around).unwrap().view else { panic!("{words} is not plain") };
        assert_eq!(print.style.palette.is_some(), is_colored, "{words}");
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

#[test]
fn neither_the_key_nor_the_map_of_redaction_is_overwritten() {
    for words in ["--redact-key k --save ./k", "--redact-map k --save k"] {
        let words = format!("--redact {words} --format dump --force x");
        let output = if words.contains("./k") { "./k" } else { "k" };
        assert_eq!(plan(&words, PIPES), Err(Problem::OutputIsInput(output.into(), "k".into())), "{words}");
    }
}
