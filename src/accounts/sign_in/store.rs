//! Queries on `refresh_tokens`.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::tokens::{REFRESH, Session};
use crate::{
    access::Role,
    accounts::{grants::Grant, users},
    db::{
        Connection,
        schema::{refresh_tokens as tokens, user_grants, users as user_rows},
    },
    error::Result,
    ids::UserId,
    log::Job,
    records::Tx,
};

/// What a used-up token is followed by.
pub enum Exchange {
    For(Session),
    /// Unknown, used before, too old, or of who may no longer be that.
    Refused,
}

#[derive(Queryable)]
struct Kept {
    family: Uuid,
    user: UserId,
    role: Role,
    subject_id: Option<Uuid>,
    scope: String,
    used_at: Option<DateTime<Utc>>,
    expires_at: DateTime<Utc>,
}

/// The first of a family.
pub async fn begin(mut sql: &Connection, now: DateTime<Utc>, mac: Vec<u8>, session: &Session) -> Result<()> {
    insert(&mut sql, now, mac, Uuid::now_v7(), session).await
}

/// Uses up the token with one mark and keeps another in its place. A token that comes a second time was
/// stolen, or its successor was: the whole family ends (RFC 9700).
pub async fn exchange(tx: &Tx<'_>, mac: &[u8], next: Vec<u8>) -> Result<Exchange> {
    let kept = tokens::table.find(mac).for_update().select((
        tokens::family,
        tokens::user_id,
        tokens::role,
        tokens::subject_id,
        tokens::scope,
        tokens::used_at,
        tokens::expires_at,
    ));
    let kept: Option<Kept> = kept.first(&mut tx.sql()).await.optional()?;
    let Some(kept) = kept else { return Ok(Exchange::Refused) };
    let grant = Grant { role: kept.role, subject_id: kept.subject_id };
    if kept.used_at.is_some() || kept.expires_at <= tx.now || !may_still_be(tx, kept.user, grant).await? {
        let family = tokens::table.filter(tokens::family.eq(kept.family));
        diesel::delete(family).execute(&mut tx.sql()).await?;
        return Ok(Exchange::Refused);
    }
    diesel::update(tokens::table.find(mac)).set(tokens::used_at.eq(tx.now)).execute(&mut tx.sql()).await?;
    let session = Session { scope: kept.scope, ..Session::of_user(kept.user, grant) };
    insert(&mut tx.sql(), tx.now, next, kept.family, &session).await?;
    Ok(Exchange::For(session))
}

/// Ends the family of a token; one that is unknown has ended already.
pub async fn end(mut sql: &Connection, mac: &[u8]) -> Result<()> {
    let family: Option<Uuid> =
        tokens::table.find(mac).select(tokens::family).first(&mut sql).await.optional()?;
    if let Some(family) = family {
        diesel::delete(tokens::table.filter(tokens::family.eq(family))).execute(&mut sql).await?;
    }
    Ok(())
}

async fn may_still_be(tx: &Tx<'_>, user: UserId, grant: Grant) -> Result<bool> {
    let query = user_rows::table.inner_join(user_grants::table.on(user_grants::user_id.eq(user_rows::id)));
    let query = query.filter(user_rows::id.eq(user)).filter(user_rows::status.eq(users::Status::Active));
    let query = query.filter(user_grants::role.eq(grant.role));
    let query = query.filter(user_grants::subject_id.is_not_distinct_from(grant.subject_id));
    Ok(diesel::select(diesel::dsl::exists(query)).get_result(&mut tx.sql()).await?)
}

async fn insert(
    sql: &mut &Connection,
    now: DateTime<Utc>,
    mac: Vec<u8>,
    family: Uuid,
    session: &Session,
) -> Result<()> {
    let row = (
        tokens::mac.eq(mac),
        tokens::family.eq(family),
        tokens::user_id.eq(session.user),
        tokens::role.eq(session.grant.role),
        tokens::subject_id.eq(session.grant.subject_id),
        tokens::scope.eq(&session.scope),
        tokens::used_at.eq(None::<DateTime<Utc>>),
        tokens::expires_at.eq(now + REFRESH),
    );
    diesel::insert_into(tokens::table).values(row).execute(sql).await?;
    Ok(())
}

/// Used and old tokens are kept until they would have ended, to know them when they come again.
pub const FORGET_REFRESH_TOKENS: Job = Job {
    name: "forget_refresh_tokens",
    every: chrono::Duration::hours(1),
    work: |tx| {
        Box::pin(async move {
            let old = tokens::table.filter(tokens::expires_at.lt(tx.now));
            diesel::delete(old).execute(&mut tx.sql()).await?;
            Ok(vec![])
        })
    },
};
