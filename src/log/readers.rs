//! Readers of the log: what follows from what happened. Each has a cursor, does its work for one event
//! and moves the cursor in one transaction, so its work is done exactly once, whoever dies when.

use std::time::Duration;

use actix_web::{rt::time, web::Data};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use futures_util::future::{LocalBoxFuture, try_join};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    access::{Access, Role},
    db::{
        Connection,
        schema::{event_about, events, feed, log_readers},
    },
    error::{ApiError, Result},
    ids::{BusinessId, EventId, UserId},
    log::{
        append::append,
        event::{Event, Events},
    },
    records::{Tx, merged},
    worker::Worker,
};

/// What a reader is told.
#[derive(Queryable, Selectable, Clone, Debug)]
#[diesel(table_name = events)]
pub struct Logged {
    #[diesel(select_expression = feed::seq)]
    pub seq: i64,
    pub id: EventId,
    pub kind: String,
    pub subject_id: Uuid,
    pub business_id: Option<BusinessId>,
    pub actor_id: UserId,
    pub data: Value,
    pub resource: String,
    pub actor_role: Role,
    pub occurred_at: DateTime<Utc>,
    /// The records that it concerns, besides: as `Record::about` has them.
    pub about: Vec<Uuid>,
    /// The parties that see the record after it.
    pub audience: Vec<String>,
}

impl Logged {
    /// The two businesses of which it says that they were merged, or parted again.
    pub fn merged_or_parted(&self) -> Vec<BusinessId> {
        if !matches!(self.kind.as_str(), "business.merged" | "business.unmerged") {
            return vec![];
        }
        let other = self.data.pointer("/with").and_then(|id| BusinessId::deserialize(id).ok());
        // In the order in which an undoing holds them.
        other.into_iter().chain([BusinessId(self.subject_id)]).collect()
    }

    /// What happened to a business before it was merged is the other's by now.
    async fn as_of_now(&self, tx: &Tx<'_>) -> Result<Self> {
        let business_id = match self.business_id {
            Some(id) => merged::survivor(tx.sql(), "businesses", id.0).await?.map(BusinessId),
            None => None,
        };
        Ok(Self { business_id, ..self.clone() })
    }
}

/// Takes away what a reader has written.
pub type Clear = for<'a> fn(&'a Tx<'a>) -> LocalBoxFuture<'a, Result<()>>;

pub struct Reader {
    /// The name of its cursor.
    pub name: &'static str,
    /// The kinds of events that it works on; it is never shown others.
    pub kinds: &'static [&'static str],
    pub work: for<'a> fn(&'a Tx<'a>, &'a Logged) -> LocalBoxFuture<'a, Result<Vec<Event>>>,
}

/// Where a reader's cursor is, up to where there is nothing more for it, and whether there may be more behind that.
pub struct Looked {
    pub at: i64,
    pub seen: i64,
    pub more: bool,
}

impl Reader {
    const BATCH: i64 = 100;
    /// For what somebody else has in hand just now.
    const ATTEMPTS: u32 = 20;
    const PAUSE: Duration = Duration::from_millis(10);

    /// Works on what came since.
    pub async fn run(&self, worker: &Data<Worker>) -> Result<Looked> {
        let db = worker.db.reader().await?;
        let at: Option<i64> =
            log_readers::table.find(self.name).select(log_readers::seq).first(&mut &*db).await.optional()?;
        if at.is_none() {
            let row = (log_readers::name.eq(self.name), log_readers::seq.eq(0));
            diesel::insert_into(log_readers::table)
                .values(row)
                .on_conflict_do_nothing()
                .execute(&mut &*db)
                .await?;
        }
        let at = at.unwrap_or(0);
        let head: Option<i64> = feed::table.select(diesel::dsl::max(feed::seq)).first(&mut &*db).await?;
        let Some(head) = head.filter(|head| *head > at) else {
            return Ok(Looked { at, seen: at, more: false });
        };
        let found = self.between(at, head, &db).await?;
        for event in &found {
            self.once(worker, event).await?;
        }
        let at = found.last().map_or(at, |last| last.seq);
        let more = i64::try_from(found.len()) == Ok(Self::BATCH);
        Ok(Looked { at, seen: if more { at } else { head }, more })
    }

