//! The pieces of SQL that diesel cannot say. (Its own way out, `diesel::dsl::sql`, would have
//! PostgreSQL parse and plan the statement each time: what it holds is never kept prepared.)

use chrono::{DateTime, Utc};
use diesel::{
    QueryResult,
    pg::Pg,
    query_builder::{AstPass, QueryFragment, QueryId},
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

/// `updated_at >= $1`, or every row.
pub struct Since(pub Option<DateTime<Utc>>);

impl QueryFragment<Pg> for Since {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let Some(since) = &self.0 else { return Every.walk_ast(out) };
        out.push_sql("updated_at >= ");
        out.push_bind_param::<Timestamptz, _>(since)
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

/// Each is a boolean of any table, and its text says which: `QueryId` must not.
macro_rules! expressions {
    ($($name:ident)+) => {$(
        impl diesel::expression::Expression for $name {
            type SqlType = diesel::sql_types::Bool;
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

expressions!(Every Nothing Order After Since);
