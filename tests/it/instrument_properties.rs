//! What holds for every instrument without a flaw, whatever it asks and however it is answered.

use std::collections::BTreeSet;

use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{from_value, json};
use seribu::instruments::{
    Answers, CooperativeMembership, Document, Facts,
    document::{Anchor, Dimension, Item},
    flaws, score,
};

use crate::instrument_scoring::shipped;

const SUBSECTORS: [&str; 4] = ["fesyen", "fotografi", "kriya", "kuliner"];

/// Cuts a weight into as many parts as there are draws, if it is large enough; each part at least 1.
fn parts(whole: u8, draws: &[u8]) -> Vec<u8> {
    let mut cuts: BTreeSet<u8> = draws.iter().map(|draw| draw % whole).collect();
    cuts.insert(0);
    let ends = cuts.iter().copied().skip(1).chain([whole]);
    ends.zip(&cuts).map(|(end, start)| end - start).collect()
}

/// A dimension's first item is for everyone and counts; the others as drawn.
fn an_item(of: &Dimension, n: usize, weight: u8, top: u8, draw: u8) -> Item {
    let named = SUBSECTORS.iter().enumerate().filter(|(bit, _)| draw >> bit & 1 == 1);
    let named: Vec<_> = named.map(|(_, code)| code.to_string()).collect();
    let anchor = |score| Anchor { score, id: "kata".into(), en: "words".into() };
    Item {
        code: format!("{}{n}", of.code.to_uppercase()),
        dimension: of.code.clone(),
        weight,
        anchors: (0..=top).map(anchor).collect(),
        counts_toward_potential: n == 0 || draw >= 128,
        applies_to_subsectors: (n > 0 && draw & 16 == 0 && !named.is_empty()).then_some(named),
        ..shipped().items[0].clone()
    }
}

prop_compose! {
    fn an_instrument()(
        top in 1..=10_u8,
        cuts in vec(any::<u8>(), 0..7),
        draws in vec((vec(any::<u8>(), 0..5), vec(any::<u8>(), 6)), 8),
        limit in 0..=10_000_u16,
    ) -> Document {
        let mut instrument = shipped();
        instrument.scale.max = top;
        let weights = parts(100, &cuts).into_iter().zip('a'..);
        let dimension = |(weight, letter)| Dimension {
            code: format!("{letter}aa"), weight, ..shipped().dimensions[0].clone()
        };
        instrument.dimensions = weights.map(dimension).collect();
        let items = instrument.dimensions.iter().zip(&draws).flat_map(|(dimension, (cuts, bits))| {
            let weights = parts(dimension.weight, cuts).into_iter().zip(bits).enumerate();
            weights.map(|(n, (weight, bits))| an_item(dimension, n, weight, top, *bits))
        });
        instrument.items = items.collect();
        instrument.bookkeeping_maturity = None;
        instrument.recommendations.clear();
        instrument.classification.classes.truncate(2);
        for (class, op) in instrument.classification.classes.iter_mut().zip(["gte", "lt"]) {
            class.when = from_value(json!({ "fact": "score", "op": op, "value": limit })).unwrap();
        }
        instrument
    }
}

fn facts() -> impl Strategy<Value = Facts> {
    let subsector = select(SUBSECTORS.iter().chain(["added_later"].iter()).copied().collect::<Vec<_>>());
    let membership = proptest::option::of(select(CooperativeMembership::ALL.to_vec()));
    let truth = || any::<Option<bool>>();
    (subsector, truth(), membership, truth()).prop_map(|(subsector, has_nib, membership, needs_capital)| {
        Facts { subsector: subsector.to_owned(), has_nib, cooperative_membership: membership, needs_capital }
    })
}

prop_compose! {
    /// An instrument, an answer to each of its items, and a business.
    fn a_case()(instrument in prop_oneof![an_instrument(), Just(shipped())])(
        answers in vec(0..=instrument.scale.max, instrument.items.len()),
        facts in facts(),
        instrument in Just(instrument),
    ) -> (Document, Answers, Facts) {
        let codes = instrument.items.iter().map(|item| item.code.clone());
        let answers = codes.zip(answers).collect();
        (instrument, answers, facts)
    }
}

