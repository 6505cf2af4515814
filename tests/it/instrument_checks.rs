//! What keeps an instrument from being published: the shipped one passes, and each way to spoil it is
//! found, named and nothing else is.

use std::collections::BTreeSet;

use seribu::instruments::{
    Document, Flaw,
    document::{
        conclusions::{Kind, Target},
        conditions::{All, Any, Comparison, Condition, Value},
        fact::Scalar,
    },
    flaws,
};

use crate::instrument_scoring::shipped;

fn subsectors() -> BTreeSet<String> {
    ["fesyen", "kriya", "kuliner"].map(str::to_owned).into()
}

/// The flaws of the shipped instrument after a change, which is all that is wrong with it.
fn after(change: impl FnOnce(&mut Document)) -> Vec<(String, &'static str, String)> {
    let mut instrument = shipped();
    change(&mut instrument);
    let flaws = flaws(&instrument, &subsectors()).into_iter();
    flaws.map(|Flaw { pointer, code, expected }| (pointer, code.words().code, expected)).collect()
}

fn flaw(pointer: &str, code: &'static str, expected: &str) -> (String, &'static str, String) {
    (pointer.to_owned(), code, expected.to_owned())
}

fn first_comparison(condition: &mut Condition) -> &mut Comparison {
    match condition {
        Condition::All(All { all: parts }) | Condition::Any(Any { any: parts }) => {
            first_comparison(&mut parts[0])
        }
        Condition::Comparison(comparison) => comparison,
    }
}

fn number(number: i64) -> Value {
    Value::One(Scalar::Number(number))
}

#[test]
fn the_shipped_instrument_has_no_flaw() {
    assert_eq!(after(|_| ()), []);
}

#[test]
fn a_code_stands_once_in_its_list() {
    let again = |at: &str, first: &str| [flaw(at, "repeated", first)];
    assert_eq!(
        after(|it| it.items[1].code = it.items[0].code.clone()),
        again("/items/1/code", "/items/0/code")
    );
    assert_eq!(
        after(|it| it.classification.classes[2].code = "high".into()),
        again("/classification/classes/2/code", "/classification/classes/0/code")
    );
    assert_eq!(
        after(|it| it.recommendations[3].code = "no_nib".into()),
        again("/recommendations/3/code", "/recommendations/0/code")
    );
    assert_eq!(
        after(|it| it.recommendations[3].priority = 10),
        again("/recommendations/3/priority", "/recommendations/0/priority")
    );
    assert_eq!(after(|it| it.needs.push(it.needs[0].clone())), again("/needs/9/code", "/needs/0/code"));
}

#[test]
fn a_dimension_that_stands_twice_weighs_too_much_as_well() {
    let expected = [
        flaw("/dimensions/9/code", "repeated", "/dimensions/8/code"),
        flaw("/dimensions", "wrong_sum", "100"),
    ];
    assert_eq!(after(|it| it.dimensions.push(it.dimensions[8].clone())), expected);
}

#[test]
fn weights_add_up() {
    assert_eq!(after(|it| it.items[5].weight += 1), [flaw("/dimensions/1/weight", "not_sum_of_items", "19")]);
    assert_eq!(
        after(|it| it.dimensions[0].weight += 1),
        [flaw("/dimensions/0/weight", "not_sum_of_items", "10"), flaw("/dimensions", "wrong_sum", "100")]
    );
    assert_eq!(
        after(|it| (it.dimensions[0].weight, it.items[0].weight) = (9, 3)),
        [flaw("/dimensions", "wrong_sum", "100")]
    );
    assert_eq!(
        after(|it| (it.items[0].weight, it.items[1].weight) = (7, 0)),
        [flaw("/items/1/weight", "too_small", "1")]
    );
}

#[test]
fn no_item_can_be_dropped_unnoticed() {
    for n in 0..shipped().items.len() {
        let dropped = &shipped().items[n];
        let found = after(|it| drop(it.items.remove(n)));
        let of_weight = found.iter().filter(|(_, code, _)| *code == "not_sum_of_items").count();
        assert_eq!(of_weight, 1, "{}: {found:?}", dropped.code);
        let others =
            found.iter().filter(|(_, code, _)| !["not_sum_of_items", "refers_to_nothing"].contains(code));
        assert_eq!(others.count(), 0, "{}: {found:?}", dropped.code);
    }
}

