//! Reads the rows of a file, one after the other, in a thread that may wait for the disk. A row that cannot be read is
//! told with its line; the others are read all the same.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read, Seek},
    ops::ControlFlow,
};

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use encoding_rs_io::DecodeReaderBytesBuilder;
use serde::de::{DeserializeSeed, IgnoredAny, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::columns::{self, Column, EXTERNAL_ID};
use crate::{
    error::{ApiError, Result},
    http::{Code, json},
    identifiers::single_line,
};

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Form {
    Ndjson,
    Json,
    /// In the encoding that was named, or else the one in which it is.
    Csv(Option<&'static Encoding>),
}

pub const TAKEN: &str = "text/csv, application/x-ndjson, application/json";

/// A row as it stands in the file.
pub struct Found {
    pub line: u64,
    pub external_id: Option<String>,
    pub said: Map<String, Value>,
    /// What is wrong with it, as far as it could be read.
    pub error: Option<ApiError>,
}

impl Form {
    pub fn of(content_type: &str) -> Result<(Self, &'static str)> {
        let (media_type, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
        match media_type.trim().to_ascii_lowercase().as_str() {
            "application/x-ndjson" | "application/ndjson" | "application/jsonl" => {
                Ok((Self::Ndjson, "application/x-ndjson"))
            }
            "application/json" => Ok((Self::Json, "application/json")),
            "text/csv" => {
                let label = parameters.split(';').find_map(|one| one.trim().strip_prefix("charset="));
                let named = label.map(|label| Encoding::for_label(label.trim_matches('"').as_bytes()));
                match named {
                    Some(None) => {
                        Err(ApiError::UnsupportedMediaType { expected: "charset=utf-8, windows-1252" })
                    }
                    named => Ok((Self::Csv(named.flatten()), "text/csv")),
                }
            }
            _ => Err(ApiError::UnsupportedMediaType { expected: TAKEN }),
        }
    }
}

type Each<'a> = &'a mut dyn FnMut(Found) -> ControlFlow<()>;

/// # Errors
/// What concerns the whole of it, and is found before any row is told: it is not JSON, a header is unknown.
pub fn read(file: &mut File, form: Form, columns: &[Column], each: Each<'_>) -> Result<()> {
    file.rewind().map_err(ApiError::internal)?;
    match form {
        Form::Ndjson => lines(BufReader::new(file), each),
        Form::Json => array(file, each),
        Form::Csv(encoding) => table(file, encoding, columns, each),
    }
}

fn lines(mut file: impl BufRead, each: Each<'_>) -> Result<()> {
    let (mut line, mut bytes) = (0, Vec::new());
    loop {
        bytes.clear();
        if file.read_until(b'\n', &mut bytes).map_err(ApiError::internal)? == 0 {
            return Ok(());
        }
        line += 1;
        let text = bytes.strip_prefix("\u{feff}".as_bytes()).filter(|_| line == 1).unwrap_or(&bytes);
        if text.trim_ascii().is_empty() {
            continue;
        }
        let found = match serde_json::from_slice(text) {
            Ok(value) => of_value(line, value),
            Err(error) => Found::broken(line, ApiError::NotJson(error.to_string())),
        };
        if each(found).is_break() {
            return Ok(());
        }
    }
}

fn array(file: &mut File, each: Each<'_>) -> Result<()> {
    // All of it is looked at first, so that nothing is done of what ends in the middle.
    let not_json = |error: serde_json::Error| ApiError::NotJson(error.to_string());
    serde_json::from_reader::<_, Vec<IgnoredAny>>(BufReader::new(&mut *file)).map_err(not_json)?;
    file.rewind().map_err(ApiError::internal)?;
    let mut reader = serde_json::Deserializer::from_reader(BufReader::new(file));
    Elements(each).deserialize(&mut reader).map_err(not_json)
}

struct Elements<'a>(Each<'a>);

impl<'de> DeserializeSeed<'de> for Elements<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Elements<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        let (mut number, mut goes_on) = (0, true);
        // To its end, or the rest would be an error.
        while let Some(value) = elements.next_element::<Value>()? {
            number += 1;
            goes_on = goes_on && (self.0)(of_value(number, value)).is_continue();
        }
        Ok(())
    }
}

