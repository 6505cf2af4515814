//! Seribu: the programme's businesses and what becomes of them, as a JSON API.

pub mod calendar;
pub mod reference;
