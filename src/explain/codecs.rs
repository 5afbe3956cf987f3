//! What the encoding names of RTP mean.
//!
//! Must not know: session descriptions.

use super::format::shown;

/// Encoding names (IANA, RTP payload format media types) and what they are.
const NAMES: [(&str, &str); 27] = [
    ("PCMU", "G.711 µ-law"),
    ("PCMA", "G.711 A-law"),
    ("G722", "G.722, 16 kHz (its clock says 8000: RFC 3551)"),
    ("G729", "G.729, 8 kbit/s"),
    ("G723", "G.723.1, 5.3 or 6.3 kbit/s"),
    ("G726-16", "G.726, 16 kbit/s"),
    ("G726-24", "G.726, 24 kbit/s"),
    ("G726-32", "G.726, 32 kbit/s"),
    ("G726-40", "G.726, 40 kbit/s"),
    ("GSM", "GSM full rate, 13 kbit/s"),
    ("iLBC", "iLBC"),
    ("speex", "Speex"),
    ("opus", "Opus, 8 to 48 kHz"),
    ("AMR", "AMR narrowband"),
    ("AMR-WB", "AMR wideband (G.722.2)"),
    ("EVS", "EVS"),
    ("L16", "linear PCM, 16 bit"),
    ("telephone-event", "DTMF (RFC 4733)"),
    ("CN", "comfort noise"),
    ("red", "redundancy (RFC 2198)"),
    ("t140", "real-time text (T.140)"),
    ("H264", "H.264 video"),
    ("H265", "H.265 video"),
    ("H263-1998", "H.263+ video"),
    ("VP8", "VP8 video"),
    ("VP9", "VP9 video"),
    ("rtx", "retransmissions (RFC 4588)"),
];

/// What the codec of an `a=rtpmap` line is: `PCMU/8000` is G.711 µ-law.
pub(super) fn explain(codec: &[u8]) -> Option<String> {
    let name = name_of(codec);
    NAMES
        .iter()
        .find(|(known, _)| known.as_bytes().eq_ignore_ascii_case(name))
        .map(|(_, what)| (*what).to_owned())
}

/// What the parameters of an `a=fmtp` line mean for that codec.
pub(super) fn explain_parameters(codec: &[u8], parameters: &[u8]) -> Option<String> {
    if name_of(codec).eq_ignore_ascii_case(b"telephone-event") {
        return Some(match parameters {
            b"0-15" => "keys 0–9 * # A–D".to_owned(),
            b"0-11" => "keys 0–9 * #".to_owned(),
            b"0-16" => "keys 0–9 * # A–D, hook flash".to_owned(),
            _ => format!("events {}", shown(parameters)),
        });
    }
    let has = |setting: &[u8]| memchr::memmem::find(parameters, setting).is_some();
    if name_of(codec).eq_ignore_ascii_case(b"G729") && has(b"annexb=") {
        return Some(
            if has(b"annexb=no") { "no silence suppression" } else { "silence suppression" }.to_owned(),
        );
    }
    if name_of(codec).eq_ignore_ascii_case(b"opus") && has(b"useinbandfec=1") {
        return Some("repairs lost packets (FEC)".to_owned());
    }
    None
}

fn name_of(codec: &[u8]) -> &[u8] {
    codec.split(|&b| b == b'/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codecs_are_named_whatever_their_case() {
        for (codec, expected) in [
            ("PCMU/8000", Some("G.711 µ-law")),
            ("pcma/8000/1", Some("G.711 A-law")),
            ("OPUS/48000/2", Some("Opus, 8 to 48 kHz")),
            ("x-own/8000", None),
            ("", None),
        ] {
            assert_eq!(explain(codec.as_bytes()).as_deref(), expected, "{codec}");
        }
    }

    #[test]
    fn parameters_are_explained_where_they_change_what_is_heard() {
        for (codec, parameters, expected) in [
            ("telephone-event/8000", "0-16", Some("keys 0–9 * # A–D, hook flash")),
            ("telephone-event/8000", "0-9,66", Some("events 0-9,66")),
            ("G729/8000", "annexb=no", Some("no silence suppression")),
            ("opus/48000/2", "minptime=10;useinbandfec=1", Some("repairs lost packets (FEC)")),
            ("PCMU/8000", "x=1", None),
        ] {
            assert_eq!(explain_parameters(codec.as_bytes(), parameters.as_bytes()).as_deref(), expected);
        }
    }
}
