//! What can be wrong with the file of a list.

use std::fmt;

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub list: &'static str,
    /// The header is line 1.
    pub line: i32,
    /// The header of the column; `None` when it is the whole line.
    pub column: Option<String>,
    pub wrong: Wrong,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    #[error("is not UTF-8")]
    NotUtf8,
    #[error("can't be read: {0}")]
    Unreadable(String),
    #[error("is missing")]
    MissingColumn,
    #[error("is no column of this list")]
    UnknownColumn,
    #[error("stands twice in the header")]
    RepeatedColumn,
    #[error("has {found} cells, the header has {expected}")]
    Cells { found: usize, expected: usize },
    #[error("has no rows")]
    NoRows,
    #[error("is empty")]
    Empty,
    #[error("is there in the other language only")]
    OneLanguage,
    #[error("has spaces around it")]
    SpacesAround,
    #[error("has a line break or another control character in it")]
    ControlCharacter,
    #[error("{0:?} is no code: letters, digits and _ . : - only")]
    NotACode(String),
    #[error("{text:?} has not {count} digits")]
    NotDigits { text: String, count: usize },
    #[error("{text:?} is none of: {words}")]
    NotOneOf { text: String, words: String },
    #[error("{text:?} is no whole number from 0 to {most}")]
    NotANumber { text: String, most: i64 },
    #[error("{0:?} is neither yes nor no")]
    NotYesNo(String),
    #[error("{0:?} is no date of the form 2026-01-31")]
    NotADate(String),
    #[error("is before valid_from")]
    EndsBeforeItStarts,
    #[error("repeats line {line}")]
    KeyRepeated { line: i32 },
    #[error("is valid on days on which line {line} is")]
    Overlaps { line: i32 },
    #[error("{text:?} is not in the list {list}")]
    RefersToNothing { text: String, list: &'static str },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { list, line, column, wrong } = self;
        write!(f, "{list}, line {line}")?;
        if let Some(column) = column {
            write!(f, ", {column}")?;
        }
        write!(f, ": {wrong}")
    }
}
