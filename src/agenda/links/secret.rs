//! The secret of an address: 160 bits, of which only the MAC is kept.

use aws_lc_rs::hmac;

use crate::{
    error::{ApiError, Result},
    secrets::random,
    worker::Worker,
};

const SYMBOLS: usize = 32;

/// As it stands in the address.
pub fn new() -> Result<String> {
    let code = random::code(SYMBOLS).map_err(ApiError::internal)?;
    Ok(code.replace('-', "").to_ascii_lowercase())
}

pub fn mac(worker: &Worker, secret: &str) -> Result<Vec<u8>> {
    let key = worker.keys.purpose("calendar links").map_err(ApiError::internal)?;
    Ok(hmac::sign(&key, secret.as_bytes()).as_ref().to_vec())
}
