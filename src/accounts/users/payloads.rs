//! What the administrator sends and gets.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::Role,
    accounts::grants::Grant,
    http::{Filter, OneOf, Sort},
    ids::UserId,
    records::record,
    text_enum::text_enum,
};

text_enum! {
    /// Who is disabled gets no token; one that is out runs at most 15 minutes longer.
    #[schema(as = UserStatus)]
    Status {
        Active = "active",
        Disabled = "disabled",
    }
}

/// What a client may set: whole in POST, in parts by PATCH.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateUser)]
pub struct UserFields {
    #[schema(format = "single_line", max_length = 200, example = "Ratna Wulandari")]
    pub name: String,
    /// To log in with; one of e-mail and phone must be there.
    #[schema(format = "email", max_length = 254, example = "ratna@contoh.id")]
    pub email: Option<String>,
    #[schema(format = "phone", max_length = 30, example = "+6281234567890")]
    pub phone: Option<String>,
    /// What the user may be; a token is for one of them.
    #[schema(min_items = 1, max_items = 50, example = json!([{"role": "programme", "subject_id": null}]))]
    pub grants: Vec<Grant>,
    #[serde(default = "active")]
    #[schema(default = "active")]
    pub status: Status,
}

fn active() -> Status {
    Status::Active
}

#[derive(Debug, Serialize, ToSchema)]
pub struct User {
    pub id: UserId,
    #[serde(flatten)]
    pub fields: UserFields,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(User: UserId, "user", ReadUsers {
    const PERSONAL: &'static [&'static str] = &["name", "email", "phone"];

    fn about(&self) -> Vec<Uuid> {
        self.fields.grants.iter().filter_map(|grant| grant.subject_id).collect()
    }
});

/// The first password of a user, which is shown this once.
#[derive(Serialize, ToSchema)]
pub struct NewUser {
    pub id: UserId,
    #[schema(example = "lusab-babad-gutih-tugad-hihib")]
    pub password: String,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct UserFilter {
    #[param(inline)]
    pub status: Option<OneOf<Status>>,
    /// Users with a grant of this role.
    #[param(inline)]
    pub role: Option<OneOf<Role>>,
    /// Users with a grant for this mentor, institution, cooperative or person.
    #[param(inline)]
    pub subject_id: Option<OneOf<Uuid>>,
    /// A piece of the name.
    #[param(max_length = 200)]
    pub q: Option<String>,
}

impl Filter for UserFilter {
    const SORTS: &'static [Sort] =
        &[Sort("created_at", "timestamptz"), Sort("updated_at", "timestamptz"), Sort("name", "text")];
}
