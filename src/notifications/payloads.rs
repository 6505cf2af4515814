//! What clients send and get.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    agenda::Subject,
    db::schema::notifications,
    http::{Filter, Sort},
    ids::{BusinessId, EventId, NotificationId},
    records::record,
    reference::{Label, Reference, lists},
};

/// What a client may set.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = notifications)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateNotification)]
pub struct NotificationFields {
    #[schema(example = true)]
    pub read: bool,
}

/// As the table keeps it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = notifications)]
pub struct Row {
    pub id: NotificationId,
    pub event_id: EventId,
    pub kind: String,
    pub resource: String,
    pub subject_id: Uuid,
    pub parent_id: Option<Uuid>,
    pub business_id: Option<BusinessId>,
    #[diesel(embed)]
    pub fields: NotificationFields,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Notification {
    pub id: NotificationId,
    /// The event that it is about.
    pub event_id: EventId,
    /// The type of the event.
    #[serde(rename = "type")]
    #[schema(example = "session.held")]
    pub kind: String,
    /// What happened, in both languages.
    pub words: Label,
    pub subject: Subject,
    pub business_id: Option<BusinessId>,
    #[serde(flatten)]
    pub fields: NotificationFields,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

// Whom it was told to is nobody else's business: the log keeps its events, and shows them to no party.
record!(Notification: NotificationId, "notification", ReadNotices {
    const SHOWN_WHOLE: bool = true;
});

impl Notification {
    pub fn of(row: Row, reference: &Reference) -> Self {
        Self {
            id: row.id,
            event_id: row.event_id,
            words: words(reference, &row.kind),
            subject: Subject::new(&row.resource, row.subject_id, row.parent_id),
            kind: row.kind,
            business_id: row.business_id,
            fields: row.fields,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// What an event of the kind is called; by its type, where the list has lost it.
pub fn words(reference: &Reference, kind: &str) -> Label {
    let row = reference.versions(&lists::EVENT_TYPES, kind).next();
    let word = |language: &str| {
        let word = row.and_then(|row| row.data.get("when")?.get(language)?.as_str());
        word.unwrap_or(kind).to_owned()
    };
    Label { id: word("id"), en: word("en") }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct NotificationFilter {
    /// Only those that were not read yet, or were.
    pub unread: Option<bool>,
}

impl Filter for NotificationFilter {
    const SORTS: &'static [Sort] = &[Sort("created_at", "timestamptz"), Sort("updated_at", "timestamptz")];
}
