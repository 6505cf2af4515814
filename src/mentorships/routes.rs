//! The addresses of mentorships, and of what belongs to one.

use actix_web::{get, patch, post, web::Path};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    agreed_actions, evaluation, objectives,
    payloads::{Mentorship, MentorshipFields, MentorshipFilter, MoveMentorship},
    plan,
    proposal::propose,
    rules::{self, LIFECYCLE},
    sessions, steps, store,
};
use crate::{
    access::{
        Granted,
        may::{ReadMentorships, WriteMentorships},
    },
    error::Result,
    http::{Answer, Created, IfMatch, Json, MergePatch, Page, Query, Versioned},
    ids::MentorshipId,
    lifecycle::Transitions,
    log::{self, Event, EventOut, HistoryFilter},
    records::Record,
};

pub fn most_asked(config: &mut ServiceConfig<'_>) {
    config.service(list_mentorships).service(get_mentorship);
}

pub fn routes(config: &mut ServiceConfig<'_>) {
    evaluation::routes(config);
    let mentorships = scope("/mentorships").service(create_mentorship).service(update_mentorship);
    let mentorships = mentorships.service(move_mentorship).service(list_mentorship_transitions);
    let mentorships = mentorships.service(list_mentorship_history).configure(objectives::routes);
    config.service(
        mentorships.configure(sessions::routes).configure(agreed_actions::routes).configure(plan::routes),
    );
}

/// List mentorships.
///
/// The newest first.
#[utoipa::path(params(MentorshipFilter), responses((status = 200, body = Page<Mentorship>)))]
#[get("/mentorships")]
async fn list_mentorships(
    granted: Granted<ReadMentorships>,
    query: Query<MentorshipFilter>,
) -> Result<Page<Mentorship>> {
    store::list(&granted, query).await
}

/// Get a mentorship.
#[utoipa::path(responses((status = 200, body = Mentorship)))]
#[get("/mentorships/{id}")]
async fn get_mentorship(
    granted: Granted<ReadMentorships>,
    id: Path<MentorshipId>,
) -> Result<Versioned<Mentorship>> {
    Ok(Versioned(store::find(&granted, *id).await?))
}

/// Propose a mentorship.
///
/// To an active mentor with room for it, of a business that takes part in an open or running cohort. The
/// mentor has seven days to answer.
#[utoipa::path(responses((status = 201, body = Mentorship)))]
#[post("")]
async fn create_mentorship(
    granted: Granted<WriteMentorships>,
    Json(fields): Json<MentorshipFields>,
) -> Result<Answer> {
    granted
        .write(&fields, async |tx| {
            let (mentorship, events) = propose(tx, &fields).await?;
            Ok((Created(mentorship), events))
        })
        .await
}

/// Change a mentorship's letter or note.
#[utoipa::path(
    request_body(content = MentorshipFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = Mentorship)),
)]
#[patch("/{id}")]
async fn update_mentorship(
    granted: Granted<WriteMentorships>,
    id: Path<MentorshipId>,
    read: IfMatch,
    patch: MergePatch<MentorshipFields>,
) -> Result<Answer> {
    granted
        .write(&patch, async |tx| {
            let before = store::lock(tx, tx.reach, *id).await?;
            read.check(&before)?;
            let fields = patch.apply(&before.fields, Mentorship::READ)?;
            rules::keeps_its_parties(&before.fields, &fields)?;
            let after = store::update(tx, *id, &fields).await?;
            let event = Event::changed(&before, &*after, "updated");
            Ok((Versioned(after), event))
        })
        .await
}

/// Take an action on a mentorship.
///
/// The action says which permission it needs besides.
#[utoipa::path(responses((status = 200, body = Mentorship)))]
#[post("/{id}/transitions")]
async fn move_mentorship(
    granted: Granted<ReadMentorships>,
    id: Path<MentorshipId>,
    read: Option<IfMatch>,
    Json(wanted): Json<MoveMentorship>,
) -> Result<Answer> {
    granted
        .write(&wanted, async |tx| {
            let before = store::lock_seen(tx, tx.reach, *id).await?;
            IfMatch::check_if_sent(read.as_ref(), &before)?;
            let step = LIFECYCLE.decide(tx, &before, wanted.action, &wanted)?;
            let (course, mentor) = steps::take(tx, &before, step, &wanted).await?;
            let after = store::advance(tx, *id, &course, mentor.as_ref()).await?;
            let shared = steps::share_as(tx, &before, &after).await?;
            let event = Event::changed(&before, &*after, step.event()).with("move", &wanted);
            Ok((Versioned(after), (event, shared)))
        })
        .await
}

/// List a mentorship's moves.
///
/// Where it stands, what the caller could do with it, and the moves that led there, the latest first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Transitions)))]
#[get("/{id}/transitions")]
async fn list_mentorship_transitions(
    granted: Granted<ReadMentorships>,
    id: Path<MentorshipId>,
    query: Query<HistoryFilter>,
) -> Result<Transitions> {
    LIFECYCLE.transitions(&granted, &*store::find(&granted, *id).await?, &query).await
}

/// List what happened to a mentorship.
///
/// The latest first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Page<EventOut>)))]
#[get("/{id}/history")]
async fn list_mentorship_history(
    granted: Granted<ReadMentorships>,
    id: Path<MentorshipId>,
    query: Query<HistoryFilter>,
) -> Result<Page<EventOut>> {
    log::history(&granted, &*store::find(&granted, *id).await?, &query).await
}
