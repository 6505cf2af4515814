//! The taxpayer's number as the table keeps it: sealed, found by its blind index, shown masked.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::payloads::BusinessFields;
use crate::{
    db::schema::businesses,
    error::{ApiError, Result},
    identifiers::npwp,
    ids::BusinessId,
    records::Tx,
    secrets::mask,
};

const COLUMN: &str = "businesses.npwp";

/// Beside the masked one, which stands in the fields.
#[derive(Default, Insertable, AsChangeset)]
#[diesel(table_name = businesses, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct SealedNpwp {
    npwp_sealed: Option<Vec<u8>>,
    npwp_index: Option<Vec<u8>>,
}

/// Whether it is the number of this business.
pub async fn is_of(tx: &Tx<'_>, id: BusinessId, number: &str) -> Result<bool> {
    let Some(number) = npwp::normalise(number) else { return Ok(false) };
    let index = tx.blind_index(COLUMN, &number)?;
    let same = businesses::table.find(id).filter(businesses::npwp_index.eq(index)).select(businesses::id);
    Ok(same.first::<BusinessId>(&mut tx.sql()).await.optional()?.is_some())
}

/// Takes the number out of `fields` and leaves the masked one there.
pub async fn seal(tx: &Tx<'_>, id: BusinessId, fields: &mut BusinessFields) -> Result<SealedNpwp> {
    let Some(number) = fields.npwp.as_deref().and_then(npwp::normalise) else {
        return Ok(SealedNpwp::default());
    };
    let key = tx.subject_key(id.0).await?;
    let sealed = key.seal(id.0, "npwp", number.as_bytes()).map_err(ApiError::internal)?;
    fields.npwp = Some(mask(&number));
    Ok(SealedNpwp { npwp_sealed: Some(sealed), npwp_index: Some(tx.blind_index(COLUMN, &number)?) })
}
