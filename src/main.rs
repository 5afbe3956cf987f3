//! Chooses between browsing and printing; nothing else.

use std::process::ExitCode;

use sofiatui::cli::{self, View};

fn main() -> ExitCode {
    let plan = match cli::start(std::env::args_os()) {
        Ok(plan) => plan,
        Err(status) => return status,
    };
    match &plan.view {
        View::Print(print) => cli::run(&plan, print),
        #[cfg(feature = "tui")]
        View::Browse(how) => browse(&plan, *how),
        #[cfg(not(feature = "tui"))]
        View::Browse(_) => ExitCode::from(cli::FAILURE),
    }
}

#[cfg(feature = "tui")]
fn browse(plan: &cli::Plan, how: cli::Browse) -> ExitCode {
    use sofiatui::tui::{self, ClipboardWay};

    let clipboard = match how.clipboard {
        cli::Clipboard::Auto => ClipboardWay::Auto,
        cli::Clipboard::Native => ClipboardWay::Native,
        cli::Clipboard::Tmux => ClipboardWay::Tmux,
        cli::Clipboard::Osc52 => ClipboardWay::Osc52,
        cli::Clipboard::File => ClipboardWay::File,
    };
    let options = tui::Options {
        inputs: plan.inputs.clone(),
        pick: plan.pick.clone().map(|pick| tui::Pick {
            places: pick.places,
            since: pick.since,
            until: pick.until,
        }),
        filter: plan.filter.clone(),
        follow: plan.follow,
        clipboard,
        mouse: how.mouse,
        color: how.color,
    };
    match tui::run(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            cli::report(&error);
            ExitCode::from(cli::FAILURE)
        }
    }
}
