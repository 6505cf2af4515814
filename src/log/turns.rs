//! Whose turn it is. The leader numbers the events itself and so knows of which kinds they are: it asks those readers
//! for whom there is something, and moves the cursors of the others past it, all at once. What it knows only spares
//! questions: now and then every reader looks for itself.

use std::time::Duration;

use actix_web::{rt::time::Instant, web::Data};
use diesel::{
    QueryableByName, sql_query,
    sql_types::{Array, BigInt, Text},
};
use diesel_async::RunQueryDsl;

use crate::{
    db::each,
    error::Result,
    log::{readers::Reader, sequencer::Numbered},
    worker::Worker,
};

pub struct Turns {
    readers: Vec<Turn>,
    /// When all were last due.
    all_due: Instant,
}

struct Turn {
    reader: &'static Reader,
    /// Where its cursor was when it was last seen.
    at: i64,
    /// Up to which event there is nothing for it behind its cursor.
    seen: i64,
    is_due: bool,
}

#[derive(QueryableByName)]
struct Moved {
    #[diesel(sql_type = Text)]
    name: String,
}

impl Turns {
    const LOOK: Duration = Duration::from_millis(500);
    /// A cursor is moved when it is quiet, and after so many events.
    const SELDOM: i64 = 1000;

    pub fn new(readers: &[&'static Reader]) -> Self {
        let turn = |reader: &&'static Reader| Turn { reader, at: 0, seen: 0, is_due: true };
        Self { readers: readers.iter().map(turn).collect(), all_due: Instant::now() }
    }

    /// Who is due after some events have got their numbers.
    pub fn note(&mut self, numbered: &Numbered) {
        for turn in &mut self.readers {
            let is_for_it = numbered.kinds.iter().any(|kind| turn.reader.kinds.contains(&kind.as_str()));
            // Where another leader has numbered meanwhile, nobody here knows what.
            match turn.seen == numbered.after && !is_for_it {
                true => turn.seen = numbered.upto,
                false => turn.is_due = true,
            }
        }
    }

    /// Everyone who is due works on what there is; whether somebody has more to do.
    pub async fn take(&mut self, worker: &Data<Worker>) -> bool {
        if self.all_due.elapsed() >= Self::LOOK {
            self.all_due = Instant::now();
            self.readers.iter_mut().for_each(|turn| turn.is_due = true);
        }
        let mut busy = false;
        for turn in self.readers.iter_mut().filter(|turn| turn.is_due) {
            match turn.reader.run(worker).await {
                Ok(looked) => {
                    (turn.at, turn.seen, turn.is_due) = (looked.at, looked.seen, looked.more);
                    busy |= looked.more;
                }
                // The others go on; this one tries the same event again.
                Err(error) => log::error!("reader {}: {error:?}", turn.reader.name),
            }
        }
        busy
    }

    /// Moves cursors past what is for nobody. While a lot happens this is done now and then: nothing waits for it.
    pub async fn move_on(&mut self, worker: &Worker, is_quiet: bool) -> Result<()> {
        let is_behind = |turn: &&mut Turn| {
            let behind = turn.seen - turn.at;
            !turn.is_due && (behind >= Self::SELDOM || is_quiet && behind > 0)
        };
        let behind: Vec<_> = self.readers.iter_mut().filter(is_behind).collect();
        if behind.is_empty() {
            return Ok(());
        }
        let moved = sql_query(MOVE)
            .bind::<Array<Text>, _>(each(&behind, |turn| turn.reader.name))
            .bind::<Array<BigInt>, _>(each(&behind, |turn| turn.at))
            .bind::<Array<BigInt>, _>(each(&behind, |turn| turn.seen));
        let moved: Vec<Moved> = moved.load(&mut &*worker.db.reader().await?).await?;
        for turn in behind {
            match moved.iter().any(|moved| moved.name == turn.reader.name) {
                true => turn.at = turn.seen,
                // Somebody has set it otherwise.
                false => turn.is_due = true,
            }
        }
        Ok(())
    }
}

const MOVE: &str = "update log_readers r set seq = m.seen from unnest($1, $2, $3) as m (name, at, seen) \
     where r.name = m.name and r.seq = m.at returning r.name";
