//! One row of a list.

use chrono::NaiveDate;
use serde_json::Value;

/// One row as it is kept and served.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Where it stands in the file, which is also its place in the list.
    pub line: i32,
    pub key: String,
    pub valid_from: Option<NaiveDate>,
    /// The last day on which it holds.
    pub valid_to: Option<NaiveDate>,
    pub source: String,
    /// Every column but the three above, under its name.
    pub data: Value,
}

impl Row {
    pub fn in_force(&self, on: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= on) && self.valid_to.is_none_or(|to| on <= to)
    }

    pub(super) fn shares_a_day_with(&self, other: &Self) -> bool {
        let (from, to) = (self.valid_from.max(other.valid_from), [self.valid_to, other.valid_to]);
        from.is_none_or(|from| to.iter().flatten().all(|to| from <= *to))
    }
}
