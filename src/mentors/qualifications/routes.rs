//! The addresses of a mentor's qualifications.

use actix_web::{delete, get, patch, post, web::Path};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    payloads::{Qualification, QualificationFields, QualificationFilter},
    rules, store,
};
use crate::{
    access::{
        Granted,
        may::{ReadQualifications, WriteQualifications},
    },
    error::{ApiError, Result},
    http::{Answer, Created, Deleted, IfMatch, Json, MergePatch, Page, Query, Versioned},
    ids::{MentorId, QualificationId},
    log::Event,
    mentors::store as mentors,
    records::Record,
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    let all = scope("/mentors/{id}/qualifications").service(list_mentor_qualifications);
    let all = all.service(get_mentor_qualification).service(create_mentor_qualification);
    config.service(all.service(update_mentor_qualification).service(delete_mentor_qualification));
}

/// List a mentor's qualifications.
///
/// The newest first.
#[utoipa::path(
    params(MentorId, QualificationFilter),
    responses((status = 200, body = Page<Qualification>)),
)]
#[get("")]
async fn list_mentor_qualifications(
    granted: Granted<ReadQualifications>,
    mentor: Path<MentorId>,
    query: Query<QualificationFilter>,
) -> Result<Page<Qualification>> {
    mentors::find(&granted, *mentor).await?;
    store::list(&granted, *mentor, query).await
}

/// Get a mentor's qualification.
#[utoipa::path(
    params(MentorId, ("qualification_id" = QualificationId, Path)),
    responses((status = 200, body = Qualification)),
)]
#[get("/{qualification_id}")]
async fn get_mentor_qualification(
    granted: Granted<ReadQualifications>,
    path: Path<(MentorId, QualificationId)>,
) -> Result<Versioned<Qualification>> {
    Ok(Versioned(store::find(&granted, path.0, path.1).await?))
}

/// Add a qualification to a mentor.
#[utoipa::path(params(MentorId), responses((status = 201, body = Qualification)))]
#[post("")]
async fn create_mentor_qualification(
    granted: Granted<WriteQualifications>,
    mentor: Path<MentorId>,
    Json(fields): Json<QualificationFields>,
) -> Result<Answer> {
    granted
        .write(&fields, async |tx| {
            let mentor = mentors::lock(tx, tx.reach, *mentor).await?;
            ApiError::if_any(rules::flaws(&fields, tx.today()))?;
            let qualification = store::insert(tx, &mentor, &fields).await?;
            let event = Event::created(&*qualification);
            Ok((Created(qualification), event))
        })
        .await
}

/// Change a mentor's qualification.
///
/// With a later end, it is watched anew.
#[utoipa::path(
    params(MentorId, ("qualification_id" = QualificationId, Path)),
    request_body(content = QualificationFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = Qualification)),
)]
#[patch("/{qualification_id}")]
async fn update_mentor_qualification(
    granted: Granted<WriteQualifications>,
    path: Path<(MentorId, QualificationId)>,
    read: IfMatch,
    patch: MergePatch<QualificationFields>,
) -> Result<Answer> {
    granted
        .write(&patch, async |tx| {
            let mentor = mentors::lock(tx, tx.reach, path.0).await?;
            let before = store::lock(tx, path.0, path.1).await?;
            read.check(&before)?;
            let fields = patch.apply(&before.fields, Qualification::READ)?;
            ApiError::if_any(rules::flaws(&fields, tx.today()))?;
            let told = rules::told_still(&before, &fields);
            let after = store::update(tx, before.id, &fields, told, mentor.fields.institution_id).await?;
            let event = Event::changed(&before, &*after, "updated");
            Ok((Versioned(after), event))
        })
        .await
}

/// Delete a qualification that was entered by mistake.
#[utoipa::path(
    params(MentorId, ("qualification_id" = QualificationId, Path)),
    responses((status = 204, description = "It is gone")),
)]
#[delete("/{qualification_id}")]
async fn delete_mentor_qualification(
    granted: Granted<WriteQualifications>,
    path: Path<(MentorId, QualificationId)>,
    read: IfMatch,
) -> Result<Answer> {
    granted
        .write(&(), async |tx| {
            let before = store::lock(tx, path.0, path.1).await?;
            read.check(&before)?;
            store::delete(tx, before.id).await?;
            Ok((Deleted, Event::deleted(&before)))
        })
        .await
}
