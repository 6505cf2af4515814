//! What clients send and get, which is also what the table keeps.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{deserialize::FromSqlRow, expression::AsExpression, prelude::*, sql_types::Jsonb};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    businesses::duplicates::ALIKE,
    db::{json::jsonb, schema::businesses},
    ids::{BusinessId, CooperativeId},
    records::{ExternalIds, Mergeable, external_ids::ExternalId, record},
    text_enum::text_enum,
};

text_enum! {
    /// A cooperative is coached like a business; its board has one contact, who acts for it.
    #[schema(as = BusinessKind)]
    Kind {
        Business = "business",
        Cooperative = "cooperative",
    }
}

text_enum! {
    /// `pt_individual` is a company of one person (PT perorangan, PP 8/2021).
    LegalForm {
        SoleProprietorship = "sole_proprietorship",
        Cv = "cv",
        Pt = "pt",
        PtIndividual = "pt_individual",
        Cooperative = "cooperative",
        Foundation = "foundation",
        Other = "other",
    }
}

text_enum! {
    SalesChannel {
        Shop = "shop",
        MarketStall = "market_stall",
        Fair = "fair",
        Reseller = "reseller",
        MessagingApp = "messaging_app",
        SocialMedia = "social_media",
        Marketplace = "marketplace",
        DeliveryApp = "delivery_app",
        Website = "website",
        Export = "export",
        Other = "other",
    }
}

text_enum! {
    #[schema(as = BusinessStatus)]
    Status {
        Active = "active",
        Inactive = "inactive",
        Merged = "merged",
    }
}

text_enum! {
    #[schema(as = BusinessAction)]
    Action {
        Deactivate = "deactivate",
        Reactivate = "reactivate",
    }
}

text_enum! {
    KbliVersion {
        Of2020 = "2020",
        Of2025 = "2025",
    }
}

/// A line of business. The same code means different things in the two versions of the classification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[serde(deny_unknown_fields)]
pub struct Kbli {
    pub version: KbliVersion,
    #[schema(format = "kbli", max_length = 5, example = "10710")]
    pub code: String,
}
jsonb!(Kbli);

/// Where the business is: in a village of the city.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset,
)]
#[diesel(table_name = businesses, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(deny_unknown_fields)]
pub struct Address {
    #[diesel(column_name = address_line)]
    #[schema(
        format = "single_line",
        max_length = 200,
        example = "Jl. Ki Hajar Dewantara No. 7, RT 02/RW 05"
    )]
    pub line: Option<String>,
    #[schema(format = "village_code", max_length = 13, example = "36.74.04.1002")]
    pub village_code: String,
    #[schema(format = "postal_code", max_length = 5, example = "15414")]
    pub postal_code: Option<String>,
    #[schema(minimum = -11.0, maximum = 6.5, example = -6.3124)]
    pub latitude: Option<f64>,
    #[schema(minimum = 94.5, maximum = 141.5, example = 106.7198)]
    pub longitude: Option<f64>,
}

/// What a client may set: in POST, and in parts by PATCH.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset,
)]
#[diesel(table_name = businesses, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateBusiness)]
pub struct BusinessFields {
    #[serde(default = "business")]
    #[schema(default = "business")]
    pub kind: Kind,
    #[schema(format = "single_line", max_length = 200, example = "Dapur Bu Siti")]
    pub name: String,
    pub legal_form: Option<LegalForm>,
    #[schema(format = "nib", max_length = 13, example = "9120001234567")]
    pub nib: Option<String>,
    pub nib_issued_on: Option<NaiveDate>,
    /// Shown masked, to everyone.
    #[diesel(column_name = npwp_masked)]
    #[schema(format = "npwp", max_length = 20, example = "01.312.166.0-091.000")]
    pub npwp: Option<String>,
    #[serde(default)]
    #[schema(max_items = 20)]
    pub kbli: Vec<Kbli>,
    /// From the list `subsectors`.
    #[schema(format = "code", max_length = 40, example = "kuliner")]
    pub subsector: String,
    #[schema(min_length = 1, max_length = 4000, example = "Kue basah dan nasi kotak, dari dapur sendiri")]
    pub description: Option<String>,
    #[diesel(embed)]
    pub address: Address,
    pub founded_on: Option<NaiveDate>,
    /// Whether it had its NIB when it came into the programme.
    #[schema(example = false)]
    pub formal_at_intake: Option<bool>,
    #[serde(default)]
    #[schema(max_items = 11)]
    pub sales_channels: Vec<SalesChannel>,
    /// Of a cooperative that is coached: the same one among `/v1/cooperatives`.
    pub cooperative_id: Option<CooperativeId>,
    #[serde(default)]
    #[schema(value_type = Vec<ExternalId>, max_items = 20)]
    pub external_ids: ExternalIds,
}

fn business() -> Kind {
    Kind::Business
}

#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = businesses)]
pub struct Business {
    pub id: BusinessId,
    #[schema(example = "UMKM-2026-000123")]
    pub number: String,
    #[serde(flatten)]
    #[diesel(embed)]
    pub fields: BusinessFields,
    /// Follows from the village.
    #[schema(example = "36.74.04")]
    pub district_code: String,
    pub status: Status,
    /// Where it is found since.
    pub merged_into: Option<BusinessId>,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(Business: BusinessId, "business", ReadBusinesses {
    const PERSONAL: &'static [&'static str] =
        &["npwp", "address.line", "address.latitude", "address.longitude"];

    fn business(&self) -> Option<BusinessId> {
        Some(self.id)
    }
});

impl Mergeable for Business {
    const TABLE: &'static str = "businesses";
    const ALIKE: &'static str = ALIKE;

    fn merged_into(&self) -> Option<BusinessId> {
        self.merged_into
    }
}

impl BusinessFields {
    /// Whether its events hold something to encrypt.
    pub fn has_personal(&self) -> bool {
        let Address { line, latitude, longitude, .. } = &self.address;
        self.npwp.is_some() || line.is_some() || latitude.is_some() || longitude.is_some()
    }
}

/// An action, and the fields that it needs.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveBusiness {
    pub action: Action,
    /// From the list `reason-codes`.
    #[schema(format = "code", max_length = 40, example = "resting")]
    pub reason_code: Option<String>,
    #[schema(min_length = 1, max_length = 2000, example = "Pemilik merawat orang tua sampai akhir tahun")]
    pub note: Option<String>,
}
