//! What a partner compares its copy with: for each of 256 buckets of ids, how many records there are and what
//! their versions hash to.

use std::collections::BTreeMap;

use actix_web::get;
use aws_lc_rs::digest::{Context, SHA256};
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    access::{Granted, may::ReadChanges},
    digests::{hex, short_sha256},
    error::{ApiError, Result},
    exports::{KINDS, snapshot},
    http::{Code, Derived, Parameters},
};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Of {
    /// As in the changes.
    #[param(required, max_length = 40, example = "business")]
    resource: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct ChangesDigest {
    #[schema(example = "business")]
    resource: String,
    /// Of all records that you may read.
    #[schema(example = 14)]
    count: u64,
    /// Those that are not empty, in their order.
    buckets: Vec<DigestBucket>,
}

#[derive(Serialize, ToSchema)]
struct DigestBucket {
    /// The first byte of the SHA-256 of the id as text, in hexadecimal.
    #[schema(example = "a7")]
    bucket: String,
    #[schema(example = 1)]
    count: u64,
    /// SHA-256 of the lines `id:version`, each with a line feed, sorted by id, in hexadecimal.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    sha256: String,
}

/// Get the digest of all records of a kind.
///
/// To prove that a copy is the same, or to find the few records where it is not: compute it over what you have.
#[utoipa::path(params(Of), responses((status = 200, body = ChangesDigest)))]
#[get("/digest")]
pub async fn get_changes_digest(
    granted: Granted<ReadChanges>,
    Parameters(Of { resource }): Parameters<Of>,
) -> Result<Derived<ChangesDigest>> {
    let flaw = |code: Code| ApiError::invalid(code.of_parameter("resource", ""));
    let resource = resource.ok_or_else(|| flaw(Code::Required))?;
    let kind = KINDS.iter().find(|kind| kind.resource == resource).ok_or_else(|| flaw(Code::UnknownCode))?;
    let access = granted.over(kind.read)?;
    let mut buckets: BTreeMap<String, (u64, Context)> = BTreeMap::new();
    let mut connection = snapshot(&access).await?;
    let mut versions = (kind.versions)(&access, &mut connection);
    while let Some(version) = versions.next().await {
        let (id, version) = version?;
        let id = id.to_string();
        let bucket = buckets.entry(short_sha256(id.as_bytes(), 1));
        let (count, context) = bucket.or_insert_with(|| (0, Context::new(&SHA256)));
        *count += 1;
        context.update(format!("{id}:{version}\n").as_bytes());
    }
    let count = buckets.values().map(|(count, _)| count).sum();
    let shown = |(bucket, (count, context)): (String, (u64, Context))| DigestBucket {
        bucket,
        count,
        sha256: hex(context.finish().as_ref()),
    };
    Ok(Derived(ChangesDigest { resource, count, buckets: buckets.into_iter().map(shown).collect() }))
}
