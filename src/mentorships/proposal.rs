//! What a proposal asks of the cohort, the business and the mentor, and how it is stored.
//!
//! The three are locked in this order by everyone. Who holds the mentor's row counts alone, so that the
//! capacity is never exceeded; who holds the business's row looks alone for an open mentorship.

use std::rc::Rc;

use super::{
    expiry,
    payloads::{Mentorship, MentorshipFields},
    rules,
    store::{self, Terms},
};
use crate::{
    access::{Party, Permission},
    businesses::{self, Business},
    cohorts::{self, Cohort},
    error::{ApiError, Result, named},
    ids::BusinessId,
    log::{Event, share},
    mentors::{self, Mentor},
    records::{Record, Tx},
};

pub async fn propose(
    tx: &Tx<'_>,
    fields: &MentorshipFields,
) -> Result<(Rc<Mentorship>, (Event, Vec<Event>))> {
    let (cohort, business, mentor) = lock_parties(tx, fields).await?;
    let participant = cohorts::participant_of(tx, cohort.id, business.id).await?;
    rules::may_propose(&cohort, participant.as_ref(), &mentor)?;
    let mut more = expiry::expire(tx, Some(fields)).await?;
    if let Some(open) = store::open_of(tx, fields).await? {
        let of = Some(format!("/v1/mentorships/{open}"));
        return Err(ApiError::Duplicate { what: "open_mentorship".into(), of });
    }
    is_impartial(tx, &mentor, business.id).await?;
    has_room(tx, &mentor).await?;
    let terms = Terms {
        institution_id: mentor.fields.institution_id,
        business_name: business.fields.name.clone(),
        expires_on: tx.due("proposal_answer")?,
    };
    let mentorship = store::insert(tx, fields, &terms).await?;
    more.extend(share(tx, business.id, Party::Mentor(mentor.id), mentorship.id).await?);
    let event = Event::created(&*mentorship);
    Ok((mentorship, (event, more)))
}

async fn lock_parties(tx: &Tx<'_>, fields: &MentorshipFields) -> Result<(Cohort, Business, Mentor)> {
    let reach = |permission| tx.reach_of(permission);
    let mut flaws = Vec::new();
    let cohort = cohorts::lock(tx, reach(Permission::ReadCohorts)?, fields.cohort_id).await;
    let cohort = named(cohort, "/cohort_id", &mut flaws)?;
    let business = businesses::lock(tx, reach(Permission::ReadBusinesses)?, fields.business_id).await;
    let business = named(business, "/business_id", &mut flaws)?;
    let mentor = mentors::lock(tx, reach(Permission::ReadMentors)?, fields.mentor_id).await;
    let mentor = named(mentor, "/mentor_id", &mut flaws)?;
    match (cohort, business, mentor) {
        (Some(cohort), Some(business), Some(mentor)) => Ok((cohort, business, mentor)),
        _ => Err(ApiError::Invalid(flaws)),
    }
}

/// Who has an interest in a business does not coach it.
pub async fn is_impartial(tx: &Tx<'_>, mentor: &Mentor, business: BusinessId) -> Result<()> {
    match mentors::interested_in(tx, business).await?.contains(&mentor.id) {
        false => Ok(()),
        true => Err(ApiError::blocked("conflict_of_interest", Mentor::KIND, [mentor.id])),
    }
}

/// Whether the mentor, whose row is held, has room for one more.
pub async fn has_room(tx: &Tx<'_>, mentor: &Mentor) -> Result<()> {
    let load = mentors::load(tx, mentor.id).await?;
    if load < i64::from(mentor.fields.capacity) {
        return Ok(());
    }
    Err(ApiError::blocked("capacity_full", Mentor::KIND, [mentor.id]))
}
