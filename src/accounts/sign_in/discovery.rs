//! What other systems need to know to work with our tokens: the public keys, and where things are.

use actix_web::{HttpResponse, get, http::header, web::Data};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use crate::worker::Worker;

/// What stands at fixed places, outside `/v1`.
pub fn open_routes(config: &mut ServiceConfig<'_>) {
    let known = scope("/.well-known").service(get_signing_keys);
    config.service(known.service(get_authorization_server));
}

/// RFC 7517.
#[derive(Serialize, ToSchema)]
struct SigningKeys {
    #[schema(value_type = Vec<Object>, example = json!([]))]
    keys: Vec<serde_json::Value>,
}

/// RFC 8414.
#[derive(Serialize, ToSchema)]
struct AuthorizationServer {
    #[schema(example = "https://seribu.example")]
    issuer: String,
    #[schema(example = "https://seribu.example/v1/auth/token")]
    token_endpoint: String,
    #[schema(example = "https://seribu.example/.well-known/jwks.json")]
    jwks_uri: String,
    #[schema(example = json!(["client_credentials", "refresh_token"]))]
    grant_types_supported: [&'static str; 2],
    #[schema(example = json!(["client_secret_basic", "client_secret_post"]))]
    token_endpoint_auth_methods_supported: [&'static str; 2],
    /// None: nobody is sent to a page of ours to log in.
    #[schema(example = json!([]))]
    response_types_supported: [&'static str; 0],
    #[schema(example = json!(["mentors:read"]))]
    scopes_supported: Vec<&'static str>,
}

/// Get the signing keys.
///
/// Those that access tokens are verified with, also the retired ones that some may still be signed with.
#[utoipa::path(responses((status = 200, body = SigningKeys)))]
#[get("/jwks.json")]
async fn get_signing_keys(worker: Data<Worker>) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "public, max-age=300")).json(worker.keys.jwks())
}

/// Get what there is to know to ask for tokens.
#[utoipa::path(responses((status = 200, body = AuthorizationServer)))]
#[get("/oauth-authorization-server")]
async fn get_authorization_server(worker: Data<Worker>) -> HttpResponse {
    let issuer = worker.verifier.issuer().issuer();
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "public, max-age=300")).json(
        AuthorizationServer {
            issuer: issuer.to_owned(),
            token_endpoint: format!("{issuer}/v1/auth/token"),
            jwks_uri: format!("{issuer}/.well-known/jwks.json"),
            grant_types_supported: ["client_credentials", "refresh_token"],
            token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
            response_types_supported: [],
            scopes_supported: crate::accounts::clients::all_scopes(),
        },
    )
}
