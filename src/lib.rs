//! Seribu: a city's mentoring programme for small creative businesses, as a JSON API.

pub mod instruments;
