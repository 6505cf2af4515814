//! What clients send and get, which is also what the table keeps.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{deserialize::FromSqlRow, expression::AsExpression, prelude::*, sql_types::Jsonb};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::Party,
    db::{
        json::jsonb,
        schema::{plan_versions, plans},
    },
    http::{Filter, Sort},
    ids::{BusinessId, MentorId, MentorshipId, PlanId},
    records::record,
    text_enum::text_enum,
};

text_enum! {
    #[schema(as = PlanKind)]
    Kind {
        Work = "work",
        Business = "business",
    }
}

text_enum! {
    #[schema(as = PlanStatus)]
    Status {
        Draft = "draft",
        Submitted = "submitted",
        Accepted = "accepted",
    }
}

text_enum! {
    #[schema(as = PlanAction)]
    Action {
        Submit = "submit",
        Accept = "accept",
        Return = "return",
        Revise = "revise",
    }
}

text_enum! {
    #[schema(as = PlanItemKind)]
    ItemKind {
        Bookkeeping = "bookkeeping",
        Licensing = "licensing",
        Product = "product",
        Marketing = "marketing",
        Equipment = "equipment",
        WorkingCapital = "working_capital",
        Premises = "premises",
        Training = "training",
        Other = "other",
    }
}

text_enum! {
    #[schema(as = PlanItemStatus)]
    ItemStatus {
        Open = "open",
        InProgress = "in_progress",
        Done = "done",
        Dropped = "dropped",
    }
}

text_enum! {
    /// Who sees to it.
    #[schema(as = PlanItemOwner)]
    ItemOwner {
        Business = "business",
        Mentor = "mentor",
        Department = "department",
        Other = "other",
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[serde(deny_unknown_fields)]
#[schema(as = PlanPeriod)]
pub struct Period {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[serde(deny_unknown_fields)]
#[schema(as = PlanItem)]
pub struct Item {
    /// Made by the service; sent back to keep the item, left out for a new one.
    pub id: Option<Uuid>,
    #[schema(format = "single_line", max_length = 200, example = "Membeli oven kedua")]
    pub title: String,
    pub kind: Option<ItemKind>,
    pub due_on: Option<NaiveDate>,
    #[schema(minimum = 0, maximum = 9007199254740991_i64, example = 12000000)]
    pub cost_idr: Option<i64>,
    pub owner: Option<ItemOwner>,
    #[serde(default = "open")]
    #[schema(default = "open")]
    pub status: ItemStatus,
}

fn open() -> ItemStatus {
    ItemStatus::Open
}

/// The money that the plan takes, and what of it the owner has.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[serde(deny_unknown_fields)]
#[schema(as = PlanFinances)]
pub struct Finances {
    #[schema(minimum = 0, maximum = 9007199254740991_i64, example = 25000000)]
    pub needed_idr: i64,
    #[schema(minimum = 0, maximum = 9007199254740991_i64, example = 5000000)]
    pub own_idr: i64,
}
jsonb!(Period, Item, Finances, Body);

/// What a client may set: whole in POST, in parts by PATCH; the items are replaced whole.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = plans, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(deny_unknown_fields)]
#[schema(as = CreatePlan)]
pub struct PlanFields {
    pub kind: Kind,
    pub period: Option<Period>,
    #[schema(min_length = 1, max_length = 4000, example = "Omzet naik seperempat dalam enam bulan.")]
    pub goals: Option<String>,
    #[serde(default)]
    #[schema(max_items = 100)]
    pub items: Vec<Item>,
    pub finances: Option<Finances>,
}

/// What its actions change, and nothing else does.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = plans, treat_none_as_null = true)]
#[schema(as = PlanCourse)]
pub struct Course {
    /// One more with each revision.
    #[schema(example = 1)]
    pub plan_version: i32,
    pub status: Status,
    /// What to mend, where it was returned: reason codes of `plan`, `return`.
    #[schema(example = json!(["costs_missing"]))]
    pub missing: Vec<String>,
    pub submitted_at: Option<DateTime<Utc>>,
    pub accepted_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = plans)]
pub struct Plan {
    pub id: PlanId,
    pub mentorship_id: MentorshipId,
    pub business_id: BusinessId,
    pub mentor_id: MentorId,
    #[serde(flatten)]
    #[diesel(embed)]
    pub fields: PlanFields,
    #[serde(flatten)]
    #[diesel(embed)]
    pub course: Course,
    /// What is needed and the owner does not have; null while the finances are open.
    #[schema(example = 20000000)]
    pub capital_need_idr: Option<i64>,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(Plan: PlanId, "plan", ReadPlans {
    fn business(&self) -> Option<BusinessId> {
        Some(self.business_id)
    }

    fn named(&self) -> Vec<Party> {
        vec![Party::Mentor(self.mentor_id)]
    }

    fn about(&self) -> Vec<Uuid> {
        vec![self.mentorship_id.into()]
    }
});

/// An action, and the fields that it needs.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MovePlan {
    pub action: Action,
    /// With `return`: reason codes of `plan`, `return`.
    #[schema(min_items = 1, max_items = 10, example = json!(["costs_missing"]))]
    pub missing: Option<Vec<String>>,
    #[schema(min_length = 1, max_length = 2000, example = "Biaya oven belum ada.")]
    pub note: Option<String>,
}

/// What a version said.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[serde(transparent)]
#[schema(as = PlanBody)]
pub struct Body(pub PlanFields);

/// An accepted version, as it was when the next one was begun.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = plan_versions)]
pub struct PlanVersion {
    pub id: Uuid,
    pub plan_id: PlanId,
    #[schema(example = 1)]
    pub plan_version: i32,
    pub body: Body,
    pub accepted_at: Option<DateTime<Utc>>,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(PlanVersion: Uuid, "plan_version", ReadPlans {});

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct PlanVersionFilter {}

impl Filter for PlanVersionFilter {
    const SORTS: &'static [Sort] = &[Sort("created_at", "timestamptz"), Sort("updated_at", "timestamptz")];
}
