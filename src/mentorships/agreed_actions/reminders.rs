//! Reminds of what was agreed: an event on the day before it is due, once for each day that was agreed on.

use chrono::{Days, Duration};

use super::store;
use crate::{
    error::Result,
    log::{Event, Job},
    records::Tx,
};

pub const JOB: Job =
    Job { name: "agreed_actions.remind", every: Duration::minutes(10), work: |tx| Box::pin(remind(tx)) };

/// What has been due for a week is in the agenda, and no news.
const DAYS_BACK: Days = Days::new(7);

async fn remind(tx: &Tx<'_>) -> Result<Vec<Event>> {
    let today = tx.today();
    let (from, to) = (today - DAYS_BACK, today + Days::new(1));
    let due = store::to_remind_of(tx, from, to).await?;
    Ok(due.iter().map(|action| Event::changed(action, action, "due")).collect())
}
