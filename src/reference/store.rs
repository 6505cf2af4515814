//! The lists of an installation, in its database: filled from the files that the program carries, read
//! as a whole, replaced one at a time.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use serde_json::Value;

use super::{Fault, List, Load, Reference, Row, lists};
use crate::{
    db::schema::{reference_lists, reference_rows},
    digests::sha256,
    error::{ApiError, Result},
};

/// Why a list was not replaced: nothing was stored.
#[derive(Debug, thiserror::Error)]
pub enum NotReplaced {
    #[error("{} faults", .0.len())]
    Faults(Vec<Fault>),
    #[error(transparent)]
    Failed(#[from] ApiError),
}

impl From<diesel::result::Error> for NotReplaced {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// Puts the shipped lists into the database that are not there yet; those that are stay as they are.
pub async fn load_shipped(connection: &mut AsyncPgConnection, now: DateTime<Utc>) -> Result<()> {
    let shipped = Reference::shipped().map_err(|faults| {
        ApiError::internal(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
    })?;
    connection
        .transaction(async |connection| {
            for list in lists::ALL {
                let new = listed(list, list.shipped.as_bytes(), "seribu", now);
                let insert = diesel::insert_into(reference_lists::table).values(new);
                if insert.on_conflict_do_nothing().execute(connection).await? > 0 {
                    insert_rows(connection, list, shipped.all_rows(list)).await?;
                }
            }
            Ok(())
        })
        .await
}

/// All lists, as they are now.
pub async fn load(connection: &mut AsyncPgConnection) -> Result<Reference> {
    connection.build_transaction().repeatable_read().run(async |connection| read(connection).await).await
}

/// In a transaction that lets nobody else replace a list between two statements.
async fn read(connection: &mut AsyncPgConnection) -> Result<Reference> {
    let lists = reference_lists::table.select((
        reference_lists::name,
        reference_lists::version,
        reference_lists::loaded_at,
    ));
    let loads: Vec<(String, i64, DateTime<Utc>)> = lists.load(connection).await?;
    let rows = reference_rows::table.order((reference_rows::list, reference_rows::line));
    let rows: Vec<Stored> = rows.load(connection).await?;
    let mut by_list: HashMap<&str, Vec<Row>> = HashMap::new();
    for stored in rows {
        if let Some(list) = lists::find(&stored.list) {
            by_list.entry(list.name).or_default().push(stored.into());
        }
    }
    let rows = lists::ALL.iter().map(|list| (*list, by_list.remove(list.name).unwrap_or_default()));
    let reference = Reference::new(rows.collect()).map_err(|faults| {
        ApiError::internal(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
    })?;
    let loads = loads.into_iter().filter_map(|(name, version, loaded_at)| {
        Some((lists::find(&name)?.name, Load { version, loaded_at }))
    });
    Ok(reference.loaded(loads.collect()))
}

/// Grows with each list that is replaced: a process that remembers another one is out of date.
pub async fn version(mut connection: &AsyncPgConnection) -> Result<i64> {
    let versions = reference_lists::table.select(reference_lists::version);
    let versions: Vec<i64> = versions.load(&mut connection).await?;
    Ok(versions.iter().sum())
}

/// Puts `file` in the place of the list's rows; its version from then on is answered.
///
/// # Errors
/// All that is wrong with the file, or refers to a row that it no longer has.
pub async fn replace(
    connection: &mut AsyncPgConnection,
    list: &'static List,
    file: &[u8],
    by: &str,
    now: DateTime<Utc>,
) -> Result<i64, NotReplaced> {
    connection
        .transaction(async |connection| {
            // One after the other: two lists that refer to each other are judged together.
            let locked = reference_lists::table.select(reference_lists::name).for_update();
            locked.order(reference_lists::name).load::<String>(connection).await?;
            let next = read(connection).await?.replacing(list, file).map_err(NotReplaced::Faults)?;
            let old = reference_rows::table.filter(reference_rows::list.eq(list.name));
            diesel::delete(old).execute(connection).await?;
            let new = listed(list, file, by, now);
            let upsert = diesel::insert_into(reference_lists::table).values(&new);
            let upsert = upsert.on_conflict(reference_lists::name).do_update();
            let upsert = upsert.set((&new, reference_lists::version.eq(reference_lists::version + 1)));
            let version = upsert.returning(reference_lists::version).get_result(connection).await?;
            insert_rows(connection, list, next.all_rows(list)).await?;
            Ok(version)
        })
        .await
}

#[derive(Insertable, AsChangeset)]
#[diesel(table_name = reference_lists)]
struct Listed {
    name: &'static str,
    sha256: String,
    loaded_at: DateTime<Utc>,
    loaded_by: String,
}

fn listed(list: &List, file: &[u8], by: &str, now: DateTime<Utc>) -> Listed {
    Listed { name: list.name, sha256: sha256(file), loaded_at: now, loaded_by: by.to_owned() }
}

async fn insert_rows(connection: &mut AsyncPgConnection, list: &List, rows: &[Row]) -> QueryResult<()> {
    let row = |row: &Row| {
        (
            reference_rows::list.eq(list.name),
            reference_rows::line.eq(row.line),
            reference_rows::key.eq(row.key.clone()),
            reference_rows::valid_from.eq(row.valid_from),
            reference_rows::valid_to.eq(row.valid_to),
            reference_rows::source.eq(row.source.clone()),
            reference_rows::data.eq(row.data.clone()),
        )
    };
    // PostgreSQL takes 65,535 parameters at once.
    for some in rows.chunks(1_000) {
        let rows: Vec<_> = some.iter().map(row).collect();
        diesel::insert_into(reference_rows::table).values(rows).execute(connection).await?;
    }
    Ok(())
}

#[derive(Queryable)]
struct Stored {
    list: String,
    line: i32,
    key: String,
    valid_from: Option<NaiveDate>,
    valid_to: Option<NaiveDate>,
    source: String,
    data: Value,
}

impl From<Stored> for Row {
    fn from(Stored { line, key, valid_from, valid_to, source, data, .. }: Stored) -> Self {
        Self { line, key, valid_from, valid_to, source, data }
    }
}
