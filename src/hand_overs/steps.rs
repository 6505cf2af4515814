//! Taking a step: what the rules decide, with what only the database knows.

use std::rc::Rc;

use super::{
    dossier,
    payloads::{Action, Course, HandOver, MoveHandOver, Outcome, Status},
    rules::{self, LIFECYCLE},
    store,
};
use crate::{
    access::{Division, Party},
    accounts,
    error::{ApiError, Result},
    http::Code,
    ids::UserId,
    log::{Event, history::RESOURCES, known_about, unshare},
    records::Tx,
};

/// The hand-over after the step, and the events of it.
pub async fn take(
    tx: &Tx<'_>,
    before: &HandOver,
    wanted: &MoveHandOver,
) -> Result<(Rc<HandOver>, (Event, Vec<Event>))> {
    let step = LIFECYCLE.decide(tx, before, wanted.action, wanted)?;
    let mut course = rules::course_after(before, step, wanted, tx.actor.user).map_err(ApiError::invalid)?;
    if let Some(result) = course.result.as_ref().filter(|_| step.action == Action::Done) {
        must_be_of_the_business(tx, before, result).await?;
    }
    if let Some(user) = wanted.user_id.filter(|_| step.action == Action::Assign) {
        must_work_for(tx, before.division, user).await?;
    }
    if step.to == Status::Taken && course.dossier.is_none() {
        course = Course { dossier: Some(dossier::freeze(tx, before.business_id).await?), ..course };
    }
    let after = store::advance(tx, before.id, &course).await?;
    let event = Event::changed(before, &*after, step.event()).with("move", wanted);
    let ended = match step.to {
        Status::Declined => unshare(tx, before.business_id, before.id).await?,
        _ => vec![],
    };
    Ok((after, (event, ended)))
}

async fn must_work_for(tx: &Tx<'_>, division: Division, user: UserId) -> Result<()> {
    match accounts::may_act_as(tx, user, Party::of(division).role()).await? {
        true => Ok(()),
        false => Err(ApiError::invalid(Code::NoSuchRecord.at("/user_id"))),
    }
}

/// A result is a record of the same business, of a kind that the caller may read.
async fn must_be_of_the_business(tx: &Tx<'_>, hand_over: &HandOver, result: &Outcome) -> Result<()> {
    let kind = result.kind.as_str();
    let read = RESOURCES.iter().find(|(resource, _)| *resource == kind).map(|(_, read)| *read);
    let may_read = read.is_some_and(|read| tx.reach_of(read).is_ok());
    let known = known_about(tx, hand_over.business_id, &[kind]).await?;
    match may_read && known.iter().any(|record| record.id == result.id) {
        true => Ok(()),
        false => Err(ApiError::invalid(Code::NoSuchRecord.at("/result/id"))),
    }
}
