//! Logging in with a password.

use std::num::NonZeroU32;

use actix_web::http::Method;
use serde_json::{Value, json};
use seribu::{access::Role, accounts::Attempts, api::Settings};
use uuid::Uuid;

use super::{admin, get_with, given_a_user, given_an_institution, log_in, refresh, send};
use crate::{
    postgres,
    support::{Caller, TestApp, settings},
};

#[actix_web::test]
async fn one_logs_in_by_e_mail_or_phone_however_they_are_written() {
    let app = TestApp::start().await;
    let (id, password) =
        given_a_user(&app, "ratna@contoh.id", json!([{ "role": "policy", "subject_id": null }])).await;
    app.patch(admin(), &format!("/v1/users/{id}"), json!({ "phone": "081234567890" })).await;
    for body in [
        json!({ "email": "Ratna@CONTOH.id", "password": password }),
        json!({ "phone": "+62 812-3456-7890", "password": password }),
        json!({ "email": "ratna@contoh.id", "password": password, "role": "policy" }),
    ] {
        let reply = send(&app, "/v1/auth/login", body).await;
        assert_eq!((reply.status, reply.header("cache-control")), (200, "no-store"), "{}", reply.text);
        assert_eq!((&reply.body["token_type"], &reply.body["expires_in"]), (&json!("Bearer"), &json!(900)));
        assert_eq!(reply.body["scope"], Role::Policy.scopes().join(" "));
        assert_eq!(refresh(&app, reply.refresh_token()).await.status, 200);
    }
}

#[actix_web::test]
async fn the_token_says_who_is_signed_in_and_ends_after_15_minutes() {
    let app = TestApp::start().await;
    let institution = given_an_institution(&app, "ut").await;
    let grants = json!([{ "role": "institution", "subject_id": institution }]);
    let (id, password) = given_a_user(&app, "ratna@contoh.id", grants.clone()).await;
    let tokens = log_in(&app, "ratna@contoh.id", &password).await;
    let me = get_with(&app, tokens.access_token(), "/v1/me").await;
    assert_eq!(
        me.body,
        json!({
            "role": "institution", "grants": grants, "name": "Ratna Wulandari", "institution_id": institution,
            "person_id": null, "mentor_id": null, "cooperative_id": null, "scopes": Role::Institution.scopes(),
        })
    );
    let claims = tokens.access_token().split('.').nth(1).unwrap();
    let claims: Value = serde_json::from_slice(
        &base64::Engine::decode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, claims).unwrap(),
    )
    .unwrap();
    assert_eq!((&claims["sub"], &claims["client_id"]), (&json!(id), &json!("seribu-login")));
    app.set_clock(crate::support::now() + chrono::TimeDelta::seconds(899));
    assert_eq!(get_with(&app, tokens.access_token(), "/v1/me").await.status, 200);
    app.set_clock(crate::support::now() + chrono::TimeDelta::seconds(900));
    assert_eq!(get_with(&app, tokens.access_token(), "/v1/me").await.status, 401);
}

#[actix_web::test]
async fn an_unknown_account_a_wrong_password_and_a_disabled_account_look_the_same() {
    let app = TestApp::start().await;
    let grants = json!([{ "role": "policy", "subject_id": null }]);
    let (_, password) = given_a_user(&app, "ratna@contoh.id", grants.clone()).await;
    let (disabled, disabled_password) = given_a_user(&app, "ani@contoh.id", grants).await;
    app.patch(admin(), &format!("/v1/users/{disabled}"), json!({ "status": "disabled" })).await;
    let mut bodies = Vec::new();
    for (email, password) in [
        ("ratna@contoh.id", "another password"),
        ("nobody@contoh.id", password.as_str()),
        ("ani@contoh.id", disabled_password.as_str()),
    ] {
        let mut reply = log_in(&app, email, password).await;
        assert_eq!((reply.status, reply.header("www-authenticate")), (401, "Bearer realm=\"seribu\""));
        reply.body["request_id"].take();
        bodies.push(reply.body);
    }
    assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]), "{bodies:?}");
    assert_eq!(bodies[0]["type"], "/problems/wrong-credentials");
}

