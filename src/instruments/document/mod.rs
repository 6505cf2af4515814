//! The instrument as planners write it: `reference/instrument.schema.json` in Rust.
//!
//! What a type or its schema cannot say, `checks` says when the instrument is published.

pub mod conclusions;
pub mod conditions;
pub mod fact;
pub mod forms;

use conclusions::{BookkeepingMaturity, Classification, Need, Recommendation};
use diesel::{deserialize::FromSqlRow, expression::AsExpression, sql_types::Jsonb};
use forms::Text;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{db::json::jsonb, text_enum::text_enum};

/// One version of an instrument, as it is imported, exported and published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[serde(deny_unknown_fields)]
#[schema(as = InstrumentDocument)]
pub struct Document {
    #[schema(schema_with = forms::code)]
    pub code: String,
    #[schema(minimum = 1, maximum = 1000000)]
    pub version: u32,
    pub status: Status,
    pub language_default: Language,
    pub title: Text,
    pub scale: Scale,
    pub score_unit: ScoreUnit,
    #[schema(min_items = 1)]
    pub dimensions: Vec<Dimension>,
    #[schema(min_items = 1)]
    pub items: Vec<Item>,
    pub scoring: Wording,
    pub classification: Classification,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub bookkeeping_maturity: Option<BookkeepingMaturity>,
    /// What a business can need.
    #[schema(min_items = 1)]
    pub needs: Vec<Need>,
    pub recommendations: Vec<Recommendation>,
}
jsonb!(Document, Text);

text_enum! {
    #[schema(as = InstrumentStatus)]
    Status {
        Draft = "draft",
        Published = "published",
        Retired = "retired",
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = InstrumentLanguage)]
pub enum Language {
    Id,
    En,
}

/// Answers are whole numbers from `min` to `max`. The scoring formula needs a scale that starts at 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InstrumentScale)]
pub struct Scale {
    #[schema(minimum = 0, maximum = 0)]
    pub min: u8,
    #[schema(minimum = 1, maximum = 10)]
    pub max: u8,
    #[schema(schema_with = forms::line)]
    pub unit: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScoreUnit {
    BasisPoints,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InstrumentDimension)]
pub struct Dimension {
    #[schema(schema_with = forms::code)]
    pub code: String,
    pub name: Text,
    /// Per cent of the total.
    #[schema(minimum = 1, maximum = 100)]
    pub weight: u8,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InstrumentItem)]
pub struct Item {
    #[schema(schema_with = forms::item_code)]
    pub code: String,
    #[schema(schema_with = forms::code)]
    pub dimension: String,
    /// The weights of a dimension's items add up to the dimension's.
    #[schema(minimum = 1, maximum = 100)]
    pub weight: u8,
    pub question: Text,
    /// One for each value of the scale, in ascending order.
    #[schema(min_items = 2, max_items = 11)]
    pub anchors: Vec<Anchor>,
    /// Kinds of evidence that can support an answer.
    #[schema(schema_with = forms::codes)]
    pub evidence: Vec<String>,
    pub counts_toward_potential: bool,
    /// `None`: every subsector. Otherwise the item drops out for all others.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(schema_with = forms::some_codes_or_null, required = true)]
    pub applies_to_subsectors: Option<Vec<String>>,
}

impl Item {
    pub fn applies_to(&self, subsector: &str) -> bool {
        self.applies_to_subsectors.as_ref().is_none_or(|named| named.iter().any(|code| code == subsector))
    }

    pub fn applies_to_all(&self) -> bool {
        self.applies_to_subsectors.is_none()
    }
}

/// What an answer means.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InstrumentAnchor)]
pub struct Anchor {
    #[schema(minimum = 0, maximum = 10)]
    pub score: u8,
    #[schema(schema_with = forms::line)]
    pub id: String,
    #[schema(schema_with = forms::line)]
    pub en: String,
}

/// The scoring rule in words. The words are the contract; `scoring` keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InstrumentWording)]
pub struct Wording {
    #[schema(schema_with = forms::line)]
    pub item: String,
    #[schema(schema_with = forms::line)]
    pub dimension: String,
    #[schema(schema_with = forms::line)]
    pub total: String,
    #[schema(schema_with = forms::line)]
    pub potential: String,
    #[schema(schema_with = forms::line)]
    pub rounding: String,
    #[schema(schema_with = forms::line)]
    pub missing: String,
    #[schema(schema_with = forms::line)]
    pub not_applicable: String,
}
