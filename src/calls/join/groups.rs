//! Which legs belong to each leg of a set, as one list.
//!
//! Must not know: why they belong together.

/// The legs of each leg. Numbers are positions in the set.
#[derive(Debug, Default)]
pub(super) struct Groups {
    /// By leg: where its own begin in `members`; one more at the end.
    starts: Vec<u32>,
    members: Vec<u32>,
}

impl Groups {
    /// Those of a set of `legs` legs. Each keeps its own in the order of `pairs`.
    pub(super) fn of(legs: usize, pairs: &[(u32, u32)]) -> Self {
        let mut starts = vec![0; legs + 1];
        for &(leg, _) in pairs {
            starts[leg as usize + 1] += 1;
        }
        (1..=legs).for_each(|at| starts[at] += starts[at - 1]);
        let (mut next, mut members) = (starts.clone(), vec![0; pairs.len()]);
        for &(leg, member) in pairs {
            members[next[leg as usize] as usize] = member;
            next[leg as usize] += 1;
        }
        Self { starts, members }
    }

    /// Those of `leg`.
    pub(super) fn get(&self, leg: u32) -> &[u32] {
        let start = |leg: usize| self.starts.get(leg).map_or(0, |&start| start as usize);
        self.members.get(start(leg as usize)..start(leg as usize + 1)).unwrap_or_default()
    }

    /// All pairs.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (u32, u32)> {
        let legs = 0..self.starts.len().saturating_sub(1) as u32;
        legs.flat_map(|leg| self.get(leg).iter().map(move |&member| (leg, member)))
    }
}
