//! What the person who acts for a business claims with it: its name, which no other of hers may have, and
//! its NIB, under which nobody else may have a business.

use super::store;
use crate::{
    access::Permission,
    businesses::business::{rules::is_same_name, store as businesses},
    error::{ApiError, Result},
    ids::{BusinessId, PersonId},
    records::Tx,
};

/// The person's row must be held, so that two businesses of hers do not come at once.
pub async fn claim_name(tx: &Tx<'_>, person: PersonId, business: BusinessId, name: &str) -> Result<()> {
    let others = store::others_of(tx, person, business).await?;
    match others.into_iter().find(|(_, other)| is_same_name(other, name)) {
        Some((other, _)) => Err(duplicate(tx, "owner_and_name", other).await?),
        None => Ok(()),
    }
}

/// Holds the row of the NIB until the transaction ends. Its holder of before gives way when he no longer
/// has a business under it.
pub async fn claim_nib(tx: &Tx<'_>, person: PersonId, business: BusinessId, nib: Option<&str>) -> Result<()> {
    let Some(nib) = nib else { return Ok(()) };
    let holder = store::hold_nib(tx, nib, person).await?;
    if holder == person {
        return Ok(());
    }
    match store::other_under_nib(tx, nib, holder, business).await? {
        Some(other) => Err(duplicate(tx, "nib", other).await?),
        None => store::pass_nib_on(tx, nib, person).await,
    }
}

/// Names the other business to whom may see it.
async fn duplicate(tx: &Tx<'_>, what: &str, other: BusinessId) -> Result<ApiError> {
    let seen = match tx.reach_of(Permission::ReadBusinesses) {
        Ok(reach) => businesses::is_seen(tx, reach, other).await?,
        Err(_) => false,
    };
    let of = seen.then(|| format!("/v1/businesses/{other}"));
    Ok(ApiError::Duplicate { what: what.to_owned(), of })
}
