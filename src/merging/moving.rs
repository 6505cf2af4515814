//! Handing on what belongs to a record, table by table, in one statement each. What the rows said before is
//! kept beside the merge.

use diesel::{
    QueryableByName, sql_query,
    sql_types::{BigInt, Jsonb, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::children::{Children, Shape, Told};
use crate::{error::Result, ids::MergeId, log::HandedOn, records::Tx};

/// A row that was handed on.
#[derive(QueryableByName)]
pub struct Moved {
    #[diesel(sql_type = Text)]
    pub key: String,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = Jsonb)]
    pub was: Value,
    #[diesel(sql_type = Jsonb)]
    pub now: Value,
}

/// From which record to which, and by which merge.
#[derive(Clone, Copy)]
pub struct Way {
    pub merge: MergeId,
    pub from: Uuid,
    pub into: Uuid,
}

impl Children {
    /// SQL of the rows that name the record of a parameter: `$1`.
    pub fn found(&self, record: &str) -> String {
        self.found.replace("{}", record)
    }

    /// SQL of the rows that are handed on.
    pub fn handed_on(&self) -> String {
        let stays = self.stays.map(|stays| format!(" and not ({stays})")).unwrap_or_default();
        format!("{}{stays}", self.found("$1"))
    }

    /// SQL of what the columns say, as one value.
    pub fn said(&self, row: &str) -> String {
        let pairs = self.columns.iter().map(|(column, _)| format!("'{column}', {row}.{column}"));
        format!("jsonb_build_object({})", pairs.collect::<Vec<_>>().join(", "))
    }

    /// SQL of what they are to say, with `$1` in place of `$2`, or the other way round.
    pub fn renamed(&self, from: &str, into: &str) -> Vec<(&'static str, String)> {
        self.columns.iter().map(|(column, shape)| (*column, shape.renamed(column, from, into))).collect()
    }

    /// SQL that makes of a change the next version.
    pub fn next_version(&self) -> &'static str {
        if self.told == Told::Itself { ", version = t.version + 1, updated_at = $4" } else { "" }
    }

    pub fn version(&self) -> &'static str {
        if self.told == Told::Itself { "t.version" } else { "0::bigint" }
    }
}

impl Shape {
    fn renamed(self, column: &str, from: &str, into: &str) -> String {
        match self {
            Self::Id => format!("case when t.{column} = {from} then {into} else t.{column} end"),
            // Who stood there already does not stand there twice.
            Self::Ids => format!(
                "case when t.{column} @> array[{into}] then array_remove(t.{column}, {from}) \
                 else array_replace(t.{column}, {from}, {into}) end"
            ),
            Self::Json => format!("replace(t.{column}::text, {from}::text, {into}::text)::jsonb"),
            Self::Jsons => format!(
                "array(select replace(one::text, {from}::text, {into}::text)::jsonb \
                 from unnest(t.{column}) with ordinality as each (one, at) order by at)"
            ),
            Self::Party => format!("replace(t.{column}, {from}::text, {into}::text)"),
        }
    }
}

/// Hands on the rows of a table, and keeps what they said.
pub async fn hand_on(tx: &Tx<'_>, children: &Children, way: Way) -> Result<Vec<Moved>> {
    let Children { table, key, .. } = children;
    let sets: Vec<_> =
        children.renamed("$1", "$2").into_iter().map(|(column, sql)| format!("{column} = {sql}")).collect();
    let sql = format!(
        "with before as (
             select ({key})::text as key, {said} as was from {table} t where {handed_on} for update
         ), moved as (
             update {table} t set {sets}{next_version} from before
             where {found} and ({key})::text = before.key
             returning before.key, {version} as version, before.was, {said} as now
         ), kept as (
             insert into merge_moves (merge_id, relation, key, was, now)
             select $3, '{table}', key, was, now from moved
         ) select key, version, was, now from moved",
        said = children.said("t"),
        handed_on = children.handed_on(),
        sets = sets.join(", "),
        next_version = children.next_version(),
        found = children.found("$1"),
        version = children.version(),
    );
    load(tx, sql, way).await
}

pub async fn load(tx: &Tx<'_>, sql: String, way: Way) -> Result<Vec<Moved>> {
    let query = sql_query(sql)
        .bind::<SqlUuid, _>(way.from)
        .bind::<SqlUuid, _>(way.into)
        .bind::<SqlUuid, _>(way.merge.0)
        .bind::<Timestamptz, _>(tx.now);
    Ok(query.load(&mut tx.sql()).await?)
}

/// What the log is to tell of rows that have changed hands: of records, and of those that rows are part of.
pub async fn told(tx: &Tx<'_>, children: &Children, moved: &[Moved]) -> Result<Vec<HandedOn>> {
    let ids = |row: &Moved| Uuid::parse_str(&row.key).ok();
    let plain = |said: &Value| {
        let mut said = said.clone();
        // Only what names the other record: a transfer has a note.
        for (column, shape) in children.columns {
            if let (Shape::Json | Shape::Jsons, Some(said)) = (shape, said.as_object_mut()) {
                said.remove(*column);
            }
        }
        said
    };
    let row = |row: &Moved, version: i64| {
        Some(HandedOn { id: ids(row)?, version, before: plain(&row.was), after: plain(&row.now) })
    };
    match children.told {
        Told::Nowhere => Ok(vec![]),
        Told::Itself => Ok(moved.iter().filter_map(|it| row(it, it.version)).collect()),
        Told::With(table) => {
            let mut told = Vec::new();
            for it in moved {
                let next = format!(
                    "update {table} t set version = t.version + 1, updated_at = $2 where t.id = $1::uuid \
                     returning id::text as key, version, '{{}}'::jsonb as was, '{{}}'::jsonb as now"
                );
                let next = sql_query(next).bind::<Text, _>(&it.key).bind::<Timestamptz, _>(tx.now);
                let next: Vec<Moved> = next.load(&mut tx.sql()).await?;
                if let [next] = next.as_slice() {
                    told.extend(row(it, next.version));
                }
            }
            Ok(told)
        }
    }
}
