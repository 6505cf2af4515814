//! What a mentor's evaluation is counted from. His mentorships and sessions start from `visible_to`; objectives
//! and plans are those of the mentorships that were found.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::rules::Span;
use crate::{
    access::Access,
    db::schema::{mentorships, objectives, plans, sessions},
    error::Result,
    ids::{MentorId, MentorshipId},
    mentorships::{
        objectives::Status as ObjectiveStatus,
        payloads::Status,
        sessions::{Status as SessionStatus, visible_to as visible_sessions},
        store::visible_to,
    },
};

#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = mentorships)]
pub struct MentorshipFacts {
    pub id: MentorshipId,
    pub created_at: DateTime<Utc>,
    pub accepted_at: Option<DateTime<Utc>>,
    pub starts_on: Option<NaiveDate>,
    pub ends_on: Option<NaiveDate>,
    pub status: Status,
}

#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub struct SessionFacts {
    pub planned_at: DateTime<Utc>,
    pub status: SessionStatus,
    pub held_at: Option<DateTime<Utc>>,
    pub contact_minutes: Option<i32>,
    pub preparation_minutes: Option<i32>,
    pub travel_minutes: Option<i32>,
    pub countable: bool,
    pub reported_at: Option<DateTime<Utc>>,
}

pub async fn mentorships_of(access: &Access, mentor: MentorId) -> Result<Vec<MentorshipFacts>> {
    let own = mentorships::table.filter(visible_to(access.reach)).filter(mentorships::mentor_id.eq(mentor));
    Ok(own.select(MentorshipFacts::as_select()).load(&mut &*access.worker.db.reader().await?).await?)
}

/// Those that were planned for the year, or held in it.
pub async fn sessions_of(access: &Access, mentor: MentorId, span: &Span) -> Result<Vec<SessionFacts>> {
    let own = sessions::table.filter(visible_sessions(access.reach)).filter(sessions::mentor_id.eq(mentor));
    let planned = sessions::planned_at.ge(span.begins).and(sessions::planned_at.lt(span.ends));
    let held = sessions::held_at.ge(span.begins).and(sessions::held_at.lt(span.ends));
    let within = own.filter(planned.or(held)).select(SessionFacts::as_select());
    Ok(within.load(&mut &*access.worker.db.reader().await?).await?)
}

/// Where those stand that were set in the year.
pub async fn objectives_of(
    access: &Access,
    mentorships: &[MentorshipId],
    span: &Span,
) -> Result<Vec<ObjectiveStatus>> {
    let set = objectives::table.filter(objectives::mentorship_id.eq_any(mentorships));
    let set = set.filter(objectives::created_at.ge(span.begins).and(objectives::created_at.lt(span.ends)));
    Ok(set.select(objectives::status).load(&mut &*access.worker.db.reader().await?).await?)
}

pub async fn plans_accepted(access: &Access, mentorships: &[MentorshipId], span: &Span) -> Result<i64> {
    let accepted = plans::table.filter(plans::mentorship_id.eq_any(mentorships));
    let accepted = accepted.filter(plans::accepted_at.ge(span.begins).and(plans::accepted_at.lt(span.ends)));
    Ok(accepted.count().get_result(&mut &*access.worker.db.reader().await?).await?)
}
