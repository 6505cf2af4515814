//! One test binary: each `mod` is one resource or one promise about the whole API.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test may fail")]
#![allow(clippy::disallowed_methods, reason = "the tests have settings of their own")]

mod accounts;
mod assessments;
mod contract;
mod conventions;
mod document;
mod cooperatives;
mod institutions;
mod log;
mod mentorships;
mod businesses;
mod postgres;
mod reference;
mod reference_content;
mod reference_files;
mod reference_table;
mod snapshots;
mod standing;
mod support;
mod working_days;

mod instrument_checks;
mod instrument_document;
mod instrument_properties;
mod instrument_scoring;
mod instruments;
mod private_postgres;
