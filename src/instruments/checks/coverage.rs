//! Do the classes cover every result?
//!
//! The classes leave no gap when, whatever the facts are, the condition of at least one holds. That is
//! decided by cases, a fact at a time:
//!
//! - Between two values that the comparisons name, nothing changes. So a fact has few *telling*
//!   values: where some comparison on it begins or ceases to hold, and having none, if it can.
//! - A case fixes some facts. Conditions know no negation, so a class holds in the whole case if it
//!   holds with every comparison on the other facts taken as false; it fails in the whole case if it
//!   fails with all of them taken as true. Only where neither decides is a further fact split.
//!
//! Facts are taken as independent of each other and those about the business as possibly unknown, so
//! what is found covered is covered. The reverse is not quite so: a gap may lie in a result that the
//! weights rule out. Then, as for a question beyond the limit of cases, the author adds a last class
//! that holds for `score gte 0`; the last class is looked at first, so that this settles it.

use std::collections::{BTreeMap, BTreeSet};

use super::flaw::Flaw;
use crate::{
    http::Code,
    instruments::{
        document::{
            Document,
            conditions::{Comparison, Condition, Op},
            fact::{Fact, Scalar},
        },
        scoring::FULL_SCORE,
    },
};

/// A bound on the time that a document can take: cases times the comparisons looked at in each. Nine
/// dimensions with a threshold each need 19 cases of 18 comparisons.
const MOST_COMPARED: usize = 200_000;

/// Facts decided so far; `None` means that the fact has no value.
type Case<'a> = BTreeMap<&'a Fact, Option<Scalar>>;

#[derive(Debug, PartialEq)]
pub enum Coverage<'a> {
    Whole,
    /// No class holds in this case.
    Gap(Case<'a>),
    TooManyCases,
}

pub fn flaws(instrument: &Document) -> Vec<Flaw> {
    let at = "/classification/classes";
    match coverage(instrument) {
        Coverage::Whole => Vec::new(),
        Coverage::Gap(case) => vec![Flaw::new(at, Code::Gap, words(&case))],
        Coverage::TooManyCases => vec![Flaw::new(at, Code::TooManyCases, "")],
    }
}

pub fn coverage(instrument: &Document) -> Coverage<'_> {
    let classes = || instrument.classification.classes.iter().map(|class| &class.when);
    let comparisons: Vec<_> = classes().flat_map(all_comparisons).collect();
    let most_cases = MOST_COMPARED / comparisons.len().max(1);
    let mut open = vec![Case::new()];
    for _ in 0..=most_cases {
        let Some(case) = open.pop() else { return Coverage::Whole };
        if classes().any(|class| holds(class, &case, false)) {
            continue;
        }
        let undecided = classes().rev().filter(|class| holds(class, &case, true));
        let mut facts = undecided.flat_map(all_comparisons).map(|comparison| &comparison.fact);
        let Some(fact) = facts.find(|fact| !case.contains_key(fact)) else { return Coverage::Gap(case) };
        for value in telling_values(fact, &comparisons, instrument).into_iter().rev() {
            let mut narrower = case.clone();
            narrower.insert(fact, value);
            open.push(narrower);
        }
    }
    Coverage::TooManyCases
}

fn all_comparisons(condition: &Condition) -> impl Iterator<Item = &Comparison> {
    condition.comparisons("").into_iter().map(|(_, comparison)| comparison)
}

/// Whether the condition holds if all comparisons on undecided facts do, or if none does.
fn holds(condition: &Condition, case: &Case, undecided: bool) -> bool {
    let judge = |comparison: &Comparison| {
        case.get(&comparison.fact).map_or(undecided, |value| comparison.holds_for(value.as_ref()))
    };
    condition.because(&judge).is_some()
}

