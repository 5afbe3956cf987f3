//! Texts about the options for other programs: completions for shells, a man page. All are made from the options
//! themselves.
//!
//! Must not know: what the options mean.

mod completions;
mod man;
#[cfg(test)]
mod tests;

pub(super) use completions::{Shell, completions};
pub(super) use man::man;
