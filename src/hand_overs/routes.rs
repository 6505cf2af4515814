//! The addresses of hand-overs.

use actix_web::{get, post, web::Path};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    payloads::{HandOver, HandOverFilter, MoveHandOver},
    rules::LIFECYCLE,
    steps, store,
};
use crate::{
    access::{Granted, may::ReadHandOvers},
    error::Result,
    http::{Answer, IfMatch, Json, Page, Query, Versioned},
    ids::HandOverId,
    lifecycle::Transitions,
    log::{self, EventOut, HistoryFilter},
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    let hand_overs = scope("/hand-overs").service(list_hand_overs).service(get_hand_over);
    let hand_overs = hand_overs.service(move_hand_over).service(list_hand_over_transitions);
    config.service(hand_overs.service(list_hand_over_history));
}

/// List hand-overs.
///
/// The newest first. A division sees those to it.
#[utoipa::path(params(HandOverFilter), responses((status = 200, body = Page<HandOver>)))]
#[get("")]
async fn list_hand_overs(
    granted: Granted<ReadHandOvers>,
    query: Query<HandOverFilter>,
) -> Result<Page<HandOver>> {
    store::list(&granted, query).await
}

/// Get a hand-over.
#[utoipa::path(responses((status = 200, body = HandOver)))]
#[get("/{id}")]
async fn get_hand_over(granted: Granted<ReadHandOvers>, id: Path<HandOverId>) -> Result<Versioned<HandOver>> {
    Ok(Versioned(store::find(&granted, *id).await?))
}

/// Take an action on a hand-over.
///
/// Each division answers its own. What it declines goes back to the programme.
#[utoipa::path(responses((status = 200, body = HandOver)))]
#[post("/{id}/transitions")]
async fn move_hand_over(
    granted: Granted<ReadHandOvers>,
    id: Path<HandOverId>,
    read: Option<IfMatch>,
    Json(wanted): Json<MoveHandOver>,
) -> Result<Answer> {
    granted
        .write(&wanted, async |tx| {
            let before = store::lock(tx, tx.reach, *id).await?;
            IfMatch::check_if_sent(read.as_ref(), &before)?;
            let (after, events) = steps::take(tx, &before, &wanted).await?;
            Ok((Versioned(after), events))
        })
        .await
}

/// List a hand-over's moves.
///
/// With its status, and what the caller could do with it. The latest move first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Transitions)))]
#[get("/{id}/transitions")]
async fn list_hand_over_transitions(
    granted: Granted<ReadHandOvers>,
    id: Path<HandOverId>,
    query: Query<HistoryFilter>,
) -> Result<Transitions> {
    LIFECYCLE.transitions(&granted, &*store::find(&granted, *id).await?, &query).await
}

/// List what happened to a hand-over.
///
/// The latest first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Page<EventOut>)))]
#[get("/{id}/history")]
async fn list_hand_over_history(
    granted: Granted<ReadHandOvers>,
    id: Path<HandOverId>,
    query: Query<HistoryFilter>,
) -> Result<Page<EventOut>> {
    log::history(&granted, &*store::find(&granted, *id).await?, &query).await
}
