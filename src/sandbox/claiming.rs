//! Which database a sandbox may have: a new one, which is its own from then on.

use diesel_async::{AsyncConnection, AsyncPgConnection};

use super::kept;
use crate::error::Result;

/// What a database is to a sandbox.
#[derive(Debug, PartialEq, Eq)]
pub enum Claim {
    /// Its own, and as this version made it; or new.
    Good,
    /// Its own, but of another version, or not made to the end: what is in it has to go.
    Stale,
    /// Somebody is in it, who may be real.
    Refused,
}

/// Makes the database a sandbox's, where it may be one; `migration` is the last that the program knows.
pub async fn claim(owner_url: &str, migration: &str) -> Result<Claim> {
    let mut sql = AsyncPgConnection::establish(owner_url).await?;
    let used = kept::is_used(&mut sql).await?;
    match (kept::is_marked(&mut sql).await?, used) {
        (true, true) if !kept::is_prepared(owner_url, migration).await? => Ok(Claim::Stale),
        (true, _) => Ok(Claim::Good),
        (false, true) => Ok(Claim::Refused),
        (false, false) => kept::mark(&mut sql).await.map(|()| Claim::Good),
    }
}

/// Whether no service but a sandbox may open it.
pub async fn is_sandbox(url: &str) -> Result<bool> {
    kept::is_marked(&mut AsyncPgConnection::establish(url).await?).await
}
