//! The addresses of cooperatives.

use actix_web::{get, patch, post, web::Path};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    payloads::{Cooperative, CooperativeFields, CooperativeFilter, MoveCooperative},
    rules::{self, LIFECYCLE},
    store,
};
use crate::{
    access::{
        Granted,
        may::{ReadCooperatives, WriteCooperatives},
    },
    error::Result,
    http::{Answer, Created, IfMatch, Json, MergePatch, Page, Query, Versioned},
    ids::CooperativeId,
    lifecycle::Transitions,
    log::{self, Event, EventOut, HistoryFilter},
    records::Record,
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    let cooperatives = scope("/cooperatives").service(list_cooperatives).service(get_cooperative);
    let cooperatives = cooperatives.service(create_cooperative).service(update_cooperative);
    let cooperatives = cooperatives.service(move_cooperative).service(list_cooperative_transitions);
    config.service(cooperatives.service(list_cooperative_history));
}

/// List cooperatives.
///
/// The newest first. `service_area` finds those that take the people of a village.
#[utoipa::path(params(CooperativeFilter), responses((status = 200, body = Page<Cooperative>)))]
#[get("")]
async fn list_cooperatives(
    granted: Granted<ReadCooperatives>,
    query: Query<CooperativeFilter>,
) -> Result<Page<Cooperative>> {
    store::list(&granted, query).await
}

/// Get a cooperative.
#[utoipa::path(responses((status = 200, body = Cooperative)))]
#[get("/{id}")]
async fn get_cooperative(
    granted: Granted<ReadCooperatives>,
    id: Path<CooperativeId>,
) -> Result<Versioned<Cooperative>> {
    Ok(Versioned(store::find(&granted, *id).await?))
}

/// Register a cooperative.
#[utoipa::path(responses((status = 201, body = Cooperative)))]
#[post("")]
async fn create_cooperative(
    granted: Granted<WriteCooperatives>,
    Json(fields): Json<CooperativeFields>,
) -> Result<Answer> {
    rules::check(&fields, &granted.worker.reference(), granted.today())?;
    granted
        .write(&fields, async |tx| {
            let id = CooperativeId::generate();
            let cooperative = store::insert(tx, id, &fields).await?;
            if !fields.external_ids.0.is_empty() {
                store::assign_external_ids(tx, id, &fields).await?;
            }
            let event = Event::created(&*cooperative);
            Ok((Created(cooperative), event))
        })
        .await
}

/// Change a cooperative.
#[utoipa::path(
    request_body(content = CooperativeFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = Cooperative)),
)]
#[patch("/{id}")]
async fn update_cooperative(
    granted: Granted<WriteCooperatives>,
    id: Path<CooperativeId>,
    read: IfMatch,
    patch: MergePatch<CooperativeFields>,
) -> Result<Answer> {
    granted
        .write(&patch, async |tx| {
            let before = store::lock(tx, tx.reach, *id).await?;
            read.check(&before)?;
            let fields = patch.apply(&before.fields, Cooperative::READ)?;
            rules::check(&fields, &tx.worker.reference(), tx.today())?;
            if fields.external_ids != before.fields.external_ids {
                store::assign_external_ids(tx, *id, &fields).await?;
            }
            let after = store::update(tx, *id, &fields).await?;
            let event = Event::changed(&before, &*after, "updated");
            Ok((Versioned(after), event))
        })
        .await
}

/// Dissolve a cooperative.
///
/// Its enrollments end soon after: see their history.
#[utoipa::path(responses((status = 200, body = Cooperative)))]
#[post("/{id}/transitions")]
async fn move_cooperative(
    granted: Granted<ReadCooperatives>,
    id: Path<CooperativeId>,
    read: Option<IfMatch>,
    Json(wanted): Json<MoveCooperative>,
) -> Result<Answer> {
    granted
        .write(&wanted, async |tx| {
            let before = store::lock(tx, tx.reach, *id).await?;
            IfMatch::check_if_sent(read.as_ref(), &before)?;
            let step = LIFECYCLE.decide(tx, &before, wanted.action, &wanted)?;
            let after = store::advance(tx, *id, step.to).await?;
            let event = Event::changed(&before, &*after, step.event()).with("move", &wanted);
            Ok((Versioned(after), event))
        })
        .await
}

/// List a cooperative's moves.
///
/// With its status, and what the caller could do with it. The latest move first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Transitions)))]
#[get("/{id}/transitions")]
async fn list_cooperative_transitions(
    granted: Granted<ReadCooperatives>,
    id: Path<CooperativeId>,
    query: Query<HistoryFilter>,
) -> Result<Transitions> {
    LIFECYCLE.transitions(&granted, &*store::find(&granted, *id).await?, &query).await
}

/// List what happened to a cooperative.
///
/// The latest first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Page<EventOut>)))]
#[get("/{id}/history")]
async fn list_cooperative_history(
    granted: Granted<ReadCooperatives>,
    id: Path<CooperativeId>,
    query: Query<HistoryFilter>,
) -> Result<Page<EventOut>> {
    log::history(&granted, &*store::find(&granted, *id).await?, &query).await
}
