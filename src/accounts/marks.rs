//! What is kept of a secret that a client has: enough to know it again, and nothing to read it from.

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

pub fn of(keys: &Keys, purpose: Purpose, secret: &str) -> Result<Vec<u8>> {
    let name = match purpose {
        Purpose::ClientSecret => "client-secret",
        Purpose::InvitationCode => "invitation-code",
        Purpose::RefreshToken => "refresh-token",
    };
    keys.mac(name, secret).map_err(ApiError::internal)
}
