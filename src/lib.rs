//! Seribu: a city's mentoring programme for creative-economy small businesses, as a JSON API.
//! `tests/it/architecture.rs` says who may know whom: the modules stand here in that order.

// The ground: knows no feature.
pub mod access;
pub mod calendar;
pub mod clock;
pub mod db;
mod error;
pub mod http;
pub mod identifiers;
pub mod ids;
mod lifecycle;
pub mod log;
mod numbers;
mod records;
pub mod reference;
pub mod secrets;
mod text_enum;
pub mod worker;

// The features.
mod institutions;
mod persons;

// What needs them all.
pub mod api;
