//! Numbers what was committed: `feed.seq` is dense, 1, 2, 3 …, and a record's events have ascending
//! numbers. (A position is taken when an event is written and seen when its transaction commits, so a
//! reader that went by positions would miss what commits late.)
//!
//! One statement finds the committed events that have no number yet. It looks behind `low`, below which
//! none can appear any more: every transaction that had taken a position up to there has ended. A
//! transaction has its id before it takes a position (see `next_event_position` in the migration), and
//! ids ascend. So we see a position, take an id ourselves, and once the oldest that runs has no smaller
//! one, all up to that position are decided. (A snapshot's `xmax` will not do for that id: it is one past
//! the last that has *ended*, and who runs may well be beyond.)

use diesel::{
    OptionalExtension, QueryableByName, sql_query,
    sql_types::{Array, BigInt, Bool, Text},
};
use diesel_async::{AsyncConnection, RunQueryDsl};

use crate::{db::Connection, error::Result};

/// What was known when `low` could last be judged.
#[derive(Default)]
pub struct Sequencer {
    mark: Option<Mark>,
}

struct Mark {
    position: i64,
    /// A transaction that began when the position had been taken, as text: it is an `xid8`.
    began_after: String,
}

/// Some events that have got their numbers.
#[derive(QueryableByName)]
pub struct Numbered {
    /// Those behind this number,
    #[diesel(sql_type = BigInt)]
    pub after: i64,
    /// up to this one,
    #[diesel(sql_type = BigInt)]
    pub upto: i64,
    /// which are of these kinds.
    #[diesel(sql_type = Array<Text>)]
    pub kinds: Vec<String>,
}

#[derive(QueryableByName)]
struct Taken {
    #[diesel(sql_type = BigInt)]
    position: i64,
    #[diesel(sql_type = Bool)]
    is_low: bool,
}

#[derive(QueryableByName)]
struct Began {
    #[diesel(sql_type = Text)]
    id: String,
}

#[derive(QueryableByName)]
struct Locked {
    #[diesel(sql_type = Bool)]
    locked: bool,
}

#[derive(QueryableByName)]
struct Over {
    #[diesel(sql_type = Bool)]
    over: bool,
}

impl Sequencer {
    /// How many events are numbered in one transaction.
    const BATCH: i64 = 1000;
    pub const LOCK: i64 = 0x5e71_b000_0001;

    /// Numbers what it finds; where it did, there may be more.
    pub async fn run(&mut self, connection: &mut Connection) -> Result<Option<Numbered>> {
        let mark = self.mark.take();
        // READ COMMITTED, and the lock in a statement of its own: the next takes its snapshot behind it, and needs no
        // lock on the row, which PostgreSQL would write to the disk each time that nothing is found.
        let numbered = connection.transaction::<_, crate::error::ApiError, _>(async |tx| {
            let lock = sql_query("select pg_try_advisory_xact_lock($1) as locked");
            let lock: Locked = lock.bind::<BigInt, _>(Self::LOCK).get_result(tx).await?;
            if !lock.locked {
                return Ok((None, mark));
            }
            let numbered = sql_query(NUMBER).bind::<BigInt, _>(Self::BATCH);
            let numbered: Option<Numbered> = numbered.get_result(tx).await.optional()?;
            if numbered.is_some() {
                sql_query("notify feed").execute(tx).await?;
            }
            let mark = match mark {
                Some(mark) if is_over(tx, &mark).await? => {
                    sql_query(ADVANCE).bind::<BigInt, _>(mark.position).execute(tx).await?;
                    None
                }
                mark => mark,
            };
            Ok((numbered, mark))
        });
        let (numbered, mark) = numbered.await?;
        self.mark = match mark {
            Some(mark) => Some(mark),
            None => look(connection).await?,
        };
        Ok(numbered)
    }
}

/// The position first and in a statement of its own: whoever had taken it had its id before the second took one.
/// Nothing to judge takes none.
async fn look(connection: &mut Connection) -> Result<Option<Mark>> {
    let taken = "select position, position <= low as is_low from sequencer, \
                 (select case when is_called then last_value else 0 end as position from event_positions) taken";
    let Taken { position, is_low } = sql_query(taken).get_result(connection).await?;
    if is_low {
        return Ok(None);
    }
    let Began { id } = sql_query("select pg_current_xact_id()::text as id").get_result(connection).await?;
    Ok(Some(Mark { position, began_after: id }))
}

async fn is_over(connection: &mut Connection, mark: &Mark) -> Result<bool> {
    let over = sql_query("select pg_snapshot_xmin(pg_current_snapshot()) >= $1::xid8 as over");
    let over: Over = over.bind::<Text, _>(&mark.began_after).get_result(connection).await?;
    Ok(over.over)
}

/// `low` moves up to the mark, but not past an event that the batch has left for the next.
const ADVANCE: &str = "update sequencer set low = greatest(low, least($1, coalesce(( \
     select min(e.position) - 1 from events e where e.position > sequencer.low and e.position <= $1 \
     and not exists (select from feed f \
       where f.position = e.position and f.position > sequencer.low and f.position <= $1)), $1)))";

/// That what has a number lies behind `low` as well follows, but has to be said: PostgreSQL would go through the whole
/// feed from its first event.
const NUMBER: &str = "with state as (select last_seq, low from sequencer), \
     new as (select e.position, e.kind, row_number() over (order by e.position) as n from ( \
       select position, kind from events where position > (select low from state) \
       and not exists (select from feed f \
         where f.position = events.position and f.position > (select low from state)) \
       order by position limit $1) e), \
     put as (insert into feed (seq, position) select s.last_seq + new.n, new.position from new, state s returning seq) \
     update sequencer set last_seq = (select max(seq) from put) where exists (select from put) \
     returning (select last_seq from state) as after, last_seq as upto, \
       (select array_agg(distinct kind) from new) as kinds";
