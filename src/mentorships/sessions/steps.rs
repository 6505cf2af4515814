//! What a move of a session asks of its mentorship and of the people that it names.

use chrono::{DateTime, Utc};

use super::{
    codes,
    payloads::{Action, Mode, MoveSession, Report, Session, Status},
    rules::{self, Stretch, Today},
    store,
};
use crate::{
    access::{Party, Permission},
    error::{ApiError, Result},
    http::{Code, Flaw},
    lifecycle::Move,
    mentorships::payloads::Mentorship,
    persons,
    records::{Tx, cite_one},
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
    let mentor = before.mentor_id;
    if step.action != Action::Confirm && !mentorship.takes_reports(mentor, tx.now, tx.today()) {
        let code = "mentorship_not_active";
        return Err(ApiError::NotPossible { action: step.action.as_str(), code, possible: vec![] });
    }
    let held_at: Option<DateTime<Utc>> = wanted.held_at.or(before.report.held_at);
    let held_on = held_at.map(|at| tx.worker.date(at));
    let today = Today { now: tx.now, date: tx.today() };
    let reference = tx.worker.reference();
    let mut flaws = rules::flaws(wanted, held_on, mentorship.days_of(mentor), &reference, today);
    flaws.extend(strangers(tx, wanted).await?);
    match step.action {
        Action::Hold => flaws.extend(clash(tx, before, wanted).await?),
        Action::Confirm if matches!(tx.actor.party, Party::Mentor(_)) => {
            flaws.extend(confirmation(tx, before, wanted).await?);
        }
        _ => (),
    }
    cite_one(tx, &[before.id.into(), before.business_id.into()], wanted.evidence.as_ref()).await?;
    let least = held_on.and_then(|day| reference.least_contact_minutes(day));
    match flaws.is_empty() {
        true => Ok(rules::report_after(before, step, wanted, least, tx.now)),
        false => Err(ApiError::Invalid(flaws)),
    }
}

/// Another session that the mentor held at the time.
async fn clash(tx: &Tx<'_>, before: &Session, wanted: &MoveSession) -> Result<Option<Flaw>> {
    let (Some(from), Some(minutes)) = (wanted.held_at, wanted.contact_minutes) else { return Ok(None) };
    let in_group = before.fields.mode == Mode::Group;
    let stretch = Stretch { session_id: before.id, from, minutes, in_group };
    Ok(stretch.flaw(&store::held_around(tx, before.mentor_id, from).await?))
}

/// A mentor confirms for the owner with the code that the owner was given, or on paper.
async fn confirmation(tx: &Tx<'_>, before: &Session, wanted: &MoveSession) -> Result<Option<Flaw>> {
    match (&wanted.code, &wanted.evidence) {
        (Some(code), None) => codes::guess(tx, before.id, code).await.map(|()| None),
        (None, Some(evidence)) if evidence.dated_on > tx.today() => {
            Ok(Some(Code::InTheFuture.at("/evidence/dated_on")))
        }
        (None, Some(_)) => Ok(None),
        (Some(_), Some(_)) => Ok(Some(Code::Unknown.at("/evidence"))),
        (None, None) => Ok(Some(Code::Required.at("/code"))),
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
