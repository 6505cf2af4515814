//! The columns of a table, as the schema of its record has them: a nested field is `academic_id.kind`. Headers may be
//! in English, as the fields are called, or in Indonesian; upper case, spaces and points do not matter.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::{
    error::{ApiError, Result},
    exports::as_stored,
    http::{Code, flaw::pointer},
};

/// What a cell holds. One that is not what it should be stays the text that it is: the schema says what is wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Cell {
    Text,
    Date,
    Integer,
    Number,
    Boolean,
    /// Several texts, between them `|`; or `;`, `,` or a line break.
    List,
    Json,
}

/// What an empty cell says.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Empty {
    /// There is none.
    Null,
    NoItems,
    /// Nothing: without it there would be no such record.
    Nothing,
}

#[derive(Clone, Debug)]
pub struct Column {
    pub path: String,
    cell: Cell,
    empty: Empty,
}

/// The partner's own id of the record.
pub const EXTERNAL_ID: &str = "external_id";

/// What headers are called in Indonesian, and otherwise.
#[rustfmt::skip]
const ALSO: &[(&str, &[&str])] = &[
    ("external_id",          &["id_eksternal", "id", "nip", "nik_pegawai"]),
    ("full_name",            &["nama_lengkap", "nama", "nama_dosen"]),
    ("titles",               &["gelar"]),
    ("academic_id.kind",     &["jenis_nomor_dosen"]),
    ("academic_id.value",    &["academic_id", "nomor_dosen"]),
    ("email",                &["surel", "e_mail"]),
    ("phone",                &["telepon", "nomor_telepon", "no_telepon", "no_hp", "hp"]),
    ("kind",                 &["jenis"]),
    ("expertise",            &["keahlian"]),
    ("subsectors",           &["subsektor"]),
    ("districts",            &["kecamatan"]),
    ("capacity_offered",     &["kapasitas", "kapasitas_ditawarkan"]),
    ("name",                 &["nama", "nama_usaha", "nama_koperasi"]),
    ("legal_form",           &["bentuk_usaha", "bentuk_badan"]),
    ("subsector",            &["subsektor"]),
    ("description",          &["keterangan", "deskripsi"]),
    ("address.line",         &["alamat"]),
    ("address.village_code", &["kode_kelurahan", "kode_desa"]),
    ("address.postal_code",  &["kode_pos"]),
    ("address.latitude",     &["lintang"]),
    ("address.longitude",    &["bujur"]),
    ("village_code",         &["kode_kelurahan", "kode_desa"]),
    ("founded_on",           &["tanggal_berdiri"]),
    ("nib_issued_on",        &["tanggal_nib"]),
    ("sales_channels",       &["saluran_penjualan"]),
    ("owner.full_name",      &["nama_pemilik"]),
    ("owner.nik",            &["nik_pemilik"]),
    ("owner.phone",          &["telepon_pemilik"]),
    ("owner.email",          &["surel_pemilik"]),
    ("cooperative_number",   &["nomor_induk_koperasi"]),
    ("legal_entity_no",      &["nomor_badan_hukum"]),
    ("service_area",         &["wilayah_layanan"]),
    ("member_target",        &["target_anggota"]),
    ("members_declared",     &["jumlah_anggota"]),
    ("principal_savings_idr", &["simpanan_pokok"]),
    ("mandatory_savings_idr", &["simpanan_wajib"]),
];

/// What our own tables have besides: of refused rows, and of records. They may stay in a file, and are not read.
const BESIDES: &[&str] =
    &["line", "baris", "problem", "masalah", "status", "version", "created_at", "updated_at"];

/// All columns that a table of the type can have.
pub fn of<T: ToSchema>() -> Vec<Column> {
    let mut schemas = vec![(T::name().into_owned(), T::schema())];
    T::schemas(&mut schemas);
    let schemas: HashMap<_, _> = schemas.into_iter().collect();
    let schemas = serde_json::to_value(schemas).unwrap_or_default();
    let mut columns = vec![Column { path: EXTERNAL_ID.into(), cell: Cell::Text, empty: Empty::Nothing }];
    walk(schemas.get(T::name().as_ref()).unwrap_or(&Value::Null), &schemas, ("", false), &mut columns);
    columns.retain(|column| column.path != "external_ids");
    columns
}

