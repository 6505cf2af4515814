//! What a move asks of other records, and what it does to who sees the business.

use super::{
    objectives,
    payloads::{Action, Course, Mentorship, MoveMentorship, Status},
    rules::{self, GRACE},
    sessions, transfer,
};
use crate::{
    access::Reach,
    cohorts,
    error::{ApiError, Result},
    lifecycle::Move,
    log::{Event, sharing::unshare_at, unshare},
    mentors::Mentor,
    records::Tx,
};

/// The course that the move leads to, and the mentor to whom it passes, if the cohort, the objectives and the
/// sessions allow it.
pub async fn take(
    tx: &Tx<'_>,
    before: &Mentorship,
    step: &Move<Mentorship, Status, Action>,
    wanted: &MoveMentorship,
) -> Result<(Course, Option<Mentor>)> {
    let mut first = tx.today();
    match step.action {
        Action::Accept if before.expires_on < tx.today() => return Err(not_possible(step, "expired")),
        Action::Start => {
            let cohort = cohorts::lock(tx, Reach::All, before.fields.cohort_id).await?;
            if cohort.status != cohorts::Status::Running {
                return Err(not_possible(step, "cohort_not_running"));
            }
            first = cohort.fields.starts_on;
        }
        Action::Complete => may_complete(tx, before, step).await?,
        _ => (),
    }
    match (step.action, &before.course.transfer) {
        (Action::Transfer, _) => return Ok((transfer::propose(tx, before, wanted).await?, None)),
        (Action::AcceptTransfer, Some(asked)) => {
            let (course, mentor) = transfer::accept(tx, before, asked).await?;
            return Ok((course, Some(mentor)));
        }
        (Action::DeclineTransfer, _) => return Ok((transfer::declined(before), None)),
        _ => (),
    }
    rules::course_after(before, step, wanted, (tx.now, tx.today()), first)
        .map_err(ApiError::invalid)
        .map(|course| (course, None))
}

fn not_possible(step: &Move<Mentorship, Status, Action>, code: &'static str) -> ApiError {
    ApiError::NotPossible { action: step.action.as_str(), code, possible: vec![] }
}

/// Something was done, and of each objective it is known how it ended.
async fn may_complete(
    tx: &Tx<'_>,
    before: &Mentorship,
    step: &Move<Mentorship, Status, Action>,
) -> Result<()> {
    let undecided = objectives::undecided(tx, before.id).await?;
    match () {
        () if !sessions::any_held(tx, before.id).await? => Err(not_possible(step, "no_session_held")),
        () if !undecided.is_empty() => Err(ApiError::blocked("objectives_undecided", "objective", undecided)),
        () => Ok(()),
    }
}

/// Whether the mentors go on seeing the business.
pub async fn share_as(tx: &Tx<'_>, before: &Mentorship, after: &Mentorship) -> Result<Vec<Event>> {
    let business = after.fields.business_id;
    match after.course.status {
        Status::Declined | Status::Terminated | Status::Expired => unshare(tx, business, after.id).await,
        Status::Completed => {
            unshare_at(tx, business, after.id, tx.now + GRACE).await?;
            Ok(vec![])
        }
        Status::Proposed | Status::Accepted | Status::Active => {
            transfer::share_with_asked(tx, before, after).await
        }
    }
}
