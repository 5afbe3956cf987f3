//! The filter that the options ask for.
//!
//! Must not know: where messages come from, what is printed.

use crate::base::Direction;
use crate::filter::Case;
use crate::filter::options::{KeepaliveMethods, Options};

use super::args::{FilterArgs, Way};

/// What the options ask for, in the words of the filter.
pub(super) fn options(args: &FilterArgs) -> Options {
    Options {
        methods: args.methods.clone(),
        excluded: args.excludes.clone(),
        call_id: args.call_id.clone(),
        direction: args.direction.map(|way| match way {
            Way::Recv => Direction::Recv,
            Way::Sent => Direction::Sent,
        }),
        address: args.address.clone(),
        headers: args.fields.clone(),
        greps: args.grep.clone(),
        body_greps: args.body_grep.clone(),
        since: args.since.clone(),
        until: args.until.clone(),
        time_range: None,
        filters: args.filter.clone(),
        case: if args.ignore_case { Case::Any } else { Case::Exact },
        keepalive_methods: if args.all_methods { KeepaliveMethods::Shown } else { KeepaliveMethods::LeftOut },
    }
}