/// `nullable` is what is inside something that can be null.
fn walk(schema: &Value, schemas: &Value, (path, nullable): (&str, bool), columns: &mut Vec<Column>) {
    let nullable = nullable || can_be_null(schema);
    let schema = resolved(schema, schemas);
    if let Some(fields) = schema.get("properties").and_then(Value::as_object) {
        for (name, field) in fields {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            walk(field, schemas, (&path, nullable), columns);
        }
        return;
    }
    let items = || resolved(schema.get("items").unwrap_or(&Value::Null), schemas);
    let cell = match kind(schema) {
        Some("string") if schema.get("format") == Some(&json!("date")) => Cell::Date,
        Some("string") => Cell::Text,
        Some("integer") => Cell::Integer,
        Some("number") => Cell::Number,
        Some("boolean") => Cell::Boolean,
        Some("array") if kind(items()) == Some("string") => Cell::List,
        _ => Cell::Json,
    };
    let empty = match kind(schema) {
        _ if nullable => Empty::Null,
        Some("array") if schema.get("minItems").is_none() => Empty::NoItems,
        _ => Empty::Nothing,
    };
    columns.push(Column { path: path.to_owned(), cell, empty });
}

fn can_be_null(schema: &Value) -> bool {
    let forms = schema.get("oneOf").or_else(|| schema.get("anyOf")).and_then(Value::as_array);
    let null = json!("null");
    match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.contains(&null),
        _ => forms.is_some_and(|forms| forms.iter().any(|form| form.get("type") == Some(&null))),
    }
}

fn kind(schema: &Value) -> Option<&str> {
    match schema.get("type")? {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
        kind => kind.as_str(),
    }
}

/// Of several forms, the one with the most fields.
fn resolved<'a>(schema: &'a Value, schemas: &'a Value) -> &'a Value {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|name| name.rsplit('/').next()) {
        return resolved(schemas.get(name).unwrap_or(&Value::Null), schemas);
    }
    let forms = schema.get("oneOf").or_else(|| schema.get("anyOf")).and_then(Value::as_array);
    let Some(forms) = forms else { return schema };
    let fields = |form: &&Value| form.get("properties").and_then(Value::as_object).map_or(0, Map::len);
    let forms = forms.iter().map(|form| resolved(form, schemas)).filter(|form| kind(form) != Some("null"));
    forms.max_by_key(fields).unwrap_or(schema)
}

fn plain(header: &str) -> String {
    let letters = header.trim().trim_start_matches('\u{feff}').chars();
    let plain: String =
        letters.map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    plain.trim_matches('_').to_owned()
}

/// Which column each header names; none of what is not read.
///
/// # Errors
/// `Invalid`, with a pointer to each header that is unknown or stands twice, or is missing.
pub fn named(headers: &csv::StringRecord, columns: &[Column]) -> Result<Vec<Option<Column>>> {
    // A workbook, say: what its bytes spell nobody wants to read.
    if headers.iter().any(|header| header.contains(char::is_control)) {
        return Err(ApiError::UnsupportedMediaType { expected: super::rows::TAKEN });
    }
    let (mut found, mut flaws) = (Vec::new(), Vec::new());
    for header in headers {
        let wanted = plain(header);
        let is_called = |column: &&Column| {
            let also = ALSO.iter().filter(|(path, _)| *path == column.path).flat_map(|(_, also)| also.iter());
            plain(&column.path) == wanted || also.into_iter().any(|name| *name == wanted)
        };
        let exactly = columns.iter().find(|column| plain(&column.path) == wanted);
        match exactly.or_else(|| columns.iter().find(is_called)) {
            Some(column) if found.iter().flatten().any(|one: &Column| one.path == column.path) => {
                flaws.push(Code::Repeated.at(pointer(&[header])));
            }
            Some(column) => found.push(Some(column.clone())),
            // Without a name, as to the right of Excel's tables.
            None if wanted.is_empty() || BESIDES.contains(&wanted.as_str()) => found.push(None),
            None => flaws.push(Code::Unknown.at(pointer(&[header]))),
        }
    }
    if !found.iter().flatten().any(|column| column.path == EXTERNAL_ID) {
        flaws.push(Code::Required.at(pointer(&[EXTERNAL_ID])));
    }
    ApiError::if_any(flaws)?;
    Ok(found)
}

impl Column {
    /// Puts what a cell holds into a record.
    pub fn put(&self, cell: &str, record: &mut Map<String, Value>) {
        let value = match (self.cell.read(cell), self.empty) {
            (Value::Null, Empty::Nothing) => return,
            (Value::Null, Empty::NoItems) => json!([]),
            (value, _) => value,
        };
        match self.path.split_once('.') {
            None => drop(record.insert(self.path.clone(), value)),
            Some((outer, field)) => {
                let outer = record.entry(outer).or_insert_with(|| Value::Object(Map::new()));
                if let Value::Object(outer) = outer {
                    outer.insert(field.to_owned(), value);
                }
            }
        }
    }

    /// The cell that would be read as what the record holds.
    pub fn cell(&self, record: &Map<String, Value>) -> String {
        let mut parts = self.path.split('.');
        let first = parts.next().and_then(|first| record.get(first));
        let value = parts.fold(first, |value, part| value.and_then(|value| value.get(part)));
        match value {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(Value::Array(items)) if self.cell == Cell::List && items.iter().all(Value::is_string) => {
                items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("|")
            }
            Some(other) => other.to_string(),
        }
    }
}

