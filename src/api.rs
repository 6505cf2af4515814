//! Every route and the OpenAPI document, both built from the same list; and every reader of the log and
//! every job.

use actix_web::{
    HttpRequest, HttpResponse, Responder, get,
    middleware::from_fn,
    web::{self, PayloadConfig},
};
use diesel::{migration::MigrationSource, pg::Pg};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use futures_util::future::join;
use serde_json::Value;
use utoipa::OpenApi;
use utoipa_actix_web::{AppExt, scope, service_config::ServiceConfig};
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::{
    accounts::{self, Attempts},
    agenda, assessments, attachments, businesses, capital_referrals, certifications, changes, cohorts,
    cooperatives,
    db::Db,
    enrollments,
    error::{ApiError, Result},
    exports, follow_ups, hand_overs,
    http::{accepts, health, openapi, problem::Problem, problems},
    insights, institutions, instruments,
    lifecycle::LifecycleOut,
    log::{Clear, Job, Reader, sharing},
    mail, matching, mentors, mentorships, merging, notifications, outcomes, persons, products,
    records::idempotency,
    reference::routes::{self as reference, Lifecycles},
    sandbox, sync, webhooks,
    worker::{Shared, Worker},
};

pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!();

/// The last of the migrations that the program knows.
///
/// # Errors
/// In words, where they cannot be read.
pub fn last_migration() -> Result<String, String> {
    let all = MigrationSource::<Pg>::migrations(&MIGRATIONS).map_err(|error| error.to_string())?;
    Ok(all.iter().map(|one| one.name().to_string()).max().unwrap_or_default())
}

#[derive(OpenApi)]
#[openapi(components(schemas(Problem)))]
struct Described;

fn features(config: &mut ServiceConfig<'_>, is_sandbox: bool) {
    let v1 = scope("/v1").wrap(from_fn(accepts::json));
    // What is asked for the most comes first, as a request tries each scope until one fits; and what a
    // feature adds below another's address before that.
    #[rustfmt::skip]
    let v1 = v1
        .configure(businesses::most_asked)
        .configure(mentorships::most_asked)
        .configure(assessments::routes_below_others)
        .configure(matching::routes)
        .configure(outcomes::routes)
        // Before the businesses, below which products are found.
        .configure(certifications::routes)
        .configure(products::routes)
        .configure(businesses::routes)
        .configure(mentorships::routes)
        .configure(reference::routes)
        .configure(accounts::routes)
        .configure(institutions::routes)
        .configure(mentors::routes)
        .configure(persons::routes)
        .configure(cohorts::routes)
        .configure(instruments::routes)
        .configure(assessments::routes)
        .configure(hand_overs::routes)
        .configure(capital_referrals::routes)
        .configure(cooperatives::routes)
        .configure(enrollments::routes)
        .configure(follow_ups::routes)
        .configure(insights::routes)
        .configure(sync::routes)
        .configure(changes::routes)
        .configure(exports::routes)
        .configure(webhooks::routes)
        .configure(attachments::routes)
        .configure(agenda::routes)
        .configure(notifications::routes)
        .configure(merging::routes);
    let v1 = if is_sandbox { v1.configure(sandbox::routes) } else { v1 };
    config.service(v1).configure(accounts::open_routes);
}

/// What follows from what happened.
#[rustfmt::skip]
pub fn readers() -> Vec<&'static Reader> {
    vec![
        &businesses::READER,
        &businesses::STAGES,
        &mentorships::UNIVERSITY,
        &mentors::LEAVING,
        &hand_overs::READER,
        &capital_referrals::READER,
        &enrollments::READER,
        &follow_ups::READER,
        &outcomes::READER,
        &attachments::READER,
        &notifications::READER,
    ]
}

/// What follows from the log alone and can be made anew from it: its name, the reader that keeps it, and
/// what takes it away.
const DERIVED: &[(&str, &Reader, Clear)] = &[
    ("stage", &businesses::STAGES, businesses::clear_stages),
    ("standings", &businesses::READER, businesses::clear_standings),
];

/// The names of what `rebuild` makes.
pub fn derived() -> Vec<&'static str> {
    DERIVED.iter().map(|(name, ..)| *name).collect()
}

/// Makes it anew, in one transaction; the answer is from how many events.
///
/// # Errors
/// `NotFound` for another name; what the database says.
pub async fn rebuild(worker: &web::Data<Worker>, name: &str) -> Result<u64> {
    let (_, reader, clear) = DERIVED.iter().find(|(known, ..)| *known == name).ok_or(ApiError::NotFound)?;
    reader.rebuild(worker, *clear).await
}

