//! A table as a Parquet file, row group by row group, so that memory does not grow with the table.
//!
//! Must not know: what the columns mean.

use std::io::{self, Write};
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{ColumnPath, Type};

/// Upper limits of a row group: its rows, and the bytes of its texts.
const ROWS: usize = 100_000;
const BYTES: usize = 16 << 20;

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What its values are.
    pub kind: Kind,
}

/// The kind of a column's values. Each value can be null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// UTF-8.
    Text,
    /// Bytes, each different from the others.
    Bytes,
    /// A number of 32 bits.
    Int,
    /// A number of 64 bits.
    Long,
    /// Microseconds since 1970-01-01 UTC.
    Micros,
    /// Days since 1970-01-01.
    Date,
}

impl Kind {
    fn physical(self) -> Physical {
        match self {
            Self::Text | Self::Bytes => Physical::BYTE_ARRAY,
            Self::Int | Self::Date => Physical::INT32,
            Self::Long | Self::Micros => Physical::INT64,
        }
    }

    fn logical(self) -> Option<LogicalType> {
        match self {
            Self::Text => Some(LogicalType::String),
            Self::Micros => Some(LogicalType::timestamp(true, TimeUnit::MICROS)),
            Self::Date => Some(LogicalType::Date),
            Self::Bytes | Self::Int | Self::Long => None,
        }
    }
}

/// The values of a column in the current row group.
#[derive(Debug, Default)]
struct Values {
    /// Texts, one after the other, and where each ends.
    text: Vec<u8>,
    ends: Vec<usize>,
    ints: Vec<i32>,
    longs: Vec<i64>,
    /// 1 where there is a value, 0 for null.
    levels: Vec<i16>,
}

/// A table that is being written.
pub struct Table<W: Write + Send> {
    columns: &'static [Column],
    writer: SerializedFileWriter<W>,
    values: Vec<Values>,
    rows: usize,
    bytes: usize,
}

/// The values of a row, from the first column to the last.
pub struct Row<'t> {
    columns: &'static [Column],
    values: &'t mut [Values],
    next: usize,
    bytes: usize,
}

impl<W: Write + Send> Table<W> {
    /// An empty table in `out`.
    ///
    /// # Errors
    /// Errors of `out`.
    pub fn new(out: W, columns: &'static [Column]) -> io::Result<Self> {
        let schema = schema(columns).map_err(io::Error::other)?;
        let writer =
            SerializedFileWriter::new(out, schema, Arc::new(properties(columns)?)).map_err(failed)?;
        let values = columns.iter().map(|_| Values::default()).collect();
        Ok(Self { columns, writer, values, rows: 0, bytes: 0 })
    }

    /// Adds a row: `fill` gives all of its values.
    ///
    /// # Errors
    /// Errors of the output.
    pub fn row(&mut self, fill: impl FnOnce(&mut Row<'_>)) -> io::Result<()> {
        let mut row = Row { columns: self.columns, values: &mut self.values, next: 0, bytes: 0 };
        fill(&mut row);
        debug_assert_eq!(row.next, self.columns.len());
        self.bytes += row.bytes;
        self.rows += 1;
        if self.rows >= ROWS || self.bytes >= BYTES { self.flush() } else { Ok(()) }
    }

    /// Writes the rest, and returns the output.
    ///
    /// # Errors
    /// Errors of the output.
    pub fn finish(mut self) -> io::Result<W> {
        self.flush()?;
        self.writer.into_inner().map_err(failed)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group().map_err(failed)?;
        for (column, values) in self.columns.iter().zip(&mut self.values) {
            write(&mut group, *column, values).map_err(failed)?;
        }
        group.close().map_err(failed)?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }
}

impl Row<'_> {
    /// A text, or null.
    pub fn text<'a>(&mut self, text: impl Into<Option<&'a [u8]>>) {
        let text = text.into();
        let (column, values) = self.next(text.is_some());
        let Some(text) = text else { return };
        let from = values.text.len();
        match column.kind {
            // What is not UTF-8 would make the whole column unreadable.
            Kind::Text => values.text.extend_from_slice(String::from_utf8_lossy(text).as_bytes()),
            _ => values.text.extend_from_slice(text),
        }
        values.ends.push(values.text.len());
        self.bytes += values.text.len() - from;
    }

    /// A number of 32 bits, or a date, or null.
    pub fn int(&mut self, number: impl Into<Option<i32>>) {
        let number = number.into();
        self.next(number.is_some()).1.ints.extend(number);
    }

    /// A number of 64 bits, or a time, or null.
    pub fn long(&mut self, number: impl Into<Option<i64>>) {
        let number = number.into();
        self.next(number.is_some()).1.longs.extend(number);
    }

    fn next(&mut self, is_there: bool) -> (Column, &mut Values) {
        let column = self.columns[self.next];
        let values = &mut self.values[self.next];
        values.levels.push(i16::from(is_there));
        self.next += 1;
        (column, values)
    }
}

/// Writes the values of a column, and forgets them.
fn write<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    column: Column,
    values: &mut Values,
) -> Result<(), ParquetError> {
    let Some(mut writer) = group.next_column()? else { return Ok(()) };
    let levels = Some(&*values.levels);
    match column.kind.physical() {
        Physical::INT32 => writer.typed::<Int32Type>().write_batch(&values.ints, levels, None)?,
        Physical::INT64 => writer.typed::<Int64Type>().write_batch(&values.longs, levels, None)?,
        _ => {
            // The values share one text.
            let text = Bytes::from(std::mem::take(&mut values.text));
            let mut from = 0;
            let one = |end: &usize| ByteArray::from(text.slice(std::mem::replace(&mut from, *end)..*end));
            let texts: Vec<ByteArray> = values.ends.iter().map(one).collect();
            writer.typed::<ByteArrayType>().write_batch(&texts, levels, None)?
        }
    };
    writer.close()?;
    values.ends.clear();
    values.ints.clear();
    values.longs.clear();
    values.levels.clear();
    Ok(())
}

fn schema(columns: &[Column]) -> Result<Arc<Type>, ParquetError> {
    let field = |column: &Column| {
        Type::primitive_type_builder(column.name, column.kind.physical())
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(column.kind.logical())
            .build()
            .map(Arc::new)
    };
    let fields = columns.iter().map(field).collect::<Result<_, _>>()?;
    Type::group_type_builder("schema").with_fields(fields).build().map(Arc::new)
}

fn properties(columns: &[Column]) -> io::Result<WriterProperties> {
    let level = ZstdLevel::try_new(1).map_err(failed)?;
    let mut builder = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_created_by(concat!("sofiatui ", env!("CARGO_PKG_VERSION")).to_owned());
    for column in columns.iter().filter(|column| column.kind == Kind::Bytes) {
        let path = ColumnPath::from(column.name);
        builder = builder
            .set_column_dictionary_enabled(path.clone(), false)
            .set_column_statistics_enabled(path, EnabledStatistics::None);
    }
    Ok(builder.build())
}

fn failed(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(error) => io::Error::other(error),
        },
        error => io::Error::other(error),
    }
}
