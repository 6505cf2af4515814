//! How a list of reference data is declared: its columns, what may stand in them, what they refer to.

/// One list. Its file in `reference/` has the same name, with underscores.
pub struct List {
    /// As in `GET /v1/reference/<name>`.
    pub name: &'static str,
    pub about: &'static str,
    /// The same in Indonesian.
    pub about_id: &'static str,
    /// The headers whose cells, joined by `/`, name a row.
    pub key: &'static [&'static str],
    /// Whether rows carry `valid_from` and `valid_to`. Rows of other lists hold always.
    pub dated: bool,
    /// What is the list's own; `all_columns` has those that every list shares as well.
    pub columns: &'static [Column],
    /// The text of the file that the program carries.
    pub shipped: &'static str,
}

pub struct Column {
    pub name: &'static str,
    pub kind: Kind,
    pub optional: bool,
    /// The list and column in which each value must occur.
    pub refers: Option<(&'static List, &'static str)>,
}

/// What may stand in a cell, and what it becomes in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A string on one line.
    Text,
    /// A string of letters, digits and `_ . : -`.
    Code,
    /// Codes with one space between them: an array of strings.
    Codes,
    /// A code of exactly so many digits, which a spreadsheet may have shortened.
    Digits(usize),
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A whole number from 0 to this one.
    Number(i64),
    /// `yes` or `no`: a boolean.
    YesNo,
    /// `YYYY-MM-DD`: a string.
    Date,
    /// Two columns, `<name>_id` and `<name>_en`: `{"id": …, "en": …}`.
    Label,
    /// One column, the same in both languages: `{"id": …, "en": …}`.
    ProperName,
}

static DATES: &[Column] = &[date("valid_from").optional(), date("valid_to").optional()];

/// Where a row comes from, and how it was come by: read in a published source, read in news or secondary
/// pages only, general knowledge, or a decision of the programme itself.
static PROVENANCE: &[Column] = &[text("source"), one_of("mark", &["verified", "news", "general", "own"])];

/// A remark on the row, for who maintains the list.
pub const NOTE: Column = text("note").optional();

impl List {
    /// The list's own columns and those that every list has, in the order of the shipped files.
    pub fn all_columns(&self) -> impl Iterator<Item = &Column> {
        let note = |column: &&Column| column.name == "note";
        let own = self.columns.iter().filter(move |column| !note(column));
        let dates = if self.dated { DATES } else { &[] };
        own.chain(dates).chain(PROVENANCE).chain(self.columns.iter().filter(note))
    }

    pub fn headers(&self) -> impl Iterator<Item = String> {
        self.all_columns().flat_map(Column::headers)
    }

    pub fn file_name(&self) -> String {
        format!("{}.csv", self.name.replace('-', "_"))
    }
}

impl Column {
    const fn new(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, optional: false, refers: None }
    }

    /// May be empty, which is `null`.
    pub const fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    /// Each value occurs in `column` of `list`, whatever the day.
    pub const fn of(self, list: &'static List, column: &'static str) -> Self {
        Self { refers: Some((list, column)), ..self }
    }

    /// What stands for this column in the first line of a file.
    pub fn headers(&self) -> Vec<String> {
        match self.kind {
            Kind::Label => vec![format!("{}_id", self.name), format!("{}_en", self.name)],
            _ => vec![self.name.to_owned()],
        }
    }
}

pub const fn text(name: &'static str) -> Column {
    Column::new(name, Kind::Text)
}

pub const fn code(name: &'static str) -> Column {
    Column::new(name, Kind::Code)
}

pub const fn codes(name: &'static str) -> Column {
    Column::new(name, Kind::Codes)
}

pub const fn digits(name: &'static str, count: usize) -> Column {
    Column::new(name, Kind::Digits(count))
}

pub const fn one_of(name: &'static str, words: &'static [&'static str]) -> Column {
    Column::new(name, Kind::OneOf(words))
}

/// As large as any JSON reader keeps exactly.
pub const fn number(name: &'static str) -> Column {
    up_to((1 << 53) - 1, name)
}

pub const fn up_to(most: i64, name: &'static str) -> Column {
    Column::new(name, Kind::Number(most))
}

pub const fn yes_no(name: &'static str) -> Column {
    Column::new(name, Kind::YesNo)
}

pub const fn date(name: &'static str) -> Column {
    Column::new(name, Kind::Date)
}

pub const fn label(name: &'static str) -> Column {
    Column::new(name, Kind::Label)
}

pub const fn proper_name(name: &'static str) -> Column {
    Column::new(name, Kind::ProperName)
}
