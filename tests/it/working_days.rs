//! The holidays that were decreed, as deadlines meet them.

use chrono::NaiveDate;
use seribu::{calendar::Calendar, reference::Reference};

fn decreed() -> Calendar {
    Reference::shipped().unwrap().calendar().clone()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn idulfitri_2026_closes_the_offices_for_a_week() {
    let calendar = decreed();
    assert_eq!(calendar.add_working_days(day("2026-03-17"), 1), day("2026-03-25"));
    assert_eq!(calendar.add_working_days(day("2026-03-16"), 5), day("2026-03-30"));
}

#[test]
fn a_deadline_runs_over_new_year() {
    let calendar = decreed();
    assert_eq!(calendar.add_working_days(day("2026-12-23"), 1), day("2026-12-28"));
    assert_eq!(calendar.add_working_days(day("2026-12-31"), 1), day("2027-01-04"));
    assert_eq!(calendar.add_working_days(day("2027-01-04"), 1), day("2027-01-06"));
}

#[test]
fn nyepi_and_idulfitri_2027_fall_together() {
    let calendar = decreed();
    assert_eq!(calendar.add_working_days(day("2027-03-05"), 1), day("2027-03-16"));
}

#[test]
fn both_decreed_years_are_known_and_the_next_is_not() {
    let unknown = decreed().years_without_holidays(day("2025-12-31"), day("2028-01-01"));
    assert_eq!(unknown, [2025, 2028]);
}

#[test]
fn each_decreed_year_has_the_working_days_that_it_has() {
    let calendar = decreed();
    for (year, expected) in [("2026", 240), ("2027", 242)] {
        let days = day(&format!("{year}-01-01")).iter_days().take(365);
        assert_eq!(days.filter(|date| calendar.is_working_day(*date)).count(), expected, "{year}");
    }
}
