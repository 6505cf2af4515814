//! The token endpoint of OAuth (RFC 6749): a client by its secret, a user by a refresh token.

use actix_web::{
    HttpMessage, HttpRequest,
    http::header::AUTHORIZATION,
    web::{Bytes, Data},
};
use base64::{Engine, prelude::BASE64_STANDARD};

use super::{
    payloads::{TokenRequest, Tokens},
    store::{self, Exchange},
    tokens::{Session, narrowed, refresh_token},
};
use crate::{
    access::Access,
    accounts::{Attempts, clients, grants::Grant, marks},
    error::{ApiError, Result},
    worker::Worker,
};

const FORM: &str = "application/x-www-form-urlencoded";
const BAD: ApiError = ApiError::BadTokenRequest("invalid_request");

pub async fn answer(
    request: &HttpRequest,
    worker: &Data<Worker>,
    attempts: &Attempts,
    body: &Bytes,
) -> Result<Tokens> {
    let form = form(request, body)?;
    match form.grant_type.as_deref() {
        Some("client_credentials") => {
            let (client_id, secret) = credentials(request, &form)?;
            attempts.count(request, &client_id)?;
            of_client(worker, &client_id, &secret, form.scope.as_deref()).await
        }
        Some("refresh_token") => {
            let token = form.refresh_token.as_deref().ok_or(BAD)?;
            attempts.count(request, token)?;
            refreshed(worker, token, form.scope.as_deref()).await
        }
        Some(_) => Err(ApiError::BadTokenRequest("unsupported_grant_type")),
        None => Err(BAD),
    }
}

/// A parameter without a value counts as left out; one that is unknown is ignored; none comes twice.
fn form(request: &HttpRequest, body: &Bytes) -> Result<TokenRequest> {
    if !request.content_type().eq_ignore_ascii_case(FORM) {
        return Err(ApiError::UnsupportedMediaType { expected: FORM });
    }
    let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(body).map_err(|_| BAD)?;
    let one = |name: &str| {
        let mut values = pairs.iter().filter(|(given, _)| given == name).map(|(_, value)| value.clone());
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(BAD),
            (value, None) => Ok(value.filter(|value| !value.is_empty())),
        }
    };
    Ok(TokenRequest {
        grant_type: one("grant_type")?,
        client_id: one("client_id")?,
        client_secret: one("client_secret")?,
        refresh_token: one("refresh_token")?,
        scope: one("scope")?,
    })
}

/// From the form or by HTTP Basic, but not both (RFC 6749, section 2.3).
fn credentials(request: &HttpRequest, form: &TokenRequest) -> Result<(String, String)> {
    let Some(basic) = request.headers().get(AUTHORIZATION) else {
        let given = form.client_id.clone().zip(form.client_secret.clone());
        return given.ok_or(ApiError::UnknownClient);
    };
    if form.client_secret.is_some() {
        return Err(BAD);
    }
    let basic = basic.to_str().ok().and_then(|value| value.split_once(' '));
    let basic = basic.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"));
    let read = |encoded: &str| {
        let plain = String::from_utf8(BASE64_STANDARD.decode(encoded).ok()?).ok()?;
        let (id, secret) = plain.split_once(':')?;
        Some((unescaped(id)?, unescaped(secret)?))
    };
    let (id, secret) = basic.and_then(|(_, encoded)| read(encoded)).ok_or(ApiError::UnknownClient)?;
    match &form.client_id {
        Some(other) if *other != id => Err(BAD),
        _ => Ok((id, secret)),
    }
}

/// Both halves are form-encoded by themselves.
fn unescaped(text: &str) -> Option<String> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(&format!("x={text}")).ok()?;
    pairs.into_iter().next().map(|(_, value)| value)
}

async fn of_client(worker: &Worker, id: &str, secret: &str, scope: Option<&str>) -> Result<Tokens> {
    let now = worker.clock.now();
    let mac = marks::of(&worker.keys, marks::Purpose::ClientSecret, secret)?;
    let client = clients::by_client_id(worker, id).await?.filter(|client| client.accept(&mac, now));
    let client = client.ok_or(ApiError::UnknownClient)?;
    let fields = client.fields;
    // What the role could when the client was registered, it may not be able to any more.
    let offered = clients::offered(fields.rows());
    let held: Vec<_> = fields.scopes.iter().filter(|scope| offered.contains(&scope.as_str())).collect();
    let held = held.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ");
    let session = Session {
        user: client.id,
        client: fields.client_id,
        grant: Grant { role: fields.role, subject_id: fields.subject_id },
        rows_as: fields.rows_as,
        scope: narrowed(&held, scope)?,
    };
    clients::note_use(worker, client.id, now).await?;
    session.tokens(worker, now, None)
}

/// The scope is narrowed for this access token alone: the next one may have all again.
async fn refreshed(worker: &Data<Worker>, token: &str, scope: Option<&str>) -> Result<Tokens> {
    let mac = marks::of(&worker.keys, marks::Purpose::RefreshToken, token)?;
    let (next, next_mac) = refresh_token(worker)?;
    let access = Access::of_service(worker, "token", None);
    let exchange = access.in_transaction(async |tx| store::exchange(tx, &mac, next_mac).await).await?;
    let Exchange::For(session) = exchange else {
        return Err(ApiError::BadTokenRequest("invalid_grant"));
    };
    let scope = narrowed(&session.scope, scope)?;
    Session { scope, ..session }.tokens(worker, access.now, Some(next))
}
