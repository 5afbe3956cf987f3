//! Builds the filter from the options.
//!
//! Must not know: where messages come from, what is printed.

use crate::base::Direction;
use crate::filter::options::{KeepaliveMethods, Options};
use crate::filter::{Case, Names};

use super::args::{DirectionArg, FilterArgs};

/// The options as filter options.
pub(super) fn options(args: &FilterArgs, names: &Names) -> Options {
    Options {
        methods: args.methods.clone(),
        excluded: args.excludes.clone(),
        call_id: args.call_id.clone(),
        direction: args.direction.map(|direction| match direction {
            DirectionArg::Recv => Direction::Recv,
            DirectionArg::Sent => Direction::Sent,
        }),
        address: args.address.clone(),
        headers: args.fields.clone(),
        greps: args.grep.clone(),
        body_greps: args.body_grep.clone(),
        since: args.since.clone(),
        until: args.until.clone(),
        time_range: None,
        filters: args.filter.clone(),
        names: names.clone(),
        case: if args.ignore_case { Case::Any } else { Case::Exact },
        keepalive_methods: if args.all_methods { KeepaliveMethods::Shown } else { KeepaliveMethods::LeftOut },
    }
}
