//! The shipped instrument scores as its vectors say.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;
use serde_json::{json, to_value};
use seribu::instruments::{Answers, Document, Facts, score};

#[derive(Deserialize)]
struct Vector {
    name: String,
    business: Facts,
    answers: Answers,
    expected: Expected,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    complete: bool,
    #[serde(default)]
    missing: Vec<String>,
    score: Option<u16>,
    potential: Option<u16>,
    #[serde(default)]
    dimensions: BTreeMap<String, u16>,
    class: Option<String>,
    bookkeeping_maturity: Option<u8>,
    #[serde(default)]
    recommendations: Vec<String>,
}

pub fn shipped() -> Document {
    static READ: LazyLock<Document> =
        LazyLock::new(|| serde_json::from_str(include_str!("../../reference/instrument.json")).unwrap());
    READ.clone()
}

fn scored(instrument: &Document, answers: &Answers, facts: &Facts) -> Expected {
    let result = score(instrument, answers, facts);
    Expected {
        complete: result.complete,
        missing: result.missing,
        score: result.score,
        potential: result.potential,
        dimensions: result.dimensions,
        class: result.class.map(|class| class.code),
        bookkeeping_maturity: result.bookkeeping_maturity,
        recommendations: result.recommendations.into_iter().map(|one| one.code).collect(),
    }
}

#[test]
fn every_vector_scores_as_it_says() {
    let vectors: Vec<Vector> = serde_json::from_str(include_str!("instrument_vectors.json")).unwrap();
    assert_eq!(vectors.len(), 14);
    for Vector { name, business, answers, expected } in vectors {
        assert_eq!(scored(&shipped(), &answers, &business), expected, "{name}");
    }
}

#[test]
fn the_example_in_the_documentation_is_right_to_the_digit() {
    let page = std::fs::read_to_string("docs/scoring.md").unwrap();
    let blocks: Vec<serde_json::Value> = page
        .split("```json")
        .skip(1)
        .map(|rest| serde_json::from_str(rest.split("```").next().unwrap()).unwrap())
        .collect();
    let [asked, expected] = blocks.as_slice() else { panic!("a question and its answer") };
    let answers: Answers = serde_json::from_value(asked["answers"].clone()).unwrap();
    let facts: Facts = serde_json::from_value(asked["facts"].clone()).unwrap();
    let result = to_value(score(&shipped(), &answers, &facts)).unwrap();
    for member in ["score", "potential", "bookkeeping_maturity", "dimensions"] {
        assert_eq!(result[member], expected[member], "{member}");
    }
    assert_eq!(result["class"]["code"], expected["class"]);
}

/// A craft business, as the documents of other tests know it, with one answer to everything.
fn all_answered(answer: u8) -> (Answers, Facts) {
    let answers = shipped().items.into_iter().map(|item| (item.code, answer)).collect();
    let facts = json!({ "subsector": "kriya", "has_nib": true, "cooperative_membership": "none" });
    (answers, serde_json::from_value(facts).unwrap())
}

#[test]
fn a_class_says_which_comparisons_made_it_and_what_they_found() {
    let (answers, facts) = all_answered(3);
    let class = score(&shipped(), &answers, &facts).class;
    let reason = |fact, value| json!({ "fact": fact, "op": "gte", "value": value, "actual": 7500 });
    let because = [reason("score", 7000), reason("dim.legality", 5000), reason("dim.bookkeeping", 5000)];
    assert_eq!(to_value(class).unwrap(), json!({ "code": "high", "because": because }));
}

#[test]
fn recommendations_come_by_priority_and_each_need_once() {
    let (answers, facts) = all_answered(1);
    let mut instrument = shipped();
    instrument.recommendations.reverse();
    let result = score(&instrument, &answers, &facts);
    let priorities: Vec<_> = result.recommendations.iter().map(|one| one.priority).collect();
    assert_eq!(priorities, [10, 20, 40, 50, 70, 80, 82, 100, 101]);
    let needs = ["licensing", "bookkeeping", "administration", "planning", "cooperative", "product_standard"];
    assert_eq!(result.needs, [&needs[..], &["marketing"]].concat());
    assert_eq!(
        to_value(&result.recommendations[4]).unwrap(),
        json!({
            "code": "cooperative_enrollment", "priority": 70, "dimension": "innovation_creativity",
            "kind": "referral", "need": "cooperative", "target": "cooperatives",
        })
    );
}

#[test]
fn a_business_to_which_membership_makes_no_sense_is_not_sent_to_a_cooperative() {
    let (answers, facts) = all_answered(1);
    let facts = Facts { cooperative_membership: None, ..facts };
    let needs = score(&shipped(), &answers, &facts).needs;
    assert!(!needs.contains(&"cooperative".to_owned()), "{needs:?}");
}

#[test]
fn the_bookkeeping_level_is_the_lowest_of_the_answers_that_apply() {
    let (mut answers, facts) = all_answered(3);
    answers.insert("BKP2".into(), 1);
    let mut instrument = shipped();
    assert_eq!(score(&instrument, &answers, &facts).bookkeeping_maturity, Some(1));
    let bkp2 = instrument.items.iter_mut().find(|item| item.code == "BKP2").unwrap();
    bkp2.applies_to_subsectors = Some(vec!["kuliner".into()]);
    assert_eq!(score(&instrument, &answers, &facts).bookkeeping_maturity, Some(3));
    instrument.bookkeeping_maturity = None;
    assert_eq!(score(&instrument, &answers, &facts).bookkeeping_maturity, None);
}

#[test]
fn a_draft_that_cannot_be_scored_says_so_with_nulls() {
    let (answers, facts) = all_answered(3);
    let mut draft = shipped();
    draft.items.retain(|item| item.dimension != "business_plan");
    let result = score(&draft, &answers, &facts);
    assert_eq!((result.complete, result.score, result.class), (true, None, None));
    assert_eq!(result.dimensions.len(), 8);
}
