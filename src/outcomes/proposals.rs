//! Which outcomes a change shows: pure functions of what was and what is.

use chrono::NaiveDate;

use super::{
    payloads::{Change, Kind, OutcomeFields},
    rules::unit_of,
};
use crate::businesses::{SizeClass, SnapshotFields};

fn proposal(kind: Kind, before: Option<i64>, after: Option<i64>, on: NaiveDate) -> OutcomeFields {
    OutcomeFields {
        kind,
        before,
        after,
        unit: unit_of(kind),
        occurred_on: on,
        change: Change::Impact,
        note: None,
    }
}

/// A later snapshot against the one before. Only what both know is compared; jobs that were kept are told of
/// when someone asks, after the coaching.
pub fn of_snapshots(before: &SnapshotFields, after: &SnapshotFields) -> Vec<OutcomeFields> {
    let on = after.taken_on;
    let mut proposals = Vec::new();
    let mut propose = |kind, before: Option<i64>, after: Option<i64>, shows: fn(i64, i64) -> bool| {
        if before.zip(after).is_some_and(|(was, is)| shows(was, is)) {
            proposals.push(proposal(kind, before, after, on));
        }
    };
    propose(Kind::RevenueChange, before.annual_revenue_idr, after.annual_revenue_idr, |was, is| was != is);
    let jobs = |of: &SnapshotFields| Some(i64::from(of.employees_female?) + i64::from(of.employees_male?));
    propose(Kind::JobsCreated, jobs(before), jobs(after), |was, is| is > was);
    if after.asked_afterwards() {
        propose(Kind::JobsRetained, jobs(before), jobs(after), |was, is| was > 0 && is >= was);
    }
    let level = |of: &SnapshotFields| of.bookkeeping_level.map(i64::from);
    propose(Kind::BookkeepingUp, level(before), level(after), |was, is| is > was);
    proposals
}

/// The class of the law rose, between two snapshots.
pub fn of_sizes(before: Option<SizeClass>, after: Option<SizeClass>, on: NaiveDate) -> Option<OutcomeFields> {
    let rank = |size: SizeClass| {
        SizeClass::ALL.iter().position(|one| *one == size).and_then(|at| i64::try_from(at).ok())
    };
    let (was, is) = (rank(before?)?, rank(after?)?);
    (is > was).then(|| proposal(Kind::SizeClassUp, Some(was), Some(is), on))
}

/// What happens once: a disbursement, a certificate, a membership, a number of its own.
pub fn of_event(kind: Kind, amount: Option<i64>, on: NaiveDate) -> OutcomeFields {
    proposal(kind, None, amount, on)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(
        revenue: Option<i64>,
        people: Option<i32>,
        level: Option<i16>,
        source: &str,
    ) -> SnapshotFields {
        serde_json::from_value(serde_json::json!({
            "taken_on": "2026-11-24", "annual_revenue_idr": revenue, "employees_female": people,
            "employees_male": people, "bookkeeping_level": level, "source": source,
        }))
        .unwrap()
    }

    fn kinds(before: &SnapshotFields, after: &SnapshotFields) -> Vec<Kind> {
        of_snapshots(before, after).into_iter().map(|it| it.kind).collect()
    }

    #[test]
    fn only_what_both_snapshots_know_and_what_changed_is_proposed() {
        let first = snapshot(Some(60), Some(1), Some(1), "intake");
        assert_eq!(kinds(&first, &first), []);
        assert_eq!(kinds(&first, &snapshot(None, None, None, "mentor")), []);
        let less = snapshot(Some(50), Some(0), Some(0), "mentor");
        assert_eq!(kinds(&first, &less), [Kind::RevenueChange], "revenue that fell is a change too");
        let more = snapshot(Some(90), Some(2), Some(3), "mentor");
        let all = [Kind::RevenueChange, Kind::JobsCreated, Kind::BookkeepingUp];
        assert_eq!(kinds(&first, &more), all);
    }

    #[test]
    fn jobs_are_retained_by_the_answer_of_a_follow_up() {
        let first = snapshot(None, Some(1), None, "mentor");
        assert_eq!(kinds(&first, &snapshot(None, Some(1), None, "survey")), [Kind::JobsRetained]);
        assert_eq!(kinds(&first, &snapshot(None, Some(0), None, "survey")), []);
        let none = snapshot(None, Some(0), None, "mentor");
        assert_eq!(kinds(&none, &snapshot(None, Some(0), None, "survey")), []);
    }

    #[test]
    fn a_class_that_rises_is_a_rank_and_one_that_falls_is_nothing() {
        let on = NaiveDate::default();
        let up = of_sizes(Some(SizeClass::Micro), Some(SizeClass::Small), on).unwrap();
        assert_eq!((up.before, up.after), (Some(0), Some(1)));
        assert!(of_sizes(Some(SizeClass::Small), Some(SizeClass::Micro), on).is_none());
        assert!(of_sizes(None, Some(SizeClass::Small), on).is_none());
    }
}
