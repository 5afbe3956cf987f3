//! Every option is in every text, and nothing in a help text breaks out of its quotes.

use clap::CommandFactory;

use super::*;
use crate::cli::args::Args;

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
