//! Turns every failure, ours or the framework's, into `application/problem+json` (RFC 9457).

use std::sync::atomic::Ordering;

use actix_web::{
    Error, HttpMessage, HttpResponse,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{self, HeaderName, HeaderValue},
    },
    middleware::Next,
    web::Data,
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    error::ApiError,
    http::{
        flaw::{Code, Flaw, Place},
        language::Language,
        problems::look,
        request_id::RequestId,
        unread,
    },
    identifiers::FORMATS,
    worker::Worker,
};

#[derive(Serialize, ToSchema)]
pub struct Problem {
    /// A page of this service that explains this kind of problem.
    #[schema(example = "/problems/invalid")]
    r#type: String,
    #[schema(example = "Some of the input is wrong")]
    title: &'static str,
    #[schema(example = 422)]
    status: u16,
    #[schema(example = "Some of the input is wrong")]
    detail: String,
    /// The path that was asked for.
    #[schema(example = "/v1/businesses")]
    instance: String,
    #[schema(example = "01948f5e-7a00-7000-8000-000000000001")]
    request_id: String,
    /// Whether the same request can succeed later.
    #[schema(example = false)]
    should_retry: bool,
    /// All that is wrong with the input.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ProblemError>,
    /// The actions that are possible instead.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!(["submit", "withdraw"]))]
    possible: Vec<&'static str>,
    /// Why not, as a code to branch on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "wrong_status")]
    code: Option<String>,
    /// The records that stand in the way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>, example = json!([]))]
    blocked_by: Vec<Value>,
    /// The path of the record that exists already, where the caller may see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/v1/businesses/01948f5e-7a00-7000-8000-000000000001")]
    duplicate_of: Option<String>,
    /// What the account may log in as, where that has to be chosen.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>, example = json!([]))]
    grants: Vec<Value>,
    /// OAuth's code for a refused token request (RFC 6749, section 5.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "invalid_grant")]
    error: Option<&'static str>,
    /// Where to begin anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/v1/changes/start")]
    restart: Option<&'static str>,
}

/// One flaw; exactly one of `pointer`, `parameter` and `header` says where.
#[derive(Serialize, ToSchema)]
pub struct ProblemError {
    /// A JSON pointer (RFC 6901) into the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/annual_revenue_idr")]
    pointer: Option<String>,
    /// The name of a query parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "limit")]
    parameter: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "If-Match")]
    header: Option<&'static str>,
    #[schema(example = "too_small")]
    code: &'static str,
    #[schema(example = "must be at least 0")]
    detail: String,
}

impl Problem {
    /// What a failure looks like to who asked at `instance`.
    pub fn of(error: &ApiError, language: Language, instance: &str, request_id: String) -> Self {
        let look = look(error);
        let title = language.pick(look.id, look.en);
        let said = if error.is_ours() { String::new() } else { error.to_string() };
        let mut problem = Self {
            r#type: format!("/problems/{}", look.slug),
            title,
            status: look.status,
            detail: if said.is_empty() { title.to_owned() } else { format!("{title}: {said}") },
            instance: instance.to_owned(),
            request_id,
            should_retry: matches!(
                error,
                ApiError::Unavailable(_) | ApiError::InProgress | ApiError::TooMany { .. }
            ),
            errors: flaws(error).iter().map(|flaw| describe(flaw, language)).collect(),
            possible: vec![],
            code: None,
            blocked_by: vec![],
            duplicate_of: None,
            grants: vec![],
            error: None,
            restart: None,
        };
        match error {
            ApiError::NotPossible { possible, code, .. } => {
                (problem.possible, problem.code) = (possible.clone(), Some((*code).to_owned()));
            }
            ApiError::Blocked { code, by } => {
                (problem.blocked_by, problem.code) = (by.clone(), Some((*code).to_owned()));
            }
            ApiError::Duplicate { what, of } => {
                (problem.duplicate_of, problem.code) = (of.clone(), Some(what.clone()));
            }
            ApiError::Unauthenticated(code) => problem.code = Some((*code).to_owned()),
            ApiError::BadTokenRequest(code) => problem.error = Some(code),
            ApiError::UnknownClient => problem.error = Some("invalid_client"),
            ApiError::Gone { restart } => problem.restart = Some(restart),
            ApiError::ChooseGrant { grants, .. } => problem.grants = grants.clone(),
            _ => (),
        }
        problem
    }
}

/// The outermost middleware: names the request, and writes the body of what failed.
pub async fn render<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let id = RequestId::of(request.headers());
    request.extensions_mut().insert(id.clone());
    let worker = request.app_data::<Data<Worker>>().cloned();
    let sandbox = worker.as_ref().and_then(|worker| worker.sandbox());
    let mut response = match sandbox.is_some_and(|sandbox| sandbox.resetting.load(Ordering::SeqCst)) {
        true => return Ok(busy(request, &id)),
        false => next.call(request).await?,
    };
    response.headers_mut().insert(RequestId::HEADER, id.value());
    let status = response.status();
    let error = response.response().error().map(|error| match error.as_error::<ApiError>() {
        Some(error) => write(error, &response, &id),
        None => write(&adopted(status, error), &response, &id),
    });
    let mut answer = match error {
        Some(body) => response.into_response(body.map_into_right_body()),
        None => response.map_into_left_body(),
    };
    if sandbox.is_some() {
        mark_sandbox(&mut answer);
    }
    Ok(answer)
}

