//! How an export can be written.

use super::writing::Form;
use crate::text_enum::text_enum;

text_enum! {
    ExportFormat {
        Ndjson = "ndjson",
        Csv = "csv",
        Xlsx = "xlsx",
    }
}

text_enum! {
    /// As programs in English and in Indonesian expect it.
    ExportDelimiter {
        Comma = "comma",
        Semicolon = "semicolon",
    }
}

impl ExportFormat {
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Ndjson => "application/x-ndjson",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    pub fn form(self, delimiter: Option<ExportDelimiter>, bom: Option<bool>) -> Form {
        let between = if delimiter == Some(ExportDelimiter::Semicolon) { b';' } else { b',' };
        match self {
            Self::Ndjson => Form::Ndjson,
            Self::Csv => Form::Csv { delimiter: between, bom: bom.unwrap_or(false) },
            Self::Xlsx => Form::Xlsx,
        }
    }

    /// What was said that is for CSV alone.
    pub fn misplaced(
        self,
        delimiter: Option<ExportDelimiter>,
        bom: Option<bool>,
    ) -> impl Iterator<Item = &'static str> {
        let of_csv = [("delimiter", delimiter.is_some()), ("bom", bom.is_some())];
        let misplaced = of_csv.into_iter().filter(move |(_, said)| *said && self != Self::Csv);
        misplaced.map(|(name, _)| name)
    }
}
