//! Queries on `mails`. A letter that is being sent is not held by a transaction, which must not wait for a
//! server: it is claimed, so that nobody else tries it before the claim runs out.

use chrono::{DateTime, Duration, Utc};
use diesel::{
    QueryableByName,
    prelude::*,
    sql_query,
    sql_types::{Binary, Integer, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    db::schema::mails,
    error::{ApiError, Result},
    records::Tx,
    worker::Worker,
};

/// What is sent to whom. Until then only the service can read it, and afterwards nobody can.
#[derive(Serialize, Deserialize)]
pub struct Letter {
    pub to: String,
    pub subject: String,
    pub text: String,
}

/// A letter to be sent, and how often it was tried with this time.
#[derive(QueryableByName)]
pub struct Claimed {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Binary)]
    sealed: Vec<u8>,
    #[diesel(sql_type = Integer)]
    pub attempts: i32,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
}

impl Claimed {
    pub fn open(&self, worker: &Worker) -> Result<Letter> {
        let letter = worker.keys.open_letter(self.id, &self.sealed).map_err(ApiError::internal)?;
        serde_json::from_slice(&letter).map_err(ApiError::internal)
    }
}

/// `id` is new, or of the record that the letter tells of.
pub async fn queue(tx: &Tx<'_>, id: Uuid, letter: &Letter) -> Result<()> {
    let letter = serde_json::to_vec(letter).map_err(ApiError::internal)?;
    let new = (
        mails::id.eq(id),
        mails::sealed.eq(tx.worker.keys.seal_letter(id, &letter).map_err(ApiError::internal)?),
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
        "update mails set attempts = attempts + 1, next_try_at = $2 where id = (
            select id from mails where sealed is not null and next_try_at <= $1
            order by next_try_at limit 1 for update skip locked)
        returning id, sealed, attempts, created_at",
    );
    let query = query.bind::<Timestamptz, _>(now).bind::<Timestamptz, _>(now + claim);
    Ok(query.get_result(&mut &*worker.db.reader().await?).await.optional()?)
}

pub async fn sent(worker: &Worker, id: Uuid) -> Result<()> {
    let sent = (mails::sent_at.eq(worker.clock.now()), mails::sealed.eq(None::<Vec<u8>>));
    let sent = (sent, mails::last_error.eq(None::<String>));
    diesel::update(mails::table.find(id)).set(sent).execute(&mut &*worker.db.reader().await?).await?;
    Ok(())
}

pub async fn try_again(worker: &Worker, id: Uuid, at: DateTime<Utc>, why: &str) -> Result<()> {
    let later = (mails::next_try_at.eq(at), mails::last_error.eq(why));
    diesel::update(mails::table.find(id)).set(later).execute(&mut &*worker.db.reader().await?).await?;
    Ok(())
}

pub async fn give_up(worker: &Worker, id: Uuid, why: &str) -> Result<()> {
    let gave_up = (mails::gave_up_at.eq(worker.clock.now()), mails::sealed.eq(None::<Vec<u8>>));
    let gave_up = (gave_up, mails::last_error.eq(why));
    diesel::update(mails::table.find(id)).set(gave_up).execute(&mut &*worker.db.reader().await?).await?;
    Ok(())
}
