//! The log as a party follows it: every event whose audience names the party, and every one by which it loses
//! sight of something, in the order of their numbers and without gaps.

use std::{collections::HashSet, time::Duration};

use actix_web::rt::time;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::{
    access::Access,
    db::schema::{business_shares, events, feed},
    error::Result,
    ids::{BusinessId, EventId},
    log::history::{EventOut, Rights, open},
};

/// An event as it is passed on.
pub struct Passed {
    pub seq: i64,
    pub event: EventOut,
    pub resource: String,
    pub business_id: Option<BusinessId>,
    /// The party no longer sees what it is of.
    pub lost: bool,
    /// What the record says is the party's to read, also today.
    pub readable: bool,
}

/// Which events are asked for: of some resources, or of some kinds; all, where neither is named.
#[derive(Default)]
pub struct Wanted {
    pub resources: Vec<String>,
    pub kinds: Vec<String>,
}

impl Wanted {
    fn is_all(&self) -> bool {
        self.resources.is_empty() && self.kinds.is_empty()
    }

    fn has(&self, resource: &str, kind: &str) -> bool {
        let among = |words: &[String], word: &str| words.iter().any(|one| one == word);
        self.is_all() || among(&self.resources, resource) || among(&self.kinds, kind)
    }
}

/// What was found, and up to which number was looked.
pub struct Found {
    pub events: Vec<Passed>,
    pub up_to: i64,
    /// More may follow at once.
    pub more: bool,
}

/// So many of the log's events are looked through in one query: a party for whom few are waits for none of the
/// others' to be read.
const WINDOW: i64 = 5_000;
/// After so long it is time to answer, with what there is.
const PATIENCE: Duration = Duration::from_millis(500);

#[derive(Queryable, Selectable)]
#[diesel(table_name = events)]
struct Row {
    #[diesel(select_expression = feed::seq)]
    seq: i64,
    #[diesel(embed)]
    event: EventOut,
    resource: String,
    business_id: Option<BusinessId>,
    audience: Vec<String>,
}

/// The number of the last event.
pub async fn last(access: &Access) -> Result<i64> {
    let last: Option<i64> = feed::table
        .select(diesel::dsl::max(feed::seq))
        .first(&mut &*access.worker.db.reader().await?)
        .await?;
    Ok(last.unwrap_or(0))
}

/// The number of the first event that is not older: as exact as the order of events is one of times.
pub async fn first_since(access: &Access, time: DateTime<Utc>) -> Result<i64> {
    // The numbers have no gaps.
    let (mut low, mut high) = (1, last(access).await? + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        match at(access, middle).await? < time {
            true => low = middle + 1,
            false => high = middle,
        }
    }
    Ok(low)
}

/// When the event with a number happened.
pub async fn at(access: &Access, seq: i64) -> Result<DateTime<Utc>> {
    let one = feed::table.inner_join(events::table.on(events::position.eq(feed::position)));
    let one = one.filter(feed::seq.eq(seq)).select(events::occurred_at);
    Ok(one.first(&mut &*access.worker.db.reader().await?).await?)
}

/// Which events a party's feed has: of what it may read, those that name it, and those by which it loses sight.
#[diesel::dsl::auto_type]
fn is_told(resources: Vec<&'static str>, parties: Vec<String>) -> _ {
    let named: Vec<String> = parties.clone();
    let told = events::audience.overlaps_with(named).or(events::lost.overlaps_with(parties));
    events::resource.eq_any(resources).and(told)
}

/// The number of an event, where the caller's feed has it.
pub async fn number_of(access: &Access, id: EventId, wanted: &Wanted) -> Result<Option<i64>> {
    let rights = Rights::of(&access.actor);
    let one = feed::table.inner_join(events::table.on(events::position.eq(feed::position)));
    let one = one.filter(events::id.eq(id)).filter(is_told(rights.resources(), rights.parties));
    let one = one.select((feed::seq, events::resource, events::kind));
    let one: Option<(i64, String, String)> =
        one.first(&mut &*access.worker.db.reader().await?).await.optional()?;
    Ok(one.filter(|(_, resource, kind)| wanted.has(resource, kind)).map(|(seq, ..)| seq))
}

