//! Matching: for a cohort, who should coach whom.
//!
//! Of all ways to give the businesses that take part a mentor with a free place, the one is found that
//! coaches the most businesses and, among those, fits best in all: a maximum-weight matching with
//! capacities. How well a pair fits is a sum of terms whose weights are the reference list
//! `matching-terms`. A pair is left out where the mentor has declared an interest in the business, or has
//! declined it in this cohort before. The programme can pin pairs and exclude others, and computes again.
//!
//! Nothing is stored: the answer names the version of the facts that it was computed from, and is applied
//! only while these are still the same, all of it or nothing.

mod assignment;
mod fit;
mod payloads;
mod plan;
mod routes;
mod store;
mod words;

pub use assignment::assign;
pub use routes::routes;
