//! What an instrument concludes from the scores: a class, the level of bookkeeping, needs and
//! recommendations.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    conditions::Condition,
    forms::{self, Text},
};
use crate::text_enum::text_enum;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InstrumentClassification)]
pub struct Classification {
    pub evaluate: Evaluate,
    #[schema(min_items = 1)]
    pub classes: Vec<Class>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = InstrumentEvaluate)]
pub enum Evaluate {
    #[serde(rename = "first match wins")]
    FirstMatchWins,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InstrumentClass)]
pub struct Class {
    #[schema(schema_with = forms::code)]
    pub code: String,
    pub name: Text,
    pub when: Condition,
}

/// The level of bookkeeping: the lowest answer to `from_items`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InstrumentBookkeepingMaturity)]
pub struct BookkeepingMaturity {
    #[schema(schema_with = forms::some_item_codes)]
    pub from_items: Vec<String>,
    #[schema(schema_with = forms::line)]
    pub rule: String,
    /// One for each value of the scale, in ascending order.
    #[schema(min_items = 2)]
    pub levels: Vec<Level>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InstrumentLevel)]
pub struct Level {
    #[schema(minimum = 0, maximum = 10)]
    pub level: u8,
    #[schema(schema_with = forms::line)]
    pub id: String,
    #[schema(schema_with = forms::line)]
    pub en: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InstrumentNeed)]
pub struct Need {
    #[schema(schema_with = forms::code)]
    pub code: String,
    pub name: Text,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InstrumentRecommendation)]
pub struct Recommendation {
    #[schema(schema_with = forms::code)]
    pub code: String,
    /// Ascending in the answer; no two alike.
    #[schema(minimum = 1, maximum = 1000000)]
    pub priority: u32,
    #[schema(schema_with = forms::code)]
    pub dimension: String,
    pub when: Condition,
    pub kind: Kind,
    #[schema(schema_with = forms::code)]
    pub need: String,
    pub target: Target,
    pub text: Text,
}

text_enum! {
    /// A `referral` opens a hand-over to its target when the assessment is reviewed.
    #[schema(as = RecommendationKind)]
    Kind {
        Referral = "referral",
        MentoringModule = "mentoring_module",
        LicensingHelp = "licensing_help",
    }
}

text_enum! {
    /// A division, or the mentor of the business.
    #[schema(as = RecommendationTarget)]
    Target {
        Facilitation = "facilitation",
        Cooperatives = "cooperatives",
        Standardisation = "standardisation",
        Programme = "programme",
        Mentor = "mentor",
    }
}
