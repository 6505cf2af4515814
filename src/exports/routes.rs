//! The addresses of exports.

use actix_web::{
    HttpResponse, get,
    http::header::{self, ContentEncoding},
    web::Path,
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    form::{ExportDelimiter, ExportFormat},
    jobs,
    kinds::Kind,
    writing,
};
use crate::{
    access::{Granted, may::ReadExports},
    error::{ApiError, Result},
    http::{Code, Parameters},
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(scope("/exports").configure(jobs::routes).service(export));
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// One JSON object a line, as by default; or a table.
    #[param(inline)]
    format: Option<ExportFormat>,
    /// Of CSV: between its cells.
    #[param(inline)]
    delimiter: Option<ExportDelimiter>,
    /// Of CSV: a byte order mark, by which Excel knows that it is UTF-8.
    bom: Option<bool>,
}

/// Export all records of a kind.
///
/// Those that you may read, with what you may read of them, as they were at one moment; in no order. Take a place
/// at `/v1/changes/start` before, to follow from. An answer that breaks off is not whole: ask again, or, for what
/// is large, have it written by `POST /v1/exports`.
#[utoipa::path(
    params(("resource" = String, Path, example = "businesses"), Wanted),
    responses((status = 200, body = String, content_type = "application/x-ndjson")),
)]
#[get("/{resource}")]
async fn export(
    granted: Granted<ReadExports>,
    resource: Path<String>,
    Parameters(wanted): Parameters<Wanted>,
) -> Result<HttpResponse> {
    let kind = Kind::named(&resource).ok_or(ApiError::NotFound)?;
    let access = granted.over(kind.read)?;
    let format = wanted.format.unwrap_or(ExportFormat::Ndjson);
    let misplaced = format.misplaced(wanted.delimiter, wanted.bom);
    ApiError::if_any(misplaced.map(|name| Code::Conflict.of_parameter(name, "format")).collect())?;
    let name = format!("attachment; filename=\"{}-{}.{format}\"", kind.name, granted.today());
    let body = writing::body(access, kind, format.form(wanted.delimiter, wanted.bom)).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, format.media_type()))
        .insert_header((header::CONTENT_DISPOSITION, name))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header((header::VARY, "Authorization"))
        // Compressing costs more than sending, within a city.
        .insert_header(ContentEncoding::Identity)
        .streaming(body))
}
