//! `CSeq`: sequence number and method (RFC 3261 §20.16).
//!
//! Must not know: messages.

use crate::base::bytes::{decimal, is_token_str, trim, trim_start};

/// The value of a `CSeq` field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CSeq<'a> {
    /// The sequence number. RFC 3261 §8.1.1.5 allows those under 2^31; larger ones that fit are read too.
    pub number: u32,
    /// The method as it is written.
    pub method: &'a [u8],
}

impl<'a> CSeq<'a> {
    /// Reads a value; `None` if the number is invalid or too large, or the method is no token.
    ///
    /// ```
    /// use sofiatui::sip::CSeq;
    /// let cseq = CSeq::parse(b"0009\r\n  INVITE").unwrap();
    /// assert_eq!((cseq.number, cseq.method), (9, &b"INVITE"[..]));
    /// assert!(CSeq::parse(b"36893488147419103232 REGISTER").is_none());
    /// ```
    #[inline]
    pub fn parse(value: &'a [u8]) -> Option<Self> {
        let value = trim(value);
        let digits = value.iter().take_while(|b| b.is_ascii_digit()).count();
        let (number, method) = value.split_at(digits);
        let number = u32::try_from(decimal(number)?).ok()?;
        let spaced = trim_start(method);
        let separated = spaced.len() < method.len();
        (separated && is_token_str(spaced)).then_some(Self { number, method: spaced })
    }
}
