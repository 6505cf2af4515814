//! From the bytes of a file to rows, with everything that is wrong in it.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{
    cell,
    faults::{Fault, Wrong},
    form::List,
    lines::{Lines, line_number},
    row::Row,
};

/// The sound rows, and what is wrong with the others.
pub struct Parsed {
    pub rows: Vec<Row>,
    pub faults: Vec<Fault>,
}

/// Reads CSV in UTF-8, with or without a byte order mark, with `,` or `;` between cells and the columns in
/// any order. What refers to other lists is not looked at here.
pub fn parse(list: &'static List, file: &[u8]) -> Parsed {
    let mut sheet = Sheet { list, header: Vec::new(), faults: Vec::new() };
    let rows = match std::str::from_utf8(file) {
        Ok(text) => sheet.read(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => {
            let sound = file.get(..error.valid_up_to()).unwrap_or_default();
            let line = 1 + sound.iter().filter(|byte| **byte == b'\n').count();
            sheet.fault(line_number(line), None, Wrong::NotUtf8);
            Vec::new()
        }
    };
    sheet.compare(&rows);
    sheet.faults.sort_by_key(|fault| fault.line);
    Parsed { rows, faults: sheet.faults }
}

struct Sheet {
    list: &'static List,
    header: Vec<String>,
    faults: Vec<Fault>,
}

impl Sheet {
    fn fault(&mut self, line: i32, column: impl Into<Option<String>>, wrong: Wrong) {
        self.faults.push(Fault { list: self.list.name, line, column: column.into(), wrong });
    }

    fn read(&mut self, text: &str) -> Vec<Row> {
        let header = text.lines().next().unwrap_or_default();
        let delimiter = if header.contains(';') { b';' } else { b',' };
        let mut reader = csv::ReaderBuilder::new();
        reader.delimiter(delimiter).flexible(true);
        let mut reader = reader.from_reader(text.as_bytes());
        match reader.headers() {
            Ok(header) => self.header = header.iter().map(str::to_owned).collect(),
            Err(error) => self.fault(1, None, Wrong::Unreadable(error.to_string())),
        }
        self.check_header();
        let lines = Lines::of(text);
        let mut rows = Vec::new();
        for record in reader.records() {
            match record {
                // What a spreadsheet leaves behind below the last row.
                Ok(record) if record.iter().all(str::is_empty) => {}
                Ok(record) => rows.extend(self.row(lines.of_record(&record), &record)),
                Err(error) => self.fault(1, None, Wrong::Unreadable(error.to_string())),
            }
        }
        if rows.is_empty() && self.faults.is_empty() {
            self.fault(1, None, Wrong::NoRows);
        }
        rows
    }

    fn check_header(&mut self) {
        let expected: Vec<String> = self.list.headers().collect();
        let found = self.header.clone();
        for header in expected.iter().filter(|header| !found.contains(header)) {
            self.fault(1, header.clone(), Wrong::MissingColumn);
        }
        for (at, header) in found.iter().enumerate() {
            if found.iter().take(at).any(|before| before == header) {
                self.fault(1, header.clone(), Wrong::RepeatedColumn);
            } else if !expected.contains(header) {
                self.fault(1, header.clone(), Wrong::UnknownColumn);
            }
        }
    }

    /// `None` when anything in it is wrong.
    fn row(&mut self, line: i32, record: &csv::StringRecord) -> Option<Row> {
        let (found, expected) = (record.len(), self.header.len());
        if found != expected {
            self.fault(line, None, Wrong::Cells { found, expected });
            return None;
        }
        let header = std::mem::take(&mut self.header);
        let cell = |name: &str| header.iter().position(|header| header == name).and_then(|at| record.get(at));
        let mut data = Some(Map::new());
        for column in self.list.all_columns() {
            let value = cell::read(column, cell, |header, wrong| self.fault(line, header, wrong));
            data = data.zip(value).map(|(mut data, value)| {
                data.insert(column.name.to_owned(), value);
                data
            });
        }
        let key = self.list.key.iter().map(|header| cell(header).unwrap_or_default());
        let key = key.collect::<Vec<_>>().join("/");
        self.header = header;
        self.assemble(line, key, data?)
    }

    fn assemble(&mut self, line: i32, key: String, mut data: Map<String, Value>) -> Option<Row> {
        let mut take = |name: &str| data.remove(name).and_then(|value| value.as_str().map(str::to_owned));
        let (from, to, source) = (take("valid_from"), take("valid_to"), take("source")?);
        let [valid_from, valid_to] = [from, to].map(|text| cell::date(&text?));
        if valid_from.zip(valid_to).is_some_and(|(from, to)| to < from) {
            self.fault(line, "valid_to".to_owned(), Wrong::EndsBeforeItStarts);
            return None;
        }
        Some(Row { line, key, valid_from, valid_to, source, data: Value::Object(data) })
    }

    /// No two rows of one key hold on the same day.
    fn compare(&mut self, rows: &[Row]) {
        let mut by_key: HashMap<&str, Vec<&Row>> = HashMap::new();
        for row in rows {
            let before = by_key.entry(&row.key).or_default();
            if let Some(twin) = before.iter().find(|twin| twin.valid_from == row.valid_from) {
                self.fault(row.line, self.list.key.join(", "), Wrong::KeyRepeated { line: twin.line });
            } else if let Some(other) = before.iter().find(|other| row.shares_a_day_with(other)) {
                self.fault(row.line, "valid_from".to_owned(), Wrong::Overlaps { line: other.line });
            }
            before.push(row);
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::reference::form::{
        code, codes, date, digits, label, number, one_of, proper_name, up_to, yes_no,
    };

    static PAINTS: List = List {
        name: "paints",
        about: "",
        about_id: "",
        key: &["code"],
        dated: true,
        columns: &[
            code("code"),
            label("name"),
            label("hint").optional(),
            proper_name("maker"),
            digits("tint", 2),
            one_of("finish", &["matt", "gloss"]),
            number("price").optional(),
            up_to(9, "coats").optional(),
            yes_no("toxic"),
            codes("goes_with").optional(),
            date("mixed_on"),
        ],
        shipped: "",
    };

    const HEADER: &str = "code,name_id,name_en,hint_id,hint_en,maker,tint,finish,price,coats,toxic,goes_with,mixed_on,\
                          valid_from,valid_to,source,mark\n";
    const RED: &str = "red,merah,red,,,Ani,07,matt,12,,no,blue green,2026-01-31,2026-02-01,,own,own\n";

    fn faults(file: &[u8]) -> Vec<String> {
        parse(&PAINTS, file).faults.iter().map(ToString::to_string).collect()
    }

    /// What is said of a file whose only row is `RED` with one text in the place of another.
    fn faults_of_red(from: &str, to: &str) -> Vec<String> {
        assert!(RED.contains(from));
        faults(format!("{HEADER}{}", RED.replacen(from, to, 1)).as_bytes())
    }

    #[test]
    fn a_row_becomes_json_of_the_declared_types() {
        let parsed = parse(&PAINTS, format!("{HEADER}{RED}").as_bytes());
        assert_eq!(parsed.faults, []);
        let [row] = parsed.rows.as_slice() else { panic!("{} rows", parsed.rows.len()) };
        assert_eq!((row.line, row.key.as_str(), row.source.as_str()), (2, "red", "own"));
        assert_eq!((row.valid_from, row.valid_to), (NaiveDate::from_ymd_opt(2026, 2, 1), None));
        let expected = json!({
            "code": "red", "name": { "id": "merah", "en": "red" }, "hint": null,
            "maker": { "id": "Ani", "en": "Ani" }, "tint": "07", "finish": "matt", "price": 12, "coats": null,
            "toxic": false, "goes_with": ["blue", "green"], "mixed_on": "2026-01-31", "mark": "own",
        });
        assert_eq!(row.data, expected);
    }

    #[test]
    fn each_fault_of_a_cell_is_named_with_line_and_column() {
        for (from, to, said) in [
            ("red,", ",", "code: is empty"),
            ("red,", "dark red,", "code: \"dark red\" is no code: letters, digits and _ . : - only"),
            ("merah,red", "merah,", "name_en: is there in the other language only"),
            ("merah,red", ",red", "name_id: is there in the other language only"),
            ("merah,red", ",", "name_id: is empty"),
            ("merah,", " merah,", "name_id: has spaces around it"),
            ("merah,", "\"me\trah\",", "name_id: has a line break or another control character in it"),
            (",07,", ",7,", "tint: \"7\" has not 2 digits"),
            (",matt,", ",dull,", "finish: \"dull\" is none of: matt gloss"),
            (",12,", ",-12,", "price: \"-12\" is no whole number from 0 to 9007199254740991"),
            (",12,", ",1.000,", "price: \"1.000\" is no whole number from 0 to 9007199254740991"),
            (
                ",12,",
                ",9007199254740992,",
                "price: \"9007199254740992\" is no whole number from 0 to 9007199254740991",
            ),
            (",12,,", ",12,10,", "coats: \"10\" is no whole number from 0 to 9"),
            (",no,", ",false,", "toxic: \"false\" is neither yes nor no"),
            (
                "blue green",
                "blue  green",
                "goes_with: \"blue  green\" is no code: letters, digits and _ . : - only",
            ),
            ("2026-01-31", "31/01/2026", "mixed_on: \"31/01/2026\" is no date of the form 2026-01-31"),
            ("2026-01-31", "2026-02-30", "mixed_on: \"2026-02-30\" is no date of the form 2026-01-31"),
            ("2026-02-01,", "2026-2-1,", "valid_from: \"2026-2-1\" is no date of the form 2026-01-31"),
            ("2026-02-01,", "2026-02-01,2026-01-31", "valid_to: is before valid_from"),
            (",own,own", ",,own", "source: is empty"),
            (",own,own", ",own,seen", "mark: \"seen\" is none of: verified news general own"),
        ] {
            assert_eq!(faults_of_red(from, to), [format!("paints, line 2, {said}")]);
        }
    }

    #[test]
    fn all_faults_of_a_file_come_at_once() {
        let file = format!("{HEADER}{}\n\n{RED}a,b\n", RED.trim().replace("merah", "").replace("12", "x"));
        let said = [
            "paints, line 2, name_id: is there in the other language only",
            "paints, line 2, price: \"x\" is no whole number from 0 to 9007199254740991",
            "paints, line 5: has 2 cells, the header has 17",
        ];
        assert_eq!(faults(file.as_bytes()), said);
    }

    #[test]
    fn the_header_has_each_column_once_and_no_other() {
        let said = [
            "paints, line 1, code: is missing",
            "paints, line 1, colour: is no column of this list",
            "paints, line 1, maker: stands twice in the header",
        ];
        let header = HEADER.replacen("code", "colour", 1).replacen("maker", "maker,maker", 1);
        assert_eq!(faults(header.as_bytes()), said);
        assert_eq!(faults(HEADER.as_bytes()), ["paints, line 1: has no rows"]);
        assert_eq!(faults(b"").len(), 17);
    }

    #[test]
    fn no_two_rows_of_a_key_hold_on_one_day() {
        let row = |from: &str, to: &str| RED.replace("2026-02-01,", &format!("{from},{to}"));
        let file = |rows: &[String]| format!("{HEADER}{}", rows.concat());
        let two = |a: (&str, &str), b: (&str, &str)| faults(file(&[row(a.0, a.1), row(b.0, b.1)]).as_bytes());
        assert!(two(("", "2026-01-31"), ("2026-02-01", "")).is_empty());
        assert!(two(("2026-02-01", ""), ("2025-01-01", "2026-01-31")).is_empty());
        let overlap = ["paints, line 3, valid_from: is valid on days on which line 2 is"];
        assert_eq!(two(("", "2026-02-01"), ("2026-02-01", "")), overlap);
        assert_eq!(two(("2026-02-01", ""), ("", "")), overlap);
        assert_eq!(two(("2026-02-01", "2026-02-02"), ("2026-01-01", "2026-03-01")), overlap);
        assert_eq!(two(("", ""), ("", "")), ["paints, line 3, code: repeats line 2"]);
    }

    #[test]
    fn bytes_that_are_no_text_are_named_by_line() {
        let file = [HEADER.as_bytes(), RED.as_bytes(), b"bl\xffue"].concat();
        assert_eq!(faults(&file), ["paints, line 3: is not UTF-8"]);
    }

    proptest! {
        #[test]
        fn no_file_makes_it_panic(rows in "([a-z0-9,;\"\r\n\u{feff} -]|matt|yes|2026-01-31){0,200}") {
            let parsed = parse(&PAINTS, format!("{HEADER}{rows}").as_bytes());
            prop_assert!(parsed.rows.is_empty() || parsed.rows.iter().all(|row| !row.key.is_empty()));
        }
    }
}
