//! The reader of the log that proposes outcomes: each once, from what happened.

use chrono::{Duration, NaiveDate};
use serde_json::Value;

use super::{
    payloads::{Cause, Kind, OutcomeFields},
    proposals, store,
};
use crate::{
    access::Reach,
    businesses::{self, Snapshot},
    error::Result,
    ids::{BusinessId, SnapshotId},
    log::{Event, Logged, Reader},
    records::Tx,
};

pub const READER: Reader = Reader {
    name: "outcomes",
    kinds: &[
        "snapshot.created",
        "business.updated",
        "capital_referral.disbursed",
        "certification.granted",
        "enrollment.active",
    ],
    work: |tx, event| Box::pin(propose(tx, event)),
};

/// What is entered with the business or on the day after describes it, and changes nothing.
const FIRST_DAY: Duration = Duration::hours(24);

async fn propose(tx: &Tx<'_>, event: &Logged) -> Result<Vec<Event>> {
    let Some(id) = event.business_id else { return Ok(vec![]) };
    let shown = match event.kind.as_str() {
        "snapshot.created" => by_snapshot(tx, event, id).await?,
        "business.updated" => by_formalisation(tx, event, id).await?,
        "capital_referral.disbursed" => {
            let amount = event.data.pointer("/move/amount_idr").and_then(Value::as_i64);
            vec![proposals::of_event(Kind::CapitalObtained, amount, day(tx, event, "/move/disbursed_on"))]
        }
        "certification.granted" => {
            let granted = day(tx, event, "/after/granted_on");
            vec![proposals::of_event(Kind::CertificationGranted, None, granted)]
        }
        _ => vec![proposals::of_event(Kind::CooperativeJoined, None, day(tx, event, "/after/joined_on"))],
    };
    claim(tx, event, id, shown).await
}

async fn claim(
    tx: &Tx<'_>,
    event: &Logged,
    business: BusinessId,
    shown: Vec<OutcomeFields>,
) -> Result<Vec<Event>> {
    let (event_id, kind, subject_id) = (event.id, event.kind.clone(), event.subject_id);
    let cause = Cause { event_id, kind, subject_id };
    let mut events = Vec::new();
    for fields in shown {
        let made = store::insert(tx, business, &fields, Some(&cause), event.actor_id).await?;
        events.extend(made.map(|outcome| Event::created(&*outcome)));
    }
    Ok(events)
}

/// Against the one taken before it.
async fn by_snapshot(tx: &Tx<'_>, event: &Logged, id: BusinessId) -> Result<Vec<OutcomeFields>> {
    let business = businesses::lock(tx, Reach::All, id).await?;
    let all = businesses::snapshots_of(tx, Reach::All, id).await?;
    let Some(at) = all.iter().position(|it| it.id == SnapshotId(event.subject_id)) else { return Ok(vec![]) };
    let (Some(after), Some(before)) = (all.get(at), at.checked_sub(1).and_then(|at| all.get(at))) else {
        return Ok(vec![]);
    };
    if after.created_at - business.created_at < FIRST_DAY {
        return Ok(vec![]);
    }
    let reference = tx.worker.reference();
    let size = |of: &Snapshot| businesses::size_by(of, business.fields.founded_on, &reference);
    let mut shown = proposals::of_snapshots(&before.fields, &after.fields);
    shown.extend(proposals::of_sizes(size(before), size(after), after.fields.taken_on));
    Ok(shown)
}

/// A business that had no number of its own when it came in has one now.
async fn by_formalisation(tx: &Tx<'_>, event: &Logged, id: BusinessId) -> Result<Vec<OutcomeFields>> {
    let nib = |when: &str| event.data.pointer(when).is_some_and(Value::is_string);
    if !(nib("/after/nib") && event.data.pointer("/before/nib").is_some_and(Value::is_null)) {
        return Ok(vec![]);
    }
    let business = businesses::lock(tx, Reach::All, id).await?;
    if business.fields.formal_at_intake == Some(true) || tx.now - business.created_at < FIRST_DAY {
        return Ok(vec![]);
    }
    let on = business.fields.nib_issued_on.unwrap_or_else(|| tx.today());
    Ok(vec![proposals::of_event(Kind::Formalised, None, on)])
}

fn day(tx: &Tx<'_>, event: &Logged, at: &str) -> NaiveDate {
    let told = event.data.pointer(at).and_then(Value::as_str).and_then(|text| text.parse().ok());
    told.unwrap_or_else(|| tx.today())
}
