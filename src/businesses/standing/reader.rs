//! The reader of the log that keeps the standings.

use futures_util::future::LocalBoxFuture;

use super::{rules, store};
use crate::{
    businesses::snapshots,
    error::Result,
    ids::BusinessId,
    log::{Event, Logged, Reader},
    records::Tx,
};

pub const READER: Reader = Reader {
    name: "business-standings",
    kinds: &[
        "business.created",
        "business.updated",
        "business.merged",
        "business.unmerged",
        "snapshot.created",
    ],
    work: |tx, event| Box::pin(keep(tx, event)),
};

/// A standing follows from the tables alone, so that it may be kept anew at any time. It has no event of
/// its own: whoever sees it has seen the snapshot's.
async fn keep(tx: &Tx<'_>, event: &Logged) -> Result<Vec<Event>> {
    let says_nothing_of_it =
        event.kind == "business.updated" && event.data.pointer("/after/founded_on").is_none();
    if let Some(business) = event.business_id.filter(|_| !says_nothing_of_it) {
        rebuild(tx, business).await?;
    }
    // The figures of two that were merged have changed hands.
    for business in event.merged_or_parted() {
        rebuild(tx, business).await?;
    }
    Ok(vec![])
}

/// For a rebuild.
pub fn clear<'a>(tx: &'a Tx<'a>) -> LocalBoxFuture<'a, Result<()>> {
    Box::pin(store::clear(tx))
}

async fn rebuild(tx: &Tx<'_>, business: BusinessId) -> Result<()> {
    let (founded_on, before) = store::lock(tx, business).await?;
    let snapshot = snapshots::latest(tx, business).await?;
    let reference = tx.worker.reference();
    let now = snapshot.map(|snapshot| rules::figures(&snapshot, founded_on, &reference)).unwrap_or_default();
    if before.as_ref() == Some(&now) {
        return Ok(());
    }
    store::put(tx, business, &now).await
}
