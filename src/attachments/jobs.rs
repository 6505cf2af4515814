//! What happens to files by the clock: those of deleted attachments go after the retention time, and those
//! that never got a row after a day.

use std::collections::HashSet;

use chrono::Duration;
use futures_util::future::try_join_all;

use super::store;
use crate::{error::Result, ids::AttachmentId, log::Job, records::Tx};

/// Destroys what was deleted long enough ago, some at a time.
pub const PURGE: Job = Job {
    name: "attachments.purge",
    every: Duration::minutes(10),
    work: |tx| Box::pin(async { purge(tx).await.map(|()| vec![]) }),
};

/// Destroys what an upload left that ended between its file and its row: one folder of 256 at a time, so that
/// in two days all had their turn, and no run takes long.
pub const SWEEP: Job = Job {
    name: "attachments.sweep",
    every: Duration::minutes(10),
    work: |tx| Box::pin(async { sweep(tx).await.map(|()| vec![]) }),
};

/// The files first: a row whose file is gone is tried again, a file without a row would have to be found.
async fn purge(tx: &Tx<'_>) -> Result<()> {
    if tx.worker.sandbox().is_some() {
        // A reset brings its row back.
        return Ok(());
    }
    let old = store::buried_before(tx, tx.now - tx.worker.files().retention).await?;
    remove(tx, &old).await?;
    store::forget(tx, &old).await
}

async fn sweep(tx: &Tx<'_>) -> Result<()> {
    let turn = u8::try_from(tx.now.timestamp() / 600 % 256).unwrap_or_default();
    let old = tx.worker.files().written_before(turn, tx.now - Duration::days(1)).await?;
    for some in old.chunks(500) {
        let known: HashSet<_> = store::known(tx, some).await?.into_iter().collect();
        let left: Vec<_> = some.iter().copied().filter(|id| !known.contains(id)).collect();
        remove(tx, &left).await?;
    }
    Ok(())
}

async fn remove(tx: &Tx<'_>, ids: &[AttachmentId]) -> Result<()> {
    for some in ids.chunks(8) {
        try_join_all(some.iter().map(|id| tx.worker.files().remove(*id))).await?;
    }
    Ok(())
}
