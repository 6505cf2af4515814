//! Why a result is what it is, and what would better it: a pure function like the score itself.
//!
//! Points say what each answer brought to the total. For each class it says which thresholds are not met
//! and by how much, so that a reader sees which bands are near; for the reached one, by how much its
//! thresholds are passed. Improvements are tried out, not estimated: an answer is raised, everything is
//! scored again, and the effect is what comes out.

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Answers, FULL_SCORE, Known, applicable,
    fraction::Fraction,
    result::{ReachedClass, Reason},
};
use crate::instruments::document::{
    Document, Item,
    conclusions::{Class, Recommendation},
    conditions::{Comparison, Condition, Op, Value},
    fact::{Fact, Facts, Scalar},
    forms,
};

/// A threshold is near when at most these many basis points are missing, or to spare.
const NEAR: i64 = 500;
const MOST_IMPROVEMENTS: usize = 5;

#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = ScoreExplanation)]
pub struct Explanation {
    /// Of each item that applies, in the order of the instrument.
    pub points: Vec<ItemPoints>,
    /// In the order in which they are tried: the first that holds is the one reached.
    pub classes: Vec<ClassDistance>,
    /// The recommendations that hold, and why.
    pub recommendations: Vec<ReachedClass>,
    /// Single answers whose improvement would lift the result most, the best first.
    pub improvements: Vec<Improvement>,
    /// The answers that lead to the nearest better class, one step of the scale at a time; null where
    /// none is better, or answers alone do not lead there.
    pub path: Option<Path>,
}

#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = ScoreItemPoints)]
pub struct ItemPoints {
    #[schema(example = "BKP1")]
    pub item: String,
    #[schema(example = "bookkeeping")]
    pub dimension: String,
    #[schema(maximum = 10, example = 2)]
    pub answer: u8,
    /// What it brought to the total, in basis points, rounded by itself: the sum can differ from the total
    /// by as many basis points as there are items.
    #[schema(maximum = 10000, example = 350)]
    pub points: u16,
    /// What the best answer would bring.
    #[schema(maximum = 10000, example = 700)]
    pub of: u16,
}

#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = ClassDistance)]
pub struct ClassDistance {
    #[schema(example = "high")]
    pub class: String,
    pub reached: bool,
    /// Of the reached class: a threshold is passed by little. Of another: all that is missing are a few
    /// hundred basis points.
    pub near: bool,
    /// Of the reached class the thresholds that it passes, of another those that it misses.
    pub thresholds: Vec<Threshold>,
}

#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = ClassThreshold)]
pub struct Threshold {
    #[schema(schema_with = forms::fact)]
    pub fact: Fact,
    pub op: Op,
    #[schema(schema_with = forms::value)]
    pub value: Value,
    /// Null where it is not known.
    #[schema(schema_with = forms::scalar_or_null)]
    pub actual: Option<Scalar>,
    /// How far the actual value is beyond the threshold (positive) or short of it (negative), in its own
    /// unit; null where it has no order.
    #[schema(example = -250)]
    pub distance: Option<i64>,
}

#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = ScoreImprovement)]
pub struct Improvement {
    #[serde(flatten)]
    pub step: Step,
    /// What it would add to the total, in basis points.
    #[schema(maximum = 10000, example = 350)]
    pub gain: u16,
    /// The class that would then be reached.
    #[schema(example = "medium")]
    pub class: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = ScoreStep)]
pub struct Step {
    #[schema(example = "BKP1")]
    pub item: String,
    #[schema(maximum = 10, example = 2)]
    pub from: u8,
    #[schema(maximum = 10, example = 3)]
    pub to: u8,
}

#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = ScorePath)]
pub struct Path {
    #[schema(example = "high")]
    pub class: String,
    pub steps: Vec<Step>,
}

/// `None` while an answer is missing.
pub fn explain(instrument: &Document, answers: &Answers, facts: &Facts) -> Option<Explanation> {
    let trial = Trial { instrument, facts };
    let known = trial.known(answers)?;
    let reached = trial.rank(&known);
    Some(Explanation {
        points: points(instrument, answers, facts),
        classes: classes(instrument, &known, reached),
        recommendations: recommendations(instrument, &known),
        improvements: improvements(&trial, answers, &known, reached),
        path: path(&trial, answers, &known, reached),
    })
}

