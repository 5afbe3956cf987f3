//! Finds and reads the configuration file, and puts what the command line says before what it says.
//!
//! Must not know: what the settings do.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use crate::base::Aliases;
use crate::config::{Known, Placed, Settings, parse, print};
use crate::filter::{Filter, Names};

use super::args::Args;

/// The file in the user's folder of configurations.
const NAME: &str = "sofiatui/config.toml";

/// The settings in force, and the names that filters may use.
#[derive(Debug, Clone, Default)]
pub(super) struct Configuration {
    pub(super) settings: Settings,
    pub(super) names: Names,
}

/// The settings of the command line and, behind them, those of the configuration file.
///
/// # Errors
/// What is wrong with the file, with its name. The usual file need not exist.
pub(super) fn read(args: &Args, known: &Known) -> Result<Configuration, String> {
    let path = match (&args.config, args.no_config) {
        (_, true) => None,
        (Some(path), false) => Some(path.clone()),
        (None, false) => file().filter(|path| path.exists()),
    };
    let mut settings = path.as_deref().map(|path| read_file(path, known)).transpose()?.unwrap_or_default();
    overrule(&mut settings, args);
    let names = names(&settings).map_err(|error| match path {
        Some(path) => format!("{}:{error}", path.display()),
        None => error,
    })?;
    Ok(Configuration { settings, names })
}

/// Puts the options of the command line in the place of what the file says.
fn overrule(settings: &mut Settings, args: &Args) {
    settings.color = args.color.or(settings.color);
    settings.theme = args.theme.or(settings.theme);
    settings.clipboard = args.browser.clipboard.or(settings.clipboard);
    settings.ascii = args.ascii.then_some(true).or(settings.ascii);
    settings.mouse = args.browser.no_mouse.then_some(false).or(settings.mouse);
    settings.session = args.browser.no_session.then_some(false).or(settings.session);
    let names = args.output.leg_header.iter();
    let own: Vec<String> = names.chain(&settings.leg_headers).fold(Vec::new(), |mut all, name| {
        if !all.iter().any(|known: &String| known.eq_ignore_ascii_case(name)) {
            all.push(name.clone());
        }
        all
    });
    settings.leg_headers = own;
    let others = settings.aliases.iter().filter(|(of, _)| !args.alias.iter().any(|(own, _)| own == of));
    settings.aliases = args.alias.iter().chain(others).cloned().collect();
    if !args.output.columns.is_empty() {
        let placed = |name: &String| Placed { text: name.clone(), ..Placed::default() };
        if args.output.calls {
            settings.call_columns = args.output.columns.iter().map(placed).collect();
        } else {
            settings.columns.clone_from(&args.output.columns);
        }
    }
}

/// The names that filters may use; an error in one of the filters has its place in the file.
fn names(settings: &Settings) -> Result<Names, String> {
    let mut names = Names::new(Aliases::new(settings.aliases.iter().cloned()));
    for (name, filter) in &settings.filters {
        let wrong = |error| format!("{}:{}: filter '{name}': {error}", filter.at.line, filter.at.column);
        names = names.define(name, &filter.text).map_err(wrong)?;
    }
    if let Some(filter) = &settings.filter {
        let wrong = |error| format!("{}:{}: filter: {error}", filter.at.line, filter.at.column);
        Filter::parse_with(&filter.text, &names).map_err(wrong)?;
    }
    Ok(names)
}

/// The settings in force as the text of a configuration file.
pub(super) fn text(settings: &Settings, known: &Known) -> String {
    let place = file().map_or_else(|| NAME.to_owned(), |path| path.display().to_string());
    format!("# The configuration of sofiatui: {place}\n\n{}", print(settings, known))
}

/// The usual file.
pub(super) fn file() -> Option<PathBuf> {
    Some(etcetera::choose_base_strategy().ok()?.config_dir().join(NAME))
}

fn read_file(path: &Path, known: &Known) -> Result<Settings, String> {
    let text = fs::read_to_string(path).map_err(|error| {
        let why = match error.kind() {
            ErrorKind::InvalidData => "not UTF-8".to_owned(),
            ErrorKind::NotFound => "no such file".to_owned(),
            ErrorKind::PermissionDenied => "permission denied".to_owned(),
            _ => error.to_string(),
        };
        format!("{}: {why}", path.display())
    })?;
    parse(&text, known).map_err(|error| format!("{}:{error}", path.display()))
}