/// What happens by the clock.
#[rustfmt::skip]
pub fn jobs() -> Vec<&'static Job> {
    vec![
        &idempotency::FORGET,
        &sync::STOP,
        &sync::FORGET,
        &accounts::FORGET_REFRESH_TOKENS,
        &sharing::END,
        &cohorts::JOB,
        &mentorships::EXPIRY,
        &certifications::EXPIRY,
        &mentors::QUALIFICATION_EXPIRY,
        &mentorships::REMINDERS,
        &attachments::PURGE,
        &attachments::SWEEP,
        &webhooks::FORGET,
        &exports::EXPIRE,
        &exports::SWEEP,
    ]
}

/// Sends the mail and the webhooks that are to be sent, until its task is dropped.
pub async fn deliver(worker: web::Data<Worker>) {
    join(mail::deliver(worker.clone()), webhooks::deliver(worker)).await;
}

/// Writes the exports that were asked for, until its task is dropped. On a thread of its own: it computes.
pub use crate::exports::work as write_exports;

/// Who keeps which field of a mentor: a sync of his institution leaves the others.
pub use crate::mentors::keepers;

/// The lifecycles of all resources, as they are published.
#[rustfmt::skip]
pub fn lifecycles() -> Vec<LifecycleOut> {
    vec![
        mentors::LIFECYCLE.published(),
        persons::CONSENT_LIFECYCLE.published(),
        businesses::LIFECYCLE.published(),
        certifications::LIFECYCLE.published(),
        cohorts::LIFECYCLE.published(),
        cohorts::PARTICIPANT_LIFECYCLE.published(),
        mentorships::LIFECYCLE.published(),
        mentorships::SESSION_LIFECYCLE.published(),
        mentorships::PLAN_LIFECYCLE.published(),
        instruments::LIFECYCLE.published(),
        assessments::LIFECYCLE.published(),
        hand_overs::LIFECYCLE.published(),
        capital_referrals::LIFECYCLE.published(),
        cooperatives::LIFECYCLE.published(),
        enrollments::LIFECYCLE.published(),
        outcomes::LIFECYCLE.published(),
        merging::LIFECYCLE.published(),
        webhooks::LIFECYCLE.published(),
    ]
}

/// What the workers of a process share, and how each is made.
#[derive(Clone)]
pub struct Settings {
    pub database_url: String,
    pub writers_per_worker: usize,
    pub largest_body: usize,
    /// Shared by the workers of a process.
    pub attempts: Attempts,
    pub shared: Shared,
}

impl Settings {
    pub fn worker(&self) -> Result<web::Data<Worker>> {
        let db = Db::new(&self.database_url, self.writers_per_worker);
        Ok(web::Data::new(Worker::new(db, &self.shared)?))
    }
}

/// One worker's service: its own connections and memory, the shared settings, every route.
pub fn mount(config: &mut web::ServiceConfig, settings: &Settings) {
    match settings.worker() {
        Ok(worker) => drop(config.app_data(worker)),
        // Each request will say that it has no worker.
        Err(error) => log::error!("a worker cannot start: {error:?}"),
    }
    config
        .app_data(web::Data::new(settings.attempts.clone()))
        .app_data(web::Data::new(Lifecycles(lifecycles())))
        .app_data(PayloadConfig::new(settings.largest_body))
        .service(openapi_json)
        .service(problems::page)
        .service(follow_ups::page)
        .service(follow_ups::answer_page)
        .service(agenda::calendar)
        .service(exports::exported)
        .service(health::healthz)
        .service(health::readyz)
        .service(SwaggerUi::new("/docs/{_:.*}").config(Config::from("/openapi.json")))
        .service(web::redirect("/docs", "/docs/"));
    let is_sandbox = settings.shared.sandbox.is_some();
    features(&mut ServiceConfig::new(config), is_sandbox);
    config.app_data(web::Data::new(described(is_sandbox))).default_service(web::to(nothing_here));
}

/// The OpenAPI 3.1 document.
pub fn document() -> Value {
    described(false)
}

/// That of a sandbox has its addresses besides.
fn described(is_sandbox: bool) -> Value {
    let app = actix_web::App::new().into_utoipa_app().openapi(Described::openapi());
    let document = app.configure(|config| features(config, is_sandbox)).split_for_parts().1;
    openapi::with_conventions(serde_json::to_value(document).unwrap_or_default())
}

#[get("/openapi.json")]
async fn openapi_json(document: web::Data<Value>) -> impl Responder {
    web::Json(document)
}

/// 405 where the address exists with another method, else 404.
async fn nothing_here(request: HttpRequest, document: web::Data<Value>) -> Result<HttpResponse> {
    match openapi::methods_at(&document, request.path()) {
        methods if methods.is_empty() => Err(ApiError::NotFound),
        methods => Err(ApiError::MethodNotAllowed { allow: methods.join(", ") }),
    }
}
