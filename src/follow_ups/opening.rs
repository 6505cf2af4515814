//! The reader of the log that opens a cohort's waves when it has ended.

use chrono::Months;

use super::store;
use crate::{
    access::Reach,
    cohorts,
    error::Result,
    ids::CohortId,
    log::{Event, Logged, Reader},
    records::Tx,
};

pub const READER: Reader =
    Reader { name: "follow_ups", kinds: &["cohort.completed"], work: |tx, event| Box::pin(open(tx, event)) };

async fn open(tx: &Tx<'_>, event: &Logged) -> Result<Vec<Event>> {
    let cohort = cohorts::lock(tx, Reach::All, CohortId(event.subject_id)).await?;
    let coached = store::coached_in(tx, cohort.id).await?;
    let mut events = Vec::new();
    for months in &cohort.fields.follow_up_months {
        let later = u32::try_from(*months)
            .ok()
            .and_then(|months| cohort.fields.ends_on.checked_add_months(Months::new(months)));
        let Some(due_on) = later else { continue };
        let Some(wave) = store::insert_wave(tx, cohort.id, *months, due_on).await? else { continue };
        events.push(Event::created(&wave));
        for business in &coached {
            events.push(Event::created(&store::insert(tx, &wave, *business).await?));
        }
    }
    Ok(events)
}
