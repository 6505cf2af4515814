//! From who signed in to tokens.

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use super::payloads::Tokens;
use crate::{
    access::{Claims, Issuer, Role},
    accounts::{grants::Grant, marks},
    error::{ApiError, Result},
    ids::UserId,
    secrets::random,
    worker::Worker,
};

const ACCESS_SECONDS: i64 = 900;
pub const REFRESH: Duration = Duration::days(30);

/// The `client_id` of tokens that people have: they sign in here, not through another's system.
const OWN_CLIENT: &str = "seribu-login";

/// What a token is to say.
pub struct Session {
    pub user: UserId,
    pub client: String,
    pub grant: Grant,
    pub rows_as: Option<Role>,
    pub scope: String,
}

impl Session {
    /// Of a user, with all that the role can do.
    pub fn of_user(user: UserId, grant: Grant) -> Self {
        let scope = grant.role.scopes().join(" ");
        Self { user, client: OWN_CLIENT.into(), grant, rows_as: None, scope }
    }

    pub fn claims(&self, worker: &Worker, now: DateTime<Utc>) -> Claims {
        Claims {
            iss: worker.verifier.issuer().issuer().to_owned(),
            aud: Issuer::AUDIENCE.into(),
            sub: self.user,
            client_id: self.client.clone(),
            role: self.grant.role,
            rows_as: self.rows_as,
            subject_id: self.grant.subject_id,
            scope: self.scope.clone(),
            iat: now.timestamp(),
            exp: now.timestamp() + ACCESS_SECONDS,
            jti: Uuid::now_v7(),
        }
    }

    pub fn tokens(
        self,
        worker: &Worker,
        now: DateTime<Utc>,
        refresh_token: Option<String>,
    ) -> Result<Tokens> {
        let access_token = worker.verifier.issuer().sign(&self.claims(worker, now))?;
        let Self { scope, .. } = self;
        Ok(Tokens { access_token, token_type: "Bearer", expires_in: ACCESS_SECONDS, refresh_token, scope })
    }
}

/// The scopes that were asked for, if they are among those `held`; without a wish, all of them.
pub fn narrowed(held: &str, wanted: Option<&str>) -> Result<String> {
    let Some(wanted) = wanted else { return Ok(held.to_owned()) };
    let wanted: Vec<_> = wanted.split(' ').filter(|scope| !scope.is_empty()).collect();
    let all_held = wanted.iter().all(|scope| held.split(' ').any(|one| one == *scope));
    if wanted.is_empty() || !all_held {
        return Err(ApiError::BadTokenRequest("invalid_scope"));
    }
    Ok(wanted.join(" "))
}

/// A refresh token, and what is kept of it.
pub fn refresh_token(worker: &Worker) -> Result<(String, Vec<u8>)> {
    let token = random::secret("seribu_refresh_").map_err(ApiError::internal)?;
    let mac = marks::of(&worker.keys, marks::Purpose::RefreshToken, &token)?;
    Ok((token, mac))
}
