//! What a division took a business over with: which records there were, each in which version. The hash
//! of them proves later what the division could know.

use chrono::{DateTime, Utc};
use diesel::{deserialize::FromSqlRow, expression::AsExpression, sql_types::Jsonb};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    businesses,
    db::json::jsonb,
    digests::sha256,
    error::{ApiError, Result},
    ids::BusinessId,
    log::{Known, known_about},
    records::Tx,
};

/// A record in a version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[schema(as = DossierEntry)]
pub struct Entry {
    #[schema(example = "assessment")]
    pub kind: String,
    pub id: Uuid,
    #[schema(example = 3)]
    pub version: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
pub struct Dossier {
    /// Of `records` as JSON without blanks, in hexadecimal digits.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub sha256: String,
    pub frozen_at: DateTime<Utc>,
    /// Ordered by kind and id, the members of each in the order of their names.
    pub records: Vec<Entry>,
}
jsonb!(Dossier);

/// The assessments, certifications, sessions and plans of the business, and the consents that its owner has
/// not withdrawn.
pub async fn freeze(tx: &Tx<'_>, business: BusinessId) -> Result<Dossier> {
    let mut known = known_about(tx, business, &["assessment", "certification", "session", "plan"]).await?;
    if let Some(owner) = businesses::owner_of(tx, business).await? {
        let consents = known_about(tx, owner, &["consent"]).await?;
        known.extend(consents.into_iter().filter(|consent| consent.last != "consent.withdrawn"));
    }
    let entry = |record: Known| Entry { kind: record.resource, id: record.id, version: record.version };
    of(known.into_iter().map(entry).collect(), tx.now)
}

fn of(mut records: Vec<Entry>, frozen_at: DateTime<Utc>) -> Result<Dossier> {
    records.sort();
    records.dedup();
    // A `Value` has its members in the order of their names.
    let canonical = serde_json::to_value(&records).map_err(ApiError::internal)?.to_string();
    Ok(Dossier { sha256: sha256(canonical.as_bytes()), frozen_at, records })
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::digest::{SHA256, digest};

    use super::*;

    fn entry(kind: &str, id: u128, version: i64) -> Entry {
        Entry { kind: kind.into(), id: Uuid::from_u128(id), version }
    }

    #[test]
    fn the_hash_is_that_of_the_canonical_json() {
        let at = DateTime::UNIX_EPOCH;
        let (one, two) = (entry("plan", 2, 1), entry("assessment", 1, 3));
        let dossier = of(vec![one.clone(), two.clone()], at).unwrap();
        let json = "[{\"id\":\"00000000-0000-0000-0000-000000000001\",\"kind\":\"assessment\",\"version\":3},\
                    {\"id\":\"00000000-0000-0000-0000-000000000002\",\"kind\":\"plan\",\"version\":1}]";
        let expected: String =
            digest(&SHA256, json.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(dossier.sha256, expected);
        assert_eq!(of(vec![two.clone(), one.clone()], at).unwrap(), dossier);
        assert_ne!(of(vec![entry("plan", 2, 2), two], at).unwrap().sha256, dossier.sha256);
    }
}
