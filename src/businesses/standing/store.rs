//! Queries on `business_standings`. Every read for a caller starts from `visible_to`.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::payloads::{Figures, SizeClass, Stages, Standing};
use crate::{
    access::{Access, Reach, Visible},
    db::{
        Every, Nothing,
        schema::{business_standings as standings, businesses},
    },
    error::Result,
    ids::BusinessId,
    records::{Tx, shared_with},
};

/// All, or those of businesses that are shared with the caller.
fn visible_to(reach: Reach) -> Visible<standings::table> {
    match reach {
        Reach::All => Box::new(Every),
        Reach::Shared(party) => Box::new(shared_with(party, "business_standings.business_id")),
        Reach::Own(_) => Box::new(Nothing),
    }
}

/// Those of some businesses that there are.
pub async fn of(access: &Access, businesses: &[BusinessId]) -> Result<Vec<Standing>> {
    let query = standings::table.filter(visible_to(access.reach));
    let query = query.filter(standings::business_id.eq_any(businesses)).select(Standing::as_select());
    Ok(query.load(&mut &*access.worker.db.reader().await?).await?)
}

/// The size by law of a business that the caller has found, if it is known.
pub async fn size_class(access: &Access, business: BusinessId) -> Result<Option<SizeClass>> {
    let class = standings::table.filter(visible_to(access.reach)).filter(standings::business_id.eq(business));
    let class = class.select(standings::size_class).first(&mut &*access.worker.db.reader().await?).await;
    Ok(class.optional()?.flatten())
}

/// The same, in a transaction.
pub async fn size_class_in(tx: &Tx<'_>, business: BusinessId) -> Result<Option<SizeClass>> {
    let class = standings::table.find(business).select(standings::size_class);
    Ok(class.first(&mut tx.sql()).await.optional()?.flatten())
}

/// Since when there is the business, and what stood of it so far, held until the transaction ends.
pub async fn lock(tx: &Tx<'_>, business: BusinessId) -> Result<(Option<NaiveDate>, Option<Figures>)> {
    let founded = businesses::table.find(business).select(businesses::founded_on);
    let founded = founded.for_share().first(&mut tx.sql()).await?;
    let known = standings::table.find(business).select(Figures::as_select()).for_update();
    Ok((founded, known.first(&mut tx.sql()).await.optional()?))
}

pub async fn put(tx: &Tx<'_>, business: BusinessId, figures: &Figures) -> Result<()> {
    let new = (
        standings::business_id.eq(business),
        standings::stages.eq(Stages::default()),
        standings::updated_at.eq(tx.now),
        figures,
    );
    let insert = diesel::insert_into(standings::table).values(new);
    let next = (figures, standings::version.eq(standings::version + 1), standings::updated_at.eq(tx.now));
    insert.on_conflict(standings::business_id).do_update().set(next).execute(&mut tx.sql()).await?;
    Ok(())
}

/// The stages that the business has come through, held until the transaction ends.
pub async fn lock_stages(tx: &Tx<'_>, business: BusinessId) -> Result<Stages> {
    let known = standings::table.find(business).select(standings::stages).for_update();
    Ok(known.first(&mut tx.sql()).await.optional()?.unwrap_or_default())
}

pub async fn put_stages(tx: &Tx<'_>, business: BusinessId, stages: &Stages) -> Result<()> {
    let since = stages.0.last().map(|last| last.since);
    let new = (
        standings::business_id.eq(business),
        standings::stages.eq(stages),
        standings::stage_since.eq(since),
        standings::updated_at.eq(tx.now),
        Figures::default(),
    );
    let next = (
        standings::stages.eq(stages),
        standings::stage_since.eq(since),
        standings::version.eq(standings::version + 1),
        standings::updated_at.eq(tx.now),
    );
    let insert = diesel::insert_into(standings::table).values(new);
    insert.on_conflict(standings::business_id).do_update().set(next).execute(&mut tx.sql()).await?;
    Ok(())
}

/// For a rebuild: the stages alone.
pub async fn clear_stages(tx: &Tx<'_>) -> Result<()> {
    let none = (standings::stages.eq(Stages::default()), standings::stage_since.eq(None::<DateTime<Utc>>));
    diesel::update(standings::table).set(none).execute(&mut tx.sql()).await?;
    Ok(())
}

/// For a rebuild: the figures alone.
pub async fn clear(tx: &Tx<'_>) -> Result<()> {
    diesel::update(standings::table).set(Figures::default()).execute(&mut tx.sql()).await?;
    Ok(())
}