#[actix_web::test]
async fn of_several_grants_one_is_chosen_and_without_a_choice_they_are_listed() {
    let app = TestApp::start().await;
    let (ut, uin) = (given_an_institution(&app, "ut").await, given_an_institution(&app, "uin").await);
    let grants = json!([
        { "role": "programme", "subject_id": null },
        { "role": "institution", "subject_id": ut },
        { "role": "institution", "subject_id": uin },
    ]);
    let (_, password) = given_a_user(&app, "ratna@contoh.id", grants.clone()).await;
    let ask = async |choice: Value| {
        let mut body = json!({ "email": "ratna@contoh.id", "password": password });
        body.as_object_mut().unwrap().extend(choice.as_object().unwrap().clone());
        send(&app, "/v1/auth/login", body).await
    };
    for (choice, flaw) in [
        (json!({}), "/role required"),
        (json!({ "role": "institution" }), "/subject_id required"),
        (json!({ "role": "admin" }), "/role not_allowed"),
        (json!({ "role": "institution", "subject_id": Uuid::now_v7() }), "/subject_id not_allowed"),
    ] {
        let reply = ask(choice).await;
        assert_eq!((reply.status, reply.flaws()), (422, vec![flaw.to_owned()]), "{}", reply.text);
        assert_eq!((&reply.body["grants"], &reply.body["type"]), (&grants, &json!("/problems/choose-grant")));
    }
    let chosen = ask(json!({ "role": "institution", "subject_id": uin })).await;
    let me = get_with(&app, chosen.access_token(), "/v1/me").await;
    assert_eq!((&me.body["institution_id"], &me.body["grants"]), (&json!(uin), &grants));
    // Without the password nobody learns what the account may be.
    let body = json!({ "email": "ratna@contoh.id", "password": "another password" });
    assert_eq!(send(&app, "/v1/auth/login", body).await.body.get("grants"), None);
}

#[actix_web::test]
async fn a_log_in_names_either_an_e_mail_or_a_phone() {
    let app = TestApp::start().await;
    for (body, flaw) in [
        (json!({ "password": "x" }), "/email required"),
        (json!({ "email": "a@contoh.id", "phone": "081234567890", "password": "x" }), "/phone conflict"),
        (json!({ "email": "a", "password": "x" }), "/email bad_format"),
        (json!({ "email": "a@contoh.id", "password": "x", "role": "king" }), "/role not_allowed"),
    ] {
        let reply = send(&app, "/v1/auth/login", body).await;
        assert_eq!((reply.status, reply.flaws()), (422, vec![flaw.to_owned()]), "{}", reply.text);
    }
}

#[actix_web::test]
async fn after_too_many_attempts_one_has_to_wait_but_others_need_not() {
    let database = postgres::fresh_database().await;
    let attempts = Attempts::per_minute(NonZeroU32::MIN);
    let settings = Settings { attempts, ..settings(&database).await };
    let app = TestApp::with(database, settings);
    assert_eq!(log_in(&app, "ratna@contoh.id", "guess").await.status, 401);
    let refused = log_in(&app, "RATNA@contoh.id", "guess").await;
    assert_eq!((refused.status, &refused.body["type"]), (429, &json!("/problems/too-many")));
    assert!((1..=60).contains(&refused.header("retry-after").parse::<u32>().unwrap()));
    assert_eq!(log_in(&app, "ani@contoh.id", "guess").await.status, 401);
}

#[actix_web::test]
async fn the_code_and_the_token_endpoint_are_guarded_alike() {
    let database = postgres::fresh_database().await;
    let attempts = Attempts::per_minute(NonZeroU32::MIN);
    let settings = Settings { attempts, ..settings(&database).await };
    let app = TestApp::with(database, settings);
    let token = "grant_type=client_credentials&client_id=siakad&client_secret=x";
    let accept = json!({ "code": "K7QM-2XTD-9RWA", "email": "a@contoh.id", "password": "0123456789" });
    let (mut tokens, mut codes) = (Vec::new(), Vec::new());
    for _ in 0..2 {
        tokens.push(super::ask_for_token(&app, token).await.status);
        codes.push(send(&app, "/v1/auth/accept-invitation", accept.clone()).await.status);
    }
    assert_eq!((tokens, codes), (vec![401, 429], vec![422, 429]));
}

#[actix_web::test]
async fn who_has_no_account_here_is_still_told_what_the_token_says() {
    let app = TestApp::start().await;
    let me = app.get(Caller::new(Role::Admin), "/v1/me").await;
    assert_eq!((&me.body["role"], &me.body["name"]), (&json!("admin"), &Value::Null));
    let nobody = app.send(app.request(Method::GET, "/v1/me"), "").await;
    assert_eq!(nobody.status, 401);
}
