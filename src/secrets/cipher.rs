//! AES-256-GCM as all sealed values use it, under a random nonce and bound to what they belong to.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use zeroize::Zeroizing;

use super::{Result, SecretsError::NotOpened};

/// 256 bits, overwritten when dropped.
pub type Key = Zeroizing<[u8; 32]>;

/// The first byte of what is sealed, so that another cipher can follow this one.
pub const VERSION: u8 = 1;

/// Version byte, then as `encrypt`.
pub fn seal(key: &Key, bound_to: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
    Ok([&[VERSION], encrypt(key, bound_to, plain)?.as_slice()].concat())
}

pub fn open(key: &Key, bound_to: &[u8], sealed: &[u8]) -> Result<Vec<u8>> {
    let (version, encrypted) = sealed.split_first().ok_or(NotOpened)?;
    if *version == VERSION { decrypt(key, bound_to, encrypted) } else { Err(NotOpened) }
}

/// Nonce (12 bytes), ciphertext, tag (16 bytes).
pub fn encrypt(key: &Key, bound_to: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
    let mut body = plain.to_vec();
    let key = RandomizedNonceKey::new(&AES_256_GCM, key.as_slice())?;
    let nonce = key.seal_in_place_append_tag(Aad::from(bound_to), &mut body)?;
    Ok([nonce.as_ref().as_slice(), &body].concat())
}

pub fn decrypt(key: &Key, bound_to: &[u8], encrypted: &[u8]) -> Result<Vec<u8>> {
    let (nonce, body) = encrypted.split_at_checked(NONCE_LEN).ok_or(NotOpened)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce)?;
    let key = RandomizedNonceKey::new(&AES_256_GCM, key.as_slice())?;
    let mut body = body.to_vec();
    let plain = key.open_in_place(nonce, Aad::from(bound_to), &mut body).map_err(|_| NotOpened)?;
    let length = plain.len();
    body.truncate(length);
    Ok(body)
}
