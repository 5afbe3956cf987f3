//! What `--save` means together with the output modes.
//!
//! Must not know: how a format is written, files.

use std::path::Path;

use crate::cli::args::OutputArgs;
use crate::cli::problem::Problem;
use crate::export::format::Rows;
use crate::export::{Format, csv};

use super::{Mode, local};

/// The output mode of a saved file; `printed` is the one that the other options ask for.
pub(super) fn mode(path: &Path, output: &OutputArgs, printed: Option<Mode>) -> Result<Mode, Problem> {
    let named = output.format.or_else(|| Format::of_path(path));
    let format = named.ok_or_else(|| Problem::SaveFormat(path.to_owned()))?;
    let mode = match (format, printed) {
        (Format::Dump, None | Some(Mode::Raw)) => Mode::Raw,
        (Format::Dump, Some(Mode::Frames)) => Mode::Frames,
        (Format::Pcap, None) => Mode::Pcap(local(&output.local)?),
        (Format::Text, None) => Mode::Full,
        (Format::Text, Some(mode)) => mode,
        (Format::Json, None | Some(Mode::Json)) => Mode::Json,
        (Format::Json, Some(Mode::Stats | Mode::StatsJson)) => Mode::StatsJson,
        (Format::Json, Some(Mode::Calls | Mode::CallsJson)) => Mode::CallsJson,
        (Format::Csv | Format::Pcapng, None) => Mode::Saved(format, Rows::Messages),
        (Format::Csv, Some(Mode::Calls)) => Mode::Saved(format, Rows::Calls),
        (Format::Markdown | Format::Svg | Format::Html, None | Some(Mode::Ladder | Mode::Calls)) => {
            Mode::Saved(format, Rows::Calls)
        }
        (_, Some(_)) => {
            return Err(Problem::SaveMode(format));
        }
    };
    check_options(format, mode, output)?;
    Ok(mode)
}

/// Refuses options that mean nothing for the format.
fn check_options(format: Format, mode: Mode, output: &OutputArgs) -> Result<(), Problem> {
    let is_table = format == Format::Csv || mode == Mode::Calls;
    if !output.local.is_empty() && !matches!(format, Format::Pcap | Format::Pcapng) {
        return Err(Problem::SaveOption("--local", format));
    }
    if !output.columns.is_empty() && !is_table {
        return Err(Problem::SaveOption("--columns", format));
    }
    Ok(())
}

/// The columns of a table of messages.
pub(super) fn message_columns(names: &[String]) -> Result<Vec<csv::Column>, Problem> {
    if names.is_empty() {
        return Ok(csv::Column::usual());
    }
    let column = |name: &String| csv::Column::named(name).ok_or_else(|| Problem::MessageColumn(name.clone()));
    names.iter().map(column).collect()
}
