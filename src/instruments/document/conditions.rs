//! Conditions that an instrument declares, and their pure evaluation.
//!
//! A condition has no negation: comparisons are only joined by `all` and `any`. So if more
//! comparisons hold, never fewer conditions hold, which is what lets `coverage` decide about results
//! it knows only in part.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    fact::{Fact, Scalar},
    forms,
};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(example = json!({"fact": "score", "op": "gte", "value": 4500}))]
pub enum Condition {
    All(All),
    Any(Any),
    Comparison(Comparison),
}

/// Every one of these holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AllOfConditions)]
pub struct All {
    #[schema(min_items = 1, no_recursion)]
    pub all: Vec<Condition>,
}

/// At least one of these holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AnyOfConditions)]
pub struct Any {
    #[schema(min_items = 1, no_recursion)]
    pub any: Vec<Condition>,
}

/// A fact that has no value makes the comparison false.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    #[schema(schema_with = forms::fact)]
    pub fact: Fact,
    pub op: Op,
    #[schema(schema_with = forms::value)]
    pub value: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ComparisonOp)]
pub enum Op {
    Eq,
    Lt,
    Lte,
    Gt,
    Gte,
    In,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    One(Scalar),
    Several(Vec<Scalar>),
}

impl Op {
    /// As it stands in a report.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Eq | Self::In => "=",
            Self::Lt => "<",
            Self::Lte => "≤",
            Self::Gt => ">",
            Self::Gte => "≥",
        }
    }
}

impl Condition {
    /// The comparisons that make the condition hold, if it does. `holds` judges each comparison.
    pub fn because<F: Fn(&Comparison) -> bool>(&self, holds: &F) -> Option<Vec<&Comparison>> {
        match self {
            Self::All(All { all }) => {
                let each: Option<Vec<_>> = all.iter().map(|condition| condition.because(holds)).collect();
                each.map(|each| each.concat())
            }
            Self::Any(Any { any }) => {
                let held: Vec<_> = any.iter().filter_map(|condition| condition.because(holds)).collect();
                (!held.is_empty()).then(|| held.concat())
            }
            Self::Comparison(comparison) => holds(comparison).then(|| vec![comparison]),
        }
    }

    /// All comparisons in it, each with its JSON pointer, where `at` is the condition's own.
    pub fn comparisons(&self, at: &str) -> Vec<(String, &Comparison)> {
        let (joint, parts) = match self {
            Self::All(All { all }) => ("all", all),
            Self::Any(Any { any }) => ("any", any),
            Self::Comparison(comparison) => return vec![(at.to_owned(), comparison)],
        };
        let parts = parts.iter().enumerate();
        parts.flat_map(|(n, part)| part.comparisons(&format!("{at}/{joint}/{n}"))).collect()
    }
}

impl Comparison {
    /// Values of different kinds are never equal and have no order.
    pub fn holds_for(&self, actual: Option<&Scalar>) -> bool {
        use Scalar::Number;
        use Value::{One, Several};
        let Some(actual) = actual else { return false };
        match (self.op, actual, &self.value) {
            (Op::Eq, actual, One(wanted)) => actual == wanted,
            (Op::In, actual, Several(wanted)) => wanted.contains(actual),
            (Op::Lt, Number(actual), One(Number(limit))) => actual < limit,
            (Op::Lte, Number(actual), One(Number(limit))) => actual <= limit,
            (Op::Gt, Number(actual), One(Number(limit))) => actual > limit,
            (Op::Gte, Number(actual), One(Number(limit))) => actual >= limit,
            _ => false,
        }
    }

    /// The values it compares with.
    pub fn operands(&self) -> &[Scalar] {
        match &self.value {
            Value::One(scalar) => std::slice::from_ref(scalar),
            Value::Several(scalars) => scalars,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value as Json, from_value, json, to_value};

    use super::*;

    fn condition(json: Json) -> Condition {
        from_value(json).unwrap()
    }

    fn score(op: &str, value: Json) -> Json {
        json!({ "fact": "score", "op": op, "value": value })
    }

    #[test]
    fn a_fact_without_a_value_makes_every_comparison_false() {
        for (op, value) in [("eq", json!(1)), ("lt", json!(1)), ("gte", json!(1)), ("in", json!([1]))] {
            let comparison: Comparison = from_value(score(op, value)).unwrap();
            assert!(!comparison.holds_for(None), "{op}");
        }
    }

    #[test]
    fn values_of_different_kinds_are_never_equal() {
        let one: Comparison = from_value(score("eq", json!(1))).unwrap();
        assert!(one.holds_for(Some(&Scalar::Number(1))));
        assert!(!one.holds_for(Some(&Scalar::Truth(true))));
        assert!(!one.holds_for(Some(&Scalar::Text("1".into()))));
    }

    #[test]
    fn the_reasons_are_the_comparisons_that_carried_the_result() {
        let half = json!({ "all": [score("gt", json!(1)), score("gt", json!(9))] });
        let whole = condition(json!({ "any": [half, score("gt", json!(2)), score("gt", json!(8))] }));
        let reasons = whole.because(&|comparison| comparison.holds_for(Some(&Scalar::Number(5))));
        let expected: Comparison = from_value(score("gt", json!(2))).unwrap();
        assert_eq!(reasons, Some(vec![&expected]));
    }

    #[test]
    fn every_comparison_is_found_with_its_pointer() {
        let deep = condition(json!({ "any": [score("lt", json!(1)), { "all": [score("gt", json!(2))] }] }));
        let pointers: Vec<_> = deep.comparisons("/when").into_iter().map(|(at, _)| at).collect();
        assert_eq!(pointers, ["/when/any/0", "/when/any/1/all/0"]);
    }

    #[test]
    fn a_condition_is_exactly_one_of_its_three_forms() {
        let both = json!({ "all": [score("lt", json!(1))], "any": [score("lt", json!(1))] });
        for wrong in [both, json!({}), json!({ "not": [] }), json!({ "all": [], "more": 1 })] {
            assert!(from_value::<Condition>(wrong.clone()).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn comparisons_order_numbers_as_numbers(actual: i64, limit: i64) {
            let all = [("lt", actual < limit), ("lte", actual <= limit), ("gt", actual > limit),
                ("gte", actual >= limit), ("eq", actual == limit)];
            for (op, expected) in all {
                let comparison: Comparison = from_value(score(op, json!(limit))).unwrap();
                prop_assert_eq!(comparison.holds_for(Some(&Scalar::Number(actual))), expected);
            }
        }
    }

    #[test]
    fn a_condition_is_written_as_it_was_read() {
        let json = json!({ "any": [score("in", json!([1, 2])), { "all": [score("eq", json!("a"))] }] });
        assert_eq!(to_value(condition(json.clone())).unwrap(), json);
    }
}
