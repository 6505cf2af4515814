//! On which line of a file something stands.

/// Where lines end. The reader's own count is one behind after `\r\n` and skips blank lines.
pub struct Lines<'a> {
    text: &'a str,
    ends: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub fn of(text: &'a str) -> Self {
        Self { text, ends: text.match_indices('\n').map(|(at, _)| at).collect() }
    }

    pub fn of_record(&self, record: &csv::StringRecord) -> i32 {
        let start = record.position().map_or(0, |at| usize::try_from(at.byte()).unwrap_or(usize::MAX));
        let rest = self.text.get(start..).unwrap_or_default();
        let begins = start + rest.len() - rest.trim_start_matches(['\r', '\n']).len();
        line_number(1 + self.ends.partition_point(|end| *end < begins))
    }
}

pub fn line_number(line: impl TryInto<i32>) -> i32 {
    line.try_into().unwrap_or(i32::MAX)
}
