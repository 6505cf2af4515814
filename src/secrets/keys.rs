//! The keys of the service, read once at start from its key file. Tokens are signed by the active signing
//! key; retired ones only verify. What every other purpose needs is derived from one secret, so that no
//! two purposes ever share a key.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    path::Path,
};

use aws_lc_rs::{
    hkdf::{self, HKDF_SHA256},
    hmac::{self, HMAC_SHA256},
    signature::Ed25519KeyPair,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::{DateTime, Utc};
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::{
    Result,
    SecretsError::NotOpened,
    cipher::Key,
    key_file::{KeyFile, SecretText, SigningEntry, about},
    pem,
};

pub struct Keys {
    active: SigningKey,
    public: Vec<PublicKey>,
    wrapping: BTreeMap<u32, Key>,
    derives: hkdf::Prk,
}

/// Signs EdDSA with Ed25519.
pub struct SigningKey {
    pub kid: String,
    pub key: EncodingKey,
}

struct PublicKey {
    kid: String,
    x: String,
    key: DecodingKey,
}

impl Keys {
    /// A new key file, mode 0600, and what is in it.
    ///
    /// # Errors
    /// When there is a file already, or it can't be written.
    pub fn create(path: &Path, now: DateTime<Utc>) -> Result<Self> {
        KeyFile::generate(now)?.create(path)?;
        Self::load(path)
    }

    /// # Errors
    /// A sentence that names the file: unreadable, open to others, not of the right form, a key too short,
    /// or not exactly one active signing key.
    pub fn load(path: &Path) -> Result<Self> {
        Self::of(&KeyFile::read(path)?).map_err(|why| about(path, why))
    }

    /// Writes a new signing key into the file and retires the active one, which goes on verifying until it
    /// is taken out of the file. Every process must load the file anew to know the new key.
    pub fn rotate_signing(path: &Path, now: DateTime<Utc>) -> Result<Self> {
        let mut file = KeyFile::read(path)?;
        Self::of(&file).map_err(|why| about(path, why))?;
        file.signing.iter_mut().for_each(|key| key.retired_at = key.retired_at.or(Some(now)));
        file.signing.insert(0, SigningEntry::generate(now)?);
        file.replace(path)?;
        Self::load(path)
    }

    pub fn signing_key(&self) -> &SigningKey {
        &self.active
    }

    /// By `kid`, the retired ones too.
    pub fn verification_keys(&self) -> HashMap<String, DecodingKey> {
        self.public.iter().map(|key| (key.kid.clone(), key.key.clone())).collect()
    }

    /// The public keys as a JSON Web Key Set (RFC 7517, RFC 8037).
    pub fn jwks(&self) -> Value {
        let keys = self.public.iter().map(|PublicKey { kid, x, .. }| {
            json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": kid, "x": x })
        });
        json!({ "keys": keys.collect::<Vec<_>>() })
    }

    /// The HMAC-SHA256 key of one purpose, such as `cursors` (HKDF-SHA256, RFC 5869).
    pub fn purpose(&self, name: &str) -> Result<hmac::Key> {
        Ok(self.derives.expand(&[b"seribu hmac ", name.as_bytes()], HMAC_SHA256)?.into())
    }

    /// What is kept of a secret: enough to know it again, and nothing to read it from. That of one purpose says
    /// nothing about another. 32 bytes: HMAC-SHA256.
    pub fn mac(&self, purpose: &str, secret: &str) -> Result<Vec<u8>> {
        Ok(hmac::sign(&self.purpose(purpose)?, secret.as_bytes()).as_ref().to_vec())
    }

    /// The AES-256 key of one purpose; never equal to an HMAC key, whatever the name.
    pub(super) fn cipher_key(&self, name: &str) -> Result<Key> {
        let mut key = Zeroizing::new([0; 32]);
        self.derives.expand(&[b"seribu cipher ", name.as_bytes()], HKDF_SHA256)?.fill(key.as_mut_slice())?;
        Ok(key)
    }

    /// Of the key that wraps now; the others only unwrap.
    pub fn wrapping_id(&self) -> u32 {
        self.wrapping.last_key_value().map_or(0, |(id, _)| *id)
    }

    pub(super) fn wrapping_key(&self, id: u32) -> Result<&Key> {
        self.wrapping.get(&id).ok_or(NotOpened)
    }

    fn of(file: &KeyFile) -> Result<Self, String> {
        let mut public = Vec::new();
        let mut active = Vec::new();
        for SigningEntry { kid, private_pem, retired_at, .. } in &file.signing {
            let pkcs8 = pem::decode(&private_pem.0);
            let pair = pkcs8.as_ref().and_then(|pkcs8| Ed25519KeyPair::from_pkcs8(pkcs8).ok());
            let (Some(pkcs8), Some(pair)) = (&pkcs8, pair) else {
                return Err(format!("has a signing key {kid:?} that is no Ed25519 key in PKCS#8 PEM"));
            };
            let x = pem::x(&pair);
            let key = DecodingKey::from_ed_components(&x).map_err(|error| error.to_string())?;
            if retired_at.is_none() {
                active.push(SigningKey { kid: kid.clone(), key: EncodingKey::from_ed_der(pkcs8) });
            }
            if public.iter().any(|other: &PublicKey| other.kid == *kid) {
                return Err(format!("has two signing keys with the kid {kid:?}"));
            }
            public.push(PublicKey { kid: kid.clone(), x, key });
        }
        let active = match (active.pop(), active.pop()) {
            (Some(only), None) => only,
            (None, _) => return Err("has no active signing key".to_owned()),
            (Some(_), Some(_)) => return Err("has more than one active signing key".to_owned()),
        };
        let mut wrapping = BTreeMap::new();
        for entry in &file.wrapping {
            let key = bytes_of(&entry.key).ok_or(format!("has a wrapping key {} {NOT_32}", entry.id))?;
            if wrapping.insert(entry.id, key).is_some() {
                return Err(format!("has two wrapping keys with the id {}", entry.id));
            }
        }
        if wrapping.is_empty() {
            return Err("has no wrapping key".to_owned());
        }
        let secret = bytes_of(&file.secret).ok_or(format!("has a secret {NOT_32}"))?;
        let derives = hkdf::Salt::new(HKDF_SHA256, &[]).extract(secret.as_slice());
        Ok(Self { active, public, wrapping, derives })
    }
}

const NOT_32: &str = "that is not 32 bytes in base64";

fn bytes_of(text: &SecretText) -> Option<Key> {
    let bytes = Zeroizing::new(BASE64_STANDARD.decode(&text.0).ok()?);
    bytes.as_slice().try_into().ok().map(Zeroizing::new)
}

/// Names of keys, never keys.
impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kid, wrapping) = (&self.active.kid, self.wrapping.keys());
        f.debug_struct("Keys").field("kid", kid).field("wrapping", &wrapping).finish_non_exhaustive()
    }
}

#[cfg(test)]
pub(super) mod tests;
