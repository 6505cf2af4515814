//! Records as rows of a table: the id first, the other fields by name; what is no text or number, as JSON.

use std::borrow::Cow;

use serde_json::Value;

use crate::error::{ApiError, Result};

pub struct Table {
    delimiter: u8,
    columns: Vec<String>,
}

impl Table {
    pub fn new(delimiter: u8) -> Self {
        Self { delimiter, columns: vec![] }
    }

    /// A row; before the first, the names of the columns.
    pub fn row(&mut self, record: &Value) -> Result<Vec<u8>> {
        let mut writer = csv::WriterBuilder::new().delimiter(self.delimiter).from_writer(Vec::new());
        let failed = |error: csv::Error| ApiError::internal(error);
        if self.columns.is_empty() {
            let names = record.as_object().into_iter().flat_map(|fields| fields.keys());
            self.columns = ["id"]
                .into_iter()
                .chain(names.map(String::as_str).filter(|name| *name != "id"))
                .map(str::to_owned)
                .collect();
            writer.write_record(&self.columns).map_err(failed)?;
        }
        let cells = self.columns.iter().map(|name| cell(record.get(name.as_str()).unwrap_or(&Value::Null)));
        writer.write_record(cells.map(|cell| cell.into_owned())).map_err(failed)?;
        writer.into_inner().map_err(|error| ApiError::internal(error.to_string()))
    }
}

fn cell(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::String(text) => harmless(text),
        other => Cow::Owned(other.to_string()),
    }
}

/// A spreadsheet takes a text that begins so for a formula, and would run it. (OWASP, CSV injection.)
fn harmless(text: &str) -> Cow<'_, str> {
    match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => Cow::Owned(format!("'{text}")),
        false => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rows(records: &[Value], delimiter: u8) -> String {
        let mut table = Table::new(delimiter);
        let rows = records.iter().flat_map(|record| table.row(record).unwrap());
        String::from_utf8(rows.collect()).unwrap()
    }

    #[test]
    fn the_first_row_names_the_columns_and_a_cell_holds_whatever_a_text_does() {
        let records = [
            json!({ "b": 1, "id": "x", "a": "Dapur, \"Siti\"" }),
            json!({ "b": null, "id": "y", "a": ["k"] }),
        ];
        assert_eq!(rows(&records, b','), "id,a,b\nx,\"Dapur, \"\"Siti\"\"\",1\ny,\"[\"\"k\"\"]\",\n");
        assert_eq!(rows(&records[..1], b';'), "id;a;b\nx;\"Dapur, \"\"Siti\"\"\";1\n");
    }

    #[test]
    fn no_text_is_taken_for_a_formula() {
        for text in ["=1+1", "+62812", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert!(
                rows(&[json!({ "id": text })], b',')
                    .trim_start_matches("id\n")
                    .trim_start_matches('"')
                    .starts_with('\''),
                "{text}"
            );
        }
        assert_eq!(rows(&[json!({ "id": -1 })], b','), "id\n-1\n", "a number is none");
    }
}
