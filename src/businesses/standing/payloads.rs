//! What clients get, which is also what the table keeps.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{deserialize::FromSqlRow, expression::AsExpression, prelude::*, sql_types::Jsonb};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::Permission,
    businesses::business::payloads::Business,
    db::{json::jsonb, schema::business_standings},
    ids::{BusinessId, EventId, SnapshotId},
    records::Record,
    text_enum::text_enum,
};

text_enum! {
    /// Above `medium` a business is outside the programme.
    SizeClass {
        Micro = "micro",
        Small = "small",
        Medium = "medium",
        Large = "large",
    }
}

text_enum! {
    /// What the size is measured by: capital while no full year of sales exists.
    Basis {
        Capital = "capital",
        AnnualSales = "annual_sales",
    }
}

text_enum! {
    /// The furthest that the business has come, in this order; it never goes back.
    Stage {
        Registered = "registered",
        InMentoring = "in_mentoring",
        Assessed = "assessed",
        PlanReady = "plan_ready",
        FollowedUp = "followed_up",
        Graduated = "graduated",
    }
}

/// A stage, and the event that led there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReachedStage {
    pub stage: Stage,
    pub since: DateTime<Utc>,
    pub event_id: EventId,
}

/// Those that the business has come through, the first first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[serde(transparent)]
#[schema(as = ReachedStages)]
pub struct Stages(pub Vec<ReachedStage>);
jsonb!(Stages);

/// What follows from the latest snapshot.
#[derive(
    Debug, Clone, Default, PartialEq, Serialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset,
)]
#[diesel(table_name = business_standings, treat_none_as_null = true, treat_none_as_default_value = false)]
#[schema(as = StandingFigures)]
pub struct Figures {
    pub snapshot_id: Option<SnapshotId>,
    /// The day of the figures.
    pub as_of: Option<NaiveDate>,
    #[schema(example = 84000000)]
    pub annual_revenue_idr: Option<i64>,
    #[schema(example = 25000000)]
    pub capital_idr: Option<i64>,
    #[schema(example = 60000000)]
    pub assets_idr: Option<i64>,
    #[schema(example = 2)]
    pub employees_female: Option<i32>,
    #[schema(example = 1)]
    pub employees_male: Option<i32>,
    #[schema(example = 120)]
    pub customers: Option<i32>,
    #[schema(example = 1)]
    pub bookkeeping_level: Option<i16>,
    pub size_class: Option<SizeClass>,
    pub basis: Option<Basis>,
    /// The rule of the list `size-classes` that says so.
    #[schema(example = "PP7/2021")]
    pub rule: Option<String>,
}

#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = business_standings)]
pub struct Standing {
    pub business_id: BusinessId,
    #[serde(flatten)]
    #[diesel(embed)]
    pub figures: Figures,
    /// Null until the log has been read that far.
    pub stage: Option<Stage>,
    pub stage_since: Option<DateTime<Utc>>,
    pub stages: Stages,
    #[schema(example = 1)]
    pub version: i64,
    pub updated_at: DateTime<Utc>,
}

impl Standing {
    /// Of a business that the reader of the log has not come to.
    pub fn unknown(business: &Business) -> Self {
        Self {
            business_id: business.id,
            figures: Figures::default(),
            stage: None,
            stage_since: None,
            stages: Stages::default(),
            version: 0,
            updated_at: business.created_at,
        }
    }
}

impl Record for Standing {
    type Id = BusinessId;
    const KIND: &'static str = "business_standing";
    const READ: Permission = Permission::ReadBusinesses;

    fn id(&self) -> BusinessId {
        self.business_id
    }
    fn version(&self) -> i64 {
        self.version
    }
    fn updated_at(&self) -> DateTime<Utc> {
        self.updated_at
    }
}

/// A bookkeeping level as a filter writes it.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = i16, minimum = 0, maximum = 4)]
pub struct Level(pub i16);

impl TryFrom<String> for Level {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
            .ok()
            .filter(|level| (0..=4).contains(level))
            .map(Self)
            .ok_or("a level is 0, 1, 2, 3 or 4")
    }
}
