//! The man page, in roff.
//!
//! Must not know: what the options mean.

use std::fmt::Write as _;

use clap::Command;

use super::{Opt, options};
use crate::cli::help;

/// The page.
pub(in crate::cli) fn man(command: &Command) -> String {
    let name = command.get_name();
    let version = command.get_version().unwrap_or_default();
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let mut page = format!(
        ".TH {} 1 \"\" \"{name} {version}\"\n.SH NAME\n{name} \\- {}\n.SH SYNOPSIS\n.B {name}\n[\\fIOPTIONS\\fR] [\\fIFILE\\fR]...\n",
        name.to_uppercase(),
        roff(&about)
    );
    page.push_str(".SH DESCRIPTION\n");
    paragraphs(&mut page, help::ABOUT);
    let mut heading = String::new();
    for option in options(command) {
        if option.heading != heading {
            heading.clone_from(&option.heading);
            // Writing to a String cannot fail, here and below.
            let _ = writeln!(page, ".SH {}", roff(&heading.to_uppercase()));
        }
        entry(&mut page, &option);
    }
    for (heading, text) in help::sections() {
        let _ = writeln!(page, ".SH {}\n.nf", roff(&heading.to_uppercase()));
        for line in text.lines() {
            let _ = writeln!(page, "{}", roff(line));
        }
        page.push_str(".fi\n");
    }
    page
}

fn entry(page: &mut String, option: &Opt) {
    let short = option.short.map(|short| format!("\\fB\\-{short}\\fR, ")).unwrap_or_default();
    let value = match &option.value_name[..] {
        "" => String::new(),
        name => format!(" \\fI{}\\fR", roff(name)),
    };
    let _ = writeln!(page, ".TP\n{short}\\fB\\-\\-{}\\fR{value}", roff(&option.long));
    paragraphs(page, &option.long_help);
}

fn paragraphs(page: &mut String, text: &str) {
    for (number, paragraph) in text.split("\n\n").enumerate() {
        if number > 0 {
            page.push_str(".sp\n");
        }
        let _ = writeln!(page, "{}", roff(paragraph.trim()));
    }
}

/// A text in which roff sees nothing but text.
fn roff(text: &str) -> String {
    let escaped = text.replace('\\', "\\e").replace('-', "\\-");
    let lines = escaped
        .lines()
        .map(|line| if line.starts_with(['.', '\'']) { format!("\\&{line}") } else { line.to_owned() });
    lines.collect::<Vec<_>>().join("\n")
}
