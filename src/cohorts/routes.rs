//! The addresses of cohorts themselves.

use actix_web::{get, patch, post, web::Path};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    participants,
    payloads::{Cohort, CohortFields, CohortFilter, MoveCohort},
    rules::{self, LIFECYCLE},
    store,
};
use crate::{
    access::{
        Granted,
        may::{ReadCohorts, WriteCohorts},
    },
    error::Result,
    http::{Answer, Created, IfMatch, Json, MergePatch, Page, Query, Versioned},
    ids::CohortId,
    instruments,
    lifecycle::Transitions,
    log::{self, Event, EventOut, HistoryFilter},
    records::Record,
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    // The longer path first: a scope keeps all that begins like it.
    participants::routes(config);
    let cohorts = scope("/cohorts").service(list_cohorts).service(get_cohort);
    let cohorts = cohorts.service(create_cohort).service(update_cohort);
    let cohorts = cohorts.service(move_cohort).service(list_cohort_transitions);
    config.service(cohorts.service(list_cohort_history));
}

/// List cohorts.
///
/// The newest first.
#[utoipa::path(params(CohortFilter), responses((status = 200, body = Page<Cohort>)))]
#[get("")]
async fn list_cohorts(granted: Granted<ReadCohorts>, query: Query<CohortFilter>) -> Result<Page<Cohort>> {
    store::list(&granted, query).await
}

/// Get a cohort.
#[utoipa::path(responses((status = 200, body = Cohort)))]
#[get("/{id}")]
async fn get_cohort(granted: Granted<ReadCohorts>, id: Path<CohortId>) -> Result<Versioned<Cohort>> {
    Ok(Versioned(store::find(&granted, *id).await?))
}

/// Plan a cohort.
#[utoipa::path(responses((status = 201, body = Cohort)))]
#[post("")]
async fn create_cohort(granted: Granted<WriteCohorts>, Json(fields): Json<CohortFields>) -> Result<Answer> {
    granted
        .write(&fields, async |tx| {
            rules::check_new(&fields, &tx.worker.reference(), tx.today())?;
            if let Some(instrument) = fields.instrument_id {
                instruments::published(tx, instrument).await?;
            }
            let cohort = store::insert(tx, &fields).await?;
            let event = Event::created(&*cohort);
            Ok((Created(cohort), event))
        })
        .await
}

/// Change a cohort.
///
/// One that has ended stays as it was, and its capacity never falls below those who have accepted.
#[utoipa::path(
    request_body(content = CohortFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = Cohort)),
)]
#[patch("/{id}")]
async fn update_cohort(
    granted: Granted<WriteCohorts>,
    id: Path<CohortId>,
    read: IfMatch,
    patch: MergePatch<CohortFields>,
) -> Result<Answer> {
    granted
        .write(&patch, async |tx| {
            let before = store::lock(tx, tx.reach, *id).await?;
            read.check(&before)?;
            let fields = patch.apply(&before.fields, Cohort::READ)?;
            let taken = participants::taking_part(tx, *id).await?;
            rules::check_change(&before, &fields, taken, &tx.worker.reference(), tx.today())?;
            if let Some(instrument) =
                fields.instrument_id.filter(|_| fields.instrument_id != before.fields.instrument_id)
            {
                instruments::published(tx, instrument).await?;
            }
            let after = store::update(tx, *id, &fields).await?;
            let event = Event::changed(&before, &*after, "updated");
            Ok((Versioned(after), event))
        })
        .await
}

/// Move a cohort.
///
/// The action says which permission it needs besides.
#[utoipa::path(responses((status = 200, body = Cohort)))]
#[post("/{id}/transitions")]
async fn move_cohort(
    granted: Granted<ReadCohorts>,
    id: Path<CohortId>,
    read: Option<IfMatch>,
    Json(wanted): Json<MoveCohort>,
) -> Result<Answer> {
    granted
        .write(&wanted, async |tx| {
            let before = store::lock(tx, tx.reach, *id).await?;
            IfMatch::check_if_sent(read.as_ref(), &before)?;
            let step = LIFECYCLE.decide(tx, &before, wanted.action, &wanted)?;
            let open = store::open_mentorships(tx, *id).await?;
            rules::check_move(&before, wanted.action, &open, tx.today())?;
            let after = store::set_status(tx, *id, step.to).await?;
            let event = Event::changed(&before, &*after, step.event()).with("move", &wanted);
            Ok((Versioned(after), event))
        })
        .await
}

/// List the moves of a cohort.
///
/// Where it stands, what you could do with it, and its moves, the latest first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Transitions)))]
#[get("/{id}/transitions")]
async fn list_cohort_transitions(
    granted: Granted<ReadCohorts>,
    id: Path<CohortId>,
    query: Query<HistoryFilter>,
) -> Result<Transitions> {
    LIFECYCLE.transitions(&granted, &*store::find(&granted, *id).await?, &query).await
}

/// List what happened to a cohort.
///
/// The latest first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Page<EventOut>)))]
#[get("/{id}/history")]
async fn list_cohort_history(
    granted: Granted<ReadCohorts>,
    id: Path<CohortId>,
    query: Query<HistoryFilter>,
) -> Result<Page<EventOut>> {
    log::history(&granted, &*store::find(&granted, *id).await?, &query).await
}
