//! What clients send and get, which is also what the table keeps.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    db::schema::products,
    http::{Filter, OneOf, Sort},
    ids::{BusinessId, ProductId},
    records::record,
};

/// What a client may set: whole in POST, in parts by PATCH.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = products, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateProduct)]
pub struct ProductFields {
    #[schema(format = "single_line", max_length = 200, example = "Kue nastar 250 g")]
    pub name: String,
    /// From the list `product-categories`.
    #[schema(format = "code", max_length = 40, example = "packaged_food_low_risk")]
    pub category: String,
    #[schema(min_length = 1, max_length = 4000, example = "Nastar nanas dalam stoples, tahan tiga bulan")]
    pub description: Option<String>,
    #[schema(minimum = 0, maximum = 9007199254740991_i64, example = 45000)]
    pub unit_price_idr: Option<i64>,
    /// How many it can make in a month.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 300)]
    pub monthly_capacity: Option<i32>,
    /// The last day on which it was made or sold.
    pub discontinued_on: Option<NaiveDate>,
}

#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = products)]
pub struct Product {
    pub id: ProductId,
    pub business_id: BusinessId,
    #[serde(flatten)]
    #[diesel(embed)]
    pub fields: ProductFields,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(Product: ProductId, "product", ReadBusinesses {
    fn business(&self) -> Option<BusinessId> {
        Some(self.business_id)
    }
});

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ProductFilter {
    #[param(inline)]
    pub category: Option<OneOf<String>>,
    /// A piece of the name.
    #[param(max_length = 200)]
    pub q: Option<String>,
}

impl Filter for ProductFilter {
    const SORTS: &'static [Sort] = &[Sort("created_at", "timestamptz"), Sort("updated_at", "timestamptz")];
}
