//! Every comparison asks about something that exists, for values that it can have.

use std::{collections::BTreeSet, fmt};

use super::flaw::Flaw;
use crate::{
    http::Code,
    instruments::{
        document::{
            Document,
            conditions::{Comparison, Op, Value},
            fact::{CooperativeMembership, Fact, Scalar},
        },
        scoring::FULL_SCORE,
    },
};

pub fn flaws(instrument: &Document, subsectors: &BTreeSet<String>) -> Vec<Flaw> {
    let classes = instrument.classification.classes.iter().enumerate();
    let classes = classes.map(|(n, class)| (format!("/classification/classes/{n}/when"), &class.when));
    let recommendations = instrument.recommendations.iter().enumerate();
    let recommendations = recommendations.map(|(n, one)| (format!("/recommendations/{n}/when"), &one.when));
    classes
        .chain(recommendations)
        .flat_map(|(at, condition)| condition.comparisons(&at))
        .flat_map(|(at, comparison)| match Domain::of(&comparison.fact, instrument, subsectors) {
            Some(domain) => domain.misfits(&at, comparison),
            None => vec![Flaw::new(format!("{at}/fact"), Code::RefersToNothing, "")],
        })
        .collect()
}

/// The values that a fact can have.
enum Domain {
    Numbers { top: i64 },
    Truth,
    OneOf(Vec<String>),
}

impl Domain {
    fn of(fact: &Fact, instrument: &Document, subsectors: &BTreeSet<String>) -> Option<Self> {
        let Document { dimensions, items, scale, .. } = instrument;
        let exists = match fact {
            Fact::Dimension(code) => dimensions.iter().any(|dimension| dimension.code == *code),
            Fact::Item(code) => items.iter().any(|item| item.code == *code),
            _ => true,
        };
        exists.then(|| match fact {
            Fact::Score | Fact::Potential | Fact::Dimension(_) => Self::Numbers { top: FULL_SCORE.into() },
            Fact::Item(_) => Self::Numbers { top: scale.max.into() },
            Fact::HasNib | Fact::NeedsCapital => Self::Truth,
            Fact::Subsector => Self::OneOf(subsectors.iter().cloned().collect()),
            Fact::CooperativeMembership => {
                Self::OneOf(CooperativeMembership::ALL.map(|it| it.as_str().to_owned()).to_vec())
            }
        })
    }

    fn contains(&self, value: &Scalar) -> bool {
        match (self, value) {
            (Self::Numbers { top }, Scalar::Number(number)) => (0..=*top).contains(number),
            (Self::Truth, Scalar::Truth(_)) => true,
            (Self::OneOf(words), Scalar::Text(text)) => words.contains(text),
            _ => false,
        }
    }

    fn json_type(&self) -> &'static str {
        match self {
            Self::Numbers { .. } => "integer",
            Self::Truth => "boolean",
            Self::OneOf(_) => "string",
        }
    }

    fn misfits(&self, at: &str, comparison: &Comparison) -> Vec<Flaw> {
        let Comparison { op, value, .. } = comparison;
        let orders = !matches!(op, Op::Eq | Op::In);
        if orders && !matches!(self, Self::Numbers { .. }) {
            return vec![Flaw::new(format!("{at}/op"), Code::NotAllowed, "eq, in")];
        }
        let at_value = format!("{at}/value");
        let misfit = |at: String, value: &Scalar| {
            (!self.contains(value)).then(|| Flaw::new(at, Code::ImplausibleValue, self))
        };
        match (op, value) {
            (Op::In, Value::Several(values)) => {
                let values = values.iter().enumerate();
                values.filter_map(|(n, value)| misfit(format!("{at_value}/{n}"), value)).collect()
            }
            (Op::In, Value::One(_)) => vec![Flaw::new(at_value, Code::WrongType, "array")],
            (_, Value::One(value)) => misfit(at_value, value).into_iter().collect(),
            (_, Value::Several(_)) => vec![Flaw::new(at_value, Code::WrongType, self.json_type())],
        }
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Numbers { top } => write!(f, "0..{top}"),
            Self::Truth => f.write_str("true, false"),
            Self::OneOf(words) => f.write_str(&words.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, from_str, from_value, json};

    use super::*;

    /// What is wrong with asking this, at the first comparison of the first recommendation.
    fn asking(fact: &str, op: &str, value: Json) -> Vec<(String, &'static str, String)> {
        let mut document: Json = from_str(include_str!("../../../reference/instrument.json")).unwrap();
        let asked = json!({ "fact": fact, "op": op, "value": value });
        document["recommendations"][0]["when"]["any"][0] = asked;
        let subsectors = ["fesyen", "kriya", "kuliner"].map(str::to_owned).into();
        let flaws = flaws(&from_value(document).unwrap(), &subsectors).into_iter();
        let tail = |pointer: String| pointer.replace("/recommendations/0/when/any/0", "");
        flaws.map(|Flaw { pointer, code, expected }| (tail(pointer), code.words().code, expected)).collect()
    }

    fn one(at: &str, code: &'static str, expected: &str) -> [(String, &'static str, String); 1] {
        [(at.to_owned(), code, expected.to_owned())]
    }

    #[test]
    fn a_comparison_asks_about_something_that_exists() {
        assert_eq!(asking("dim.nothing", "lt", json!(1)), one("/fact", "refers_to_nothing", ""));
        assert_eq!(asking("item.XXX1", "lt", json!(1)), one("/fact", "refers_to_nothing", ""));
        assert_eq!(asking("dim.legality", "lt", json!(1)), []);
        assert_eq!(asking("item.LEG2", "lt", json!(1)), []);
    }

    #[test]
    fn a_comparison_asks_for_values_that_its_fact_can_have() {
        let value = |expected| one("/value", "implausible_value", expected);
        assert_eq!(asking("score", "gte", json!(10_001)), value("0..10000"));
        assert_eq!(asking("score", "gte", json!(-1)), value("0..10000"));
        assert_eq!(asking("item.LEG1", "lte", json!(5)), value("0..4"));
        assert_eq!(asking("item.LEG1", "eq", json!("1")), value("0..4"));
        assert_eq!(asking("business.has_nib", "eq", json!("yes")), value("true, false"));
        assert_eq!(asking("business.subsector", "eq", json!("kulinr")), value("fesyen, kriya, kuliner"));
        let membership = "business.cooperative_membership";
        assert_eq!(asking(membership, "eq", json!("member")), value("none, pending, active"));
        assert_eq!(asking(membership, "in", json!(["none", "pending"])), []);
    }

    #[test]
    fn an_operator_fits_its_fact_and_its_value() {
        assert_eq!(asking("business.has_nib", "lt", json!(1)), one("/op", "not_allowed", "eq, in"));
        assert_eq!(asking("item.LEG1", "in", json!(1)), one("/value", "wrong_type", "array"));
        assert_eq!(asking("item.LEG1", "eq", json!([1])), one("/value", "wrong_type", "integer"));
        assert_eq!(
            asking("business.needs_capital", "eq", json!([true])),
            one("/value", "wrong_type", "boolean")
        );
        let listed = asking("item.LEG1", "in", json!([1, 7, 4]));
        assert_eq!(listed, one("/value/1", "implausible_value", "0..4"));
    }
}
