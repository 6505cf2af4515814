//! How a follow-up is answered, whichever way the answer comes.

use std::rc::Rc;

use super::{
    payloads::{Channel, Course, FollowUp, Status},
    store,
};
use crate::{
    businesses::{self, SnapshotFields},
    error::{ApiError, Result},
    log::Event,
    outcomes::Share,
    records::{Record, Tx},
};

pub struct Answer {
    /// Without one the business has closed.
    pub snapshot: Option<SnapshotFields>,
    pub channel: Channel,
    pub attribution: Option<Share>,
}

/// Takes the snapshot, and closes the follow-up and its link. The business's row is held, by every writer of
/// its figures.
pub async fn take(
    tx: &Tx<'_>,
    before: &FollowUp,
    answer: Answer,
) -> Result<(Rc<FollowUp>, (Event, Vec<Event>))> {
    if before.course.status != Status::Due {
        return Err(ApiError::blocked("answered_already", FollowUp::KIND, [before.id]));
    }
    let mut more = Vec::new();
    let mut snapshot_id = None;
    if let Some(fields) = &answer.snapshot {
        let snapshot = businesses::take_snapshot(tx, before.business_id, fields).await?;
        snapshot_id = Some(snapshot.id);
        more.push(Event::created(&*snapshot));
    }
    let course = Course {
        status: if answer.snapshot.is_some() { Status::Answered } else { Status::Closed },
        channel: Some(answer.channel),
        answered_at: Some(tx.now),
        snapshot_id,
        attribution: answer.attribution,
        link_expires_at: None,
    };
    let after = store::advance(tx, before.id, &course).await?;
    store::drop_link(tx, before.id).await?;
    let event = Event::changed(before, &*after, course.status.as_str());
    Ok((after, (event, more)))
}
