//! The addresses of institutions.

use actix_web::{get, patch, post, web::Path};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    payloads::{Institution, InstitutionFields, InstitutionFilter},
    store,
};
use crate::{
    access::{
        Granted,
        may::{ReadInstitutions, WriteInstitutions},
    },
    error::Result,
    http::{Answer, Created, IfMatch, Json, MergePatch, Page, Query, Versioned},
    ids::InstitutionId,
    log::{self, Event, EventOut, HistoryFilter},
    records::Record,
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    let institutions = scope("/institutions").service(list_institutions).service(get_institution);
    let institutions = institutions.service(create_institution).service(update_institution);
    config.service(institutions.service(list_institution_history));
}

/// List institutions.
///
/// The newest first.
#[utoipa::path(params(InstitutionFilter), responses((status = 200, body = Page<Institution>)))]
#[get("")]
async fn list_institutions(
    granted: Granted<ReadInstitutions>,
    query: Query<InstitutionFilter>,
) -> Result<Page<Institution>> {
    store::list(&granted, query).await
}

/// Get an institution.
#[utoipa::path(responses((status = 200, body = Institution)))]
#[get("/{id}")]
async fn get_institution(
    granted: Granted<ReadInstitutions>,
    id: Path<InstitutionId>,
) -> Result<Versioned<Institution>> {
    Ok(Versioned(store::find(&granted, *id).await?))
}

/// Register an institution.
#[utoipa::path(responses((status = 201, body = Institution)))]
#[post("")]
async fn create_institution(
    granted: Granted<WriteInstitutions>,
    Json(fields): Json<InstitutionFields>,
) -> Result<Answer> {
    granted
        .write(&fields, async |tx| {
            let institution = store::insert(tx, &fields).await?;
            let event = Event::created(&*institution);
            Ok((Created(institution), event))
        })
        .await
}

/// Change an institution.
#[utoipa::path(
    request_body(content = InstitutionFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = Institution)),
)]
#[patch("/{id}")]
async fn update_institution(
    granted: Granted<WriteInstitutions>,
    id: Path<InstitutionId>,
    read: IfMatch,
    patch: MergePatch<InstitutionFields>,
) -> Result<Answer> {
    granted
        .write(&patch, async |tx| {
            let before = store::lock(tx, tx.reach, *id).await?;
            read.check(&before)?;
            let fields = patch.apply(&before.fields, Institution::READ)?;
            let after = store::update(tx, *id, &fields).await?;
            let event = Event::changed(&before, &*after, "updated");
            Ok((Versioned(after), event))
        })
        .await
}

/// List what happened to an institution.
///
/// The latest first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Page<EventOut>)))]
#[get("/{id}/history")]
async fn list_institution_history(
    granted: Granted<ReadInstitutions>,
    id: Path<InstitutionId>,
    query: Query<HistoryFilter>,
) -> Result<Page<EventOut>> {
    log::history(&granted, &*store::find(&granted, *id).await?, &query).await
}
