//! How far those have come who follow the log: for whoever waits until all that follows from something has followed.

use diesel::{
    QueryableByName, sql_query,
    sql_types::{BigInt, Jsonb},
};
use diesel_async::RunQueryDsl;
use serde_json::Value;

use crate::{db::Connection, error::Result, log::readers::Reader};

#[derive(QueryableByName, PartialEq, Debug)]
pub struct Progress {
    #[diesel(sql_type = BigInt)]
    events: i64,
    #[diesel(sql_type = BigInt)]
    numbered: i64,
    /// The cursors of those readers that have begun.
    #[diesel(sql_type = Jsonb)]
    readers: Value,
}

impl Progress {
    pub async fn now(mut sql: &Connection) -> Result<Self> {
        Ok(sql_query(NOW).get_result(&mut sql).await?)
    }

    /// Whether every event has its number, and every reader has come to the last.
    pub fn is_complete(&self, readers: &[&Reader]) -> bool {
        let is_at_the_end =
            |reader: &&Reader| self.readers.get(reader.name).is_some_and(|at| *at == self.numbered);
        self.numbered == self.events && readers.iter().all(is_at_the_end)
    }
}

const NOW: &str = "select (select count(*) from events) as events, last_seq as numbered, \
     (select coalesce(jsonb_object_agg(name, seq), '{}') from log_readers) as readers from sequencer";
