//! Refuses what asks for an answer in a form that we do not have: 406. Everything here is JSON, but for
//! the pages for people and the content of attachments.

use actix_web::{
    Error,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header,
    middleware::Next,
};

use crate::error::ApiError;

const JSON: &[&str] = &["*/*", "application/*", "application/json", "application/problem+json"];

/// What browsers ask for when they show or save a file, and what it can be.
const CONTENT: &[&str] =
    &["image/*", "image/jpeg", "image/png", "image/webp", "application/pdf", "application/octet-stream"];

/// Many records in one answer, and where there are such answers.
const LINES: &[&str] = &["application/x-ndjson", "text/csv", "text/*"];
const OF_LINES: &[&str] = &["/v1/exports/", "/v1/sync/"];

pub async fn json<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let wanted = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let is_content = request.path().ends_with("/content");
    let is_of_a_file = |kind: &str| CONTENT.contains(&kind) || kind.starts_with("application/vnd.");
    let fits = |range: &str| {
        let mut parts = range.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default();
        let refused = parts.any(|part| ["q=0", "q=0.0", "q=0.00", "q=0.000"].contains(&part));
        let page = request.path().ends_with("/report") && ["text/*", "text/html"].contains(&kind);
        let lines = LINES.contains(&kind) && OF_LINES.iter().any(|start| request.path().starts_with(start));
        !refused && (JSON.contains(&kind) || page || lines || is_content && is_of_a_file(kind))
    };
    match wanted {
        Some(wanted) if !wanted.split(',').any(fits) => {
            let (request, _) = request.into_parts();
            Ok(ServiceResponse::from_err(ApiError::NotAcceptable, request).map_into_right_body())
        }
        _ => Ok(next.call(request).await?.map_into_left_body()),
    }
}
