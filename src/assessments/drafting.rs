//! What a new assessment, and a change of one, ask of other records.
//!
//! Rows are locked in this order: the mentorship, the business.

use std::rc::Rc;

use serde_json::json;

use super::{
    payloads::{Assessment, AssessmentFields, Kind},
    rules, store,
};
use crate::{
    access::Permission,
    businesses, cohorts,
    error::{ApiError, Result, named},
    http::{Code, Flaw},
    ids::AssessmentId,
    instruments,
    mentorships::{self, Mentorship},
    records::{Tx, cite},
};

/// All that is wrong with what a body names comes in one answer.
pub async fn draft(tx: &Tx<'_>, fields: &AssessmentFields) -> Result<Rc<Assessment>> {
    if !rules::writes(tx.actor.party, fields.kind) {
        return Err(ApiError::Forbidden(Permission::WriteAssessments));
    }
    let mut flaws = Vec::new();
    let mentorship = mentorship_of(tx, fields, &mut flaws).await?;
    let document = instruments::published(tx, fields.instrument_id).await;
    let document = named(document, "/instrument_id", &mut flaws)?;
    let business = businesses::lock(tx, tx.reach_of(Permission::ReadBusinesses)?, fields.business_id).await;
    let business = named(business, "/business_id", &mut flaws)?;
    if let Some(business) = &business {
        if business.status != businesses::Status::Active {
            flaws.push(Code::Conflict.expecting("/business_id", business.status));
        }
        if let Some(document) = &document {
            let subsector = &business.fields.subsector;
            flaws.extend(rules::answer_flaws(&fields.answers, document, subsector, tx.today()));
        }
    }
    if let Some(mentorship) = &mentorship {
        flaws.extend(rules::misfits(fields, mentorship));
        let chosen = cohorts::instrument_of(tx, mentorship.fields.cohort_id).await?;
        if let Some(chosen) = chosen.filter(|chosen| *chosen != fields.instrument_id) {
            flaws.push(Code::NotAllowed.expecting("/instrument_id", chosen));
        }
    }
    ApiError::if_any(flaws)?;
    cite(tx, &[fields.business_id.into()], fields.answers.evidence()).await?;
    is_next(tx, fields).await?;
    store::insert(tx, fields).await
}

/// The mentorship that it belongs to: a self-assessment, unless it names one, to that which runs.
async fn mentorship_of(
    tx: &Tx<'_>,
    fields: &AssessmentFields,
    flaws: &mut Vec<Flaw>,
) -> Result<Option<Mentorship>> {
    match fields.mentorship_id {
        Some(id) => {
            let found = mentorships::lock(tx, tx.reach_of(Permission::ReadMentorships)?, id).await;
            named(found, "/mentorship_id", flaws)
        }
        None if fields.kind == Kind::Own => mentorships::running_of(tx, fields.business_id).await,
        None => {
            flaws.push(Code::Required.at("/mentorship_id"));
            Ok(None)
        }
    }
}

/// No other of its kind is open; what is to be followed up is there.
async fn is_next(tx: &Tx<'_>, fields: &AssessmentFields) -> Result<()> {
    if let Some(open) = store::open_of(tx, fields).await? {
        let of = Some(format!("/v1/assessments/{open}"));
        return Err(ApiError::Duplicate { what: "open_assessment".into(), of });
    }
    let business = fields.business_id;
    if fields.kind == Kind::FollowUp && store::latest_reviewed(tx, business).await?.is_none() {
        let by = vec![json!({ "type": "business", "id": business })];
        return Err(ApiError::Blocked { code: "nothing_to_follow_up", by });
    }
    Ok(())
}

/// Whether the caller writes this assessment: an owner his own, a mentor those of his mentorships.
pub async fn must_be_the_writer(tx: &Tx<'_>, fields: &AssessmentFields) -> Result<()> {
    let refused = ApiError::Forbidden(Permission::WriteAssessments);
    match fields.mentorship_id {
        _ if !rules::writes(tx.actor.party, fields.kind) => Err(refused),
        Some(id) if fields.kind != Kind::Own => {
            match mentorships::lock(tx, tx.reach_of(Permission::ReadMentorships)?, id).await {
                Err(ApiError::NotFound) => Err(refused),
                found => found.map(drop),
            }
        }
        _ => Ok(()),
    }
}

/// What it is of stays; the files are its own or of the business; the answers fit the instrument that it began
/// with, and the business as it is now.
pub async fn may_become(
    tx: &Tx<'_>,
    id: AssessmentId,
    before: &AssessmentFields,
    after: &AssessmentFields,
) -> Result<()> {
    let document = instruments::pinned(tx, before.instrument_id).await?;
    let reach = tx.reach_of(Permission::ReadBusinesses)?;
    let business = businesses::lock(tx, reach, before.business_id).await?;
    let mut flaws = rules::fixed(before, after);
    flaws.extend(rules::answer_flaws(&after.answers, &document, &business.fields.subsector, tx.today()));
    ApiError::if_any(flaws)?;
    cite(tx, &[id.into(), before.business_id.into()], after.answers.evidence()).await
}
