//! The addresses for signing in.

use actix_web::{
    HttpRequest, HttpResponse, get, post,
    web::{Bytes, Data},
};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    accept::accept,
    log_in::by_password,
    me::{self, Me},
    payloads::{AcceptInvitation, LogIn, LogOut, TokenRequest, Tokens, contact},
    store, token_request,
};
use crate::{
    access::SignedIn,
    accounts::{Attempts, marks},
    error::Result,
    http::Json,
    worker::Worker,
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    let auth = scope("/auth").service(log_in).service(request_token);
    let auth = auth.service(accept_invitation).service(log_out);
    config.service(auth).service(get_me);
}

/// Log in.
///
/// With e-mail or phone. Where the account may be several things and none is chosen, the 422 lists them.
#[utoipa::path(responses((status = 200, body = Tokens)))]
#[post("/login")]
async fn log_in(
    request: HttpRequest,
    worker: Data<Worker>,
    attempts: Data<Attempts>,
    Json(wanted): Json<LogIn>,
) -> Result<Tokens> {
    let contact = contact(wanted.email.as_deref(), wanted.phone.as_deref())?;
    attempts.count(&request, contact.as_str())?;
    by_password(&worker, &contact, wanted).await
}

/// Ask for a token.
///
/// OAuth's token endpoint: a client with its secret, a user with a refresh token, which is good once.
#[utoipa::path(
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, body = Tokens)),
)]
#[post("/token")]
async fn request_token(
    request: HttpRequest,
    worker: Data<Worker>,
    attempts: Data<Attempts>,
    body: Bytes,
) -> Result<Tokens> {
    token_request::answer(&request, &worker, &attempts, &body).await
}

/// Accept an invitation.
///
/// Makes the account and logs it in. Who has an account already sends its password, and it may be that too
/// from then on; a password that was forgotten is replaced where the account could do nothing else.
#[utoipa::path(responses((status = 200, body = Tokens)))]
#[post("/accept-invitation")]
async fn accept_invitation(
    request: HttpRequest,
    worker: Data<Worker>,
    attempts: Data<Attempts>,
    Json(wanted): Json<AcceptInvitation>,
) -> Result<Tokens> {
    let contact = contact(wanted.email.as_deref(), wanted.phone.as_deref())?;
    attempts.count(&request, contact.as_str())?;
    accept(&request, &worker, contact, wanted).await
}

/// Log out.
///
/// The refresh token and all that came from the same log-in end. The access token runs out by itself.
#[utoipa::path(responses((status = 204, description = "It has ended")))]
#[post("/logout")]
async fn log_out(worker: Data<Worker>, Json(LogOut { refresh_token }): Json<LogOut>) -> Result<HttpResponse> {
    let mac = marks::of(&worker.keys, marks::Purpose::RefreshToken, &refresh_token)?;
    store::end(&*worker.db.reader().await?, &mac).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Get who is signed in.
#[utoipa::path(responses((status = 200, body = Me)))]
#[get("/me")]
async fn get_me(SignedIn(access): SignedIn) -> Result<Me> {
    me::me(access).await
}
