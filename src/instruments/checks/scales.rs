//! Anchors and bookkeeping levels are the values of the scale, ascending, in words of both languages.

use super::flaw::Flaw;
use crate::{
    http::Code,
    instruments::document::{Document, Scale},
};

pub fn flaws(instrument: &Document) -> Vec<Flaw> {
    let Document { scale, items, bookkeeping_maturity, .. } = instrument;
    let mut flaws = Vec::new();
    for (n, item) in items.iter().enumerate() {
        let steps = item.anchors.iter().map(|anchor| Step(anchor.score, &anchor.id, &anchor.en));
        flaws.extend(off_scale(&format!("/items/{n}/anchors"), &steps.collect::<Vec<_>>(), scale));
    }
    if let Some(maturity) = bookkeeping_maturity {
        let steps = maturity.levels.iter().map(|level| Step(level.level, &level.id, &level.en));
        flaws.extend(off_scale("/bookkeeping_maturity/levels", &steps.collect::<Vec<_>>(), scale));
    }
    flaws
}

/// A value with its words in Indonesian and English.
struct Step<'a>(u8, &'a str, &'a str);

fn off_scale(at: &str, steps: &[Step], scale: &Scale) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    if !steps.iter().map(|step| step.0).eq(scale.min..=scale.max) {
        let values: Vec<_> = (scale.min..=scale.max).map(|value| value.to_string()).collect();
        flaws.push(Flaw::new(at, Code::NotTheScale, values.join(", ")));
    }
    for (n, Step(_, id, en)) in steps.iter().enumerate() {
        for (language, words) in [("id", id), ("en", en)] {
            if words.trim().is_empty() {
                flaws.push(Flaw::new(format!("{at}/{n}/{language}"), Code::Empty, ""));
            }
        }
    }
    flaws
}
