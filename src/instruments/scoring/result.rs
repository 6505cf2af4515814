//! What scoring answers: what an assessment keeps. Why, and what would better it, `explanation` says.

use std::collections::BTreeMap;

use diesel::{deserialize::FromSqlRow, expression::AsExpression, sql_types::Jsonb};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    db::json::jsonb,
    instruments::document::{
        conclusions::{Kind, Recommendation, Target},
        conditions::{Op, Value},
        fact::{Fact, Scalar},
        forms,
    },
};

/// Every score is at most this, in basis points.
pub const FULL_SCORE: u16 = 10_000;

/// The result. When an applicable item has no answer, `missing` is all there is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
pub struct InstrumentScore {
    pub complete: bool,
    /// Codes of the applicable items without an answer, in the order of the instrument.
    pub missing: Vec<String>,
    #[schema(maximum = 10000)]
    pub score: Option<u16>,
    #[schema(maximum = 10000)]
    pub potential: Option<u16>,
    /// Basis points by dimension code.
    pub dimensions: BTreeMap<String, u16>,
    pub class: Option<ReachedClass>,
    /// `null` also when the instrument doesn't ask for it.
    #[schema(maximum = 10)]
    pub bookkeeping_maturity: Option<u8>,
    /// Distinct needs of the recommendations, the most urgent first.
    pub needs: Vec<String>,
    pub recommendations: Vec<Recommended>,
}
jsonb!(InstrumentScore);

/// The first class whose condition holds, or a recommendation that does, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReachedClass {
    pub code: String,
    pub because: Vec<Reason>,
}

/// A comparison that held, and the value that it found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ClassReason)]
pub struct Reason {
    #[schema(schema_with = forms::fact)]
    pub fact: Fact,
    pub op: Op,
    #[schema(schema_with = forms::value)]
    pub value: Value,
    #[schema(schema_with = forms::scalar)]
    pub actual: Scalar,
}

/// A recommendation that holds; its words stand in the instrument.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Recommended {
    pub code: String,
    pub priority: u32,
    pub dimension: String,
    pub kind: Kind,
    pub need: String,
    pub target: Target,
}

impl From<&Recommendation> for Recommended {
    fn from(recommendation: &Recommendation) -> Self {
        let Recommendation { code, priority, dimension, kind, need, target, .. } = recommendation;
        Self {
            code: code.clone(),
            priority: *priority,
            dimension: dimension.clone(),
            kind: *kind,
            need: need.clone(),
            target: *target,
        }
    }
}
