//! The secret that messages are signed with, by the specification: `whsec_` and base64 of random bytes.

use aws_lc_rs::hmac::{self, HMAC_SHA256};
use base64::{Engine, prelude::BASE64_STANDARD};

use crate::{
    error::{ApiError, Result},
    ids::WebhookId,
    secrets::random,
    worker::Worker,
};

const PREFIX: &str = "whsec_";

/// A secret as it is shown, and as it is kept.
pub fn new(worker: &Worker, id: WebhookId) -> Result<(String, Vec<u8>)> {
    let bytes = random::bytes::<32>().map_err(ApiError::internal)?;
    let sealed = worker.keys.seal_webhook_secret(id.0, &bytes).map_err(ApiError::internal)?;
    Ok((format!("{PREFIX}{}", BASE64_STANDARD.encode(bytes)), sealed))
}

/// One signature for each secret that is good now: a receiver may know any of them.
pub fn signatures(worker: &Worker, id: WebhookId, sealed: &[&[u8]], signed: &[&[u8]]) -> Result<String> {
    let mut signatures = Vec::with_capacity(sealed.len());
    for sealed in sealed {
        let secret = worker.keys.open_webhook_secret(id.0, sealed).map_err(ApiError::internal)?;
        let mut context = hmac::Context::with_key(&hmac::Key::new(HMAC_SHA256, &secret));
        signed.iter().for_each(|part| context.update(part));
        signatures.push(format!("v1,{}", BASE64_STANDARD.encode(context.sign())));
    }
    Ok(signatures.join(" "))
}
