//! What the text of a message showed while it was at hand, kept for the findings: rare, so kept apart from the legs.
//!
//! Must not know: sentences, rules that rows alone decide.

use crate::store::MessageIdx;

/// What was noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Noted {
    /// The peer put the call on hold.
    PeerHolds,
    /// FreeSWITCH did.
    WeHold,
    /// A hold ended; the value is 0 of the peer's, 1 of FreeSWITCH's.
    Released,
    /// A REFER; the value is the number of what it names in the texts.
    Refer,
    /// A NOTIFY reported how the transfer goes; the value is the status code.
    ReferResult,
    /// The INVITE replaces another dialog.
    Replaces,
    /// Offer and answer have no codec in common; the value is 1 where the answer has nothing but what helps, as DTMF.
    NoCommonCodec,
    /// The answer rejects all media that were offered.
    MediaRejected,
    /// Audio was agreed after an answer had rejected it.
    MediaAgreed,
    /// 488 or 606; the value is the number of what was offered in the texts.
    RefusedOffer,
    /// The INVITE has a multipart body without a session description.
    NoSdpPart,
    /// A reliable provisional response, which no PRACK followed; the value is the message with the final response.
    NoPrack,
    /// A NOTIFY ended the subscription; the value is the number of its reason in the texts.
    Terminated,
    /// The answer has no session description.
    NoAnswerSdp,
    /// A private media address was given to a public peer.
    PrivateMedia,
    /// T.38 was refused; the value is the status code, 0 for port 0 in the answer.
    FaxRefused,
    /// The content type says SDP, and there is none.
    EmptySdp,
    /// Two session descriptions in one multipart body.
    TwoSdp,
    /// Max-Forwards is 0.
    HopsUsedUp,
    /// A challenge, or 403, after a challenge that a request followed; the value says what the request had, see
    /// `Reply::of_note`.
    ChallengedAgain,
    /// A request with credentials; the value is the user's number in the texts.
    Credentials,
    /// The peer's Contact has a private address although the peer is public; the value is the number of the address.
    PrivateContact,
    /// A header field names a part by `cid:` that the body does not have; the value is its number in the texts.
    MissingPart,
    /// A registration of a user was refused; the value says how many of that user were refused up to here.
    RegistrationRefused,
    /// An identifier of an incident or emergency call; the value is its number in the texts.
    Identifier,
    /// Geolocation of the INVITE of an emergency call; the value is its number in the texts.
    Geolocation,
    /// A URI of Call-Info in the INVITE of an emergency call; the value is its number in the texts.
    CallInfo,
    /// A 2xx that begins or refreshes a session timer; the value is its `SessionTimer`.
    SessionTimer,
    /// A part of an INVITE: type and hash of its bytes, as a number in the texts.
    Part,
    /// A request within the answered call was answered 481 or 408.
    Gone,
    /// Where a 3xx sends the caller: the number of its Contact in the texts.
    Redirected,
}

/// One note of a leg or a dialog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Note {
    /// The message that showed it.
    pub message: MessageIdx,
    /// The note before it.
    pub(super) next: u32,
    /// What `noted` says of it.
    pub value: u32,
    /// What it is.
    pub noted: Noted,
}
