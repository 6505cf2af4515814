//! How a mentor comes in and is changed: judged, compared with those who are there, sealed, kept.

use std::rc::Rc;

use super::{
    payloads::{Mentor, MentorFields, Source},
    rules::{self, News},
    sealed::Sealed,
    store,
};
use crate::{
    access::{Party, Permission},
    error::{ApiError, Result},
    http::{Code, Flaw},
    ids::MentorId,
    institutions,
    log::Event,
    records::Tx,
};

pub async fn create(tx: &Tx<'_>, fields: &MentorFields, source: Source) -> Result<(Rc<Mentor>, Event)> {
    let fields = rules::settled(fields.clone(), tx.actor.party);
    let mut flaws = Vec::new();
    if matches!(tx.actor.party, Party::Institution(_)) {
        flaws.extend(fields.capacity.map(|_| Code::NotYours.at("/capacity")));
        let confirmed = fields.expertise_confirmed.first();
        flaws.extend(confirmed.map(|_| Code::NotYours.at("/expertise_confirmed")));
    }
    judge(tx, &fields, None, flaws).await?;
    let id = MentorId::generate();
    refuse_known_email(tx, &fields, id).await?;
    let key = tx.new_subject(id.0).await?;
    let mentor =
        store::insert(tx, id, &fields.profile(), &Sealed::of(tx, &key, id, &fields)?, source).await?;
    if !fields.external_ids.0.is_empty() {
        assign_external_ids(tx, &fields, id).await?;
    }
    let event = Event::created(&*mentor);
    Ok((mentor, event))
}

/// Makes of a mentor what `fields` say.
pub async fn change(
    tx: &Tx<'_>,
    before: &Mentor,
    was: &MentorFields,
    fields: MentorFields,
    source: Source,
) -> Result<(Rc<Mentor>, Event)> {
    let fields = rules::settled(fields, tx.actor.party);
    judge(tx, &fields, Some(was), Vec::new()).await?;
    if fields.email != was.email {
        refuse_known_email(tx, &fields, before.id).await?;
    }
    if fields.external_ids != was.external_ids {
        assign_external_ids(tx, &fields, before.id).await?;
    }
    let key = tx.subject_key(before.id.0).await?;
    let sealed = Sealed::of(tx, &key, before.id, &fields)?;
    let after = store::update(tx, before.id, &fields.profile(), &sealed, source).await?;
    let event = Event::changed(before, &*after, "updated");
    Ok((after, event.through(store::coached_by(tx, before.id).await?)))
}

/// What was accepted once is not judged again: an institution may have become inactive since.
async fn judge(
    tx: &Tx<'_>,
    fields: &MentorFields,
    was: Option<&MentorFields>,
    mut flaws: Vec<Flaw>,
) -> Result<()> {
    let party = tx.actor.party;
    flaws.extend(rules::flaws(fields, party, &tx.worker.reference(), tx.today()));
    let news = News::of(was, fields, party);
    if let Some(id) = fields.institution_id.filter(|_| news.concern_the_institution()) {
        let reach = tx.reach_of(Permission::ReadInstitutions)?;
        match institutions::lock(tx, reach, id).await {
            Ok(institution) => flaws.extend(news.flaws(fields, &institution)),
            Err(ApiError::NotFound) => flaws.push(Code::NoSuchRecord.at("/institution_id")),
            Err(error) => return Err(error),
        }
    }
    ApiError::if_any(flaws)
}

async fn refuse_known_email(tx: &Tx<'_>, fields: &MentorFields, id: MentorId) -> Result<()> {
    match store::with_email(tx, &fields.email).await? {
        Some(other) if other != id => {
            Err(ApiError::Duplicate { what: "email".into(), of: store::path_if_seen(tx, other).await? })
        }
        _ => Ok(()),
    }
}

async fn assign_external_ids(tx: &Tx<'_>, fields: &MentorFields, id: MentorId) -> Result<()> {
    match fields.external_ids.assign(tx, "mentor", id).await? {
        None => Ok(()),
        Some(other) => {
            let of = store::path_if_seen(tx, MentorId(other)).await?;
            Err(ApiError::Duplicate { what: "external_ids".into(), of })
        }
    }
}
