//! What clients send and get, which is also what the table keeps.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::requirements::Requirements;
use crate::{
    db::schema::certifications,
    http::{Filter, OneOf, Sort},
    ids::{BusinessId, CertificationId, ProductId},
    records::{Evidence, record},
    text_enum::text_enum,
};

text_enum! {
    #[schema(as = CertificationStatus)]
    Status {
        Planned = "planned",
        Applied = "applied",
        Granted = "granted",
        Rejected = "rejected",
        Revoked = "revoked",
    }
}

text_enum! {
    #[schema(as = CertificationAction)]
    Action {
        Apply = "apply",
        Grant = "grant",
        Reject = "reject",
        Revoke = "revoke",
    }
}

text_enum! {
    /// What the log has told of the end of what was granted.
    #[schema(as = CertificationExpiry)]
    Expiry {
        Expiring = "expiring",
        Expired = "expired",
        Renewed = "renewed",
    }
}

/// What a client may set: whole in POST, in parts by PATCH. Of whom, for what and of which kind it is, stays.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = certifications, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateCertification)]
pub struct CertificationFields {
    pub business_id: BusinessId,
    /// Needed where the kind is for some categories of products; else it may be of the business as a whole.
    pub product_id: Option<ProductId>,
    /// From the list `certification-kinds`.
    #[schema(format = "code", max_length = 40, example = "halal")]
    pub kind: String,
    /// The one that it follows, when that was granted.
    pub renews_id: Option<CertificationId>,
    /// The certificate's; kept by the desk.
    #[schema(format = "single_line", max_length = 100, example = "ID36110012345670126")]
    pub number: Option<String>,
    /// Where not as the list has it; kept by the desk.
    #[schema(format = "single_line", max_length = 200, example = "BPJPH")]
    pub issuer: Option<String>,
    /// The last day on which it holds, once it is granted; null where no end is known. Kept by the desk.
    pub expires_on: Option<NaiveDate>,
    #[schema(min_length = 1, max_length = 2000, example = "Bahan baku sudah bersertifikat.")]
    pub note: Option<String>,
}

/// How far it has come: what its actions and its end change, and nothing else does.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = certifications, treat_none_as_null = true)]
#[schema(as = CertificationCourse)]
pub struct Course {
    pub status: Status,
    pub applied_on: Option<NaiveDate>,
    pub granted_on: Option<NaiveDate>,
    /// The kind's lead days before its end.
    pub renew_from: Option<NaiveDate>,
    pub expiry: Option<Expiry>,
    /// What the issuer's last decision is proved by.
    pub evidence: Option<Evidence>,
}

#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = certifications)]
pub struct Certification {
    pub id: CertificationId,
    #[serde(flatten)]
    #[diesel(embed)]
    pub fields: CertificationFields,
    pub requirements: Requirements,
    #[serde(flatten)]
    #[diesel(embed)]
    pub course: Course,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(Certification: CertificationId, "certification", ReadCertifications {
    fn business(&self) -> Option<BusinessId> {
        Some(self.fields.business_id)
    }

    fn about(&self) -> Vec<Uuid> {
        let product = self.fields.product_id.map(Uuid::from);
        product.into_iter().chain(self.fields.renews_id.map(Uuid::from)).collect()
    }
});

/// An action, and the fields that it needs.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveCertification {
    pub action: Action,
    #[schema(format = "code", max_length = 40, example = "document_missing")]
    pub reason_code: Option<String>,
    #[schema(min_length = 1, max_length = 2000, example = "Daftar bahan belum lengkap.")]
    pub note: Option<String>,
    /// With `apply`: today, where none is given.
    pub applied_on: Option<NaiveDate>,
    #[schema(format = "single_line", max_length = 100, example = "ID36110012345670126")]
    pub number: Option<String>,
    #[schema(format = "single_line", max_length = 200, example = "BPJPH")]
    pub issuer: Option<String>,
    pub granted_on: Option<NaiveDate>,
    /// With `grant`: as printed; needed where the kind's validity is limited.
    pub expires_on: Option<NaiveDate>,
    pub evidence: Option<Evidence>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct CertificationFilter {
    #[param(inline)]
    pub status: Option<OneOf<Status>>,
    #[param(inline)]
    pub business_id: Option<OneOf<BusinessId>>,
    #[param(inline)]
    pub product_id: Option<OneOf<ProductId>>,
    #[param(inline)]
    pub kind: Option<OneOf<String>>,
    #[param(inline)]
    pub expiry: Option<OneOf<Expiry>>,
    pub expires_on_from: Option<NaiveDate>,
    pub expires_on_to: Option<NaiveDate>,
}

impl Filter for CertificationFilter {
    const SORTS: &'static [Sort] = &[Sort("created_at", "timestamptz"), Sort("updated_at", "timestamptz")];
}
