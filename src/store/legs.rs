//! What a snapshot can be asked about the legs of its messages, without knowing how they are found.
//!
//! Must not know: legs.

use std::any::Any;
use std::fmt::Debug;

/// The legs of a snapshot's messages, published with it.
pub trait LegBook: Any + Debug + Send + Sync {}
