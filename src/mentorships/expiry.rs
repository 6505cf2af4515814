//! Proposals that nobody answered in time.

use chrono::Duration;

use super::{
    payloads::{Course, MentorshipFields, Status},
    store, transfer,
};
use crate::{
    error::Result,
    log::{Event, Job, unshare},
    records::Tx,
};

/// Expires what is overdue.
pub const JOB: Job =
    Job { name: "mentorships.expire", every: Duration::minutes(1), work: |tx| Box::pin(expire(tx, None)) };

/// Expires what stands in the way of a new proposal, which does not wait for the job; without one, whatever
/// is overdue.
pub async fn expire(tx: &Tx<'_>, new: Option<&MentorshipFields>) -> Result<Vec<Event>> {
    let mut events = Vec::new();
    for before in store::lock_overdue(tx, new).await? {
        let course = Course { status: Status::Expired, ..before.course.clone() };
        let after = store::advance(tx, before.id, &course, None).await?;
        events.push(Event::changed(&before, &*after, Status::Expired.as_str()));
        events.extend(unshare(tx, before.fields.business_id, before.id).await?);
    }
    if new.is_none() {
        events.extend(transfer::expire(tx).await?);
    }
    Ok(events)
}
