//! Files whose time is over.

use chrono::Duration;

use super::store;
use crate::{
    error::Result,
    log::{Event, Job},
    records::Tx,
};

/// How long a file is kept: it holds what people have told the programme.
pub const KEPT: Duration = Duration::hours(24);

/// Destroys the files of jobs that have been kept long enough, some at a time.
pub const EXPIRE: Job =
    Job { name: "exports.expire", every: Duration::minutes(1), work: |tx| Box::pin(expire(tx)) };

/// Destroys what no job names: of one that was killed while it wrote.
pub const SWEEP: Job = Job {
    name: "exports.sweep",
    every: Duration::hours(1),
    work: |tx| {
        Box::pin(async {
            tx.worker.files().remove_parts_before(tx.now - KEPT - Duration::hours(1)).await?;
            Ok(vec![])
        })
    },
};

/// The files first: a row whose file is gone is tried again.
async fn expire(tx: &Tx<'_>) -> Result<Vec<Event>> {
    let mut events = Vec::new();
    for before in store::old(tx).await? {
        if let Some(file) = before.file_id {
            tx.worker.files().remove_parts(file).await?;
        }
        if let Some(after) = store::expire(tx, &before).await? {
            events.push(Event::changed(&before, &after, "expired"));
        }
    }
    Ok(events)
}
