//! What clients send and get, which is also what the table keeps.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::Party,
    db::schema::agreed_actions,
    http::{Filter, OneOf, Sort},
    ids::{AgreedActionId, BusinessId, MentorId, MentorshipId, SessionId},
    records::record,
};

/// What a client may set: in a session's report, or by PATCH.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = agreed_actions, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateAgreedAction)]
pub struct NewAction {
    #[schema(min_length = 1, max_length = 500, example = "Mencatat penjualan setiap malam")]
    pub text: String,
    pub due_on: Option<NaiveDate>,
    pub done_on: Option<NaiveDate>,
}

#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = agreed_actions)]
pub struct AgreedAction {
    pub id: AgreedActionId,
    pub session_id: SessionId,
    pub mentorship_id: MentorshipId,
    pub business_id: BusinessId,
    #[serde(skip)]
    pub mentor_ids: Vec<MentorId>,
    #[serde(flatten)]
    #[diesel(embed)]
    pub fields: NewAction,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(AgreedAction: AgreedActionId, "agreed_action", ReadAgreedActions {
    fn business(&self) -> Option<BusinessId> {
        Some(self.business_id)
    }

    fn named(&self) -> Vec<Party> {
        self.mentor_ids.iter().copied().map(Party::Mentor).collect()
    }

    fn about(&self) -> Vec<Uuid> {
        vec![self.session_id.into(), self.mentorship_id.into()]
    }
});

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct AgreedActionFilter {
    #[param(inline)]
    pub session_id: Option<OneOf<SessionId>>,
    /// Whether it is done.
    pub done: Option<bool>,
}

impl Filter for AgreedActionFilter {
    const SORTS: &'static [Sort] = &[Sort("created_at", "timestamptz"), Sort("updated_at", "timestamptz")];
}
