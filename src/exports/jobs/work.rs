//! Who writes: a task of each replica, one job after the other.

use std::{cell::Cell, pin::pin, rc::Rc, time::Duration as Pause};

use actix_web::{
    rt::time,
    web::{Bytes, BytesMut, Data},
};
use aws_lc_rs::digest::{Context, SHA256};
use chrono::Duration;
use futures_util::future::{Either, select};
use uuid::Uuid;

use super::{
    payloads::{ExportJob, Failure},
    serving,
    store::{self, Written},
    sweep::KEPT,
};
use crate::{
    access::Access,
    digests::hex,
    error::{ApiError, Result},
    exports::writing,
    files::{Files, PART},
    log::{Event, append},
    records::Tx,
    worker::Worker,
};

pub const NAME: &str = "exports";
/// How often to look.
const PULSE: Pause = Pause::from_millis(500);
/// How often to say how far it is, and that it goes on.
const SIGN_OF_LIFE: Pause = Pause::from_secs(1);
/// Who has not said so for that long is taken for dead.
const LEASE: Duration = Duration::seconds(30);
/// What fails as often as that is given up.
const TRIES: i32 = 5;

/// Until its task is dropped.
pub async fn work(worker: Data<Worker>) {
    loop {
        match one(&worker).await {
            Ok(true) => continue,
            Ok(false) => (),
            Err(error) => log::error!("exports: {error:?}"),
        }
        time::sleep(PULSE).await;
    }
}

enum Outcome {
    Written(Written),
    /// The asker may not read such records any more.
    NotAllowed,
    /// Another writes it meanwhile.
    Lost,
}

/// Whether there was one.
async fn one(worker: &Data<Worker>) -> Result<bool> {
    let claimed = in_transaction(worker, async |tx| {
        let Some((before, job)) = store::claim(tx, tx.now + LEASE).await? else { return Ok(None) };
        append::append(tx, Event::changed(&before, &job, "running").into()).await?;
        Ok(Some((before, job)))
    });
    let Some((before, job)) = claimed.await? else { return Ok(false) };
    let file = job.file_id.ok_or_else(|| ApiError::internal("a job without a place for its file"))?;
    // What cannot be removed now is swept later.
    if let Some(left) = before.file_id {
        let _ = worker.files().remove_parts(left).await;
    }
    match written(worker, &job, file).await {
        Ok(Outcome::Written(written)) => {
            let complete = async |tx: &Tx<'_>| store::complete(tx, &job, &written, tx.now + KEPT).await;
            if !tell(worker, &job, "complete", complete).await? {
                worker.files().remove_parts(file).await?;
            }
        }
        Ok(Outcome::NotAllowed) => give_up(worker, &job, file, Failure::NoLongerAllowed).await?,
        Ok(Outcome::Lost) => worker.files().remove_parts(file).await?,
        // Its lease runs out, and then it is tried again.
        Err(error) if job.attempts < TRIES => log::warn!("export {} is tried again: {error:?}", job.id),
        Err(error) => {
            log::error!("export {} is given up: {error:?}", job.id);
            give_up(worker, &job, file, Failure::NotWritten).await?;
        }
    }
    Ok(true)
}

async fn give_up(worker: &Data<Worker>, job: &ExportJob, file: Uuid, why: Failure) -> Result<()> {
    tell(worker, job, "failed", async |tx| store::fail(tx, job, why).await).await?;
    worker.files().remove_parts(file).await
}

/// Whether it was still ours to say.
async fn tell(
    worker: &Data<Worker>,
    job: &ExportJob,
    what: &str,
    change: impl AsyncFnOnce(&Tx<'_>) -> Result<Option<ExportJob>>,
) -> Result<bool> {
    in_transaction(worker, async |tx| {
        let Some(after) = change(tx).await? else { return Ok(false) };
        append::append(tx, Event::changed(job, &after, what).into()).await?;
        Ok(true)
    })
    .await
}

async fn in_transaction<T>(worker: &Data<Worker>, work: impl AsyncFnOnce(&Tx<'_>) -> Result<T>) -> Result<T> {
    Access::of_service(worker, NAME, None).in_transaction(work).await
}

async fn written(worker: &Data<Worker>, job: &ExportJob, file: Uuid) -> Result<Outcome> {
    let Some((kind, access)) = serving::reader(worker, job).await? else { return Ok(Outcome::NotAllowed) };
    let mut connection = writing::snapshot(&access).await?;
    let total = (kind.count)(&access, &mut connection).await?;
    let (done, fields) = (Rc::new(Cell::new(0)), &job.fields);
    let form = fields.format.form(fields.delimiter, fields.bom);
    let mut parts = Parts::of(worker.files(), file);
    let write = async {
        let put = async |chunk: Bytes| parts.take(&chunk).await;
        writing::write(&access, connection, kind, form, &done, put).await?;
        let (size_bytes, sha256) = parts.finish().await?;
        Ok(Outcome::Written(Written { records: done.get(), size_bytes, sha256 }))
    };
    match select(pin!(write), pin!(keep(worker, job, &done, total))).await {
        Either::Left((written, _)) => written,
        Either::Right((lost, _)) => lost.map(|()| Outcome::Lost),
    }
}

/// Says how far it is until another has taken it up.
async fn keep(worker: &Worker, job: &ExportJob, done: &Cell<i64>, total: i64) -> Result<()> {
    while store::keep(worker, job, done.get(), total, worker.clock.now() + LEASE).await? {
        time::sleep(SIGN_OF_LIFE).await;
    }
    Ok(())
}

/// The file as it is written: no more of it in memory than a part.
struct Parts<'a> {
    files: &'a Files,
    file: Uuid,
    begun: BytesMut,
    number: u64,
    size: usize,
    digest: Context,
}

impl<'a> Parts<'a> {
    fn of(files: &'a Files, file: Uuid) -> Self {
        Self { files, file, begun: BytesMut::new(), number: 0, size: 0, digest: Context::new(&SHA256) }
    }

    async fn take(&mut self, chunk: &[u8]) -> Result<()> {
        self.digest.update(chunk);
        self.size += chunk.len();
        self.begun.extend_from_slice(chunk);
        let length = usize::try_from(PART).map_err(ApiError::internal)?;
        while self.begun.len() >= length {
            let part = self.begun.split_to(length).freeze();
            self.put(part).await?;
        }
        Ok(())
    }

    async fn put(&mut self, part: Bytes) -> Result<()> {
        self.files.put_part(self.file, self.number, part).await?;
        self.number += 1;
        Ok(())
    }

    /// The size and the SHA-256.
    async fn finish(mut self) -> Result<(i64, String)> {
        let last = self.begun.split().freeze();
        if !last.is_empty() {
            self.put(last).await?;
        }
        Ok((i64::try_from(self.size).map_err(ApiError::internal)?, hex(self.digest.finish().as_ref())))
    }
}
