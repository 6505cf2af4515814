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
    kinds::KINDS,
    writing::{self, Form},
};
use crate::{
    access::{Granted, may::ReadExports},
    error::{ApiError, Result},
    http::{Code, Parameters},
    text_enum::text_enum,
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(scope("/exports").service(export));
}

text_enum! {
    ExportFormat {
        Ndjson = "ndjson",
        Csv = "csv",
    }
}

text_enum! {
    /// As programs in English and in Indonesian expect it.
    ExportDelimiter {
        Comma = "comma",
        Semicolon = "semicolon",
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// One JSON object a line, as by default; or a table.
    #[param(inline)]
    format: Option<ExportFormat>,
    /// Of a table: between its cells.
    #[param(inline)]
    delimiter: Option<ExportDelimiter>,
    /// Of a table: a byte order mark, by which Excel knows that it is UTF-8.
    bom: Option<bool>,
}

/// Export all records of a kind.
///
/// Those that you may read, with what you may read of them, as they were at one moment; in no order. Take a place
/// at `/v1/changes/start` before, to follow from. An answer that breaks off is not whole: ask again.
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
    let kind = KINDS.iter().find(|kind| kind.name == *resource).ok_or(ApiError::NotFound)?;
    let access = granted.over(kind.read)?;
    let csv = wanted.format == Some(ExportFormat::Csv);
    let of_tables = [("delimiter", wanted.delimiter.is_some()), ("bom", wanted.bom.is_some())];
    let wrong = of_tables.into_iter().filter(|(_, given)| *given && !csv);
    ApiError::if_any(wrong.map(|(name, _)| Code::Conflict.of_parameter(name, "format")).collect())?;
    let delimiter = if wanted.delimiter == Some(ExportDelimiter::Semicolon) { b';' } else { b',' };
    let (form, media_type, ending) = match csv {
        true => (Form::Csv { delimiter, bom: wanted.bom.unwrap_or(false) }, "text/csv; charset=utf-8", "csv"),
        false => (Form::Ndjson, "application/x-ndjson", "ndjson"),
    };
    let name = format!("attachment; filename=\"{}-{}.{ending}\"", kind.name, granted.today());
    let body = writing::body(access, kind, form).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, media_type))
        .insert_header((header::CONTENT_DISPOSITION, name))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header((header::VARY, "Authorization"))
        // Compressing costs more than sending, within a city.
        .insert_header(ContentEncoding::Identity)
        .streaming(body))
}
