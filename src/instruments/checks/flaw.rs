//! One thing that keeps an instrument from being published.

use crate::http::Code;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// RFC 6901, into the document.
    pub pointer: String,
    pub code: Code,
    /// What would have been right, for the sentence that `code` stands for.
    pub expected: String,
}

impl Flaw {
    pub fn new(pointer: impl Into<String>, code: Code, expected: impl ToString) -> Self {
        Self { pointer: pointer.into(), code, expected: expected.to_string() }
    }
}
