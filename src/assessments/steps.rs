//! What a move asks of other records, and what it tells the log.

use serde::Serialize;

use super::{
    drafting::must_be_the_writer,
    payloads::{Action, Assessment, Course, Kind, MoveAssessment, Status},
    rules, store,
    verdict::{self, Hearing},
};
use crate::{
    access::{Party, Permission},
    businesses::{self, Business},
    error::{ApiError, Result},
    instruments::{self, CooperativeMembership, Facts, InstrumentScore, Recommended},
    lifecycle::Move,
    log::Event,
    records::Tx,
};

/// The course that the move leads to. What a submission needs to know is frozen in it.
pub async fn take(
    tx: &Tx<'_>,
    before: &Assessment,
    step: &Move<Assessment, Status, Action>,
    wanted: &MoveAssessment,
) -> Result<Course> {
    let fields = &before.fields;
    match step.action {
        Action::Submit => (),
        Action::Review | Action::Return => return Ok(rules::judged(before, step, hearing(tx)?)),
        Action::Override | Action::Object | Action::DecideObjection => {
            let document = instruments::pinned(tx, fields.instrument_id).await?;
            return verdict::after(before, wanted, &document, &hearing(tx)?).map_err(ApiError::Invalid);
        }
    }
    must_be_the_writer(tx, fields).await?;
    let reach = tx.reach_of(Permission::ReadBusinesses)?;
    let business = businesses::lock(tx, reach, fields.business_id).await?;
    let facts = facts(tx, &business, fields.declared_capital_need_idr).await?;
    let document = instruments::pinned(tx, fields.instrument_id).await?;
    let result = rules::scored(&fields.answers, &document, &facts, tx.today());
    let result = result.map_err(ApiError::Invalid)?;
    Ok(rules::submitted(facts, result, tx.actor.user, tx.now))
}

fn hearing(tx: &Tx<'_>) -> Result<Hearing> {
    let (object_by, decide_by) = (tx.due("objection_window")?, tx.due("objection_decision")?);
    Ok(Hearing { by: tx.actor.user, now: tx.now, object_by, decide_by })
}

async fn facts(tx: &Tx<'_>, business: &Business, declared_capital_need_idr: i64) -> Result<Facts> {
    Ok(Facts {
        subsector: business.fields.subsector.clone(),
        has_nib: Some(business.fields.nib.is_some()),
        cooperative_membership: membership(tx, business).await?,
        needs_capital: Some(declared_capital_need_idr > 0),
    })
}

/// The owner's. For a cooperative that is coached it makes no sense.
async fn membership(tx: &Tx<'_>, business: &Business) -> Result<Option<CooperativeMembership>> {
    if business.fields.kind == businesses::Kind::Cooperative {
        return Ok(None);
    }
    let enrolled = match businesses::owner_of(tx, business.id).await? {
        Some(owner) => store::enrollments_of(tx, owner).await?,
        None => vec![],
    };
    let any = |status: &[&str]| enrolled.iter().any(|held| status.contains(&held.as_str()));
    Ok(Some(match () {
        () if any(&["active"]) => CooperativeMembership::Active,
        () if any(&["applied", "verified", "returned"]) => CooperativeMembership::Pending,
        () => CooperativeMembership::None,
    }))
}

/// What a review concludes: all that readers of the log need in order to follow it up.
#[derive(Serialize)]
struct Conclusion<'a> {
    kind: Kind,
    class: Option<&'a str>,
    needs: &'a [String],
    recommendations: &'a [Recommended],
}

pub async fn event(
    tx: &Tx<'_>,
    before: &Assessment,
    after: &Assessment,
    step: &Move<Assessment, Status, Action>,
    wanted: &MoveAssessment,
) -> Result<Event> {
    let event = Event::changed(before, after, step.event()).with("move", wanted);
    match (&after.course.result, step.action) {
        (Some(InstrumentScore { needs, recommendations, .. }), Action::Review) => {
            let (kind, class) = (after.fields.kind, after.figures.class_computed.as_deref());
            Ok(event.with("result", &Conclusion { kind, class, needs, recommendations }))
        }
        (_, Action::Object) if matches!(tx.actor.party, Party::Mentor(_)) => {
            let owner = businesses::owner_of(tx, after.fields.business_id).await?;
            Ok(event.on_behalf_of(owner.map(Party::Person)))
        }
        _ => Ok(event),
    }
}
