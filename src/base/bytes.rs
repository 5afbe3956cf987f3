//! Byte classes as tables, and the slice helpers that all levels share.
//!
//! Must not know: what the bytes are part of.

/// The characters of `token`, RFC 3261 §25.1: letters, digits and ten marks.
const TOKEN: [bool; 256] = {
    let mut table = [false; 256];
    let mut b = 0;
    while b < 256 {
        table[b] = matches!(b as u8, b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'!' | b'%' | b'*' | b'_' | b'+' | b'`' | b'\'' | b'~');
        b += 1;
    }
    table
};

/// Whether `b` is allowed in a `token` (RFC 3261 §25.1).
#[inline]
pub const fn is_token(b: u8) -> bool {
    TOKEN[b as usize]
}

/// Whether `text` is a `token`: one or more token characters and nothing else.
#[inline]
pub fn is_token_str(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(|&b| is_token(b))
}

/// Whether `b` is a blank: space or tab.
#[inline]
pub const fn is_blank(b: u8) -> bool {
    matches!(b, b' ' | b'\t')
}

/// `text` without the white space (blank, CR, LF) at both ends.
#[inline]
pub fn trim(text: &[u8]) -> &[u8] {
    trim_start(trim_end(text))
}

/// `text` without the white space (blank, CR, LF) at its start.
#[inline]
pub fn trim_start(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t' | b'\r' | b'\n', rest @ ..] = text {
        text = rest;
    }
    text
}

/// `text` without the white space (blank, CR, LF) at its end.
#[inline]
pub fn trim_end(mut text: &[u8]) -> &[u8] {
    while let [rest @ .., b' ' | b'\t' | b'\r' | b'\n'] = text {
        text = rest;
    }
    text
}

/// Parses `text` as an unsigned decimal number; `None` if it contains anything else or exceeds `u64`.
#[inline]
pub fn decimal(text: &[u8]) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    text.iter().try_fold(0_u64, |n, &b| {
        let digit = b.wrapping_sub(b'0');
        if digit > 9 { None } else { n.checked_mul(10)?.checked_add(u64::from(digit)) }
    })
}

/// Where the first line end of `text` is. Lines are short: what chooses among implementations at run time takes longer than to
/// look for it.
#[inline]
pub fn line_feed(text: &[u8]) -> Option<usize> {
    #[cfg(target_arch = "x86_64")]
    if let Some(search) = memchr::arch::x86_64::sse2::memchr::One::new(b'\n') {
        return search.find(text);
    }
    memchr::memchr(b'\n', text)
}

/// Where the first of three bytes is, in a text that is as short.
#[inline]
pub fn first_of(bytes: [u8; 3], text: &[u8]) -> Option<usize> {
    let [one, two, three] = bytes;
    #[cfg(target_arch = "x86_64")]
    if let Some(search) = memchr::arch::x86_64::sse2::memchr::Three::new(one, two, three) {
        return search.find(text);
    }
    memchr::memchr3(one, two, three, text)
}

/// Splits at the first `byte`: returns the bytes before it and the bytes after it.
#[inline]
pub fn split_once(text: &[u8], byte: u8) -> Option<(&[u8], &[u8])> {
    let at = memchr::memchr(byte, text)?;
    Some((&text[..at], &text[at + 1..]))
}
