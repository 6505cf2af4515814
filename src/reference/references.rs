//! Whether what lists say of each other is so.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::{
    faults::{Fault, Wrong},
    form::List,
    row::Row,
};

/// Values that occur nowhere in the list to which their column refers.
pub fn dangling(lists: &[(&'static List, &[Row])]) -> Vec<Fault> {
    let mut known: HashMap<(&str, &str), HashSet<&str>> = HashMap::new();
    let columns = lists.iter().flat_map(|(list, _)| list.all_columns());
    for (list, column) in columns.filter_map(|column| column.refers) {
        let rows = lists.iter().filter(|(other, _)| other.name == list.name).flat_map(|(_, rows)| *rows);
        known.entry((list.name, column)).or_insert_with(|| rows.flat_map(|row| texts(row, column)).collect());
    }
    let mut faults = Vec::new();
    for (list, rows) in lists {
        for (column, (target, of)) in list.all_columns().filter_map(|column| Some((column, column.refers?))) {
            let known = known.get(&(target.name, of));
            let unknown = |text: &&str| known.is_none_or(|known| !known.contains(text));
            for row in *rows {
                faults.extend(texts(row, column.name).filter(unknown).map(|text| Fault {
                    list: list.name,
                    line: row.line,
                    column: Some(column.name.to_owned()),
                    wrong: Wrong::RefersToNothing { text: text.to_owned(), list: target.name },
                }));
            }
        }
    }
    faults
}

/// The codes in a cell: none, one, or several where the column is a list of codes.
fn texts<'a>(row: &'a Row, column: &str) -> impl Iterator<Item = &'a str> {
    let cell = row.data.get(column);
    let several = cell.and_then(Value::as_array).into_iter().flatten();
    cell.and_then(Value::as_str).into_iter().chain(several.filter_map(Value::as_str))
}
