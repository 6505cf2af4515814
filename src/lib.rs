//! Seribu: a city's mentoring programme for small businesses, as a JSON API.

// The ground: knows no feature.
pub mod identifiers;
pub mod secrets;
