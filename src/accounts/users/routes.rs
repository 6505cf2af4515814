//! The addresses of users.

use actix_web::{get, patch, post, web::Path};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    create,
    payloads::{NewUser, User, UserFields, UserFilter},
    store,
};
use crate::{
    access::{
        Granted,
        may::{ReadUsers, WriteUsers},
    },
    error::Result,
    http::{Answer, IfMatch, Json, MergePatch, Page, Query, Shown, Versioned},
    ids::UserId,
    log::{self, Event, EventOut, HistoryFilter},
    records::Record,
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    let users = scope("/users").service(list_users).service(get_user);
    let users = users.service(create_user).service(update_user);
    config.service(users.service(list_user_history));
}

/// List users.
///
/// The newest first.
#[utoipa::path(params(UserFilter), responses((status = 200, body = Page<User>)))]
#[get("")]
async fn list_users(granted: Granted<ReadUsers>, query: Query<UserFilter>) -> Result<Page<User>> {
    store::list(&granted, query).await
}

/// Get a user.
#[utoipa::path(responses((status = 200, body = User)))]
#[get("/{id}")]
async fn get_user(granted: Granted<ReadUsers>, id: Path<UserId>) -> Result<Versioned<User>> {
    Ok(Versioned(store::find(&granted, *id).await?))
}

/// Make a user.
///
/// The answer shows the first password, this once. Who is invited instead makes the account himself.
#[utoipa::path(responses((status = 201, body = NewUser)))]
#[post("")]
async fn create_user(granted: Granted<WriteUsers>, Json(fields): Json<UserFields>) -> Result<Answer> {
    let (password, hash) = create::hashed(None).await?;
    granted
        .write(&fields, async |tx| {
            let (user, event) = create::create(tx, &fields, &hash).await?;
            let once = NewUser { id: user.id, password };
            Ok((Shown { of: Some(user.id.0), once }, event))
        })
        .await
}

/// Change a user.
///
/// Grants are replaced as a whole. Who is disabled gets no more tokens.
#[utoipa::path(
    request_body(content = UserFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = User)),
)]
#[patch("/{id}")]
async fn update_user(
    granted: Granted<WriteUsers>,
    id: Path<UserId>,
    read: IfMatch,
    patch: MergePatch<UserFields>,
) -> Result<Answer> {
    granted
        .write(&patch, async |tx| {
            let before = store::lock(tx, tx.reach, *id).await?;
            read.check(&before)?;
            let fields = patch.apply(&before.fields, User::READ)?;
            let fields = create::checked(tx, &fields, Some(&before)).await?;
            let after = store::update(tx, *id, fields).await?;
            let event = Event::changed(&before, &*after, "updated");
            Ok((Versioned(after), event))
        })
        .await
}

/// List what happened to a user.
///
/// The latest first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Page<EventOut>)))]
#[get("/{id}/history")]
async fn list_user_history(
    granted: Granted<ReadUsers>,
    id: Path<UserId>,
    query: Query<HistoryFilter>,
) -> Result<Page<EventOut>> {
    log::history(&granted, &*store::find(&granted, *id).await?, &query).await
}
