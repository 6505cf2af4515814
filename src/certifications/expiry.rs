//! Watches what was granted: says once when it is time to renew it, and once when it has run out.

use chrono::Duration;

use super::{payloads::Course, rules, store};
use crate::{
    error::Result,
    log::{Event, Job},
    records::Tx,
};

pub const JOB: Job =
    Job { name: "certifications.expiry", every: Duration::minutes(1), work: |tx| Box::pin(watch(tx)) };

async fn watch(tx: &Tx<'_>) -> Result<Vec<Event>> {
    let mut events = Vec::new();
    for before in store::lock_running_out(tx).await? {
        let Some(told) = rules::expiry_to_tell(&before, tx.today()) else { continue };
        let course = Course { expiry: Some(told), ..before.course.clone() };
        let after = store::update(tx, before.id, &before.fields, &course).await?;
        events.push(Event::changed(&before, &*after, told.as_str()));
    }
    Ok(events)
}
