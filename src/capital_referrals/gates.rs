//! What must be so outside a referral before it may begin or go on.

use super::payloads::{Action, MoveReferral, Referral, ReferralFields};
use crate::{
    access::{Party, Permission, Reach},
    businesses::{self, Business},
    error::{ApiError, Result},
    hand_overs,
    http::Code,
    ids::{BusinessId, InstitutionId, PersonId},
    institutions,
    log::known_about,
    mentorships,
    persons::{self, Purpose},
    records::Tx,
};

/// The business for which it is drafted.
///
/// # Errors
/// `Invalid` for a business that the caller cannot see; `Blocked` for one that is not active, or by a mentor
/// who does not coach it (any more).
pub async fn business(tx: &Tx<'_>, id: BusinessId) -> Result<Business> {
    let found = businesses::lock(tx, tx.reach_of(Permission::ReadBusinesses)?, id).await;
    let business = found.map_err(|error| error.in_body("/business_id"))?;
    if business.status != businesses::Status::Active {
        return Err(blocked("business_inactive"));
    }
    if let Party::Mentor(mentor) = tx.actor.party {
        let running = mentorships::running_of(tx, id).await?;
        if running.is_none_or(|running| running.fields.mentor_id != mentor) {
            return Err(blocked("no_running_mentorship"));
        }
    }
    Ok(business)
}

/// What the fields name belongs to the business, and the caller may see it.
pub async fn named(tx: &Tx<'_>, fields: &ReferralFields, before: Option<&ReferralFields>) -> Result<()> {
    let mut flaws = Vec::new();
    if let Some(id) = fields.hand_over_id.filter(|_| before.is_none()) {
        match hand_overs::lock(tx, tx.reach_of(Permission::ReadHandOvers)?, id).await {
            Ok(found) if found.business_id == fields.business_id => (),
            Ok(_) | Err(ApiError::NotFound) => flaws.push(Code::NoSuchRecord.at("/hand_over_id")),
            Err(error) => return Err(error),
        }
    }
    if let Some(id) = fields.plan_id.filter(|id| before.is_none_or(|before| before.plan_id != Some(*id))) {
        let plans = known_about(tx, fields.business_id, &["plan"]).await?;
        if !plans.iter().any(|plan| plan.id == id.0) {
            flaws.push(Code::NoSuchRecord.at("/plan_id"));
        }
    }
    ApiError::if_any(flaws)
}

/// Whoever speaks for the owner does it on the owner's behalf.
pub async fn on_behalf_of(tx: &Tx<'_>, business: BusinessId) -> Result<Option<Party>> {
    let owner = businesses::owner_of(tx, business).await?.map(Party::Person);
    Ok(owner.filter(|owner| *owner != tx.actor.party))
}

/// What an action needs besides: to submit, the owner's NIK; to forward, a lender, and the owner's consent
/// to it.
pub async fn pass(tx: &Tx<'_>, referral: &Referral, wanted: &MoveReferral) -> Result<()> {
    match (wanted.action, wanted.lender_id) {
        (Action::Submit, _) => {
            let owner = owner(tx, referral).await?;
            let person = persons::lock(tx, Reach::All, owner).await?;
            if persons::has_nik(&person) { Ok(()) } else { Err(blocked("nik_missing")) }
        }
        (Action::Forward, Some(lender)) => {
            must_lend(tx, lender).await?;
            let owner = owner(tx, referral).await?;
            let consent = persons::consent(tx, owner, Purpose::Lender, Some(lender.0)).await?;
            consent.map(|_| ()).ok_or(blocked("consent_missing"))
        }
        _ => Ok(()),
    }
}

async fn owner(tx: &Tx<'_>, referral: &Referral) -> Result<PersonId> {
    businesses::owner_of(tx, referral.fields.business_id).await?.ok_or(blocked("owner_missing"))
}

async fn must_lend(tx: &Tx<'_>, id: InstitutionId) -> Result<()> {
    let found = institutions::lock(tx, tx.reach_of(Permission::ReadInstitutions)?, id).await;
    let institution = found.map_err(|error| error.in_body("/lender_id"))?;
    let lends = institution.fields.kind == institutions::Kind::Lender
        && institution.fields.status == institutions::Status::Active;
    if lends { Ok(()) } else { Err(ApiError::invalid(Code::NoSuchRecord.at("/lender_id"))) }
}

fn blocked(code: &'static str) -> ApiError {
    ApiError::Blocked { code, by: vec![] }
}
