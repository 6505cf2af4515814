//! One test binary: each `mod` is one resource or one promise about the whole API.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test may fail")]

mod instrument_checks;
mod instrument_document;
mod instrument_properties;
mod instrument_scoring;
