//! What the shipped lists promise beyond the form that is declared for them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate, Weekday};
use seribu::reference::{Row, lists};

use crate::reference_files::{column, shipped, text};

fn number(row: &Row, column: &str) -> Option<i64> {
    row.data[column].as_i64()
}

fn date(row: &Row, column: &str) -> NaiveDate {
    text(row, column).parse().unwrap()
}

/// The nine dimensions of the assessment.
const DIMENSIONS: [&str; 9] = [
    "administration",
    "bookkeeping",
    "business_plan",
    "finance_capital",
    "human_resources",
    "innovation_creativity",
    "legality",
    "marketing_digital",
    "production_standard",
];

#[test]
fn all_38_provinces_are_accepted_and_99_only_in_a_pilot() {
    let reference = shipped();
    let of = |status: &str| -> Vec<&Row> {
        let rows = reference.all_rows(&lists::PROVINCES).iter();
        rows.filter(|row| text(row, "status") == status).collect()
    };
    assert_eq!(of("current").len(), 38);
    assert_eq!(of("synthetic").iter().map(|row| row.key.as_str()).collect::<Vec<_>>(), ["99"]);
    for (status, prefix) in [("current", "accepted"), ("retired", "refused"), ("synthetic", "pilot_only")] {
        assert!(of(status).iter().all(|row| text(row, "nik_prefix") == prefix), "{status}");
    }
    for parent in reference.all_rows(&lists::PROVINCES).iter().map(|row| text(row, "split_from")) {
        assert!(parent.is_empty() || of("current").iter().any(|row| row.key == parent), "{parent}");
    }
}

#[test]
fn a_kbli_code_means_what_its_version_says() {
    let reference = shipped();
    let rows = reference.all_rows(&lists::KBLI_CREATIVE);
    let versions: BTreeMap<&str, usize> = rows.iter().fold(BTreeMap::new(), |mut counts, row| {
        *counts.entry(text(row, "version")).or_default() += 1;
        counts
    });
    assert_eq!(versions, BTreeMap::from([("2020", 123), ("2025", 114)]));
    for row in rows {
        let other = if text(row, "version") == "2020" { "2025" } else { "2020" };
        let twin = rows.iter().find(|twin| twin.key == format!("{other}/{}", text(row, "code")));
        match (text(row, "other_version"), twin) {
            ("same", Some(twin)) => {
                assert_eq!(twin.data["name"], row.data["name"], "{}", row.key);
                assert_eq!(text(twin, "other_version"), "same", "{}", row.key);
            }
            ("absent", Some(_)) => panic!("{} is there in the other version", row.key),
            ("differs", Some(twin)) => assert_eq!(text(twin, "other_version"), "differs", "{}", row.key),
            _ => {}
        }
        let label = row.data["name"]["id"].as_str().unwrap();
        assert!(
            !label.starts_with("Industri") && !label.starts_with("Aktivitas"),
            "{label}: an official title"
        );
    }
    assert_eq!(column(&lists::SUBSECTORS, "code").len(), 17);
    for subsector in column(&lists::SUBSECTORS, "code") {
        let used =
            |row: &Row| row.data["subsectors"].as_array().unwrap().iter().any(|code| code == &subsector);
        assert!(rows.iter().any(used), "{subsector}");
    }
}

#[test]
fn size_classes_leave_no_gap_and_no_end() {
    let reference = shipped();
    let mut bands: BTreeMap<(&str, &str), Vec<&Row>> = BTreeMap::new();
    for row in reference.all_rows(&lists::SIZE_CLASSES) {
        bands.entry((text(row, "rule"), text(row, "basis"))).or_default().push(row);
    }
    assert_eq!(bands.len(), 4);
    for (which, rows) in bands {
        let classes: Vec<_> = rows.iter().map(|row| text(row, "class")).collect();
        assert_eq!(classes, ["micro", "small", "medium", "large"], "{which:?}");
        let mut floor = None;
        for row in &rows {
            assert_eq!(number(row, "min_exclusive_idr"), floor, "{which:?}");
            floor = number(row, "max_inclusive_idr");
        }
        assert_eq!(floor, None, "{which:?}");
    }
}

