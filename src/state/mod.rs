//! What is kept between runs, in the user's folder of states: filter history, and for each file its marks, links between
//! legs, and the last position.
//!
//! ```text
//! $XDG_STATE_HOME/sofiatui/
//!     history       one filter per line, the newest last; at most 500 lines
//!     files.jsonl   one JSON object per line and file, the one that was open last at the end; at most 300 lines
//!     runs          the number of the first runs; not more than 3
//!     lock          held while one of them is replaced
//!
//! {"path":"/var/log/…/internal.dump","head":"9e107d9d372bb682","head_len":4096,"size":81234,"marks":[0,5120],"position":5120,
//!  "links":[{"leg":["b@host",0],"with":["a@host",0]},{"leg":["c@host",0]}]}
//! ```
//!
//! `head` is the FNV-1a hash of the first `head_len` bytes, `size` the length of the file when it was seen last. A file is
//! recognised by its path, its first bytes, and because it is not shorter. Marks and position are 0-based bytes of the
//! (decompressed) file where messages begin. Members that this version does not know are kept as they are; `notes` is
//! reserved for notes on messages. `links` says with which leg another one was joined by hand, and without `with`, which leg was
//! taken out of its call; a leg is a Call-ID and a 0-based number among what uses this Call-ID.
//!
//! Each file is replaced as a whole (written beside it, then renamed) and can be read only by its owner. A program that writes
//! reads it again first, so that what another one wrote meanwhile is not lost. What cannot be read is an error once, and is not
//! replaced.
//!
//! Must not know: screens, messages, threads.

mod files;
mod folder;
mod history;
mod runs;

pub use files::{FileState, Identity, KeptLeg, KeptLink, MarkChange};
pub use folder::Folder;
