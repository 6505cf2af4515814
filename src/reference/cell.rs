//! From the text of a cell to a value in JSON.

use std::str::FromStr;

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::{
    faults::Wrong,
    form::{Column, Kind},
};

/// The value of `column` in a row whose cells `cell` finds by header; what is wrong goes to `wrong`.
/// Nothing is said of a header that the file lacks: that is one fault of its first line.
pub fn read<'a>(
    column: &Column,
    cell: impl Fn(&str) -> Option<&'a str>,
    mut wrong: impl FnMut(String, Wrong),
) -> Option<Value> {
    let mut texts = Vec::new();
    for header in column.headers() {
        let text = cell(&header)?;
        match plain(text) {
            Ok(()) => texts.push((header, text)),
            Err(why) => wrong(header, why),
        }
    }
    let read = match texts.as_slice() {
        [(header, text)] if column.kind != Kind::Label => one(column, header, text),
        [id, en] => pair(column, id, en),
        _ => return None,
    };
    read.map_err(|(header, why)| wrong(header, why)).ok()
}

pub fn date(text: &str) -> Option<NaiveDate> {
    // The parser alone would take `2026-1-5` as well.
    NaiveDate::from_str(text).ok().filter(|date| date.to_string() == text)
}

fn plain(text: &str) -> Result<(), Wrong> {
    match () {
        () if text.trim() != text => Err(Wrong::SpacesAround),
        () if text.contains(char::is_control) => Err(Wrong::ControlCharacter),
        () => Ok(()),
    }
}

fn one(column: &Column, header: &str, text: &str) -> Result<Value, (String, Wrong)> {
    match (text, column.optional) {
        ("", true) => Ok(Value::Null),
        ("", false) => Err((header.to_owned(), Wrong::Empty)),
        _ => value(column.kind, text).map_err(|why| (header.to_owned(), why)),
    }
}

fn pair(
    column: &Column,
    (id_header, id): &(String, &str),
    (en_header, en): &(String, &str),
) -> Result<Value, (String, Wrong)> {
    match (id.is_empty(), en.is_empty()) {
        (false, false) => Ok(json!({ "id": id, "en": en })),
        (true, true) if column.optional => Ok(Value::Null),
        (true, true) => Err((id_header.clone(), Wrong::Empty)),
        (true, false) => Err((id_header.clone(), Wrong::OneLanguage)),
        (false, true) => Err((en_header.clone(), Wrong::OneLanguage)),
    }
}

fn value(kind: Kind, text: &str) -> Result<Value, Wrong> {
    let given = || text.to_owned();
    match kind {
        Kind::Text | Kind::Label => Ok(json!(text)),
        Kind::ProperName => Ok(json!({ "id": text, "en": text })),
        Kind::Code if is_code(text) => Ok(json!(text)),
        Kind::Codes if text.split(' ').all(is_code) => Ok(text.split(' ').collect()),
        Kind::Code | Kind::Codes => Err(Wrong::NotACode(given())),
        Kind::Digits(count) if text.len() == count && all_digits(text) => Ok(json!(text)),
        Kind::Digits(count) => Err(Wrong::NotDigits { text: given(), count }),
        Kind::OneOf(words) if words.contains(&text) => Ok(json!(text)),
        Kind::OneOf(words) => Err(Wrong::NotOneOf { text: given(), words: words.join(" ") }),
        Kind::Number(most) => match text.parse::<i64>() {
            Ok(number) if all_digits(text) && number <= most => Ok(json!(number)),
            _ => Err(Wrong::NotANumber { text: given(), most }),
        },
        Kind::YesNo if ["yes", "no"].contains(&text) => Ok(json!(text == "yes")),
        Kind::YesNo => Err(Wrong::NotYesNo(given())),
        Kind::Date => date(text).map(|_| json!(text)).ok_or_else(|| Wrong::NotADate(given())),
    }
}

fn is_code(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "_.:-".contains(c))
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}