/// While a sandbox is reset.
fn busy<B: MessageBody>(request: ServiceRequest, id: &RequestId) -> ServiceResponse<EitherBody<B>> {
    let error = ApiError::Unavailable("the sandbox is being reset".into());
    let refused = request.into_response(HttpResponse::new(StatusCode::SERVICE_UNAVAILABLE));
    let body = write(&error, &refused, id);
    let mut answer = refused.into_response(body.map_into_right_body());
    mark_sandbox(&mut answer);
    answer
}

/// Whoever looks at an answer sees that its people are made up.
fn mark_sandbox<B>(answer: &mut ServiceResponse<B>) {
    let name = HeaderName::from_static("x-seribu-environment");
    answer.headers_mut().insert(name, HeaderValue::from_static("sandbox"));
}

/// What the framework refuses by itself: an `{id}` that is no id, a path that is no UTF-8.
fn adopted(status: StatusCode, error: &Error) -> ApiError {
    match status {
        StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST => ApiError::NotFound,
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::TooLarge(error.to_string()),
        _ => ApiError::Internal(error.to_string()),
    }
}

fn write<B>(error: &ApiError, response: &ServiceResponse<B>, id: &RequestId) -> HttpResponse {
    let (look, language) = (look(error), Language::of(response.request().headers()));
    log::log!(look.level, "{id} {} {}: {error:?}", without_secret(response.request().path()), look.slug);
    let problem = Problem::of(error, language, response.request().path(), id.to_string());
    let mut answer = HttpResponse::build(response.status());
    answer.insert_header((RequestId::HEADER, id.value()));
    answer.insert_header((header::CONTENT_LANGUAGE, language.pick("id", "en")));
    match error {
        ApiError::UnknownClient => answer.insert_header((header::WWW_AUTHENTICATE, "Basic realm=\"seribu\"")),
        ApiError::Unauthenticated("missing_token") | ApiError::WrongCredentials => {
            answer.insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"seribu\""))
        }
        ApiError::Unauthenticated(code) => answer
            .insert_header((header::WWW_AUTHENTICATE, format!("Bearer realm=\"seribu\", error=\"{code}\""))),
        ApiError::Unavailable(_) | ApiError::InProgress => answer.insert_header((header::RETRY_AFTER, "1")),
        ApiError::TooMany { retry_after } => answer.insert_header((header::RETRY_AFTER, *retry_after)),
        ApiError::MethodNotAllowed { allow } => answer.insert_header((header::ALLOW, allow.as_str())),
        ApiError::Moved { to } => {
            answer.insert_header((header::LOCATION, to.as_str()));
            // A merge can be undone.
            answer.insert_header((header::CACHE_CONTROL, "no-store"))
        }
        ApiError::OutOfRange { size } => {
            answer.insert_header((header::CONTENT_RANGE, format!("bytes */{size}")))
        }
        ApiError::Stale { current } => answer.insert_header((header::ETAG, current.as_str())),
        _ => &mut answer,
    };
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    answer.content_type("application/problem+json").body(unread::Last::answer(response.request(), body))
}

/// The path as it may be logged: whoever knows the whole address of a calendar, a form or an export may use it.
fn without_secret(path: &str) -> &str {
    ["/calendar/", "/follow-up/", "/exports/"]
        .into_iter()
        .find(|public| path.starts_with(public))
        .unwrap_or(path)
}

fn flaws(error: &ApiError) -> Vec<Flaw> {
    match error {
        ApiError::Invalid(flaws) => flaws.clone(),
        ApiError::ChooseGrant { flaw, .. } => vec![flaw.clone()],
        ApiError::PreconditionRequired => vec![Code::Required.of_header("If-Match")],
        ApiError::BadIdempotencyKey => vec![Code::Invalid.of_header("Idempotency-Key")],
        _ => vec![],
    }
}

/// For the command line: `/email: must look like …`.
pub fn in_words(flaw: &Flaw, language: Language) -> String {
    let error = describe(flaw, language);
    let place = error.pointer.or(error.parameter).or(error.header.map(str::to_owned));
    format!("{}: {}", place.unwrap_or_default(), error.detail)
}

fn describe(flaw: &Flaw, language: Language) -> ProblemError {
    let words = flaw.code.words();
    // A format goes by its name; what it looks like is said in both languages.
    let format = FORMATS.iter().find(|format| flaw.code == Code::BadFormat && format.name == flaw.expected);
    let expected = format.map_or(flaw.expected.as_str(), |format| language.pick(format.id, format.en));
    let detail = language.pick(words.id, words.en).replace("{}", expected);
    let (mut pointer, mut parameter, mut header) = (None, None, None);
    match &flaw.place {
        Place::Pointer(place) => pointer = Some(place.clone()),
        Place::Parameter(place) => parameter = Some(place.clone()),
        Place::Header(place) => header = Some(*place),
    }
    ProblemError { pointer, parameter, header, code: words.code, detail }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_is_a_secret_is_not_logged() {
        for secret in ["/calendar/k7qm2xtd9rwa.ics", "/follow-up/k7qm2xtd9rwa"] {
            assert!(!without_secret(secret).contains("k7qm"), "{secret}");
        }
        assert_eq!(without_secret("/v1/me/calendar-links"), "/v1/me/calendar-links");
    }
}
