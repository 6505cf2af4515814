//! How long the programme's own computations take: matching a cohort, scoring assessments.
//! `cargo bench --bench core` prints the table that stands in docs/benchmarks.md.

#![allow(clippy::as_conversions, reason = "counts and times become the floating-point figures of a report")]
#![allow(clippy::disallowed_methods, reason = "a measurement is of its own time")]

use std::{collections::BTreeMap, hint::black_box, time::Instant};

use seribu::{
    instruments::{Answers, Document, Facts, explain, score},
    matching::assign,
};

const RUNS: usize = 5;

/// In milliseconds: the run in the middle.
fn median(mut work: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let begun = Instant::now();
            work();
            begun.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times.get(RUNS / 2).copied().unwrap_or_default()
}

/// The same for the same numbers, and otherwise all over the place.
fn draw(one: usize, other: usize) -> u64 {
    let mut mixed = ((one as u64) << 32 | other as u64).wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed ^ mixed >> 27
}

fn matching() {
    const MENTORS: usize = 300;
    type Fit = fn(usize, usize) -> u64;
    let distributions: [(&str, Fit); 4] = [
        ("all different", |business, mentor| draw(business, mentor) % 1001),
        ("five values", |business, mentor| draw(business, mentor) % 5 * 200),
        ("all equal", |_, _| 500),
        ("as the formula gives them", |business, mentor| {
            // Expertise by what the business lacks, trade, place, load.
            let expertise = draw(business, mentor % 40) % 450;
            let trade = u64::from(business % 17 == mentor % 17) * 200;
            let place = u64::from(business % 7 == mentor % 7) * 150;
            expertise + trade + place + (mentor as u64 % 5) * 20
        }),
    ];
    for businesses in [14, 1_000, 2_000] {
        for (name, fit) in distributions {
            let fits: Vec<Vec<Option<u32>>> = (0..businesses)
                .map(|business| {
                    (0..MENTORS).map(|mentor| u32::try_from(fit(business, mentor)).ok()).collect()
                })
                .collect();
            let places = vec![5; MENTORS];
            let matched = assign(&fits, &places).into_iter().flatten().count();
            let time = median(|| drop(black_box(assign(black_box(&fits), &places))));
            println!(
                "| match {businesses} businesses with {MENTORS} mentors of 5 places, fits {name} | {time:.0} ms | {matched} matched |"
            );
        }
    }
}

fn scoring() {
    let document: Document = serde_json::from_str(include_str!("../reference/instrument.json"))
        .unwrap_or_else(|error| panic!("{error}"));
    let facts: Facts = serde_json::from_str(
        r#"{"subsector":"kuliner","has_nib":true,"cooperative_membership":"none","needs_capital":true}"#,
    )
    .unwrap_or_else(|error| panic!("{error}"));
    let sheets: Vec<Answers> = (0..1_000)
        .map(|sheet| {
            let items = document.items.iter().enumerate();
            items
                .map(|(at, item)| (item.code.clone(), (draw(sheet, at) % 5) as u8))
                .collect::<BTreeMap<_, _>>()
        })
        .collect();
    let time = median(|| {
        for at in 0..100_000 {
            black_box(sheets.get(at % sheets.len()).map(|answers| score(&document, answers, &facts)));
        }
    });
    println!("| score 100,000 assessments, one thread | {time:.0} ms | {:.1} µs each |", time / 100.0);
    let time = median(|| {
        for answers in &sheets {
            black_box(explain(&document, answers, &facts));
        }
    });
    println!("| explain 1,000 results, one thread | {time:.0} ms | {:.2} ms each |", time / 1_000.0);
}

fn main() {
    println!("| | median of {RUNS} | |\n|---|---|---|");
    matching();
    scoring();
}
