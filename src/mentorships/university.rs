//! A mentor's university knows whom he coaches only with the owner's consent. From the first day of coaching
//! on the business is shared with it for as long as the consent stands.
//!
//! Mentorships begin and consents are given in transactions that do not wait for each other. Reading both
//! from the log, whichever comes later sees the other.

use serde_json::Value;
use uuid::Uuid;

use super::store;
use crate::{
    access::{Party, Reach},
    businesses,
    error::Result,
    ids::{BusinessId, ConsentId, InstitutionId, MentorshipId, PersonId},
    log::{Event, Logged, Reader, share, sharing::unshare_all, unshare_from},
    persons::{self, Purpose},
    records::Tx,
};

pub const READER: Reader = Reader {
    name: "mentorships.university",
    kinds: &["mentorship.active", "mentorship.transferred", "consent.created", "consent.withdrawn"],
    work: |tx, event| Box::pin(follow(tx, event)),
};

async fn follow(tx: &Tx<'_>, event: &Logged) -> Result<Vec<Event>> {
    match event.kind.as_str() {
        "mentorship.active" => begun(tx, MentorshipId(event.subject_id)).await,
        "mentorship.transferred" => passed_on(tx, event).await,
        "consent.created" => consented(tx, event).await,
        _ => unshare_all(tx, event.subject_id).await,
    }
}

async fn begun(tx: &Tx<'_>, id: MentorshipId) -> Result<Vec<Event>> {
    let mentorship = store::lock(tx, Reach::All, id).await?;
    let business = mentorship.fields.business_id;
    let owner = businesses::owner_of(tx, business).await?;
    let (Some(owner), Some(institution)) = (owner, mentorship.institution_id) else { return Ok(vec![]) };
    match persons::consent(tx, owner, Purpose::UniversityNamed, Some(institution.0)).await? {
        Some(consent) => name(tx, business, institution, consent).await,
        None => Ok(vec![]),
    }
}

/// The new mentor's university, if it has another one, takes the place of the old one's.
async fn passed_on(tx: &Tx<'_>, event: &Logged) -> Result<Vec<Event>> {
    let id = MentorshipId(event.subject_id);
    let mentorship = store::lock(tx, Reach::All, id).await?;
    let before = event.data.pointer("/before/institution_id").and_then(Value::as_str);
    let Some(old) = before.and_then(|text| Uuid::parse_str(text).ok()).map(InstitutionId) else {
        return Ok(vec![]);
    };
    let mut events = Vec::new();
    let business = mentorship.fields.business_id;
    if let Some(owner) = businesses::owner_of(tx, business).await? {
        let consent = persons::consent(tx, owner, Purpose::UniversityNamed, Some(old.0)).await?;
        let still = store::coached_for(tx, old, owner).await?.contains(&business);
        if let (Some(consent), false) = (consent, still) {
            events.extend(unshare_from(tx, business, Party::Institution(old), consent).await?);
        }
    }
    if mentorship.course.starts_on.is_some() {
        events.extend(begun(tx, id).await?);
    }
    Ok(events)
}

async fn consented(tx: &Tx<'_>, event: &Logged) -> Result<Vec<Event>> {
    let of = |field: &str| event.data.pointer(&format!("/after/{field}")).and_then(Value::as_str);
    let id = |field: &str| of(field).and_then(|text| Uuid::parse_str(text).ok());
    let (Some(person), Some(institution)) = (id("person_id"), id("receiver_id")) else { return Ok(vec![]) };
    let (person, institution) = (PersonId(person), InstitutionId(institution));
    let consent = persons::consent(tx, person, Purpose::UniversityNamed, Some(institution.0)).await?;
    let Some(consent) = consent.filter(|_| of("purpose") == Some(Purpose::UniversityNamed.as_str())) else {
        return Ok(vec![]);
    };
    let mut events = Vec::new();
    for business in store::coached_for(tx, institution, person).await? {
        if businesses::owner_of(tx, business).await? == Some(person) {
            events.extend(name(tx, business, institution, consent).await?);
        }
    }
    Ok(events)
}

async fn name(
    tx: &Tx<'_>,
    business: BusinessId,
    institution: InstitutionId,
    consent: ConsentId,
) -> Result<Vec<Event>> {
    share(tx, business, Party::Institution(institution), consent).await
}
