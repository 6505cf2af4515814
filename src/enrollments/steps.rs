//! Applying and moving an enrollment: rules, gates, rows, and who sees the business because of it.

use std::rc::Rc;

use super::{
    gates,
    payloads::{Action, Course, Enrollment, EnrollmentFields, MoveEnrollment},
    rules::{self, LIFECYCLE, OPEN},
    store,
};
use crate::{
    access::{Division, Party},
    error::{ApiError, Result},
    log::{Event, share, unshare},
    records::{Tx, cite_one},
};

type Written = (Rc<Enrollment>, (Event, Vec<Event>));

/// An application. The cooperative and the division see the business from now on.
pub async fn apply(tx: &Tx<'_>, fields: &EnrollmentFields) -> Result<Written> {
    gates::apply(tx, fields).await?;
    let due_on = rules::due_on(tx.today(), &tx.worker.reference());
    let enrollment = store::insert(tx, fields, due_on).await?;
    let mut seen = Vec::new();
    for party in [Party::Cooperative(fields.cooperative_id), Party::Division(Division::Cooperatives)] {
        seen.extend(share(tx, fields.business_id, party, enrollment.id).await?);
    }
    let event = for_the_member(tx, fields, Event::created(&*enrollment));
    Ok((enrollment, (event, seen)))
}

/// The enrollment with what was paid.
pub async fn change(
    tx: &Tx<'_>,
    before: &Enrollment,
    fields: &EnrollmentFields,
) -> Result<(Rc<Enrollment>, Event)> {
    let flaws = rules::fixed(fields, &before.fields);
    ApiError::if_any(flaws)?;
    if !OPEN.contains(&before.course.status) {
        return Err(ApiError::NotPossible { action: "update", code: "wrong_status", possible: vec![] });
    }
    let after = store::update(tx, before.id, fields, &before.course).await?;
    let event = for_the_member(tx, fields, Event::changed(before, &*after, "updated"));
    Ok((after, event))
}

/// The enrollment after an action.
pub async fn take(tx: &Tx<'_>, before: &Enrollment, wanted: &MoveEnrollment) -> Result<Written> {
    let step = LIFECYCLE.decide(tx, before, wanted.action, wanted)?;
    let mut next_number = None;
    match step.action {
        Action::Apply => gates::apply(tx, &before.fields).await?,
        Action::Admit => {
            gates::admit(tx, &before.fields).await?;
            next_number =
                Some(rules::next_number(&store::numbers_of(tx, before.fields.cooperative_id).await?));
        }
        _ => (),
    }
    let (today, reference) = (tx.today(), tx.worker.reference());
    let course = rules::course_after(&before.course, step, wanted, next_number, today, &reference)
        .map_err(ApiError::Invalid)?;
    let of = [before.id.into(), before.fields.business_id.into(), before.fields.person_id.into()];
    cite_one(tx, &of, wanted.evidence.as_ref()).await?;
    let paid = wanted.principal_savings_paid_idr.or(before.fields.principal_savings_paid_idr);
    let fields = EnrollmentFields { principal_savings_paid_idr: paid, ..before.fields.clone() };
    let (after, event, ended) = advance(tx, before, &fields, &course).await?;
    let mut event = event.with("move", wanted);
    if matches!(step.action, Action::Apply | Action::Withdraw | Action::Resign) {
        event = for_the_member(tx, &fields, event);
    }
    Ok((after, (event, ended)))
}

/// The row, its event, and those of who no longer sees the business when it is over.
pub async fn advance(
    tx: &Tx<'_>,
    before: &Enrollment,
    fields: &EnrollmentFields,
    course: &Course,
) -> Result<(Rc<Enrollment>, Event, Vec<Event>)> {
    let after = store::update(tx, before.id, fields, course).await?;
    let event = Event::changed(before, &*after, course.status.as_str());
    let over = !OPEN.contains(&course.status);
    let ended = if over { unshare(tx, fields.business_id, before.id).await? } else { vec![] };
    Ok((after, event, ended))
}

/// What the division does that is the member's to do, it does on the member's behalf.
fn for_the_member(tx: &Tx<'_>, fields: &EnrollmentFields, event: Event) -> Event {
    let member = Party::Person(fields.person_id);
    event.on_behalf_of((tx.actor.party != member).then_some(member))
}
