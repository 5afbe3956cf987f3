//! Parquet files with messages: what `--parquet` wrote, or an engine that read it, as the text of a dump.
//!
//! A row is a frame: its header is in `data_extra`, its bytes are the `payload`.
//!
//! Must not know: which rows there are, the other columns.

use std::fs::File;
use std::io::{self, Cursor, Read};

use parquet::column::reader::{ColumnReaderImpl, get_typed_column_reader};
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};

/// Rows that are read at once.
const ROWS: usize = 256;

/// Reads a Parquet file. Its description is at its end, so that it is copied first.
///
/// # Errors
/// If it is not a Parquet file with messages.
pub(super) fn open(mut raw: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    let mut file = tempfile::tempfile()?;
    io::copy(&mut raw, &mut file)?;
    Ok(Box::new(Frames::new(file)?))
}

/// The frames of the rows, one row group after the other.
struct Frames {
    file: SerializedFileReader<File>,
    /// The numbers of the columns with the payload and with the header of the frame.
    columns: [usize; 2],
    next_group: usize,
    group: Option<[Texts; 2]>,
    text: Cursor<Vec<u8>>,
}

impl Frames {
    fn new(file: File) -> io::Result<Self> {
        let file = SerializedFileReader::new(file).map_err(failed)?;
        let schema = file.metadata().file_metadata().schema_descr_ptr();
        let number = |name: &str| {
            let known = schema.columns().iter().position(|column| column.path().string() == name);
            known.ok_or_else(|| {
                let why = format!("a Parquet file without the column {name} has no messages");
                io::Error::new(io::ErrorKind::InvalidData, why)
            })
        };
        let columns = [number("payload")?, number("data_extra")?];
        Ok(Self { file, columns, next_group: 0, group: None, text: Cursor::default() })
    }

    /// Puts the next frames into the text; `false` if there are none.
    fn fill(&mut self) -> io::Result<bool> {
        loop {
            let Some(group) = &mut self.group else {
                if self.next_group == self.file.num_row_groups() {
                    return Ok(false);
                }
                let group = self.file.get_row_group(self.next_group).map_err(failed)?;
                self.next_group += 1;
                let texts =
                    |column| Ok(Texts::new(get_typed_column_reader(group.get_column_reader(column)?)));
                let read = |column| texts(column).map_err(failed);
                self.group = Some([read(self.columns[0])?, read(self.columns[1])?]);
                continue;
            };
            let [payloads, extras] = [group[0].read()?, group[1].read()?];
            if payloads.is_empty() {
                self.group = None;
                continue;
            }
            let text = self.text.get_mut();
            text.clear();
            for (payload, extra) in payloads.iter().zip(&extras) {
                frame(text, payload.as_ref(), extra.as_ref());
            }
            self.text.set_position(0);
            return Ok(true);
        }
    }
}

/// Appends the frame of a row. A row without a message is left out.
fn frame(out: &mut Vec<u8>, payload: Option<&ByteArray>, extra: Option<&ByteArray>) {
    let (Some(payload), Some(extra)) = (payload, extra) else { return };
    let extra: Option<serde_json::Value> = serde_json::from_slice(extra.data()).ok();
    let Some(header) = extra.as_ref().and_then(|extra| extra.get("frame")?.as_str()) else { return };
    out.extend_from_slice(header.as_bytes());
    out.extend_from_slice(b":\n");
    out.extend_from_slice(payload.data());
    out.extend_from_slice(b"\x0b\n");
}

impl Read for Frames {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.text.read(buffer)?;
            if read > 0 || buffer.is_empty() || !self.fill()? {
                return Ok(read);
            }
        }
    }
}

/// The values of a column in a row group.
struct Texts(ColumnReaderImpl<ByteArrayType>);

impl Texts {
    fn new(reader: ColumnReaderImpl<ByteArrayType>) -> Self {
        Self(reader)
    }

    /// The next values, `None` for null; none at the end.
    fn read(&mut self) -> io::Result<Vec<Option<ByteArray>>> {
        let (mut values, mut levels) = (Vec::new(), Vec::new());
        let (rows, _, _) = self.0.read_records(ROWS, Some(&mut levels), None, &mut values).map_err(failed)?;
        let mut values = values.into_iter();
        // A column whose values cannot be null has no levels.
        let is_there = |row: usize| levels.get(row).is_none_or(|level| *level > 0);
        Ok((0..rows).map(|row| if is_there(row) { values.next() } else { None }).collect())
    }
}

fn failed(error: ParquetError) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}
