//! What clients send and get, which is also what the table keeps.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    db::schema::merges,
    http::{Filter, OneOf, Sort},
    ids::{MergeId, UserId},
    records::record,
    text_enum::text_enum,
};

text_enum! {
    #[schema(as = MergeableResource)]
    Resource {
        Business = "business",
        Person = "person",
        Mentor = "mentor",
    }
}

text_enum! {
    #[schema(as = MergeStatus)]
    Status {
        Done = "done",
        Undone = "undone",
    }
}

text_enum! {
    #[schema(as = MergeAction)]
    Action {
        Undo = "undo",
    }
}

/// What a client sets.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable)]
#[diesel(table_name = merges, treat_none_as_default_value = false)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateMerge)]
pub struct MergeFields {
    pub resource: Resource,
    /// The duplicate, which leads to the other from now on.
    #[schema(example = "01948f5e-7a00-7000-8000-000000000001")]
    pub from_id: Uuid,
    /// The record that goes on.
    #[schema(example = "01948f5e-7a00-7000-8000-000000000002")]
    pub into_id: Uuid,
    #[schema(min_length = 1, max_length = 2000, example = "Terdaftar dua kali, di pameran dan di kantor")]
    pub note: Option<String>,
}

#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = merges)]
pub struct Merge {
    pub id: MergeId,
    #[serde(flatten)]
    #[diesel(embed)]
    pub fields: MergeFields,
    pub status: Status,
    pub merged_by: UserId,
    /// Until then it can be undone.
    pub undo_until: DateTime<Utc>,
    pub undone_at: Option<DateTime<Utc>>,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(Merge: MergeId, "merge", ReadMerges {
    fn about(&self) -> Vec<Uuid> {
        vec![self.fields.from_id, self.fields.into_id]
    }
});

/// An action, and the fields that it needs.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveMerge {
    pub action: Action,
    #[schema(min_length = 1, max_length = 2000, example = "Ternyata dua usaha yang berbeda")]
    pub note: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct MergeFilter {
    #[param(inline)]
    pub resource: Option<OneOf<Resource>>,
    #[param(inline)]
    pub from_id: Option<OneOf<Uuid>>,
    #[param(inline)]
    pub into_id: Option<OneOf<Uuid>>,
    #[param(inline)]
    pub status: Option<OneOf<Status>>,
}

impl Filter for MergeFilter {
    const SORTS: &'static [Sort] = &[Sort("created_at", "timestamptz"), Sort("updated_at", "timestamptz")];
}