/// One value of each kind that the comparisons on the fact can tell apart.
fn telling_values(fact: &Fact, all: &[&Comparison], instrument: &Document) -> BTreeSet<Option<Scalar>> {
    let own = all.iter().copied().filter(|comparison| comparison.fact == *fact);
    let (top, always_known) = match fact {
        Fact::Score | Fact::Potential | Fact::Dimension(_) => (i64::from(FULL_SCORE), true),
        Fact::Item(code) => {
            let mut asked_of_all = instrument.items.iter().filter(|item| item.applies_to_all());
            (i64::from(instrument.scale.max), asked_of_all.any(|item| item.code == *code))
        }
        _ => return own.flat_map(Comparison::operands).cloned().map(Some).chain([None]).collect(),
    };
    let numbers = own.flat_map(turns).filter(|at| (0..=top).contains(at)).chain([0]);
    let known = numbers.map(|number| Some(Scalar::Number(number)));
    known.chain((!always_known).then_some(None)).collect()
}

/// The numbers from which on the comparison has another outcome.
fn turns(comparison: &Comparison) -> Vec<i64> {
    let numbers = comparison.operands().iter().filter_map(|operand| match operand {
        Scalar::Number(number) => Some(*number),
        _ => None,
    });
    match comparison.op {
        Op::Lt | Op::Gte => numbers.collect(),
        Op::Lte | Op::Gt => numbers.map(|number| number.saturating_add(1)).collect(),
        Op::Eq | Op::In => numbers.flat_map(|number| [number, number.saturating_add(1)]).collect(),
    }
}

