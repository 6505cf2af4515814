//! The addresses of certifications.

use actix_web::{delete, get, patch, post, web::Path};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    payloads::{Certification, CertificationFields, CertificationFilter, MoveCertification},
    pipeline::get_product_pipeline,
    requirements::RequirementFields,
    rules::LIFECYCLE,
    steps, store,
};
use crate::{
    access::{
        Granted,
        may::{ReadCertifications, WriteCertifications},
    },
    error::Result,
    http::{Answer, Created, Deleted, IfMatch, Json, MergePatch, Page, Query, Versioned},
    ids::CertificationId,
    lifecycle::Transitions,
    log::{self, EventOut, HistoryFilter},
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(scope("/businesses/{id}/products/{product_id}/pipeline").service(get_product_pipeline));
    let all = scope("/certifications").service(list_certifications).service(get_certification);
    let all = all.service(create_certification).service(update_certification).service(delete_certification);
    let all = all.service(update_certification_requirement).service(move_certification);
    config.service(all.service(list_certification_transitions).service(list_certification_history));
}

/// List certifications.
///
/// The newest first.
#[utoipa::path(params(CertificationFilter), responses((status = 200, body = Page<Certification>)))]
#[get("")]
async fn list_certifications(
    granted: Granted<ReadCertifications>,
    query: Query<CertificationFilter>,
) -> Result<Page<Certification>> {
    store::list(&granted, query).await
}

/// Get a certification.
#[utoipa::path(responses((status = 200, body = Certification)))]
#[get("/{id}")]
async fn get_certification(
    granted: Granted<ReadCertifications>,
    id: Path<CertificationId>,
) -> Result<Versioned<Certification>> {
    Ok(Versioned(store::find(&granted, *id).await?))
}

/// Plan a certification.
///
/// By the owner, the mentor who coaches the business, or the desk. The answer says what it asks for.
#[utoipa::path(responses((status = 201, body = Certification)))]
#[post("")]
async fn create_certification(
    granted: Granted<WriteCertifications>,
    Json(fields): Json<CertificationFields>,
) -> Result<Answer> {
    granted
        .write(&fields, async |tx| {
            let (certification, events) = steps::plan(tx, &fields).await?;
            Ok((Created(certification), events))
        })
        .await
}

/// Change a certification's note.
///
/// The desk also corrects its number, issuer and end.
#[utoipa::path(
    request_body(content = CertificationFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = Certification)),
)]
#[patch("/{id}")]
async fn update_certification(
    granted: Granted<WriteCertifications>,
    id: Path<CertificationId>,
    read: IfMatch,
    patch: MergePatch<CertificationFields>,
) -> Result<Answer> {
    granted
        .write(&patch, async |tx| {
            let before = store::lock(tx, tx.reach, *id).await?;
            read.check(&before)?;
            let (after, event) = steps::rewrite(tx, &before, &patch).await?;
            Ok((Versioned(after), event))
        })
        .await
}

/// Delete a certification that was planned by mistake.
#[utoipa::path(params(CertificationId), responses((status = 204, description = "It is gone")))]
#[delete("/{id}")]
async fn delete_certification(
    granted: Granted<WriteCertifications>,
    id: Path<CertificationId>,
    read: IfMatch,
) -> Result<Answer> {
    granted
        .write(&(), async |tx| {
            let before = store::lock(tx, tx.reach, *id).await?;
            read.check(&before)?;
            Ok((Deleted, steps::remove(tx, &before).await?))
        })
        .await
}

/// Change an item of a certification's checklist.
///
/// Who plans it provides; the desk verifies, or says that it is not needed. The version is the
/// certification's.
#[utoipa::path(
    params(("id" = CertificationId, Path), ("requirement" = String, Path)),
    request_body(content = RequirementFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = Certification)),
)]
#[patch("/{id}/requirements/{requirement}")]
async fn update_certification_requirement(
    granted: Granted<WriteCertifications>,
    path: Path<(CertificationId, String)>,
    read: IfMatch,
    patch: MergePatch<RequirementFields>,
) -> Result<Answer> {
    let (id, code) = path.into_inner();
    granted
        .write(&patch, async |tx| {
            let before = store::lock(tx, tx.reach, id).await?;
            read.check(&before)?;
            let (after, event) = steps::set_requirement(tx, &before, &code, &patch).await?;
            Ok((Versioned(after), event))
        })
        .await
}

/// Take an action on a certification.
///
/// The desk records what was applied for, and what the issuer decided.
#[utoipa::path(responses((status = 200, body = Certification)))]
#[post("/{id}/transitions")]
async fn move_certification(
    granted: Granted<ReadCertifications>,
    id: Path<CertificationId>,
    read: Option<IfMatch>,
    Json(wanted): Json<MoveCertification>,
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

/// List a certification's moves.
///
/// With its status, and what the caller could do with it. The latest move first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Transitions)))]
#[get("/{id}/transitions")]
async fn list_certification_transitions(
    granted: Granted<ReadCertifications>,
    id: Path<CertificationId>,
    query: Query<HistoryFilter>,
) -> Result<Transitions> {
    LIFECYCLE.transitions(&granted, &*store::find(&granted, *id).await?, &query).await
}

/// List what happened to a certification.
///
/// The latest first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Page<EventOut>)))]
#[get("/{id}/history")]
async fn list_certification_history(
    granted: Granted<ReadCertifications>,
    id: Path<CertificationId>,
    query: Query<HistoryFilter>,
) -> Result<Page<EventOut>> {
    log::history(&granted, &*store::find(&granted, *id).await?, &query).await
}
