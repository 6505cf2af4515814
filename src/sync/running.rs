//! A run: rows in, five hundred at a time; what became of each, out. Each batch is committed together with its answer,
//! unless all are to be committed together, or none.

use std::{collections::HashSet, ops::ControlFlow};

use actix_web::{rt::task::spawn_blocking, web::Bytes};
use chrono::{DateTime, Utc};
use serde::Serialize;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::{
    batch::{Done, Fresh},
    columns, kept,
    payloads::{End, Refused, Summary, SyncRun, SyncStatus},
    rows::{self, Form, Found},
    spool::Spooled,
    store,
};
use crate::{
    access::Access,
    db::Long,
    error::{ApiError, Result},
    http::{Flaw, language::Language, problem::Problem, problems::look},
    log::{Event, Events, append::append},
    records::{Tx, synced::Synced},
};

const BATCH: usize = 500;
/// In one file.
const MOST_ROWS: u64 = 200_000;

/// What is to be done, and for whom.
pub struct Task {
    pub access: Access,
    pub run: SyncRun,
    pub spooled: Spooled,
    pub form: Form,
    /// Who is missing from a whole list.
    pub missing: Vec<(String, Uuid)>,
    pub language: Language,
    /// Held as long as it runs: nobody else syncs for the source.
    pub hold: Long,
    /// Who hears of each batch once it is done; none where all are to be done first.
    pub said: Option<mpsc::Sender<Result<Bytes>>>,
}

/// How it ended.
pub struct Ended {
    pub run: SyncRun,
    pub error: Option<ApiError>,
    /// The lines of all rows, where nobody has heard of them yet.
    pub lines: Vec<u8>,
}

/// Why a run stops.
enum Stop {
    /// Nobody listens any more.
    HungUp,
    Failed(ApiError),
}

impl From<ApiError> for Stop {
    fn from(error: ApiError) -> Self {
        Self::Failed(error)
    }
}

struct Running {
    access: Access,
    run: SyncRun,
    language: Language,
    said: Option<mpsc::Sender<Result<Bytes>>>,
    missing: Vec<(String, Uuid)>,
    begun: DateTime<Utc>,
    /// The external ids of the rows before.
    seen: HashSet<String>,
    /// How many batches are kept.
    number: i32,
    /// Where all are to be done first: what is to be said, and the rows that are refused.
    lines: Vec<u8>,
    refused: Vec<Refused>,
    flaws: Vec<Flaw>,
}

/// To its end, whatever that is.
pub async fn run<K: Synced>(task: Task) -> Result<Ended> {
    let Task { access, run, spooled, form, missing, language, hold, said } = task;
    let begun = access.worker.clock.now();
    let (seen, lines, refused, flaws) = (HashSet::new(), vec![], vec![], vec![]);
    let mut running =
        Running { access, run, language, said, missing, begun, seen, number: 0, lines, refused, flaws };
    let (send, batches) = mpsc::channel(2);
    let reading = spawn_blocking(move || read::<K>(spooled, form, &send));
    let done = running.all::<K>(batches, async || reading.await.map_err(ApiError::internal)?).await;
    let ended = running.end(done).await;
    drop(hold);
    ended
}

