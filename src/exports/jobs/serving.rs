//! The file of a job on its way out.

use std::rc::Rc;

use actix_web::{HttpRequest, HttpResponse, web::Data};

use super::payloads::{ExportJob, Status};
use crate::{
    access::{Access, Permission},
    accounts,
    error::{ApiError, Result},
    exports::kinds::Kind,
    http::Download,
    records::Record,
    worker::Worker,
};

/// For whoever has shown that it is his, or that he was given a link to it.
///
/// # Errors
/// `Blocked` where it is not written, `Gone` where its time is over; `NotFound` where its asker may not read such
/// records any more.
pub async fn answer(worker: &Data<Worker>, job: &ExportJob, request: &HttpRequest) -> Result<HttpResponse> {
    let now = worker.clock.now();
    let over = job.status == Status::Expired || job.expires_at.is_some_and(|end| end <= now);
    if over {
        return Err(ApiError::Gone { restart: "/v1/exports" });
    }
    let written = (job.file_id, job.sha256.as_deref(), job.size_bytes, job.finished_at);
    let (Some(file), Some(sha256), Some(size), Some(written_at)) = written else {
        return Err(ApiError::blocked("not_complete", ExportJob::KIND, [job.id]));
    };
    if reader(worker, job).await?.is_none() {
        return Err(ApiError::NotFound);
    }
    let format = job.fields.format;
    let size = u64::try_from(size).map_err(ApiError::internal)?;
    let download = Download {
        name: &format!("{}-{}.{format}", job.fields.resource, worker.date(written_at)),
        media_type: format.media_type(),
        size,
        sha256,
        written_at,
    };
    let open = async |range: Option<_>| worker.files().get_parts(file, range.unwrap_or(0..size)).await;
    download.answer(request, open).await
}

/// What the asker reads of the kind now; none where it may read nothing of it, or could not sign in.
pub async fn reader(worker: &Data<Worker>, job: &ExportJob) -> Result<Option<(&'static Kind, Access)>> {
    let Some(kind) = Kind::named(&job.fields.resource) else { return Ok(None) };
    let actor = accounts::still(worker, job.asker.session()).await?;
    let Some(actor) = actor.map(Rc::new) else { return Ok(None) };
    let of = |permission| Access::of_earlier(worker, super::work::NAME, actor.clone(), permission);
    match of(Permission::ReadExports).and_then(|_| of(kind.read)) {
        Ok(access) => Ok(Some((kind, access))),
        Err(ApiError::Forbidden(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
