//! The links by which owners answer: a secret of 160 bits, of which only the MAC is kept.

use aws_lc_rs::hmac;

use crate::{
    access::Access,
    error::{ApiError, Result},
    secrets::random,
};

const SYMBOLS: usize = 32;

/// As it stands in the address.
pub fn new() -> Result<String> {
    let code = random::code(SYMBOLS).map_err(ApiError::internal)?;
    Ok(code.replace('-', "").to_ascii_lowercase())
}

pub fn mac(access: &Access, link: &str) -> Result<Vec<u8>> {
    let key = access.worker.keys.purpose("follow-up links").map_err(ApiError::internal)?;
    Ok(hmac::sign(&key, link.as_bytes()).as_ref().to_vec())
}
