//! What clients send and get, which is also what the table keeps.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    businesses::SnapshotFields,
    db::schema::{follow_up_waves, follow_ups},
    http::{Filter, OneOf, Sort},
    ids::{BusinessId, CohortId, FollowUpId, FollowUpWaveId, SnapshotId},
    outcomes::Share,
    records::record,
    text_enum::text_enum,
};

text_enum! {
    /// Waits for an answer; answered; the business has closed, which is an answer.
    #[schema(as = FollowUpStatus)]
    Status {
        Due = "due",
        Answered = "answered",
        Closed = "closed",
    }
}

text_enum! {
    /// By the owner, on the page that the link leads to; by whoever visited.
    #[schema(as = FollowUpChannel)]
    Channel {
        Link = "link",
        Visit = "visit",
    }
}

#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = follow_up_waves)]
pub struct FollowUpWave {
    pub id: FollowUpWaveId,
    pub cohort_id: CohortId,
    /// After the cohort's end.
    #[schema(example = 6)]
    pub months: i32,
    pub due_on: NaiveDate,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(FollowUpWave: FollowUpWaveId, "follow_up_wave", ReadFollowUpWaves {
    fn about(&self) -> Vec<Uuid> {
        vec![self.cohort_id.into()]
    }
});

/// What an answer changes, and nothing else does.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = follow_ups, treat_none_as_null = true)]
#[schema(as = FollowUpCourse)]
pub struct Course {
    pub status: Status,
    pub channel: Option<Channel>,
    pub answered_at: Option<DateTime<Utc>>,
    pub snapshot_id: Option<SnapshotId>,
    pub attribution: Option<Share>,
    /// Until when the link that was last issued is good.
    pub link_expires_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = follow_ups)]
pub struct FollowUp {
    pub id: FollowUpId,
    pub wave_id: FollowUpWaveId,
    pub business_id: BusinessId,
    pub due_on: NaiveDate,
    #[serde(flatten)]
    #[diesel(embed)]
    pub course: Course,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(FollowUp: FollowUpId, "follow_up", ReadFollowUps {
    fn business(&self) -> Option<BusinessId> {
        Some(self.business_id)
    }

    fn about(&self) -> Vec<Uuid> {
        vec![self.wave_id.into()]
    }
});

/// What a visit found: the figures, or that the business has closed.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerFollowUp {
    /// Its source is `visit` or `survey`.
    pub snapshot: Option<SnapshotFields>,
    #[serde(default)]
    #[schema(default = false)]
    pub closed: bool,
    pub attribution: Option<Share>,
}

/// Shown this once: it is to be given to the owner and to nobody else.
#[derive(Serialize, ToSchema)]
pub struct FollowUpLink {
    /// The path of the page, below the address of this service.
    #[schema(example = "/follow-up/k7qm2xtd9rwa")]
    pub path: String,
    pub expires_at: DateTime<Utc>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct FollowUpWaveFilter {
    #[param(inline)]
    pub cohort_id: Option<OneOf<CohortId>>,
}

impl Filter for FollowUpWaveFilter {
    const SORTS: &'static [Sort] =
        &[Sort("created_at", "timestamptz"), Sort("updated_at", "timestamptz"), Sort("due_on", "date")];
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct FollowUpFilter {
    #[param(inline)]
    pub wave_id: Option<OneOf<FollowUpWaveId>>,
    #[param(inline)]
    pub business_id: Option<OneOf<BusinessId>>,
    #[param(inline)]
    pub status: Option<OneOf<Status>>,
    pub due_on_from: Option<NaiveDate>,
    pub due_on_to: Option<NaiveDate>,
}

impl Filter for FollowUpFilter {
    const SORTS: &'static [Sort] =
        &[Sort("created_at", "timestamptz"), Sort("updated_at", "timestamptz"), Sort("due_on", "date")];
}
