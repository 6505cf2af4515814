//! The addresses of mentors.

use actix_web::{get, patch, post, web::Path};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    duplicates, intake, interests,
    load::get_mentor_load,
    payloads::{Mentor, MentorFields, MentorFilter, MoveMentor, Source},
    qualifications,
    rules::{self, LIFECYCLE},
    store, upsert,
};
use crate::{
    access::{
        Granted,
        may::{CreateMentors, ReadMentors, WriteMentors},
    },
    error::Result,
    http::{Answer, Created, IfMatch, Json, MergePatch, Page, Query, Versioned},
    ids::MentorId,
    lifecycle::Transitions,
    log::{self, Event, EventOut, HistoryFilter},
    records::{
        Record,
        duplicates::{Registered, of},
    },
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    // The longer paths first: a scope keeps all that begins like it.
    qualifications::routes(config);
    interests::routes(config);
    let mentors = scope("/mentors").service(list_mentors).service(get_mentor);
    let mentors = mentors.service(upsert::put_mentor).service(create_mentor).service(update_mentor);
    let mentors = mentors.service(move_mentor).service(list_mentor_transitions);
    let mentors = mentors.service(get_mentor_load).service(duplicates::get_mentor_duplicates);
    config.service(mentors.service(list_mentor_history));
}

/// List mentors.
///
/// The newest first.
#[utoipa::path(params(MentorFilter), responses((status = 200, body = Page<Mentor>)))]
#[get("")]
async fn list_mentors(granted: Granted<ReadMentors>, query: Query<MentorFilter>) -> Result<Page<Mentor>> {
    store::list(&granted, query).await
}

/// Get a mentor.
#[utoipa::path(responses((status = 200, body = Mentor)))]
#[get("/{id}")]
async fn get_mentor(granted: Granted<ReadMentors>, id: Path<MentorId>) -> Result<Versioned<Mentor>> {
    Ok(Versioned(store::find(&granted, *id).await?))
}

/// Register a mentor, who is a candidate until the programme activates him.
#[utoipa::path(responses((status = 201, body = Registered<Mentor>)))]
#[post("")]
async fn create_mentor(granted: Granted<CreateMentors>, Json(fields): Json<MentorFields>) -> Result<Answer> {
    granted
        .write(&fields, async |tx| {
            let (mentor, event) = intake::create(tx, &fields, Source::Manual).await?;
            let alike = of::<Mentor>(tx, tx.sql(), mentor.id).await?;
            Ok((Created(Registered::new(mentor, alike)), event))
        })
        .await
}

/// Change a mentor.
///
/// Each field by who keeps it: the institution, the mentor himself, or the programme.
#[utoipa::path(
    request_body(content = MentorFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = Mentor)),
)]
#[patch("/{id}")]
async fn update_mentor(
    granted: Granted<WriteMentors>,
    id: Path<MentorId>,
    read: IfMatch,
    patch: MergePatch<MentorFields>,
) -> Result<Answer> {
    granted
        .write(&patch, async |tx| {
            let before = store::lock(tx, tx.reach, *id).await?;
            read.check(&before)?;
            patch.names_none_of(&rules::kept_by_others(tx.actor.party, before.fields.institution_id))?;
            let was = before.as_sent();
            let fields = patch.apply(&was, Mentor::READ)?;
            let (after, event) = intake::change(tx, &before, &was, fields, Source::Manual).await?;
            Ok((Versioned(after), event))
        })
        .await
}

/// Activate a mentor, let him go on leave, or end his part in the programme.
///
/// Who still coaches is `ending` until others have taken over or his mentorships have ended. Each open
/// mentorship of one who leaves or goes on leave is handed over to the programme.
#[utoipa::path(responses((status = 200, body = Mentor)))]
#[post("/{id}/transitions")]
async fn move_mentor(
    granted: Granted<ReadMentors>,
    id: Path<MentorId>,
    read: Option<IfMatch>,
    Json(wanted): Json<MoveMentor>,
) -> Result<Answer> {
    granted
        .write(&wanted, async |tx| {
            let before = store::lock(tx, tx.reach, *id).await?;
            IfMatch::check_if_sent(read.as_ref(), &before)?;
            let step = LIFECYCLE.decide(tx, &before, wanted.action, &wanted)?;
            let reached = rules::reached(step, !store::open_mentorships(tx, *id).await?.is_empty());
            let after = store::advance(tx, *id, reached).await?;
            let event = Event::changed(&before, &*after, reached.as_str()).with("move", &wanted);
            Ok((Versioned(after), event.through(store::coached_by(tx, *id).await?)))
        })
        .await
}

/// Say where a mentor stands and how he came there.
///
/// What the caller could do with him, and his moves, the latest first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Transitions)))]
#[get("/{id}/transitions")]
async fn list_mentor_transitions(
    granted: Granted<ReadMentors>,
    id: Path<MentorId>,
    query: Query<HistoryFilter>,
) -> Result<Transitions> {
    LIFECYCLE.transitions(&granted, &*store::find(&granted, *id).await?, &query).await
}

/// List what happened to a mentor.
///
/// The latest first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Page<EventOut>)))]
#[get("/{id}/history")]
async fn list_mentor_history(
    granted: Granted<ReadMentors>,
    id: Path<MentorId>,
    query: Query<HistoryFilter>,
) -> Result<Page<EventOut>> {
    log::history(&granted, &*store::find_even_merged(&granted, *id).await?, &query).await
}
