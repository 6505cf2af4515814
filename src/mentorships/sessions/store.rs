//! Queries on `sessions`. Every read starts from `visible_to`.

use std::rc::Rc;

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::{
    payloads::{Mode, Report, Session, SessionFields, SessionFilter, Status},
    rules::{Stretch, planned},
};
use crate::{
    access::{Access, Party, Reach, Visible},
    db::{Every, Nothing, schema::sessions},
    error::{ApiError, Result},
    http::{Page, Query, narrow, page},
    ids::{MentorId, MentorshipId, SessionId},
    log::Event,
    mentorships::payloads::{Mentorship, readers_with},
    records::{Gathered, Tx, gather, shared_with, whole},
    worker::Worker,
};

/// A mentor's own and those of an institution's mentors, for good; to others, those of the businesses that
/// are shared with them.
pub fn visible_to(reach: Reach) -> Visible<sessions::table> {
    match reach {
        Reach::All => Box::new(Every),
        Reach::Own(Party::Mentor(id)) => Box::new(sessions::mentor_ids.contains(vec![id])),
        Reach::Own(Party::Institution(id)) => Box::new(sessions::institution_id.assume_not_null().eq(id)),
        Reach::Shared(party) => Box::new(shared_with(party, "sessions.business_id")),
        Reach::Own(_) => Box::new(Nothing),
    }
}

whole!(sessions => Session);

impl Gathered for Session {
    async fn fetch(worker: &Worker, reach: Reach, ids: &[SessionId]) -> Result<Vec<Self>> {
        let query = sessions::table.filter(visible_to(reach)).filter(sessions::id.eq_any(ids));
        Ok(query.select(Self::as_select()).load(&mut &*worker.db.reader().await?).await?)
    }
}

pub async fn find(access: &Access, of: MentorshipId, id: SessionId) -> Result<Rc<Session>> {
    let session = gather::one::<Session>(access, id).await?;
    if session.mentorship_id == of { Ok(session) } else { Err(ApiError::NotFound) }
}

pub async fn list(
    access: &Access,
    of: MentorshipId,
    Query { filter, window }: Query<SessionFilter>,
) -> Result<Page<Session>> {
    let rows = || {
        let mut query = sessions::table.filter(visible_to(access.reach)).into_boxed();
        query = query.filter(sessions::mentorship_id.eq(of));
        narrow!(query by filter => sessions: status, mode);
        query
    };
    page!(access, window, rows(), Session)
}

pub async fn insert(tx: &Tx<'_>, of: &Mentorship, fields: &SessionFields) -> Result<Rc<Session>> {
    let new = (
        sessions::id.eq(SessionId::generate()),
        sessions::mentorship_id.eq(of.id),
        sessions::business_id.eq(of.fields.business_id),
        sessions::mentor_id.eq(of.fields.mentor_id),
        sessions::institution_id.eq(of.institution_id),
        sessions::mentor_ids.eq(vec![of.fields.mentor_id]),
        sessions::created_at.eq(tx.now),
        sessions::updated_at.eq(tx.now),
        fields,
        planned(),
    );
    let insert = diesel::insert_into(sessions::table).values(new);
    Ok(Rc::new(insert.returning(Session::as_returning()).get_result(&mut tx.sql()).await?))
}

/// Reads a session and holds its row until the transaction ends.
pub async fn lock(tx: &Tx<'_>, reach: Reach, of: MentorshipId, id: SessionId) -> Result<Session> {
    let query = sessions::table.find(id).filter(visible_to(reach)).filter(sessions::mentorship_id.eq(of));
    Ok(query.select(Session::as_select()).for_update().first(&mut tx.sql()).await?)
}

/// One that is not asked for by its mentorship.
pub async fn by_id(tx: &Tx<'_>, reach: Reach, id: SessionId) -> Result<Session> {
    let query = sessions::table.find(id).filter(visible_to(reach)).select(Session::as_select());
    Ok(query.for_update().first(&mut tx.sql()).await?)
}

pub async fn update(tx: &Tx<'_>, id: SessionId, fields: &SessionFields) -> Result<Rc<Session>> {
    let change = (fields, sessions::version.eq(sessions::version + 1), sessions::updated_at.eq(tx.now));
    let update = diesel::update(sessions::table.find(id)).set(change);
    Ok(Rc::new(update.returning(Session::as_returning()).get_result(&mut tx.sql()).await?))
}

/// With the place, where the report names another than was planned.
pub async fn advance(
    tx: &Tx<'_>,
    id: SessionId,
    report: &Report,
    place: Option<&str>,
) -> Result<Rc<Session>> {
    let change = (
        report,
        place.map(|place| sessions::place.eq(place)),
        sessions::version.eq(sessions::version + 1),
        sessions::updated_at.eq(tx.now),
    );
    let update = diesel::update(sessions::table.find(id)).set(change);
    Ok(Rc::new(update.returning(Session::as_returning()).get_result(&mut tx.sql()).await?))
}

/// What the mentor held from half a day before, which is as long as a session lasts, to half a day after.
pub async fn held_around(tx: &Tx<'_>, mentor: MentorId, at: DateTime<Utc>) -> Result<Vec<Stretch>> {
    let half_a_day = Duration::hours(12);
    let held = sessions::table
        .filter(sessions::mentor_id.eq(mentor))
        .filter(sessions::held_at.assume_not_null().between(at - half_a_day, at + half_a_day));
    let columns = (
        sessions::id,
        sessions::held_at.assume_not_null(),
        sessions::contact_minutes.assume_not_null(),
        sessions::mode,
    );
    let rows: Vec<(SessionId, DateTime<Utc>, i32, Mode)> = held.select(columns).load(&mut tx.sql()).await?;
    let stretch = |(session_id, from, minutes, mode)| Stretch {
        session_id,
        from,
        minutes,
        in_group: mode == Mode::Group,
    };
    Ok(rows.into_iter().map(stretch).collect())
}

/// Lets the mentor to whom the mentorship passes read the logbook; what is only planned is his to hold.
pub async fn pass_on(tx: &Tx<'_>, after: &Mentorship) -> Result<Vec<Event>> {
    let to = after.fields.mentor_id;
    let all = sessions::table.filter(sessions::mentorship_id.eq(after.id)).order(sessions::id);
    let all: Vec<Session> = all.select(Session::as_select()).for_update().load(&mut tx.sql()).await?;
    let mut events = Vec::new();
    for before in all {
        let planned = before.report.status == Status::Planned;
        let readers = if planned { vec![to] } else { readers_with(&before.mentor_ids, to) };
        let change = (
            sessions::mentor_id.eq(if planned { to } else { before.mentor_id }),
            sessions::institution_id.eq(if planned { after.institution_id } else { before.institution_id }),
            sessions::mentor_ids.eq(readers),
            sessions::version.eq(sessions::version + 1),
            sessions::updated_at.eq(tx.now),
        );
        let update = diesel::update(sessions::table.find(before.id)).set(change);
        let passed: Session = update.returning(Session::as_returning()).get_result(&mut tx.sql()).await?;
        events.push(Event::changed(&before, &passed, "updated"));
    }
    Ok(events)
}

/// Whether the mentor has met the business at all.
pub async fn any_held(tx: &Tx<'_>, of: MentorshipId) -> Result<bool> {
    let held = sessions::table.filter(sessions::mentorship_id.eq(of));
    let held = held.filter(sessions::status.eq_any([Status::Held, Status::Confirmed]));
    Ok(diesel::select(diesel::dsl::exists(held)).get_result(&mut tx.sql()).await?)
}
