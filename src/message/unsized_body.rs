//! How a body ends whose length is not given.
//!
//! Must not know: streams, frames, how a message is recognised.

/// How a body ends when its head does not say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unsized {
    /// There is no body (RFC 3261 §20.14, on streams).
    NoBody,
    /// The body fills the frame (datagrams, and RFC 7118 §5 for WebSocket messages).
    ToFrameEnd,
}
