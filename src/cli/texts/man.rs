//! The man page, in roff.
//!
//! Must not know: what the options mean.

use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use crate::cli::help;

/// The man page: clap's sections, and the sections of the long help, line by line.
pub(in crate::cli) fn man(command: &Command) -> String {
    let name = command.get_name();
    let usage = format!("{name} [OPTIONS] [FILE]...");
    let man = Man::new(command.clone().override_usage(usage)).title(name.to_uppercase());
    let mut sections = Roff::new();
    for (heading, text) in help::sections() {
        sections.control("SH", [heading.to_uppercase().as_str()]).control("nf", []);
        for line in text.lines() {
            sections.text([roman(line)]);
        }
        sections.control("fi", []);
    }
    let mut page = Vec::new();
    let written = man
        .render_title(&mut page)
        .and_then(|()| man.render_name_section(&mut page))
        .and_then(|()| man.render_synopsis_section(&mut page))
        .and_then(|()| man.render_description_section(&mut page))
        .and_then(|()| man.render_options_section(&mut page))
        .and_then(|()| sections.to_writer(&mut page));
    debug_assert!(written.is_ok(), "writing to memory cannot fail");
    String::from_utf8_lossy(&page).into_owned()
}
