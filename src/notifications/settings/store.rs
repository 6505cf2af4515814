//! Queries on `notification_settings`: each user has his own, without a row those of everybody.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use super::payloads::{MailChoice, NotificationSettings, SettingsFields};
use crate::{
    access::Access,
    db::schema::{notification_settings as settings, users},
    error::Result,
    http::language::Language,
    ids::UserId,
    records::Tx,
};

/// 404 for a machine client, which has none.
async fn of(sql: &AsyncPgConnection, user: UserId) -> Result<NotificationSettings> {
    let since: DateTime<Utc> = users::table.find(user).select(users::created_at).first(&mut &*sql).await?;
    let chosen = settings::table.find(user).select(NotificationSettings::as_select());
    let chosen = chosen.first(&mut &*sql).await.optional()?;
    Ok(chosen.unwrap_or_else(|| NotificationSettings::untouched(user, since)))
}

pub async fn find(access: &Access) -> Result<NotificationSettings> {
    of(&*access.worker.db.reader().await?, access.actor.user).await
}

/// Holds the user's row, also while there is none of the settings.
pub async fn lock(tx: &Tx<'_>) -> Result<NotificationSettings> {
    let user = users::table.find(tx.actor.user).select(users::id).for_update();
    user.first::<UserId>(&mut tx.sql()).await?;
    of(tx.sql(), tx.actor.user).await
}

pub async fn put(tx: &Tx<'_>, user: UserId, fields: &SettingsFields) -> Result<NotificationSettings> {
    let new = (
        settings::user_id.eq(user),
        fields,
        settings::created_at.eq(tx.now),
        settings::updated_at.eq(tx.now),
    );
    let change = (fields, settings::version.eq(settings::version + 1), settings::updated_at.eq(tx.now));
    let insert = diesel::insert_into(settings::table).values(new);
    let put = insert.on_conflict(settings::user_id).do_update().set(change);
    Ok(put.returning(NotificationSettings::as_returning()).get_result(&mut tx.sql()).await?)
}

/// In which language a user has mail; `None` for one who wants none.
pub async fn mail_language(tx: &Tx<'_>, user: UserId) -> Result<Option<Language>> {
    let SettingsFields { email, language } = of(tx.sql(), user).await?.fields;
    Ok((email == MailChoice::All).then_some(language))
}