fn table(
    file: &mut File,
    named: Option<&'static Encoding>,
    columns: &[Column],
    each: Each<'_>,
) -> Result<()> {
    let encoding = match named {
        Some(encoding) if encoding == UTF_8 && !is_utf8(file)? => {
            return Err(ApiError::invalid(Code::Invalid.of_header("Content-Type")));
        }
        Some(encoding) => encoding,
        None if is_utf8(file)? => UTF_8,
        // As Excel writes where it was not asked for UTF-8.
        None => WINDOWS_1252,
    };
    let header = first_line(decoded(file, encoding)?)?;
    let (delimiter, named_by_excel) = delimiter(&header);
    let mut text = BufReader::new(decoded(file, encoding)?);
    if named_by_excel {
        text.read_line(&mut String::new()).map_err(ApiError::internal)?;
    }
    // The reader thinks that a row begins with the line feed that ends the one before it.
    let before = u64::from(named_by_excel) + u64::from(header.ends_with("\r\n"));
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text);
    let unreadable = |error: csv::Error| ApiError::invalid(Code::BadFormat.expecting("", error));
    let named = columns::named(reader.headers().map_err(unreadable)?, columns)?;
    let mut cells = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut cells) {
            Ok(false) => return Ok(()),
            Ok(true) if cells.iter().all(|cell| cell.trim().is_empty()) => continue,
            Ok(true) => {
                let line = cells.position().map_or(0, csv::Position::line) + before;
                if each(of_cells(line, &cells, &named)).is_break() {
                    return Ok(());
                }
            }
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line) + before;
                if each(Found::broken(line, unreadable(error))).is_break() {
                    return Ok(());
                }
            }
        }
    }
}

fn decoded(file: &mut File, encoding: &'static Encoding) -> Result<impl Read> {
    file.rewind().map_err(ApiError::internal)?;
    let file = file.try_clone().map_err(ApiError::internal)?;
    // A byte order mark says more than anybody.
    Ok(DecodeReaderBytesBuilder::new().encoding(Some(encoding)).bom_override(true).build(file))
}

fn is_utf8(file: &mut File) -> Result<bool> {
    file.rewind().map_err(ApiError::internal)?;
    let (mut file, mut line) = (BufReader::new(file), Vec::new());
    loop {
        line.clear();
        if file.read_until(b'\n', &mut line).map_err(ApiError::internal)? == 0 {
            return Ok(true);
        }
        if std::str::from_utf8(&line).is_err() {
            return Ok(false);
        }
    }
}

fn first_line(text: impl Read) -> Result<String> {
    let mut line = String::new();
    BufReader::new(text).read_line(&mut line).map_err(ApiError::internal)?;
    Ok(line)
}

/// The one that stands the most often in the header; or as Excel's own first line `sep=;` has it.
fn delimiter(header: &str) -> (u8, bool) {
    let said =
        header.trim_start_matches('\u{feff}').strip_prefix("sep=").and_then(|rest| rest.bytes().next());
    let often = |delimiter: &u8| header.bytes().filter(|byte| byte == delimiter).count();
    let oftenest = || *[b',', b';', b'\t'].iter().max_by_key(|one| often(one)).unwrap_or(&b',');
    (said.unwrap_or_else(oftenest), said.is_some())
}

fn of_cells(line: u64, cells: &csv::StringRecord, named: &[Option<Column>]) -> Found {
    let mut said = Map::new();
    for (column, cell) in named.iter().zip(cells).filter_map(|(column, cell)| Some((column.as_ref()?, cell)))
    {
        column.put(cell, &mut said);
    }
    columns::without_empty_objects(&mut said);
    let beyond = cells.iter().skip(named.len()).any(|cell| !cell.trim().is_empty());
    let mut found = of_object(line, said);
    if beyond || cells.len() < named.len() {
        // Which cell is which is not to be guessed.
        found.error = Some(ApiError::invalid(
            Code::WrongCells.expecting("", format!("{} / {}", cells.len(), named.len())),
        ));
    }
    found
}

fn of_value(line: u64, value: Value) -> Found {
    match value {
        Value::Object(said) => of_object(line, said),
        _ => Found::broken(line, ApiError::invalid(Code::WrongType.expecting("", "object"))),
    }
}

fn of_object(line: u64, mut said: Map<String, Value>) -> Found {
    let pointer = format!("/{EXTERNAL_ID}");
    let (external_id, error) = match said.remove(EXTERNAL_ID) {
        None | Some(Value::Null) => (None, Some(Code::Required.at(pointer))),
        Some(Value::String(id)) if id.chars().count() > 200 => {
            (Some(id), Some(Code::TooLong.expecting(pointer, 200)))
        }
        Some(Value::String(id)) if !single_line::is_valid(&id) => {
            (Some(id), Some(Code::BadFormat.expecting(pointer, "single_line")))
        }
        Some(Value::String(id)) => (Some(id), None),
        Some(_) => (None, Some(Code::WrongType.expecting(pointer, "string"))),
    };
    // A row has one id, its own; the record's others are not its to say.
    let error =
        error.or_else(|| said.contains_key("external_ids").then(|| Code::Unknown.at("/external_ids")));
    let value = Value::Object(said);
    let error = error.map(ApiError::invalid).or_else(|| json::keepable(&value).err());
    let Value::Object(said) = value else {
        return Found::broken(line, ApiError::internal("an object is one"));
    };
    Found { line, external_id, said, error }
}

impl Found {
    fn broken(line: u64, error: ApiError) -> Self {
        Self { line, external_id: None, said: Map::new(), error: Some(error) }
    }
}
