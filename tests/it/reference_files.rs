//! The files in `reference/`: their form, and the places of the city.

use std::{collections::BTreeSet, fs};

use seribu::reference::{List, Reference, Row, lists, parse};

pub fn shipped() -> Reference {
    Reference::shipped().unwrap_or_else(|faults| {
        let said: Vec<_> = faults.iter().map(ToString::to_string).collect();
        panic!("{}", said.join("\n"))
    })
}

pub fn text<'a>(row: &'a Row, column: &str) -> &'a str {
    row.data[column].as_str().unwrap_or_default()
}

pub fn column(list: &'static List, name: &str) -> BTreeSet<String> {
    shipped().all_rows(list).iter().map(|row| text(row, name).to_owned()).collect()
}

#[test]
fn every_file_is_declared_and_every_declaration_has_its_file() {
    let folder = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/reference")).unwrap();
    let found = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let found: BTreeSet<_> = found.filter(|name| name.ends_with(".csv")).collect();
    let declared: BTreeSet<_> = lists::ALL.iter().map(|list| list.file_name()).collect();
    assert_eq!(found, declared);
    assert!(lists::ALL.is_sorted_by_key(|list| list.name));
    assert!(
        lists::ALL.iter().all(|list| lists::find(list.name).is_some_and(|found| found.name == list.name))
    );
    assert!(lists::find("service_targets").is_none());
}

#[test]
fn the_files_are_plain_and_in_the_declared_order() {
    shipped();
    for list in lists::ALL {
        assert!(!list.shipped.contains('\r') && list.shipped.ends_with('\n'), "{}", list.name);
        let header = list.headers().collect::<Vec<_>>().join(",");
        assert_eq!(list.shipped.lines().next(), Some(header.as_str()), "{}", list.name);
        assert!(list.key.iter().all(|key| list.headers().any(|header| header == *key)), "{}", list.name);
    }
}

#[test]
fn a_spreadsheets_way_of_saving_changes_nothing() {
    for list in lists::ALL {
        let mut saved = csv::WriterBuilder::new()
            .delimiter(b';')
            .terminator(csv::Terminator::CRLF)
            .from_writer("\u{feff}".as_bytes().to_vec());
        let mut plain = csv::ReaderBuilder::new().has_headers(false).from_reader(list.shipped.as_bytes());
        for record in plain.records() {
            let cells: Vec<String> = record.unwrap().iter().map(str::to_owned).collect();
            saved.write_record(cells.iter().rev()).unwrap();
        }
        saved.write_record(list.headers().map(|_| "")).unwrap();
        let saved = parse(list, &saved.into_inner().unwrap());
        assert!(saved.faults.is_empty(), "{}", saved.faults[0]);
        assert!(saved.rows == parse(list, list.shipped.as_bytes()).rows, "{}", list.name);
    }
}

#[test]
fn no_text_points_to_a_page_that_is_not_there() {
    for list in lists::ALL {
        for name in [".md", ".csv", ".json"] {
            assert!(!list.shipped.contains(name), "{} names a file {name}", list.name);
        }
    }
}

#[test]
fn the_city_has_7_districts_and_54_villages() {
    let (districts, villages) = (column(&lists::DISTRICTS, "code"), column(&lists::VILLAGES, "code"));
    assert_eq!((districts.len(), villages.len()), (7, 54));
    for village in shipped().all_rows(&lists::VILLAGES) {
        assert!(village.key.starts_with(&format!("{}.1", text(village, "district_code"))), "{}", village.key);
    }
    assert_eq!(column(&lists::DISTRICTS_BPS_CROSSWALK, "district_code"), districts);
    assert_eq!(column(&lists::DISTRICTS_BPS_CROSSWALK, "bps_code").len(), 7);
    assert_eq!(column(&lists::VILLAGE_POSTAL_CODES, "village_code"), villages);
}

#[test]
fn an_alias_means_one_village_of_its_district() {
    let reference = shipped();
    let plain = |name: &str| name.to_lowercase().replace(' ', "");
    let mut known = BTreeSet::new();
    for village in reference.all_rows(&lists::VILLAGES) {
        let name = plain(village.data["name"]["id"].as_str().unwrap());
        assert!(known.insert((text(village, "district_code"), name)), "{}", village.key);
    }
    for alias in reference.all_rows(&lists::VILLAGE_ALIASES) {
        let district = text(alias, "village_code").rsplit_once('.').unwrap().0;
        let own = reference.village(text(alias, "village_code"), "2026-11-24".parse().unwrap()).unwrap().name;
        let name = plain(text(alias, "alias"));
        assert!(name == plain(own) || known.insert((district, name)), "{}", alias.key);
    }
}

#[test]
fn neighbours_are_pairs_that_join_the_whole_city() {
    let reference = shipped();
    let pairs = reference.all_rows(&lists::DISTRICT_NEIGHBOURS).iter();
    let pairs: Vec<_> = pairs.map(|row| (text(row, "district_code"), text(row, "neighbour_code"))).collect();
    assert!(pairs.iter().all(|(low, high)| low < high));
    let mut reached = BTreeSet::from(["36.74.01"]);
    for _ in 0..7 {
        for (a, b) in &pairs {
            if reached.contains(a) || reached.contains(b) {
                reached.extend([a, b]);
            }
        }
    }
    assert_eq!(reached.len(), 7);
}
