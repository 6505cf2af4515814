//! The token endpoint, for machine clients.

use actix_web::http::Method;
use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{admin, ask_for_token, clients::given_a_client, get_with, given_an_institution};
use crate::support::{Reply, TestApp, now};

async fn basic(app: &TestApp, credentials: &str, form: &str) -> Reply {
    let request = app.request(Method::POST, "/v1/auth/token");
    let request =
        request.insert_header(("authorization", format!("Basic {}", BASE64_STANDARD.encode(credentials))));
    app.send(request.content_type("application/x-www-form-urlencoded"), form.to_owned()).await
}

#[actix_web::test]
async fn a_client_sends_its_secret_in_the_form_or_by_http_basic() {
    let app = TestApp::start().await;
    let institution = given_an_institution(&app, "ut").await;
    let (_, secret) = given_a_client(&app, "siakad", &institution).await;
    let form = format!("grant_type=client_credentials&client_id=siakad&client_secret={secret}&unknown=1");
    let escaped = secret.replace('_', "%5F");
    for reply in [
        ask_for_token(&app, &form).await,
        basic(&app, &format!("siakad:{secret}"), "grant_type=client_credentials").await,
        basic(&app, &format!("siakad:{escaped}"), "grant_type=client_credentials&client_id=siakad").await,
    ] {
        assert_eq!((reply.status, reply.header("cache-control")), (200, "no-store"), "{}", reply.text);
        assert_eq!((&reply.body["refresh_token"], &reply.body["expires_in"]), (&Value::Null, &json!(900)));
        assert_eq!(reply.body["scope"], "institutions:read mentors:read changes:read");
        let me = get_with(&app, reply.access_token(), "/v1/me").await;
        assert_eq!((&me.body["institution_id"], &me.body["name"]), (&json!(institution), &json!("Siakad")));
        assert_eq!(get_with(&app, reply.access_token(), "/v1/institutions").await.status, 200);
    }
}

#[actix_web::test]
async fn a_request_that_is_not_right_gets_oauths_error() {
    let app = TestApp::start().await;
    let institution = given_an_institution(&app, "ut").await;
    let (_, secret) = given_a_client(&app, "siakad", &institution).await;
    let right = format!("grant_type=client_credentials&client_id=siakad&client_secret={secret}");
    for (form, status, error) in [
        ("", 400, "invalid_request"),
        ("grant_type=", 400, "invalid_request"),
        ("grant_type=password&username=a&password=b", 400, "unsupported_grant_type"),
        ("grant_type=authorization_code&code=x", 400, "unsupported_grant_type"),
        ("grant_type=refresh_token", 400, "invalid_request"),
        ("grant_type=client_credentials", 401, "invalid_client"),
        ("grant_type=client_credentials&client_id=siakad", 401, "invalid_client"),
        ("grant_type=client_credentials&client_id=siakad&client_secret=x", 401, "invalid_client"),
        ("grant_type=client_credentials&client_id=other&client_secret=x", 401, "invalid_client"),
        (&format!("{right}&client_id=siakad"), 400, "invalid_request"),
        (&format!("{right}&scope=users:read"), 400, "invalid_scope"),
        (&format!("{right}&scope=mentors:read+mentors:write"), 400, "invalid_scope"),
        (&format!("{right}&scope=+"), 400, "invalid_scope"),
        ("grant_type=client_credentials&client_id=%00&client_secret=%ff", 401, "invalid_client"),
    ] {
        let reply = ask_for_token(&app, form).await;
        assert_eq!((reply.status, &reply.body["error"]), (status, &json!(error)), "{form}: {}", reply.text);
        assert_eq!(reply.header("content-type"), "application/problem+json");
        assert_eq!(reply.header("www-authenticate").starts_with("Basic"), status == 401, "{form}");
    }
    let narrowed = ask_for_token(&app, &format!("{right}&scope=mentors:read")).await;
    assert_eq!(narrowed.body["scope"], "mentors:read");
}

#[actix_web::test]
async fn one_way_to_say_who_it_is_is_enough() {
    let app = TestApp::start().await;
    let institution = given_an_institution(&app, "ut").await;
    let (_, secret) = given_a_client(&app, "siakad", &institution).await;
    let right = format!("siakad:{secret}");
    for (credentials, form, error) in [
        (right.as_str(), "grant_type=client_credentials&client_secret=x", "invalid_request"),
        (&right, "grant_type=client_credentials&client_id=other", "invalid_request"),
        ("siakad", "grant_type=client_credentials", "invalid_client"),
        ("siakad:", "grant_type=client_credentials", "invalid_client"),
    ] {
        let reply = basic(&app, credentials, form).await;
        assert_eq!(reply.body["error"], error, "{credentials} {form}: {}", reply.text);
    }
    let bearer = app.request(Method::POST, "/v1/auth/token").bearer_auth("x");
    let bearer = bearer.content_type("application/x-www-form-urlencoded");
    assert_eq!(app.send(bearer, "grant_type=client_credentials").await.body["error"], "invalid_client");
}

#[actix_web::test]
async fn the_token_endpoint_takes_forms_only() {
    let app = TestApp::start().await;
    let reply = super::send(&app, "/v1/auth/token", json!({ "grant_type": "client_credentials" })).await;
    assert_eq!((reply.status, &reply.body["type"]), (415, &json!("/problems/unsupported-media-type")));
    let charset = app.request(Method::POST, "/v1/auth/token");
    let charset = charset.content_type("application/x-www-form-urlencoded; charset=utf-8");
    assert_eq!(app.send(charset, "grant_type=x").await.body["error"], "unsupported_grant_type");
}

#[actix_web::test]
async fn a_disabled_client_and_an_old_secret_get_no_token() {
    let app = TestApp::start().await;
    let institution = given_an_institution(&app, "ut").await;
    let (id, secret) = given_a_client(&app, "siakad", &institution).await;
    let form = format!("grant_type=client_credentials&client_id=siakad&client_secret={secret}");
    for (status, expected) in [("disabled", 401), ("active", 200)] {
        app.patch(admin(), &format!("/v1/clients/{id}"), json!({ "status": status })).await;
        assert_eq!(ask_for_token(&app, &form).await.status, expected);
    }
    app.set_clock(now() + TimeDelta::days(365));
    let old = ask_for_token(&app, &form).await;
    assert_eq!((old.status, &old.body["error"]), (401, &json!("invalid_client")));
}

#[actix_web::test]
async fn another_system_has_the_rows_of_its_role_and_its_scopes_alone() {
    let app = TestApp::start().await;
    let body = json!({
        "client_id": "portal", "name": "Portal kota", "role": "system", "rows_as": "programme", "subject_id": null,
        "scopes": ["institutions:read", "invitations:read", "pii:read"],
    });
    let created = app.post(admin(), "/v1/clients", body).await;
    let secret = created.body["client_secret"].as_str().unwrap();
    let form = format!("grant_type=client_credentials&client_id=portal&client_secret={secret}");
    let tokens = ask_for_token(&app, &form).await;
    let status = async |path: &str| get_with(&app, tokens.access_token(), path).await.status;
    assert_eq!((status("/v1/institutions").await, status("/v1/invitations").await), (200, 200));
    assert_eq!((status("/v1/users").await, status("/v1/clients").await), (403, 403));
    let me = get_with(&app, tokens.access_token(), "/v1/me").await;
    assert_eq!((&me.body["role"], &me.body["scopes"][2]), (&json!("system"), &json!("pii:read")));
}
