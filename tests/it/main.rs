//! One test binary: each `mod` is one resource or one promise about the whole API.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test may fail")]
#![allow(clippy::disallowed_methods, reason = "the tests have settings of their own")]

mod accounts;
mod architecture;
mod assessments;
mod attachments;
mod audience;
mod business_duplicates;
mod business_privacy;
mod businesses;
mod capital_referrals;
mod cohorts;
mod consents;
mod contract;
mod conventions;
mod cooperatives;
mod deployment;
mod document;
mod enrollments;
mod follow_up;
mod hand_overs;
mod idempotency;
mod institutions;
mod instrument_checks;
mod instrument_document;
mod instrument_properties;
mod instrument_scoring;
mod instruments;
mod journey;
mod linking;
mod log;
mod mentors;
mod mentorships;
mod migrations;
mod participants;
mod people;
mod persons;
mod pilot;
mod postgres;
mod private_postgres;
mod reader_kills;
mod readme;
mod reference;
mod reference_content;
mod reference_files;
mod reference_table;
mod service;
mod snapshots;
mod standing;
mod support;
mod working_days;
