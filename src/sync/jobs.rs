//! What happens to runs by the clock.

use chrono::Duration;

use super::{payloads::SyncStatus, store};
use crate::log::{Event, Job};

/// A run whose process has ended is not running: whoever sends the file again goes on with it.
pub const STOP: Job = Job {
    name: "sync.stop",
    every: Duration::minutes(1),
    work: |tx| {
        Box::pin(async move {
            let mut events = Vec::new();
            for before in store::lock_abandoned(tx, tx.now - Duration::minutes(10)).await? {
                let mut run = before.clone();
                run.status = SyncStatus::Stopped;
                run.problem = Some("abandoned".into());
                run.duration_ms = Some((tx.now - run.created_at).num_milliseconds());
                let after = store::end(tx, &run).await?;
                events.push(Event::changed(&before, &after, after.status.as_str()));
            }
            Ok(events)
        })
    },
};

/// Forgets what was answered of each row, and the rows that were refused, after thirty days. The run stays.
pub const FORGET: Job = Job {
    name: "sync.forget",
    every: Duration::hours(1),
    work: |tx| {
        Box::pin(async move {
            store::forget(tx, tx.now - Duration::days(30)).await?;
            Ok(vec![])
        })
    },
};
