//! Level 3: what one SIP message says, in borrowed views.
//!
//! Must not know: frames, files, terminals; how messages were found and joined.
//!
//! [`index_fields`] reads what a row of a list needs in one pass. [`Message`] is the full view: start line, header
//! fields, body, parts, and what is wrong with it ([`Finding`]). Values of single fields have views of their own:
//! [`Address`], [`Uri`], [`Via`], [`CSeq`], [`ContentType`], [`Reason`], [`CallInfo`], and for bodies
//! [`sdp::Session`], [`sipfrag`] and [`json`].
//!
//! Nothing here fails on content, copies what it need not, or takes bytes for UTF-8.
//!
//! ```
//! use sofiatui::sip::{Address, Message};
//! let message = Message::parse(b"BYE sip:1688@pbx.example SIP/2.0\r\n\
//!     f: \"Ann\" <sip:1583@pbx.example>;tag=79fb\r\n\r\n");
//! let from = message.header("From").unwrap();
//! assert_eq!(Address::parse(&from.value).user(), b"1583");
//! let faults: Vec<String> = message.findings().iter().map(|f| f.kind.to_string()).collect();
//! assert_eq!(faults, ["Via is missing", "To is missing", "Call-ID is missing", "CSeq is missing"]);
//! ```

mod address;
#[cfg(feature = "filter")]
mod body_charset;
mod brief;
mod call_info;
mod content_type;
mod cseq;
mod fields;
mod findings;
pub mod framing;
mod index_fields;
pub mod json;
mod message;
mod multipart;
pub mod names;
mod params;
mod reason;
pub mod sdp;
pub mod sipfrag;
pub mod start_line;
mod uri;
mod via;
mod word;

#[cfg(feature = "cli")]
pub(crate) use address::tag_of;
pub use address::{Address, user_of, without_params};
#[cfg(feature = "cli")]
pub(crate) use body_charset::BodyCharset;
#[cfg(feature = "filter")]
pub(crate) use body_charset::{decoded_text, may_be_encoded};
pub use brief::brief;
pub use call_info::CallInfo;
pub use content_type::ContentType;
pub use cseq::CSeq;
pub(crate) use fields::RawLine;
pub use fields::{HeadLine, Header, Headers, unfold};
pub use findings::{Finding, FindingKind};
pub use index_fields::{IndexFields, index_fields};
#[cfg(feature = "cli")]
pub(crate) use index_fields::{OtherField, index_fields_each};
pub use message::Message;
pub use multipart::Part;
pub(crate) use multipart::split_one_level;
pub use params::{List, Param, Params, unquote};
pub use reason::{Reason, q850_name};
pub use start_line::StartLine;
pub use uri::{Uri, percent_decode};
pub use via::Via;
