//! The kinds of findings, and what each says to people.
//!
//! Must not know: how they are found.

use std::fmt;

/// What is wrong. A field is named by its full name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FindingKind {
    /// The first line is neither a request line nor a status line (RFC 3261 §7.1, §7.2).
    NoStartLine,
    /// The start line can be read, but has blanks where none or only one may stand.
    LooseStartLine,
    /// The version is not `SIP/2.0`.
    UnknownVersion,
    /// The request URI has no scheme, or blanks or angle brackets in it.
    BadRequestUri,
    /// The request URI carries header fields (RFC 3261 §19.1.1 forbids it).
    RequestUriWithHeaders,
    /// The status code is not within 100 to 699.
    StatusCodeOutOfRange,
    /// A line of the head is no header field: no colon, or no token before it.
    MalformedLine,
    /// No blank line ends the head.
    NoBlankLine,
    /// A field that every message must have is missing (RFC 3261 §8.1.1).
    MissingField(&'static str),
    /// A field that may be there once is there again.
    RepeatedField(&'static str),
    /// The value of a field breaks its grammar.
    UnreadableField(&'static str),
    /// A number is larger than its field allows.
    NumberTooLarge(&'static str),
    /// Two separators follow each other, or one ends the value.
    EmptyParameter(&'static str),
    /// A quoted string never ends.
    OpenQuote(&'static str),
    /// A display name needs quotes for what is in it (RFC 3261 §25.1).
    UnquotedDisplayName(&'static str),
    /// A URI with a question mark or comma needs angle brackets (RFC 3261 §20).
    UnbracketedUri(&'static str),
    /// The method of `CSeq` is not the request's (RFC 3261 §8.1.1.5).
    CSeqMethodDiffers,
    /// Several Content-Length fields, all with the same number.
    SeveralContentLengths,
    /// Several Content-Length fields with different numbers.
    ContentLengthsDiffer,
    /// Fewer bytes follow the head than Content-Length says.
    BodyTooShort {
        /// What Content-Length says, in bytes.
        declared: u64,
        /// What is there, in bytes.
        actual: u64,
    },
    /// More bytes follow the head than Content-Length says.
    BodyTooLong {
        /// What Content-Length says, in bytes.
        declared: u64,
        /// What is there, in bytes.
        actual: u64,
    },
    /// A multipart body whose Content-Type names no boundary (RFC 2046 §5.1.1).
    NoBoundary,
    /// The boundary does not occur in the multipart body.
    UnusedBoundary,
    /// The close delimiter of a multipart body is missing.
    UnclosedMultipart,
    /// A body whose Content-Type is missing (RFC 3261 §20.15).
    BodyWithoutType,
    /// A JSON body that is no valid JSON.
    BadJson,
}

impl FindingKind {
    /// Whether this breaks the head of the message: what [`IndexFields::malformed`](crate::sip::IndexFields::malformed)
    /// sums up.
    pub const fn breaks_head(self) -> bool {
        match self {
            Self::NoStartLine | Self::MalformedLine | Self::MissingField(_) | Self::CSeqMethodDiffers => true,
            // The only field that the summary reads.
            Self::UnreadableField(name) => matches!(name.as_bytes(), b"CSeq"),
            _ => false,
        }
    }

    /// The section that says how it should be.
    pub const fn rfc(self) -> &'static str {
        match self {
            Self::NoStartLine | Self::NoBlankLine => "RFC 3261 §7",
            Self::LooseStartLine | Self::UnknownVersion | Self::BadRequestUri => "RFC 3261 §7.1",
            Self::RequestUriWithHeaders => "RFC 3261 §19.1.1",
            Self::StatusCodeOutOfRange => "RFC 3261 §7.2",
            Self::MalformedLine | Self::RepeatedField(_) => "RFC 3261 §7.3.1",
            Self::MissingField(_) => "RFC 3261 §8.1.1",
            Self::UnreadableField(_)
            | Self::EmptyParameter(_)
            | Self::OpenQuote(_)
            | Self::UnquotedDisplayName(_) => "RFC 3261 §25.1",
            Self::NumberTooLarge(_) | Self::UnbracketedUri(_) => "RFC 3261 §20",
            Self::CSeqMethodDiffers => "RFC 3261 §8.1.1.5",
            Self::SeveralContentLengths | Self::ContentLengthsDiffer => "RFC 3261 §20.14",
            Self::BodyTooShort { .. } | Self::BodyTooLong { .. } => "RFC 3261 §18.3",
            Self::NoBoundary | Self::UnusedBoundary | Self::UnclosedMultipart => "RFC 2046 §5.1.1",
            Self::BodyWithoutType => "RFC 3261 §20.15",
            Self::BadJson => "RFC 8259 §2",
        }
    }
}

impl fmt::Display for FindingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoStartLine => f.write_str("the first line is no SIP start line"),
            Self::LooseStartLine => f.write_str("the start line has blanks where none belong"),
            Self::UnknownVersion => f.write_str("the version is not SIP/2.0"),
            Self::BadRequestUri => f.write_str("the request URI is no URI"),
            Self::RequestUriWithHeaders => f.write_str("the request URI carries header fields"),
            Self::StatusCodeOutOfRange => f.write_str("the status code is not within 100 to 699"),
            Self::MalformedLine => f.write_str("this line is no header field"),
            Self::NoBlankLine => f.write_str("no blank line ends the head"),
            Self::MissingField(name) => write!(f, "{name} is missing"),
            Self::RepeatedField(name) => write!(f, "{name} is there more than once"),
            Self::UnreadableField(name) => write!(f, "the value of {name} cannot be read"),
            Self::NumberTooLarge(name) => write!(f, "the number in {name} is too large"),
            Self::EmptyParameter(name) => write!(f, "{name} has an empty parameter"),
            Self::OpenQuote(name) => write!(f, "a quoted string in {name} never ends"),
            Self::UnquotedDisplayName(name) => write!(f, "the display name in {name} needs quotes"),
            Self::UnbracketedUri(name) => write!(f, "the URI in {name} needs angle brackets"),
            Self::CSeqMethodDiffers => f.write_str("the method of CSeq is not the request's"),
            Self::SeveralContentLengths => f.write_str("several Content-Length fields"),
            Self::ContentLengthsDiffer => f.write_str("several Content-Length fields that differ"),
            Self::BodyTooShort { declared, actual } => {
                write!(f, "Content-Length says {declared} bytes, only {actual} are there")
            }
            Self::BodyTooLong { declared, actual } => {
                write!(f, "Content-Length says {declared} bytes, {actual} are there")
            }
            Self::NoBoundary => f.write_str("a multipart body without a boundary"),
            Self::UnusedBoundary => f.write_str("the boundary does not occur in the body"),
            Self::UnclosedMultipart => f.write_str("the last delimiter of the multipart body is missing"),
            Self::BodyWithoutType => f.write_str("a body without Content-Type"),
            Self::BadJson => f.write_str("the body is no valid JSON"),
        }
    }
}
