//! The addresses of businesses themselves.

use std::rc::Rc;

use actix_web::{get, patch, post, web::Path};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    business::{
        payloads::{Business, BusinessFields, MoveBusiness, Status},
        rules::LIFECYCLE,
        store,
    },
    change::change,
    duplicates,
    filter::BusinessFilter,
    open_work, people,
    registration::{Registration, register},
    shown::{Included, Shown, show},
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
    records::duplicates::{Registered, of},
};

/// What is asked for the most: a request tries each address until one fits.
pub fn most_asked(config: &mut ServiceConfig<'_>) {
    config.service(list_businesses).service(get_business);
}

pub fn routes(config: &mut ServiceConfig<'_>) {
    // The longer paths first: a scope keeps all that begins like it.
    people::routes(config);
    snapshots::routes(config);
    standing::routes(config);
    let businesses = scope("/businesses").service(create_business).service(update_business);
    let businesses = businesses
        .service(duplicates::get_business_duplicates)
        .service(move_business)
        .service(list_business_transitions);
    config.service(businesses.service(list_business_history));
}

/// List businesses.
///
/// The newest first.
#[utoipa::path(params(BusinessFilter), responses((status = 200, body = Page<Shown>)))]
#[get("/businesses")]
async fn list_businesses(
    granted: Granted<ReadBusinesses>,
    mut query: Query<BusinessFilter>,
) -> Result<Page<Shown>> {
    let include = query.filter.include.take();
    let Page { data, next_cursor, total } = super::store::list(&granted, query).await?;
    let data = show(&granted, data.into_iter().map(Rc::new).collect(), include.as_ref()).await?;
    Ok(Page { data, next_cursor, total })
}

/// Get a business.
#[utoipa::path(params(BusinessId, Included), responses((status = 200, body = Shown)))]
#[get("/businesses/{id}")]
async fn get_business(
    granted: Granted<ReadBusinesses>,
    id: Path<BusinessId>,
    query: Query<Included>,
) -> Result<Versioned<Shown>> {
    let business = store::find(&granted, *id).await?;
    let shown = show(&granted, vec![business], query.filter.include.as_ref()).await?.pop();
    Ok(Versioned(Rc::new(shown.ok_or(ApiError::NotFound)?)))
}

/// Register a business.
///
/// With its owner, known or new, and its first snapshot where there is one: all of it or nothing.
#[utoipa::path(responses((status = 201, body = Registered<Business>)))]
#[post("")]
async fn create_business(
    granted: Granted<CreateBusinesses>,
    Json(new): Json<Registration>,
) -> Result<Answer> {
    granted
        .write(&new, async |tx| {
            let (business, events) = register(tx, &new).await?;
            let alike = of::<Business>(tx, tx.sql(), business.id).await?;
            Ok((Created(Registered::new(business, alike)), events))
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
            let after = change(tx, &before, &patch).await?;
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
            if step.to == Status::Inactive {
                open_work::must_be_done(tx, *id).await?;
            }
            let after = store::set_status(tx, *id, step.to).await?;
            let event = Event::changed(&before, &*after, step.event()).with("move", &wanted);
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
    log::history(&granted, &*store::find_even_merged(&granted, *id).await?, &query).await
}
