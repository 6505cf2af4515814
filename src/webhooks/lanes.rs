//! Queries on `webhook_lanes`: what each endpoint is still to be sent, and whose turn it is to send it.
//!
//! Who takes a lane has it until the lease ends, and says so anew with each step. Who lost it meanwhile, being slow
//! or dead, changes nothing any more: the number of his turn is an old one.

use chrono::{DateTime, Duration, Utc};
use diesel::{
    QueryableByName,
    prelude::*,
    sql_query,
    sql_types::{BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;

use crate::{
    db::{
        Connection,
        schema::{sequencer, webhook_lanes},
    },
    error::Result,
    ids::{EventId, WebhookId},
    records::Tx,
    text_enum::text_enum,
    worker::Worker,
};

/// Longer than an attempt can take with all that belongs to it.
const LEASE: Duration = Duration::seconds(60);
const OF_ONE_PARTY: i64 = 8;

text_enum! {
    /// Why something was sent: it happened; it was asked for once more; it was asked for as a test.
    #[schema(as = WebhookLane)]
    Kind {
        Feed = "feed",
        Replay = "replay",
        Test = "test",
    }
}

/// A lane that this process has its turn at.
#[derive(QueryableByName, Clone)]
pub struct Lane {
    #[diesel(sql_type = SqlUuid)]
    pub endpoint_id: WebhookId,
    #[diesel(sql_type = Text)]
    pub kind: Kind,
    #[diesel(sql_type = BigInt)]
    turn: i64,
    /// The number of the last event that it is done with.
    #[diesel(sql_type = BigInt)]
    pub seq: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub until_seq: Option<i64>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub message_id: Option<EventId>,
    /// How often the next event was tried.
    #[diesel(sql_type = Integer)]
    pub attempts: i32,
}

/// The one that has waited the longest, if any is due and has something to send; but of one party only so many at a
/// time, so that receivers which are slow hold up their own.
pub async fn claim(worker: &Worker) -> Result<Option<Lane>> {
    let now = worker.clock.now();
    let query = sql_query(
        "update webhook_lanes set turn = turn + 1, leased_until = $2 where (endpoint_id, kind) = (
            select lane.endpoint_id, lane.kind from webhook_lanes lane
            where due_at <= $1 and (leased_until is null or leased_until <= $1)
            and (kind <> 'feed' or seq < (select last_seq from sequencer))
            and $3 > (select count(*) from webhook_endpoints own
                join webhook_endpoints theirs on theirs.party = own.party
                join webhook_lanes at_work on at_work.endpoint_id = theirs.id
                where own.id = lane.endpoint_id and at_work.leased_until > $1)
            order by due_at limit 1 for update skip locked)
        returning endpoint_id, kind, turn, seq, until_seq, message_id, attempts",
    );
    let query = query.bind::<Timestamptz, _>(now).bind::<Timestamptz, _>(now + LEASE);
    let query = query.bind::<BigInt, _>(OF_ONE_PARTY);
    Ok(query.get_result(&mut &*worker.db.reader().await?).await.optional()?)
}

impl Lane {
    /// Is done with all up to a number, and goes on; whether it still may.
    pub async fn pass(&self, worker: &Worker, seq: i64) -> Result<bool> {
        self.pass_to(worker, seq, 0).await
    }

    /// The same, where what comes next was tried so often already.
    pub async fn pass_to(&self, worker: &Worker, seq: i64, attempts: i32) -> Result<bool> {
        let change = (
            webhook_lanes::seq.eq(seq),
            webhook_lanes::attempts.eq(attempts),
            webhook_lanes::leased_until.eq(worker.clock.now() + LEASE),
        );
        let passed = diesel::update(self.mine()).set(change).returning(webhook_lanes::due_at);
        let due: Option<Option<DateTime<Utc>>> =
            passed.get_result(&mut &*worker.db.reader().await?).await.optional()?;
        Ok(due.flatten().is_some())
    }

    /// Lets another go on, behind those that wait.
    pub async fn release(&self, worker: &Worker) -> Result<()> {
        self.put_off(worker, self.attempts, worker.clock.now()).await
    }

    /// Tries again what was tried so often, at a time.
    pub async fn put_off(&self, worker: &Worker, attempts: i32, due: DateTime<Utc>) -> Result<()> {
        let change = (
            webhook_lanes::attempts.eq(attempts),
            webhook_lanes::due_at.eq(due),
            webhook_lanes::leased_until.eq(None::<DateTime<Utc>>),
        );
        let paused = webhook_lanes::due_at.is_null();
        let mine = self.mine().filter(diesel::dsl::not(paused));
        diesel::update(mine).set(change).execute(&mut &*worker.db.reader().await?).await?;
        Ok(())
    }

    /// It has nothing to send any more.
    pub async fn end(&self, worker: &Worker) -> Result<()> {
        diesel::delete(self.mine()).execute(&mut &*worker.db.reader().await?).await?;
        Ok(())
    }

    fn mine(
        &self,
    ) -> diesel::dsl::Filter<
        diesel::dsl::Find<webhook_lanes::table, (WebhookId, Kind)>,
        diesel::dsl::Eq<webhook_lanes::turn, i64>,
    > {
        webhook_lanes::table.find((self.endpoint_id, self.kind)).filter(webhook_lanes::turn.eq(self.turn))
    }
}

/// A new endpoint follows from now on.
pub async fn follow(tx: &Tx<'_>, id: WebhookId) -> Result<()> {
    let last: i64 = sequencer::table.select(sequencer::last_seq).first(&mut tx.sql()).await?;
    let new = (
        webhook_lanes::endpoint_id.eq(id),
        webhook_lanes::kind.eq(Kind::Feed),
        webhook_lanes::seq.eq(last),
        webhook_lanes::due_at.eq(tx.now),
    );
    diesel::insert_into(webhook_lanes::table).values(new).execute(&mut tx.sql()).await?;
    Ok(())
}

/// Sends a message that is no event's, once; one that still waits is replaced.
pub async fn test(tx: &Tx<'_>, id: WebhookId, message: EventId) -> Result<()> {
    let query = sql_query(
        "insert into webhook_lanes (endpoint_id, kind, seq, message_id, due_at) values ($1, 'test', 0, $2, $3)
        on conflict (endpoint_id, kind) do update
        set message_id = $2, due_at = $3, leased_until = null, turn = webhook_lanes.turn + 1",
    );
    let query = query.bind::<SqlUuid, _>(id).bind::<SqlUuid, _>(message).bind::<Timestamptz, _>(tx.now);
    query.execute(&mut tx.sql()).await?;
    Ok(())
}

/// Sends what lies behind a number, up to another; whether nothing was still being sent so.
pub async fn replay(tx: &Tx<'_>, id: WebhookId, (after, until): (i64, i64)) -> Result<bool> {
    let new = (
        webhook_lanes::endpoint_id.eq(id),
        webhook_lanes::kind.eq(Kind::Replay),
        webhook_lanes::seq.eq(after),
        webhook_lanes::until_seq.eq(until),
        webhook_lanes::due_at.eq(tx.now),
    );
    let insert = diesel::insert_into(webhook_lanes::table).values(new).on_conflict_do_nothing();
    Ok(insert.execute(&mut tx.sql()).await? == 1)
}

/// Nothing is sent any more; what was left of a replay is not taken up again.
pub async fn pause(tx: &Tx<'_>, id: WebhookId) -> Result<()> {
    let feed = diesel::update(webhook_lanes::table.find((id, Kind::Feed)));
    feed.set(webhook_lanes::due_at.eq(None::<DateTime<Utc>>)).execute(&mut tx.sql()).await?;
    let others = webhook_lanes::table.filter(webhook_lanes::endpoint_id.eq(id));
    let others = others.filter(webhook_lanes::kind.eq_any([Kind::Replay, Kind::Test]));
    diesel::delete(others).execute(&mut tx.sql()).await?;
    Ok(())
}

/// Goes on where it stopped, but not before a number.
pub async fn resume(tx: &Tx<'_>, id: WebhookId, from: i64) -> Result<()> {
    let query = sql_query(
        "update webhook_lanes set seq = greatest(seq, $2 - 1), attempts = 0, due_at = $3, leased_until = null, \
         turn = turn + 1 where endpoint_id = $1 and kind = 'feed'",
    );
    let query = query.bind::<SqlUuid, _>(id).bind::<BigInt, _>(from).bind::<Timestamptz, _>(tx.now);
    query.execute(&mut tx.sql()).await?;
    Ok(())
}

/// The receiver is back: what was put off is tried at once.
pub async fn hasten(mut sql: &Connection, now: DateTime<Utc>, id: WebhookId) -> Result<()> {
    let waiting = webhook_lanes::table.filter(webhook_lanes::endpoint_id.eq(id));
    let waiting = waiting.filter(webhook_lanes::due_at.gt(now));
    diesel::update(waiting).set(webhook_lanes::due_at.eq(now)).execute(&mut sql).await?;
    Ok(())
}