proptest! {
    #[test]
    fn an_instrument_without_a_flaw_gives_every_score_and_a_class((instrument, answers, facts) in a_case()) {
        prop_assert_eq!(flaws(&instrument, &SUBSECTORS.map(str::to_owned).into()), []);
        let result = score(&instrument, &answers, &facts);
        prop_assert!(result.complete && result.missing.is_empty());
        prop_assert!(result.class.is_some_and(|class| !class.because.is_empty()));
        prop_assert_eq!(result.dimensions.len(), instrument.dimensions.len());
        let all = result.dimensions.into_values().map(Some).chain([result.score, result.potential]);
        for each in all {
            prop_assert!(each.is_some_and(|points| points <= 10_000), "{each:?}");
        }
    }

    #[test]
    fn the_lowest_answers_score_nothing_and_the_highest_all((instrument, answers, facts) in a_case()) {
        for (answer, expected) in [(0, 0), (instrument.scale.max, 10_000)] {
            let answers = answers.keys().map(|code| (code.clone(), answer)).collect();
            let result = score(&instrument, &answers, &facts);
            prop_assert_eq!((result.score, result.potential), (Some(expected), Some(expected)));
            prop_assert!(result.dimensions.values().all(|points| *points == expected));
        }
    }

    #[test]
    fn a_better_answer_never_lowers_a_score_and_always_lifts_its_dimension(
        (instrument, answers, facts) in a_case(),
        which: prop::sample::Index,
    ) {
        let item = which.get(&instrument.items);
        prop_assume!(item.applies_to(&facts.subsector) && answers[&item.code] < instrument.scale.max);
        let mut better = answers.clone();
        *better.get_mut(&item.code).unwrap() += 1;
        let (before, after) = (score(&instrument, &answers, &facts), score(&instrument, &better, &facts));
        prop_assert!(after.score >= before.score && after.potential >= before.potential);
        for (code, points) in &before.dimensions {
            if *code == item.dimension {
                prop_assert!(after.dimensions[code] > *points);
            } else {
                prop_assert_eq!(after.dimensions[code], *points);
            }
        }
    }

    #[test]
    fn the_order_of_items_dimensions_and_recommendations_changes_nothing(
        (instrument, answers, facts) in a_case(),
        shift: prop::sample::Index,
    ) {
        let mut other = instrument.clone();
        other.items.rotate_left(shift.index(instrument.items.len()));
        other.dimensions.reverse();
        other.recommendations.reverse();
        prop_assert_eq!(score(&other, &answers, &facts), score(&instrument, &answers, &facts));
    }

    #[test]
    fn an_answer_to_an_item_that_does_not_apply_changes_nothing(
        (instrument, answers, facts) in a_case(),
    ) {
        let applies = |code: &String| instrument.items.iter().any(|it| it.code == *code && it.applies_to(&facts.subsector));
        let fewer: Answers = answers.clone().into_iter().filter(|(code, _)| applies(code)).collect();
        prop_assert_eq!(score(&instrument, &fewer, &facts), score(&instrument, &answers, &facts));
    }

    #[test]
    fn without_one_applicable_answer_there_is_nothing_but_its_name(
        (instrument, mut answers, facts) in a_case(),
        which: prop::sample::Index,
        off_the_scale: bool,
    ) {
        let item = which.get(&instrument.items);
        prop_assume!(item.applies_to(&facts.subsector));
        answers.remove(&item.code);
        if off_the_scale {
            answers.insert(item.code.clone(), instrument.scale.max + 1);
        }
        let result = score(&instrument, &answers, &facts);
        prop_assert_eq!((result.complete, result.missing), (false, vec![item.code.clone()]));
        prop_assert_eq!((result.score, result.class, result.dimensions.len()), (None, None, 0));
    }

    #[test]
    fn a_result_survives_json((instrument, answers, facts) in a_case()) {
        let result = score(&instrument, &answers, &facts);
        let json = serde_json::to_value(&result).unwrap();
        prop_assert_eq!(from_value::<seribu::instruments::InstrumentScore>(json).unwrap(), result);
    }
}
