//! What clients send and get, which is also what the table keeps.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{deserialize::FromSqlRow, expression::AsExpression, prelude::*, sql_types::Jsonb};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    db::{json::jsonb, schema::outcomes},
    http::{Filter, OneOf, Sort},
    ids::{BusinessId, EventId, OutcomeId, UserId},
    records::{Evidence, record},
    text_enum::text_enum,
};

text_enum! {
    #[schema(as = OutcomeKind)]
    Kind {
        BusinessStarted = "business_started",
        Formalised = "formalised",
        SizeClassUp = "size_class_up",
        RevenueChange = "revenue_change",
        JobsCreated = "jobs_created",
        JobsRetained = "jobs_retained",
        CapitalObtained = "capital_obtained",
        CertificationGranted = "certification_granted",
        CooperativeJoined = "cooperative_joined",
        NewMarket = "new_market",
        BookkeepingUp = "bookkeeping_up",
    }
}

text_enum! {
    /// Of what `before` and `after` count: rupiah, persons, a level of bookkeeping or size, or times.
    #[schema(as = OutcomeUnit)]
    Unit {
        Idr = "idr",
        Persons = "persons",
        Level = "level",
        Count = "count",
    }
}

text_enum! {
    /// Something has changed, or only what was known of it. A correction never counts.
    #[schema(as = OutcomeChange)]
    Change {
        Impact = "impact",
        Correction = "correction",
    }
}

text_enum! {
    #[schema(as = OutcomeStatus)]
    Status {
        Claimed = "claimed",
        ClientConfirmed = "client_confirmed",
        Verified = "verified",
        Rejected = "rejected",
    }
}

text_enum! {
    #[schema(as = OutcomeAction)]
    Action {
        Confirm = "confirm",
        Verify = "verify",
        Reject = "reject",
    }
}

text_enum! {
    /// How much of it the owner owes to the coaching.
    #[schema(as = AttributionShare)]
    Share {
        None = "none",
        Partly = "partly",
        Mostly = "mostly",
        Fully = "fully",
    }
}

/// The owner's answer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[schema(as = OutcomeAttribution)]
pub struct Attribution {
    pub share: Share,
    pub by: UserId,
    pub at: DateTime<Utc>,
    pub note: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[schema(as = OutcomeVerification)]
pub struct Verification {
    pub by: UserId,
    pub at: DateTime<Utc>,
    pub evidence: Evidence,
}

/// The event that proposed it, and the record that it was about.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[schema(as = OutcomeCause)]
pub struct Cause {
    pub event_id: EventId,
    #[schema(example = "snapshot.created")]
    pub kind: String,
    pub subject_id: Uuid,
}
jsonb!(Attribution, Verification, Cause);

/// What a client may set: whole in POST; by PATCH, but for the kind, as long as it is claimed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = outcomes, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateOutcome)]
pub struct OutcomeFields {
    pub kind: Kind,
    #[schema(minimum = -9007199254740991_i64, maximum = 9007199254740991_i64, example = 60000000)]
    pub before: Option<i64>,
    #[schema(minimum = -9007199254740991_i64, maximum = 9007199254740991_i64, example = 90000000)]
    pub after: Option<i64>,
    pub unit: Unit,
    pub occurred_on: NaiveDate,
    #[serde(default = "impact")]
    #[schema(default = "impact")]
    pub change: Change,
    #[schema(min_length = 1, max_length = 2000, example = "Pesanan dari dua toko oleh-oleh.")]
    pub note: Option<String>,
}

fn impact() -> Change {
    Change::Impact
}

/// How far it has come: what its actions change, and nothing else does.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = outcomes, treat_none_as_null = true)]
#[schema(as = OutcomeCourse)]
pub struct Course {
    pub status: Status,
    pub attribution: Option<Attribution>,
    pub verification: Option<Verification>,
}

#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = outcomes)]
pub struct Outcome {
    pub id: OutcomeId,
    pub business_id: BusinessId,
    #[serde(flatten)]
    #[diesel(embed)]
    pub fields: OutcomeFields,
    /// Null for what somebody claimed by himself.
    pub cause: Option<Cause>,
    /// Or who entered what it was proposed from.
    pub claimed_by: UserId,
    #[serde(flatten)]
    #[diesel(embed)]
    pub course: Course,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(Outcome: OutcomeId, "outcome", ReadOutcomes {
    fn business(&self) -> Option<BusinessId> {
        Some(self.business_id)
    }

    fn about(&self) -> Vec<Uuid> {
        self.cause.iter().map(|cause| cause.subject_id).collect()
    }
});

/// An action, and the fields that it needs.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveOutcome {
    pub action: Action,
    #[schema(max_length = 40, example = "figures_contradict")]
    pub reason_code: Option<String>,
    #[schema(min_length = 1, max_length = 2000, example = "Dijawab lewat telepon.")]
    pub note: Option<String>,
    /// With `confirm`: the owner's answer.
    pub attribution: Option<Share>,
    /// With `verify`.
    pub evidence: Option<Evidence>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct OutcomeFilter {
    #[param(inline)]
    pub business_id: Option<OneOf<BusinessId>>,
    #[param(inline)]
    pub kind: Option<OneOf<Kind>>,
    #[param(inline)]
    pub status: Option<OneOf<Status>>,
    #[param(inline)]
    pub change: Option<OneOf<Change>>,
    pub occurred_on_from: Option<NaiveDate>,
    pub occurred_on_to: Option<NaiveDate>,
}

impl Filter for OutcomeFilter {
    const SORTS: &'static [Sort] =
        &[Sort("created_at", "timestamptz"), Sort("updated_at", "timestamptz"), Sort("occurred_on", "date")];
}
