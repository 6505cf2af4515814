//! Queries on `sessions`. Every read starts from `visible_to`.

use std::rc::Rc;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::{
    payloads::{Report, Session, SessionFields, SessionFilter, Status},
    rules::planned,
};
use crate::{
    access::{Access, Party, Reach, Visible},
    db::{Every, Nothing, schema::sessions},
    error::{ApiError, Result},
    http::{Page, Query, narrow, page},
    ids::{MentorshipId, SessionId},
    mentorships::payloads::Mentorship,
    records::{Gathered, Tx, gather, shared_with},
    worker::Worker,
};

/// A mentor's own and those of an institution's mentors, for good; to others, those of the businesses that
/// are shared with them.
fn visible_to(reach: Reach) -> Visible<sessions::table> {
    match reach {
        Reach::All => Box::new(Every),
        Reach::Own(Party::Mentor(id)) => Box::new(sessions::mentor_id.eq(id)),
        Reach::Own(Party::Institution(id)) => Box::new(sessions::institution_id.assume_not_null().eq(id)),
        Reach::Shared(party) => Box::new(shared_with(party, "sessions.business_id")),
        Reach::Own(_) => Box::new(Nothing),
    }
}

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

/// Whether the mentor has met the business at all.
pub async fn any_held(tx: &Tx<'_>, of: MentorshipId) -> Result<bool> {
    let held = sessions::table.filter(sessions::mentorship_id.eq(of));
    let held = held.filter(sessions::status.eq_any([Status::Held, Status::Confirmed]));
    Ok(diesel::select(diesel::dsl::exists(held)).get_result(&mut tx.sql()).await?)
}