    /// The next events that it works on, after one place and up to another.
    async fn between(&self, at: i64, head: i64, mut sql: &Connection) -> Result<Vec<Logged>> {
        let next = feed::table.inner_join(events::table.on(events::position.eq(feed::position)));
        let next =
            next.filter(feed::seq.gt(at).and(feed::seq.le(head))).filter(events::kind.eq_any(self.kinds));
        Ok(next.order(feed::seq).limit(Self::BATCH).select(Logged::as_select()).load(&mut sql).await?)
    }

    /// Up to one event, what it worked on that happened to some businesses: for what has to be made anew of these.
    pub async fn of_businesses(
        &self,
        tx: &Tx<'_>,
        businesses: &[BusinessId],
        head: i64,
    ) -> Result<Vec<Logged>> {
        let about = event_about::table.filter(event_about::record_id.eq_any(businesses));
        let about: Vec<i64> = about.select(event_about::position).load(&mut tx.sql()).await?;
        let theirs = feed::table.inner_join(events::table.on(events::position.eq(feed::position)));
        let theirs = theirs
            .filter(feed::position.eq_any(about).and(feed::seq.le(head)))
            .filter(events::kind.eq_any(self.kinds).and(events::business_id.eq_any(businesses)));
        Ok(theirs.order(feed::seq).select(Logged::as_select()).load(&mut tx.sql()).await?)
    }

    /// Does all that it has done once more, after `clear` has taken it away: in one transaction, while the
    /// reader waits, so that nobody sees it half done. For a reader that has no events of its own. The answer
    /// is how many events it worked on.
    pub async fn rebuild(&self, worker: &Data<Worker>, clear: Clear) -> Result<u64> {
        let access = Access::of_service(worker, self.name, None);
        access
            .in_transaction(async |tx| {
                let cursor = log_readers::table.find(self.name).select(log_readers::seq).for_update();
                let head: Option<i64> = cursor.first(&mut tx.sql()).await.optional()?;
                clear(tx).await?;
                let (mut at, mut count) = (0, 0);
                while let Some(head) = head {
                    let found = self.between(at, head, tx.sql()).await?;
                    let Some(last) = found.last() else { break };
                    at = last.seq;
                    for event in &found {
                        (self.work)(tx, &event.as_of_now(tx).await?).await?;
                        count += 1;
                    }
                }
                Ok(count)
            })
            .await
    }

    async fn once(&self, worker: &Data<Worker>, event: &Logged) -> Result<()> {
        for _ in 0..Self::ATTEMPTS {
            match self.attempt(worker, event).await {
                // Its business was merged meanwhile, or somebody works on it: once more, perhaps for the other.
                Err(ApiError::Moved { .. }) => time::sleep(Self::PAUSE).await,
                done => return done,
            }
        }
        self.attempt(worker, event).await
    }

    async fn attempt(&self, worker: &Data<Worker>, event: &Logged) -> Result<()> {
        let access = Access::of_service(worker, self.name, Some(event.id));
        access
            .in_transaction(async |tx| {
                let cursor = log_readers::table.find(self.name).select(log_readers::seq).for_update();
                let at = async { Ok(cursor.first::<i64>(&mut tx.sql()).await?) };
                let (at, now) = try_join(at, event.as_of_now(tx)).await?;
                if at >= event.seq {
                    return Ok(());
                }
                append(tx, Events((self.work)(tx, &now).await?)).await?;
                let cursor = log_readers::seq.eq(event.seq);
                let cursor = diesel::update(log_readers::table.find(self.name)).set(cursor);
                let moved = async { Ok(cursor.execute(&mut tx.sql()).await?) };
                let still = async {
                    match now.business_id {
                        // Last, since whoever works on what belongs to a business takes that before it.
                        Some(id) => merged::holds(tx, "businesses", id.0).await,
                        None => Ok(true),
                    }
                };
                match try_join(moved, still).await? {
                    (_, true) => Ok(()),
                    (_, false) => Err(ApiError::Moved { to: "perhaps another business".into() }),
                }
            })
            .await
    }
}
