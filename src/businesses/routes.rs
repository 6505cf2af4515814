//! The addresses of businesses themselves.

use actix_web::{get, patch, post, web::Path};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    business::{
        payloads::{Business, BusinessFields, BusinessFilter, MoveBusiness},
        rules::{self, LIFECYCLE},
        seal_npwp, store,
    },
    snapshots, standing,
};
use crate::{
    access::{
        Granted,
        may::{CreateBusinesses, ReadBusinesses, WriteBusinesses},
    },
    error::{ApiError, Result},
    http::{Answer, Created, IfMatch, Json, MergePatch, Page, Query, Versioned},
    ids::BusinessId,
    lifecycle::Transitions,
    log::{self, Event, EventOut, HistoryFilter},
    records::Record,
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    // The longer paths first: a scope keeps all that begins like it.
    snapshots::routes(config);
    standing::routes(config);
    let businesses = scope("/businesses").service(list_businesses).service(get_business);
    let businesses = businesses.service(create_business).service(update_business);
    let businesses = businesses.service(move_business).service(list_business_transitions);
    config.service(businesses.service(list_business_history));
}

/// List businesses.
///
/// The newest first.
#[utoipa::path(params(BusinessFilter), responses((status = 200, body = Page<Business>)))]
#[get("")]
async fn list_businesses(
    granted: Granted<ReadBusinesses>,
    query: Query<BusinessFilter>,
) -> Result<Page<Business>> {
    store::list(&granted, query).await
}

/// Get a business.
#[utoipa::path(responses((status = 200, body = Business)))]
#[get("/{id}")]
async fn get_business(granted: Granted<ReadBusinesses>, id: Path<BusinessId>) -> Result<Versioned<Business>> {
    Ok(Versioned(store::find(&granted, *id).await?))
}

/// Register a business.
#[utoipa::path(responses((status = 201, body = Business)))]
#[post("")]
async fn create_business(
    granted: Granted<CreateBusinesses>,
    Json(fields): Json<BusinessFields>,
) -> Result<Answer> {
    granted
        .write(&fields, async |tx| {
            let flaws = rules::flaws(&fields, None, &tx.worker.reference(), tx.today());
            if !flaws.is_empty() {
                return Err(ApiError::Invalid(flaws));
            }
            let number = tx.next_number("UMKM").await?;
            let business = store::insert(tx, BusinessId::generate(), number, &fields).await?;
            let event = Event::created(&*business);
            Ok((Created(business), event))
        })
        .await
}

/// Change a business.
#[utoipa::path(
    request_body(content = BusinessFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = Business)),
)]
#[patch("/{id}")]
async fn update_business(
    granted: Granted<WriteBusinesses>,
    id: Path<BusinessId>,
    read: IfMatch,
    patch: MergePatch<BusinessFields>,
) -> Result<Answer> {
    granted
        .write(&patch, async |tx| {
            let before = store::lock(tx, tx.reach, *id).await?;
            read.check(&before)?;
            let base = BusinessFields { npwp: None, ..before.fields.clone() };
            let mut fields = patch.apply(&base, Business::READ)?;
            let flaws = rules::flaws(&fields, Some(&before.fields), &tx.worker.reference(), tx.today());
            if !flaws.is_empty() {
                return Err(ApiError::Invalid(flaws));
            }
            let npwp = match patch.names("npwp") {
                true => Some(seal_npwp(tx, *id, &mut fields).await?),
                false => None,
            };
            if npwp.is_none() {
                fields.npwp = before.fields.npwp.clone();
            }
            let after = store::update(tx, *id, &fields, npwp).await?;
            let event = Event::changed(&before, &*after, "updated");
            Ok((Versioned(after), event))
        })
        .await
}

/// Move a business.
///
/// The action says which permission it needs besides.
#[utoipa::path(responses((status = 200, body = Business)))]
#[post("/{id}/transitions")]
async fn move_business(
    granted: Granted<ReadBusinesses>,
    id: Path<BusinessId>,
    read: Option<IfMatch>,
    Json(wanted): Json<MoveBusiness>,
) -> Result<Answer> {
    granted
        .write(&wanted, async |tx| {
            let before = store::lock(tx, tx.reach, *id).await?;
            IfMatch::check_if_sent(read.as_ref(), &before)?;
            let step = LIFECYCLE.decide(tx, &before, wanted.action, &wanted)?;
            let after = store::set_status(tx, *id, step.to).await?;
            let event = Event::changed(&before, &*after, step.to.as_str()).with("move", &wanted);
            Ok((Versioned(after), event))
        })
        .await
}

/// List the moves of a business.
///
/// Where it stands, what you could do with it, and its moves, the latest first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Transitions)))]
#[get("/{id}/transitions")]
async fn list_business_transitions(
    granted: Granted<ReadBusinesses>,
    id: Path<BusinessId>,
    query: Query<HistoryFilter>,
) -> Result<Transitions> {
    LIFECYCLE.transitions(&granted, &*store::find(&granted, *id).await?, &query).await
}

/// List what happened to a business.
///
/// The latest first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Page<EventOut>)))]
#[get("/{id}/history")]
async fn list_business_history(
    granted: Granted<ReadBusinesses>,
    id: Path<BusinessId>,
    query: Query<HistoryFilter>,
) -> Result<Page<EventOut>> {
    log::history(&granted, &*store::find(&granted, *id).await?, &query).await
}