/// At most so many events after a number.
pub async fn after(access: &Access, seq: i64, wanted: &Wanted, limit: usize) -> Result<Found> {
    between(access, (seq, last(access).await?), wanted, limit).await
}

/// The same, up to another number.
pub async fn between(
    access: &Access,
    (seq, last): (i64, i64),
    wanted: &Wanted,
    limit: usize,
) -> Result<Found> {
    let (rights, begun) = (Rights::of(&access.actor), time::Instant::now());
    let (mut rows, mut up_to): (Vec<Row>, i64) = (Vec::new(), seq);
    while up_to < last && rows.len() < limit && begun.elapsed() < PATIENCE {
        let end = last.min(up_to.saturating_add(WINDOW));
        let some = window(access, &rights, wanted, (up_to, end), limit - rows.len()).await?;
        let full = rows.len() + some.len() == limit;
        up_to = if full { some.last().map_or(end, |row| row.seq) } else { end };
        rows.extend(some);
    }
    let more = up_to < last;
    Ok(Found { events: passed(access, &rights, rows).await?, up_to, more })
}

async fn window(
    access: &Access,
    rights: &Rights,
    wanted: &Wanted,
    (after, end): (i64, i64),
    limit: usize,
) -> Result<Vec<Row>> {
    let query = feed::table.inner_join(events::table.on(events::position.eq(feed::position)));
    let mut query = query
        .filter(feed::seq.gt(after).and(feed::seq.le(end)))
        .filter(is_told(rights.resources(), rights.parties.clone()))
        .into_boxed();
    if !wanted.is_all() {
        let of_resources = events::resource.eq_any(&wanted.resources);
        query = query.filter(of_resources.or(events::kind.eq_any(&wanted.kinds)));
    }
    let query = query.order(feed::seq).limit(i64::try_from(limit).unwrap_or(i64::MAX));
    Ok(query.select(Row::as_select()).load(&mut &*access.worker.db.reader().await?).await?)
}

/// As the caller may read them today: what was shared once may be so no longer.
async fn passed(access: &Access, rights: &Rights, rows: Vec<Row>) -> Result<Vec<Passed>> {
    let seen = seen(access, rights, &rows).await?;
    let mut events = Vec::with_capacity(rows.len());
    for Row { seq, event, resource, business_id, audience } in rows {
        let lost = !audience.iter().any(|party| rights.parties.contains(party));
        let by_share = rights.shared.contains(&resource.as_str());
        let readable = !lost && (!by_share || business_id.is_some_and(|id| seen.contains(&id)));
        events.push(Passed { seq, event, resource, business_id, lost, readable });
    }
    let mut open_ones: Vec<&mut EventOut> =
        events.iter_mut().filter(|it| it.readable).map(|it| &mut it.event).collect();
    open(access, &mut open_ones).await?;
    Ok(events)
}

/// Those of the events' businesses that the caller sees now.
async fn seen(access: &Access, rights: &Rights, rows: &[Row]) -> Result<HashSet<BusinessId>> {
    let of_shared = rows.iter().filter(|row| rights.shared.contains(&row.resource.as_str()));
    let ids: HashSet<BusinessId> = of_shared.filter_map(|row| row.business_id).collect();
    if ids.is_empty() {
        return Ok(ids);
    }
    let shares = business_shares::table.filter(business_shares::party.eq(access.actor.party.to_string()));
    let shares = shares.filter(business_shares::business_id.eq_any(ids)).select(business_shares::business_id);
    let seen: Vec<BusinessId> = shares.load(&mut &*access.worker.db.reader().await?).await?;
    Ok(seen.into_iter().collect())
}
