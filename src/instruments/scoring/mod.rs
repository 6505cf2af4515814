//! Scores, class and recommendations from the answers: a pure function of its three arguments.
//!
//! Scores are basis points, 0 to 10,000. Each stays an exact fraction until it is rounded, once, half
//! up, so the total doesn't inherit how its dimensions were rounded. An item that doesn't apply to the
//! subsector leaves both sides of the fraction; its dimension keeps its weight.

mod explanation;
mod fraction;
mod result;

use std::collections::BTreeMap;

use fraction::Fraction;

use super::document::{
    Document, Item,
    conditions::{Comparison, Condition},
    fact::{Fact, Facts, Scalar},
};

pub use explanation::{Explanation, Improvement, ItemPoints, explain};
pub use result::{FULL_SCORE, InstrumentScore, ReachedClass, Reason, Recommended};

/// Answers by item code. One beyond the scale counts as missing, one to an unknown item is ignored.
pub type Answers = BTreeMap<String, u8>;

const PER_CENT: u128 = 100;

/// Scores and class of complete answers always exist when the instrument passed its checks; of a draft
/// that didn't, what can't be computed is `None`.
pub fn score(instrument: &Document, answers: &Answers, facts: &Facts) -> InstrumentScore {
    let (given, missing) = applicable(instrument, answers, facts);
    if !missing.is_empty() {
        return InstrumentScore { missing, ..InstrumentScore::default() };
    }
    let known = Known::new(instrument, facts, &given);
    let recommendations = recommended(instrument, &known);
    InstrumentScore {
        complete: true,
        missing,
        score: known.score,
        potential: known.potential,
        class: reached_class(instrument, &known),
        bookkeeping_maturity: bookkeeping_maturity(instrument, &known),
        needs: distinct_needs(&recommendations),
        recommendations,
        dimensions: known.dimensions.into_iter().map(|(code, share)| (code.to_owned(), share)).collect(),
    }
}

/// The items that apply, with their answers; and the codes of those that have none.
fn applicable<'a>(
    instrument: &'a Document,
    answers: &Answers,
    facts: &Facts,
) -> (Vec<(&'a Item, u8)>, Vec<String>) {
    let (mut given, mut missing) = (Vec::new(), Vec::new());
    for item in instrument.items.iter().filter(|item| item.applies_to(&facts.subsector)) {
        match answers.get(&item.code).filter(|answer| **answer <= instrument.scale.max) {
            Some(answer) => given.push((item, *answer)),
            None => missing.push(item.code.clone()),
        }
    }
    (given, missing)
}

/// All that a condition can ask about.
struct Known<'a> {
    facts: &'a Facts,
    answers: BTreeMap<&'a str, u8>,
    dimensions: BTreeMap<&'a str, u16>,
    score: Option<u16>,
    potential: Option<u16>,
}

impl<'a> Known<'a> {
    fn new(instrument: &'a Document, facts: &'a Facts, given: &[(&'a Item, u8)]) -> Self {
        let top = instrument.scale.max;
        let mut dimensions = BTreeMap::new();
        let mut total = Some(Fraction::ZERO);
        for dimension in &instrument.dimensions {
            let share = share(given, top, |item| item.dimension == dimension.code);
            let weighted = share.and_then(|share| share.times(dimension.weight.into()));
            total = total.and_then(|total| total.plus(weighted?));
            if let Some(rounded) = share.and_then(Fraction::rounded_half_up) {
                dimensions.insert(dimension.code.as_str(), rounded);
            }
        }
        Self {
            facts,
            answers: given.iter().map(|(item, answer)| (item.code.as_str(), *answer)).collect(),
            dimensions,
            score: total.and_then(|total| total.over(PER_CENT)?.rounded_half_up()),
            potential: share(given, top, |item| item.counts_toward_potential)
                .and_then(Fraction::rounded_half_up),
        }
    }

    fn value(&self, fact: &Fact) -> Option<Scalar> {
        let number = |points: u16| Scalar::Number(points.into());
        match fact {
            Fact::Score => self.score.map(number),
            Fact::Potential => self.potential.map(number),
            Fact::Dimension(code) => self.dimensions.get(code.as_str()).copied().map(number),
            Fact::Item(code) => self.answers.get(code.as_str()).map(|answer| number((*answer).into())),
            _ => self.facts.value(fact),
        }
    }

    fn reasons_for<'c>(&self, condition: &'c Condition) -> Option<Vec<&'c Comparison>> {
        condition.because(&|comparison| comparison.holds_for(self.value(&comparison.fact).as_ref()))
    }
}

/// What the items that count reached of what they could, in basis points; `None` without such an item.
fn share(given: &[(&Item, u8)], top: u8, counts: impl Fn(&Item) -> bool) -> Option<Fraction> {
    let (mut reached, mut weights) = (0, 0);
    for (item, answer) in given.iter().filter(|(item, _)| counts(item)) {
        reached += u128::from(item.weight) * u128::from(*answer);
        weights += u128::from(item.weight);
    }
    Fraction::new(u128::from(FULL_SCORE) * reached, u128::from(top) * weights)
}

fn reached_class(instrument: &Document, known: &Known) -> Option<ReachedClass> {
    instrument.classification.classes.iter().find_map(|class| {
        let held = known.reasons_for(&class.when)?.into_iter();
        let because = held.filter_map(|comparison| Reason::of(comparison, known));
        Some(ReachedClass { code: class.code.clone(), because: because.collect() })
    })
}

impl Reason {
    fn of(Comparison { fact, op, value }: &Comparison, known: &Known) -> Option<Self> {
        let actual = known.value(fact)?;
        Some(Self { fact: fact.clone(), op: *op, value: value.clone(), actual })
    }
}

fn bookkeeping_maturity(instrument: &Document, known: &Known) -> Option<u8> {
    let from = &instrument.bookkeeping_maturity.as_ref()?.from_items;
    from.iter().filter_map(|code| known.answers.get(code.as_str())).min().copied()
}

fn recommended(instrument: &Document, known: &Known) -> Vec<Recommended> {
    let all = instrument.recommendations.iter();
    let mut holding: Vec<Recommended> =
        all.filter(|one| known.reasons_for(&one.when).is_some()).map(Recommended::from).collect();
    holding.sort_by_key(|one| one.priority);
    holding
}

fn distinct_needs(recommendations: &[Recommended]) -> Vec<String> {
    let mut needs = Vec::new();
    for Recommended { need, .. } in recommendations {
        if !needs.contains(need) {
            needs.push(need.clone());
        }
    }
    needs
}
