//! What is kept of a run's rows: the lines that answered them, packed; and those that were refused, sealed besides, as
//! they hold what the partner sent.

use std::io::{Read, Write};

use actix_web::web::Bytes;
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use serde::{Serialize, de::DeserializeOwned};

use super::{payloads::Refused, store};
use crate::{
    access::Access,
    error::{ApiError, Result},
    ids::SyncRunId,
    records::Tx,
};

pub async fn keep(tx: &Tx<'_>, run: SyncRunId, number: i32, lines: &[u8], refused: &[Refused]) -> Result<()> {
    let sealed = if refused.is_empty() { None } else { Some(seal(tx, run, number, refused)?) };
    store::keep(tx, run, number, &packed(lines)?, sealed.as_deref()).await
}

/// The lines that answered a batch.
pub async fn lines(access: &Access, run: SyncRunId, number: i32) -> Result<Option<Bytes>> {
    let kept = store::kept(access, run, number).await?;
    kept.map(|(lines, _)| Ok(unpacked(&lines)?.into())).transpose()
}

/// All rows that were refused.
pub async fn refused(access: &Access, run: SyncRunId) -> Result<Vec<Refused>> {
    let mut all = Vec::new();
    let mut number = 0;
    while let Some((_, sealed)) = store::kept(access, run, number).await? {
        if let Some(sealed) = sealed {
            all.extend(open::<Vec<Refused>>(access, run, number, &sealed)?);
        }
        number += 1;
    }
    Ok(all)
}

fn seal(access: &Access, run: SyncRunId, number: i32, value: &(impl Serialize + ?Sized)) -> Result<Vec<u8>> {
    let json = serde_json::to_vec(value).map_err(ApiError::internal)?;
    access.worker.keys.seal_kept(&bound_to(run, number), &packed(&json)?).map_err(ApiError::internal)
}

fn open<T: DeserializeOwned>(access: &Access, run: SyncRunId, number: i32, sealed: &[u8]) -> Result<T> {
    let packed = access.worker.keys.open_kept(&bound_to(run, number), sealed).map_err(ApiError::internal)?;
    serde_json::from_slice(&unpacked(&packed)?).map_err(ApiError::internal)
}

fn bound_to(run: SyncRunId, number: i32) -> Vec<u8> {
    [b"sync ".as_slice(), run.0.as_bytes(), &number.to_be_bytes()].concat()
}

fn packed(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut packing = GzEncoder::new(Vec::new(), Compression::fast());
    packing.write_all(bytes).map_err(ApiError::internal)?;
    packing.finish().map_err(ApiError::internal)
}

fn unpacked(packed: &[u8]) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    GzDecoder::new(packed).read_to_end(&mut bytes).map_err(ApiError::internal)?;
    Ok(bytes)
}
