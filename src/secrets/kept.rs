//! What is kept for a while, sealed for the service as a whole: answers for `Idempotency-Key`, since one may show
//! several people, letters until they are sent, and the secrets of webhooks.

use uuid::Uuid;

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

    pub fn seal_letter(&self, id: Uuid, letter: &[u8]) -> Result<Vec<u8>> {
        cipher::seal(&self.cipher_key("letters")?, id.as_bytes(), letter)
    }

    /// # Errors
    /// `NotOpened` when the letter was altered or is another's.
    pub fn open_letter(&self, id: Uuid, sealed: &[u8]) -> Result<Vec<u8>> {
        cipher::open(&self.cipher_key("letters")?, id.as_bytes(), sealed)
    }

    /// What a webhook's messages are signed with.
    pub fn seal_webhook_secret(&self, webhook: Uuid, secret: &[u8]) -> Result<Vec<u8>> {
        cipher::seal(&self.cipher_key("webhook-secrets")?, webhook.as_bytes(), secret)
    }

    /// # Errors
    /// `NotOpened` when the secret was altered or is another webhook's.
    pub fn open_webhook_secret(&self, webhook: Uuid, sealed: &[u8]) -> Result<Vec<u8>> {
        cipher::open(&self.cipher_key("webhook-secrets")?, webhook.as_bytes(), sealed)
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
    #[test]
    fn a_letter_opens_as_itself_alone() -> Result<()> {
        let (keys, id) = (some_keys(), Uuid::now_v7());
        let sealed = keys.seal_letter(id, b"0417")?;
        assert_eq!(keys.open_letter(id, &sealed)?, b"0417");
        assert_eq!(keys.open_letter(Uuid::now_v7(), &sealed), Err(NotOpened));
        assert_eq!(keys.open_kept(id.as_bytes(), &sealed), Err(NotOpened));
        Ok(())
    }

    #[test]
    fn the_secret_of_a_webhook_opens_for_it_alone() -> Result<()> {
        let (keys, id) = (some_keys(), Uuid::now_v7());
        let sealed = keys.seal_webhook_secret(id, b"0417")?;
        assert_eq!(keys.open_webhook_secret(id, &sealed)?, b"0417");
        assert_eq!(keys.open_webhook_secret(Uuid::now_v7(), &sealed), Err(NotOpened));
        assert_eq!(keys.open_letter(id, &sealed), Err(NotOpened));
        Ok(())
    }
}
