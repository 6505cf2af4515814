//! The job that ends invitations which nobody answered in time.

use chrono::Duration;

use super::{payloads::Status, store};
use crate::{
    error::Result,
    log::{Event, Job},
    records::Tx,
};

pub const JOB: Job = Job {
    name: "participant-invitations",
    every: Duration::minutes(10),
    work: |tx| Box::pin(end_unanswered(tx)),
};

async fn end_unanswered(tx: &Tx<'_>) -> Result<Vec<Event>> {
    let mut events = Vec::new();
    for before in store::unanswered(tx).await? {
        let after = store::set_status(tx, before.id, Status::Expired).await?;
        events.push(Event::changed(&before, &*after, "expired"));
    }
    Ok(events)
}
