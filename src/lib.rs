//! Reads the dumps of SIP traffic that FreeSWITCH's `mod_sofia` writes.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic))]
#![deny(clippy::print_stdout, clippy::print_stderr)]

#[doc(hidden)]
pub mod base;
pub mod frame;
pub mod message;
pub mod owned;
pub mod sip;

#[cfg(feature = "filter")]
pub mod filter;

#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod export;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod load;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod store;

#[cfg(feature = "tui")]
#[doc(hidden)]
pub mod app;
#[cfg(feature = "tui")]
#[doc(hidden)]
pub mod tui;
#[cfg(feature = "tui")]
#[doc(hidden)]
pub mod view;

pub use base::{Direction, Extent, Timestamp, Transport, UnknownKeyword, escape};