/// An object of which nothing is said is none.
pub fn without_empty_objects(record: &mut Map<String, Value>) {
    for value in record.values_mut() {
        if value.as_object().is_some_and(|inner| inner.values().all(Value::is_null)) {
            *value = Value::Null;
        }
    }
}

impl Cell {
    fn read(self, cell: &str) -> Value {
        let text = cell.trim();
        // As our own tables guard what a spreadsheet would take for a formula, and people what it would for a number.
        let text = match text.strip_prefix('\'') {
            Some(number) if number.starts_with(|c: char| c.is_ascii_digit()) => number,
            _ => as_stored(text),
        };
        if text.is_empty() {
            return Value::Null;
        }
        let read = match self {
            Self::Text => None,
            Self::Date => NaiveDate::parse_from_str(text, "%d/%m/%Y").ok().map(|day| json!(day)),
            Self::Integer => text.parse::<i64>().ok().map(|number| json!(number)),
            Self::Number => text.replace(',', ".").parse::<f64>().ok().map(|number| json!(number)),
            Self::Boolean => match text.to_lowercase().as_str() {
                "true" | "ya" | "yes" | "1" => Some(json!(true)),
                "false" | "tidak" | "no" | "0" => Some(json!(false)),
                _ => None,
            },
            Self::List => {
                let items = text.split(['|', ';', ',', '\n']).map(str::trim).filter(|item| !item.is_empty());
                Some(items.collect())
            }
            Self::Json => serde_json::from_str(text).ok(),
        };
        read.unwrap_or_else(|| json!(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        businesses::Businesses, cooperatives::Cooperatives, mentors::Mentors, records::synced::Synced,
    };

    fn paths<K: Synced>() -> Vec<String> {
        of::<K::Fields>().into_iter().map(|column| column.path).collect()
    }

    #[test]
    fn every_other_name_is_of_a_column_that_some_table_has() {
        let all = [paths::<Mentors>(), paths::<Businesses>(), paths::<Cooperatives>()].concat();
        for (path, _) in ALSO {
            assert!(all.iter().any(|one| one == path), "{path}");
        }
    }

    #[test]
    fn headers_are_found_in_both_languages_and_any_order_and_no_two_name_one_column() {
        let columns = of::<<Mentors as Synced>::Fields>();
        let of_headers = |headers: &[&str]| {
            named(&csv::StringRecord::from(headers.to_vec()), &columns).map(|found| {
                found
                    .into_iter()
                    .map(|column| column.map_or("-".into(), |column| column.path))
                    .collect::<Vec<_>>()
            })
        };
        let found =
            of_headers(&["Keahlian", "Nama Lengkap", "ID Eksternal", "Academic ID Kind", "Masalah"]).unwrap();
        assert_eq!(found, ["expertise", "full_name", "external_id", "academic_id.kind", "-"]);
        let Err(ApiError::Invalid(flaws)) = of_headers(&["nama", "full_name", "umur"]) else { panic!() };
        let places: Vec<_> = flaws.iter().map(|flaw| format!("{:?}", flaw.code)).collect();
        assert_eq!(places, ["Repeated", "Unknown", "Required"]);
    }

    #[test]
    fn an_empty_cell_clears_what_can_be_without_and_else_says_nothing() {
        let mut said = Map::new();
        of::<<Mentors as Synced>::Fields>().iter().for_each(|column| column.put(" ", &mut said));
        without_empty_objects(&mut said);
        let cleared = json!({
            "academic_id": null, "capacity": null, "capacity_offered": null, "districts": [], "institution_id": null,
            "phone": null, "subsectors": [], "titles": null, "expertise_confirmed": [],
        });
        assert_eq!(Value::Object(said), cleared);
    }

    #[test]
    fn a_cell_is_read_as_what_its_column_holds_and_else_left_for_the_schema_to_refuse() {
        for (cell, text, value) in [
            (Cell::Text, " '+62812 ", json!("+62812")),
            (Cell::Text, "'0812", json!("0812")),
            (Cell::Text, "'Abdullah", json!("'Abdullah")),
            (Cell::Integer, "4", json!(4)),
            (Cell::Integer, "empat", json!("empat")),
            (Cell::Number, "-6,31", json!(-6.31)),
            (Cell::Boolean, "Ya", json!(true)),
            (Cell::Date, "31/01/2026", json!("2026-01-31")),
            (Cell::Date, "2026-01-31", json!("2026-01-31")),
            (Cell::List, "accounting | finance", json!(["accounting", "finance"])),
            (Cell::List, "", Value::Null),
            (Cell::Json, "[1]", json!([1])),
        ] {
            assert_eq!(cell.read(text), value, "{cell:?} {text}");
        }
    }
}
