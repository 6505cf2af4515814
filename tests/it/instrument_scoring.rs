//! The shipped instrument scores as its vectors say.

use std::collections::BTreeMap;

use serde::Deserialize;
use seribu::instruments::{Answers, Facts, Instrument, score};

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

fn shipped() -> Instrument {
    serde_json::from_str(include_str!("../../reference/instrument.json")).unwrap()
}

fn scored(instrument: &Instrument, answers: &Answers, facts: &Facts) -> Expected {
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
