//! What clients send and get, which is also what the table keeps.

use chrono::{DateTime, Utc};
use diesel::{deserialize::FromSqlRow, expression::AsExpression, prelude::*, sql_types::Jsonb};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    db::{json::jsonb, schema::institutions},
    http::{Filter, OneOf, Sort},
    ids::InstitutionId,
    records::record,
    text_enum::text_enum,
};

text_enum! {
    Kind {
        University = "university",
        PractitionerNetwork = "practitioner_network",
        Lender = "lender",
        Government = "government",
        Other = "other",
    }
}

text_enum! {
    Status {
        Active = "active",
        Inactive = "inactive",
    }
}

/// How the department reaches the institution.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    #[schema(format = "single_line", max_length = 200, example = "Lembaga Penelitian dan Pengabdian")]
    pub name: Option<String>,
    #[schema(format = "email", max_length = 254, example = "lppm@kampus.example")]
    pub email: Option<String>,
    #[schema(format = "phone", max_length = 30, example = "+622112345678")]
    pub phone: Option<String>,
}
jsonb!(Contact);

/// What a client may set: whole in POST, in parts by PATCH.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = institutions, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateInstitution)]
pub struct InstitutionFields {
    /// Short and lasting: the source of the ids that the institution gives its own records.
    #[schema(format = "code", max_length = 40, example = "stie-ahmad-dahlan")]
    pub code: String,
    #[schema(format = "single_line", max_length = 200, example = "STIE Ahmad Dahlan Jakarta")]
    pub name: String,
    pub kind: Kind,
    #[schema(format = "single_line", max_length = 100, example = "Jakarta")]
    pub city: Option<String>,
    pub contact: Option<Contact>,
    #[serde(default = "active")]
    #[schema(default = "active")]
    pub status: Status,
}

fn active() -> Status {
    Status::Active
}

#[derive(Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = institutions)]
pub struct Institution {
    pub id: InstitutionId,
    #[serde(flatten)]
    #[diesel(embed)]
    pub fields: InstitutionFields,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(Institution: InstitutionId, "institution", ReadInstitutions {});

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct InstitutionFilter {
    #[param(inline)]
    pub code: Option<OneOf<String>>,
    #[param(inline)]
    pub kind: Option<OneOf<Kind>>,
    #[param(inline)]
    pub status: Option<OneOf<Status>>,
    /// A piece of the name.
    #[param(max_length = 200)]
    pub q: Option<String>,
}

impl Filter for InstitutionFilter {
    const SORTS: &'static [Sort] =
        &[Sort("created_at", "timestamptz"), Sort("updated_at", "timestamptz"), Sort("name", "text")];
}
