//! Queries on `notification_mails`. A mail that is being sent is not held by a transaction, which must not wait
//! for a server: it is claimed, so that nobody else tries it before the claim runs out.

use chrono::{DateTime, Duration, Utc};
use diesel::{
    QueryableByName,
    prelude::*,
    sql_query,
    sql_types::{Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;

use crate::{
    db::schema::notification_mails as mails,
    error::Result,
    ids::{NotificationId, UserId},
    records::Tx,
    worker::Worker,
};

/// What is to be sent, and how often it was tried with this time.
#[derive(QueryableByName)]
pub struct Claimed {
    #[diesel(sql_type = SqlUuid)]
    pub id: NotificationId,
    #[diesel(sql_type = SqlUuid)]
    pub user_id: UserId,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Text)]
    pub resource: String,
    #[diesel(sql_type = SqlUuid)]
    pub subject_id: uuid::Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub parent_id: Option<uuid::Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub number: Option<String>,
    #[diesel(sql_type = Integer)]
    pub attempts: i32,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
}

pub async fn queue(tx: &Tx<'_>, notification: NotificationId) -> Result<()> {
    let new = (
        mails::notification_id.eq(notification),
        mails::next_try_at.eq(tx.now),
        mails::created_at.eq(tx.now),
    );
    diesel::insert_into(mails::table).values(new).execute(&mut tx.sql()).await?;
    Ok(())
}

/// The one that has waited the longest, if any is due.
pub async fn claim(worker: &Worker, claim: Duration) -> Result<Option<Claimed>> {
    let now = worker.clock.now();
    let query = sql_query(
        "with due as (
            select notification_id from notification_mails
            where sent_at is null and gave_up_at is null and next_try_at <= $1
            order by next_try_at limit 1 for update skip locked),
        claimed as (
            update notification_mails m set attempts = attempts + 1, next_try_at = $2
            from due where m.notification_id = due.notification_id
            returning m.notification_id, m.attempts, m.created_at)
        select n.id, n.user_id, n.kind, n.resource, n.subject_id, n.parent_id, b.number, c.attempts, c.created_at
        from claimed c join notifications n on n.id = c.notification_id
        left join businesses b on b.id = n.business_id",
    );
    let query = query.bind::<Timestamptz, _>(now).bind::<Timestamptz, _>(now + claim);
    Ok(query.get_result(&mut &*worker.db.reader().await?).await.optional()?)
}

pub async fn sent(worker: &Worker, id: NotificationId) -> Result<()> {
    let sent = (mails::sent_at.eq(worker.clock.now()), mails::last_error.eq(None::<String>));
    diesel::update(mails::table.find(id)).set(sent).execute(&mut &*worker.db.reader().await?).await?;
    Ok(())
}

pub async fn try_again(worker: &Worker, id: NotificationId, at: DateTime<Utc>, why: &str) -> Result<()> {
    let later = (mails::next_try_at.eq(at), mails::last_error.eq(why));
    diesel::update(mails::table.find(id)).set(later).execute(&mut &*worker.db.reader().await?).await?;
    Ok(())
}

pub async fn give_up(worker: &Worker, id: NotificationId, why: &str) -> Result<()> {
    let gave_up = (mails::gave_up_at.eq(worker.clock.now()), mails::last_error.eq(why));
    diesel::update(mails::table.find(id)).set(gave_up).execute(&mut &*worker.db.reader().await?).await?;
    Ok(())
}
