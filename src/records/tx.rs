//! An open transaction. Statements that do not need each other's rows travel together.

use std::{cell::RefCell, collections::HashMap, ops::Deref, rc::Rc};

use diesel_async::SimpleAsyncConnection;
use uuid::Uuid;

use crate::{access::Access, db::Connection, error::Result, secrets::SubjectKey};

/// All that `Access` says of the author, and the connection that the work has to itself.
pub struct Tx<'a> {
    access: &'a Access,
    connection: Connection,
    /// The subjects' keys that this transaction has met.
    pub(super) keys: RefCell<HashMap<Uuid, Rc<SubjectKey>>>,
}

impl<'a> Tx<'a> {
    /// The connection still has to be told `begin`.
    pub async fn on(access: &'a Access) -> Result<Self> {
        Ok(Self::over(access, access.worker.db.writer().await?))
    }

    /// On a connection that the caller keeps: a reader of the log has one of its own.
    pub fn over(access: &'a Access, connection: Connection) -> Self {
        Self { access, connection, keys: RefCell::default() }
    }

    pub fn sql(&self) -> &Connection {
        &self.connection
    }

    pub async fn send(&self, command: &str) -> Result<()> {
        Ok((&mut self.sql()).batch_execute(command).await?)
    }

    /// Only once the transaction has ended.
    pub fn give_back(self) {
        self.access.worker.db.give_back(self.connection);
    }

    /// The connection back, for who brought it.
    pub fn into_connection(self) -> Connection {
        self.connection
    }
}

impl Deref for Tx<'_> {
    type Target = Access;

    fn deref(&self) -> &Access {
        self.access
    }
}
