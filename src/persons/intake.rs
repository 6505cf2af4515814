//! How a person comes in and is changed: judged, compared with those who are there, sealed, kept.

use std::rc::Rc;

use futures_util::future::try_join;

use super::{
    consents::{self, Purpose},
    payloads::{Person, PersonFields},
    rules::{self, Known},
    sealed::{Sealed, Sealer},
    store::{self, Held},
};
use crate::{
    error::{ApiError, Result},
    http::{Code, Flaw},
    ids::PersonId,
    log::Event,
    records::Tx,
};

/// # Errors
/// `Invalid` with pointers into the fields: `under("/owner")` where they stood inside a larger body.
/// `Duplicate` when there is somebody with this NIK, who is named as far as the caller may see her.
pub async fn create(tx: &Tx<'_>, fields: &PersonFields) -> Result<(Rc<Person>, Event)> {
    create_as(tx, PersonId::generate(), fields).await
}

/// With an id that other rows of the same write may name before the person's is there.
pub async fn create_as(tx: &Tx<'_>, id: PersonId, fields: &PersonFields) -> Result<(Rc<Person>, Event)> {
    let flaws = flaws(tx, fields);
    ApiError::if_any(flaws)?;
    let fields = rules::settled(fields.clone(), None, false);
    refuse_known_nik(tx, &fields, id).await?;
    let inserted = async {
        // Made already: the key's row and the person's travel together.
        let key = tx.subject_key(id.0).await?;
        let sealer = Sealer { tx, key: &key, person: id };
        let sealed = sealer.seal(&fields, &PersonFields::default(), Sealed::default())?;
        store::insert(tx, id, &fields.profile(), &sealed).await
    };
    let (_, person) = try_join(tx.new_subject(id.0), inserted).await?;
    if !fields.external_ids.0.is_empty() {
        assign_external_ids(tx, &fields, id).await?;
    }
    let event = Event::created(&person.for_the_log());
    Ok((person, event))
}

/// Makes of a person what `fields` say; `names_identity` when the client said how well she is known.
pub async fn change(
    tx: &Tx<'_>,
    before: &Held,
    fields: PersonFields,
    names_identity: bool,
) -> Result<(Rc<Person>, Event)> {
    let id = before.person.id;
    let fields = rules::settled(fields, Some(&before.fields), names_identity);
    let told = fields.disability.is_some() && fields.disability != before.fields.disability;
    let consented = told && consents::consent(tx, id, Purpose::Disability, None).await?.is_some();
    judge(tx, &fields, told && !consented)?;
    if fields.nik != before.fields.nik {
        refuse_known_nik(tx, &fields, id).await?;
    }
    if fields.external_ids != before.fields.external_ids {
        assign_external_ids(tx, &fields, id).await?;
    }
    let key = tx.subject_key(id.0).await?;
    let sealer = Sealer { tx, key: &key, person: id };
    let sealed = sealer.seal(&fields, &before.fields, before.sealed.clone())?;
    let after = store::update(tx, id, &fields.profile(), &sealed).await?;
    let event = Event::changed(&before.person.for_the_log(), &after.for_the_log(), "updated");
    Ok((after, event.through(store::businesses_of(tx, id).await?)))
}

/// All that is wrong with the fields of somebody new.
pub fn flaws(tx: &Tx<'_>, fields: &PersonFields) -> Vec<Flaw> {
    let fields = rules::settled(fields.clone(), None, false);
    judged(tx, &fields, fields.disability.is_some())
}

fn judge(tx: &Tx<'_>, fields: &PersonFields, unconsented_disability: bool) -> Result<()> {
    let flaws = judged(tx, fields, unconsented_disability);
    ApiError::if_any(flaws)
}

fn judged(tx: &Tx<'_>, fields: &PersonFields, unconsented_disability: bool) -> Vec<Flaw> {
    let reference = tx.worker.reference();
    let (synthetic_allowed, real_allowed) = (tx.worker.synthetic_allowed(), tx.worker.sandbox().is_none());
    let known = Known { reference: &reference, today: tx.today(), synthetic_allowed, real_allowed };
    let mut flaws = known.flaws(fields);
    if unconsented_disability {
        flaws.push(Code::NotConsented.at("/disability"));
    }
    flaws
}

async fn refuse_known_nik(tx: &Tx<'_>, fields: &PersonFields, id: PersonId) -> Result<()> {
    let Some(nik) = &fields.nik else { return Ok(()) };
    match store::with_nik(tx, nik).await? {
        Some(other) if other != id => {
            Err(ApiError::Duplicate { what: "nik".into(), of: store::path_if_seen(tx, other).await? })
        }
        _ => Ok(()),
    }
}

async fn assign_external_ids(tx: &Tx<'_>, fields: &PersonFields, id: PersonId) -> Result<()> {
    match fields.external_ids.assign(tx, "person", id).await? {
        None => Ok(()),
        Some(other) => {
            let of = store::path_if_seen(tx, PersonId(other)).await?;
            Err(ApiError::Duplicate { what: "external_ids".into(), of })
        }
    }
}
