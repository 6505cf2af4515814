//! Personal values on their way into a table and out of it: sealed with the key of whom they are about,
//! and found again by a blind index. `column` is written with its table: `persons.phone`.

use uuid::Uuid;

use crate::{
    access::Access,
    error::{ApiError, Result},
    records::Tx,
    secrets::{BlindIndex, SubjectKey},
    worker::Worker,
};

/// A value as a table keeps it, in two columns; both are null where there is none.
#[derive(Default)]
pub struct Kept {
    pub sealed: Option<Vec<u8>>,
    pub index: Option<Vec<u8>>,
}

impl Access {
    /// What equal values of the column have in common.
    pub fn blind_index(&self, column: &str, normalised: &str) -> Result<Vec<u8>> {
        let index = BlindIndex::new(&self.worker.keys, column).map_err(ApiError::internal)?;
        Ok(index.of(normalised))
    }
}

impl Tx<'_> {
    pub fn seal(
        &self,
        key: &SubjectKey,
        subject: Uuid,
        column: &str,
        normalised: Option<&str>,
    ) -> Result<Kept> {
        let Some(value) = normalised else { return Ok(Kept::default()) };
        let sealed = key.seal(subject, column, value.as_bytes()).map_err(ApiError::internal)?;
        Ok(Kept { sealed: Some(sealed), index: Some(self.blind_index(column, value)?) })
    }
}

/// One subject's values, as they come out of a table. Without a key, since it was destroyed, there are none.
pub struct Opener {
    key: Option<SubjectKey>,
    subject: Uuid,
}

impl Opener {
    pub fn new(worker: &Worker, subject: Uuid, wrapped: Option<&[u8]>) -> Result<Self> {
        let unwrap = |wrapped| SubjectKey::unwrap(wrapped, &worker.keys, subject);
        Ok(Self { key: wrapped.map(unwrap).transpose().map_err(ApiError::internal)?, subject })
    }

    pub fn open(&self, column: &str, sealed: Option<&[u8]>) -> Result<Option<String>> {
        let (Some(key), Some(sealed)) = (&self.key, sealed) else { return Ok(None) };
        let opened = key.open(self.subject, column, sealed).map_err(ApiError::internal)?;
        String::from_utf8(opened).map(Some).map_err(ApiError::internal)
    }
}
