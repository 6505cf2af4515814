//! Queries on `notifications`. A user sees his own, of the party that he is signed in for.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::payloads::{Notification, NotificationFields, NotificationFilter, Row};
use crate::{
    access::{Access, Party, Visible},
    db::schema::{businesses, mentorships, notifications},
    error::Result,
    http::{Page, Query, page},
    ids::{BusinessId, MentorId, NotificationId, UserId},
    log::Logged,
    records::Tx,
};

/// The most that are marked in one write, each with its event.
const AT_ONCE: i64 = 500;

fn own_of(access: &Access) -> Visible<notifications::table> {
    let of_party = notifications::party.eq(access.actor.party.to_string());
    Box::new(notifications::user_id.eq(access.actor.user).and(of_party))
}

pub async fn list(
    access: &Access,
    Query { filter, window }: Query<NotificationFilter>,
) -> Result<Page<Notification>> {
    let reference = access.worker.reference();
    let rows = || {
        let query = notifications::table.filter(own_of(access)).into_boxed();
        match filter.unread {
            Some(unread) => query.filter(notifications::read.eq(!unread)),
            None => query,
        }
    };
    page!(access, window, rows(), Row => |row| Ok(Notification::of(row, &reference)))
}

pub async fn find(access: &Access, id: NotificationId) -> Result<Notification> {
    let query = notifications::table.find(id).filter(own_of(access)).select(Row::as_select());
    let row = query.first(&mut &*access.worker.db.reader().await?).await?;
    Ok(Notification::of(row, &access.worker.reference()))
}

/// Reads a notification and holds its row until the transaction ends.
pub async fn lock(tx: &Tx<'_>, id: NotificationId) -> Result<Notification> {
    let query = notifications::table.find(id).filter(own_of(tx)).select(Row::as_select());
    Ok(Notification::of(query.for_update().first(&mut tx.sql()).await?, &tx.worker.reference()))
}

/// Those that were not read, the oldest first.
pub async fn lock_unread(tx: &Tx<'_>) -> Result<Vec<Notification>> {
    let unread = notifications::table.filter(own_of(tx)).filter(notifications::read.eq(false));
    let unread = unread.order((notifications::created_at, notifications::id)).limit(AT_ONCE);
    let rows: Vec<Row> = unread.select(Row::as_select()).for_update().load(&mut tx.sql()).await?;
    let reference = tx.worker.reference();
    Ok(rows.into_iter().map(|row| Notification::of(row, &reference)).collect())
}

pub async fn update(tx: &Tx<'_>, id: NotificationId, fields: &NotificationFields) -> Result<Notification> {
    let change =
        (fields, notifications::version.eq(notifications::version + 1), notifications::updated_at.eq(tx.now));
    let update = diesel::update(notifications::table.find(id)).set(change).returning(Row::as_returning());
    Ok(Notification::of(update.get_result(&mut tx.sql()).await?, &tx.worker.reference()))
}

/// `None` where the user was told of the event before.
pub async fn insert(
    tx: &Tx<'_>,
    event: &Logged,
    parent: Option<Uuid>,
    user: UserId,
    party: Party,
) -> Result<Option<Notification>> {
    let new = (
        notifications::id.eq(NotificationId::generate()),
        notifications::user_id.eq(user),
        notifications::party.eq(party.to_string()),
        notifications::event_id.eq(event.id),
        notifications::kind.eq(&event.kind),
        notifications::resource.eq(&event.resource),
        notifications::subject_id.eq(event.subject_id),
        notifications::parent_id.eq(parent),
        notifications::business_id.eq(event.business_id),
        notifications::created_at.eq(tx.now),
        notifications::updated_at.eq(tx.now),
    );
    let insert = diesel::insert_into(notifications::table).values(new).on_conflict_do_nothing();
    let row: Option<Row> =
        insert.returning(Row::as_returning()).get_result(&mut tx.sql()).await.optional()?;
    Ok(row.map(|row| Notification::of(row, &tx.worker.reference())))
}

/// The number by which people know a business.
pub async fn number_of(tx: &Tx<'_>, business: Option<BusinessId>) -> Result<Option<String>> {
    let Some(id) = business else { return Ok(None) };
    Ok(businesses::table.find(id).select(businesses::number).first(&mut tx.sql()).await.optional()?)
}

/// Who coaches the business of an event now, or did what it is about.
pub async fn mentors_of(tx: &Tx<'_>, event: &Logged) -> Result<Vec<Party>> {
    let of_business = mentorships::table.filter(mentorships::business_id.nullable().eq(event.business_id));
    let concerned = mentorships::is_open.or(mentorships::id.eq_any(event.about.clone()));
    let mentors = of_business.filter(concerned).select(mentorships::mentor_id).distinct();
    let mentors: Vec<MentorId> = mentors.order(mentorships::mentor_id).load(&mut tx.sql()).await?;
    Ok(mentors.into_iter().map(Party::Mentor).collect())
}
