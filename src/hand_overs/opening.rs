//! Opens hand-overs for what happened, and cancels those of a business that has closed.

use serde::Deserialize;
use serde_json::Value;

use super::{
    payloads::{Cause, Causes, Course, HandOver, Status},
    rules::{self, Conclusion, Need},
    store,
};
use crate::{
    access::{Division, Party, Reach},
    businesses,
    error::{ApiError, Result},
    ids::{BusinessId, HandOverId, MentorId},
    log::{Event, Logged, Reader, share, unshare},
    mentorships,
    records::Tx,
};

pub const READER: Reader = Reader {
    name: "hand_overs",
    kinds: &[
        "assessment.reviewed",
        "plan.accepted",
        "mentorship.completed",
        "certification.expiring",
        "certification.expired",
        "hand_over.declined",
        "business.inactive",
        "mentor.on_leave",
        "mentor.ending",
    ],
    work: |tx, event| Box::pin(follow(tx, event)),
};

async fn follow(tx: &Tx<'_>, event: &Logged) -> Result<Vec<Event>> {
    if event.kind.starts_with("mentor.") {
        return by_absence(tx, event).await;
    }
    let Some(id) = event.business_id else { return Ok(vec![]) };
    let business = businesses::lock(tx, Reach::All, id).await?;
    if business.status != businesses::Status::Active {
        return cancel(tx, id).await;
    }
    let needs = match event.kind.as_str() {
        "assessment.reviewed" => by_assessment(event)?,
        "plan.accepted" => by_plan(event),
        "mentorship.completed" => vec![(Division::Cooperatives, vec!["not_a_member".to_owned()])],
        "certification.expiring" => {
            vec![(Division::Standardisation, vec!["certification_expiring".to_owned()])]
        }
        "certification.expired" => {
            vec![(Division::Standardisation, vec!["certification_expired".to_owned()])]
        }
        "hand_over.declined" => by_hand_over(tx, HandOverId(event.subject_id)).await?,
        _ => vec![],
    };
    let is_member = match businesses::owner_of(tx, id).await? {
        Some(owner) => store::is_member(tx, owner).await?,
        None => false,
    };
    let is_cooperative = business.fields.kind == businesses::Kind::Cooperative;
    let mut events = Vec::new();
    for (division, codes) in rules::fit_for(needs, is_cooperative, is_member) {
        events.extend(open(tx, event, id, division, codes).await?);
    }
    Ok(events)
}

fn by_assessment(event: &Logged) -> Result<Vec<Need>> {
    let result = event.data.get("result").ok_or_else(|| ApiError::internal("a review without a result"))?;
    Ok(Conclusion::deserialize(result).map_err(ApiError::internal)?.needs())
}

fn by_plan(event: &Logged) -> Vec<Need> {
    let needed = event.data.get("capital_need_idr").and_then(Value::as_i64).is_some_and(|need| need > 0);
    needed.then(|| (Division::Facilitation, vec!["capital_need".to_owned()])).into_iter().collect()
}

/// What a division declines goes back to the programme; what that declines is over.
async fn by_hand_over(tx: &Tx<'_>, id: HandOverId) -> Result<Vec<Need>> {
    let declined = store::lock(tx, Reach::All, id).await?;
    let back = declined.division != Division::Programme;
    Ok(back.then(|| (Division::Programme, vec!["declined".to_owned()])).into_iter().collect())
}

/// Each business that the mentor coaches is handed over to the programme, to find another.
async fn by_absence(tx: &Tx<'_>, event: &Logged) -> Result<Vec<Event>> {
    let mut events = Vec::new();
    for id in mentorships::coached_by(tx, MentorId(event.subject_id)).await? {
        businesses::lock(tx, Reach::All, id).await?;
        events.extend(open(tx, event, id, Division::Programme, vec!["mentor_unavailable".to_owned()]).await?);
    }
    Ok(events)
}

/// A hand-over for those of the causes that have none yet, or the one that is open with them added.
async fn open(
    tx: &Tx<'_>,
    event: &Logged,
    business: BusinessId,
    division: Division,
    codes: Vec<String>,
) -> Result<Vec<Event>> {
    let mut causes = Vec::new();
    for rule in codes {
        let (kind, subject_id) = (event.kind.clone(), event.subject_id);
        let cause = Cause { event_id: event.id, kind, subject_id, rule };
        if !store::is_answered(tx, &cause, business).await? {
            causes.push(cause);
        }
    }
    if causes.is_empty() {
        return Ok(vec![]);
    }
    let (hand_over, events) = match store::lock_unfinished(tx, business, division).await? {
        Some(before) => {
            let all = before.causes.0.iter().chain(&causes).cloned().collect();
            let after = store::add_causes(tx, before.id, &Causes(all)).await?;
            let event = Event::changed(&before, &after, "updated");
            (after, vec![event])
        }
        None => begin(tx, business, division, &causes).await?,
    };
    store::mark_answered(tx, &causes, &hand_over).await?;
    Ok(events)
}

async fn begin(
    tx: &Tx<'_>,
    business: BusinessId,
    division: Division,
    causes: &[Cause],
) -> Result<(HandOver, Vec<Event>)> {
    let (today, reference) = (tx.today(), tx.worker.reference());
    let due_on = reference.due("hand_over_take", today).unwrap_or(today);
    let hand_over = store::insert(tx, division, business, &Causes(causes.to_vec()), due_on).await?;
    let mut events = vec![Event::created(&hand_over)];
    if let party @ Party::Division(_) = Party::of(division) {
        events.extend(share(tx, business, party, hand_over.id).await?);
    }
    Ok((hand_over, events))
}

async fn cancel(tx: &Tx<'_>, business: BusinessId) -> Result<Vec<Event>> {
    let mut events = Vec::new();
    for before in store::lock_all_unfinished(tx, business).await? {
        let course = Course { status: Status::Cancelled, ..before.course.clone() };
        let after = store::advance(tx, before.id, &course).await?;
        events.push(Event::changed(&before, &*after, Status::Cancelled.as_str()));
        events.extend(unshare(tx, business, before.id).await?);
    }
    Ok(events)
}
