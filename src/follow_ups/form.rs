//! The form of the page: what an owner may write, and what it means.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::{
    businesses::{Period, PeriodKind, SnapshotFields, SnapshotSource},
    outcomes::Share,
};

/// What was written, as it was written, so that the page can show it again.
pub type Written = BTreeMap<String, String>;

pub struct Figures {
    /// Without one the business has closed.
    pub snapshot: Option<SnapshotFields>,
    pub attribution: Option<Share>,
}

/// Or the names of the fields that nobody could understand.
pub fn read(written: &Written, today: NaiveDate) -> Result<Figures, Vec<&'static str>> {
    let mut wrong = Vec::new();
    let text = |name: &str| written.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
    let attribution = text("attribution").and_then(|code| Share::ALL.iter().find(|it| it.as_str() == code));
    match text("open") {
        Some("no") => return Ok(Figures { snapshot: None, attribution: attribution.copied() }),
        Some("yes") => (),
        _ => wrong.push("open"),
    }
    let mut number = |name: &'static str, most: i64| match text(name).map(amount) {
        None => None,
        Some(Some(number)) if number <= most => Some(number),
        Some(_) => {
            wrong.push(name);
            None
        }
    };
    let monthly = number("revenue", 9_000_000_000_000_000 / 12);
    let [female, male, customers, level] = [
        number("employees_female", 1_000_000),
        number("employees_male", 1_000_000),
        number("customers", 1_000_000_000),
        number("bookkeeping_level", 4),
    ];
    if text("revenue").is_none() {
        wrong.push("revenue");
    }
    if !wrong.is_empty() {
        wrong.sort_unstable();
        wrong.dedup();
        return Err(wrong);
    }
    let count = |number: Option<i64>| number.and_then(|number| i32::try_from(number).ok());
    let snapshot = SnapshotFields {
        taken_on: today,
        // Of the month that has ended, made into a year.
        period: Some(Period { kind: PeriodKind::Month, end: today }),
        annual_revenue_idr: monthly.map(|amount| amount * 12),
        capital_idr: None,
        assets_idr: None,
        employees_female: count(female),
        employees_male: count(male),
        customers: count(customers),
        bookkeeping_level: level.and_then(|level| i16::try_from(level).ok()),
        statements: vec![],
        bookkeeping_tool: None,
        formal_credit: match text("formal_credit") {
            Some("yes") => Some(true),
            Some("no") => Some(false),
            _ => None,
        },
        source: SnapshotSource::Survey,
    };
    Ok(Figures { snapshot: Some(snapshot), attribution: attribution.copied() })
}

/// A whole number as people write it: `Rp 1.500.000`, `1,500,000`, `Rp1.500.000,00`.
fn amount(text: &str) -> Option<i64> {
    let text = text.trim_start_matches("Rp").trim_start_matches("rp").trim_start_matches('.').trim();
    let text = text.trim_end_matches(",-").trim_end_matches(",00").trim_end_matches(".00");
    let parts: Vec<_> = text.split(['.', ',', ' ', '\u{a0}']).collect();
    let (first, groups) = parts.split_first()?;
    let digits = |part: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let grouped = groups.iter().all(|group| digits(group, 3..=3));
    let leading = if groups.is_empty() { 1..=18 } else { 1..=3 };
    (grouped && digits(first, leading)).then(|| parts.concat().parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(pairs: &[(&str, &str)]) -> Written {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn amounts_are_read_as_people_write_them_and_never_guessed() {
        for (text, number) in [
            ("1500000", 1_500_000),
            ("1.500.000", 1_500_000),
            ("Rp 1.500.000,00", 1_500_000),
            ("Rp.1.500.000,-", 1_500_000),
            ("1,500,000", 1_500_000),
            ("0", 0),
        ] {
            assert_eq!(amount(text), Some(number), "{text}");
        }
        for text in ["", "banyak", "1,5 jt", "15.00.000", "-5", "1.5", "3.67401E+15"] {
            assert_eq!(amount(text), None, "{text}");
        }
    }

    #[test]
    fn a_closed_business_has_no_figures_and_an_open_one_has_revenue() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 25).unwrap();
        assert!(
            read(&written(&[("open", "no"), ("revenue", "x")]), today).is_ok_and(|it| it.snapshot.is_none())
        );
        assert_eq!(read(&written(&[]), today).err(), Some(vec!["open", "revenue"]));
        let some = [
            ("open", "yes"),
            ("revenue", "7.000.000"),
            ("employees_female", "dua"),
            ("attribution", "mostly"),
        ];
        assert_eq!(read(&written(&some), today).err(), Some(vec!["employees_female"]));
        let good = [
            ("open", "yes"),
            ("revenue", "7.000.000"),
            ("bookkeeping_level", "3"),
            ("attribution", "mostly"),
        ];
        let figures = read(&written(&good), today).unwrap();
        assert_eq!(figures.attribution, Some(Share::Mostly));
        let snapshot = figures.snapshot.unwrap();
        assert_eq!((snapshot.annual_revenue_idr, snapshot.bookkeeping_level), (Some(84_000_000), Some(3)));
    }
}