/// The instrument and the facts, under which other answers are tried.
struct Trial<'a> {
    instrument: &'a Document,
    facts: &'a Facts,
}

impl<'a> Trial<'a> {
    fn known(&self, answers: &Answers) -> Option<Known<'a>> {
        let (given, missing) = applicable(self.instrument, answers, self.facts);
        missing.is_empty().then(|| Known::new(self.instrument, self.facts, &given))
    }

    /// The place of the class that is reached; after all of them without one.
    fn rank(&self, known: &Known) -> usize {
        let classes = &self.instrument.classification.classes;
        classes.iter().position(|class| known.reasons_for(&class.when).is_some()).unwrap_or(classes.len())
    }

    /// The answers with one raised by a step, if it can be.
    fn raised(&self, answers: &Answers, item: &str) -> Option<Answers> {
        let next = answers.get(item)?.checked_add(1).filter(|next| *next <= self.instrument.scale.max)?;
        let mut raised = answers.clone();
        raised.insert(item.to_owned(), next);
        Some(raised)
    }

    fn items(&self) -> impl Iterator<Item = &'a str> {
        let facts = self.facts;
        let asked = self.instrument.items.iter().filter(move |item| item.applies_to(&facts.subsector));
        asked.map(|item| item.code.as_str())
    }
}

fn points(instrument: &Document, answers: &Answers, facts: &Facts) -> Vec<ItemPoints> {
    let (given, _) = applicable(instrument, answers, facts);
    let weight_of_all = |of: &str| {
        given
            .iter()
            .filter(|(item, _)| item.dimension == of)
            .map(|(item, _)| u128::from(item.weight))
            .sum::<u128>()
    };
    let entry = |(item, answer): &(&_, u8)| {
        let item: &Item = item;
        let dimension = instrument.dimensions.iter().find(|one| one.code == item.dimension)?;
        let share = |answer: u8| {
            let reached = u128::from(FULL_SCORE) * u128::from(item.weight) * u128::from(answer);
            let of = u128::from(instrument.scale.max) * weight_of_all(&item.dimension);
            Fraction::new(reached, of)?.times(dimension.weight.into())?.over(100)?.rounded_half_up()
        };
        Some(ItemPoints {
            item: item.code.clone(),
            dimension: item.dimension.clone(),
            answer: *answer,
            points: share(*answer)?,
            of: share(instrument.scale.max)?,
        })
    };
    given.iter().filter_map(entry).collect()
}

fn classes(instrument: &Document, known: &Known, reached: usize) -> Vec<ClassDistance> {
    let classes = instrument.classification.classes.iter().enumerate();
    let distance = |(at, class): (usize, &Class)| {
        let reached = at == reached;
        let told = if reached {
            known.reasons_for(&class.when).unwrap_or_default()
        } else {
            lacking(&class.when, known)
        };
        let thresholds: Vec<_> = told.into_iter().map(|comparison| threshold(comparison, known)).collect();
        let is_near = |it: &Threshold| it.distance.is_some_and(|distance| distance.abs() <= NEAR);
        let near = if reached {
            thresholds.iter().any(is_near)
        } else {
            !thresholds.is_empty() && thresholds.iter().all(is_near)
        };
        ClassDistance { class: class.code.clone(), reached, near, thresholds }
    };
    classes.map(distance).collect()
}

/// The comparisons that keep the condition from holding: of alternatives, those of the nearest.
fn lacking<'c>(condition: &'c Condition, known: &Known) -> Vec<&'c Comparison> {
    match condition {
        Condition::All(all) => all.all.iter().flat_map(|part| lacking(part, known)).collect(),
        Condition::Any(any) => {
            let alternatives = any.any.iter().map(|part| lacking(part, known));
            alternatives.min_by_key(|missing| shortfall(missing, known)).unwrap_or_default()
        }
        Condition::Comparison(comparison) => {
            let holds = comparison.holds_for(known.value(&comparison.fact).as_ref());
            if holds { vec![] } else { vec![comparison] }
        }
    }
}

/// How much is missing in all, to compare alternatives by; what answers cannot change is farthest.
fn shortfall(missing: &[&Comparison], known: &Known) -> i64 {
    let of = |comparison: &&Comparison| match distance(comparison, known) {
        Some(distance) if rises_with_answers(comparison) => distance.saturating_abs().saturating_add(1),
        _ => i64::MAX,
    };
    missing.iter().map(of).fold(0, i64::saturating_add)
}

