//! The addresses of capital referrals.

use actix_web::{get, patch, post, web::Path};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    documents::DocumentFields,
    payloads::{MoveReferral, Referral, ReferralFields, ReferralFilter},
    rules::LIFECYCLE,
    steps, store,
};
use crate::{
    access::{
        Granted,
        may::{ReadReferrals, WriteReferrals},
    },
    error::Result,
    http::{Answer, Created, IfMatch, Json, MergePatch, Page, Query, Versioned},
    ids::ReferralId,
    lifecycle::Transitions,
    log::{self, EventOut, HistoryFilter},
    records::Record,
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    let referrals = scope("/capital-referrals").service(list_capital_referrals).service(get_capital_referral);
    let referrals = referrals.service(create_capital_referral).service(update_capital_referral);
    let referrals = referrals.service(update_capital_referral_document).service(move_capital_referral);
    let referrals = referrals.service(list_capital_referral_transitions);
    config.service(referrals.service(list_capital_referral_history));
}

/// List capital referrals.
///
/// The newest first. A lender sees those that were forwarded to it.
#[utoipa::path(params(ReferralFilter), responses((status = 200, body = Page<Referral>)))]
#[get("")]
async fn list_capital_referrals(
    granted: Granted<ReadReferrals>,
    query: Query<ReferralFilter>,
) -> Result<Page<Referral>> {
    store::list(&granted, query).await
}

/// Get a capital referral.
#[utoipa::path(responses((status = 200, body = Referral)))]
#[get("/{id}")]
async fn get_capital_referral(
    granted: Granted<ReadReferrals>,
    id: Path<ReferralId>,
) -> Result<Versioned<Referral>> {
    Ok(Versioned(store::find(&granted, *id).await?))
}

/// Draft a capital referral.
///
/// By the owner, the mentor who coaches the business, or an officer for the owner. The answer says which
/// scheme is suggested, and which documents are needed.
#[utoipa::path(responses((status = 201, body = Referral)))]
#[post("")]
async fn create_capital_referral(
    granted: Granted<WriteReferrals>,
    Json(fields): Json<ReferralFields>,
) -> Result<Answer> {
    granted
        .write(&fields, async |tx| {
            let (referral, events) = steps::draft(tx, &fields).await?;
            Ok((Created(referral), events))
        })
        .await
}

/// Change a capital referral.
///
/// While it is a draft, or returned. Scheme and documents follow the amount and the purpose.
#[utoipa::path(
    request_body(content = ReferralFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = Referral)),
)]
#[patch("/{id}")]
async fn update_capital_referral(
    granted: Granted<WriteReferrals>,
    id: Path<ReferralId>,
    read: IfMatch,
    patch: MergePatch<ReferralFields>,
) -> Result<Answer> {
    granted
        .write(&patch, async |tx| {
            let before = store::lock(tx, tx.reach, *id).await?;
            read.check(&before)?;
            let fields = patch.apply(&before.fields, Referral::READ)?;
            let (after, event) = steps::rewrite(tx, &before, &fields).await?;
            Ok((Versioned(after), event))
        })
        .await
}

/// Change a document of a capital referral.
///
/// Who writes the referral provides it; an officer verifies it. The version is the referral's.
#[utoipa::path(
    params(("id" = ReferralId, Path), ("kind" = String, Path)),
    request_body(content = DocumentFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = Referral)),
)]
#[patch("/{id}/documents/{kind}")]
async fn update_capital_referral_document(
    granted: Granted<WriteReferrals>,
    path: Path<(ReferralId, String)>,
    read: IfMatch,
    patch: MergePatch<DocumentFields>,
) -> Result<Answer> {
    let (id, kind) = path.into_inner();
    granted
        .write(&patch, async |tx| {
            let before = store::lock(tx, tx.reach, id).await?;
            read.check(&before)?;
            let (after, event) = steps::set_document(tx, &before, &kind, &patch).await?;
            Ok((Versioned(after), event))
        })
        .await
}

/// Take an action on a capital referral.
///
/// The action says which permission and which fields it needs: see its transitions. An officer who submits
/// for the owner, or records what a lender without an account decided, needs evidence.
#[utoipa::path(responses((status = 200, body = Referral)))]
#[post("/{id}/transitions")]
async fn move_capital_referral(
    granted: Granted<ReadReferrals>,
    id: Path<ReferralId>,
    read: Option<IfMatch>,
    Json(wanted): Json<MoveReferral>,
) -> Result<Answer> {
    granted
        .write(&wanted, async |tx| {
            let before = store::lock(tx, tx.reach, *id).await?;
            IfMatch::check_if_sent(read.as_ref(), &before)?;
            let (after, events) = steps::take(tx, &before, &wanted).await?;
            Ok((Versioned(after), events))
        })
        .await
}

/// List a capital referral's moves.
///
/// With its status, and what the caller could do with it. The latest move first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Transitions)))]
#[get("/{id}/transitions")]
async fn list_capital_referral_transitions(
    granted: Granted<ReadReferrals>,
    id: Path<ReferralId>,
    query: Query<HistoryFilter>,
) -> Result<Transitions> {
    LIFECYCLE.transitions(&granted, &*store::find(&granted, *id).await?, &query).await
}

/// List what happened to a capital referral.
///
/// The latest first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Page<EventOut>)))]
#[get("/{id}/history")]
async fn list_capital_referral_history(
    granted: Granted<ReadReferrals>,
    id: Path<ReferralId>,
    query: Query<HistoryFilter>,
) -> Result<Page<EventOut>> {
    log::history(&granted, &*store::find(&granted, *id).await?, &query).await
}
