//! The addresses of syncs.

use actix_web::{
    HttpRequest, HttpResponse, get, post,
    web::{Path, Payload},
};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    answer, kept,
    payloads::{SyncAnswer, SyncQuery, SyncRun, SyncRunFilter, TableQuery},
    refused, steps, store,
};
use crate::{
    access::{
        Granted,
        may::{ReadSyncRuns, Sync},
    },
    businesses::Businesses,
    cooperatives::Cooperatives,
    error::Result,
    http::{Page, Parameters, Query, Versioned, language::Language},
    ids::SyncRunId,
    log::{self, EventOut, HistoryFilter},
    mentors::Mentors,
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    let sync = scope("/sync").service(sync_mentors).service(sync_businesses).service(sync_cooperatives);
    let sync = sync.service(list_sync_runs).service(get_sync_run).service(list_sync_run_history);
    config.service(sync.service(get_sync_run_results).service(get_sync_run_refused));
}

/// Sync mentors: an institution's list, or a part of it.
///
/// A row names the mentor by `external_id` and says what the institution keeps of him; what it does not say stays,
/// and so does what others keep. In a table the columns are the fields, in English or Indonesian. The answer has a
/// line for each row, in order, sent once the row is committed, and a last one with the summary. With
/// `mode=snapshot` who is missing is let go: refused where that is more than a tenth, unless `allow_removals` says
/// how many. At most 64 MiB and 200,000 rows; `Content-Encoding: gzip` is understood.
#[utoipa::path(
    params(SyncQuery),
    request_body(content((String = "text/csv"), (String = "application/x-ndjson"), (Vec<Object> = "application/json"))),
    responses((status = 200, body = SyncAnswer, content_type = "application/x-ndjson")),
)]
#[post("/mentors")]
async fn sync_mentors(
    granted: Granted<Sync>,
    request: HttpRequest,
    Parameters(query): Parameters<SyncQuery>,
    body: Payload,
) -> Result<HttpResponse> {
    steps::sync::<Mentors>(&granted, &request, query, body).await
}

/// Sync businesses that another municipal system knows.
///
/// As mentors are synced. A new one may bring its `owner` and first `snapshot`; of one that is known these stay.
#[utoipa::path(
    params(SyncQuery),
    request_body(content((String = "text/csv"), (String = "application/x-ndjson"), (Vec<Object> = "application/json"))),
    responses((status = 200, body = SyncAnswer, content_type = "application/x-ndjson")),
)]
#[post("/businesses")]
async fn sync_businesses(
    granted: Granted<Sync>,
    request: HttpRequest,
    Parameters(query): Parameters<SyncQuery>,
    body: Payload,
) -> Result<HttpResponse> {
    steps::sync::<Businesses>(&granted, &request, query, body).await
}

/// Sync cooperatives that another system knows.
///
/// As mentors are synced.
#[utoipa::path(
    params(SyncQuery),
    request_body(content((String = "text/csv"), (String = "application/x-ndjson"), (Vec<Object> = "application/json"))),
    responses((status = 200, body = SyncAnswer, content_type = "application/x-ndjson")),
)]
#[post("/cooperatives")]
async fn sync_cooperatives(
    granted: Granted<Sync>,
    request: HttpRequest,
    Parameters(query): Parameters<SyncQuery>,
    body: Payload,
) -> Result<HttpResponse> {
    steps::sync::<Cooperatives>(&granted, &request, query, body).await
}

/// List runs of syncs.
///
/// The newest first.
#[utoipa::path(params(SyncRunFilter), responses((status = 200, body = Page<SyncRun>)))]
#[get("/runs")]
async fn list_sync_runs(
    granted: Granted<ReadSyncRuns>,
    query: Query<SyncRunFilter>,
) -> Result<Page<SyncRun>> {
    store::list(&granted, query).await
}

/// Get a run: who synced what, how many rows became what, where it stopped.
#[utoipa::path(responses((status = 200, body = SyncRun)))]
#[get("/runs/{id}")]
async fn get_sync_run(granted: Granted<ReadSyncRuns>, id: Path<SyncRunId>) -> Result<Versioned<SyncRun>> {
    Ok(Versioned(store::find(&granted, *id).await?))
}

/// Get what a run has answered, again.
///
/// For thirty days.
#[utoipa::path(responses((status = 200, body = SyncAnswer, content_type = "application/x-ndjson")))]
#[get("/runs/{id}/results")]
async fn get_sync_run_results(
    granted: Granted<ReadSyncRuns>,
    request: HttpRequest,
    id: Path<SyncRunId>,
) -> Result<HttpResponse> {
    let run = store::find(&granted, *id).await?;
    answer::again(granted.by_now(), &run, Language::of(request.headers()))
}

/// Get the rows that a run refused, as a table with what is wrong with each.
///
/// Mend them and send the table as it is. For thirty days.
#[utoipa::path(params(TableQuery), responses((status = 200, body = String, content_type = "text/csv")))]
#[get("/runs/{id}/refused")]
async fn get_sync_run_refused(
    granted: Granted<ReadSyncRuns>,
    request: HttpRequest,
    id: Path<SyncRunId>,
    Parameters(query): Parameters<TableQuery>,
) -> Result<HttpResponse> {
    let run = store::find(&granted, *id).await?;
    let rows = kept::refused(&granted, run.id).await?;
    let table = refused::table(&run.resource, &rows, query.delimiter(), Language::of(request.headers()))?;
    Ok(answer::table(table, query.bom.unwrap_or(false)))
}

/// List what happened to a run.
///
/// The latest first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Page<EventOut>)))]
#[get("/runs/{id}/history")]
async fn list_sync_run_history(
    granted: Granted<ReadSyncRuns>,
    id: Path<SyncRunId>,
    query: Query<HistoryFilter>,
) -> Result<Page<EventOut>> {
    log::history(&granted, &*store::find(&granted, *id).await?, &query).await
}
