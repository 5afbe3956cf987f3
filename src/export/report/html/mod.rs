//! Calls as one HTML page that needs nothing else.
//!
//! Must not know: where it is written.