#[test]
fn an_item_that_is_gone_is_named_by_nothing() {
    assert_eq!(
        after(|it| it.items.retain(|item| item.code != "BKP2")),
        [
            flaw("/bookkeeping_maturity/from_items/1", "refers_to_nothing", ""),
            flaw("/dimensions/1/weight", "not_sum_of_items", "13"),
            flaw("/recommendations/1/when/any/1/fact", "refers_to_nothing", ""),
        ]
    );
}

#[test]
fn what_is_named_exists() {
    let nothing = |at: &str| [flaw(at, "refers_to_nothing", "")];
    assert_eq!(
        after(|it| first_comparison(&mut it.classification.classes[0].when).fact = "dim.x".parse().unwrap()),
        nothing("/classification/classes/0/when/all/0/fact")
    );
    assert_eq!(after(|it| it.recommendations[2].need = "luck".into()), nothing("/recommendations/2/need"));
    assert_eq!(
        after(|it| it.recommendations[2].dimension = "x".into()),
        nothing("/recommendations/2/dimension")
    );
    assert_eq!(
        after(|it| it.items[11].applies_to_subsectors = Some(vec!["kuliner".into(), "kulinr".into()])),
        nothing("/items/11/applies_to_subsectors/1")
    );
    assert_eq!(
        after(|it| it.items[2].dimension = "x".into()),
        [
            flaw("/items/2/dimension", "refers_to_nothing", ""),
            flaw("/dimensions/0/weight", "not_sum_of_items", "7")
        ]
    );
}

#[test]
fn the_classes_leave_no_gap() {
    let gap = |expected: &str| [flaw("/classification/classes", "gap", expected)];
    assert_eq!(after(|it| drop(it.classification.classes.pop())), gap("score = 0, potential = 0"));
    assert_eq!(after(|it| drop(it.classification.classes.remove(1))), gap("score = 4500"));
    assert_eq!(
        after(|it| first_comparison(&mut it.classification.classes[3].when).value = number(4499)),
        gap("score = 4499, potential = 0")
    );
    assert_eq!(after(|it| drop(it.classification.classes.remove(2))), []);
}

#[test]
fn every_value_of_the_scale_has_its_words_in_both_languages() {
    let scale = |at: &str| [flaw(at, "not_the_scale", "0, 1, 2, 3, 4")];
    assert_eq!(after(|it| it.items[3].anchors.swap(1, 2)), scale("/items/3/anchors"));
    assert_eq!(after(|it| drop(it.items[3].anchors.pop())), scale("/items/3/anchors"));
    assert_eq!(
        after(|it| drop(it.bookkeeping_maturity.as_mut().unwrap().levels.remove(0))),
        scale("/bookkeeping_maturity/levels")
    );
    assert_eq!(
        after(|it| it.items[3].anchors[2].en = "  ".into()),
        [flaw("/items/3/anchors/2/en", "empty", "")]
    );
}

#[test]
fn no_subsector_empties_a_dimension_or_the_potential() {
    let only_for_those_of_today = Some(subsectors().into_iter().collect::<Vec<_>>());
    let narrowed = |it: &mut Document, prefix: &str| {
        for item in it.items.iter_mut().filter(|item| item.code.starts_with(prefix)) {
            item.applies_to_subsectors = only_for_those_of_today.clone();
        }
    };
    assert_eq!(after(|it| narrowed(it, "ADM")), [flaw("/dimensions/2", "can_lose_all_items", "")]);
    assert_eq!(
        after(|it| it.items.iter_mut().for_each(|item| item.counts_toward_potential = item.code == "PRD3")),
        [flaw("/items", "potential_can_lose_all_items", "")]
    );
}

#[test]
fn a_referral_goes_to_a_division() {
    let divisions = "facilitation, cooperatives, standardisation, programme";
    assert_eq!(
        after(|it| it.recommendations[1].kind = Kind::Referral),
        [flaw("/recommendations/1/target", "not_allowed", divisions)]
    );
    assert_eq!(after(|it| it.recommendations[5].target = Target::Programme), []);
}

#[test]
fn all_that_is_wrong_comes_in_one_answer() {
    let found = after(|it| {
        it.items[5].weight += 1;
        it.recommendations[2].need = "luck".into();
        it.classification.classes.pop();
        it.items[3].anchors.pop();
    });
    let codes: Vec<_> = found.into_iter().map(|(_, code, _)| code).collect();
    assert_eq!(codes, ["refers_to_nothing", "not_sum_of_items", "not_the_scale", "gap"]);
}
