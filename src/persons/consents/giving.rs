//! Giving a consent and withdrawing it, with what follows at once.

use std::rc::Rc;

use super::{
    payloads::{Consent, ConsentFields, Purpose},
    rules, store,
};
use crate::{
    access::{Party, Permission, Reach},
    error::{ApiError, Result},
    http::Code,
    ids::{InstitutionId, PersonId},
    institutions::{self, Kind},
    log::Event,
    persons::{intake, store as persons},
    records::{Tx, cite_one},
};

pub async fn give(tx: &Tx<'_>, person: PersonId, fields: &ConsentFields) -> Result<Rc<Consent>> {
    let by_the_person = tx.actor.party == Party::Person(person);
    let reference = tx.worker.reference();
    let flaws = rules::flaws(fields, by_the_person, &reference, tx.today());
    ApiError::if_any(flaws)?;
    must_be_a_receiver(tx, fields, rules::receiver_kind(fields, &reference, tx.today())).await?;
    if let Some(same) = store::same(tx, person, fields).await? {
        let of = Some(format!("/v1/persons/{person}/consents/{same}"));
        return Err(ApiError::Duplicate { what: "purpose".into(), of });
    }
    cite_one(tx, &[person.into()], fields.evidence.as_ref()).await?;
    let form = fields.evidence.as_ref().map(|form| tx.worker.start_of(form.dated_on));
    store::insert(tx, person, fields, form.unwrap_or(tx.now)).await
}

/// A cooperative is looked at where the consent is used: it is a matter of later features.
async fn must_be_a_receiver(tx: &Tx<'_>, fields: &ConsentFields, kind: Option<&str>) -> Result<()> {
    let wanted = match kind {
        Some("lender") => Kind::Lender,
        Some("institution") => Kind::University,
        _ => return Ok(()),
    };
    let Some(id) = fields.receiver_id else { return Ok(()) };
    let reach = tx.reach_of(Permission::ReadInstitutions)?;
    match institutions::lock(tx, reach, InstitutionId(id)).await {
        Ok(institution) if institution.fields.kind == wanted => Ok(()),
        Ok(_) => Err(ApiError::invalid(Code::Conflict.expecting("/receiver_id", "purpose"))),
        Err(ApiError::NotFound) => Err(ApiError::invalid(Code::NoSuchRecord.at("/receiver_id"))),
        Err(error) => Err(error),
    }
}

/// The consent withdrawn, and what else changed: a disability is not kept without one.
pub async fn withdraw(tx: &Tx<'_>, consent: &Consent) -> Result<(Rc<Consent>, Vec<Event>)> {
    let withdrawn = store::withdraw(tx, consent.id).await?;
    let other = store::consent(tx, consent.person_id, Purpose::Disability, None);
    if consent.fields.purpose != Purpose::Disability || other.await?.is_some() {
        return Ok((withdrawn, vec![]));
    }
    let held = persons::hold(tx, Reach::All, consent.person_id).await?;
    if held.fields.disability.is_none() {
        return Ok((withdrawn, vec![]));
    }
    let mut fields = held.fields.clone();
    fields.disability = None;
    let (_, event) = intake::change(tx, &held, fields, true).await?;
    Ok((withdrawn, vec![event]))
}
