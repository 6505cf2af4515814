//! The addresses of export jobs.

use std::rc::Rc;

use actix_web::{
    HttpRequest, HttpResponse, get, post,
    web::{Data, Path},
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    link,
    payloads::{ExportFields, ExportJob, ExportJobFilter, LinkedExportJob, Status},
    serving, store,
};
use crate::{
    access::{Granted, may::ReadExports},
    error::{ApiError, Result},
    exports::kinds::Kind,
    http::{Accepted, Answer, Code, Derived, Json, Page, Query},
    ids::ExportJobId,
    log::Event,
    records::Record,
    worker::Worker,
};

/// So many of a caller wait or are written at once.
const MOST: usize = 5;

pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(create_export).service(list_export_jobs).service(get_export_job);
    config.service(get_export_job_content);
}

/// Have an export written.
///
/// For what is large, or is to be fetched in pieces: the answer names a job; ask it until its `status` is `complete`,
/// then fetch its file. What is written is what you may read at that time. At most five of yours wait or are written
/// at once.
#[utoipa::path(responses((
    status = 202, body = ExportJob, description = "It will be written; `Location` is the job",
    headers(("Location" = String, description = "The job")),
)))]
#[post("")]
async fn create_export(granted: Granted<ReadExports>, Json(fields): Json<ExportFields>) -> Result<Answer> {
    let kind = Kind::named(&fields.resource);
    let misplaced = fields.format.misplaced(fields.delimiter, fields.bom);
    let mut flaws: Vec<_> =
        misplaced.map(|name| Code::Conflict.expecting(format!("/{name}"), "format")).collect();
    flaws.extend(kind.is_none().then(|| Code::UnknownCode.at("/resource")));
    ApiError::if_any(flaws)?;
    kind.map(|kind| granted.reach_of(kind.read)).transpose()?;
    granted
        .write(&fields, async |tx| {
            let unfinished = store::unfinished(tx).await?;
            if unfinished.len() >= MOST {
                return Err(ApiError::blocked("too_many_exports", ExportJob::KIND, unfinished));
            }
            let job = Rc::new(store::insert(tx, &fields).await?);
            let event = Event::created(&*job);
            Ok((Accepted("/v1/exports/jobs", job), event))
        })
        .await
}

/// List one's own export jobs.
///
/// The newest first: those that were asked for with this client and in this role.
#[utoipa::path(params(ExportJobFilter), responses((status = 200, body = Page<ExportJob>)))]
#[get("/jobs")]
async fn list_export_jobs(
    granted: Granted<ReadExports>,
    query: Query<ExportJobFilter>,
) -> Result<Page<ExportJob>> {
    store::list(&granted, query).await
}

/// Get an export job.
///
/// How far it is, and when it is complete a link to its file, which is good for an hour.
#[utoipa::path(responses((status = 200, body = LinkedExportJob)))]
#[get("/jobs/{id}")]
async fn get_export_job(
    granted: Granted<ReadExports>,
    id: Path<ExportJobId>,
) -> Result<Derived<LinkedExportJob>> {
    let job = store::find(&granted, *id).await?;
    let until = job.expires_at.filter(|end| job.status == Status::Complete && *end > granted.now);
    let until = until.map(|end| end.min(granted.now + link::LIFE));
    let url = until.map(|until| link::seal(&granted.worker, job.id, until));
    Ok(Derived(LinkedExportJob { job, url, url_expires_at: until }))
}

/// Get the file of an export job.
///
/// A `Range` is answered in part, so that what broke off can go on; the `ETag` is the SHA-256. It is there for 24
/// hours.
#[utoipa::path(responses(
    (status = 200, body = Vec<u8>, content_type = "application/octet-stream"),
    (status = 206, description = "The part that was asked for"),
    (status = 304, description = "You have it already"),
    (status = 409, description = "It is not complete"),
    (status = 410, description = "Its time is over"),
    (status = 416, description = "There is nothing of what was asked for"),
))]
#[get("/jobs/{id}/content")]
async fn get_export_job_content(
    granted: Granted<ReadExports>,
    id: Path<ExportJobId>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    serving::answer(&granted.worker, &store::find(&granted, *id).await?, &request).await
}

/// The same behind a link, for whoever has that.
#[get("/exports/{link}")]
pub async fn exported(
    worker: Data<Worker>,
    link: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let job = store::linked(&worker, link::open(&worker, &link)?).await?;
    serving::answer(&worker, &job, &request).await
}
