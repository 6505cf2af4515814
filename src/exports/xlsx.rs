//! Records as rows of a workbook: what is a number or a date is one, all else is text, so that no id loses digits
//! and nothing is a formula. The rows lie in a temporary file until the book is saved.

use std::{
    borrow::Cow,
    io::{self, BufWriter, Write},
};

use actix_web::{rt::task::spawn_blocking, web::Bytes};
use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use futures_util::future::join;
use rust_xlsxwriter::{Format, IgnoreError, Workbook, Worksheet, XlsxError};
use serde_json::Value;
use tokio::sync::mpsc;

use super::columns::{Column, Holds, text};
use crate::error::{ApiError, Result};

/// Below the names of the columns.
const ROWS_OF_A_SHEET: u32 = 1_048_575;
/// In units of UTF-16, as Excel counts.
const LONGEST_TEXT: usize = 32_767;
/// A cell's number has so many digits; what has more is text.
const LARGEST_NUMBER: i64 = 999_999_999_999_999;

pub struct Book {
    book: Workbook,
    columns: Vec<Column>,
    zone: Tz,
    rows_of_a_sheet: u32,
    name: &'static str,
    sheets: usize,
    /// In the sheet that is written to.
    rows: u32,
    styles: Styles,
}

struct Styles {
    head: Format,
    date: Format,
    time: Format,
}

impl Book {
    pub fn new(name: &'static str, columns: Vec<Column>, zone: Tz) -> Result<Self> {
        let styles = Styles {
            head: Format::new().set_bold(),
            date: Format::new().set_num_format("yyyy-mm-dd"),
            time: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
        };
        let (rows_of_a_sheet, sheets, rows) = (ROWS_OF_A_SHEET, 0, 0);
        let mut book = Workbook::new();
        // A million rows may unpack to more than 4 GiB.
        book.use_zip_large_file(true);
        let mut book = Self { book, columns, zone, rows_of_a_sheet, name, sheets, rows, styles };
        book.open().map_err(failed)?;
        Ok(book)
    }

    pub fn row(&mut self, record: &Value) -> Result<()> {
        self.add(record).map_err(failed)
    }

    fn add(&mut self, record: &Value) -> Result<(), XlsxError> {
        if self.rows == self.rows_of_a_sheet {
            self.close()?;
            self.open()?;
        }
        self.rows += 1;
        let sheet = self.book.worksheet_from_index(self.sheets - 1)?;
        for (at, column) in (0u16..).zip(&self.columns) {
            cell(sheet, (self.rows, at), column, record, (self.zone, &self.styles))?;
        }
        Ok(())
    }

