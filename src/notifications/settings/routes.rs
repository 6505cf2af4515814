//! The address of a user's settings.

use actix_web::{get, patch};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    payloads::{NotificationSettings, SettingsFields},
    store,
};
use crate::{
    access::{
        Granted,
        may::{ReadNotices, WriteNotices},
    },
    error::Result,
    http::{Answer, IfMatch, MergePatch, Versioned},
    log::Event,
    records::Record,
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(get_notification_settings).service(update_notification_settings);
}

/// Get one's own notification settings.
#[utoipa::path(responses((status = 200, body = NotificationSettings)))]
#[get("/me/notification-settings")]
async fn get_notification_settings(granted: Granted<ReadNotices>) -> Result<Versioned<NotificationSettings>> {
    Ok(Versioned(store::find(&granted).await?.into()))
}

/// Choose which notifications come by e-mail, and in which language.
#[utoipa::path(
    request_body(content = SettingsFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = NotificationSettings)),
)]
#[patch("/me/notification-settings")]
async fn update_notification_settings(
    granted: Granted<WriteNotices>,
    read: IfMatch,
    patch: MergePatch<SettingsFields>,
) -> Result<Answer> {
    granted
        .write(&patch, async |tx| {
            let before = store::lock(tx).await?;
            read.check(&before)?;
            let fields = patch.apply(&before.fields, NotificationSettings::READ)?;
            let after = store::put(tx, before.id, &fields).await?;
            let event = Event::changed(&before, &after, "updated");
            Ok((Versioned(after.into()), event))
        })
        .await
}
