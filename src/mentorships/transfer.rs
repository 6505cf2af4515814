//! A mentorship passes from one mentor to another and keeps its id.
//!
//! The present mentor counts, and coaches, until the other accepts. What the old one did stays his: his
//! sessions and their hours; he sees the business for seven days more, to finish his reports. What is still
//! to be done (planned sessions, objectives that are open, the plan) passes to the new one.

use super::{
    agreed_actions, objectives,
    payloads::{Assignment, Course, Mentorship, MoveMentorship, Transfer, readers_with},
    plan,
    proposal::{has_room, is_impartial},
    rules::GRACE,
    sessions, store,
};
use crate::{
    access::{Party, Permission},
    error::{ApiError, Result, named},
    http::Code,
    ids::MentorId,
    log::{Event, share, sharing::unshare_from_at, unshare_from},
    mentors::{self, Mentor},
    records::{Record, Tx},
};

/// The programme asks another mentor, who must be at work and have room.
pub async fn propose(tx: &Tx<'_>, before: &Mentorship, wanted: &MoveMentorship) -> Result<Course> {
    let Some(id) = wanted.mentor_id else { return Err(ApiError::invalid(Code::Required.at("/mentor_id"))) };
    let mut flaws = Vec::new();
    let mentor = mentors::lock(tx, tx.reach_of(Permission::ReadMentors)?, id).await;
    let mentor = named(mentor, "/mentor_id", &mut flaws)?;
    if id == before.fields.mentor_id {
        flaws.push(Code::Conflict.expecting("/mentor_id", "mentor_id"));
    }
    let (Some(mentor), []) = (mentor, flaws.as_slice()) else { return Err(ApiError::Invalid(flaws)) };
    is_impartial(tx, &mentor, before.fields.business_id).await?;
    may_coach(tx, &mentor).await?;
    let transfer = Transfer {
        mentor_id: id,
        reason_code: wanted.reason_code.clone().unwrap_or_default(),
        note: wanted.note.clone(),
        proposed_at: tx.now,
        expires_on: tx.due("proposal_answer")?,
    };
    let mentor_ids = readers_with(&before.course.mentor_ids, id);
    Ok(Course { transfer: Some(transfer), mentor_ids, ..before.course.clone() })
}

async fn may_coach(tx: &Tx<'_>, mentor: &Mentor) -> Result<()> {
    if mentor.status != mentors::Status::Active {
        return Err(ApiError::blocked("mentor_not_active", Mentor::KIND, [mentor.id]));
    }
    has_room(tx, mentor).await
}

/// The other takes over, if he still has room: who holds his row counts alone.
pub async fn accept(tx: &Tx<'_>, before: &Mentorship, transfer: &Transfer) -> Result<(Course, Mentor)> {
    let mentor = mentors::lock(tx, tx.reach_of(Permission::ReadMentors)?, transfer.mentor_id).await?;
    may_coach(tx, &mentor).await?;
    let course = before.course.clone();
    let since = course.assignments.last().map(|last| last.to);
    let began = course.accepted_at.map(|at| tx.worker.date(at));
    let past = Assignment {
        mentor_id: before.fields.mentor_id,
        institution_id: before.institution_id,
        from: since.or(began).unwrap_or_else(|| tx.today()),
        to: tx.today(),
    };
    let assignments = course.assignments.iter().cloned().chain([past]).collect();
    let mut institution_ids = course.institution_ids.clone();
    institution_ids.extend(mentor.fields.institution_id.filter(|id| !course.institution_ids.contains(id)));
    Ok((Course { transfer: None, assignments, institution_ids, ..course }, mentor))
}

/// The course without the transfer that was asked for. Who was asked no longer sees it, unless he coached
/// it once.
pub fn declined(before: &Mentorship) -> Course {
    let course = before.course.clone();
    let asked = course.transfer.as_ref().map(|transfer| transfer.mentor_id);
    let coached = |id: MentorId| {
        id == before.fields.mentor_id || course.assignments.iter().any(|past| past.mentor_id == id)
    };
    let mentor_ids =
        course.mentor_ids.iter().copied().filter(|id| Some(*id) != asked || coached(*id)).collect();
    Course { transfer: None, mentor_ids, ..course }
}

/// Who begins and who ceases to see the business.
pub async fn share_with_asked(tx: &Tx<'_>, before: &Mentorship, after: &Mentorship) -> Result<Vec<Event>> {
    let (id, business) = (after.id, after.fields.business_id);
    let asked = |mentorship: &Mentorship| mentorship.course.transfer.as_ref().map(|it| it.mentor_id);
    match (asked(before), asked(after)) {
        (None, Some(mentor)) => share(tx, business, Party::Mentor(mentor), id).await,
        (Some(mentor), None) if mentor == after.fields.mentor_id => {
            let old = Party::Mentor(before.fields.mentor_id);
            unshare_from_at(tx, business, old, id, tx.now + GRACE).await?;
            pass_on(tx, after).await
        }
        (Some(mentor), None) => unshare_from(tx, business, Party::Mentor(mentor), id).await,
        _ => Ok(vec![]),
    }
}

/// What is still to be done is the new mentor's; what was done is his to read.
async fn pass_on(tx: &Tx<'_>, after: &Mentorship) -> Result<Vec<Event>> {
    let mut events = objectives::pass_on(tx, after).await?;
    events.extend(sessions::pass_on(tx, after).await?);
    events.extend(agreed_actions::pass_on(tx, after).await?);
    events.extend(plan::pass_on(tx, after).await?);
    Ok(events)
}

/// Transfers that nobody answered in time.
pub async fn expire(tx: &Tx<'_>) -> Result<Vec<Event>> {
    let mut events = Vec::new();
    for before in store::lock_overdue_transfers(tx).await? {
        let after = store::advance(tx, before.id, &declined(&before), None).await?;
        events.push(Event::changed(&before, &*after, "transfer_declined"));
        events.extend(share_with_asked(tx, &before, &after).await?);
    }
    Ok(events)
}
