//! The reader of the log that buries the files of a record that was deleted.

use super::{
    attachable::{Resource, Row},
    store,
};
use crate::{
    error::Result,
    log::{Event, Logged, Reader},
    records::Tx,
};

/// Of the records that can have files, those that can be deleted.
pub const READER: Reader = Reader {
    name: "attachments",
    kinds: &["certification.deleted"],
    work: |tx, event| Box::pin(bury(tx, event)),
};

/// Also what evidence names: that has gone with the record.
async fn bury(tx: &Tx<'_>, event: &Logged) -> Result<Vec<Event>> {
    let Some(resource) = Resource::ALL.iter().copied().find(|it| it.as_str() == event.resource) else {
        return Ok(vec![]);
    };
    let row = Row::of(resource)?;
    let mut events = Vec::new();
    for attachment in store::lock_all_of(tx, resource, event.subject_id).await? {
        store::bury(tx, attachment.id).await?;
        events.push(Event::deleted(&attachment).read_with(row.logged_as, row.read, vec![]));
    }
    Ok(events)
}
