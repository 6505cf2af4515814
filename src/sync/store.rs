//! Queries on `sync_runs` and what is kept of their rows. Every read starts from `visible_to`.

use std::rc::Rc;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::payloads::{Summary, SyncRun, SyncRunFilter, SyncStatus};
use crate::{
    access::{Access, Reach, Visible},
    db::{
        Every, Nothing,
        schema::{sync_batches, sync_runs},
        word,
    },
    error::Result,
    http::{Page, Query, narrow, page},
    ids::SyncRunId,
    records::{Gathered, Tx, gather},
    worker::Worker,
};

/// Who syncs for a party sees all of its runs.
fn visible_to(reach: Reach) -> Visible<sync_runs::table> {
    match reach {
        Reach::All => Box::new(Every),
        Reach::Own(party) => Box::new(sync_runs::party.eq(party.to_string())),
        Reach::Shared(_) => Box::new(Nothing),
    }
}

impl Gathered for SyncRun {
    async fn fetch(worker: &Worker, reach: Reach, ids: &[SyncRunId]) -> Result<Vec<Self>> {
        let query = sync_runs::table.filter(visible_to(reach)).filter(sync_runs::id.eq_any(ids));
        Ok(query.select(Self::as_select()).load(&mut &*worker.db.reader().await?).await?)
    }
}

pub async fn find(access: &Access, id: SyncRunId) -> Result<Rc<SyncRun>> {
    gather::one(access, id).await
}

pub async fn list(access: &Access, Query { filter, window }: Query<SyncRunFilter>) -> Result<Page<SyncRun>> {
    let rows = || {
        let mut query = sync_runs::table.filter(visible_to(access.reach)).into_boxed();
        narrow!(query by filter => sync_runs: resource, status);
        query
    };
    page!(access, window, rows(), SyncRun)
}

/// The run of an `Idempotency-Key`, and what was asked with it.
pub async fn of_key(access: &Access, key: &[u8]) -> Result<Option<(SyncRun, Option<Vec<u8>>)>> {
    let run = sync_runs::table.filter(sync_runs::key_id.eq(key));
    let run = run.select((SyncRun::as_select(), sync_runs::fingerprint));
    Ok(run.first(&mut &*access.worker.db.reader().await?).await.optional()?)
}

pub async fn insert(tx: &Tx<'_>, run: &SyncRun, key: Option<(Vec<u8>, Vec<u8>)>) -> Result<()> {
    let (key, fingerprint) = key.unzip();
    let new = (
        sync_runs::id.eq(run.id),
        sync_runs::resource.eq(&run.resource),
        sync_runs::source.eq(&run.source),
        sync_runs::mode.eq(run.mode),
        sync_runs::dry_run.eq(run.dry_run),
        sync_runs::atomic.eq(run.atomic),
        sync_runs::media_type.eq(&run.media_type),
        sync_runs::sha256.eq(&run.sha256),
        sync_runs::size_bytes.eq(run.size_bytes),
        sync_runs::party.eq(&run.party),
        sync_runs::actor_id.eq(run.actor_id),
        sync_runs::client_id.eq(&run.client_id),
        (
            sync_runs::status.eq(run.status),
            sync_runs::progressed_at.eq(tx.now),
            sync_runs::key_id.eq(key),
            sync_runs::fingerprint.eq(fingerprint),
            sync_runs::created_at.eq(tx.now),
            sync_runs::updated_at.eq(tx.now),
        ),
    );
    diesel::insert_into(sync_runs::table).values(new).execute(&mut tx.sql()).await?;
    Ok(())
}

/// What is done so far.
pub async fn progress(tx: &Tx<'_>, id: SyncRunId, summary: &Summary, line: i64) -> Result<()> {
    let done = (sync_runs::done_line.eq(line), sync_runs::progressed_at.eq(tx.now), summary);
    diesel::update(sync_runs::table.find(id)).set(done).execute(&mut tx.sql()).await?;
    Ok(())
}

/// One that had stopped runs again.
pub async fn resume(tx: &Tx<'_>, id: SyncRunId) -> Result<()> {
    let runs = (
        sync_runs::status.eq(SyncStatus::Running),
        sync_runs::problem.eq(None::<String>),
        sync_runs::duration_ms.eq(None::<i64>),
        sync_runs::progressed_at.eq(tx.now),
    );
    diesel::update(sync_runs::table.find(id)).set(runs).execute(&mut tx.sql()).await?;
    Ok(())
}

/// A run has ended, one way or the other. The summary is that of what it did, or would have done.
pub async fn end(tx: &Tx<'_>, run: &SyncRun) -> Result<SyncRun> {
    let ended = (
        sync_runs::status.eq(run.status),
        sync_runs::problem.eq(&run.problem),
        sync_runs::duration_ms.eq(run.duration_ms),
        sync_runs::done_line.eq(run.done_line),
        sync_runs::version.eq(sync_runs::version + 1),
        sync_runs::updated_at.eq(tx.now),
        run.summary,
    );
    let update = diesel::update(sync_runs::table.find(run.id)).set(ended);
    Ok(update.returning(SyncRun::as_returning()).get_result(&mut tx.sql()).await?)
}

/// Those that nobody goes on with.
pub async fn lock_abandoned(tx: &Tx<'_>, before: DateTime<Utc>) -> Result<Vec<SyncRun>> {
    let runs = sync_runs::table.filter(sync_runs::status.eq(word(SyncStatus::Running)));
    let runs = runs.filter(sync_runs::progressed_at.lt(before)).order(sync_runs::progressed_at);
    Ok(runs.select(SyncRun::as_select()).for_update().load(&mut tx.sql()).await?)
}

pub async fn keep(
    tx: &Tx<'_>,
    run: SyncRunId,
    number: i32,
    lines: &[u8],
    refused: Option<&[u8]>,
) -> Result<()> {
    let new = (
        sync_batches::run_id.eq(run),
        sync_batches::number.eq(number),
        sync_batches::lines.eq(lines),
        sync_batches::refused.eq(refused),
        sync_batches::created_at.eq(tx.now),
    );
    diesel::insert_into(sync_batches::table).values(new).execute(&mut tx.sql()).await?;
    Ok(())
}

/// One by one: together they may be large.
pub async fn kept(
    access: &Access,
    run: SyncRunId,
    number: i32,
) -> Result<Option<(Vec<u8>, Option<Vec<u8>>)>> {
    let one = sync_batches::table.find((run, number)).select((sync_batches::lines, sync_batches::refused));
    Ok(one.first(&mut &*access.worker.db.reader().await?).await.optional()?)
}

pub async fn forget(tx: &Tx<'_>, before: DateTime<Utc>) -> Result<()> {
    let old = sync_batches::table.filter(sync_batches::created_at.lt(before));
    diesel::delete(old).execute(&mut tx.sql()).await?;
    Ok(())
}
