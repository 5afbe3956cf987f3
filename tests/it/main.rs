//! The integration tests, one binary, by topic.

mod checks;
mod cli;
mod cli_modes;
mod corpus;
mod details;
mod dumps;
mod follow;
mod following;
mod frame;
mod inputs;
mod ladder;
mod message;
mod outputs;
mod parsed;
mod picker;
mod pty;
mod readme;
mod screens;
mod sets;
mod sip;
mod sip_random;
mod sip_values;
mod support;
mod terminal;
mod tmux;
mod traffic;
