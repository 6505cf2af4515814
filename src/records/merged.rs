//! Records that were merged into others. They stay, and answer with where to: a read leads on, a write is
//! refused.

use std::rc::Rc;

use diesel::{OptionalExtension, sql_types::Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::{
    access::{Access, Origin},
    db::{AboutOne, Connection},
    error::{ApiError, Result},
    records::{Gathered, Tx, gather},
};

/// A record that may have been merged into another of its kind.
pub trait Mergeable: Gathered<Id: From<Uuid>> {
    /// Its table, which is also how its address begins.
    const TABLE: &'static str;
    /// SQL of rows (id, score, reason): the records that may be the same as `$1`.
    const ALIKE: &'static str;

    fn merged_into(&self) -> Option<Self::Id>;
}

/// The record, or where it is found since it was merged, for who may see that.
///
/// # Errors
/// `Moved`, which a client follows; `NotFound`.
pub async fn unmerged<T: Mergeable>(access: &Access, id: T::Id) -> Result<Rc<T>> {
    match gather::one::<T>(access, id).await {
        Ok(record) if record.merged_into().is_none() => return Ok(record),
        Ok(_) | Err(ApiError::NotFound) => (),
        Err(error) => return Err(error),
    }
    let last = survivor(&*access.worker.db.reader().await?, T::TABLE, id.into()).await?;
    let last = last.filter(|last| *last != id.into()).ok_or(ApiError::NotFound)?;
    gather::one::<T>(access, T::Id::from(last)).await?;
    match &access.origin {
        Origin::Request(request) => {
            let to = request.uri().to_string().replace(&id.into().to_string(), &last.to_string());
            Err(ApiError::Moved { to })
        }
        Origin::Service { .. } => Err(ApiError::NotFound),
    }
}

/// The record at the end of all merges; itself, where there was none.
pub async fn survivor(mut sql: &Connection, table: &'static str, id: Uuid) -> Result<Option<Uuid>> {
    let way = format!(
        "with recursive way (id, next) as (
             select id, merged_into from {table} where id = $1
             union all select t.id, t.merged_into from {table} t join way on t.id = way.next
         ) select id from way where next is null"
    );
    Ok(AboutOne::<SqlUuid>::new(way, id).get_result(&mut sql).await.optional()?)
}

/// Whether it was not merged and cannot be, either, until the transaction ends. A row that another holds is not
/// waited for: a merge has it first and what belongs to it later, so the two would wait for each other.
pub async fn holds(tx: &Tx<'_>, table: &'static str, id: Uuid) -> Result<bool> {
    let hold =
        format!("select id from {table} where id = $1 and merged_into is null for key share skip locked");
    let held = AboutOne::<SqlUuid>::new(hold, id).get_result::<Uuid>(&mut tx.sql()).await.optional()?;
    Ok(held.is_some())
}

/// The record and all that were merged into it, on whatever way.
pub async fn merged_here(mut sql: &Connection, table: &'static str, id: Uuid) -> Result<Vec<Uuid>> {
    let way = format!(
        "with recursive way (id) as (
             select id from {table} where id = $1
             union all select t.id from {table} t join way on t.merged_into = way.id
         ) select id from way"
    );
    Ok(AboutOne::<SqlUuid>::new(way, id).load(&mut sql).await?)
}

/// The answer to a write to a record that was merged; `of` is the path of the other, where it is seen.
pub fn refused(of: Option<String>) -> ApiError {
    ApiError::Duplicate { what: "merged".into(), of }
}
