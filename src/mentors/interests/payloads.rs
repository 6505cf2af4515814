//! What clients send and get, which is also what the table keeps.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::Party,
    db::schema::mentor_interests,
    http::{Filter, OneOf, Sort},
    ids::{BusinessId, InterestId, MentorId},
    records::record,
    text_enum::text_enum,
};

text_enum! {
    #[schema(as = InterestGround)]
    Ground {
        Ownership = "ownership",
        Family = "family",
        Employment = "employment",
        Lending = "lending",
        Trade = "trade",
        Competition = "competition",
        Other = "other",
    }
}

/// What a client may set: whole in POST, in parts by PATCH.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = mentor_interests, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateMentorInterest)]
pub struct InterestFields {
    /// Only with it a proposal is refused.
    pub business_id: Option<BusinessId>,
    /// As the mentor knows it; needed without an id.
    #[schema(format = "single_line", max_length = 200, example = "Dapur Bu Siti di Ciputat")]
    pub business_name: Option<String>,
    pub ground: Ground,
    pub declared_on: NaiveDate,
    /// Needed with another ground.
    #[schema(min_length = 1, max_length = 2000, example = "Pemiliknya kakak saya.")]
    pub note: Option<String>,
    /// The last day on which there was a conflict.
    pub ended_on: Option<NaiveDate>,
}

#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = mentor_interests)]
#[schema(as = MentorInterest)]
pub struct Interest {
    pub id: InterestId,
    pub mentor_id: MentorId,
    #[serde(flatten)]
    #[diesel(embed)]
    pub fields: InterestFields,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

// It is of no business: who shares in that is not told who declared a conflict with it.
record!(Interest: InterestId, "mentor_interest", ReadInterests {
    const PERSONAL: &'static [&'static str] = &["business_name", "note"];

    fn subject(&self) -> Uuid {
        self.mentor_id.into()
    }

    fn named(&self) -> Vec<Party> {
        vec![Party::Mentor(self.mentor_id)]
    }

    fn about(&self) -> Vec<Uuid> {
        let business = self.fields.business_id.map(Uuid::from);
        [self.mentor_id.into()].into_iter().chain(business).collect()
    }
});

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct InterestFilter {
    #[param(inline)]
    pub business_id: Option<OneOf<BusinessId>>,
    #[param(inline)]
    pub ground: Option<OneOf<Ground>>,
}

impl Filter for InterestFilter {
    const SORTS: &'static [Sort] = &[Sort("created_at", "timestamptz"), Sort("updated_at", "timestamptz")];
}
