//! Generates texts for other programs from the options: completion scripts, the man page.
//!
//! Must not know: what the options mean.

mod completions;
mod man;
#[cfg(test)]
mod tests;

pub(super) use completions::{Shell, completions};
pub(super) use man::man;
