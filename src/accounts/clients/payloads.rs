//! What the administrator sends and gets.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::Role,
    db::schema::clients,
    http::{Filter, OneOf, Sort},
    ids::UserId,
    records::record,
    text_enum::text_enum,
};

text_enum! {
    /// A client that is disabled gets no token; one that is out runs at most 15 minutes longer.
    #[schema(as = ClientStatus)]
    Status {
        Active = "active",
        Disabled = "disabled",
    }
}

/// What a client may set: whole in POST, in parts by PATCH. Name, scopes and status can change; what the
/// client is cannot.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = clients, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateClient)]
pub struct ClientFields {
    #[schema(format = "code", max_length = 40, example = "siakad-ut")]
    pub client_id: String,
    #[schema(format = "single_line", max_length = 200, example = "Sistem akademik Universitas Terbuka")]
    pub name: String,
    pub role: Role,
    /// The institution of an institution or lender; what else the role acts for.
    pub subject_id: Option<Uuid>,
    /// Of `system`: the role whose rows it has.
    pub rows_as: Option<Role>,
    #[schema(min_items = 1, max_items = 100, example = json!(["mentors:read", "mentors:write"]))]
    pub scopes: Vec<String>,
    #[serde(default = "active")]
    #[schema(default = "active")]
    pub status: Status,
}

fn active() -> Status {
    Status::Active
}

#[derive(Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = clients)]
pub struct Client {
    pub id: UserId,
    #[serde(flatten)]
    #[diesel(embed)]
    pub fields: ClientFields,
    /// When the newest secret ends.
    pub secret_expires_at: DateTime<Utc>,
    /// When the one before it ends; null where there is none.
    pub previous_secret_expires_at: Option<DateTime<Utc>>,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(Client: UserId, "client", ReadClients {
    fn about(&self) -> Vec<Uuid> {
        self.fields.subject_id.into_iter().collect()
    }
});

/// A secret of a client, which is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewClient {
    pub id: UserId,
    #[schema(example = "siakad-ut")]
    pub client_id: String,
    #[schema(example = "seribu_live_0123456789abcdefghjkmnpqrstvwxyz0123456789abcdefghjk")]
    pub client_secret: String,
    pub expires_at: DateTime<Utc>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ClientFilter {
    #[param(inline)]
    pub client_id: Option<OneOf<String>>,
    #[param(inline)]
    pub role: Option<OneOf<Role>>,
    #[param(inline)]
    pub subject_id: Option<OneOf<Uuid>>,
    #[param(inline)]
    pub status: Option<OneOf<Status>>,
    /// A piece of the name.
    #[param(max_length = 200)]
    pub q: Option<String>,
}

impl Filter for ClientFilter {
    const SORTS: &'static [Sort] =
        &[Sort("created_at", "timestamptz"), Sort("updated_at", "timestamptz"), Sort("name", "text")];
}
