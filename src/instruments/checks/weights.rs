//! Weights add up, and no denominator of a score is ever zero.

use super::flaw::Flaw;
use crate::{
    http::Code,
    instruments::document::{Document, Item},
};

/// Per cent that the dimensions share among them.
const WHOLE: u32 = 100;

pub fn flaws(instrument: &Document) -> Vec<Flaw> {
    [positive(instrument), sums(instrument), always_something(instrument)].concat()
}

fn positive(instrument: &Document) -> Vec<Flaw> {
    let dimensions = instrument.dimensions.iter().map(|dimension| dimension.weight).enumerate();
    let items = instrument.items.iter().map(|item| item.weight).enumerate();
    let all = dimensions.map(|it| ("/dimensions", it)).chain(items.map(|it| ("/items", it)));
    let zero = all.filter(|(_, (_, weight))| *weight == 0);
    zero.map(|(list, (n, _))| Flaw::new(format!("{list}/{n}/weight"), Code::TooSmall, 1)).collect()
}

/// A dimension weighs what its items weigh together; all dimensions are the whole.
fn sums(instrument: &Document) -> Vec<Flaw> {
    let Document { dimensions, items, .. } = instrument;
    let mut flaws = Vec::new();
    for (n, dimension) in dimensions.iter().enumerate() {
        let own = items.iter().filter(|item| item.dimension == dimension.code);
        let sum: u32 = own.map(|item| u32::from(item.weight)).sum();
        if sum != u32::from(dimension.weight) {
            flaws.push(Flaw::new(format!("/dimensions/{n}/weight"), Code::NotSumOfItems, sum));
        }
    }
    if dimensions.iter().map(|dimension| u32::from(dimension.weight)).sum::<u32>() != WHOLE {
        flaws.push(Flaw::new("/dimensions", Code::WrongSum, WHOLE));
    }
    flaws
}

/// Each dimension, and the potential, keep an item in every subsector. The list of subsectors can grow
/// after publishing, so it is not enough that each of today's is named: one item must apply to all.
fn always_something(instrument: &Document) -> Vec<Flaw> {
    let Document { dimensions, items, .. } = instrument;
    let lost = |counts: &dyn Fn(&Item) -> bool| !items.iter().any(|it| it.applies_to_all() && counts(it));
    let dimensions = dimensions.iter().enumerate();
    let emptied = dimensions.filter(|(_, dimension)| lost(&|item| item.dimension == dimension.code));
    let mut flaws: Vec<_> =
        emptied.map(|(n, _)| Flaw::new(format!("/dimensions/{n}"), Code::CanLoseAllItems, "")).collect();
    if lost(&|item| item.counts_toward_potential) {
        flaws.push(Flaw::new("/items", Code::PotentialCanLoseAllItems, ""));
    }
    flaws
}
