//! What clients send and get, which is also what the table keeps.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    db::schema::business_roles,
    http::{Filter, OneOf, Sort},
    ids::{BusinessId, BusinessRoleId, PersonId},
    records::record,
    text_enum::text_enum,
};

text_enum! {
    #[schema(as = RoleInBusiness)]
    Role {
        Owner = "owner",
        CoOwner = "co_owner",
        Manager = "manager",
        Board = "board",
        Employee = "employee",
    }
}

/// Who somebody is in the business.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable)]
#[diesel(table_name = business_roles, treat_none_as_default_value = false)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateBusinessRole)]
pub struct RoleFields {
    pub person_id: PersonId,
    pub role: Role,
    /// Whether this is whom to call. A cooperative's `board` contact acts for it.
    #[serde(default)]
    #[schema(default = false)]
    pub contact: bool,
    #[serde(rename = "from")]
    #[diesel(column_name = from_date)]
    pub from: NaiveDate,
    #[serde(rename = "to")]
    #[diesel(column_name = to_date)]
    pub to: Option<NaiveDate>,
}

/// What can change while the role lasts: it ends, or somebody else is to be called.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, AsChangeset)]
#[diesel(table_name = business_roles, treat_none_as_null = true)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateBusinessRoleTerm)]
pub struct RoleTerm {
    #[serde(default)]
    #[schema(default = false)]
    pub contact: bool,
    #[serde(rename = "to")]
    #[diesel(column_name = to_date)]
    pub to: Option<NaiveDate>,
}

#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = business_roles)]
pub struct BusinessRole {
    pub id: BusinessRoleId,
    pub business_id: BusinessId,
    #[serde(flatten)]
    #[diesel(embed)]
    pub fields: RoleFields,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(BusinessRole: BusinessRoleId, "business_role", ReadPeople {
    fn business(&self) -> Option<BusinessId> {
        Some(self.business_id)
    }

    fn about(&self) -> Vec<Uuid> {
        vec![self.fields.person_id.0]
    }
});

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct RoleFilter {
    #[param(inline)]
    pub role: Option<OneOf<Role>>,
    #[param(inline)]
    pub person_id: Option<OneOf<PersonId>>,
    /// Those that last, or those that have ended.
    pub current: Option<bool>,
}

impl Filter for RoleFilter {
    const SORTS: &'static [Sort] = &[Sort("created_at", "timestamptz"), Sort("updated_at", "timestamptz")];
}
