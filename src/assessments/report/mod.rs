//! An assessment as a page that a person reads and prints: in Indonesian or English, on A4 or a phone.
//! It says nothing that the JSON does not; what a role may not see of that, it does not see here.

mod charts;
mod page;
mod source;
mod words;

use actix_web::{HttpRequest, HttpResponse, get, http::header, web::Path};
use askama::Template;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::{payloads::Assessment, progress, store};
use crate::{
    access::{Access, Granted, may::ReadAssessments},
    businesses,
    error::{ApiError, Result},
    http::{Filter, Query, Sort, language::Language},
    ids::AssessmentId,
    instruments,
    records::Record,
};

#[derive(Deserialize, IntoParams, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportOptions {
    /// Instead of `Accept-Language`, for links.
    #[param(inline)]
    pub language: Option<Language>,
}

impl Filter for ReportOptions {
    const SORTS: &'static [Sort] = &[Sort("created_at", "timestamptz")];
}

/// Get the report of an assessment.
///
/// A page for people, from the time that it is submitted: the result with its reasons, a radar and the
/// trend, what would lift it, and what is recommended.
#[utoipa::path(
    params(AssessmentId, ReportOptions),
    responses((status = 200, body = String, content_type = "text/html")),
)]
#[get("/{id}/report")]
pub async fn get_assessment_report(
    granted: Granted<ReadAssessments>,
    id: Path<AssessmentId>,
    query: Query<ReportOptions>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let language = query.filter.language.unwrap_or_else(|| Language::of(request.headers()));
    let page = write(&granted, *id, language).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .insert_header((header::VARY, "Authorization, Accept-Language"))
        // Its own styles, and nothing from anywhere.
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
        ))
        .content_type("text/html; charset=utf-8")
        .body(page))
}

async fn write(access: &Access, id: AssessmentId, language: Language) -> Result<String> {
    let assessment = store::find(access, id).await?;
    let (Some(result), Some(facts)) = (&assessment.course.result, &assessment.course.facts) else {
        return Err(ApiError::blocked("not_submitted", Assessment::KIND, [id]));
    };
    // What the assessment was made with may be read with it, even when it was retired since.
    let document = instruments::document(access, assessment.fields.instrument_id).await?;
    let business = businesses::find(access, assessment.fields.business_id).await?;
    let source = source::Source {
        assessment: &assessment,
        document: &document,
        business: &business,
        result,
        facts,
        progress: progress::of(access, business.id).await?,
        shows_answers: !access.actor.hidden(Assessment::READ).contains(&"answers"),
        reference: &access.worker.reference(),
        today: access.today(),
        zone: &|at| access.worker.date(at),
        language,
    };
    page::page(&source)?.render().map_err(ApiError::internal)
}
