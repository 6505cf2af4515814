//! `docs/reference.md` says what lists there are, as the code declares them.

use std::{env, fmt::Write, fs};

use seribu::reference::{Column, Kind, List, Reference, lists};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/reference.md");

const HEAD: &str = "\
# Reference data

Lists that the law or the programme sets, each row with its source. The files stand in `reference/` and are part of
the program; `seribu reference load <file>` puts another file in the place of one of them, in the same form, without
a release. `GET /v1/reference/<list>` serves them to anyone.

A file is CSV in UTF-8 with `,` or `;` between the cells and its columns in any order. A label has two columns,
`…_id` and `…_en`; a list of codes has spaces between them; a column in brackets may be empty. Each list also has
`source` (where the row comes from) and `mark`: `verified` (read in a published source), `news` (read in news or
secondary pages only), `general` (general knowledge) or `own` (a decision of the programme). A dated list has
`valid_from` and `valid_to`, the first and last day on which a row holds, empty where that end is open or was not
found; no two rows of one key hold on the same day. Rows are kept when they end, so that records keep their meaning.

This page is made from the declarations in `src/reference/lists`: `UPDATE=1 cargo test --test it reference_table`.
";

fn kind(column: &Column) -> String {
    match column.kind {
        Kind::Text => "text".to_owned(),
        Kind::Code => "code".to_owned(),
        Kind::Codes => "codes".to_owned(),
        Kind::Digits(count) => format!("{count} digits"),
        Kind::OneOf(words) => format!("`{}`", words.join("` `")),
        Kind::Number(most) if most <= 10_000 => format!("whole number to {most}"),
        Kind::Number(_) => "whole number".to_owned(),
        Kind::YesNo => "`yes` `no`".to_owned(),
        Kind::Date => "date".to_owned(),
        Kind::Label => "label".to_owned(),
        Kind::ProperName => "proper name".to_owned(),
    }
}

fn section(list: &List, rows: usize) -> String {
    let List { name, about, key, dated, columns, .. } = list;
    let dated = if *dated { ", dated" } else { "" };
    let mut page = format!("\n## {name}\n{about}.\n\n{rows} rows by `{}`{dated}.\n\n", key.join("` `"));
    page.push_str("| column | holds | occurs in |\n|---|---|---|\n");
    for column in *columns {
        let name = if column.optional { format!("[{}]", column.name) } else { column.name.to_owned() };
        let target = column.refers.map_or(String::new(), |(list, of)| format!("{} `{of}`", list.name));
        writeln!(page, "| {name} | {} | {target} |", kind(column)).unwrap();
    }
    page
}

#[test]
fn the_committed_reference_table_is_current() {
    let reference = Reference::shipped().unwrap();
    let sections = lists::ALL.iter().map(|list| section(list, reference.all_rows(list).len()));
    let current = format!("{HEAD}{}", sections.collect::<String>());
    if env::var("UPDATE").is_ok() {
        fs::write(PAGE, &current).unwrap();
    }
    let committed = fs::read_to_string(PAGE).unwrap_or_default();
    assert_eq!(committed, current, "run: UPDATE=1 cargo test --test it reference_table");
}
