//! What a move of a session asks of its mentorship and of the people that it names.

use chrono::{DateTime, Utc};

use super::{
    payloads::{Action, MoveSession, Report, Session, Status},
    rules::{self, Today},
};
use crate::{
    access::Permission,
    error::{ApiError, Result},
    http::{Code, Flaw},
    lifecycle::Move,
    mentorships::payloads::Mentorship,
    persons,
    records::Tx,
};

/// The report that the move leads to. The mentor's moves end with the mentorship and its days of grace; the
/// owner may confirm later.
pub async fn take(
    tx: &Tx<'_>,
    mentorship: &Mentorship,
    before: &Session,
    step: &Move<Session, Status, Action>,
    wanted: &MoveSession,
) -> Result<Report> {
    if step.action != Action::Confirm && !mentorship.takes_reports(tx.now) {
        let code = "mentorship_not_active";
        return Err(ApiError::NotPossible { action: step.action.as_str(), code, possible: vec![] });
    }
    let held_at: Option<DateTime<Utc>> = wanted.held_at.or(before.report.held_at);
    let held_on = held_at.map(|at| tx.worker.date(at));
    let today = Today { now: tx.now, date: tx.today() };
    let mut flaws = rules::flaws(wanted, held_on, mentorship, &tx.worker.reference(), today);
    flaws.extend(strangers(tx, wanted).await?);
    match flaws.is_empty() {
        true => Ok(rules::report_after(before, step, wanted, held_on, tx.now)),
        false => Err(ApiError::Invalid(flaws)),
    }
}

/// Attendees whom the mentor does not know.
async fn strangers(tx: &Tx<'_>, wanted: &MoveSession) -> Result<Vec<Flaw>> {
    let mut flaws = Vec::new();
    let attendees = wanted.attendees.iter().flatten().enumerate();
    for (at, person) in attendees.filter_map(|(at, attendee)| Some((at, attendee.person_id?))) {
        match persons::lock(tx, tx.reach_of(Permission::ReadPersons)?, person).await {
            Err(ApiError::NotFound) => {
                flaws.push(Code::NoSuchRecord.at(format!("/attendees/{at}/person_id")));
            }
            other => drop(other?),
        }
    }
    Ok(flaws)
}
