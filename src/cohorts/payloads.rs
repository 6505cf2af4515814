//! What clients send and get, which is also what the table keeps.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{deserialize::FromSqlRow, expression::AsExpression, prelude::*, sql_types::Jsonb};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    db::{json::jsonb, schema::cohorts},
    http::{Filter, OneOf, Sort},
    ids::{CohortId, InstrumentId},
    records::record,
    text_enum::text_enum,
};

text_enum! {
    #[schema(as = CohortStatus)]
    Status {
        Planned = "planned",
        Open = "open",
        Running = "running",
        Completed = "completed",
        Cancelled = "cancelled",
    }
}

text_enum! {
    #[schema(as = CohortAction)]
    Action {
        Open = "open",
        Start = "start",
        Complete = "complete",
        Cancel = "cancel",
    }
}

/// The decision by which the department set the cohort up.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[serde(deny_unknown_fields)]
pub struct Decree {
    #[schema(format = "single_line", max_length = 100, example = "800/Kep.123-DKUKM/2026")]
    pub number: String,
    pub date: NaiveDate,
}
jsonb!(Decree);

/// What the cohort is to reach.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// From the list `indicators`: its system and its code.
    #[schema(min_length = 3, max_length = 80, example = "own/seribu_graduates")]
    pub indicator: String,
    /// In the indicator's unit.
    #[schema(minimum = 0, example = 14)]
    pub value: f64,
}
jsonb!(Target);

/// What a client may set: whole in POST, in parts by PATCH.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = cohorts, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateCohort)]
pub struct CohortFields {
    #[schema(format = "code", max_length = 40, example = "angkatan-2026-1")]
    pub code: String,
    #[schema(
        format = "single_line",
        max_length = 200,
        example = "Pendampingan Ekonomi Kreatif 2026 Angkatan I"
    )]
    pub name: String,
    pub decree: Option<Decree>,
    #[schema(format = "single_line", max_length = 100, example = "2.17.08.2.01.0003")]
    pub budget_code: Option<String>,
    /// Up to 30 days ago when the cohort is made.
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    /// How many businesses can take part; without one, as many as accept.
    #[schema(minimum = 1, maximum = 10_000, example = 14)]
    pub capacity: Option<i32>,
    #[serde(default)]
    #[schema(max_items = 50)]
    pub targets: Vec<Target>,
    /// What its businesses are assessed with.
    pub instrument_id: Option<InstrumentId>,
    /// So many months after its end each business is asked how it goes.
    #[serde(default = "half_and_whole_year")]
    #[schema(max_items = 6, default = json!([6, 12]), example = json!([6, 12]))]
    pub follow_up_months: Vec<i32>,
}

fn half_and_whole_year() -> Vec<i32> {
    vec![6, 12]
}

#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = cohorts)]
pub struct Cohort {
    pub id: CohortId,
    #[serde(flatten)]
    #[diesel(embed)]
    pub fields: CohortFields,
    pub status: Status,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(Cohort: CohortId, "cohort", ReadCohorts {});

/// An action, and the fields that it needs.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveCohort {
    pub action: Action,
    /// From the list `reason-codes`.
    #[schema(format = "code", max_length = 40, example = "budget_withdrawn")]
    pub reason_code: Option<String>,
    #[schema(min_length = 1, max_length = 2000, example = "Anggaran dialihkan ke tahun depan")]
    pub note: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct CohortFilter {
    #[param(inline)]
    pub code: Option<OneOf<String>>,
    #[param(inline)]
    pub status: Option<OneOf<Status>>,
    /// A piece of the name.
    #[param(max_length = 200)]
    pub q: Option<String>,
}

impl Filter for CohortFilter {
    const SORTS: &'static [Sort] = &[
        Sort("created_at", "timestamptz"),
        Sort("updated_at", "timestamptz"),
        Sort("starts_on", "date"),
        Sort("name", "text"),
    ];
}
