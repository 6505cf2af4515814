//! One worker's connections. Nothing is sent to see whether a connection still lives: one that is
//! known to be closed is replaced, and a query that finds it closing is answered 503.

use std::{
    any::{Any, TypeId},
    cell::RefCell,
    collections::HashMap,
    ops::{Deref, DerefMut},
    rc::Rc,
    sync::Arc,
    time::Duration,
};

use actix_web::rt::time::timeout;
use diesel_async::{
    AsyncConnection, AsyncPgConnection, SimpleAsyncConnection, pooled_connection::PoolableConnection,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

use crate::error::{ApiError, Result};

pub type Connection = AsyncPgConnection;

/// A connection for what reads for long, so that the worker's short reads do not wait behind it.
pub struct Long {
    connection: Connection,
    _turn: OwnedSemaphorePermit,
}

impl Deref for Long {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl DerefMut for Long {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }
}

/// Belongs to one worker, because a connection answers fastest on the thread that drives it.
/// Reads share `reader` and go through it back to back (pipelined); a write has one to itself.
pub struct Db {
    url: String,
    reader: RefCell<Option<Rc<Connection>>>,
    writers: RefCell<Vec<Connection>>,
    turns: Semaphore,
    long_turns: Arc<Semaphore>,
    gathers: RefCell<HashMap<TypeId, Rc<dyn Any>>>,
}

impl Db {
    /// Nothing may hold up others for long: a statement, a wait for a row, a transaction that idles.
    const LIMITS: &str = "set statement_timeout = '5s'; set lock_timeout = '2s'; \
         set idle_in_transaction_session_timeout = '10s'";
    /// A `limit $1` makes PostgreSQL distrust the plan it has kept and plan every list anew: keep it.
    /// A plan that is kept must not be one for the few rows of a new table: everything has an index.
    /// Where there is none, the scan has a price at which PostgreSQL would compile the statement first,
    /// which takes a thousand times as long as it.
    const PLANS: &str = "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set jit = off";
    const LONGEST_WAIT: Duration = Duration::from_secs(2);
    const LONG_AT_ONCE: usize = 4;

    /// `postgres:///name?host=/path` goes over the Unix socket in that folder.
    pub fn new(url: &str, writers: usize) -> Self {
        Self {
            url: url.to_owned(),
            reader: RefCell::default(),
            writers: RefCell::default(),
            turns: Semaphore::new(writers),
            long_turns: Arc::new(Semaphore::new(Self::LONG_AT_ONCE)),
            gathers: RefCell::default(),
        }
    }

    pub async fn reader(&self) -> Result<Rc<Connection>> {
        if let Some(reader) = self.reader.borrow_mut().as_mut() {
            // Only the last holder can look inside; while others read, it was alive a moment ago.
            if !Rc::get_mut(reader).is_some_and(PoolableConnection::is_broken) {
                return Ok(reader.clone());
            }
        }
        let reader = Rc::new(self.connect().await?);
        self.reader.replace(Some(reader.clone()));
        Ok(reader)
    }

    pub async fn connect(&self) -> Result<Connection> {
        let mut connection = Connection::establish(&self.url).await?;
        connection.batch_execute(&format!("{}; {}", Self::PLANS, Self::LIMITS)).await?;
        Ok(connection)
    }

    /// Waits until fewer than the allowed number of writes run.
    pub async fn turn(&self) -> Result<SemaphorePermit<'_>> {
        match timeout(Self::LONGEST_WAIT, self.turns.acquire()).await {
            Ok(Ok(turn)) => Ok(turn),
            _ => Err(ApiError::Unavailable("no connection became free".into())),
        }
    }

    /// Nobody waits for a turn to read for long, as nobody knows how long the others take.
    pub async fn long(&self) -> Result<Long> {
        let turn = self.long_turns.clone().try_acquire_owned();
        let turn = turn.map_err(|_| ApiError::Unavailable("others read for long already".into()))?;
        Ok(Long { connection: self.connect().await?, _turn: turn })
    }

    pub async fn writer(&self) -> Result<Connection> {
        let idle = {
            let mut writers = self.writers.borrow_mut();
            writers.retain_mut(|writer| !writer.is_broken());
            writers.pop()
        };
        match idle {
            Some(connection) => Ok(connection),
            None => self.connect().await,
        }
    }

    /// Only for a connection whose transaction has ended. One that is dropped instead, because its
    /// caller hung up, closes, and PostgreSQL rolls back.
    pub fn give_back(&self, writer: Connection) {
        self.writers.borrow_mut().push(writer);
    }

    /// The one `T` of this worker, made at its first use.
    pub fn gather<T: Default + 'static>(&self) -> Rc<T> {
        let mut all = self.gathers.borrow_mut();
        let one = all.entry(TypeId::of::<T>()).or_insert_with(|| Rc::new(T::default())).clone();
        one.downcast().unwrap_or_default()
    }
}
