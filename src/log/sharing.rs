//! Starting and stopping to share a business with a party. Who begins to see it, or no longer does, is
//! told so by one event, whatever the cause: a receiver fetches the business, or drops it, with all that
//! belongs to it.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::{
    access::Party,
    db::schema::{business_shares as shares, businesses},
    error::Result,
    ids::BusinessId,
    log::{
        event::{Event, SeenBy},
        jobs::Job,
    },
    records::Tx,
};

/// Because of `cause`, the party sees the business from now on; a second cause changes nothing that the
/// party could notice, but keeps it in view when the first ends.
pub async fn share(
    tx: &Tx<'_>,
    business: BusinessId,
    party: Party,
    cause: impl Into<Uuid>,
) -> Result<Vec<Event>> {
    let cause = cause.into();
    let seen_before = sees(tx, business, party).await?;
    insert(tx, business, party, cause).await?;
    if seen_before {
        return Ok(vec![]);
    }
    let seen_by = SeenBy::Only { audience: vec![party], lost: vec![] };
    Ok(vec![Event::sharing(business, version(tx, business).await?, "shared", seen_by, cause)])
}

/// For a business that is being created: its `created` event says it to all who see it.
pub async fn share_new(
    tx: &Tx<'_>,
    business: BusinessId,
    party: Party,
    cause: impl Into<Uuid>,
) -> Result<()> {
    insert(tx, business, party, cause.into()).await
}

/// What `cause` gave, to any party, ends.
pub async fn unshare(tx: &Tx<'_>, business: BusinessId, cause: impl Into<Uuid>) -> Result<Vec<Event>> {
    let cause = cause.into();
    let of_cause = shares::table.filter(shares::business_id.eq(business)).filter(shares::cause.eq(cause));
    let ended = diesel::delete(of_cause).returning(shares::party).get_results(&mut tx.sql()).await?;
    told(tx, business, ended, cause).await
}

/// What `cause` gave to one party ends; to others it goes on.
pub async fn unshare_from(
    tx: &Tx<'_>,
    business: BusinessId,
    party: Party,
    cause: impl Into<Uuid>,
) -> Result<Vec<Event>> {
    let cause = cause.into();
    let share = shares::table.find((business, party.to_string(), cause));
    let ended = diesel::delete(share).returning(shares::party).get_results(&mut tx.sql()).await?;
    told(tx, business, ended, cause).await
}

/// Who no longer sees the business, now that these shares are gone, is told so.
async fn told(tx: &Tx<'_>, business: BusinessId, ended: Vec<String>, cause: Uuid) -> Result<Vec<Event>> {
    let mut events = Vec::new();
    for party in ended.iter().filter_map(|text| Party::parse(text)) {
        if !sees(tx, business, party).await? {
            let seen_by = SeenBy::Only { audience: vec![], lost: vec![party] };
            events.push(Event::sharing(business, version(tx, business).await?, "unshared", seen_by, cause));
        }
    }
    Ok(events)
}

/// The same for every business.
pub async fn unshare_all(tx: &Tx<'_>, cause: impl Into<Uuid>) -> Result<Vec<Event>> {
    let cause = cause.into();
    let given = shares::table.filter(shares::cause.eq(cause)).select(shares::business_id).distinct();
    let given: Vec<BusinessId> = given.order(shares::business_id).load(&mut tx.sql()).await?;
    let mut events = Vec::new();
    for business in given {
        events.extend(unshare(tx, business, cause).await?);
    }
    Ok(events)
}

/// What `cause` gave ends at `at`: a job sees to it.
pub async fn unshare_at(
    tx: &Tx<'_>,
    business: BusinessId,
    cause: impl Into<Uuid>,
    at: DateTime<Utc>,
) -> Result<()> {
    let of_cause =
        shares::table.filter(shares::business_id.eq(business)).filter(shares::cause.eq(cause.into()));
    diesel::update(of_cause).set(shares::until.eq(at)).execute(&mut tx.sql()).await?;
    Ok(())
}

/// What `cause` gave to one party ends at `at`; to others it goes on.
pub async fn unshare_from_at(
    tx: &Tx<'_>,
    business: BusinessId,
    party: Party,
    cause: impl Into<Uuid>,
    at: DateTime<Utc>,
) -> Result<()> {
    let share = shares::table.find((business, party.to_string(), cause.into()));
    diesel::update(share).set(shares::until.eq(at)).execute(&mut tx.sql()).await?;
    Ok(())
}

/// A party that sees a business.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Shared {
    pub business: BusinessId,
    pub party: Party,
}

/// Shares have passed `from` one business or party to another, by two becoming one; the causes are the same.
/// Who sees a business only since then is told so, and who no longer does.
pub async fn passed_on(tx: &Tx<'_>, from: Shared, to: Shared, causes: &[Uuid]) -> Result<Vec<Event>> {
    let Some(cause) = causes.first().copied() else { return Ok(vec![]) };
    let mut events = told(tx, from.business, vec![from.party.to_string()], cause).await?;
    let besides = shares::table
        .filter(shares::business_id.eq(to.business))
        .filter(shares::party.eq(to.party.to_string()))
        .filter(shares::cause.ne_all(causes));
    let saw: bool = diesel::select(diesel::dsl::exists(besides)).get_result(&mut tx.sql()).await?;
    if !saw {
        let seen_by = SeenBy::Only { audience: vec![to.party], lost: vec![] };
        let version = version(tx, to.business).await?;
        events.push(Event::sharing(to.business, version, "shared", seen_by, cause));
    }
    Ok(events)
}

/// Ends what was given until now.
pub const END: Job =
    Job { name: "shares.end", every: Duration::minutes(1), work: |tx| Box::pin(end_what_is_over(tx)) };

async fn end_what_is_over(tx: &Tx<'_>) -> Result<Vec<Event>> {
    // Ordered as the index is: `distinct` would walk over all shares, of which few end.
    let over = shares::table.filter(shares::until.assume_not_null().le(tx.now)).order(shares::until);
    let over = over.select((shares::business_id, shares::party, shares::cause)).limit(500);
    let over: Vec<(BusinessId, String, Uuid)> = over.load(&mut tx.sql()).await?;
    let mut events = Vec::new();
    for (business, party, cause) in over {
        let Some(party) = Party::parse(&party) else { continue };
        events.extend(unshare_from(tx, business, party, cause).await?);
    }
    Ok(events)
}

async fn sees(tx: &Tx<'_>, business: BusinessId, party: Party) -> Result<bool> {
    let of_party =
        shares::table.filter(shares::business_id.eq(business)).filter(shares::party.eq(party.to_string()));
    Ok(diesel::select(diesel::dsl::exists(of_party)).get_result(&mut tx.sql()).await?)
}

async fn insert(tx: &Tx<'_>, business: BusinessId, party: Party, cause: Uuid) -> Result<()> {
    let row = (
        shares::business_id.eq(business),
        shares::party.eq(party.to_string()),
        shares::cause.eq(cause),
        shares::until.eq(None::<DateTime<Utc>>),
    );
    let insert = diesel::insert_into(shares::table).values(row);
    let again = insert
        .on_conflict((shares::business_id, shares::party, shares::cause))
        .do_update()
        .set(shares::until.eq(None::<DateTime<Utc>>));
    again.execute(&mut tx.sql()).await?;
    Ok(())
}

async fn version(tx: &Tx<'_>, business: BusinessId) -> Result<i64> {
    Ok(businesses::table.find(business).select(businesses::version).first(&mut tx.sql()).await?)
}
