//! Point reads that arrive together leave together: `where id = any($1)`.
//!
//! While one query is on its way, the reads that arrive wait; when it returns, all of them go out
//! as the next. So a read never waits for more than one query before its own, is never answered
//! from a query that began before it arrived, and the busier the worker, the fewer queries a read
//! costs. Reads of callers who may see different rows never share a query: `Reach` is the key.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use actix_web::{rt, web::Data};
use futures_util::future::join_all;
use tokio::sync::oneshot;

use crate::{
    access::{Access, Reach},
    error::{ApiError, Result},
    records::record::Record,
    worker::Worker,
};

/// A record that is read by id, a few at a time.
pub trait Gathered: Record + Sized {
    async fn fetch(worker: &Worker, reach: Reach, ids: &[Self::Id]) -> Result<Vec<Self>>;
}

type Told<T> = oneshot::Sender<Result<Rc<T>>>;
type Batches<T> = HashMap<Reach, Vec<(<T as Record>::Id, Told<T>)>>;

/// The reads that wait; `None` while no query runs.
struct Gather<T: Record>(RefCell<Option<Batches<T>>>);

impl<T: Record> Default for Gather<T> {
    fn default() -> Self {
        Self(RefCell::new(None))
    }
}

impl<T: Record> Gather<T> {
    /// Whether a query already runs, which will see to this read too.
    fn join(&self, reach: Reach, id: T::Id, tell: Told<T>) -> bool {
        let mut waiting = self.0.borrow_mut();
        let running = waiting.is_some();
        waiting.get_or_insert_default().entry(reach).or_default().push((id, tell));
        running
    }
}

pub async fn one<T: Gathered>(access: &Access, id: T::Id) -> Result<Rc<T>> {
    let (tell, told) = oneshot::channel();
    let gather = access.worker.db.gather::<Gather<T>>();
    if !gather.join(access.reach, id, tell) {
        // A task of its own: the first caller may hang up while the others still wait.
        rt::spawn(run(gather, access.worker.clone()));
    }
    told.await.unwrap_or(Err(ApiError::Unavailable("the read was abandoned".into())))
}

async fn run<T: Gathered>(gather: Rc<Gather<T>>, worker: Data<Worker>) {
    loop {
        // Those whose rows have just come answer first, and what is readable by now joins the batch.
        rt::task::yield_now().await;
        let batches = gather.0.borrow_mut().as_mut().map(std::mem::take).unwrap_or_default();
        if batches.is_empty() {
            gather.0.replace(None);
            return;
        }
        join_all(batches.into_iter().map(|(reach, batch)| answer(&worker, reach, batch))).await;
    }
}

async fn answer<T: Gathered>(worker: &Worker, reach: Reach, batch: Vec<(T::Id, Told<T>)>) {
    let mut ids: Vec<T::Id> = batch.iter().map(|(id, _)| *id).collect();
    ids.sort_unstable();
    ids.dedup();
    let found = T::fetch(worker, reach, &ids).await;
    let found =
        found.map(|rows| rows.into_iter().map(|row| (row.id(), Rc::new(row))).collect::<HashMap<_, _>>());
    for (id, tell) in batch {
        let answer = match &found {
            Ok(rows) => rows.get(&id).cloned().ok_or(ApiError::NotFound),
            Err(error) => Err(error.again()),
        };
        // Nobody listens when the client hung up meanwhile.
        let _ = tell.send(answer);
    }
}
