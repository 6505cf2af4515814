//! Answers kept for `Idempotency-Key`: sealed for the service as a whole, since one answer may show several people.

use super::{Keys, Result, cipher};

impl Keys {
    /// Good only for the idempotency key with this id: no answer can be passed off as another's.
    pub fn seal_kept(&self, key_id: &[u8], answer: &[u8]) -> Result<Vec<u8>> {
        cipher::seal(&self.cipher_key("kept-answers")?, key_id, answer)
    }

    /// # Errors
    /// `NotOpened` when the answer was altered or was kept for another key.
    pub fn open_kept(&self, key_id: &[u8], sealed: &[u8]) -> Result<Vec<u8>> {
        cipher::open(&self.cipher_key("kept-answers")?, key_id, sealed)
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{SecretsError::NotOpened, keys::tests::some_keys},
        *,
    };

    #[test]
    fn a_kept_answer_opens_for_its_own_key_alone() -> Result<()> {
        let keys = some_keys();
        let sealed = keys.seal_kept(b"first", b"{\"id\": 1}")?;
        assert_eq!(keys.open_kept(b"first", &sealed)?, b"{\"id\": 1}");
        assert_eq!(keys.open_kept(b"second", &sealed), Err(NotOpened));
        assert_eq!(some_keys().open_kept(b"first", &sealed), Err(NotOpened));
        Ok(())
    }
}