fn words(case: &Case) -> String {
    let fact = |(fact, value): (&&Fact, &Option<Scalar>)| match value {
        Some(value) => format!("{fact} = {value}"),
        None => format!("{fact} = null"),
    };
    case.iter().map(fact).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::select};
    use serde_json::{Value as Json, from_str, from_value, json};

    use super::*;

    const ITEM: &str = "item.PRD3";

    /// The shipped instrument, where `PRD3` is for one subsector alone, with classes of its own.
    fn classed_by(conditions: &[Json]) -> Document {
        let mut document: Json = from_str(include_str!("../../../reference/instrument.json")).unwrap();
        let class = |when| json!({ "code": "one", "name": { "id": "satu", "en": "one" }, "when": when });
        document["classification"]["classes"] = conditions.iter().map(class).collect();
        from_value(document).unwrap()
    }

    fn is(fact: &str, op: &str, value: impl Into<Json>) -> Json {
        json!({ "fact": fact, "op": op, "value": value.into() })
    }

    fn gap_of(conditions: &[Json]) -> Option<String> {
        let flaws = flaws(&classed_by(conditions));
        assert!(flaws.iter().all(|flaw| flaw.code == Code::Gap), "{flaws:?}");
        flaws.into_iter().next().map(|flaw| flaw.expected)
    }

    #[test]
    fn classes_that_share_one_number_among_them_cover_it() {
        assert_eq!(gap_of(&[is("score", "gte", 4500), is("score", "lt", 4500)]), None);
        assert_eq!(gap_of(&[is("score", "lte", 4499), is("score", "gt", 4499)]), None);
        assert_eq!(gap_of(&[is("score", "gt", 4500), is("score", "lt", 4500)]).unwrap(), "score = 4500");
        assert_eq!(gap_of(&[is("score", "lte", 9999)]).unwrap(), "score = 10000");
    }

    #[test]
    fn several_facts_can_cover_what_none_covers_alone() {
        let low = |op| json!({ "all": [is("score", "lt", 4500), is("potential", op, 6000)] });
        assert_eq!(gap_of(&[is("score", "gte", 4500), low("gte"), low("lt")]), None);
        let gap = gap_of(&[is("score", "gte", 4500), low("gt"), low("lt")]);
        assert_eq!(gap.unwrap(), "score = 0, potential = 6000");
    }

    #[test]
    fn a_fact_that_can_lack_a_value_never_covers_alone() {
        let nib = |has: bool| is("business.has_nib", "eq", has);
        assert_eq!(gap_of(&[nib(true), nib(false)]).unwrap(), "business.has_nib = null");
        assert_eq!(gap_of(&[is(ITEM, "gte", 2), is(ITEM, "lt", 2)]).unwrap(), format!("{ITEM} = null"));
        assert_eq!(gap_of(&[is("item.LEG1", "gte", 2), is("item.LEG1", "lt", 2)]), None);
    }

    #[test]
    fn many_facts_in_one_class_need_few_cases() {
        let strong: Vec<_> = (1..=30).map(|n| is(&format!("dim.d{n}"), "gte", 5000)).collect();
        let weak: Vec<_> = (1..=30).map(|n| is(&format!("dim.d{n}"), "lt", 5000)).collect();
        assert_eq!(gap_of(&[json!({ "all": strong }), json!({ "any": weak })]), None);
    }

    #[test]
    fn what_takes_too_many_cases_is_not_taken_as_covered() {
        let pair = |n: u8, joint: &str, op: &str| json!({ joint: [is(&format!("dim.a{n}"), op, 1), is(&format!("dim.b{n}"), op, 1)] });
        let some_pair: Vec<_> = (0..30).map(|n| pair(n, "all", "lt")).collect();
        let no_pair: Vec<_> = (0..30).map(|n| pair(n, "any", "gte")).collect();
        let instrument = classed_by(&[json!({ "any": some_pair }), json!({ "all": no_pair })]);
        assert_eq!(coverage(&instrument), Coverage::TooManyCases);
        let catch_all = is("score", "gte", 0);
        assert_eq!(gap_of(&[json!({ "any": some_pair }), json!({ "all": no_pair }), catch_all]), None);
    }

    fn a_comparison() -> impl Strategy<Value = Json> {
        let number = (select(vec!["score", "potential", ITEM]), select(vec!["lt", "lte", "gt", "gte", "eq"]));
        prop_oneof![
            (number, 0..5).prop_map(|((fact, op), value)| is(fact, op, value)),
            (select(vec!["score", ITEM]), vec(0..5, 1..3)).prop_map(|(fact, set)| is(fact, "in", set)),
            any::<bool>().prop_map(|has| is("business.has_nib", "eq", has)),
        ]
    }

    fn a_condition() -> impl Strategy<Value = Json> {
        a_comparison().prop_recursive(2, 8, 3, |inner| {
            (select(vec!["all", "any"]), vec(inner, 1..4)).prop_map(|(joint, parts)| json!({ joint: parts }))
        })
    }

    /// Beyond the numbers that comparisons name, 0 to 4, nothing changes.
    fn every_case(facts: &[Fact]) -> Vec<Case<'_>> {
        let values = |fact: &Fact| match fact {
            Fact::HasNib => vec![None, Some(Scalar::Truth(false)), Some(Scalar::Truth(true))],
            Fact::Item(_) => (0..=4).map(|number| Some(Scalar::Number(number))).chain([None]).collect(),
            _ => (0..=5).map(|number| Some(Scalar::Number(number))).collect(),
        };
        let mut cases = vec![Case::new()];
        for fact in facts {
            let with = |value: Option<Scalar>| {
                cases.iter().map(move |case| {
                    let mut case = case.clone();
                    case.insert(fact, value.clone());
                    case
                })
            };
            cases = values(fact).into_iter().flat_map(with).collect();
        }
        cases
    }

    proptest! {
        #[test]
        fn there_is_a_gap_exactly_where_trying_everything_finds_one(classes in vec(a_condition(), 1..5)) {
            let instrument = classed_by(&classes);
            let classes = &instrument.classification.classes;
            let uncovered = |case: &Case| !classes.iter().any(|class| holds(&class.when, case, true));
            let facts = [Fact::Score, Fact::Potential, ITEM.parse().unwrap(), Fact::HasNib];
            let exists = every_case(&facts).iter().any(uncovered);
            match coverage(&instrument) {
                Coverage::Whole => prop_assert!(!exists),
                Coverage::Gap(case) => prop_assert!(exists && uncovered(&case)),
                Coverage::TooManyCases => prop_assert!(false, "four facts are few"),
            }
        }
    }
}
