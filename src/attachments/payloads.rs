//! What clients send and get, which is also what the table keeps.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{attachable::Resource, content::MediaType};
use crate::{
    db::schema::attachments,
    http::{Filter, OneOf, Sort},
    ids::{AttachmentId, BusinessId, UserId},
    records::record,
};

/// What an upload says of its file in the address. The name is in a header: it may be somebody's, and addresses
/// are written to logs.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct UploadQuery {
    /// The kind of record that the file belongs to.
    #[param(inline, required = true)]
    pub resource: Option<Resource>,
    #[param(required = true)]
    pub record_id: Option<Uuid>,
    /// What it is, as the evidence or document that will name it calls it.
    #[param(format = "code", max_length = 40, required = true, example = "family_card")]
    pub kind: Option<String>,
}

/// The same, once nothing is wrong with it; and what the headers say.
pub struct Upload {
    pub resource: Resource,
    pub record_id: Uuid,
    pub kind: String,
    pub name: String,
    pub media_type: MediaType,
}

/// A file that belongs to a record.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = attachments)]
pub struct Attachment {
    pub id: AttachmentId,
    pub resource: Resource,
    pub record_id: Uuid,
    /// The business that the record belongs to.
    pub business_id: Option<BusinessId>,
    #[schema(example = "family_card")]
    pub kind: String,
    #[schema(example = "kartu keluarga.jpg")]
    pub name: String,
    pub media_type: MediaType,
    #[schema(example = 482113)]
    pub size_bytes: i64,
    /// Of the file as it is kept.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub sha256: String,
    /// Of the file as it was sent: another, where an image had more in it than the picture.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub sent_sha256: String,
    pub uploaded_by: UserId,
    /// Whether some evidence names it.
    #[serde(skip)]
    pub cited: bool,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(Attachment: AttachmentId, "attachment", ReadAttachments {
    const PERSONAL: &'static [&'static str] = &["name"];

    fn subject(&self) -> Uuid {
        self.business_id.map_or(self.record_id, Uuid::from)
    }

    fn business(&self) -> Option<BusinessId> {
        self.business_id
    }

    fn about(&self) -> Vec<Uuid> {
        vec![self.record_id]
    }
});

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct AttachmentFilter {
    #[param(inline)]
    pub resource: Option<OneOf<Resource>>,
    #[param(inline)]
    pub record_id: Option<OneOf<Uuid>>,
    #[param(inline)]
    pub business_id: Option<OneOf<BusinessId>>,
    #[param(inline)]
    pub kind: Option<OneOf<String>>,
}

impl Filter for AttachmentFilter {
    const SORTS: &'static [Sort] = &[Sort("created_at", "timestamptz"), Sort("updated_at", "timestamptz")];
}
