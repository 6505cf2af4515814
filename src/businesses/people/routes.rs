//! The addresses of the people of a business.

use actix_web::{get, patch, post, web::Path};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    payloads::{BusinessRole, RoleFields, RoleFilter, RoleTerm},
    steps, store,
};
use crate::{
    access::{
        Granted,
        may::{ReadPeople, WritePeople},
    },
    businesses::business::store as businesses,
    error::Result,
    http::{Answer, Created, IfMatch, Json, MergePatch, Page, Query, Versioned},
    ids::{BusinessId, BusinessRoleId},
    log::Event,
    records::Record,
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    let people = scope("/businesses/{id}/people").service(list_people).service(get_business_role);
    config.service(people.service(create_business_role).service(update_business_role));
}

/// List the people of a business.
///
/// Those of the past too; the newest first.
#[utoipa::path(params(BusinessId, RoleFilter), responses((status = 200, body = Page<BusinessRole>)))]
#[get("")]
async fn list_people(
    granted: Granted<ReadPeople>,
    business: Path<BusinessId>,
    query: Query<RoleFilter>,
) -> Result<Page<BusinessRole>> {
    businesses::find(&granted, *business).await?;
    store::list(&granted, *business, query).await
}

/// Get what a person is in a business.
#[utoipa::path(
    params(BusinessId, ("role_id" = BusinessRoleId, Path)),
    responses((status = 200, body = BusinessRole)),
)]
#[get("/{role_id}")]
async fn get_business_role(
    granted: Granted<ReadPeople>,
    path: Path<(BusinessId, BusinessRoleId)>,
) -> Result<Versioned<BusinessRole>> {
    Ok(Versioned(store::find(&granted, path.0, path.1).await?))
}

/// Make a person somebody in a business.
///
/// A new owner ends the former's role, a new contact on the board takes the place of the former.
#[utoipa::path(params(BusinessId), responses((status = 201, body = BusinessRole)))]
#[post("")]
async fn create_business_role(
    granted: Granted<WritePeople>,
    business: Path<BusinessId>,
    Json(fields): Json<RoleFields>,
) -> Result<Answer> {
    granted
        .write(&fields, async |tx| {
            let business = businesses::lock(tx, tx.reach, *business).await?;
            let (role, events) = steps::assign(tx, &business, &fields).await?;
            let event = Event::created(&*role);
            Ok((Created(role), (event, events)))
        })
        .await
}

/// End a role in a business, or say who is to be called.
#[utoipa::path(
    params(BusinessId, ("role_id" = BusinessRoleId, Path)),
    request_body(content = RoleTerm, content_type = "application/merge-patch+json"),
    responses((status = 200, body = BusinessRole)),
)]
#[patch("/{role_id}")]
async fn update_business_role(
    granted: Granted<WritePeople>,
    path: Path<(BusinessId, BusinessRoleId)>,
    read: IfMatch,
    patch: MergePatch<RoleTerm>,
) -> Result<Answer> {
    granted
        .write(&patch, async |tx| {
            let business = businesses::lock(tx, tx.reach, path.0).await?;
            let before = store::get(tx, business.id, path.1).await?;
            read.check(&before)?;
            let term = patch.apply(&before.fields.term(), BusinessRole::READ)?;
            let (role, events) = steps::go_on(tx, &business, &before, &term).await?;
            Ok((Versioned(role), events))
        })
        .await
}
