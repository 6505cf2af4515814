//! What is kept of a secret that a client has: enough to know it again, and nothing to read it from.

use aws_lc_rs::hmac;

use crate::{
    error::{ApiError, Result},
    secrets::Keys,
};

/// What the secret is for. The mark of one purpose says nothing about another.
#[derive(Clone, Copy)]
pub enum Purpose {
    ClientSecret,
    InvitationCode,
    RefreshToken,
}

/// 32 bytes: HMAC-SHA256 with a key from the key file.
pub fn of(keys: &Keys, purpose: Purpose, secret: &str) -> Result<Vec<u8>> {
    let name = match purpose {
        Purpose::ClientSecret => "client-secret",
        Purpose::InvitationCode => "invitation-code",
        Purpose::RefreshToken => "refresh-token",
    };
    let key = keys.purpose(name).map_err(ApiError::internal)?;
    Ok(hmac::sign(&key, secret.as_bytes()).as_ref().to_vec())
}
