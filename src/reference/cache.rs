//! All lists in memory, found by key and day.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::{
    cell,
    faults::{Fault, Wrong},
    form::List,
    lists,
    parse::parse,
    references,
    row::Row,
};
use crate::calendar::Calendar;

/// The lists as they were at one moment. It never changes: who replaces a list makes a new one.
pub struct Reference {
    tables: HashMap<&'static str, Table>,
    calendar: Calendar,
    loads: HashMap<&'static str, Load>,
}

/// When a list came into the database, and the how-manieth file it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    pub version: i64,
    pub loaded_at: DateTime<Utc>,
}

#[derive(Default)]
struct Table {
    rows: Vec<Row>,
    /// Each key's rows, the earliest first.
    by_key: HashMap<String, Vec<usize>>,
    /// Rows by every beginning of their key, in the order of the file: `reason-codes` by
    /// `enrollment` and by `enrollment/reject`.
    by_beginning: HashMap<String, Vec<usize>>,
}

impl Reference {
    /// The lists that the program carries.
    pub fn shipped() -> Result<Self, Vec<Fault>> {
        let files = lists::ALL.iter().map(|list| (*list, parse(list, list.shipped.as_bytes())));
        let (mut rows, mut faults) = (Vec::new(), Vec::new());
        for (list, parsed) in files {
            rows.push((list, parsed.rows));
            faults.extend(parsed.faults);
        }
        Self::unless(faults, rows)
    }

