//! Every option appears in every text, and no help text breaks out of its quotes.

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
    let options: Vec<&str> =
        command.get_arguments().filter(|arg| !arg.is_hide_set()).filter_map(|arg| arg.get_long()).collect();
    assert!(options.len() > 25, "{options:?}");
    for (text, dashes) in &texts {
        for option in &options {
            assert!(text.contains(&format!("{dashes}{option}")), "{option} in {text}");
        }
    }
}

#[test]
fn known_values_are_completed() {
    let command = Args::command();
    for (shell, wanted) in [
        (Shell::Bash, ["compgen -W \"auto always never\" --", "compgen -W \"ACK BYE CANCEL"]),
        (Shell::Zsh, [":VERB:(ACK BYE CANCEL", "*-m+["]),
        (Shell::Fish, ["-s m -l method", "ACK\\t''\nBYE"]),
    ] {
        let text = completions(&command, shell);
        for part in wanted {
            assert!(text.contains(part), "{part} in {text}");
        }
    }
}

#[test]
fn the_replacements_of_the_bash_script_apply() {
    let text = completions(&Args::command(), Shell::Bash);
    for (lacking, whole) in completions::BASH {
        assert_eq!(text.matches(whole).count(), 1, "{lacking}");
    }
}

#[test]
fn the_page_has_the_sections_of_the_long_help() {
    let page = man(&Args::command());
    for section in [".SH \"FILTER LANGUAGE\"\n.nf\n", ".SH \"EXIT STATUS\"\n.nf\n", ".SH EXAMPLES\n.nf\n"] {
        assert!(page.contains(section), "{section} in {page}");
    }
}

#[test]
fn no_line_of_the_page_is_parsed_as_a_roff_request() {
    let page = man(&clap::Command::new("x").about(".TH is no request\n'nor this \\fB"));
    let requests = page.lines().filter(|line| line.starts_with(['.', '\'']));
    for request in requests {
        assert!(!request.contains("request") && !request.contains("this"), "{page}");
    }
}

/// The words of a command line, split as a shell would do.
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
        // In the short help, a remark follows two blanks.
        Some(command.split("  ").next().unwrap_or(command))
    });
    let mut count = 0;
    for command in commands {
        let words = std::iter::once("sofiatui".to_owned()).chain(words(command));
        let args = Args::try_parse_from(words).unwrap_or_else(|error| panic!("{command}: {error}"));
        crate::cli::seed::options(&args.filter, &crate::filter::Names::default())
            .filter()
            .unwrap_or_else(|error| panic!("{command}: {error}"));
        count += 1;
    }
    assert!(count > 10, "{count}");
}

#[test]
fn the_long_help_names_every_field_word_and_column() {
    let offers = ["", "is:"].into_iter().flat_map(|text| crate::filter::complete(text, text.len()));
    let names = offers.map(|offer| offer.text.trim_end_matches([':', '.']).to_owned());
    let missing: Vec<_> = names.filter(|name| name != "is" && !help::AFTER_LONG.contains(&**name)).collect();
    assert_eq!(missing, [""; 0]);
    let help = Args::command().render_long_help().to_string();
    let columns = crate::export::calls_table::COLUMNS.map(|column| column.name).into_iter();
    let place = help.find("Columns of --calls").unwrap();
    let listed: Vec<_> = help[place..].split([' ', ',', '.', '\n']).take(120).collect();
    assert_eq!(columns.filter(|name| !listed.contains(name)).collect::<Vec<_>>(), [""; 0]);
}
