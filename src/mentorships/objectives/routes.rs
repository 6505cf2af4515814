//! The addresses of a mentorship's objectives.

use actix_web::{get, patch, post, web::Path};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    payloads::{Objective, ObjectiveFields, ObjectiveFilter},
    rules, store,
};
use crate::{
    access::{
        Granted,
        may::{ReadObjectives, WriteObjectives},
    },
    error::{ApiError, Result},
    http::{Answer, Created, IfMatch, Json, MergePatch, Page, Query, Versioned},
    ids::{MentorshipId, ObjectiveId},
    log::Event,
    mentorships::store as mentorships,
    records::{Record, Tx, cite_one},
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_objectives)
        .service(get_objective)
        .service(create_objective)
        .service(update_objective);
}

/// List a mentorship's objectives.
///
/// The newest first.
#[utoipa::path(params(ObjectiveFilter), responses((status = 200, body = Page<Objective>)))]
#[get("/{id}/objectives")]
async fn list_objectives(
    granted: Granted<ReadObjectives>,
    id: Path<MentorshipId>,
    query: Query<ObjectiveFilter>,
) -> Result<Page<Objective>> {
    mentorships::find(&granted, *id).await?;
    store::list(&granted, *id, query).await
}

/// Get an objective.
#[utoipa::path(
    params(("id" = MentorshipId, Path), ("objective_id" = ObjectiveId, Path)),
    responses((status = 200, body = Objective)),
)]
#[get("/{id}/objectives/{objective_id}")]
async fn get_objective(
    granted: Granted<ReadObjectives>,
    ids: Path<(MentorshipId, ObjectiveId)>,
) -> Result<Versioned<Objective>> {
    Ok(Versioned(store::find(&granted, ids.0, ids.1).await?))
}

/// Set an objective.
///
/// While the mentorship is accepted or active.
#[utoipa::path(responses((status = 201, body = Objective)))]
#[post("/{id}/objectives")]
async fn create_objective(
    granted: Granted<WriteObjectives>,
    id: Path<MentorshipId>,
    Json(fields): Json<ObjectiveFields>,
) -> Result<Answer> {
    granted
        .write(&fields, async |tx| {
            let mentorship = mentorships::lock(tx, tx.reach, *id).await?;
            mentorship.must_run()?;
            check(tx, &fields, &store::all_of(tx, *id).await?)?;
            cite_one(tx, &[mentorship.fields.business_id.into()], fields.evidence.as_ref()).await?;
            let objective = store::insert(tx, &mentorship, &fields).await?;
            let event = Event::created(&*objective);
            Ok((Created(objective), event))
        })
        .await
}

/// Change an objective.
///
/// Achieved needs evidence, dropped a note.
#[utoipa::path(
    params(("id" = MentorshipId, Path), ("objective_id" = ObjectiveId, Path)),
    request_body(content = ObjectiveFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = Objective)),
)]
#[patch("/{id}/objectives/{objective_id}")]
async fn update_objective(
    granted: Granted<WriteObjectives>,
    ids: Path<(MentorshipId, ObjectiveId)>,
    read: IfMatch,
    patch: MergePatch<ObjectiveFields>,
) -> Result<Answer> {
    granted
        .write(&patch, async |tx| {
            let mentorship = mentorships::lock(tx, tx.reach, ids.0).await?;
            let (before, others) = store::one_of(tx, ids.0, ids.1).await?;
            read.check(&before)?;
            mentorship.must_run()?;
            let fields = patch.apply(&before.fields, Objective::READ)?;
            check(tx, &fields, &others)?;
            let of = [before.id.into(), before.business_id.into()];
            cite_one(tx, &of, fields.evidence.as_ref()).await?;
            let after = store::update(tx, before.id, &fields).await?;
            let event = Event::changed(&before, &*after, "updated");
            Ok((Versioned(after), event))
        })
        .await
}

fn check(tx: &Tx<'_>, fields: &ObjectiveFields, others: &[Objective]) -> Result<()> {
    let flaws = rules::flaws(fields, tx.today());
    match () {
        () if !flaws.is_empty() => Err(ApiError::Invalid(flaws)),
        () if rules::fits_focus(fields, others) => Ok(()),
        () => {
            let focus = others.iter().filter(|it| rules::in_focus(&it.fields)).map(|it| it.id);
            Err(ApiError::blocked("focus_full", Objective::KIND, focus))
        }
    }
}
