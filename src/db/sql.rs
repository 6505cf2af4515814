//! The pieces of SQL that diesel cannot say. (Its own way out, `diesel::dsl::sql`, would have
//! PostgreSQL parse and plan the statement each time: what it holds is never kept prepared.)

use std::marker::PhantomData;

use chrono::{DateTime, Utc};
use diesel::{
    QueryResult,
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sql_types::{Text, Timestamptz, Uuid as SqlUuid},
};
use uuid::Uuid;

/// `true`: every row.
pub struct Every;

/// `false`: what a row rule means for a table that it does not concern.
pub struct Nothing;

/// `commit` as a statement like others, so that it waits for its turn behind them on a connection:
/// as a bare command it would overtake one that has yet to be prepared.
pub struct Commit;

/// `created_at desc, id desc`: a total order.
pub struct Order {
    pub column: &'static str,
    pub descending: bool,
}

/// `(created_at, id) < ($1, $2)`: the rows after one row in that order. An index answers this form
/// directly, and no other.
pub struct After {
    pub order: Order,
    pub kind: &'static str,
    /// The last row's value in the column, and its id; without one, every row follows.
    pub row: Option<(String, Uuid)>,
}

/// A word of ours, in the text of the statement. An index over the rows with some status is used only where the
/// statement itself says that it asks for those: it is planned before any value is known.
#[derive(Clone, Copy)]
pub struct Word(&'static str);

pub fn word(word: impl Into<&'static str>) -> Word {
    Word(word.into())
}

/// A statement about one record, which it calls `$1`; `R` is what its rows are. It is planned once, and kept prepared.
pub struct AboutOne<R> {
    text: String,
    id: Uuid,
    rows: PhantomData<R>,
}

impl<R> AboutOne<R> {
    pub fn new(text: impl Into<String>, id: Uuid) -> Self {
        Self { text: text.into(), id, rows: PhantomData }
    }
}

/// `updated_at >= $1`, or every row.
pub struct Since(pub Option<DateTime<Utc>>);

impl QueryFragment<Pg> for Since {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let Some(since) = &self.0 else { return Every.walk_ast(out) };
        out.push_sql("updated_at >= ");
        out.push_bind_param::<Timestamptz, _>(since)
    }
}

impl QueryFragment<Pg> for Word {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("'");
        out.push_sql(self.0);
        out.push_sql("'");
        Ok(())
    }
}

impl QueryFragment<Pg> for Every {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("true");
        Ok(())
    }
}

impl QueryFragment<Pg> for Nothing {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("false");
        Ok(())
    }
}

impl QueryFragment<Pg> for Commit {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("commit");
        Ok(())
    }
}

impl QueryId for Commit {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<R> QueryFragment<Pg> for AboutOne<R> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        for (place, part) in self.text.split("$1").enumerate() {
            if place > 0 {
                out.push_bind_param::<SqlUuid, _>(&self.id)?;
            }
            out.push_sql(part);
        }
        Ok(())
    }
}

impl<R> Query for AboutOne<R> {
    type SqlType = R;
}

impl<R> QueryId for AboutOne<R> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Pg> for Order {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(self.column);
        out.push_sql(if self.descending { " desc, id desc" } else { " asc, id asc" });
        Ok(())
    }
}

impl QueryFragment<Pg> for After {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let Some((value, id)) = &self.row else { return Every.walk_ast(out) };
        out.push_sql("(");
        out.push_sql(self.order.column);
        out.push_sql(if self.order.descending { ", id) < (" } else { ", id) > (" });
        out.push_bind_param::<Text, _>(value)?;
        out.push_sql("::");
        out.push_sql(self.kind);
        out.push_sql(", ");
        out.push_bind_param::<SqlUuid, _>(id)?;
        out.push_sql(")");
        Ok(())
    }
}

/// Each is of any table, and its text says which: `QueryId` must not.
macro_rules! expressions {
    ($kind:ident: $($name:ident)+) => {$(
        impl diesel::expression::Expression for $name {
            type SqlType = diesel::sql_types::$kind;
        }
        impl<T> diesel::expression::AppearsOnTable<T> for $name {}
        impl<T> diesel::expression::SelectableExpression<T> for $name {}
        impl diesel::expression::ValidGrouping<()> for $name {
            type IsAggregate = diesel::expression::is_aggregate::No;
        }
        impl diesel::query_builder::QueryId for $name {
            type QueryId = ();
            const HAS_STATIC_QUERY_ID: bool = false;
        }
    )+};
}
pub(crate) use expressions;

expressions!(Bool: Every Nothing Order After Since);
expressions!(Text: Word);

/// One column of some rows: many rows travel as an array for each of their columns.
pub fn each<'a, R, T>(rows: &'a [R], column: impl FnMut(&'a R) -> T) -> Vec<T> {
    rows.iter().map(column).collect()
}

/// An array in one of the rows, as PostgreSQL reads it in a text: `unnest` would take arrays of arrays for one.
pub fn array_text(items: &[impl ToString]) -> String {
    let mut text = String::from("{");
    for item in items {
        text.push_str(if text.len() > 1 { ",\"" } else { "\"" });
        text.push_str(&item.to_string().replace('\\', "\\\\").replace('"', "\\\""));
        text.push('"');
    }
    text.push('}');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_array_stands_in_a_text_as_postgresql_reads_it() {
        assert_eq!(array_text(&[""; 0]), "{}");
        assert_eq!(array_text(&["a", "", r#"b, "c\d" {}"#]), r#"{"a","","b, \"c\\d\" {}"}"#);
    }
}
