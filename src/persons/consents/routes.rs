//! The addresses of a person's consents.

use actix_web::{get, post, web::Path};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    giving,
    payloads::{Consent, ConsentFields, ConsentFilter, MoveConsent},
    rules::LIFECYCLE,
    store,
};
use crate::{
    access::{
        Granted, Party,
        may::{ReadConsents, WriteConsents},
    },
    error::Result,
    http::{Answer, Created, IfMatch, Json, Page, Query, Versioned},
    ids::{ConsentId, PersonId},
    lifecycle::Transitions,
    log::{Event, HistoryFilter},
    persons::store as persons,
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_consents).service(get_consent).service(create_consent);
    config.service(move_consent).service(list_consent_transitions);
}

/// List what a person consented to.
///
/// The newest first, those that were withdrawn among them.
#[utoipa::path(params(PersonId, ConsentFilter), responses((status = 200, body = Page<Consent>)))]
#[get("/{id}/consents")]
async fn list_consents(
    granted: Granted<ReadConsents>,
    id: Path<PersonId>,
    query: Query<ConsentFilter>,
) -> Result<Page<Consent>> {
    persons::find(&granted, *id).await?;
    store::list(&granted, *id, query).await
}

/// Get a consent.
#[utoipa::path(
    params(("id" = PersonId, Path), ("consent_id" = ConsentId, Path)),
    responses((status = 200, body = Consent)),
)]
#[get("/{id}/consents/{consent_id}")]
async fn get_consent(
    granted: Granted<ReadConsents>,
    ids: Path<(PersonId, ConsentId)>,
) -> Result<Versioned<Consent>> {
    Ok(Versioned(store::find(&granted, ids.0, ids.1).await?))
}

/// Give a consent, or record one that was given on paper.
#[utoipa::path(responses((status = 201, body = Consent)))]
#[post("/{id}/consents")]
async fn create_consent(
    granted: Granted<WriteConsents>,
    id: Path<PersonId>,
    Json(fields): Json<ConsentFields>,
) -> Result<Answer> {
    granted
        .write(&fields, async |tx| {
            let person = persons::lock(tx, tx.reach, *id).await?;
            let consent = giving::give(tx, person.id, &fields).await?;
            let businesses = persons::businesses_of(tx, person.id).await?;
            let event = Event::created(&*consent).through(businesses);
            Ok((Created(consent), event.on_behalf_of(Party::Person(person.id))))
        })
        .await
}

/// Withdraw a consent.
///
/// It needs no reason, and what rests on the consent ends.
#[utoipa::path(
    params(("id" = PersonId, Path), ("consent_id" = ConsentId, Path)),
    responses((status = 200, body = Consent)),
)]
#[post("/{id}/consents/{consent_id}/transitions")]
async fn move_consent(
    granted: Granted<ReadConsents>,
    ids: Path<(PersonId, ConsentId)>,
    read: Option<IfMatch>,
    Json(wanted): Json<MoveConsent>,
) -> Result<Answer> {
    granted
        .write(&wanted, async |tx| {
            let before = store::lock(tx, tx.reach, ids.0, ids.1).await?;
            IfMatch::check_if_sent(read.as_ref(), &before)?;
            let step = LIFECYCLE.decide(tx, &before, wanted.action, &wanted)?;
            let (after, more) = giving::withdraw(tx, &before).await?;
            let event = Event::changed(&before, &*after, step.event()).with("move", &wanted);
            let event = event.through(persons::businesses_of(tx, ids.0).await?);
            Ok((Versioned(after), (event.on_behalf_of(Party::Person(ids.0)), more)))
        })
        .await
}

/// Say where a consent stands and how it came there.
///
/// What the caller could do with it, and its moves, the latest first.
#[utoipa::path(
    params(("id" = PersonId, Path), ("consent_id" = ConsentId, Path), HistoryFilter),
    responses((status = 200, body = Transitions)),
)]
#[get("/{id}/consents/{consent_id}/transitions")]
async fn list_consent_transitions(
    granted: Granted<ReadConsents>,
    ids: Path<(PersonId, ConsentId)>,
    query: Query<HistoryFilter>,
) -> Result<Transitions> {
    LIFECYCLE.transitions(&granted, &*store::find(&granted, ids.0, ids.1).await?, &query).await
}
