//! The taxpayer's number as the table keeps it: sealed, found by its blind index, shown masked.

use diesel::prelude::*;

use super::payloads::BusinessFields;
use crate::{
    db::schema::businesses,
    error::{ApiError, Result},
    identifiers::npwp,
    ids::BusinessId,
    records::Tx,
    secrets::{BlindIndex, mask},
};

/// Beside the masked one, which stands in the fields.
#[derive(Default, Insertable, AsChangeset)]
#[diesel(table_name = businesses, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct SealedNpwp {
    npwp_sealed: Option<Vec<u8>>,
    npwp_index: Option<Vec<u8>>,
}

/// Takes the number out of `fields` and leaves the masked one there.
pub async fn seal(tx: &Tx<'_>, id: BusinessId, fields: &mut BusinessFields) -> Result<SealedNpwp> {
    let Some(number) = fields.npwp.as_deref().and_then(npwp::normalise) else {
        return Ok(SealedNpwp::default());
    };
    let key = tx.subject_key(id.0).await?;
    let sealed = key.seal(id.0, "npwp", number.as_bytes()).map_err(ApiError::internal)?;
    let index = BlindIndex::new(&tx.worker.keys, "businesses.npwp").map_err(ApiError::internal)?;
    fields.npwp = Some(mask(&number));
    Ok(SealedNpwp { npwp_sealed: Some(sealed), npwp_index: Some(index.of(&number)) })
}
