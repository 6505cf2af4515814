//! `Idempotency-Key`: the first answer to a write, kept in the transaction of the write. So a kept
//! key and a committed write are one and the same, and there is no half-done state to clean up.
//! Only 2xx answers are kept: a refused request wrote nothing, and is simply judged again.

use aws_lc_rs::hmac;
use chrono::Duration;
use diesel::{define_sql_function, prelude::*, sql_types};
use diesel_async::RunQueryDsl;
use serde::Serialize;

use crate::{
    access::{Access, Origin},
    db::schema::idempotency_keys as keys,
    error::{ApiError, Result},
    http::Answer,
    log::Job,
    records::tx::Tx,
};

define_sql_function! { fn pg_try_advisory_xact_lock(key: sql_types::BigInt) -> sql_types::Bool; }

pub struct Key {
    /// Of the caller and the key: two callers never share one.
    id: Vec<u8>,
    fingerprint: Vec<u8>,
}

impl Key {
    /// For what keeps the answer elsewhere than here: the key, and what was asked with it.
    pub fn parts(self) -> (Vec<u8>, Vec<u8>) {
        (self.id, self.fingerprint)
    }

    /// Clients may quote it, as the IETF draft does, or not, as Stripe does.
    pub fn of(access: &Access, body: &impl Serialize) -> Result<Option<Self>> {
        let Origin::Request(request) = &access.origin else { return Ok(None) };
        let Some(sent) = request.headers().get("idempotency-key") else { return Ok(None) };
        let key = sent.to_str().map_err(|_| ApiError::BadIdempotencyKey)?.trim_matches('"');
        let printable = key.bytes().all(|byte| (0x20..0x7f).contains(&byte));
        if !printable || !(1..=255).contains(&key.len()) {
            return Err(ApiError::BadIdempotencyKey);
        }
        let (actor, secret) =
            (&access.actor, access.worker.keys.purpose("idempotency").map_err(ApiError::internal)?);
        let caller = format!("{} {} {} {key}", actor.user, actor.client, actor.party);
        let line = format!("{} {}\n", request.method(), request.path());
        let body = serde_json::to_vec(body).map_err(ApiError::internal)?;
        let id = mac(&secret, &[caller.as_bytes()]);
        Ok(Some(Self { fingerprint: mac(&secret, &[line.as_bytes(), &body]), id }))
    }
}

/// The answer that this key has had, if any. While another transaction works on it: 409.
pub async fn earlier(tx: &Tx<'_>, key: Option<&Key>) -> Result<Option<Answer>> {
    let Some(key) = key else { return Ok(None) };
    let lock = i64::from_be_bytes(key.id.first_chunk().copied().unwrap_or_default());
    let kept = || keys::table.find(&key.id);
    let look = diesel::select((
        pg_try_advisory_xact_lock(lock),
        kept().select(keys::fingerprint).single_value(),
        kept().select(keys::answer).single_value(),
    ));
    let (locked, fingerprint, answer): (bool, Option<Vec<u8>>, Option<Vec<u8>>) =
        look.get_result(&mut tx.sql()).await?;
    match answer {
        _ if !locked => Err(ApiError::InProgress),
        None => Ok(None),
        Some(_) if fingerprint.as_ref() != Some(&key.fingerprint) => Err(ApiError::KeyReused),
        Some(answer) => {
            let answer = tx.worker.keys.open_kept(&key.id, &answer).map_err(ApiError::internal)?;
            Ok(Some(serde_json::from_slice::<Answer>(&answer).map_err(ApiError::internal)?.replayed()))
        }
    }
}

pub async fn keep(tx: &Tx<'_>, key: Option<&Key>, answer: &Answer) -> Result<()> {
    let Some(key) = key else { return Ok(()) };
    let answer = serde_json::to_vec(answer).map_err(ApiError::internal)?;
    let answer = tx.worker.keys.seal_kept(&key.id, &answer).map_err(ApiError::internal)?;
    let row = (
        keys::id.eq(&key.id),
        keys::fingerprint.eq(&key.fingerprint),
        keys::answer.eq(answer),
        keys::created_at.eq(tx.now),
    );
    let kept = diesel::insert_into(keys::table).values(row).execute(&mut tx.sql()).await;
    // Another may have committed after `earlier` looked and before it locked: the primary key sees it.
    match kept.map_err(ApiError::from) {
        Err(ApiError::Duplicate { .. }) => Err(ApiError::InProgress),
        kept => kept.map(drop),
    }
}

/// With a key: a body may hold what can be guessed.
fn mac(secret: &hmac::Key, parts: &[&[u8]]) -> Vec<u8> {
    let mut context = hmac::Context::with_key(secret);
    parts.iter().for_each(|part| context.update(part));
    context.sign().as_ref().to_vec()
}

/// Forgets kept answers, after the 30 days that the documentation promises.
pub const FORGET: Job = Job {
    name: "idempotency.forget",
    every: Duration::hours(1),
    work: |tx| {
        Box::pin(async move {
            let old = keys::table.filter(keys::created_at.lt(tx.now - Duration::days(30)));
            diesel::delete(old).execute(&mut tx.sql()).await?;
            Ok(vec![])
        })
    },
};
