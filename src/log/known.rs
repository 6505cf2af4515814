//! Which records belong to a record, as far as the log has told: what a dossier pins, and whether a result
//! is one of the business's own.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::{
    db::schema::{event_about, events},
    error::Result,
    records::Tx,
};

/// A record, and how the log saw it last.
#[derive(Queryable, Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub resource: String,
    pub id: Uuid,
    pub version: i64,
    /// The kind of its last event: `plan.accepted`.
    pub last: String,
}

/// The records of some resources whose events are about a record; not those that were deleted.
pub async fn known_about(tx: &Tx<'_>, id: impl Into<Uuid>, resources: &[&str]) -> Result<Vec<Known>> {
    let about = event_about::table.filter(event_about::record_id.eq(id.into())).select(event_about::position);
    let of_them =
        events::table.filter(events::position.eq_any(about)).filter(events::resource.eq_any(resources));
    let last = of_them
        .distinct_on((events::resource, events::subject_id))
        .order((events::resource, events::subject_id, events::position.desc()))
        .select((events::resource, events::subject_id, events::subject_version, events::kind));
    let mut known: Vec<Known> = last.load(&mut tx.sql()).await?;
    known.retain(|record| !record.last.ends_with(".deleted"));
    Ok(known)
}
