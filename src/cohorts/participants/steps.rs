//! Inviting a business and what its invitation leads to. The cohort's row is locked first, by all: so two
//! owners cannot both take the last place.

use std::rc::Rc;

use super::{
    payloads::{Action, MoveParticipant, Participant},
    rules::{self, LIFECYCLE},
    store,
};
use crate::{
    access::{Party, Permission, Role},
    businesses,
    cohorts::store as cohorts,
    error::{ApiError, Result},
    http::{Code, IfMatch, Versioned},
    ids::{BusinessId, CohortId, ParticipantId},
    log::Event,
    records::Tx,
};

pub async fn invite(tx: &Tx<'_>, cohort: CohortId, business: BusinessId) -> Result<Rc<Participant>> {
    let cohort = cohorts::lock(tx, tx.reach_of(Permission::ReadCohorts)?, cohort).await?;
    rules::check_invitation(&cohort)?;
    let reach = tx.reach_of(Permission::ReadBusinesses)?;
    let invited =
        businesses::lock(tx, reach, business).await.map_err(|error| error.in_body("/business_id"))?;
    if invited.status != businesses::Status::Active {
        return Err(ApiError::invalid(Code::Conflict.expecting("/business_id", invited.status)));
    }
    if let Some(standing) = store::participant_of(tx, cohort.id, business).await? {
        let of = Some(format!("/v1/cohorts/{}/participants/{}", cohort.id, standing.id));
        return Err(ApiError::Duplicate { what: "participant".into(), of });
    }
    store::insert(tx, cohort.id, business, tx.due("participant_invitation")?).await
}

pub async fn advance(
    tx: &Tx<'_>,
    (cohort, id): (CohortId, ParticipantId),
    read: Option<&IfMatch>,
    wanted: &MoveParticipant,
) -> Result<(Versioned<Participant>, Event)> {
    let cohort = cohorts::lock(tx, tx.reach_of(Permission::ReadCohorts)?, cohort).await?;
    let before = store::lock(tx, tx.reach, cohort.id, id).await?;
    IfMatch::check_if_sent(read, &before)?;
    let step = LIFECYCLE.decide(tx, &before, wanted.action, wanted)?;
    if wanted.action == Action::Accept {
        let taking_part = store::taking_part(tx, cohort.id).await?;
        rules::check_acceptance(&cohort, taking_part, tx.actor.rows_as, wanted)?;
    } else {
        rules::check_leaving(wanted.action, &store::work(tx, &before).await?)?;
    }
    let after = store::set_status(tx, id, step.to).await?;
    let event = Event::changed(&before, &*after, step.event()).with("move", wanted);
    let owner = owner_spoken_for(tx, wanted.action, before.business_id).await?;
    Ok((Versioned(after), event.on_behalf_of(owner)))
}

/// The owner, where the programme answers for him.
async fn owner_spoken_for(tx: &Tx<'_>, action: Action, business: BusinessId) -> Result<Option<Party>> {
    let answers = matches!(action, Action::Accept | Action::Decline);
    if !answers || tx.actor.rows_as == Role::Business {
        return Ok(None);
    }
    Ok(businesses::owner_of(tx, business).await?.map(Party::Person))
}
