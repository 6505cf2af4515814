//! The database: connections, the tables, and the SQL that diesel cannot say.

pub(crate) mod json;
pub(crate) mod pool;
pub(crate) mod schema;
pub(crate) mod sql;

pub use pool::Db;
pub(crate) use pool::{Connection, Long};
pub(crate) use sql::{
    AboutOne, After, Commit, Every, Nothing, Order, Since, array_text, each, expressions, word,
};
