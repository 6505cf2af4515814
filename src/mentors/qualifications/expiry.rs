//! Watches the ends of qualifications.

use chrono::Duration;

use super::{rules, store};
use crate::{
    error::Result,
    log::{Event, Job},
    records::Tx,
};

pub const JOB: Job =
    Job { name: "mentor_qualifications.expiry", every: Duration::minutes(1), work: |tx| Box::pin(watch(tx)) };

async fn watch(tx: &Tx<'_>) -> Result<Vec<Event>> {
    let mut events = Vec::new();
    for before in store::lock_running_out(tx).await? {
        let Some(told) = rules::expiry_to_tell(&before, tx.today()) else { continue };
        let after = store::tell(tx, before.id, told).await?;
        events.push(Event::changed(&before, &*after, told.as_str()));
    }
    Ok(events)
}
