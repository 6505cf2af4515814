//! What clients send and get, which is also what the table keeps.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    db::schema::participants,
    http::{Filter, OneOf, Sort},
    ids::{BusinessId, CohortId, ParticipantId},
    records::record,
    text_enum::text_enum,
};

text_enum! {
    #[schema(as = ParticipantStatus)]
    Status {
        Invited = "invited",
        Accepted = "accepted",
        Declined = "declined",
        Expired = "expired",
        Dropped = "dropped",
        Graduated = "graduated",
    }
}

text_enum! {
    #[schema(as = ParticipantAction)]
    Action {
        Accept = "accept",
        Decline = "decline",
        Drop = "drop",
        Graduate = "graduate",
    }
}

/// Whom to invite.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateParticipant)]
pub struct Invitation {
    pub business_id: BusinessId,
}

#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = participants)]
pub struct Participant {
    pub id: ParticipantId,
    pub cohort_id: CohortId,
    pub business_id: BusinessId,
    pub status: Status,
    /// The last day on which the invitation can be answered.
    pub expires_on: NaiveDate,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(Participant: ParticipantId, "participant", ReadParticipants {
    fn business(&self) -> Option<BusinessId> {
        Some(self.business_id)
    }

    fn about(&self) -> Vec<Uuid> {
        vec![self.cohort_id.0]
    }
});

/// An action, and the fields that it needs.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveParticipant {
    pub action: Action,
    /// From the list `reason-codes`.
    #[schema(format = "code", max_length = 40, example = "no_time")]
    pub reason_code: Option<String>,
    /// How the owner said so, where the programme accepts for him.
    #[schema(min_length = 1, max_length = 2000, example = "Setuju lewat telepon, formulir menyusul")]
    pub note: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ParticipantFilter {
    #[param(inline)]
    pub business_id: Option<OneOf<BusinessId>>,
    #[param(inline)]
    pub status: Option<OneOf<Status>>,
}

impl Filter for ParticipantFilter {
    const SORTS: &'static [Sort] = &[Sort("created_at", "timestamptz"), Sort("updated_at", "timestamptz")];
}
