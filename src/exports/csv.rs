//! Records as rows of a table of texts.

use std::borrow::Cow;

use serde_json::Value;

use super::columns::{Column, text};
use crate::error::{ApiError, Result};

pub struct Table {
    delimiter: u8,
    columns: Vec<Column>,
}

impl Table {
    pub fn new(delimiter: u8, columns: Vec<Column>) -> Self {
        Self { delimiter, columns }
    }

    /// The names of the columns.
    pub fn head(&self) -> Result<Vec<u8>> {
        self.line(self.columns.iter().map(|column| Cow::Borrowed(column.name.as_str())))
    }

    pub fn row(&self, record: &Value) -> Result<Vec<u8>> {
        self.line(self.columns.iter().map(|column| match column.value(record) {
            // Of digits and a sign, which is no formula's.
            Value::Number(number) => Cow::Owned(number.to_string()),
            other => harmless(text(other)),
        }))
    }

    fn line<'a>(&self, cells: impl Iterator<Item = Cow<'a, str>>) -> Result<Vec<u8>> {
        let mut writer = csv::WriterBuilder::new().delimiter(self.delimiter).from_writer(Vec::new());
        writer.write_record(cells.map(Cow::into_owned)).map_err(ApiError::internal)?;
        writer.into_inner().map_err(|error| ApiError::internal(error.to_string()))
    }
}

/// By these a spreadsheet takes a text for a formula, which it would run (OWASP, CSV injection): the wide ones as
/// well, which some programs make narrow.
const SIGNS: [char; 11] =
    ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// With an apostrophe in front where it could be taken for a formula. One that has them already gets one more: so
/// whoever takes one away, from each text of apostrophes and such a sign, has what was stored.
pub fn harmless(text: Cow<'_, str>) -> Cow<'_, str> {
    match text.trim_start_matches('\'').starts_with(SIGNS) {
        true => Cow::Owned(format!("'{text}")),
        false => text,
    }
}

/// What was stored.
pub fn as_stored(cell: &str) -> &str {
    let guarded = cell.trim_start_matches('\'').starts_with(SIGNS);
    cell.strip_prefix('\'').filter(|_| guarded).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_taken_for_a_formula_and_each_can_be_had_back() {
        for sign in SIGNS {
            for rest in ["1+1", "", "cmd|' /C calc'!A0", "'"] {
                for before in ["", "'", "''"] {
                    let stored = format!("{before}{sign}{rest}");
                    let cell = harmless(Cow::Borrowed(&stored));
                    assert!(cell.starts_with('\''), "{stored}");
                    assert_eq!(as_stored(&cell), stored);
                }
            }
        }
        for plain in ["", "'", "Siti's", "'t Hooft", "1-1", "a=b", " =1"] {
            assert_eq!(harmless(Cow::Borrowed(plain)), plain);
            assert_eq!(as_stored(plain), plain);
        }
    }
}
