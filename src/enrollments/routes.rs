//! The addresses of enrollments.

use actix_web::{get, patch, post, web::Path};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    payloads::{Enrollment, EnrollmentFields, EnrollmentFilter, MoveEnrollment},
    rules::LIFECYCLE,
    steps, store,
};
use crate::{
    access::{
        Granted,
        may::{ReadEnrollments, WriteEnrollments},
    },
    error::Result,
    http::{Answer, Created, IfMatch, Json, MergePatch, Page, Query, Versioned},
    ids::EnrollmentId,
    lifecycle::Transitions,
    log::{self, EventOut, HistoryFilter},
    records::Record,
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    let enrollments = scope("/enrollments").service(list_enrollments).service(get_enrollment);
    let enrollments = enrollments.service(create_enrollment).service(update_enrollment);
    let enrollments = enrollments.service(move_enrollment).service(list_enrollment_transitions);
    config.service(enrollments.service(list_enrollment_history));
}

/// List enrollments.
///
/// The newest first. A board sees those to its cooperative, an owner his own.
#[utoipa::path(params(EnrollmentFilter), responses((status = 200, body = Page<Enrollment>)))]
#[get("")]
async fn list_enrollments(
    granted: Granted<ReadEnrollments>,
    query: Query<EnrollmentFilter>,
) -> Result<Page<Enrollment>> {
    store::list(&granted, query).await
}

/// Get an enrollment.
#[utoipa::path(responses((status = 200, body = Enrollment)))]
#[get("/{id}")]
async fn get_enrollment(
    granted: Granted<ReadEnrollments>,
    id: Path<EnrollmentId>,
) -> Result<Versioned<Enrollment>> {
    Ok(Versioned(store::find(&granted, *id).await?))
}

/// Apply for membership.
///
/// It needs the owner's NIK, and the owner's consent to that cooperative.
#[utoipa::path(responses((status = 201, body = Enrollment)))]
#[post("")]
async fn create_enrollment(
    granted: Granted<WriteEnrollments>,
    Json(fields): Json<EnrollmentFields>,
) -> Result<Answer> {
    granted
        .write(&fields, async |tx| {
            let (enrollment, events) = steps::apply(tx, &fields).await?;
            Ok((Created(enrollment), events))
        })
        .await
}

/// Change an enrollment.
///
/// Only what was paid: who is to be a member, and where, stays.
#[utoipa::path(
    request_body(content = EnrollmentFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = Enrollment)),
)]
#[patch("/{id}")]
async fn update_enrollment(
    granted: Granted<WriteEnrollments>,
    id: Path<EnrollmentId>,
    read: IfMatch,
    patch: MergePatch<EnrollmentFields>,
) -> Result<Answer> {
    granted
        .write(&patch, async |tx| {
            let before = store::lock(tx, tx.reach, *id).await?;
            read.check(&before)?;
            let fields = patch.apply(&before.fields, Enrollment::READ)?;
            let (after, event) = steps::change(tx, &before, &fields).await?;
            Ok((Versioned(after), event))
        })
        .await
}

/// Take an action on an enrollment.
///
/// The division verifies, the board admits; the division admits with the board's minutes.
#[utoipa::path(responses((status = 200, body = Enrollment)))]
#[post("/{id}/transitions")]
async fn move_enrollment(
    granted: Granted<ReadEnrollments>,
    id: Path<EnrollmentId>,
    read: Option<IfMatch>,
    Json(wanted): Json<MoveEnrollment>,
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

/// List an enrollment's moves.
///
/// With its status, and what the caller could do with it. The latest move first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Transitions)))]
#[get("/{id}/transitions")]
async fn list_enrollment_transitions(
    granted: Granted<ReadEnrollments>,
    id: Path<EnrollmentId>,
    query: Query<HistoryFilter>,
) -> Result<Transitions> {
    LIFECYCLE.transitions(&granted, &*store::find(&granted, *id).await?, &query).await
}

/// List what happened to an enrollment.
///
/// The latest first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Page<EventOut>)))]
#[get("/{id}/history")]
async fn list_enrollment_history(
    granted: Granted<ReadEnrollments>,
    id: Path<EnrollmentId>,
    query: Query<HistoryFilter>,
) -> Result<Page<EventOut>> {
    log::history(&granted, &*store::find(&granted, *id).await?, &query).await
}
