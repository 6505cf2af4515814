//! The addresses of the businesses in a cohort.

use actix_web::{get, post, web::Path};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    payloads::{Invitation, MoveParticipant, Participant, ParticipantFilter},
    rules::LIFECYCLE,
    steps, store,
};
use crate::{
    access::{
        Granted,
        may::{ReadParticipants, WriteParticipants},
    },
    cohorts::store as cohorts,
    error::Result,
    http::{Answer, Created, IfMatch, Json, Page, Query, Versioned},
    ids::{CohortId, ParticipantId},
    lifecycle::Transitions,
    log::{self, Event, EventOut, HistoryFilter},
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    let participants = scope("/cohorts/{id}/participants").service(list_participants);
    let participants = participants.service(get_participant).service(create_participant);
    let participants = participants.service(move_participant).service(list_participant_transitions);
    config.service(participants.service(list_participant_history));
}

/// List the participants of a cohort.
///
/// The newest first.
#[utoipa::path(params(CohortId, ParticipantFilter), responses((status = 200, body = Page<Participant>)))]
#[get("")]
async fn list_participants(
    granted: Granted<ReadParticipants>,
    cohort: Path<CohortId>,
    query: Query<ParticipantFilter>,
) -> Result<Page<Participant>> {
    cohorts::must_be_seen(&granted, *cohort).await?;
    store::list(&granted, *cohort, query).await
}

/// Get a participant.
#[utoipa::path(
    params(CohortId, ("participant_id" = ParticipantId, Path)),
    responses((status = 200, body = Participant)),
)]
#[get("/{participant_id}")]
async fn get_participant(
    granted: Granted<ReadParticipants>,
    path: Path<(CohortId, ParticipantId)>,
) -> Result<Versioned<Participant>> {
    Ok(Versioned(store::find(&granted, path.0, path.1).await?))
}

/// Invite a business into a cohort.
#[utoipa::path(params(CohortId), responses((status = 201, body = Participant)))]
#[post("")]
async fn create_participant(
    granted: Granted<WriteParticipants>,
    cohort: Path<CohortId>,
    Json(invitation): Json<Invitation>,
) -> Result<Answer> {
    granted
        .write(&invitation, async |tx| {
            let participant = steps::invite(tx, *cohort, invitation.business_id).await?;
            let event = Event::created(&*participant);
            Ok((Created(participant), event))
        })
        .await
}

/// Move a participant.
///
/// The action says which permission it needs besides.
#[utoipa::path(
    params(CohortId, ("participant_id" = ParticipantId, Path)),
    responses((status = 200, body = Participant)),
)]
#[post("/{participant_id}/transitions")]
async fn move_participant(
    granted: Granted<ReadParticipants>,
    path: Path<(CohortId, ParticipantId)>,
    read: Option<IfMatch>,
    Json(wanted): Json<MoveParticipant>,
) -> Result<Answer> {
    granted.write(&wanted, async |tx| steps::advance(tx, *path, read.as_ref(), &wanted).await).await
}

/// List the moves of a participant.
///
/// Where it stands, what you could do with it, and its moves, the latest first.
#[utoipa::path(
    params(CohortId, ("participant_id" = ParticipantId, Path), HistoryFilter),
    responses((status = 200, body = Transitions)),
)]
#[get("/{participant_id}/transitions")]
async fn list_participant_transitions(
    granted: Granted<ReadParticipants>,
    path: Path<(CohortId, ParticipantId)>,
    query: Query<HistoryFilter>,
) -> Result<Transitions> {
    LIFECYCLE.transitions(&granted, &*store::find(&granted, path.0, path.1).await?, &query).await
}

/// List what happened to a participant.
///
/// The latest first.
#[utoipa::path(
    params(CohortId, ("participant_id" = ParticipantId, Path), HistoryFilter),
    responses((status = 200, body = Page<EventOut>)),
)]
#[get("/{participant_id}/history")]
async fn list_participant_history(
    granted: Granted<ReadParticipants>,
    path: Path<(CohortId, ParticipantId)>,
    query: Query<HistoryFilter>,
) -> Result<Page<EventOut>> {
    log::history(&granted, &*store::find(&granted, path.0, path.1).await?, &query).await
}
