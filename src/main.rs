//! Starts the browser or prints; nothing else.

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
    use sofiatui::base::charset::Charset;
    use sofiatui::style::Palette;
    use sofiatui::{tui, view::Theme};

    let palette = if how.color { Palette::Ansi } else { Palette::Plain };
    let options = tui::Options {
        inputs: plan.inputs.clone(),
        rules: plan.rules.clone(),
        profiles: plan.profiles.clone(),
        filter: plan.filter.clone(),
        first: how.first,
        follow: plan.follow,
        clipboard: how.clipboard,
        mouse: how.mouse,
        theme: Theme { palette, charset: Charset::of_variables(|name| std::env::var_os(name)) },
    };
    match tui::run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            cli::report(&error);
            ExitCode::from(cli::FAILURE)
        }
    }
}
