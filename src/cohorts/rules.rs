//! What must hold of a cohort, and how it moves. Nothing here touches HTTP or the database.

use chrono::{Days, NaiveDate};

use super::payloads::{
    Action::{self, Cancel, Complete, Open, Start},
    Cohort, CohortFields,
    Status::{self, Cancelled, Completed, Planned, Running},
};
use crate::{
    access::Permission::DecideCohorts,
    error::{ApiError, Result},
    http::{Code, Flaw},
    ids::MentorshipId,
    lifecycle::{Lifecycle, Move, any, none},
    reference::{Reference, lists},
};

#[rustfmt::skip]
pub const LIFECYCLE: Lifecycle<Cohort, Status, Action> = Lifecycle {
    resource: "cohort",
    status: |cohort| cohort.status,
    objection: none,
    moves: &[
        Move { action: Open,     from: &[Planned],                        to: Status::Open, permission: DecideCohorts, needs: &[],              takes: &[], named: None, only: any },
        Move { action: Start,    from: &[Status::Open],                   to: Running,      permission: DecideCohorts, needs: &[],              takes: &[], named: None, only: any },
        Move { action: Complete, from: &[Running],                        to: Completed,    permission: DecideCohorts, needs: &[],              takes: &[], named: None, only: any },
        Move { action: Cancel,   from: &[Planned, Status::Open, Running], to: Cancelled,    permission: DecideCohorts, needs: &["reason_code"], takes: &[], named: None, only: any },
    ],
};

/// How long ago a cohort may have begun when it is made or its begin is changed: papers are late.
const LATE: Days = Days::new(30);
const LONGEST_FOLLOW_UP: i32 = 60;

/// Those in which businesses take part, or are asked to.
pub fn invites(status: Status) -> bool {
    matches!(status, Status::Open | Running)
}

/// A cohort starts when its time has come, and ends after its mentorships.
pub fn check_move(cohort: &Cohort, action: Action, open: &[MentorshipId], today: NaiveDate) -> Result<()> {
    if matches!(action, Complete | Cancel) && !open.is_empty() {
        return Err(ApiError::blocked("open_mentorships", "mentorship", open.iter().copied()));
    }
    if action == Start && cohort.fields.starts_on > today {
        return Err(ApiError::NotPossible {
            action: "start",
            code: "starts_later",
            possible: vec!["cancel"],
        });
    }
    Ok(())
}

/// One that has ended stays as it was, and nobody who takes part is put out by a lower capacity.
pub fn check_change(
    before: &Cohort,
    fields: &CohortFields,
    taking_part: i64,
    reference: &Reference,
    today: NaiveDate,
) -> Result<()> {
    if matches!(before.status, Completed | Cancelled) {
        return Err(ApiError::NotPossible { action: "update", code: "wrong_status", possible: vec![] });
    }
    let mut flaws = flaws(fields, Some(&before.fields), reference, today);
    if fields.capacity.is_some_and(|capacity| i64::from(capacity) < taking_part) {
        flaws.push(Code::TooSmall.expecting("/capacity", taking_part));
    }
    ApiError::if_any(flaws)
}

pub fn check_new(fields: &CohortFields, reference: &Reference, today: NaiveDate) -> Result<()> {
    let flaws = flaws(fields, None, reference, today);
    ApiError::if_any(flaws)
}

/// All that is wrong with the fields. What stands in the record `before` is not asked again.
fn flaws(
    fields: &CohortFields,
    before: Option<&CohortFields>,
    reference: &Reference,
    today: NaiveDate,
) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let mut unless = |right: bool, flaw: Flaw| {
        if !right {
            flaws.push(flaw)
        }
    };

    let earliest = today.checked_sub_days(LATE).unwrap_or(NaiveDate::MIN);
    let began = before.is_some_and(|old| old.starts_on == fields.starts_on);
    unless(began || fields.starts_on >= earliest, Code::TooEarly.expecting("/starts_on", earliest));
    unless(fields.ends_on >= fields.starts_on, Code::TooEarly.expecting("/ends_on", fields.starts_on));
    unless(
        fields.decree.as_ref().is_none_or(|decree| decree.date <= today),
        Code::InTheFuture.at("/decree/date"),
    );
    for (at, target) in fields.targets.iter().enumerate() {
        let stood =
            before.is_some_and(|old| old.targets.iter().any(|other| other.indicator == target.indicator));
        unless(
            stood || reference.is_valid(&lists::INDICATORS, &target.indicator, today),
            Code::UnknownCode.expecting(format!("/targets/{at}/indicator"), "indicators"),
        );
        let repeated = fields.targets.iter().take(at).any(|earlier| earlier.indicator == target.indicator);
        unless(!repeated, Code::Repeated.at(format!("/targets/{at}/indicator")));
    }
    for (at, months) in fields.follow_up_months.iter().enumerate() {
        let pointer = format!("/follow_up_months/{at}");
        unless(*months >= 1, Code::TooSmall.expecting(&pointer, 1));
        unless(*months <= LONGEST_FOLLOW_UP, Code::TooLarge.expecting(&pointer, LONGEST_FOLLOW_UP));
        unless(
            !fields.follow_up_months.iter().take(at).any(|earlier| earlier == months),
            Code::Repeated.at(&pointer),
        );
    }
    flaws
}
