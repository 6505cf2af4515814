//! The key file as it lies on the disk: JSON, mode 0600, always whole, whatever happens while it is written.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Read, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt, chown},
    path::Path,
};

use aws_lc_rs::signature::Ed25519KeyPair;
use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use super::{Result, SecretsError, pem, random};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyFile {
    /// One active, and those retired that tokens may still be signed with.
    pub signing: Vec<SigningEntry>,
    /// The highest id wraps; the others still unwrap.
    pub wrapping: Vec<WrappingEntry>,
    /// Base64 of the 32 bytes that the keys of all other purposes are derived from.
    pub secret: SecretText,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SigningEntry {
    pub kid: String,
    /// Ed25519, PKCS#8.
    pub private_pem: SecretText,
    pub created_at: DateTime<Utc>,
    pub retired_at: Option<DateTime<Utc>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrappingEntry {
    pub id: u32,
    /// Base64 of 32 bytes.
    pub key: SecretText,
}

/// Overwritten when dropped, and without `Debug`.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretText(pub String);

impl Drop for SecretText {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl SecretText {
    fn generate() -> Result<Self> {
        let bytes = Zeroizing::new(random::bytes::<32>()?);
        Ok(Self(BASE64_STANDARD.encode(bytes)))
    }
}

impl SigningEntry {
    pub fn generate(now: DateTime<Utc>) -> Result<Self> {
        let pair = Ed25519KeyPair::generate()?;
        let private_pem = SecretText(pem::encode(pair.to_pkcs8v1()?.as_ref()));
        Ok(Self { kid: pem::thumbprint(&pair), private_pem, created_at: now, retired_at: None })
    }
}

impl KeyFile {
    pub fn generate(now: DateTime<Utc>) -> Result<Self> {
        let wrapping = vec![WrappingEntry { id: 1, key: SecretText::generate()? }];
        Ok(Self { signing: vec![SigningEntry::generate(now)?], wrapping, secret: SecretText::generate()? })
    }

    pub fn read(path: &Path) -> Result<Self> {
        let unreadable = |error: io::Error| about(path, format!("can't be read: {error}"));
        let mut file = File::open(path).map_err(unreadable)?;
        let mode = file.metadata().map_err(unreadable)?.mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(about(path, format!("is open to others (mode {mode:04o}): make it 0600")));
        }
        let mut json = Zeroizing::new(Vec::new());
        file.read_to_end(&mut json).map_err(unreadable)?;
        serde_json::from_slice(&json).map_err(|error| about(path, misread(&error)))
    }

    /// # Errors
    /// When there is a file already: no key is ever overwritten.
    pub fn create(&self, path: &Path) -> Result<()> {
        // A link, unlike a rename, fails when the name is taken.
        self.write(path, |draft| fs::hard_link(draft, path))
    }

    /// For its old owner, even when root does it.
    pub fn replace(&self, path: &Path) -> Result<()> {
        self.write(path, |draft| {
            let owner = fs::metadata(path)?;
            chown(draft, Some(owner.uid()), Some(owner.gid()))?;
            fs::rename(draft, path)
        })
    }

    fn write(&self, path: &Path, publish: impl FnOnce(&Path) -> io::Result<()>) -> Result<()> {
        let draft = path.with_extension(random::code(16)?);
        let written = self.write_draft(&draft).and_then(|()| publish(&draft));
        // After a rename there is none left.
        fs::remove_file(&draft).ok();
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        written.and_then(|()| File::open(folder)?.sync_all()).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => about(path, "exists already and is never overwritten"),
            _ => about(path, format!("can't be written: {error}")),
        })
    }

    fn write_draft(&self, draft: &Path) -> io::Result<()> {
        let json = Zeroizing::new(serde_json::to_vec_pretty(self)?);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(draft)?;
        file.write_all(&json)?;
        file.sync_all()
    }
}

pub fn about(path: &Path, why: impl Into<String>) -> SecretsError {
    SecretsError::KeyFile { path: path.to_owned(), why: why.into() }
}

/// What serde says may quote a value, and here every value may be a key: only names of fields are passed on.
fn misread(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let names_a_field = said.starts_with("unknown field") || said.starts_with("missing field");
    let what = if names_a_field { said.split(" at line").next() } else { None };
    let what = what.unwrap_or("not JSON of the right form");
    format!("is not a key file: {what} (line {}, column {})", error.line(), error.column())
}