fn rises_with_answers(comparison: &Comparison) -> bool {
    let scored =
        matches!(comparison.fact, Fact::Score | Fact::Potential | Fact::Dimension(_) | Fact::Item(_));
    scored && matches!(comparison.op, Op::Gt | Op::Gte)
}

fn threshold(comparison: &Comparison, known: &Known) -> Threshold {
    let Comparison { fact, op, value } = comparison.clone();
    Threshold { actual: known.value(&fact), distance: distance(comparison, known), fact, op, value }
}

/// Beyond the threshold in the direction in which it holds.
fn distance(comparison: &Comparison, known: &Known) -> Option<i64> {
    let (Some(Scalar::Number(actual)), Value::One(Scalar::Number(limit))) =
        (known.value(&comparison.fact), &comparison.value)
    else {
        return None;
    };
    match comparison.op {
        Op::Gt | Op::Gte => actual.checked_sub(*limit),
        Op::Lt | Op::Lte => limit.checked_sub(actual),
        Op::Eq | Op::In => None,
    }
}

fn recommendations(instrument: &Document, known: &Known) -> Vec<ReachedClass> {
    let mut holding: Vec<_> = instrument.recommendations.iter().collect();
    holding.sort_by_key(|one| one.priority);
    let why = |one: &&Recommendation| {
        let because = known.reasons_for(&one.when)?.into_iter().filter_map(|it| Reason::of(it, known));
        Some(ReachedClass { code: one.code.clone(), because: because.collect() })
    };
    holding.iter().filter_map(why).collect()
}

/// Each answer raised to the first step that reaches a better class, or else by one step.
fn improvements(trial: &Trial, answers: &Answers, known: &Known, reached: usize) -> Vec<Improvement> {
    let mut tried: Vec<(usize, u8, Improvement)> = Vec::new();
    for item in trial.items() {
        let Some(from) = answers.get(item).copied() else { continue };
        let (mut raised, mut first, mut best) = (answers.clone(), None, None);
        while let Some(next) = trial.raised(&raised, item) {
            let Some(then) = trial.known(&next) else { break };
            let rank = trial.rank(&then);
            let to = next.get(item).copied().unwrap_or(from);
            let gain = then.score.unwrap_or_default().saturating_sub(known.score.unwrap_or_default());
            let class = trial.instrument.classification.classes.get(rank).map(|class| class.code.clone());
            let step = Step { item: item.to_owned(), from, to };
            let entry = (rank, to.saturating_sub(from), Improvement { step, gain, class });
            if rank < reached {
                best = Some(entry);
                break;
            }
            first.get_or_insert(entry);
            raised = next;
        }
        tried.extend(best.or(first));
    }
    tried.sort_by_key(|(rank, steps, it)| (*rank, *steps, std::cmp::Reverse(it.gain)));
    tried.into_iter().map(|(_, _, improvement)| improvement).take(MOST_IMPROVEMENTS).collect()
}

/// Always the step that leaves the least missing to the nearest better class; the items' order decides
/// between equals.
fn path(trial: &Trial, answers: &Answers, known: &Known, reached: usize) -> Option<Path> {
    let better = trial.instrument.classification.classes.get(..reached)?;
    let missing = |class: &Class, known: &Known| shortfall(&lacking(&class.when, known), known);
    let target = better.iter().rev().min_by_key(|class| missing(class, known))?;
    let (mut now, mut left) = (answers.clone(), missing(target, known));
    let mut order: Vec<String> = Vec::new();
    loop {
        let candidates = trial.items().filter_map(|item| {
            let raised = trial.raised(&now, item)?;
            let then = trial.known(&raised)?;
            let rank = trial.rank(&then);
            Some((if rank < reached { 0 } else { missing(target, &then) }, item, raised, rank))
        });
        let (short, item, raised, rank) = candidates.min_by_key(|(short, ..)| *short)?;
        if short >= left {
            return None;
        }
        (now, left) = (raised, short);
        if !order.iter().any(|one| one == item) {
            order.push(item.to_owned());
        }
        if let Some(class) = better.get(rank) {
            let step = |item: String| Some(Step { from: *answers.get(&item)?, to: *now.get(&item)?, item });
            return Some(Path {
                class: class.code.clone(),
                steps: order.into_iter().filter_map(step).collect(),
            });
        }
    }
}
