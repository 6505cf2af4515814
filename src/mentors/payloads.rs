//! What clients send and get.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{deserialize::FromSqlRow, expression::AsExpression, prelude::*, sql_types::Jsonb};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::duplicates::ALIKE;
use crate::{
    access::Party,
    db::{json::jsonb, schema::mentors},
    http::{Filter, OneOf, Sort},
    ids::{InstitutionId, MentorId},
    records::{ExternalIds, Mergeable, external_ids::ExternalId, record},
    text_enum::text_enum,
};

text_enum! {
    #[schema(as = MentorKind)]
    Kind {
        Practitioner = "practitioner",
        Academic = "academic",
    }
}

text_enum! {
    /// `ending` is who was let go while he still coaches, until others have taken over.
    #[schema(as = MentorStatus)]
    Status {
        Candidate = "candidate",
        Active = "active",
        OnLeave = "on_leave",
        Ending = "ending",
        Ended = "ended",
    }
}

text_enum! {
    #[schema(as = MentorAction)]
    Action {
        Activate = "activate",
        Leave = "leave",
        Return = "return",
        End = "end",
    }
}

text_enum! {
    /// Whether it was entered here, or comes from the institution's own system.
    #[schema(as = MentorSource)]
    Source {
        Manual = "manual",
        Sync = "sync",
    }
}

text_enum! {
    Expertise {
        Accounting = "accounting",
        Administration = "administration",
        BusinessPlanning = "business_planning",
        Marketing = "marketing",
        Digital = "digital",
        Production = "production",
        ProductStandards = "product_standards",
        Finance = "finance",
        Legal = "legal",
        HumanResources = "human_resources",
        Design = "design",
    }
}

text_enum! {
    AcademicIdKind {
        Nuptk = "nuptk",
        Nidn = "nidn",
        Nidk = "nidk",
        Nup = "nup",
    }
}

/// A lecturer's number.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[serde(deny_unknown_fields)]
pub struct AcademicId {
    pub kind: AcademicIdKind,
    #[schema(format = "academic_id", max_length = 16, example = "1234567890123456")]
    pub value: String,
}
jsonb!(AcademicId);

/// What a client may set: whole in POST, in parts by PATCH, each field by who keeps it.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateMentor)]
pub struct MentorFields {
    pub kind: Kind,
    /// Required of an academic; by itself the one whose client asks.
    pub institution_id: Option<InstitutionId>,
    #[schema(format = "single_line", max_length = 200, example = "Rina Kusuma")]
    pub full_name: String,
    #[schema(format = "single_line", max_length = 100, example = "S.E., M.Ak.")]
    pub titles: Option<String>,
    pub academic_id: Option<AcademicId>,
    #[schema(format = "email", max_length = 254, example = "rina@kampus.example")]
    pub email: String,
    #[schema(format = "phone", max_length = 30, example = "0813-2222-3333")]
    pub phone: Option<String>,
    #[schema(min_items = 1, max_items = 11)]
    pub expertise: Vec<Expertise>,
    #[serde(default)]
    #[schema(max_items = 20, max_length = 40, example = json!(["kuliner"]))]
    pub subsectors: Vec<String>,
    #[serde(default)]
    #[schema(max_items = 20, max_length = 8, example = json!(["36.74.04"]))]
    pub districts: Vec<String>,
    /// How many businesses at once.
    #[schema(minimum = 0, maximum = 100, example = 4)]
    pub capacity_offered: Option<i32>,
    #[serde(default)]
    #[schema(value_type = Vec<ExternalId>, max_items = 20)]
    pub external_ids: ExternalIds,
    /// How many the programme gives him; by itself the smaller of what is offered and 5.
    #[schema(minimum = 0, maximum = 100)]
    pub capacity: Option<i32>,
    /// What the programme has convinced itself of.
    #[serde(default)]
    #[schema(max_items = 11)]
    pub expertise_confirmed: Vec<Expertise>,
}

/// What the table keeps in clear.
#[derive(Clone, Serialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = mentors, treat_none_as_null = true, treat_none_as_default_value = false)]
#[schema(as = MentorProfile)]
pub struct Profile {
    pub kind: Kind,
    pub institution_id: Option<InstitutionId>,
    #[schema(example = "Rina Kusuma")]
    pub full_name: String,
    #[schema(example = "S.E., M.Ak.")]
    pub titles: Option<String>,
    pub academic_id: Option<AcademicId>,
    pub expertise: Vec<Expertise>,
    #[schema(example = json!(["kuliner"]))]
    pub subsectors: Vec<String>,
    #[schema(example = json!(["36.74.04"]))]
    pub districts: Vec<String>,
    #[schema(example = 4)]
    pub capacity_offered: Option<i32>,
    #[schema(value_type = Vec<ExternalId>)]
    pub external_ids: ExternalIds,
    #[schema(example = 4)]
    pub capacity: i32,
    pub expertise_confirmed: Vec<Expertise>,
}

#[derive(Clone, Serialize, ToSchema)]
pub struct Mentor {
    pub id: MentorId,
    #[serde(flatten)]
    pub fields: Profile,
    #[schema(example = "rina@kampus.example")]
    pub email: Option<String>,
    #[schema(example = "+6281322223333")]
    pub phone: Option<String>,
    pub status: Status,
    pub source: Source,
    pub last_synced_at: Option<DateTime<Utc>>,
    /// Since when he is missing from his institution's list.
    pub affiliation_ended_on: Option<NaiveDate>,
    /// Where he is found since.
    pub merged_into: Option<MentorId>,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(Mentor: MentorId, "mentor", ReadMentors {
    const PERSONAL: &'static [&'static str] = &["full_name", "email", "phone"];

    fn named(&self) -> Vec<Party> {
        let institution = self.fields.institution_id.map(Party::Institution);
        [Party::Mentor(self.id)].into_iter().chain(institution).collect()
    }
});

impl Mergeable for Mentor {
    const TABLE: &'static str = "mentors";
    const ALIKE: &'static str = ALIKE;

    fn merged_into(&self) -> Option<MentorId> {
        self.merged_into
    }
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveMentor {
    pub action: Action,
    #[schema(max_length = 40, example = "contract_ended")]
    pub reason_code: Option<String>,
    #[schema(min_length = 1, max_length = 2000)]
    pub note: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct MentorFilter {
    #[param(inline)]
    pub institution_id: Option<OneOf<InstitutionId>>,
    #[param(inline)]
    pub kind: Option<OneOf<Kind>>,
    #[param(inline)]
    pub status: Option<OneOf<Status>>,
    /// Who has one of them.
    #[param(inline)]
    pub expertise: Option<OneOf<Expertise>>,
    /// Who knows one of them.
    #[param(inline)]
    pub subsectors: Option<OneOf<String>>,
    /// Who works in one of them.
    #[param(inline)]
    pub districts: Option<OneOf<String>>,
    /// A piece of the name.
    #[param(max_length = 200)]
    pub q: Option<String>,
}

impl Filter for MentorFilter {
    const SORTS: &'static [Sort] = &[Sort("created_at", "timestamptz"), Sort("updated_at", "timestamptz")];
}
