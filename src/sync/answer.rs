//! How a sync is answered: line by line, or at once where all rows are committed together.

use actix_web::{
    HttpResponse, HttpResponseBuilder,
    http::{
        StatusCode,
        header::{self, ContentEncoding},
    },
    web::Bytes,
};
use futures_util::stream::unfold;
use tokio::sync::mpsc;

use super::{
    kept,
    payloads::SyncRun,
    running::{self, Ended},
};
use crate::{
    access::Access,
    error::{ApiError, Result},
    http::{language::Language, problems::look},
    ids::SyncRunId,
};

const NDJSON: &str = "application/x-ndjson";
/// So many flaws of rows are told in one problem; all of them are with the refused rows.
const MOST_FLAWS: usize = 100;

fn about(run: SyncRunId, status: StatusCode, media_type: &str) -> HttpResponseBuilder {
    let mut answer = HttpResponse::build(status);
    answer.insert_header((header::LOCATION, format!("/v1/sync/runs/{run}")));
    answer
        .insert_header((header::CONTENT_TYPE, media_type))
        .insert_header((header::CACHE_CONTROL, "no-store"));
    // A line is to arrive when it is said.
    answer.insert_header(ContentEncoding::Identity);
    answer
}

/// Each batch as it is done.
pub fn streamed(run: SyncRunId, receive: mpsc::Receiver<Result<Bytes>>) -> HttpResponse {
    let lines = unfold(receive, |mut receive| async { receive.recv().await.map(|lines| (lines, receive)) });
    about(run, StatusCode::OK, NDJSON).streaming(lines)
}

/// All of it, or why nothing of it was done.
pub fn at_once(
    access: &Access,
    Ended { run, error, lines }: Ended,
    language: Language,
) -> Result<HttpResponse> {
    let Some(mut error) = error else { return Ok(about(run.id, StatusCode::OK, NDJSON).body(lines)) };
    if let ApiError::Invalid(flaws) = &mut error {
        flaws.truncate(MOST_FLAWS);
    }
    let status = StatusCode::from_u16(look(&error).status).map_err(ApiError::internal)?;
    let problem =
        serde_json::to_vec(&running::problem(access, &error, language)).map_err(ApiError::internal)?;
    Ok(about(run.id, status, "application/problem+json").body(problem))
}

/// What was answered before.
pub fn again(access: Access, run: &SyncRun, language: Language) -> Result<HttpResponse> {
    let last = running::end(&access, run, None, language)?;
    let id = run.id;
    let lines = unfold((access, Some(last), 0), move |(access, last, number)| async move {
        let mut last = last?;
        let lines = kept::lines(&access, id, number).await;
        Some(match lines.transpose() {
            Some(lines) => (lines, (access, Some(last), number + 1)),
            None => (Ok(std::mem::take(&mut last).into()), (access, None, number)),
        })
    });
    Ok(about(id, StatusCode::OK, NDJSON).streaming(Box::pin(lines)))
}

pub fn table(table: Vec<u8>, bom: bool) -> HttpResponse {
    let mark = if bom { "\u{feff}".as_bytes() } else { b"" };
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"refused.csv\""))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .body([mark, &table].concat())
}