    /// From rows that were parsed before, each list once. A list without rows knows no code.
    pub fn new(rows: Vec<(&'static List, Vec<Row>)>) -> Result<Self, Vec<Fault>> {
        Self::unless(Vec::new(), rows)
    }

    /// With the rows of `file` in the place of the list's; refused also when other lists refer to a
    /// value that it no longer has.
    pub fn replacing(&self, list: &'static List, file: &[u8]) -> Result<Self, Vec<Fault>> {
        let parsed = parse(list, file);
        let others = lists::ALL.iter().filter(|other| other.name != list.name);
        let mut rows: Vec<_> = others.map(|other| (*other, self.all_rows(other).to_vec())).collect();
        rows.push((list, parsed.rows));
        Self::unless(parsed.faults, rows)
    }

    fn unless(mut faults: Vec<Fault>, rows: Vec<(&'static List, Vec<Row>)>) -> Result<Self, Vec<Fault>> {
        let seen: Vec<_> = rows.iter().map(|(list, rows)| (*list, rows.as_slice())).collect();
        // What refers to a broken row would be reported for it again.
        let broken: Vec<_> = faults.iter().map(|fault| fault.list).collect();
        faults.extend(references::dangling(&seen).into_iter().filter(
            |fault| !matches!(fault.wrong, Wrong::RefersToNothing { list, .. } if broken.contains(&list)),
        ));
        if !faults.is_empty() {
            return Err(faults);
        }
        let tables: HashMap<_, _> =
            rows.into_iter().map(|(list, rows)| (list.name, Table::new(rows))).collect();
        let holidays = tables.get(lists::HOLIDAYS.name).map(|table| table.rows.as_slice());
        let calendar = Calendar::new(holidays.into_iter().flatten().filter_map(|row| cell::date(&row.key)));
        Ok(Self { tables, calendar, loads: HashMap::new() })
    }

    /// As it stands in a database.
    pub fn loaded(self, loads: HashMap<&'static str, Load>) -> Self {
        Self { loads, ..self }
    }

    pub fn load_of(&self, list: &List) -> Load {
        self.loads.get(list.name).copied().unwrap_or_default()
    }

    /// Grows with each list that is replaced.
    pub fn version(&self) -> i64 {
        self.loads.values().map(|load| load.version).sum()
    }

    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// Whether a row with this key (its parts joined by `/`) holds on that day.
    pub fn is_valid(&self, list: &List, key: &str, on: NaiveDate) -> bool {
        self.row(list, key, on).is_some()
    }

    pub fn row(&self, list: &List, key: &str, on: NaiveDate) -> Option<&Row> {
        self.versions(list, key).find(|row| row.in_force(on))
    }

    /// All rows of a key, whatever the day, the earliest first.
    pub fn versions(&self, list: &List, key: &str) -> impl DoubleEndedIterator<Item = &Row> {
        let table = self.tables.get(list.name);
        let found = table.and_then(|table| table.by_key.get(key));
        found.into_iter().flatten().filter_map(move |at| table?.rows.get(*at))
    }

    /// The rows that hold on that day, in the order of the file.
    pub fn rows(&self, list: &List, on: NaiveDate) -> impl Iterator<Item = &Row> {
        self.all_rows(list).iter().filter(move |row| row.in_force(on))
    }

    /// The rows of every time, in the order of the file.
    pub fn all_rows(&self, list: &List) -> &[Row] {
        self.tables.get(list.name).map_or(&[], |table| &table.rows)
    }

    /// The rows that hold on that day and whose key begins with these parts.
    pub(super) fn under<'a>(
        &'a self,
        list: &List,
        beginning: &[&str],
        on: NaiveDate,
    ) -> impl Iterator<Item = &'a Row> + use<'a> {
        let table = self.tables.get(list.name);
        let found = table.and_then(|table| table.by_beginning.get(&beginning.join("/")));
        let rows = found.into_iter().flatten().filter_map(move |at| table?.rows.get(*at));
        rows.filter(move |row| row.in_force(on))
    }

    /// The row as a type of its own. Its fields are columns of the list, so that reading never fails
    /// on what `parse` let through.
    pub(super) fn read<'a, T: Deserialize<'a>>(&'a self, list: &List, key: &str, on: NaiveDate) -> Option<T> {
        T::deserialize(&self.row(list, key, on)?.data).ok()
    }
}

impl Table {
    fn new(mut rows: Vec<Row>) -> Self {
        rows.sort_by_key(|row| row.line);
        let mut table = Self::default();
        for (at, row) in rows.iter().enumerate() {
            table.by_key.entry(row.key.clone()).or_default().push(at);
            for (end, _) in row.key.match_indices('/') {
                let beginning = row.key.get(..end).unwrap_or_default();
                table.by_beginning.entry(beginning.to_owned()).or_default().push(at);
            }
        }
        for versions in table.by_key.values_mut() {
            versions.sort_by_key(|at| rows.get(*at).and_then(|row| row.valid_from));
        }
        table.rows = rows;
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipped() -> Reference {
        Reference::shipped().unwrap_or_else(|faults| panic!("{faults:?}"))
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn refusals(list: &'static List, from: &str, to: &str) -> Vec<String> {
        assert!(list.shipped.contains(from));
        let changed = list.shipped.replace(from, to);
        let faults = shipped().replacing(list, changed.as_bytes()).err().unwrap_or_default();
        faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn it_is_shared_between_threads() {
        fn shareable<T: Send + Sync>() {}
        shareable::<Reference>();
    }

    #[test]
    fn a_key_holds_as_a_whole_and_on_its_days() {
        let reference = shipped();
        let valid = |list, key, on| reference.is_valid(list, key, day(on));
        assert!(valid(&lists::SUBSECTORS, "kuliner", "2026-11-24"));
        assert!(!valid(&lists::SUBSECTORS, "culinary", "2026-11-24"));
        assert!(!valid(&lists::REASON_CODES, "enrollment/reject", "2026-11-24"));
        assert!(valid(&lists::FINANCING_SCHEMES, "bpum", "2021-12-31"));
        assert!(!valid(&lists::FINANCING_SCHEMES, "bpum", "2022-01-01"));
        let versions = reference.versions(&lists::SIZE_CLASSES, "annual_sales/micro");
        let rules: Vec<_> = versions.map(|row| row.data["rule"].clone()).collect();
        assert_eq!(rules, ["UU20/2008", "PP7/2021"]);
        let in_force = reference.rows(&lists::SIZE_CLASSES, day("2026-11-24")).count();
        assert_eq!((in_force, reference.all_rows(&lists::SIZE_CLASSES).len()), (8, 16));
    }

    #[test]
    fn a_replaced_list_changes_what_holds_and_nothing_else() {
        let longer = lists::SERVICE_TARGETS
            .shipped
            .replace("hand_over,target,open,take,3", "hand_over,target,open,take,4");
        let reference = shipped().replacing(&lists::SERVICE_TARGETS, longer.as_bytes());
        let reference = reference.unwrap_or_else(|faults| panic!("{faults:?}"));
        let target = reference.service_target("hand_over_take", day("2026-11-24"));
        assert_eq!(target.map(|target| target.days), Some(4));
        assert_eq!(reference.all_rows(&lists::VILLAGES), shipped().all_rows(&lists::VILLAGES));
        let extra =
            format!("{}2026-12-31,national,Libur,Day off,SKB,2026-12-01,own,own,\n", lists::HOLIDAYS.shipped);
        let reference = shipped().replacing(&lists::HOLIDAYS, extra.as_bytes());
        let reference = reference.unwrap_or_else(|faults| panic!("{faults:?}"));
        assert!(!reference.calendar().is_working_day(day("2026-12-31")));
    }

    #[test]
    fn what_refers_to_nothing_is_refused_from_either_side() {
        let outward = refusals(&lists::VILLAGE_ALIASES, "36.74.07.1003", "36.74.07.1007");
        assert_eq!(
            outward,
            ["village-aliases, line 8, village_code: \"36.74.07.1007\" is not in the list villages"]
        );
        let inward = refusals(&lists::SUBSECTORS, "kriya", "kerajinan");
        assert!(inward.contains(
            &"product-categories, line 5, subsector: \"kriya\" is not in the list subsectors".to_owned()
        ));
        let in_a_list_of_codes = refusals(&lists::CERTIFICATION_KINDS, "cosmetic textile", "cosmetic paper");
        assert_eq!(
            in_a_list_of_codes,
            [
                "certification-kinds, line 4, product_categories: \"paper\" is not in the list product-categories"
            ]
        );
    }

    #[test]
    fn a_broken_row_is_reported_once_and_not_by_what_refers_to_it() {
        let said = refusals(&lists::DISTRICTS, "36.74.07,Setu", "36.74.07,");
        assert_eq!(said, ["districts, line 8, name: is empty"]);
    }

    #[test]
    fn a_list_that_is_missing_is_missed() {
        let villages = parse(&lists::VILLAGES, lists::VILLAGES.shipped.as_bytes()).rows;
        assert_eq!(
            Reference::new(vec![(&lists::VILLAGES, villages)]).err().map(|faults| faults.len()),
            Some(54)
        );
    }
}
