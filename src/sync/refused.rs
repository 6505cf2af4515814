//! The rows that were refused, as a table: to be mended and sent again as it is.

use super::{
    columns::{self, Column},
    payloads::Refused,
};
use crate::{
    businesses::Businesses,
    cooperatives::Cooperatives,
    error::{ApiError, Result},
    exports::harmless,
    http::language::Language,
    mentors::Mentors,
    records::synced::Synced,
};

fn columns_of(resource: &str) -> Vec<Column> {
    match resource {
        Businesses::NAME => columns::of::<<Businesses as Synced>::Fields>(),
        Cooperatives::NAME => columns::of::<<Cooperatives as Synced>::Fields>(),
        _ => columns::of::<<Mentors as Synced>::Fields>(),
    }
}

/// With the columns of which any row says something, and two more: where each stood, and what is wrong with it.
pub fn table(resource: &str, rows: &[Refused], delimiter: u8, language: Language) -> Result<Vec<u8>> {
    let mut columns = columns_of(resource);
    columns.retain(|column| rows.iter().any(|row| !column.cell(&row.said).is_empty()));
    let mut table = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    let mine = [language.pick("baris", "line"), language.pick("masalah", "problem")];
    let names = columns.iter().map(|column| column.path.as_str());
    table.write_record(names.chain(mine)).map_err(ApiError::internal)?;
    for row in rows {
        let cells = columns.iter().map(|column| harmless(column.cell(&row.said).into()).into_owned());
        let mine = [row.line.to_string(), row.why.clone()];
        table.write_record(cells.chain(mine)).map_err(ApiError::internal)?;
    }
    table.into_inner().map_err(|error| ApiError::internal(error.to_string()))
}
