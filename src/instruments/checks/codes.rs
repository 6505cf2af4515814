//! Codes stand once in their list, and whatever names one names something that is there.

use std::collections::{BTreeMap, BTreeSet};

use super::flaw::Flaw;
use crate::{
    http::Code,
    instruments::document::{
        Document,
        conclusions::{Kind, Target},
    },
};

pub fn flaws(instrument: &Document, subsectors: &BTreeSet<String>) -> Vec<Flaw> {
    [repetitions(instrument), references(instrument, subsectors), targets(instrument)].concat()
}

fn repetitions(instrument: &Document) -> Vec<Flaw> {
    let Document { dimensions, items, classification, needs, recommendations, .. } = instrument;
    [
        repeated("/dimensions", "code", dimensions.iter().map(|dimension| &dimension.code)),
        repeated("/items", "code", items.iter().map(|item| &item.code)),
        repeated("/classification/classes", "code", classification.classes.iter().map(|class| &class.code)),
        repeated("/needs", "code", needs.iter().map(|need| &need.code)),
        repeated("/recommendations", "code", recommendations.iter().map(|one| &one.code)),
        repeated("/recommendations", "priority", recommendations.iter().map(|one| one.priority)),
    ]
    .concat()
}

/// Each later one points to where the key stood first.
fn repeated<K: Ord>(list: &str, field: &str, keys: impl Iterator<Item = K>) -> Vec<Flaw> {
    let mut first = BTreeMap::new();
    let mut flaws = Vec::new();
    for (n, key) in keys.enumerate() {
        let here = format!("{list}/{n}/{field}");
        let there = first.entry(key).or_insert_with(|| here.clone());
        if *there != here {
            flaws.push(Flaw::new(here, Code::Repeated, there));
        }
    }
    flaws
}

fn references(instrument: &Document, subsectors: &BTreeSet<String>) -> Vec<Flaw> {
    let dimensions = instrument.dimensions.iter().map(|dimension| &dimension.code).collect();
    let items = instrument.items.iter().map(|item| &item.code).collect();
    let needs = instrument.needs.iter().map(|need| &need.code).collect();
    let subsectors = subsectors.iter().collect();
    let mut flaws = Vec::new();
    let mut names = |code: &String, known: &BTreeSet<&String>, pointer: String| {
        if !known.contains(code) {
            flaws.push(Flaw::new(pointer, Code::RefersToNothing, ""));
        }
    };
    for (n, item) in instrument.items.iter().enumerate() {
        names(&item.dimension, &dimensions, format!("/items/{n}/dimension"));
        for (m, code) in item.applies_to_subsectors.iter().flatten().enumerate() {
            names(code, &subsectors, format!("/items/{n}/applies_to_subsectors/{m}"));
        }
    }
    for (n, code) in instrument.bookkeeping_maturity.iter().flat_map(|it| &it.from_items).enumerate() {
        names(code, &items, format!("/bookkeeping_maturity/from_items/{n}"));
    }
    for (n, recommendation) in instrument.recommendations.iter().enumerate() {
        names(&recommendation.dimension, &dimensions, format!("/recommendations/{n}/dimension"));
        names(&recommendation.need, &needs, format!("/recommendations/{n}/need"));
    }
    flaws
}

/// A referral opens a hand-over, and those go to divisions.
fn targets(instrument: &Document) -> Vec<Flaw> {
    let all = instrument.recommendations.iter().enumerate();
    let astray = all.filter(|(_, one)| one.kind == Kind::Referral && one.target == Target::Mentor);
    let divisions = "facilitation, cooperatives, standardisation, programme";
    astray
        .map(|(n, _)| Flaw::new(format!("/recommendations/{n}/target"), Code::NotAllowed, divisions))
        .collect()
}
