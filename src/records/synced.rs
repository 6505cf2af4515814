//! What a partner's system says of its records, row by row, and what became of each.

use std::collections::HashMap;

use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    access::{Access, Permission},
    error::{ApiError, Result},
    log::Event,
    records::{
        Tx,
        external_ids::{self, ExternalId},
    },
    text_enum::text_enum,
};

text_enum! {
    /// What became of a row. `ended` and `ending` are who was missing from a whole list.
    #[schema(as = SyncResult)]
    Became {
        Created = "created",
        Updated = "updated",
        Unchanged = "unchanged",
        Ended = "ended",
        Ending = "ending",
        Rejected = "rejected",
    }
}

/// One record as the partner has it: the fields that it names, no others.
#[derive(Debug)]
pub struct Row {
    pub id: ExternalId,
    pub said: Map<String, Value>,
}

#[derive(Debug)]
pub struct Outcome {
    pub became: Became,
    pub id: Option<Uuid>,
    /// The fields that are otherwise since.
    pub changed: Vec<String>,
    /// The fields that the row says otherwise, and that others keep: they stay.
    pub kept: Vec<String>,
    /// Why it was rejected.
    pub error: Option<ApiError>,
}

impl Outcome {
    pub fn of(became: Became, id: impl Into<Uuid>) -> Self {
        Self { became, id: Some(id.into()), changed: vec![], kept: vec![], error: None }
    }

    pub fn rejected(error: ApiError) -> Self {
        Self { became: Became::Rejected, id: None, changed: vec![], kept: vec![], error: Some(error) }
    }
}

/// A kind of record that partners sync.
pub trait Synced: 'static {
    /// The last word of the address.
    const NAME: &'static str;
    /// The first word of its events.
    const KIND: &'static str;
    /// What a client must be allowed to besides.
    const WRITE: Permission;
    /// What a row can say.
    type Fields: ToSchema + 'static;

    /// Each row with what becomes of it, in their order. What is the same is not written.
    ///
    /// # Errors
    /// What concerns all of them: then nothing is to stay.
    async fn apply(tx: &Tx<'_>, source: &str, rows: &[Row]) -> Result<(Vec<Outcome>, Vec<Event>)>;

    /// Whether whole lists are taken: who is missing from one is let go.
    const WHOLE_LISTS: bool = false;

    /// Those of the source who are missing from its list.
    async fn missing(_: &Access, _source: &str, _listed: Vec<String>) -> Result<Missing> {
        Ok(Missing { known: 0, ids: vec![] })
    }

    async fn let_go(_: &Tx<'_>, _missing: &[(String, Uuid)]) -> Result<(Vec<Outcome>, Vec<Event>)> {
        Ok((vec![], vec![]))
    }
}

pub struct Missing {
    /// How many there are of the source.
    pub known: usize,
    /// What the source calls each, and the record.
    pub ids: Vec<(String, Uuid)>,
}

/// The fields that differ, by name.
pub fn differing(before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<String> {
    let others = after.iter().filter(|(name, value)| before.get(name.as_str()) != Some(value));
    others.map(|(name, _)| name.clone()).collect()
}

/// The records of the kind for which the rows' ids stand, held against being given to others.
pub async fn known<K: Synced>(tx: &Tx<'_>, source: &str, rows: &[Row]) -> Result<HashMap<String, Uuid>> {
    let values: Vec<_> = rows.iter().map(|row| row.id.value.as_str()).collect();
    external_ids::of_source(tx, K::KIND, source, &values).await
}

/// Applies rows each by itself: one that is refused takes nothing of the others with it.
pub async fn one_by_one(
    tx: &Tx<'_>,
    rows: &[Row],
    apply: impl AsyncFn(&Row) -> Result<(Outcome, Vec<Event>)>,
) -> Result<(Vec<Outcome>, Vec<Event>)> {
    let (mut outcomes, mut events) = (Vec::with_capacity(rows.len()), Vec::new());
    for row in rows {
        tx.send("savepoint of_row").await?;
        match apply(row).await {
            Ok((outcome, of_row)) => {
                outcomes.push(outcome);
                events.extend(of_row);
            }
            Err(error) if error.is_ours() => return Err(error),
            Err(error) => {
                tx.send("rollback to savepoint of_row").await?;
                outcomes.push(Outcome::rejected(error));
            }
        }
        tx.send("release savepoint of_row").await?;
    }
    Ok((outcomes, events))
}
