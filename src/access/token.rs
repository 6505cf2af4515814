//! Access tokens (RFC 9068): made with the active signing key, verified against all of them.

use std::{cell::RefCell, collections::HashMap, rc::Rc, sync::Arc};

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    access::{
        fields,
        permission::{Permission, Rows, Scopes},
        role::{Party, Role},
    },
    error::{ApiError, Result},
    ids::UserId,
};

/// Who is calling, as the token says.
#[derive(Debug)]
pub struct Actor {
    pub user: UserId,
    pub client: String,
    pub role: Role,
    /// Whose rows a municipal system has; else the role itself.
    pub rows_as: Role,
    /// The mentor, institution, cooperative or person that the caller acts for.
    pub subject: Option<Uuid>,
    pub party: Party,
    pub scopes: Scopes,
    /// The token's words for them.
    pub scope: Box<str>,
    personal: bool,
    expires: i64,
}

#[derive(Serialize, Deserialize, Clone, Debug)]
pub struct Claims {
    pub iss: String,
    pub aud: String,
    pub sub: UserId,
    pub client_id: String,
    pub role: Role,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows_as: Option<Role>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject_id: Option<Uuid>,
    pub scope: String,
    pub iat: i64,
    pub exp: i64,
    pub jti: Uuid,
}

impl Actor {
    /// `None` when the claims make no sense together.
    pub fn of(claims: Claims) -> Option<Self> {
        let rows_as = claims.rows_as.unwrap_or(claims.role);
        Some(Self {
            user: claims.sub,
            client: claims.client_id,
            role: claims.role,
            rows_as,
            subject: claims.subject_id,
            party: rows_as.party(claims.subject_id)?,
            scopes: Scopes::parse(&claims.scope),
            personal: claims.scope.split(' ').any(|scope| scope == "pii:read"),
            expires: claims.exp,
            scope: claims.scope.into(),
        })
    }

    /// What the service does by itself: a reader of the log, a job.
    pub fn service() -> Self {
        Self {
            user: UserId(Uuid::nil()),
            client: "seribu".into(),
            role: Role::System,
            rows_as: Role::Programme,
            subject: None,
            party: Party::Staff,
            scopes: Scopes::default(),
            personal: true,
            expires: i64::MAX,
            scope: Box::default(),
        }
    }

    /// Which rows the permission reaches, if the token's scopes cover it.
    pub fn rows(&self, permission: Permission) -> Rows {
        if self.scopes.contains(permission) { self.rows_as.rows(permission) } else { Rows::None }
    }

    /// The fields that are null to this caller in what `permission` reads.
    pub fn hidden(&self, permission: Permission) -> &'static [&'static str] {
        match self.role {
            Role::System if self.personal => &[],
            Role::System => match fields::hidden(permission, Role::System) {
                [] => fields::hidden(permission, self.rows_as),
                personal => personal,
            },
            role => fields::hidden(permission, role),
        }
    }

    pub fn sees_bands(&self) -> bool {
        fields::sees_bands(self.rows_as)
    }
}

/// Makes tokens, and knows what one must say. Shared by the workers.
pub struct Issuer {
    issuer: String,
    signer: (String, EncodingKey),
    keys: HashMap<String, DecodingKey>,
    validation: Validation,
}

impl Issuer {
    /// Both the `aud` of a token and the name of this API.
    pub const AUDIENCE: &str = "seribu";

    pub fn new(issuer: &str, signer: (String, EncodingKey), keys: HashMap<String, DecodingKey>) -> Self {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[Self::AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // Expiry is judged by our clock, in `Verifier`: it is injected, and it has no leeway.
        validation.validate_exp = false;
        Self { issuer: issuer.to_owned(), signer, keys, validation }
    }

    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    pub fn sign(&self, claims: &Claims) -> Result<String> {
        let header = Header {
            typ: Some("at+jwt".into()),
            kid: Some(self.signer.0.clone()),
            ..Header::new(Algorithm::EdDSA)
        };
        jsonwebtoken::encode(&header, claims, &self.signer.1)
            .map_err(|error| ApiError::Internal(error.to_string()))
    }

    fn verify(&self, token: &str) -> Option<Actor> {
        let header = jsonwebtoken::decode_header(token).ok()?;
        let typed = header.typ.is_some_and(|typ| typ.eq_ignore_ascii_case("at+jwt"));
        let key = self.keys.get(header.kid.as_deref()?).filter(|_| typed)?;
        Actor::of(jsonwebtoken::decode::<Claims>(token, key, &self.validation).ok()?.claims)
    }
}

/// One worker's memory of verified tokens: checking a signature costs more than reading a row.
pub struct Verifier {
    issuer: Arc<Issuer>,
    seen: RefCell<HashMap<Box<str>, Rc<Actor>>>,
}

impl Verifier {
    const REMEMBERED: usize = 10_000;

    pub fn new(issuer: Arc<Issuer>) -> Self {
        Self { issuer, seen: RefCell::default() }
    }

    pub fn issuer(&self) -> &Issuer {
        &self.issuer
    }

    pub fn verify(&self, token: &str, now: i64) -> Result<Rc<Actor>> {
        let alive = |actor: &&Rc<Actor>| actor.expires > now;
        if let Some(actor) = self.seen.borrow().get(token).filter(alive) {
            return Ok(actor.clone());
        }
        let actor = self.issuer.verify(token).map(Rc::new);
        let actor = actor.filter(|actor| alive(&actor)).ok_or(ApiError::Unauthenticated("invalid_token"))?;
        let mut seen = self.seen.borrow_mut();
        if seen.len() >= Self::REMEMBERED {
            seen.clear();
        }
        seen.insert(token.into(), actor.clone());
        Ok(actor)
    }
}
