//! Seribu: a city's mentoring programme for creative-economy small businesses, as a JSON API.
//! The modules stand in the order in which they know each other; `tests/it/architecture.rs` holds them to it.

// The base: what is true without a service.
mod text_enum;
mod digests;
pub mod clock;
pub mod calendar;
pub mod ids;
pub mod identifiers;
pub mod secrets;
pub mod private_postgres;

// The ground: what every request stands on. These know each other, and no feature.
pub mod reference;
mod error;
pub mod access;
pub mod http;
pub mod db;
pub mod files;
pub mod mail;
pub mod egress;
pub mod worker;
mod records;
pub mod log;
mod lifecycle;
mod numbers;

// The features: each knows those before it.
mod cooperatives;
pub mod accounts;
mod institutions;
mod persons;
mod businesses;
mod products;
mod certifications;
mod mentors;
pub mod instruments;
mod cohorts;
mod mentorships;
mod assessments;
pub mod matching;
mod hand_overs;
mod capital_referrals;
mod enrollments;
mod outcomes;
mod follow_ups;
mod attachments;
mod agenda;
mod notifications;
pub mod merging;

// What needs them all:
mod insights;
mod exports;
mod changes;
mod sync;
mod webhooks;
pub mod sandbox;
pub mod api;
pub mod pilot;
pub mod cli;
