//! What happens by the clock: proposals that expire, shares that end, kept answers that are old.

use actix_web::web::Data;
use chrono::Duration;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use futures_util::future::LocalBoxFuture;

use crate::{
    access::Access,
    db::schema::jobs,
    error::Result,
    log::{
        append::append,
        event::{Event, Events},
    },
    records::Tx,
    worker::Worker,
};

pub struct Job {
    pub name: &'static str,
    pub every: Duration,
    pub work: for<'a> fn(&'a Tx<'a>) -> LocalBoxFuture<'a, Result<Vec<Event>>>,
}

impl Job {
    /// Runs if it is due: once, however many replicas ask, for the row that says when is locked.
    pub async fn run_if_due(&self, worker: &Data<Worker>) -> Result<()> {
        let access = Access::of_service(worker, self.name, None);
        access
            .in_transaction(async |tx| {
                let new = (jobs::name.eq(self.name), jobs::last_run_at.eq(chrono::DateTime::UNIX_EPOCH));
                let known = diesel::insert_into(jobs::table).values(new).on_conflict_do_nothing();
                known.execute(&mut tx.sql()).await?;
                let due = jobs::table.find(self.name).filter(jobs::last_run_at.le(tx.now - self.every));
                let due: Option<String> = due
                    .select(jobs::name)
                    .for_update()
                    .skip_locked()
                    .first(&mut tx.sql())
                    .await
                    .optional()?;
                if due.is_none() {
                    return Ok(());
                }
                append(tx, Events((self.work)(tx).await?)).await?;
                let ran = diesel::update(jobs::table.find(self.name)).set(jobs::last_run_at.eq(tx.now));
                ran.execute(&mut tx.sql()).await?;
                Ok(())
            })
            .await
    }
}
