//! Reference data over HTTP: for anyone, in both languages, to be kept for an hour.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::{StatusCode, header},
    web::{Data, Path},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{Label, Row, lists};
use crate::{
    digests::short_sha256,
    error::{ApiError, Result},
    http::{Code, Flaw},
    lifecycle::LifecycleOut,
    worker::Worker,
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    let reference = scope("/reference").service(get_reference).service(get_reference_lifecycles);
    config.service(reference.service(get_reference_list));
}

/// What the lists are, and the lifecycles of all resources: given by who mounts the routes.
pub struct Lifecycles(pub Vec<LifecycleOut>);

/// All of something: such a list has no pages.
#[derive(Serialize, ToSchema)]
struct Whole<T> {
    data: Vec<T>,
    #[schema(example = json!(null))]
    next_cursor: Option<String>,
}

impl<T> Whole<T> {
    fn of(data: impl Iterator<Item = T>) -> Self {
        Self { data: data.collect(), next_cursor: None }
    }
}

#[derive(Serialize, ToSchema)]
struct ReferenceList {
    #[schema(example = "subsectors")]
    name: &'static str,
    label: Label,
    /// How many, of all times.
    #[schema(example = 17)]
    rows: usize,
    /// Grows with each file that is put in its place.
    #[schema(example = 1)]
    version: i64,
    loaded_at: DateTime<Utc>,
}

/// The columns of the list, and besides:
#[derive(Serialize, ToSchema)]
struct ReferenceRow<'a> {
    #[serde(flatten)]
    #[schema(value_type = Object, example = json!({"code": "kriya", "name": {"id": "Kriya", "en": "Crafts"}}))]
    data: &'a Value,
    valid_from: Option<NaiveDate>,
    /// The last day on which it holds.
    valid_to: Option<NaiveDate>,
    #[schema(example = "own")]
    source: &'a str,
}

impl<'a> From<&'a Row> for ReferenceRow<'a> {
    fn from(Row { data, valid_from, valid_to, source, .. }: &'a Row) -> Self {
        Self { data, valid_from: *valid_from, valid_to: *valid_to, source }
    }
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read from the query by name, so that others are refused")]
struct ValidOn {
    /// The day on which the rows hold; today where it is left out.
    #[param(example = "2026-11-24")]
    valid_on: Option<NaiveDate>,
}

/// List the lists.
///
/// Their names, sizes and versions. No token is needed here, nor below.
#[utoipa::path(responses((status = 200, body = Whole<ReferenceList>), (status = 304, description = "You have it")))]
#[get("")]
async fn get_reference(request: HttpRequest, worker: Data<Worker>) -> Result<HttpResponse> {
    valid_on(&request, &[])?;
    let reference = worker.reference();
    let of = |list: &&'static super::List| {
        let load = reference.load_of(list);
        let label = Label { id: list.about_id.to_owned(), en: list.about.to_owned() };
        let rows = reference.all_rows(list).len();
        ReferenceList { name: list.name, label, rows, version: load.version, loaded_at: load.loaded_at }
    };
    let etag = format!("\"{}\"", reference.version());
    cacheable(&request, etag, &Whole::of(lists::ALL.iter().map(of)))
}

/// Get all lifecycles.
///
/// The moves of each resource: from where, to where, by which scope, with which fields.
#[utoipa::path(responses((status = 200, body = Whole<LifecycleOut>), (status = 304, description = "You have it")))]
#[get("/lifecycles")]
async fn get_reference_lifecycles(
    request: HttpRequest,
    lifecycles: Data<Lifecycles>,
) -> Result<HttpResponse> {
    valid_on(&request, &[])?;
    let all = json!({ "data": lifecycles.0, "next_cursor": null });
    let etag = short_sha256(all.to_string().as_bytes(), 8);
    cacheable(&request, format!("\"{etag}\""), &all)
}

/// Get a list.
///
/// The rows that hold on one day, in the order of the list, all at once.
#[utoipa::path(
    params(("list" = String, Path, example = "subsectors"), ValidOn),
    responses((status = 200, body = Whole<ReferenceRow>), (status = 304, description = "You have it")),
)]
#[get("/{list}")]
async fn get_reference_list(
    request: HttpRequest,
    list: Path<String>,
    worker: Data<Worker>,
) -> Result<HttpResponse> {
    let list = lists::find(&list).ok_or(ApiError::NotFound)?;
    let day = valid_on(&request, &["valid_on"])?.unwrap_or_else(|| worker.date(worker.clock.now()));
    let reference = worker.reference();
    let etag = format!("\"{}-{day}\"", reference.load_of(list).version);
    cacheable(&request, etag, &Whole::of(reference.rows(list, day).map(ReferenceRow::from)))
}

/// The only parameter there is, and none but those in `known`.
fn valid_on(request: &HttpRequest, known: &[&str]) -> Result<Option<NaiveDate>> {
    let mut day = None;
    let mut flaws: Vec<Flaw> = Vec::new();
    for part in request.query_string().split('&').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        match value.parse::<NaiveDate>() {
            _ if !known.contains(&name) => flaws.push(Code::Unknown.of_parameter(name, "")),
            _ if value.is_empty() => flaws.push(Code::Empty.of_parameter(name, "")),
            Ok(_) if day.is_some() => flaws.push(Code::Repeated.of_parameter(name, "")),
            Ok(given) if value.len() == 10 => day = Some(given),
            _ => flaws.push(Code::BadFormat.of_parameter(name, "2026-01-31")),
        }
    }
    if flaws.is_empty() { Ok(day) } else { Err(ApiError::Invalid(flaws)) }
}

fn cacheable(request: &HttpRequest, etag: String, body: &impl Serialize) -> Result<HttpResponse> {
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let same = |tag: &str| tag == "*" || tag.trim_start_matches("W/") == etag;
    let fresh = known.is_some_and(|known| known.split(',').map(str::trim).any(same));
    let mut answer = HttpResponse::build(if fresh { StatusCode::NOT_MODIFIED } else { StatusCode::OK });
    answer.insert_header((header::ETAG, etag));
    answer.insert_header((header::CACHE_CONTROL, "public, max-age=3600"));
    if fresh { Ok(answer.finish()) } else { Ok(answer.json(body)) }
}
