//! The addresses of a mentor's interests.

use actix_web::{get, patch, post, web::Path};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    payloads::{Interest, InterestFields, InterestFilter},
    rules, store,
};
use crate::{
    access::{
        Granted, Permission,
        may::{ReadInterests, WriteInterests},
    },
    businesses,
    error::{ApiError, Result, named},
    http::{Answer, Created, IfMatch, Json, MergePatch, Page, Query, Versioned},
    ids::{BusinessId, InterestId, MentorId},
    log::Event,
    mentors::store as mentors,
    records::{Record, Tx},
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    let all = scope("/mentors/{id}/interests").service(list_mentor_interests).service(get_mentor_interest);
    config.service(all.service(create_mentor_interest).service(update_mentor_interest));
}

/// List a mentor's conflicts of interest.
///
/// The newest first.
#[utoipa::path(params(MentorId, InterestFilter), responses((status = 200, body = Page<Interest>)))]
#[get("")]
async fn list_mentor_interests(
    granted: Granted<ReadInterests>,
    mentor: Path<MentorId>,
    query: Query<InterestFilter>,
) -> Result<Page<Interest>> {
    mentors::find(&granted, *mentor).await?;
    store::list(&granted, *mentor, query).await
}

/// Get a mentor's conflict of interest.
#[utoipa::path(
    params(MentorId, ("interest_id" = InterestId, Path)),
    responses((status = 200, body = Interest)),
)]
#[get("/{interest_id}")]
async fn get_mentor_interest(
    granted: Granted<ReadInterests>,
    path: Path<(MentorId, InterestId)>,
) -> Result<Versioned<Interest>> {
    Ok(Versioned(store::find(&granted, path.0, path.1).await?))
}

/// Declare a mentor's conflict of interest with a business.
///
/// He is not proposed to it until it has ended.
#[utoipa::path(params(MentorId), responses((status = 201, body = Interest)))]
#[post("")]
async fn create_mentor_interest(
    granted: Granted<WriteInterests>,
    mentor: Path<MentorId>,
    Json(fields): Json<InterestFields>,
) -> Result<Answer> {
    granted
        .write(&fields, async |tx| {
            let mentor = mentors::lock(tx, tx.reach, *mentor).await?;
            judge(tx, &fields, None).await?;
            let interest = store::insert(tx, mentor.id, &fields).await?;
            let event = Event::created(&*interest);
            Ok((Created(interest), event))
        })
        .await
}

/// Change a mentor's conflict of interest, or say that it has ended.
#[utoipa::path(
    params(MentorId, ("interest_id" = InterestId, Path)),
    request_body(content = InterestFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = Interest)),
)]
#[patch("/{interest_id}")]
async fn update_mentor_interest(
    granted: Granted<WriteInterests>,
    path: Path<(MentorId, InterestId)>,
    read: IfMatch,
    patch: MergePatch<InterestFields>,
) -> Result<Answer> {
    granted
        .write(&patch, async |tx| {
            let mentor = mentors::lock(tx, tx.reach, path.0).await?;
            let before = store::lock(tx, mentor.id, path.1).await?;
            read.check(&before)?;
            let fields = patch.apply(&before.fields, Interest::READ)?;
            judge(tx, &fields, before.fields.business_id).await?;
            let after = store::update(tx, before.id, &fields).await?;
            let event = Event::changed(&before, &*after, "updated");
            Ok((Versioned(after), event))
        })
        .await
}

/// A business is named by who sees it; one that stands there already may stay.
async fn judge(tx: &Tx<'_>, fields: &InterestFields, was: Option<BusinessId>) -> Result<()> {
    let mut flaws = rules::flaws(fields, tx.today());
    if let Some(id) = fields.business_id.filter(|id| Some(*id) != was) {
        let business = businesses::lock(tx, tx.reach_of(Permission::ReadBusinesses)?, id).await;
        named(business, "/business_id", &mut flaws)?;
    }
    ApiError::if_any(flaws)
}
