//! What keeps personal values and tokens safe. A key file outside the database holds the signing keys,
//! the wrapping keys and one secret; every person has a data key, kept wrapped, that seals their values.
//! Destroying that key erases the person from tables, events and backups alike.

mod blind_index;
mod cipher;
mod kept;
mod key_file;
mod keys;
mod mask;
mod pem;
pub mod random;
mod subject;

use std::path::PathBuf;

use aws_lc_rs::error::Unspecified;

pub use self::{
    blind_index::BlindIndex,
    keys::{Keys, SigningKey},
    mask::mask,
    subject::{SubjectKey, subject_of},
};

pub type Result<T, E = SecretsError> = std::result::Result<T, E>;

/// None of them tells a key, a secret or a personal value.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretsError {
    #[error("the key file {} {why}", path.display())]
    KeyFile { path: PathBuf, why: String },
    #[error("a sealed value was altered, or is of another key, subject or field")]
    NotOpened,
    #[error("the cryptographic library refused to work, or the machine has no random numbers")]
    Failed,
}

impl From<Unspecified> for SecretsError {
    fn from(_: Unspecified) -> Self {
        Self::Failed
    }
}
