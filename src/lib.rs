//! Seribu: a city's mentoring programme for creative-economy small businesses, as a JSON API.
//! The modules stand in the order in which they know each other; `tests/it/architecture.rs` holds them to it.

#![allow(
    dead_code,
    unused_imports,
    reason = "features name what those after them need; the last have not landed"
)]

// The ground: knows no feature.
mod text_enum;
pub mod clock;
pub mod calendar;
pub mod ids;
pub mod identifiers;
pub mod secrets;
pub mod reference;
mod error;
pub mod access;
pub mod http;
pub mod db;
pub mod worker;
mod records;
pub mod log;
mod lifecycle;
mod numbers;
pub mod private_postgres;

// The features.
pub mod accounts;
mod institutions;
mod businesses;
mod cohorts;
mod persons;
pub mod instruments;
mod hand_overs;
mod capital_referrals;
mod cooperatives;
mod enrollments;

// What needs them all.
pub mod api;
pub mod cli;
mod stubs;
use stubs::mentorships;