#[test]
fn the_holidays_of_a_year_are_as_many_as_its_decree_counts() {
    let reference = shipped();
    let mut counts: BTreeMap<(i32, &str), usize> = BTreeMap::new();
    for row in reference.all_rows(&lists::HOLIDAYS) {
        let (day, kind) = (date(row, "date"), text(row, "kind"));
        *counts.entry((day.year(), kind)).or_default() += 1;
        assert!(date(row, "decree_date") < day, "{day}");
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        assert!(kind == "national" || !weekend, "{day}");
    }
    let leave = "collective_leave";
    let expected =
        [((2026, leave), 8), ((2026, "national"), 17), ((2027, leave), 8), ((2027, "national"), 18)];
    assert_eq!(counts, BTreeMap::from(expected));
}

#[test]
fn a_schemes_limits_and_rates_are_in_order() {
    for row in shipped().all_rows(&lists::FINANCING_SCHEMES) {
        let ordered =
            |low, high| number(row, low).zip(number(row, high)).is_none_or(|(low, high)| low <= high);
        assert!(
            ordered("min_exclusive_idr", "max_inclusive_idr") && ordered("rate_bps", "rate_max_bps"),
            "{}",
            row.key
        );
        assert_eq!(row.data["rate_bps"].is_null(), row.data["rate_max_bps"].is_null(), "{}", row.key);
    }
}

#[test]
fn a_document_has_an_amount_exactly_when_it_depends_on_one() {
    for row in shipped().all_rows(&lists::DOCUMENT_CHECKLISTS) {
        let depends = text(row, "required_when") == "amount_above";
        assert_eq!(number(row, "above_idr").is_some(), depends, "{}", row.key);
    }
}

#[test]
fn a_certificate_is_renewed_within_its_validity() {
    for row in shipped().all_rows(&lists::CERTIFICATION_KINDS) {
        let lead = number(row, "lead_days").unwrap();
        assert!(number(row, "validity_years").is_none_or(|years| lead < 365 * years), "{}", row.key);
    }
}

#[test]
fn every_dimension_of_the_assessment_has_an_expertise() {
    assert_eq!(column(&lists::EXPERTISE_DIMENSIONS, "dimension"), DIMENSIONS.map(str::to_owned).into());
    let reference = shipped();
    let rows = reference.all_rows(&lists::EXPERTISE_DIMENSIONS);
    assert!(rows.iter().all(|row| number(row, "weight") != Some(0)));
    let names: BTreeSet<_> =
        rows.iter().map(|row| (text(row, "expertise"), row.data["name"].to_string())).collect();
    assert_eq!(names.len(), column(&lists::EXPERTISE_DIMENSIONS, "expertise").len());
}

#[test]
fn each_record_is_made_changed_and_deleted() {
    let types = column(&lists::EVENT_TYPES, "type");
    for resource in column(&lists::EVENT_TYPES, "resource") {
        for what in ["created", "updated", "deleted"] {
            assert!(types.contains(&format!("{resource}.{what}")), "{resource}.{what}");
        }
    }
    for row in shipped().all_rows(&lists::EVENT_TYPES) {
        let (resource, what) = row.key.split_once('.').unwrap();
        assert_eq!(text(row, "resource"), resource);
        assert!(row.data["state"].is_null() || text(row, "state") == what, "{}", row.key);
        let moves = !row.data["state"].is_null() || !row.data["action"].is_null();
        let plain = ["created", "updated", "deleted", "merged", "unmerged", "shared", "unshared"];
        assert_ne!(moves, plain.contains(&what), "{}", row.key);
    }
}

#[test]
fn reasons_and_targets_belong_to_moves() {
    let reference = shipped();
    let events = reference.all_rows(&lists::EVENT_TYPES);
    let moves: BTreeSet<_> = events.iter().map(|row| (text(row, "resource"), text(row, "action"))).collect();
    for row in reference.all_rows(&lists::REASON_CODES) {
        let step = (text(row, "resource"), text(row, "action"));
        // An appeal leads back to a review, whose event bears the review's own action.
        assert!(moves.contains(&step) || step == ("capital_referral", "appeal"), "{}", row.key);
        assert_eq!(row.data["note_required"], text(row, "code") == "other", "{}", row.key);
    }
    for row in reference.all_rows(&lists::SERVICE_TARGETS) {
        assert!(moves.contains(&(text(row, "resource"), text(row, "action"))), "{}", row.key);
        assert_ne!(number(row, "days"), Some(0), "{}", row.key);
    }
}

#[test]
fn roles_and_scopes_have_the_names_of_the_model() {
    assert_eq!(column(&lists::ROLES, "code").len(), 12);
    for scope in column(&lists::SCOPES, "scope") {
        let verb = scope.split_once(':').map(|(_, verb)| verb);
        assert!(verb.is_some_and(|verb| ["read", "write", "decide", "manage"].contains(&verb)), "{scope}");
    }
}
