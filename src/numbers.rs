//! Numbers that people read: `UMKM-2026-000123`, a series a year, never used twice. A worker takes a
//! block at a time, so that two writes do not wait for each other; what is left of it when the process
//! ends is a gap.

use std::{cell::RefCell, collections::HashMap, ops::Range};

use chrono::Datelike;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::{access::Access, db::schema::number_series as series, error::Result};

/// What this worker has taken and not used, by series and year.
#[derive(Default)]
pub struct Blocks(RefCell<HashMap<(&'static str, i32), Range<i64>>>);

const BLOCK: i64 = 20;

impl Access {
    /// The next number of the series, in the city's year.
    pub async fn next_number(&self, prefix: &'static str) -> Result<String> {
        let year = self.today().year();
        let blocks = self.worker.db.gather::<Blocks>();
        let taken = blocks.0.borrow_mut().get_mut(&(prefix, year)).and_then(Iterator::next);
        let number = match taken {
            Some(number) => number,
            None => {
                let mut block = self.take_block(prefix, year).await?;
                let first = block.next().unwrap_or(block.start);
                blocks.0.borrow_mut().insert((prefix, year), block);
                first
            }
        };
        Ok(format!("{prefix}-{year}-{number:06}"))
    }

    /// In a statement of its own, outside any transaction: whoever rolls back does not give it back.
    async fn take_block(&self, prefix: &'static str, year: i32) -> Result<Range<i64>> {
        let row = (series::series.eq(prefix), series::year.eq(year), series::next.eq(1 + BLOCK));
        let take = diesel::insert_into(series::table).values(row);
        let take = take.on_conflict((series::series, series::year)).do_update();
        let take = take.set(series::next.eq(series::next + BLOCK)).returning(series::next);
        let next: i64 = take.get_result(&mut &*self.worker.db.reader().await?).await?;
        Ok(next - BLOCK..next)
    }
}
