//! The addresses of merges.

use actix_web::{get, post, web::Path};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    payloads::{Merge, MergeFields, MergeFilter, MoveMerge},
    rules::LIFECYCLE,
    steps, store,
};
use crate::{
    access::{
        Granted,
        may::{ReadMerges, WriteMerges},
    },
    error::Result,
    http::{Answer, Created, IfMatch, Json, Page, Query, Versioned},
    ids::MergeId,
    lifecycle::Transitions,
    log::{self, Event, EventOut, HistoryFilter},
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    let merges = scope("/merges").service(list_merges).service(get_merge).service(create_merge);
    let merges = merges.service(move_merge).service(list_merge_transitions);
    config.service(merges.service(list_merge_history));
}

/// List merges.
///
/// The newest first.
#[utoipa::path(params(MergeFilter), responses((status = 200, body = Page<Merge>)))]
#[get("")]
async fn list_merges(granted: Granted<ReadMerges>, query: Query<MergeFilter>) -> Result<Page<Merge>> {
    store::list(&granted, query).await
}

/// Get a merge.
#[utoipa::path(responses((status = 200, body = Merge)))]
#[get("/{id}")]
async fn get_merge(granted: Granted<ReadMerges>, id: Path<MergeId>) -> Result<Versioned<Merge>> {
    Ok(Versioned(store::find(&granted, *id).await?))
}

/// Merge a duplicate into the record that goes on.
///
/// All that belongs to the one is the other's from now on; its own fields are not mixed in. Where both have
/// what there may be only one of, nothing is merged, and the answer lists it. Who had an account for the
/// duplicate logs in again, for the other.
#[utoipa::path(responses((status = 201, body = Merge)))]
#[post("")]
async fn create_merge(granted: Granted<WriteMerges>, Json(fields): Json<MergeFields>) -> Result<Answer> {
    granted
        .write(&fields, async |tx| {
            let (merge, events) = steps::merge(tx, &fields).await?;
            let event = Event::created(&*merge);
            Ok((Created(merge), (event, events)))
        })
        .await
}

/// Undo a merge.
///
/// Within thirty days, and the last one first. What was handed on goes back; what was made since stays,
/// unless it lies below something that goes back.
#[utoipa::path(responses((status = 200, body = Merge)))]
#[post("/{id}/transitions")]
async fn move_merge(
    granted: Granted<ReadMerges>,
    id: Path<MergeId>,
    read: Option<IfMatch>,
    Json(wanted): Json<MoveMerge>,
) -> Result<Answer> {
    granted
        .write(&wanted, async |tx| {
            let before = store::lock(tx, tx.reach, *id).await?;
            IfMatch::check_if_sent(read.as_ref(), &before)?;
            let step = LIFECYCLE.decide(tx, &before, wanted.action, &wanted)?;
            let (after, events) = steps::undo(tx, &before).await?;
            let event = Event::changed(&before, &*after, step.event()).with("move", &wanted);
            Ok((Versioned(after), (event, events)))
        })
        .await
}

/// List the moves of a merge.
///
/// Where it stands, what you could do with it, and its moves, the latest first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Transitions)))]
#[get("/{id}/transitions")]
async fn list_merge_transitions(
    granted: Granted<ReadMerges>,
    id: Path<MergeId>,
    query: Query<HistoryFilter>,
) -> Result<Transitions> {
    LIFECYCLE.transitions(&granted, &*store::find(&granted, *id).await?, &query).await
}

/// List what happened to a merge.
///
/// The latest first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Page<EventOut>)))]
#[get("/{id}/history")]
async fn list_merge_history(
    granted: Granted<ReadMerges>,
    id: Path<MergeId>,
    query: Query<HistoryFilter>,
) -> Result<Page<EventOut>> {
    log::history(&granted, &*store::find(&granted, *id).await?, &query).await
}
