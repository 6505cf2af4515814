//! What other systems need to know.

use actix_web::http::Method;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use serde_json::{Value, json};

use super::{given_a_user, log_in};
use crate::support::{ISSUER, Reply, TestApp};

async fn get(app: &TestApp, path: &str) -> Reply {
    app.send(app.request(Method::GET, path), "").await
}

#[actix_web::test]
async fn a_token_is_verified_with_nothing_but_the_published_keys() {
    let app = TestApp::start().await;
    let (id, password) =
        given_a_user(&app, "ratna@contoh.id", json!([{ "role": "policy", "subject_id": null }])).await;
    let tokens = log_in(&app, "ratna@contoh.id", &password).await;
    let keys = get(&app, "/.well-known/jwks.json").await;
    assert_eq!((keys.status, keys.header("cache-control")), (200, "public, max-age=300"));
    assert!(!keys.text.contains("\"d\""));
    let keys: JwkSet = serde_json::from_value(keys.body).unwrap();
    let header = decode_header(tokens.access_token()).unwrap();
    assert_eq!(header.typ.as_deref(), Some("at+jwt"));
    let key = DecodingKey::from_jwk(keys.find(&header.kid.unwrap()).unwrap()).unwrap();
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_audience(&["seribu"]);
    validation.set_issuer(&[ISSUER]);
    // The test's clock is not the machine's.
    validation.validate_exp = false;
    let claims = decode::<Value>(tokens.access_token(), &key, &validation).unwrap().claims;
    assert_eq!((&claims["sub"], &claims["role"]), (&json!(id), &json!("policy")));
}

#[actix_web::test]
async fn the_metadata_name_the_addresses_under_the_issuers() {
    let app = TestApp::start().await;
    let metadata = get(&app, "/.well-known/oauth-authorization-server").await;
    assert_eq!(metadata.body["issuer"], ISSUER);
    for (name, path) in [("token_endpoint", "/v1/auth/token"), ("jwks_uri", "/.well-known/jwks.json")] {
        assert_eq!(metadata.body[name], format!("{ISSUER}{path}"));
    }
    let scopes = metadata.body["scopes_supported"].as_array().unwrap();
    assert!(scopes.contains(&json!("pii:read")) && scopes.contains(&json!("users:write")));
}
