//! Passwords: Argon2id with the parameters that OWASP recommends, off the threads that answer requests.

use std::{sync::OnceLock, time::Duration};

use actix_web::{rt::time::timeout, web};
use argon2::{Argon2, PasswordHasher, PasswordVerifier, password_hash::Error};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::error::{ApiError, Result};

pub type Password = Zeroizing<String>;

/// Each takes 19 MiB and a core for a while: a flood of log-ins must not take all there is.
static TURNS: Semaphore = Semaphore::const_new(8);
const LONGEST_WAIT: Duration = Duration::from_secs(5);

pub async fn hash(password: Password) -> Result<String> {
    off_thread(move || {
        let hashed = Argon2::default().hash_password(password.as_bytes());
        Ok(hashed.map_err(ApiError::internal)?.to_string())
    })
    .await
}

/// Whether it is the password of `hash`. Without a hash there is no such account, which takes as long to
/// say.
pub async fn fits(password: Password, hash: Option<String>) -> Result<bool> {
    off_thread(move || {
        let known = hash.is_some();
        let hash = match hash {
            Some(hash) => hash,
            None => nobodys()?.to_owned(),
        };
        match Argon2::default().verify_password(password.as_bytes(), hash.as_str()) {
            Ok(()) => Ok(known),
            Err(Error::PasswordInvalid) => Ok(false),
            Err(error) => Err(ApiError::internal(error)),
        }
    })
    .await
}

/// The hash of a password that nobody has.
fn nobodys() -> Result<&'static str> {
    static HASH: OnceLock<String> = OnceLock::new();
    if let Some(hash) = HASH.get() {
        return Ok(hash);
    }
    let password = crate::secrets::random::bytes::<32>().map_err(ApiError::internal)?;
    let hash = Argon2::default().hash_password(&password).map_err(ApiError::internal)?;
    Ok(HASH.get_or_init(|| hash.to_string()))
}

async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let turn = timeout(LONGEST_WAIT, TURNS.acquire()).await;
    let Ok(Ok(_turn)) = turn else { return Err(ApiError::Unavailable("too many log-ins at once".into())) };
    web::block(work).await.map_err(ApiError::internal)?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(text: &str) -> Password {
        Zeroizing::new(text.to_owned())
    }

    #[actix_web::test]
    async fn only_the_same_password_fits_and_no_hash_comes_twice() -> Result<()> {
        let (one, other) = (hash(password("kata sandi 1")).await?, hash(password("kata sandi 1")).await?);
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert_ne!(one, other);
        assert!(fits(password("kata sandi 1"), Some(one.clone())).await?);
        assert!(!fits(password("kata sandi 2"), Some(one)).await?);
        assert!(!fits(password("kata sandi 1"), None).await?);
        Ok(())
    }
}
