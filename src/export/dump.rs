//! Messages as frames of a dump, one frame each: the output can be parsed again.
//!
//! Must not know: the original frames of the messages.

use crate::base::Timestamp;
use crate::frame::Marker;
use crate::store::{DAY, Dates, DayClock};

use super::{Entry, styled_write};

/// Writes messages so that a reader of the output infers the same dates as from the input. If timestamps have no date,
/// it writes `dump started at` markers, as FreeSWITCH does.
#[derive(Debug, Default)]
pub struct Dump {
    /// Follows the output as a reader would.
    reader: DayClock,
    markers: u64,
}

impl Dump {
    /// Appends a message with this time as one frame, after a marker if the reader would infer another day.
    pub fn message(&mut self, out: &mut Vec<u8>, entry: &Entry<'_>, time: i64, dates: Dates) {
        let mut reader = self.reader;
        // A date that comes only from the file's time was not in the dump.
        let is_dated = dates == Dates::Inferred && entry.stamp.days().is_none();
        let mut stamp = entry.stamp;
        if is_dated && reader.read(stamp) != (time, dates) {
            stamp = self.date(out, stamp, time);
        }
        self.reader.read(stamp);
        frame(out, &Entry { stamp, ..*entry });
    }

    /// Appends a marker that the input has, if it says when the dump was opened.
    pub(crate) fn marker(&mut self, out: &mut Vec<u8>, marker: &Marker) {
        if let Some(text) = marker.time.and_then(Timestamp::ctime) {
            self.markers += 1;
            out.extend_from_slice(format!("dump started at {text}\n\n\n").as_bytes());
            self.reader.marker(&Marker { number: self.markers, time: marker.time });
        }
    }

    /// Appends a marker that dates the next frame, and returns the timestamp of that frame. The timestamp has a date if
    /// the day is before that of the previous output, which a marker cannot express.
    fn date(&mut self, out: &mut Vec<u8>, stamp: Timestamp, time: i64) -> Timestamp {
        let Some(dated) = stamp.on_day(time.div_euclid(DAY)) else { return stamp };
        let marker = Marker { number: self.markers + 1, time: Some(dated) };
        let mut reader = self.reader;
        reader.marker(&marker);
        match dated.ctime() {
            Some(text) if reader.read(stamp).0 == time => {
                out.extend_from_slice(format!("dump started at {text}\n\n\n").as_bytes());
                self.markers = marker.number;
                self.reader.marker(&marker);
                stamp
            }
            _ => dated,
        }
    }
}

/// Appends the message as one frame: header, bytes and boundary.
pub fn frame(out: &mut Vec<u8>, entry: &Entry<'_>) {
    header(out, entry);
    out.extend_from_slice(b":\n");
    out.extend_from_slice(entry.content);
    out.extend_from_slice(b"\x0b\n");
}

/// Appends the header of that frame, without the colon and the line end after it.
pub fn header(out: &mut Vec<u8>, entry: &Entry<'_>) {
    out.extend_from_slice(entry.direction.as_str().as_bytes());
    out.push(b' ');
    styled_write::decimal(out, entry.content.len() as u64);
    out.extend_from_slice(b" bytes ");
    out.extend_from_slice(entry.direction.preposition().as_bytes());
    out.push(b' ');
    out.extend_from_slice(entry.transport.as_str().as_bytes());
    out.push(b'/');
    out.extend_from_slice(entry.address);
    out.extend_from_slice(b" at ");
    styled_write::stamp(out, entry.stamp);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::MessageReader;

    /// The dates that a reader infers.
    fn dates(dump: &[u8]) -> Vec<(i64, Dates)> {
        let (mut reader, mut clock, mut out) = (MessageReader::new(dump), DayClock::default(), Vec::new());
        while let Some(message) = reader.next_message().unwrap() {
            clock.marker(message.marker);
            out.push(clock.read(message.timestamp));
        }
        out
    }

    /// The output for the messages of `dump` whose indices are in `kept`, in that order.
    fn written(dump: &[u8], kept: &[usize]) -> Vec<u8> {
        let times = dates(dump);
        let (mut writer, mut out) = (Dump::default(), Vec::new());
        for number in kept {
            let mut reader = MessageReader::new(dump);
            (0..*number).for_each(|_| assert!(reader.next_message().unwrap().is_some()));
            let message = reader.next_message().unwrap().unwrap();
            writer.message(&mut out, &Entry::new("x", &message), times[*number].0, times[*number].1);
        }
        out
    }

    fn frame_at(stamp: &str) -> String {
        format!(
            "recv 29 bytes from udp/[192.0.2.7]:5060 at {stamp}:\nBYE sip:a@b SIP/2.0\r\nl: 0\r\n\r\n\x0b\n"
        )
    }

    #[test]
    fn the_output_has_the_dates_of_the_input() {
        let marker = |text: &str| format!("dump started at {text}\n\n\n");
        let dump = [
            marker("Mon Nov 23 04:09:00 2026"),
            frame_at("04:10:00.000000"),
            frame_at("23:59:00.000000"),
            frame_at("00:01:00.000000"),
            marker("Thu Nov 26 04:09:00 2026"),
            frame_at("04:20:00.000000"),
            frame_at("04:20:01.000000"),
        ]
        .concat();
        let all = dates(dump.as_bytes());
        for (kept, markers, stamped) in [
            (&[0, 1, 2, 3, 4][..], 2, 0),
            (&[0, 2], 1, 0),
            (&[2, 4], 2, 0),
            (&[3, 4], 1, 0),
            // One input after the other: the date goes back.
            (&[3, 4, 0, 1], 1, 1),
        ] {
            let out = written(dump.as_bytes(), kept);
            let want: Vec<i64> = kept.iter().map(|number| all[*number].0).collect();
            assert_eq!(dates(&out).iter().map(|(time, _)| *time).collect::<Vec<_>>(), want, "{kept:?}");
            let text = String::from_utf8(out).unwrap();
            assert_eq!(text.matches("dump started at").count(), markers, "{kept:?}\n{text}");
            assert_eq!(text.matches(" at 2026-").count(), stamped, "{kept:?}\n{text}");
        }
    }

    #[test]
    fn messages_without_a_date_get_none() {
        for dump in [
            frame_at("04:10:00.000000") + &frame_at("01:00:00.000000"),
            frame_at("2026-11-23 04:10:00.000000"),
        ] {
            let count = dates(dump.as_bytes()).len();
            assert_eq!(written(dump.as_bytes(), &(0..count).collect::<Vec<_>>()), dump.as_bytes());
        }
    }
}
