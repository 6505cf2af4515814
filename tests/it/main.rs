//! Integration tests, one binary.

mod instrument_scoring;
