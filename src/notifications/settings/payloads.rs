//! What clients send and get, which is also what the table keeps.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    db::schema::notification_settings, http::language::Language, ids::UserId, records::record,
    text_enum::text_enum,
};

text_enum! {
    #[schema(as = MailChoice)]
    MailChoice {
        All = "all",
        None = "none",
    }
}

/// What a client may set.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = notification_settings)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateNotificationSettings)]
pub struct SettingsFields {
    /// Which notifications are sent by e-mail too, to the address of the account, where the service sends mail.
    pub email: MailChoice,
    /// Of the mail.
    pub language: Language,
}

#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = notification_settings)]
pub struct NotificationSettings {
    #[diesel(column_name = user_id)]
    pub id: UserId,
    #[serde(flatten)]
    #[diesel(embed)]
    pub fields: SettingsFields,
    /// 0 until something was chosen.
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(NotificationSettings: UserId, "notification_settings", ReadNotices {
    const SHOWN_WHOLE: bool = true;
});

impl NotificationSettings {
    /// Of a user since then who has chosen nothing.
    pub fn untouched(id: UserId, since: DateTime<Utc>) -> Self {
        let fields = SettingsFields { email: MailChoice::All, language: Language::Indonesian };
        Self { id, fields, version: 0, created_at: since, updated_at: since }
    }
}