/// In a thread of its own.
fn read<K: Synced>(mut spooled: Spooled, form: Form, send: &mpsc::Sender<Vec<Found>>) -> Result<()> {
    let (mut batch, mut rows) = (Vec::with_capacity(BATCH), 0);
    rows::read(&mut spooled.file, form, &columns::of::<K::Fields>(), &mut |found| {
        rows += 1;
        if rows > MOST_ROWS {
            return ControlFlow::Break(());
        }
        batch.push(found);
        match batch.len() < BATCH || send.blocking_send(std::mem::take(&mut batch)).is_ok() {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    })?;
    if !batch.is_empty() {
        // Where nobody takes it, the run has ended otherwise.
        let _ = send.blocking_send(batch);
    }
    if rows > MOST_ROWS { Err(ApiError::TooLarge(format!("{MOST_ROWS} rows"))) } else { Ok(()) }
}

impl Running {
    /// `read` says, after the last batch, whether that was all.
    async fn all<K: Synced>(
        &mut self,
        mut batches: mpsc::Receiver<Vec<Found>>,
        read: impl AsyncFnOnce() -> Result<()>,
    ) -> Result<(), Stop> {
        if self.said.is_none() {
            return Ok(self.together::<K>(batches, read).await?);
        }
        while let Some(lines) = kept::lines(&self.access, self.run.id, self.number).await? {
            self.number += 1;
            self.say(lines).await?;
        }
        while let Some(batch) = batches.recv().await {
            let fresh = self.fresh(batch);
            if !fresh.is_empty() {
                let done =
                    self.committed(async |tx| fresh.apply::<K>(tx, &self.run.source, self.language).await);
                let done = done.await?;
                self.take(&done);
                self.say(done.lines.into()).await?;
            }
        }
        read().await?;
        for some in std::mem::take(&mut self.missing).chunks(BATCH) {
            let done =
                self.committed(async |tx| Done::of_missing::<K>(tx, some, self.language).await).await?;
            self.take(&done);
            self.say(done.lines.into()).await?;
        }
        Ok(())
    }

    /// All or nothing; of a dry run, nothing.
    async fn together<K: Synced>(
        &mut self,
        mut batches: mpsc::Receiver<Vec<Found>>,
        read: impl AsyncFnOnce() -> Result<()>,
    ) -> Result<()> {
        let (access, trial) = (self.access.by_now(), self.run.dry_run);
        let work = async |tx: &Tx<'_>| {
            while let Some(batch) = batches.recv().await {
                let fresh = self.fresh(batch);
                let done = fresh.apply::<K>(tx, &self.run.source, self.language).await?;
                self.hold(done);
            }
            read().await?;
            for some in std::mem::take(&mut self.missing).chunks(BATCH) {
                let done = Done::of_missing::<K>(tx, some, self.language).await?;
                self.hold(done);
            }
            if trial {
                return Ok(());
            }
            ApiError::if_any(std::mem::take(&mut self.flaws))?;
            self.run = self.finish(tx, SyncStatus::Complete, None).await?;
            Ok(())
        };
        if trial {
            return access.in_trial(work).await;
        }
        access.in_transaction(work).await?;
        access.worker.wake_readers();
        Ok(())
    }

    /// Those that have not been done, each id once.
    fn fresh(&mut self, batch: Vec<Found>) -> Fresh {
        Fresh::of(batch, &mut self.seen, self.run.done_line)
    }

    /// One batch, with what is kept of it. Whoever was just ahead with one of the rows is seen the second time.
    async fn committed(&self, work: impl AsyncFn(&Tx<'_>) -> Result<Done>) -> Result<Done> {
        let once = async || {
            let access = self.access.by_now();
            let done = access.in_transaction(async |tx| {
                let done = work(tx).await?;
                kept::keep(tx, self.run.id, self.number, &done.lines, &done.refused).await?;
                let summary = self.run.summary.and(&done.summary);
                store::progress(tx, self.run.id, &summary, done.last_line.unwrap_or(self.run.done_line))
                    .await?;
                Ok(done)
            });
            done.await
        };
        let done = match once().await {
            Err(ApiError::Duplicate { .. } | ApiError::Unavailable(_)) => once().await?,
            done => done?,
        };
        self.access.worker.wake_readers();
        Ok(done)
    }

    fn take(&mut self, done: &Done) {
        self.number += 1;
        self.run.summary = self.run.summary.and(&done.summary);
        self.run.done_line = done.last_line.unwrap_or(self.run.done_line);
    }

    fn hold(&mut self, done: Done) {
        self.run.summary = self.run.summary.and(&done.summary);
        self.run.done_line = done.last_line.unwrap_or(self.run.done_line);
        self.lines.extend(done.lines);
        self.refused.extend(done.refused);
        self.flaws.extend(done.flaws);
    }

    async fn say(&self, lines: Bytes) -> Result<(), Stop> {
        match &self.said {
            Some(said) => said.send(Ok(lines)).await.map_err(|_| Stop::HungUp),
            None => Ok(()),
        }
    }

    async fn finish(&self, tx: &Tx<'_>, status: SyncStatus, problem: Option<&str>) -> Result<SyncRun> {
        if self.said.is_none() {
            kept::keep(tx, self.run.id, 0, &self.lines, &self.refused).await?;
        }
        let duration = (self.access.worker.clock.now() - self.begun).num_milliseconds();
        let ended = SyncRun {
            status,
            problem: problem.map(str::to_owned),
            duration_ms: Some(duration),
            ..self.run.clone()
        };
        let after = store::end(tx, &ended).await?;
        append(tx, Events::from(Event::changed(&self.run, &after, status.as_str()))).await?;
        Ok(after)
    }

    async fn end(mut self, done: Result<(), Stop>) -> Result<Ended> {
        let (status, problem) = match &done {
            Ok(()) => (SyncStatus::Complete, None),
            Err(Stop::HungUp) => (SyncStatus::Stopped, Some("disconnected")),
            Err(Stop::Failed(error)) => (SyncStatus::Stopped, Some(look(error).slug)),
        };
        if done.is_err() && self.said.is_none() {
            // Nothing of it stays but what was wrong.
            let Summary { rows, rejected, .. } = self.run.summary;
            self.run.summary = Summary { rows, rejected, ..Summary::default() };
            self.lines.clear();
        }
        if self.run.status == SyncStatus::Running {
            let access = self.access.by_now();
            self.run = access.in_transaction(async |tx| self.finish(tx, status, problem).await).await?;
            access.worker.wake_readers();
        }
        let error = match done {
            Err(Stop::Failed(error)) => Some(error),
            _ => None,
        };
        let last = end(&self.access, &self.run, error.as_ref(), self.language)?;
        self.lines.extend_from_slice(&last);
        // Whoever hung up does not hear it.
        let _ = self.say(last.into()).await;
        Ok(Ended { run: self.run, error, lines: self.lines })
    }
}

/// The last line of an answer.
pub fn end(access: &Access, run: &SyncRun, error: Option<&ApiError>, language: Language) -> Result<Vec<u8>> {
    let complete = run.status == SyncStatus::Complete;
    line(&End {
        summary: run.summary,
        run: run.id,
        complete,
        stopped_at_line: (!complete).then_some(run.done_line),
        problem: error.map(|error| problem(access, error, language)),
    })
}

pub fn problem(access: &Access, error: &ApiError, language: Language) -> Problem {
    if error.is_ours() {
        log::error!("a sync fails: {error:?}");
    }
    Problem::of(error, language, access.path(), access.request_id())
}

pub fn line(value: &impl Serialize) -> Result<Vec<u8>> {
    let mut line = serde_json::to_vec(value).map_err(ApiError::internal)?;
    line.push(b'\n');
    Ok(line)
}
