//! What clients send and get, which is also what the table keeps.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::Party,
    db::schema::objectives,
    http::{Filter, OneOf, Sort},
    ids::{BusinessId, MentorId, MentorshipId, ObjectiveId},
    records::{Evidence, record},
    text_enum::text_enum,
};

text_enum! {
    #[schema(as = ObjectiveKind)]
    Kind {
        AccountingSystem = "accounting_system",
        AdministrationSystem = "administration_system",
        BusinessPlan = "business_plan",
        ProductStandard = "product_standard",
        Marketing = "marketing",
        Digital = "digital",
        Finance = "finance",
        Other = "other",
    }
}

text_enum! {
    #[schema(as = ObjectiveStatus)]
    Status {
        Open = "open",
        InProgress = "in_progress",
        Achieved = "achieved",
        Dropped = "dropped",
    }
}

/// What a client may set: whole in POST, in parts by PATCH.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = objectives, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateObjective)]
pub struct ObjectiveFields {
    pub kind: Kind,
    #[schema(format = "single_line", max_length = 200, example = "Buku kas harian berjalan tiga bulan")]
    pub title: String,
    /// How it was at the beginning.
    #[schema(min_length = 1, max_length = 1000, example = "Belum ada pencatatan")]
    pub baseline: Option<String>,
    #[schema(min_length = 1, max_length = 1000, example = "Buku kas terisi setiap hari")]
    pub target: Option<String>,
    pub due_on: Option<NaiveDate>,
    /// One of at most three that come first.
    #[serde(default)]
    #[schema(default = false)]
    pub focus: bool,
    #[serde(default = "open")]
    #[schema(default = "open")]
    pub status: Status,
    /// Required when it is achieved.
    pub evidence: Option<Evidence>,
    /// Required when it is dropped.
    #[schema(min_length = 1, max_length = 2000, example = "Diganti sasaran pemasaran.")]
    pub note: Option<String>,
}

fn open() -> Status {
    Status::Open
}

#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = objectives)]
pub struct Objective {
    pub id: ObjectiveId,
    pub mentorship_id: MentorshipId,
    pub business_id: BusinessId,
    /// Who is to bring it about, or did.
    pub mentor_id: MentorId,
    #[serde(skip)]
    pub mentor_ids: Vec<MentorId>,
    #[serde(flatten)]
    #[diesel(embed)]
    pub fields: ObjectiveFields,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(Objective: ObjectiveId, "objective", ReadObjectives {
    fn business(&self) -> Option<BusinessId> {
        Some(self.business_id)
    }

    fn named(&self) -> Vec<Party> {
        self.mentor_ids.iter().copied().map(Party::Mentor).collect()
    }

    fn about(&self) -> Vec<Uuid> {
        vec![self.mentorship_id.into()]
    }
});

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ObjectiveFilter {
    #[param(inline)]
    pub kind: Option<OneOf<Kind>>,
    #[param(inline)]
    pub status: Option<OneOf<Status>>,
}

impl Filter for ObjectiveFilter {
    const SORTS: &'static [Sort] = &[Sort("created_at", "timestamptz"), Sort("updated_at", "timestamptz")];
}
