//! Every option is in every text, and nothing in a help text breaks out of its quotes.

use clap::{CommandFactory, Parser};

use super::*;
use crate::cli::args::Args;
use crate::cli::help;

#[test]
fn every_option_is_in_every_text() {
    let command = Args::command();
    let texts = [
        (completions(&command, Shell::Bash), "--"),
        (completions(&command, Shell::Zsh), "--"),
        (completions(&command, Shell::Fish), "-l "),
        (man(&command).replace("\\-", "-"), "--"),
    ];
    let options = options(&command);
    assert!(options.len() > 25, "{options:?}");
    for (text, dashes) in &texts {
        for option in &options {
            assert!(text.contains(&format!("{dashes}{}", option.long)), "{} in {text}", option.long);
        }
    }
}

#[test]
fn values_are_offered_where_they_are_known() {
    let command = Args::command();
    for (shell, lines) in [
        (
            Shell::Bash,
            [
                "        --color) COMPREPLY=($(compgen -W 'auto always never' -- \"$cur\")); return ;;",
                "        --pcap) COMPREPLY=($(compgen -f -- \"$cur\")); return ;;",
            ],
        ),
        (Shell::Zsh, ["    '*'{-m,--method}'[", "    '(-d --direction)'{-d,--direction}'["]),
        (Shell::Fish, ["complete -c sofiatui -s m -l method -x -a 'ACK BYE ", " -l pcap -r -F -d '"]),
    ] {
        let text = completions(&command, shell);
        for line in lines {
            assert!(text.contains(line), "{line} in {text}");
        }
    }
}

#[test]
fn no_line_of_the_page_is_taken_for_a_request() {
    let page = man(&clap::Command::new("x").about(".TH is no request\n'nor this \\fB"));
    assert!(page.contains("\\&.TH is no request\n\\&'nor this \\efB"), "{page}");
}

/// The words of a command line as a shell would split it.
fn words(line: &str) -> Vec<String> {
    let (mut all, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => all.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty())),
            _ => word.push(c),
        }
    }
    all.extend(Some(word).filter(|word| !word.is_empty()));
    all
}

#[test]
fn every_example_of_the_help_is_a_command_line_with_a_filter_that_parses() {
    let examples = [help::AFTER, help::AFTER_LONG].into_iter().flat_map(str::lines);
    let commands = examples.flat_map(|line| line.split(" | ")).filter_map(|line| {
        let command = line.trim().strip_prefix("sofiatui ")?;
        // In the short help a remark stands behind two blanks.
        Some(command.split("  ").next().unwrap_or(command))
    });
    let mut count = 0;
    for command in commands {
        let words = std::iter::once("sofiatui".to_owned()).chain(words(command));
        let args = Args::try_parse_from(words).unwrap_or_else(|error| panic!("{command}: {error}"));
        crate::cli::seed::options(&args.filter).filter().unwrap_or_else(|error| panic!("{command}: {error}"));
        count += 1;
    }
    assert!(count > 10, "{count}");
}
