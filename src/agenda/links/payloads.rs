//! What clients send and get, which is also what the table keeps.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::Role,
    db::schema::calendar_links,
    http::{Filter, Sort, language::Language},
    ids::{CalendarLinkId, UserId},
    records::record,
};

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateCalendarLink)]
pub struct CalendarLinkFields {
    /// Of what the calendar says.
    #[serde(default = "indonesian")]
    #[schema(default = "id")]
    pub language: Language,
}

fn indonesian() -> Language {
    Language::Indonesian
}

#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = calendar_links)]
pub struct CalendarLink {
    pub id: CalendarLinkId,
    #[serde(skip)]
    pub user_id: UserId,
    /// Whose agenda it shows: that of the token with which it was made.
    pub role: Role,
    pub subject_id: Option<Uuid>,
    pub language: Language,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(CalendarLink: CalendarLinkId, "calendar_link", ReadNotices {
    const SHOWN_WHOLE: bool = true;
});

/// Shown this once: whoever has it sees the calendar.
#[derive(Serialize, ToSchema)]
pub struct NewCalendarLink {
    pub id: CalendarLinkId,
    /// The path of the calendar, below the address of this service.
    #[schema(example = "/calendar/k7qm2xtd9rwak7qm2xtd9rwak7qm2xtd.ics")]
    pub path: String,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct CalendarLinkFilter {}

impl Filter for CalendarLinkFilter {
    const SORTS: &'static [Sort] = &[Sort("created_at", "timestamptz"), Sort("updated_at", "timestamptz")];
}
