//! What clients send and get, which is also what the table keeps.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    access::Party,
    db::schema::cooperatives,
    http::{Filter, OneOf, Sort},
    ids::CooperativeId,
    records::{ExternalIds, external_ids::ExternalId, record},
    text_enum::text_enum,
};

text_enum! {
    /// The five kinds of UU 25/1992, article 16.
    #[schema(as = CooperativeKind)]
    Kind {
        SavingsLoan = "savings_loan",
        Consumer = "consumer",
        Producer = "producer",
        Marketing = "marketing",
        Service = "service",
    }
}

text_enum! {
    #[schema(as = CooperativeStatus)]
    Status {
        Active = "active",
        Dissolved = "dissolved",
    }
}

text_enum! {
    #[schema(as = CooperativeAction)]
    Action {
        Dissolve = "dissolve",
    }
}

/// What a client may set: whole in POST, in parts by PATCH.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = cooperatives, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateCooperative)]
pub struct CooperativeFields {
    #[schema(format = "single_line", max_length = 200, example = "Koperasi Produsen Batik Serpong")]
    pub name: String,
    /// Nomor Induk Koperasi.
    #[schema(format = "cooperative_number", max_length = 20, example = "3674010010001")]
    pub cooperative_number: Option<String>,
    /// Nomor badan hukum, as its decree has it.
    #[schema(format = "single_line", max_length = 100, example = "AHU-0001234.AH.01.26.TAHUN 2024")]
    pub legal_entity_no: Option<String>,
    pub kind: Kind,
    /// The villages whose people it takes as members; empty for the whole city.
    #[serde(default)]
    #[schema(max_items = 100, format = "village_code", max_length = 13, example = json!(["36.74.01.1001"]))]
    pub service_area: Vec<String>,
    /// Where its office is.
    #[schema(format = "village_code", max_length = 13, example = "36.74.01.1001")]
    pub village_code: String,
    pub founded_on: Option<NaiveDate>,
    /// Paid once, on admission (simpanan pokok).
    #[schema(minimum = 0, maximum = 9007199254740991_i64, example = 100000)]
    pub principal_savings_idr: Option<i64>,
    /// Paid each month (simpanan wajib).
    #[schema(minimum = 0, maximum = 9007199254740991_i64, example = 25000)]
    pub mandatory_savings_idr: Option<i64>,
    /// Coached businesses that it is to have as members.
    #[serde(default = "a_thousand")]
    #[schema(minimum = 1, maximum = 1000000, default = 1000)]
    pub member_target: i32,
    /// Members outside the programme, as the cooperative says.
    #[schema(minimum = 0, maximum = 1000000, example = 340)]
    pub members_declared: Option<i32>,
    #[serde(default)]
    #[schema(value_type = Vec<ExternalId>, max_items = 20)]
    pub external_ids: ExternalIds,
}

fn a_thousand() -> i32 {
    1_000
}

#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = cooperatives)]
pub struct Cooperative {
    pub id: CooperativeId,
    #[serde(flatten)]
    #[diesel(embed)]
    pub fields: CooperativeFields,
    pub status: Status,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(Cooperative: CooperativeId, "cooperative", ReadCooperatives {
    fn named(&self) -> Vec<Party> {
        vec![Party::Cooperative(self.id)]
    }
});

/// An action, and the fields that it needs.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveCooperative {
    pub action: Action,
    #[schema(max_length = 40, example = "members_decided")]
    pub reason_code: Option<String>,
    #[schema(min_length = 1, max_length = 2000, example = "Rapat anggota 20 November 2026.")]
    pub note: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct CooperativeFilter {
    #[param(inline)]
    pub status: Option<OneOf<Status>>,
    #[param(inline)]
    pub kind: Option<OneOf<Kind>>,
    #[param(inline)]
    pub village_code: Option<OneOf<String>>,
    #[param(inline)]
    pub cooperative_number: Option<OneOf<String>>,
    /// Villages of which it takes people: in its area, or because it takes those of the whole city.
    #[param(inline)]
    pub service_area: Option<OneOf<String>>,
    /// A piece of the name.
    #[param(max_length = 200)]
    pub q: Option<String>,
}

impl Filter for CooperativeFilter {
    const SORTS: &'static [Sort] =
        &[Sort("created_at", "timestamptz"), Sort("updated_at", "timestamptz"), Sort("name", "text")];
}
