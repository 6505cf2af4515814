//! The only way to change anything: one transaction, its events, one answer, done once.
//!
//! Where the work is one statement, a write is two round trips: `begin`, the look at the idempotency
//! key and the work travel together, then the events, the kept answer and `commit`.

use diesel_async::RunQueryDsl;
use futures_util::future::{join3, try_join3};
use serde::Serialize;

use crate::{
    access::Access,
    db::Commit,
    error::{ApiError, Result},
    http::{Answer, IntoAnswer},
    log::{Events, append},
    records::{
        idempotency::{self, Key},
        tx::Tx,
    },
};

impl Access {
    /// Runs `work` in a transaction and appends its events. With an `Idempotency-Key` the answer is
    /// kept in the same transaction, and given again to whoever repeats the same `body`.
    pub async fn write<A: IntoAnswer, E: Into<Events>>(
        &self,
        body: &impl Serialize,
        work: impl AsyncFnOnce(&Tx<'_>) -> Result<(A, E)>,
    ) -> Result<Answer> {
        let key = Key::of(self, body)?;
        let _turn = self.worker.db.turn().await?;
        let tx = Tx::on(self).await?;
        let outcome = match perform(&tx, key.as_ref(), work).await {
            Ok((answer, events)) => finish(&tx, key.as_ref(), answer, events).await,
            Err(outcome) => outcome,
        };
        if outcome.as_ref().map_or(true, Answer::is_replay) {
            tx.send("rollback").await?;
        } else {
            self.worker.wake_readers();
        }
        tx.give_back();
        outcome
    }

    /// The same for the service's own work, which has no answer: a reader of the log, a job.
    pub async fn in_transaction<T>(&self, work: impl AsyncFnOnce(&Tx<'_>) -> Result<T>) -> Result<T> {
        self.within_one(work, true).await
    }

    /// What the work would make, of which nothing stays.
    pub async fn in_trial<T>(&self, work: impl AsyncFnOnce(&Tx<'_>) -> Result<T>) -> Result<T> {
        self.within_one(work, false).await
    }

    async fn within_one<T>(&self, work: impl AsyncFnOnce(&Tx<'_>) -> Result<T>, stays: bool) -> Result<T> {
        let tx = Tx::on(self).await?;
        tx.send("begin").await?;
        let done = match work(&tx).await {
            Ok(done) if stays => Commit.execute(&mut tx.sql()).await.map(|_| done).map_err(ApiError::from),
            done => done,
        };
        if done.is_err() || !stays {
            tx.send("rollback").await?;
        }
        tx.give_back();
        done
    }
}

/// What the work makes; or `Err` with the outcome of the request where there is nothing to finish.
/// When the key turns out to be used, the work is abandoned where it stands.
async fn perform<A: IntoAnswer, E: Into<Events>>(
    tx: &Tx<'_>,
    key: Option<&Key>,
    work: impl AsyncFnOnce(&Tx<'_>) -> Result<(A, E)>,
) -> Result<(Answer, Events), Result<Answer>> {
    let begun = async { tx.send("begin").await.map_err(Err) };
    let unused = async {
        match idempotency::earlier(tx, key).await {
            Ok(None) => Ok(()),
            Ok(Some(earlier)) => Err(Ok(earlier)),
            Err(error) => Err(Err(error)),
        }
    };
    // `Ok`, even if it failed: whether the key was used is to be known first.
    let worked = async { Ok(work(tx).await) };
    let ((), (), worked) = try_join3(begun, unused, worked).await?;
    let (answer, events) = worked.map_err(Err)?;
    Ok((answer.into_answer(tx).map_err(Err)?, events.into()))
}

/// PostgreSQL turns the `commit` into a rollback when a statement before it has failed.
async fn finish(tx: &Tx<'_>, key: Option<&Key>, answer: Answer, events: Events) -> Result<Answer> {
    let last = append::all_but_the_last(tx, events).await?;
    let appended = async {
        match last {
            Some(last) => last.send(tx).await,
            None => Ok(()),
        }
    };
    let commit = async { Ok::<_, ApiError>(Commit.execute(&mut tx.sql()).await?) };
    let all = join3(appended, idempotency::keep(tx, key, &answer), commit).await;
    all.0.and(all.1).and(all.2).map(|_| answer)
}
