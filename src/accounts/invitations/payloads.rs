//! What clients send and get.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::{Party, Role},
    accounts::grants::Grant,
    db::schema::invitations,
    http::{Filter, OneOf, Sort},
    ids::InvitationId,
    records::record,
};

/// Who is invited, and as what.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateInvitation)]
pub struct InvitationFields {
    #[schema(inline, example = "mentor")]
    pub role: Role,
    /// The mentor, institution, cooperative or person that the role acts for; null for the desks.
    #[schema(example = "01948f5e-7a00-7000-8000-000000000001")]
    pub subject_id: Option<Uuid>,
}

impl InvitationFields {
    pub fn grant(self) -> Grant {
        Grant { role: self.role, subject_id: self.subject_id }
    }
}

#[derive(Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = invitations)]
pub struct Invitation {
    pub id: InvitationId,
    pub role: Role,
    pub subject_id: Option<Uuid>,
    /// The party that made it, as in events.
    #[schema(example = "staff")]
    pub invited_by: String,
    pub expires_at: DateTime<Utc>,
    /// When its code was used.
    pub used_at: Option<DateTime<Utc>>,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(Invitation: InvitationId, "invitation", ReadInvitations {
    fn named(&self) -> Vec<Party> {
        Party::parse(&self.invited_by).into_iter().collect()
    }

    fn about(&self) -> Vec<Uuid> {
        self.subject_id.into_iter().collect()
    }
});

impl Invitation {
    pub fn grant(&self) -> Grant {
        Grant { role: self.role, subject_id: self.subject_id }
    }

    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.used_at.is_none() && now < self.expires_at
    }
}

/// A code, which is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewInvitation {
    pub id: InvitationId,
    #[schema(example = "K7QM-2XTD-9RWA")]
    pub code: String,
    pub expires_at: DateTime<Utc>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct InvitationFilter {
    #[param(inline)]
    pub role: Option<OneOf<Role>>,
    #[param(inline)]
    pub subject_id: Option<OneOf<Uuid>>,
}

impl Filter for InvitationFilter {
    const SORTS: &'static [Sort] = &[
        Sort("created_at", "timestamptz"),
        Sort("updated_at", "timestamptz"),
        Sort("expires_at", "timestamptz"),
    ];
}