    fn open(&mut self) -> Result<(), XlsxError> {
        self.sheets += 1;
        self.rows = 0;
        let sheet = self.book.add_worksheet_with_constant_memory()?;
        let name = if self.sheets == 1 { self.name.into() } else { format!("{} {}", self.name, self.sheets) };
        sheet.set_name(name)?.set_freeze_panes(1, 0)?;
        for (at, column) in (0u16..).zip(&self.columns) {
            sheet.set_column_width(at, width(column))?;
            sheet.write_string_with_format(0, at, &column.name, &self.styles.head)?;
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), XlsxError> {
        let last = u16::try_from(self.columns.len().saturating_sub(1)).unwrap_or_default();
        let sheet = self.book.worksheet_from_index(self.sheets - 1)?;
        sheet.autofilter(0, 0, self.rows, last)?;
        // That ids stand there as text is meant.
        sheet.ignore_error_range(0, 0, self.rows, last, IgnoreError::NumberStoredAsText)?;
        Ok(())
    }

    /// The book's bytes, some at a time: packed on a thread that may take its time.
    pub async fn save(mut self, mut put: impl AsyncFnMut(Bytes) -> Result<()>) -> Result<()> {
        self.close().map_err(failed)?;
        let (send, mut receive) = mpsc::channel(4);
        let mut book = self.book;
        let saved = spawn_blocking(move || {
            let mut out = BufWriter::with_capacity(super::writing::CHUNK, Pipe(send));
            book.save_to_writer(&mut out).map_err(failed)?;
            out.flush().map_err(ApiError::internal)
        });
        let taken = async move {
            while let Some(chunk) = receive.recv().await {
                put(chunk).await?;
            }
            Ok(())
        };
        // Who no longer takes ends the saving, and has the reason.
        let (saved, taken) = join(saved, taken).await;
        taken.and(saved.map_err(ApiError::internal)?)
    }
}

/// From the thread that saves to the task that sends.
struct Pipe(mpsc::Sender<Bytes>);

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.blocking_send(Bytes::copy_from_slice(bytes)).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn cell(
    sheet: &mut Worksheet,
    (row, at): (u32, u16),
    column: &Column,
    record: &Value,
    (zone, styles): (Tz, &Styles),
) -> Result<(), XlsxError> {
    let value = column.value(record);
    let said = value.as_str().unwrap_or_default();
    let day = said.parse::<NaiveDate>().ok().filter(|_| column.holds == Holds::Date);
    let time = DateTime::parse_from_rfc3339(said).ok().filter(|_| column.holds == Holds::Time);
    let number = match value.as_i64() {
        Some(whole) => exact(whole),
        None => value.as_f64(),
    };
    match (value, number, day, time) {
        (Value::Null, ..) => (),
        (Value::Bool(yes), ..) => drop(sheet.write_boolean(row, at, *yes)?),
        (_, Some(number), ..) => drop(sheet.write_number(row, at, number)?),
        (_, _, Some(day), _) => drop(sheet.write_datetime_with_format(row, at, day, &styles.date)?),
        (_, _, _, Some(time)) => {
            let here = time.with_timezone(&zone).naive_local();
            sheet.write_datetime_with_format(row, at, here, &styles.time)?;
        }
        _ => drop(sheet.write_string(row, at, fitting(text(value)))?),
    }
    Ok(())
}

#[expect(clippy::as_conversions, reason = "so many digits a float has")]
fn exact(number: i64) -> Option<f64> {
    (-LARGEST_NUMBER..=LARGEST_NUMBER).contains(&number).then_some(number as f64)
}

/// Cut where a cell holds no more, with a sign that it was.
fn fitting(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.encode_utf16().count() <= LONGEST_TEXT {
        return text;
    }
    let mut length = 1;
    let fits = |letter: &char| {
        length += letter.len_utf16();
        length <= LONGEST_TEXT
    };
    Cow::Owned(text.chars().take_while(fits).chain(['…']).collect())
}

fn width(column: &Column) -> f64 {
    match column.holds {
        Holds::Date => 12.0,
        Holds::Time => 20.0,
        Holds::Number => 16.0,
        Holds::Text if column.name == "id" || column.name.ends_with("_id") => 38.0,
        Holds::Text => 28.0,
        Holds::Other => 32.0,
    }
}

fn failed(error: XlsxError) -> ApiError {
    ApiError::internal(error)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_is_cut_where_a_cell_ends_and_a_number_only_as_long_as_it_is_exact() {
        for (letter, length) in [('a', 32_767), ('\u{1f375}', 16_383)] {
            let whole: String = std::iter::repeat_n(letter, length).collect();
            assert_eq!(fitting(Cow::Borrowed(&whole)), whole);
            let cut = fitting(Cow::Owned(format!("{whole}{letter}{letter}"))).into_owned();
            assert!(cut.ends_with('…') && cut.encode_utf16().count() <= LONGEST_TEXT);
        }
        assert_eq!(exact(999_999_999_999_999), Some(999_999_999_999_999.0));
        assert_eq!(exact(3_674_010_101_900_001), None);
    }

    #[actix_web::test]
    async fn what_a_sheet_cannot_hold_goes_to_the_next() {
        let columns = super::super::KINDS.first().map(|kind| (kind.columns)()).unwrap();
        let mut book = Book::new("institutions", columns, chrono_tz::Asia::Jakarta).unwrap();
        book.rows_of_a_sheet = 2;
        for n in 0..5 {
            book.row(&json!({ "id": n.to_string() })).unwrap();
        }
        let mut bytes = Vec::new();
        let put = async |chunk: Bytes| {
            bytes.extend_from_slice(&chunk);
            Ok(())
        };
        book.save(put).await.unwrap();
        use calamine::Reader;
        let mut read = calamine::Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
        assert_eq!(read.sheet_names(), ["institutions", "institutions 2", "institutions 3"]);
        let rows: Vec<_> = read.worksheets().into_iter().map(|(_, sheet)| sheet.height()).collect();
        assert_eq!(rows, [3, 3, 2]);
    }
}
