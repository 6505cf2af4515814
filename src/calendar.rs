//! Working days: Monday to Friday less the holidays that the government decrees each year.

use std::collections::HashSet;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc, Weekday};
use serde::Deserialize;

/// How long something may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Target {
    pub days: u32,
    #[serde(rename = "day_kind")]
    pub kind: DayKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    Working,
    Calendar,
}

/// The days off that are known. In a year of which none is known every weekday is a working day;
/// `years_without_holidays` says so.
#[derive(Clone, Debug)]
pub struct Calendar {
    holidays: HashSet<NaiveDate>,
    years: HashSet<i32>,
}

/// The date in the city's zone.
pub fn today(now: DateTime<Utc>, zone: chrono_tz::Tz) -> NaiveDate {
    now.with_timezone(&zone).date_naive()
}

/// Midnight with which a date begins in the city's zone.
pub fn start_of(date: NaiveDate, zone: chrono_tz::Tz) -> DateTime<Utc> {
    let midnight = date.and_time(NaiveTime::MIN);
    // Where clocks are put forward at midnight there is none: then it is what UTC calls so.
    midnight.and_local_timezone(zone).earliest().map_or(midnight.and_utc(), |local| local.to_utc())
}

impl Calendar {
    pub fn new(holidays: impl IntoIterator<Item = NaiveDate>) -> Self {
        let holidays: HashSet<_> = holidays.into_iter().collect();
        let years = holidays.iter().map(Datelike::year).collect();
        Self { holidays, years }
    }

    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        !matches!(date.weekday(), Weekday::Sat | Weekday::Sun) && !self.holidays.contains(&date)
    }

    /// The last of so many working days after `from`, which itself is not counted; `from` for none.
    pub fn add_working_days(&self, from: NaiveDate, days: u32) -> NaiveDate {
        let mut date = from;
        for _ in 0..days {
            date = self.next_working_day(date);
        }
        date
    }

    /// The last day on which the target is met.
    pub fn due(&self, from: NaiveDate, target: &Target) -> NaiveDate {
        match target.kind {
            DayKind::Working => self.add_working_days(from, target.days),
            DayKind::Calendar => {
                from.checked_add_days(Days::new(target.days.into())).unwrap_or(NaiveDate::MAX)
            }
        }
    }

    /// The years from one date to the other of which no holiday is known: deadlines in them are
    /// counted in weekdays.
    pub fn years_without_holidays(&self, from: NaiveDate, to: NaiveDate) -> Vec<i32> {
        (from.year()..=to.year()).filter(|year| !self.years.contains(year)).collect()
    }

    fn next_working_day(&self, after: NaiveDate) -> NaiveDate {
        let mut later = after.iter_days().skip(1);
        later.find(|date| self.is_working_day(*date)).unwrap_or(NaiveDate::MAX)
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::hash_set, prelude::*};

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn with_days_off(days: &[&str]) -> Calendar {
        Calendar::new(days.iter().map(|text| day(text)))
    }

    #[test]
    fn weekends_and_holidays_are_stepped_over() {
        let calendar = with_days_off(&["2026-08-17"]);
        assert_eq!(calendar.add_working_days(day("2026-08-14"), 1), day("2026-08-18"));
        assert_eq!(calendar.add_working_days(day("2026-08-15"), 1), day("2026-08-18"));
        assert_eq!(calendar.add_working_days(day("2026-08-10"), 3), day("2026-08-13"));
        assert_eq!(calendar.add_working_days(day("2026-08-15"), 0), day("2026-08-15"));
    }

    #[test]
    fn calendar_days_run_through_holidays() {
        let calendar = with_days_off(&["2026-08-17"]);
        let target = |days, kind| Target { days, kind };
        assert_eq!(calendar.due(day("2026-08-14"), &target(3, DayKind::Calendar)), day("2026-08-17"));
        assert_eq!(calendar.due(day("2026-08-14"), &target(3, DayKind::Working)), day("2026-08-20"));
    }

    #[test]
    fn a_year_without_rows_counts_weekdays_and_says_so() {
        let calendar = with_days_off(&["2026-12-25"]);
        assert_eq!(calendar.add_working_days(day("2027-12-24"), 1), day("2027-12-27"));
        assert_eq!(calendar.years_without_holidays(day("2026-12-01"), day("2028-01-03")), [2027, 2028]);
        assert!(calendar.years_without_holidays(day("2026-01-01"), day("2026-12-31")).is_empty());
    }

    #[test]
    fn the_end_of_time_is_no_panic() {
        let calendar = with_days_off(&[]);
        let target = Target { days: u32::MAX, kind: DayKind::Calendar };
        assert_eq!(calendar.due(NaiveDate::MAX, &target), NaiveDate::MAX);
        assert_eq!(calendar.add_working_days(NaiveDate::MAX, 2), NaiveDate::MAX);
    }

    #[test]
    fn today_is_the_date_in_the_city() {
        let now = "2026-11-24T17:00:00Z".parse().unwrap();
        assert_eq!(today(now, chrono_tz::Asia::Jakarta), day("2026-11-25"));
        assert_eq!(today(now, chrono_tz::UTC), day("2026-11-24"));
    }

    #[test]
    fn a_date_begins_at_the_citys_midnight() {
        let start = start_of(day("2026-11-25"), chrono_tz::Asia::Jakarta);
        assert_eq!(start.to_rfc3339(), "2026-11-24T17:00:00+00:00");
    }

    prop_compose! {
        fn a_date()(offset in 0..2_000_u64) -> NaiveDate {
            day("2026-01-01") + Days::new(offset)
        }
    }

    proptest! {
        #[test]
        fn adding_working_days_keeps_its_promises(
            days_off in hash_set(a_date(), 0..200),
            (from, other) in (a_date(), a_date()),
            (a, b) in (0..40_u32, 1..40_u32),
        ) {
            let calendar = Calendar::new(days_off);
            let there = calendar.add_working_days(from, b);
            prop_assert!(calendar.is_working_day(there) && there > from);
            prop_assert_eq!(
                calendar.add_working_days(calendar.add_working_days(from, a), b),
                calendar.add_working_days(from, a + b)
            );
            let (early, late) = (from.min(other), from.max(other));
            prop_assert!(calendar.add_working_days(early, b) <= calendar.add_working_days(late, b));
            let between = from.iter_days().skip(1).take_while(|date| *date <= there);
            prop_assert_eq!(between.filter(|date| calendar.is_working_day(*date)).count(), usize::try_from(b).unwrap());
        }
    }
}
