//! One of the replicas leads: it numbers events, runs the readers and the jobs. The others wait for the
//! advisory lock, which PostgreSQL gives up with the leader's connection.

use std::time::Duration;

use actix_web::{rt::time, web::Data};
use diesel::{
    QueryableByName, sql_query,
    sql_types::{BigInt, Bool},
};
use diesel_async::RunQueryDsl;

use crate::{
    db::Connection,
    error::Result,
    log::{jobs::Job, readers::Reader, sequencer::Sequencer, turns::Turns},
    worker::Worker,
};

const LOCK: i64 = 0x5e71_b000_0002;
/// How often to look without being woken: other replicas' writes do not wake this one.
const PULSE: Duration = Duration::from_millis(50);
const BETWEEN_JOBS: Duration = Duration::from_secs(1);
const AFTER_FAILURE: Duration = Duration::from_millis(250);

#[derive(QueryableByName)]
struct Locked {
    #[diesel(sql_type = Bool)]
    locked: bool,
}

/// Leads whenever it can, until its task is dropped. What fails is said and tried again.
pub async fn lead(worker: Data<Worker>, readers: Vec<&'static Reader>, jobs: Vec<&'static Job>) {
    loop {
        if let Err(error) = term(&worker, &readers, &jobs).await {
            log::warn!("the log's leader starts again: {error:?}");
        }
        time::sleep(AFTER_FAILURE).await;
    }
}

/// From taking the lock to the first failure.
async fn term(worker: &Data<Worker>, readers: &[&'static Reader], jobs: &[&'static Job]) -> Result<()> {
    let mut connection = worker.db.connect().await?;
    while !is_leader(&mut connection).await? {
        time::sleep(Duration::from_secs(1)).await;
    }
    let (mut sequencer, mut turns) = (Sequencer::default(), Turns::new(readers));
    let mut jobs_ran = None::<time::Instant>;
    loop {
        let numbered = sequencer.run(&mut connection).await?;
        if let Some(numbered) = &numbered {
            turns.note(numbered);
        }
        let busy = turns.take(worker).await || numbered.is_some();
        if let Err(error) = turns.move_on(worker, numbered.is_none()).await {
            log::error!("readers' cursors: {error:?}");
        }
        if jobs_ran.is_none_or(|at| at.elapsed() >= BETWEEN_JOBS) {
            for job in jobs {
                if let Err(error) = job.run_if_due(worker).await {
                    log::error!("job {}: {error:?}", job.name);
                }
            }
            jobs_ran = Some(time::Instant::now());
        }
        if !busy {
            // Woken or not: both mean to look.
            let _ = time::timeout(PULSE, worker.woken()).await;
        }
    }
}

async fn is_leader(connection: &mut Connection) -> Result<bool> {
    let lock = sql_query("select pg_try_advisory_lock($1) as locked");
    Ok(lock.bind::<BigInt, _>(LOCK).get_result::<Locked>(connection).await?.locked)
}
