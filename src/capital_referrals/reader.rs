//! Ends what rested on a consent that is withdrawn: referrals that wait for the lender's answer. What a
//! lender has approved is its own contract with the owner.

use serde_json::json;

use super::{
    payloads::{Action, Course, Status},
    steps, store,
};
use crate::{
    access::Reach,
    businesses,
    error::Result,
    ids::{ConsentId, InstitutionId},
    log::{Event, Logged, Reader},
    persons::{self, Purpose},
    records::Tx,
};

pub const READER: Reader = Reader {
    name: "capital_referrals",
    kinds: &["consent.withdrawn"],
    work: |tx, event| Box::pin(withdraw(tx, event)),
};

async fn withdraw(tx: &Tx<'_>, event: &Logged) -> Result<Vec<Event>> {
    let consent = persons::consent_by_id(tx, Reach::All, ConsentId(event.subject_id)).await?;
    let (Purpose::Lender, Some(lender)) = (consent.fields.purpose, consent.fields.receiver_id) else {
        return Ok(vec![]);
    };
    // Given twice, or again meanwhile: then one still stands.
    if persons::consent(tx, consent.person_id, Purpose::Lender, Some(lender)).await?.is_some() {
        return Ok(vec![]);
    }
    let mut events = Vec::new();
    for before in store::lock_forwarded_to(tx, InstitutionId(lender)).await? {
        if businesses::owner_of(tx, before.fields.business_id).await? != Some(consent.person_id) {
            continue;
        }
        let course = Course { status: Status::Withdrawn, due_on: None, ..before.course.clone() };
        let after = store::advance(tx, before.id, &course, &before.documents).await?;
        let why = json!({ "action": Action::Withdraw, "reason_code": "consent_withdrawn" });
        events.push(Event::changed(&before, &*after, Status::Withdrawn.as_str()).with("move", &why));
        events.extend(steps::seen_by(tx, &after).await?);
    }
    Ok(events)
}
