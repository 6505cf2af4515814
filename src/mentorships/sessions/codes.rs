//! The four digits by which an owner without an account confirms a session: the desk gives them to the
//! owner, the owner tells the mentor. They are good for seven days and five guesses.

use actix_web::{post, web::Path};
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    payloads::{Session, Status},
    store,
};
use crate::{
    access::{Access, Granted, may::IssueSessionCodes},
    db::schema::session_codes as codes,
    error::{ApiError, Result},
    http::{Answer, Code, Shown},
    ids::{MentorshipId, SessionId},
    log::Event,
    records::{Record, Tx},
    secrets::random,
};

const LIFE: Duration = Duration::days(7);
const MOST_GUESSES: i32 = 5;

#[derive(Serialize, ToSchema)]
pub struct ConfirmationCode {
    /// Shown this once.
    #[schema(min_length = 4, max_length = 4, example = "0417")]
    pub code: String,
    pub expires_at: DateTime<Utc>,
}

/// Issue the code by which the owner confirms a session.
///
/// For an owner without an account: tell it to nobody else. It takes the place of an earlier one, is good
/// for seven days, and for five guesses.
#[utoipa::path(
    params(("id" = MentorshipId, Path), ("session_id" = SessionId, Path)),
    responses((status = 201, body = ConfirmationCode)),
)]
#[post("/{id}/sessions/{session_id}/code")]
pub async fn create_session_code(
    granted: Granted<IssueSessionCodes>,
    ids: Path<(MentorshipId, SessionId)>,
) -> Result<Answer> {
    granted
        .write(&(), async |tx| {
            let (session, once) = issue(tx, ids.0, ids.1).await?;
            let event = Event::changed(&session, &session, "code_issued");
            Ok((Shown { of: None, once }, event))
        })
        .await
}

/// A new code for a session that was held.
pub async fn issue(
    tx: &Tx<'_>,
    mentorship: MentorshipId,
    session: SessionId,
) -> Result<(Session, ConfirmationCode)> {
    let session = store::lock(tx, tx.reach, mentorship, session).await?;
    if session.report.status != Status::Held {
        return Err(ApiError::blocked("not_held", Session::KIND, [session.id]));
    }
    let digits = u32::from_be_bytes(random::bytes().map_err(ApiError::internal)?) % 10_000;
    let code = format!("{digits:04}");
    let expires_at = tx.now + LIFE;
    replace(tx, session.id, &code, expires_at).await?;
    Ok((session, ConfirmationCode { code, expires_at }))
}

async fn replace(tx: &Tx<'_>, session: SessionId, code: &str, expires_at: DateTime<Utc>) -> Result<()> {
    let row = (
        codes::session_id.eq(session),
        codes::code.eq(mac(tx, session, code)?),
        codes::tries.eq(0),
        codes::expires_at.eq(expires_at),
    );
    let insert = diesel::insert_into(codes::table).values(row);
    let again =
        (codes::code.eq(mac(tx, session, code)?), codes::tries.eq(0), codes::expires_at.eq(expires_at));
    insert.on_conflict(codes::session_id).do_update().set(again).execute(&mut tx.sql()).await?;
    Ok(())
}

/// Judges a guess. It counts in a transaction of its own, whatever becomes of the caller's: otherwise a wrong
/// one would be forgotten with the request that it fails.
pub async fn guess(access: &Access, session: SessionId, guessed: &str) -> Result<()> {
    let right = access.in_transaction(async |tx| {
        let row = codes::table.find(session).select((codes::code, codes::tries, codes::expires_at));
        let row: Option<(Vec<u8>, i32, DateTime<Utc>)> =
            row.for_update().first(&mut tx.sql()).await.optional()?;
        let Some((code, tries, expires_at)) = row else { return Ok(None) };
        if tries >= MOST_GUESSES || expires_at <= tx.now {
            return Ok(None);
        }
        let right = code == mac(tx, session, guessed)?;
        if !right {
            let counted = diesel::update(codes::table.find(session)).set(codes::tries.eq(tries + 1));
            counted.execute(&mut tx.sql()).await?;
        }
        Ok(Some(right))
    });
    match right.await? {
        Some(true) => Ok(()),
        Some(false) => Err(ApiError::invalid(Code::WrongCode.at("/code"))),
        None => Err(ApiError::invalid(Code::SpentCode.at("/code"))),
    }
}

fn mac(access: &Access, session: SessionId, code: &str) -> Result<Vec<u8>> {
    let secret = format!("{} {code}", session.0);
    access.worker.keys.mac("session codes", &secret).map_err(ApiError::internal)
}
