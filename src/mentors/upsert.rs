//! A mentor by the id that a partner's system gives him: registered where there is none, changed where he is
//! otherwise, left alone where he is the same. What others keep of him stays theirs.

use std::rc::Rc;

use actix_web::{put, web::Path};
use serde_json::Value;

use super::{
    bulk, intake,
    payloads::{Mentor, MentorFields, Source, Status},
    rules, store,
    sync::{is_silent, without_id},
};
use crate::{
    access::{Granted, Party, Permission, may::CreateMentors},
    error::{ApiError, Result},
    http::{Answer, Code, Flaw, Json, Put, json},
    ids::MentorId,
    institutions,
    log::{Event, Events},
    records::{Tx, external_ids::ExternalId},
};

/// What became of it; without events, where nothing had to be changed.
pub struct Upserted {
    pub mentor: Rc<Mentor>,
    pub events: Vec<Event>,
    pub created: bool,
}

/// Register or change the mentor whom your system knows by this id.
///
/// The same again changes nothing. Fields that the programme keeps (`capacity`, `expertise_confirmed`) stay as they
/// are where you leave them out. An institution's source is its code.
#[utoipa::path(
    params(("source" = String, Path, example = "ut"), ("value" = String, Path, example = "P-00017")),
    responses((status = 200, body = Mentor), (status = 201, body = Mentor)),
)]
#[put("/by-external-id/{source}/{value}")]
pub async fn put_mentor(
    granted: Granted<CreateMentors>,
    path: Path<(String, String)>,
    Json(fields): Json<MentorFields>,
) -> Result<Answer> {
    let (source, value) = path.into_inner();
    let id = ExternalId { source, value };
    granted
        .write(&fields, async |tx| {
            of_own_source(tx, &id).await?;
            let Upserted { mentor, events, created } = upsert(tx, &id, &fields).await?;
            let answer = Put { collection: "/v1/mentors", record: mentor, created };
            Ok((answer, Events::all(events)))
        })
        .await
}

/// An institution speaks for its own ids alone.
pub async fn of_own_source(tx: &Tx<'_>, id: &ExternalId) -> Result<()> {
    let Party::Institution(own) = tx.actor.party else { return Ok(()) };
    let own = institutions::lock(tx, tx.reach_of(Permission::ReadInstitutions)?, own).await?;
    match own.fields.code == id.source {
        true => Ok(()),
        false => Err(ApiError::invalid(Code::NotAllowed.of_parameter("source", own.fields.code))),
    }
}

pub async fn upsert(tx: &Tx<'_>, id: &ExternalId, fields: &MentorFields) -> Result<Upserted> {
    let mut fields = fields.clone();
    if !fields.external_ids.0.contains(id) {
        fields.external_ids.0.push(id.clone());
    }
    let Some(known) = id.record(tx, "mentor").await? else {
        let (mentor, event) = intake::create(tx, &fields, Source::Sync).await?;
        return Ok(Upserted { mentor, events: vec![event], created: true });
    };
    let before = store::lock(tx, tx.reach, MentorId(known)).await.map_err(|error| match error {
        ApiError::NotFound => ApiError::duplicate("external_ids"),
        error => error,
    })?;
    if before.status == Status::Ended {
        // He comes back as a new mentor.
        let former = without_id(tx, &before, id).await?;
        bulk::update(tx, &[&former]).await?;
        let left = Event::changed(&before, &former.mentor, "updated");
        let (mentor, event) = intake::create(tx, &fields, Source::Sync).await?;
        return Ok(Upserted { mentor, events: vec![left, event], created: true });
    }
    let was = before.as_sent();
    for known in &was.external_ids.0 {
        if !fields.external_ids.0.contains(known) {
            fields.external_ids.0.push(known.clone());
        }
    }
    if fields.external_ids.0.len() == was.external_ids.0.len() {
        fields.external_ids = was.external_ids.clone();
    }
    let kept = rules::kept_by_others(tx.actor.party, before.fields.institution_id);
    let fields = rules::settled(beside(&kept, &was, &fields)?, tx.actor.party);
    if same(&was, &fields)? {
        return Ok(Upserted { mentor: Rc::new(before), events: vec![], created: false });
    }
    let (mentor, event) = intake::change(tx, &before, &was, fields, Source::Sync).await?;
    Ok(Upserted { mentor, events: vec![event], created: false })
}

/// The fields, but those that others keep as they were: left out, they stay; said otherwise, they are refused.
fn beside(kept: &[&str], was: &MentorFields, fields: &MentorFields) -> Result<MentorFields> {
    let (was, mut said) = (json::object(was)?, json::object(fields)?);
    let mut flaws: Vec<Flaw> = Vec::new();
    for field in kept {
        let (was, said) = (was.get(*field).cloned().unwrap_or_default(), said.get_mut(*field));
        let Some(said) = said else { continue };
        if !is_silent(said) && *said != was {
            flaws.push(Code::NotYours.at(format!("/{field}")));
        }
        *said = was;
    }
    ApiError::if_any(flaws)?;
    serde_json::from_value(Value::Object(said)).map_err(ApiError::internal)
}

/// Without a capacity of his own a mentor has what he has.
fn same(was: &MentorFields, fields: &MentorFields) -> Result<bool> {
    let fields = MentorFields { capacity: fields.capacity.or(was.capacity), ..fields.clone() };
    Ok(json::object(was)? == json::object(&fields)?)
}
