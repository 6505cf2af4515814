//! What must be so outside an enrollment before it may begin or go on.

use super::payloads::EnrollmentFields;
use crate::{
    access::{Permission, Reach},
    businesses, cooperatives,
    error::{ApiError, Result, named},
    persons::{self, Purpose},
    records::Tx,
};

/// Whether the person, as owner of the business, may apply to the cooperative. All three rows are held
/// until the transaction ends.
///
/// # Errors
/// `Invalid` for records that the caller cannot see; `Blocked` by what they are.
pub async fn apply(tx: &Tx<'_>, fields: &EnrollmentFields) -> Result<()> {
    let mut flaws = Vec::new();
    let reach = tx.reach_of(Permission::ReadBusinesses)?;
    let business = named(businesses::lock(tx, reach, fields.business_id).await, "/business_id", &mut flaws)?;
    let reach = tx.reach_of(Permission::ReadPersons)?;
    let person = named(persons::lock(tx, reach, fields.person_id).await, "/person_id", &mut flaws)?;
    let reach = tx.reach_of(Permission::ReadCooperatives)?;
    let cooperative = cooperatives::lock(tx, reach, fields.cooperative_id).await;
    let cooperative = named(cooperative, "/cooperative_id", &mut flaws)?;
    let (Some(business), Some(person), Some(cooperative)) = (business, person, cooperative) else {
        return Err(ApiError::Invalid(flaws));
    };
    let receiver = Some(fields.cooperative_id.0);
    let refusal = match () {
        () if cooperative.status != cooperatives::Status::Active => "cooperative_dissolved",
        () if business.fields.kind != businesses::Kind::Business => "not_enrollable",
        () if business.status != businesses::Status::Active => "business_inactive",
        () if businesses::owner_of(tx, business.id).await? != Some(person.id) => "not_the_owner",
        () if !persons::has_nik(&person) => "nik_missing",
        () if persons::consent(tx, person.id, Purpose::Cooperative, receiver).await?.is_none() => {
            "consent_missing"
        }
        () => return Ok(()),
    };
    Err(ApiError::Blocked { code: refusal, by: vec![] })
}

/// Whether the cooperative still takes members; its row is held until the transaction ends, so that two are
/// not admitted with one number.
pub async fn admit(tx: &Tx<'_>, fields: &EnrollmentFields) -> Result<()> {
    let cooperative = cooperatives::lock(tx, Reach::All, fields.cooperative_id).await?;
    match cooperative.status {
        cooperatives::Status::Active => Ok(()),
        cooperatives::Status::Dissolved => {
            Err(ApiError::Blocked { code: "cooperative_dissolved", by: vec![] })
        }
    }
}
