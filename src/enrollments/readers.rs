//! Ends what rested on something that is over: applications on a consent that is withdrawn, and everything
//! in a cooperative that is dissolved. A membership outlives the consent: leaving follows the cooperative's
//! own rules.

use serde_json::json;

use super::{
    payloads::{Action, Course, Enrollment, Status},
    steps, store,
};
use crate::{
    access::Reach,
    error::Result,
    ids::{ConsentId, CooperativeId},
    log::{Event, Logged, Reader},
    persons::{self, Purpose},
    records::Tx,
};

pub const READER: Reader = Reader {
    name: "enrollments",
    kinds: &["consent.withdrawn", "cooperative.dissolved"],
    work: |tx, event| Box::pin(follow(tx, event)),
};

async fn follow(tx: &Tx<'_>, event: &Logged) -> Result<Vec<Event>> {
    match event.kind.as_str() {
        "consent.withdrawn" => withdraw(tx, ConsentId(event.subject_id)).await,
        _ => end(tx, CooperativeId(event.subject_id)).await,
    }
}

async fn withdraw(tx: &Tx<'_>, id: ConsentId) -> Result<Vec<Event>> {
    let consent = persons::consent_by_id(tx, Reach::All, id).await?;
    let (Purpose::Cooperative, Some(receiver)) = (consent.fields.purpose, consent.fields.receiver_id) else {
        return Ok(vec![]);
    };
    // Given twice, or again meanwhile: then one still stands.
    if persons::consent(tx, consent.person_id, Purpose::Cooperative, Some(receiver)).await?.is_some() {
        return Ok(vec![]);
    }
    let applications = store::lock_applications(tx, consent.person_id, CooperativeId(receiver)).await?;
    over(tx, applications, Status::Withdrawn, Action::Withdraw, "consent_withdrawn").await
}

async fn end(tx: &Tx<'_>, id: CooperativeId) -> Result<Vec<Event>> {
    let open = store::lock_open_of(tx, id).await?;
    over(tx, open, Status::Ended, Action::End, "dissolution").await
}

async fn over(
    tx: &Tx<'_>,
    enrollments: Vec<Enrollment>,
    status: Status,
    action: Action,
    reason_code: &str,
) -> Result<Vec<Event>> {
    let mut events = Vec::new();
    for before in enrollments {
        let course = Course { status, due_on: None, ..before.course.clone() };
        let (_, event, ended) = steps::advance(tx, &before, &before.fields, &course).await?;
        events.push(event.with("move", &json!({ "action": action, "reason_code": reason_code })));
        events.extend(ended);
    }
    Ok(events)
}
