//! A mentor on his way out has gone once nobody is left whom he coaches.

use super::{payloads::Status, store};
use crate::{
    error::Result,
    log::{Event, Reader},
    records::Tx,
};

pub const READER: Reader = Reader {
    name: "mentors.leaving",
    kinds: &[
        "mentorship.transferred",
        "mentorship.completed",
        "mentorship.terminated",
        "mentorship.declined",
        "mentorship.expired",
    ],
    work: |tx, _| Box::pin(gone(tx)),
};

async fn gone(tx: &Tx<'_>) -> Result<Vec<Event>> {
    let mut events = Vec::new();
    for before in store::lock_ending(tx).await? {
        if store::open_mentorships(tx, before.id).await?.is_empty() {
            let after = store::advance(tx, before.id, Status::Ended).await?;
            let event = Event::changed(&before, &*after, Status::Ended.as_str());
            events.push(event.through(store::coached_by(tx, before.id).await?));
        }
    }
    Ok(events)
}
