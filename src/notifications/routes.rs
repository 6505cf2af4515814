//! The addresses of notifications.

use actix_web::{get, patch, post, web::Path};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    payloads::{Notification, NotificationFields, NotificationFilter},
    settings, store,
};
use crate::{
    access::{
        Granted,
        may::{ReadNotices, WriteNotices},
    },
    error::Result,
    http::{Answer, Done, IfMatch, MergePatch, Page, Query, Versioned},
    ids::NotificationId,
    log::{Event, Events},
    records::Record,
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_notifications).service(read_all_notifications);
    config.service(get_notification).service(update_notification).configure(settings::routes);
}

/// List one's own notifications.
///
/// The newest first, of the party for which the token is.
#[utoipa::path(params(NotificationFilter), responses((status = 200, body = Page<Notification>)))]
#[get("/me/notifications")]
async fn list_notifications(
    granted: Granted<ReadNotices>,
    query: Query<NotificationFilter>,
) -> Result<Page<Notification>> {
    store::list(&granted, query).await
}

/// Mark all as read.
///
/// Up to 500 at once, the oldest first.
#[utoipa::path(responses((status = 204, description = "They are read")))]
#[post("/me/notifications/read-all")]
async fn read_all_notifications(granted: Granted<WriteNotices>) -> Result<Answer> {
    granted
        .write(&(), async |tx| {
            let mut events = Vec::new();
            for before in store::lock_unread(tx).await? {
                let after = store::update(tx, before.id, &NotificationFields { read: true }).await?;
                events.push(Event::changed(&before, &after, "read"));
            }
            Ok((Done, Events::all(events)))
        })
        .await
}

/// Get a notification.
#[utoipa::path(responses((status = 200, body = Notification)))]
#[get("/me/notifications/{id}")]
async fn get_notification(
    granted: Granted<ReadNotices>,
    id: Path<NotificationId>,
) -> Result<Versioned<Notification>> {
    Ok(Versioned(store::find(&granted, *id).await?.into()))
}

/// Mark a notification as read, or as unread.
#[utoipa::path(
    request_body(content = NotificationFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = Notification)),
)]
#[patch("/me/notifications/{id}")]
async fn update_notification(
    granted: Granted<WriteNotices>,
    id: Path<NotificationId>,
    read: IfMatch,
    patch: MergePatch<NotificationFields>,
) -> Result<Answer> {
    granted
        .write(&patch, async |tx| {
            let before = store::lock(tx, *id).await?;
            read.check(&before)?;
            let fields = patch.apply(&before.fields, Notification::READ)?;
            let after = store::update(tx, before.id, &fields).await?;
            let event = Event::changed(&before, &after, if fields.read { "read" } else { "unread" });
            Ok((Versioned(after.into()), event))
        })
        .await
}
