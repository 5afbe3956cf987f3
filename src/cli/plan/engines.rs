//! The meaning of the options that send messages to other programs.
//!
//! Must not know: sockets, tables.

use crate::cli::args::{Args, EngineArgs};
use crate::cli::engines::hep::settings::{Hep, Target, Transport};
#[cfg(feature = "parquet")]
use crate::cli::engines::parquet::settings::ParquetFiles;
use crate::cli::problem::Problem;
#[cfg(feature = "parquet")]
use crate::export::file::Existing;
use crate::export::hep::Agent;

use super::local;

/// Messages in a second that receivers of datagrams usually keep up with.
const UDP_RATE: u32 = 5000;
/// The number of the capture agent if the user gives none.
const AGENT: u32 = 2001;

/// Where messages are sent, and how.
pub(super) fn hep(args: &Args) -> Result<Hep, Problem> {
    let EngineArgs { hep, hep_id, node, hep_rate, hep_resume, .. } = &args.engines;
    let target = Target::parse(hep.as_deref().unwrap_or_default()).map_err(Problem::Hep)?;
    if args.follow && (args.filter.dialog || args.filter.legs) {
        let why = "with --follow, messages are sent before it is known whether a later one of their call matches: \
                   leave out -D and --legs";
        return Err(Problem::Hep(why.to_owned()));
    }
    let usual = (target.transport == Transport::Udp).then_some(UDP_RATE);
    Ok(Hep {
        agent: Agent { id: hep_id.unwrap_or(AGENT), node: node.clone() },
        rate: hep_rate.map_or(usual, |rate| (rate > 0).then_some(rate)),
        local: local(&args.output.local)?,
        resume: hep_resume.clone(),
        target,
    })
}

/// Where columns for other engines are written.
#[cfg(feature = "parquet")]
pub(super) fn parquet(args: &Args) -> Result<Option<ParquetFiles>, Problem> {
    let Some(folder) = args.engines.parquet.clone() else { return Ok(None) };
    let existing = if args.output.force { Existing::Replace } else { Existing::Keep };
    Ok(Some(ParquetFiles {
        folder,
        node: args.engines.node.clone(),
        local: local(&args.output.local)?,
        existing,
    }))
}
