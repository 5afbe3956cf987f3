//! Parameters of fields and URIs: those that are known stay or have a pseudonym, the values of all others are replaced.
//!
//! Must not know: fields, bodies.

use memchr::memchr;

use super::Scrubber;
use super::fields::is_sip_uri;
use super::message::is_common_phrase;
use super::values::{address_of, is_number};
use crate::sip::{Params, unquote};

impl Scrubber {
    /// Parameters, each after its `;`.
    pub(super) fn params(&mut self, out: &mut Vec<u8>, params: &[u8]) {
        if params.is_empty() {
            return;
        }
        for param in Params::new(params).iter() {
            out.push(b';');
            self.param(out, param.name, param.value);
        }
    }

    fn param(&mut self, out: &mut Vec<u8>, name: &[u8], value: Option<&[u8]>) {
        let mut lower = name.to_ascii_lowercase();
        lower.truncate(32);
        // `+sip.instance` and `+g.3gpp.…` are feature tags (RFC 3840).
        self.constant(out, name);
        let Some(value) = value else { return };
        out.push(b'=');
        let quote: &[u8] = if value.starts_with(b"\"") { b"\"" } else { b"" };
        out.extend_from_slice(quote);
        let text = unquote(value);
        match lower.as_slice() {
            // Of an event: the sequence number of a REFER.
            b"id" if text.len() <= 3 => self.counter(out, &text),
            b"tag" | b"branch" | b"to-tag" | b"from-tag" | b"id" | b"icid-value" | b"remote"
            | b"local-tag" | b"remote-tag" | b"gr" | b"oc-seq" | b"call-id" | b"boundary" | b"pub-gruu" => {
                self.token_or_zero(out, &text);
            }
            b"received" | b"maddr" | b"icid-generated-at" | b"orig-ioi" | b"term-ioi" | b"transit-ioi"
            | b"ccf" | b"ecf" | b"domain" => {
                self.host_port(out, &text);
            }
            b"+sip.instance" => self.bracketed_uri(out, &text),
            b"fs_path" => {
                let decoded = crate::sip::percent_decode(&text).into_owned();
                let mut path = Vec::new();
                self.address(&mut path, &decoded);
                super::values::percent_encode(out, &path);
            }
            b"gw" => self.user(out, &text),
            b"phone-context" | b"rn" | b"cic" | b"trunk-context" | b"tgrp" => self.context(out, &text),
            b"expires" | b"q" | b"rport" | b"ttl" | b"cause" | b"limit" | b"counter" | b"index"
            | b"reg-id" | b"port" | b"alias" | b"level" | b"retry-after" | b"duration" => {
                self.counter(out, &text);
            }
            b"text" if is_common_phrase(&text) => out.extend_from_slice(&text),
            b"reason" | b"text" => self.prose(out, &text),
            b"lat" | b"lon" | b"lng" | b"latitude" | b"longitude" | b"position" | b"pin" | b"password" => {
                self.removed(out, &text);
            }
            b"isub" | b"postd" | b"ext" | b"filename" | b"mac" => self.unknown_text(out, &text),
            _ if self.is_harmless(&lower, &text) => self.constant(out, &text),
            _ => self.unknown_text(out, &text),
        }
        out.extend_from_slice(quote);
    }

    /// Whether a parameter's value may stay: it is made of known words, or its name belongs to a list of capabilities.
    fn is_harmless(&self, name: &[u8], value: &[u8]) -> bool {
        const NAMES: [&[u8]; 12] = [
            b"transport",
            b"user",
            b"method",
            b"handling",
            b"refresher",
            b"purpose",
            b"party",
            b"privacy",
            b"methods",
            b"events",
            b"alg",
            b"version",
        ];
        let is_feature = name.starts_with(b"+sip.") || name.starts_with(b"+g.");
        let is_word = |word: &[u8]| {
            word.is_empty() || word.len() == 1 && word[0].is_ascii_digit() || self.words.is_known(word)
        };
        NAMES.contains(&name)
            || is_feature
            || value.split(|&b| !b.is_ascii_alphanumeric() && b != b'_' && b < 0x80).all(is_word)
    }

    /// The value of an unknown parameter: a number, an address and a URI have their pseudonyms, all else is an identifier.
    fn unknown_text(&mut self, out: &mut Vec<u8>, text: &[u8]) {
        if is_number(text) {
            self.number(out, text);
        } else if address_of(text).is_some() {
            self.host_port(out, text);
        } else if is_sip_uri(text) {
            self.uri(out, text);
        } else {
            self.token(out, text);
        }
    }

    /// Numbers, perhaps with a comment, perhaps with parameters: `3600 (maintenance);duration=60`.
    pub(super) fn counted(&mut self, out: &mut Vec<u8>, value: &[u8]) {
        let (value, params) = value.split_at(memchr(b';', value).unwrap_or(value.len()));
        let (number, comment) = value.split_at(memchr(b'(', value).unwrap_or(value.len()));
        self.counter(out, number);
        if !comment.is_empty() {
            out.push(b'(');
            self.removed(out, comment.strip_prefix(b"(").unwrap_or(comment));
            out.push(b')');
        }
        self.params(out, params);
    }

    fn token_or_zero(&mut self, out: &mut Vec<u8>, text: &[u8]) {
        if text.iter().all(|&b| b == b'0') { out.extend_from_slice(text) } else { self.token(out, text) }
    }

    fn bracketed_uri(&mut self, out: &mut Vec<u8>, text: &[u8]) {
        match text.strip_prefix(b"<").and_then(|text| text.strip_suffix(b">")) {
            Some(uri) => {
                out.push(b'<');
                self.uri(out, uri);
                out.push(b'>');
            }
            None => self.uri(out, text),
        }
    }

    /// A number, or a domain in which one is valid.
    fn context(&mut self, out: &mut Vec<u8>, text: &[u8]) {
        if is_number(text) { self.user(out, text) } else { self.host_port(out, text) }
    }
}
