//! Starts the browser or prints; nothing else.

use std::process::ExitCode;

use sofiatui::cli::{self, View};

fn main() -> ExitCode {
    let plan = match cli::start(std::env::args_os(), known()) {
        Ok(plan) => plan,
        Err(status) => return status,
    };
    match &plan.view {
        View::Print(print) => cli::run(&plan, print),
        View::Plain(print) => cli::run_plain(&plan, print),
        #[cfg(feature = "tui")]
        View::Browse(how) => browse(&plan, how),
        #[cfg(not(feature = "tui"))]
        View::Browse(_) => ExitCode::from(cli::FAILURE),
    }
}

/// What a configuration file may name.
fn known() -> sofiatui::config::Known {
    #[cfg(feature = "tui")]
    return sofiatui::app::known_names();
    #[cfg(not(feature = "tui"))]
    sofiatui::config::Known::default()
}

#[cfg(feature = "tui")]
fn browse(plan: &cli::Plan, how: &cli::Browse) -> ExitCode {
    use sofiatui::{tui, view::Theme};

    let options = tui::Options {
        inputs: plan.inputs.clone(),
        rules: plan.rules.clone(),
        profiles: plan.profiles.clone(),
        filter: plan.filter.clone(),
        chosen: how.chosen,
        first: how.first,
        follow: plan.follow,
        picks: how.pick.is_some(),
        settings: plan.settings.clone(),
        names: plan.names.clone(),
        configuration: plan.configuration.clone(),
        theme: Theme { palette: how.palette, charset: how.charset, ..Theme::default() },
    };
    match tui::run(&options) {
        Ok(left) => match &how.pick {
            Some(print) => cli::print_picked(plan, print, &left.snapshot, &left.picked),
            None => ExitCode::SUCCESS,
        },
        Err(error) => {
            cli::report(&error);
            ExitCode::from(cli::FAILURE)
        }
    }
}
