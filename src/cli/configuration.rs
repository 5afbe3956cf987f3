//! Finds and reads the configuration file, and puts what it says behind what the command line says.
//!
//! Must not know: what may be in the file.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use crate::config::File;

use super::args::Args;

/// The file in the user's folder of configurations.
const NAME: &str = "sofiatui/config.toml";

/// Adds the settings of the configuration file to those of the command line.
///
/// # Errors
/// What is wrong with the file, with its name. The usual file need not exist.
pub(super) fn apply(args: &mut Args) -> Result<(), String> {
    let file = match (&args.config, args.no_config) {
        (_, true) => return Ok(()),
        (Some(path), false) => Some(read(path)?),
        (None, false) => match usual() {
            Some(path) if path.exists() => Some(read(&path)?),
            _ => None,
        },
    };
    for name in file.unwrap_or_default().leg_headers {
        if !args.output.leg_header.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
            args.output.leg_header.push(name);
        }
    }
    Ok(())
}

/// The settings in force as the text of a configuration file.
pub(super) fn text(args: &Args) -> String {
    let place = usual().map_or_else(|| NAME.to_owned(), |path| path.display().to_string());
    let file = File { leg_headers: args.output.leg_header.clone() };
    format!("# The configuration of sofiatui: {place}\n\n{}", file.text())
}

fn usual() -> Option<PathBuf> {
    Some(etcetera::choose_base_strategy().ok()?.config_dir().join(NAME))
}

fn read(path: &Path) -> Result<File, String> {
    let text = fs::read_to_string(path).map_err(|error| {
        let why = match error.kind() {
            ErrorKind::InvalidData => "not UTF-8".to_owned(),
            ErrorKind::NotFound => "no such file".to_owned(),
            ErrorKind::PermissionDenied => "permission denied".to_owned(),
            _ => error.to_string(),
        };
        format!("{}: {why}", path.display())
    })?;
    File::parse(&text).map_err(|error| format!("{}:{error}", path.display()))
}
