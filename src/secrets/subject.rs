//! The data key of one subject: a person, or a mentor's or user's contact. It seals that subject's values;
//! it is stored wrapped by the service's key, and destroying it makes everything it sealed unreadable.

use std::fmt;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{
    Keys, Result,
    SecretsError::NotOpened,
    cipher::{self, Key, VERSION},
    random,
};

pub struct SubjectKey(Key);

impl SubjectKey {
    pub fn generate() -> Result<Self> {
        random::bytes().map(Zeroizing::new).map(Self)
    }

    /// For storage: version byte, id of the wrapping key (4 bytes), nonce, ciphertext, tag.
    pub fn wrap(&self, keys: &Keys, subject: Uuid) -> Result<Vec<u8>> {
        let id = keys.wrapping_id();
        let encrypted = cipher::encrypt(keys.wrapping_key(id)?, &wrapped_for(subject), self.0.as_slice())?;
        Ok([&[VERSION], id.to_be_bytes().as_slice(), &encrypted].concat())
    }

    /// # Errors
    /// `NotOpened` when it was altered, is another subject's, or its wrapping key is not in the key file.
    pub fn unwrap(wrapped: &[u8], keys: &Keys, subject: Uuid) -> Result<Self> {
        let (version, rest) = wrapped.split_first().ok_or(NotOpened)?;
        let (id, encrypted) = rest.split_first_chunk().ok_or(NotOpened)?;
        if *version != VERSION {
            return Err(NotOpened);
        }
        let wrapping = keys.wrapping_key(u32::from_be_bytes(*id))?;
        let plain = Zeroizing::new(cipher::decrypt(wrapping, &wrapped_for(subject), encrypted)?);
        plain.as_slice().try_into().map(Zeroizing::new).map(Self).map_err(|_| NotOpened)
    }

    /// Version byte, nonce, ciphertext, tag: good only for this subject and field (such as `persons.nik`).
    pub fn seal(&self, subject: Uuid, field: &str, plain: &[u8]) -> Result<Vec<u8>> {
        cipher::seal(&self.0, &sealed_for(subject, field), plain)
    }

    /// # Errors
    /// `NotOpened` when it was altered, or was sealed for another subject, field or key.
    pub fn open(&self, subject: Uuid, field: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        cipher::open(&self.0, &sealed_for(subject, field), sealed)
    }

    /// For event payloads: `{"sealed": "<base64url>", "subject": "<uuid>"}`.
    pub fn seal_json(&self, subject: Uuid, field: &str, plain: &Value) -> Result<Value> {
        let sealed = self.seal(subject, field, plain.to_string().as_bytes())?;
        Ok(json!({ "sealed": BASE64_URL_SAFE_NO_PAD.encode(sealed), "subject": subject }))
    }

    /// # Errors
    /// As `open`; `NotOpened` also when the value is no sealed one or names another subject.
    pub fn open_json(&self, subject: Uuid, field: &str, sealed: &Value) -> Result<Value> {
        let ours = subject_of(sealed) == Some(subject);
        let text = sealed.get("sealed").filter(|_| ours).and_then(Value::as_str).ok_or(NotOpened)?;
        let sealed = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| NotOpened)?;
        let plain = Zeroizing::new(self.open(subject, field, &sealed)?);
        serde_json::from_slice(&plain).map_err(|_| NotOpened)
    }
}

/// Whose key opens this value; None when it is not one that `seal_json` made.
pub fn subject_of(value: &Value) -> Option<Uuid> {
    let value = value.as_object().filter(|fields| fields.len() == 2 && fields.contains_key("sealed"))?;
    value.get("subject")?.as_str()?.parse().ok()
}

fn wrapped_for(subject: Uuid) -> Vec<u8> {
    format!("subject-key|{subject}").into_bytes()
}

/// A UUID is always 36 characters, so no other field and subject give the same bytes.
fn sealed_for(subject: Uuid, field: &str) -> Vec<u8> {
    format!("{field}|{subject}").into_bytes()
}

impl fmt::Debug for SubjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SubjectKey(..)")
    }
}

#[cfg(test)]
mod tests;
