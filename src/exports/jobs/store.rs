//! Queries on `export_jobs`. A caller sees what it asked for itself, with this client and in this role.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::payloads::{ExportFields, ExportJob, ExportJobFilter, Failure, Status};
use crate::{
    access::{Access, Visible, token::Actor},
    db::schema::export_jobs,
    error::Result,
    http::{Page, Query, narrow, page},
    ids::ExportJobId,
    records::Tx,
    worker::Worker,
};

fn visible_to(actor: &Actor) -> Visible<export_jobs::table> {
    let user = export_jobs::user_id.eq(actor.user).and(export_jobs::client_id.eq(actor.client.clone()));
    let role = export_jobs::role.eq(actor.role);
    Box::new(user.and(role).and(export_jobs::subject_id.is_not_distinct_from(actor.subject)))
}

pub async fn list(
    access: &Access,
    Query { filter, window }: Query<ExportJobFilter>,
) -> Result<Page<ExportJob>> {
    let rows = || {
        let mut query = export_jobs::table.filter(visible_to(&access.actor)).into_boxed();
        narrow!(query by filter => export_jobs: resource, status);
        query
    };
    page!(access, window, rows(), ExportJob)
}

pub async fn find(access: &Access, id: ExportJobId) -> Result<ExportJob> {
    let own = export_jobs::table.find(id).filter(visible_to(&access.actor)).select(ExportJob::as_select());
    Ok(own.first(&mut &*access.worker.db.reader().await?).await?)
}

/// What a link leads to.
pub async fn linked(worker: &Worker, id: ExportJobId) -> Result<ExportJob> {
    let job = export_jobs::table.find(id).select(ExportJob::as_select());
    Ok(job.first(&mut &*worker.db.reader().await?).await?)
}

pub async fn unfinished(tx: &Tx<'_>) -> Result<Vec<ExportJobId>> {
    let own = export_jobs::table.filter(visible_to(&tx.actor)).filter(export_jobs::due_at.is_not_null());
    Ok(own.select(export_jobs::id).load(&mut tx.sql()).await?)
}

pub async fn insert(tx: &Tx<'_>, fields: &ExportFields) -> Result<ExportJob> {
    let actor = &tx.actor;
    let new = (
        export_jobs::id.eq(ExportJobId::generate()),
        export_jobs::user_id.eq(actor.user),
        export_jobs::client_id.eq(&actor.client),
        export_jobs::role.eq(actor.role),
        export_jobs::rows_as.eq(actor.rows_as),
        export_jobs::subject_id.eq(actor.subject),
        export_jobs::scope.eq(&*actor.scope),
        fields,
        export_jobs::due_at.eq(tx.now),
        export_jobs::created_at.eq(tx.now),
        export_jobs::updated_at.eq(tx.now),
    );
    let insert = diesel::insert_into(export_jobs::table).values(new);
    Ok(insert.returning(ExportJob::as_returning()).get_result(&mut tx.sql()).await?)
}

/// What a try has to say of a job, unless that has gone on meanwhile: then none.
macro_rules! change {
    ($tx:ident, $job:expr, $change:expr) => {{
        let same = export_jobs::table.find($job.id).filter(export_jobs::attempts.eq($job.attempts));
        let same = same.filter(export_jobs::status.eq($job.status));
        let told = (export_jobs::version.eq(export_jobs::version + 1), export_jobs::updated_at.eq($tx.now));
        let update = diesel::update(same).set(($change, told)).returning(ExportJob::as_returning());
        Ok(update.get_result(&mut $tx.sql()).await.optional()?)
    }};
}

/// The one that has waited the longest, if any is due, as it was and as it is now; nobody else takes it up `until`
/// then.
pub async fn claim(tx: &Tx<'_>, until: DateTime<Utc>) -> Result<Option<(ExportJob, ExportJob)>> {
    let due = export_jobs::table.filter(export_jobs::due_at.assume_not_null().le(tx.now));
    let due = due.order(export_jobs::due_at).limit(1).select(ExportJob::as_select());
    let due: Option<ExportJob> = due.for_update().skip_locked().first(&mut tx.sql()).await.optional()?;
    let Some(before) = due else { return Ok(None) };
    let change = (
        export_jobs::status.eq(Status::Running),
        export_jobs::done.eq(0),
        export_jobs::total.eq(None::<i64>),
        export_jobs::file_id.eq(Uuid::now_v7()),
        export_jobs::attempts.eq(export_jobs::attempts + 1),
        export_jobs::due_at.eq(until),
    );
    let after: Result<Option<ExportJob>> = change!(tx, before, change);
    Ok(after?.map(|after| (before, after)))
}

/// Whether it is still this try that writes it: then nobody else takes it up `until` then.
pub async fn keep(
    worker: &Worker,
    job: &ExportJob,
    done: i64,
    total: i64,
    until: DateTime<Utc>,
) -> Result<bool> {
    let same = export_jobs::table.find(job.id).filter(export_jobs::attempts.eq(job.attempts));
    let same = same.filter(export_jobs::due_at.is_not_null());
    let kept = (export_jobs::done.eq(done), export_jobs::total.eq(total), export_jobs::due_at.eq(until));
    Ok(diesel::update(same).set(kept).execute(&mut &*worker.db.reader().await?).await? > 0)
}

pub struct Written {
    pub records: i64,
    pub size_bytes: i64,
    pub sha256: String,
}

/// None where another try writes it meanwhile.
pub async fn complete(
    tx: &Tx<'_>,
    job: &ExportJob,
    written: &Written,
    expires_at: DateTime<Utc>,
) -> Result<Option<ExportJob>> {
    let change = (
        export_jobs::status.eq(Status::Complete),
        export_jobs::done.eq(written.records),
        export_jobs::total.eq(written.records),
        export_jobs::size_bytes.eq(written.size_bytes),
        export_jobs::sha256.eq(&written.sha256),
        export_jobs::due_at.eq(None::<DateTime<Utc>>),
        export_jobs::finished_at.eq(tx.now),
        export_jobs::expires_at.eq(expires_at),
    );
    change!(tx, job, change)
}

pub async fn fail(tx: &Tx<'_>, job: &ExportJob, why: Failure) -> Result<Option<ExportJob>> {
    let change = (
        export_jobs::status.eq(Status::Failed),
        export_jobs::failure.eq(why),
        export_jobs::due_at.eq(None::<DateTime<Utc>>),
        export_jobs::file_id.eq(None::<Uuid>),
        export_jobs::finished_at.eq(tx.now),
    );
    change!(tx, job, change)
}

/// Those whose file has been kept long enough, some at a time.
pub async fn old(tx: &Tx<'_>) -> Result<Vec<ExportJob>> {
    let old = export_jobs::table.filter(export_jobs::expires_at.assume_not_null().le(tx.now));
    let old = old.filter(export_jobs::file_id.is_not_null()).order(export_jobs::expires_at).limit(20);
    Ok(old.select(ExportJob::as_select()).for_update().load(&mut tx.sql()).await?)
}

pub async fn expire(tx: &Tx<'_>, job: &ExportJob) -> Result<Option<ExportJob>> {
    change!(tx, job, (export_jobs::status.eq(Status::Expired), export_jobs::file_id.eq(None::<Uuid>)))
}
