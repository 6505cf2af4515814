//! Machine clients, as the administrator keeps them.

use chrono::TimeDelta;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{admin, ask_for_token, given_an_institution};
use crate::support::{TestApp, now};

pub fn a_client(client_id: &str, institution: &str) -> Value {
    json!({
        "client_id": client_id, "name": "Siakad", "role": "institution", "subject_id": institution,
        "scopes": ["institutions:read", "mentors:read", "changes:read"],
    })
}

/// The id and the secret of a university's client.
pub async fn given_a_client(app: &TestApp, client_id: &str, institution: &str) -> (String, String) {
    let reply = app.post(admin(), "/v1/clients", a_client(client_id, institution)).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    (reply.id(), reply.body["client_secret"].as_str().unwrap().to_owned())
}

async fn gets_a_token(app: &TestApp, secret: &str) -> bool {
    let form = format!("grant_type=client_credentials&client_id=siakad&client_secret={secret}");
    ask_for_token(app, &form).await.status == 200
}

#[actix_web::test]
async fn a_clients_secret_is_shown_once_and_can_be_told_by_its_beginning() {
    let app = TestApp::start().await;
    let institution = given_an_institution(&app, "ut").await;
    let created = app.post(admin(), "/v1/clients", a_client("siakad", &institution)).await;
    assert_eq!((created.status, created.header("cache-control")), (201, "no-store"), "{}", created.text);
    assert!(created.body["client_secret"].as_str().unwrap().starts_with("seribu_live_"));
    assert_eq!(created.body["expires_at"], json!(now() + TimeDelta::days(365)));
    let client = app.get(admin(), created.header("location")).await;
    assert_eq!((&client.body["client_id"], &client.body["version"]), (&json!("siakad"), &json!(1)));
    assert_eq!(client.body["previous_secret_expires_at"], Value::Null);
    assert!(!client.text.contains("seribu_live_"));
    let again = app.post(admin(), "/v1/clients", a_client("siakad", &institution)).await;
    assert_eq!((again.status, &again.body["duplicate_of"]), (409, &json!(created.header("location"))));
}

#[actix_web::test]
async fn a_new_secret_leaves_the_one_before_good_for_a_while_and_ends_older_ones() {
    let app = TestApp::start().await;
    let institution = given_an_institution(&app, "ut").await;
    let (id, first) = given_a_client(&app, "siakad", &institution).await;
    let rotate = async || {
        let reply = app.post(admin(), &format!("/v1/clients/{id}/secrets"), Value::Null).await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        reply.body["client_secret"].as_str().unwrap().to_owned()
    };
    let second = rotate().await;
    assert!(gets_a_token(&app, &first).await && gets_a_token(&app, &second).await);
    let client = app.get(admin(), &format!("/v1/clients/{id}")).await;
    assert_eq!(client.body["previous_secret_expires_at"], json!(now() + TimeDelta::days(30)));
    let third = rotate().await;
    assert!(!gets_a_token(&app, &first).await);
    assert!(gets_a_token(&app, &second).await && gets_a_token(&app, &third).await);
    app.set_clock(now() + TimeDelta::days(30));
    assert!(!gets_a_token(&app, &second).await);
    assert!(gets_a_token(&app, &third).await);
}

#[actix_web::test]
async fn a_client_has_no_more_scopes_than_its_role_and_a_subject_that_exists() {
    let app = TestApp::start().await;
    let institution = given_an_institution(&app, "ut").await;
    for (change, flaws) in [
        (json!({ "scopes": ["users:read", "mentors:write"] }), vec!["/scopes/0 not_allowed"]),
        (json!({ "scopes": [] }), vec!["/scopes too_short"]),
        (json!({ "scopes": ["mentors:read", "mentors:read"] }), vec!["/scopes/1 repeated"]),
        (json!({ "subject_id": null }), vec!["/subject_id required"]),
        (json!({ "subject_id": Uuid::now_v7() }), vec!["/subject_id no_such_record"]),
        (json!({ "rows_as": "programme" }), vec!["/rows_as conflict"]),
        (json!({ "role": "system", "subject_id": null }), vec!["/rows_as required"]),
        (json!({ "client_id": "Siakad UT" }), vec!["/client_id bad_format"]),
    ] {
        let mut body = a_client("siakad", &institution);
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let refused = app.post(admin(), "/v1/clients", body).await;
        let flaws: Vec<_> = flaws.iter().map(ToString::to_string).collect();
        assert_eq!((refused.status, refused.flaws()), (422, flaws), "{change}");
    }
}

#[actix_web::test]
async fn name_scopes_and_status_change_and_what_the_client_is_does_not() {
    let app = TestApp::start().await;
    let institution = given_an_institution(&app, "ut").await;
    let (id, _) = given_a_client(&app, "siakad", &institution).await;
    let path = format!("/v1/clients/{id}");
    let changed =
        app.patch(admin(), &path, json!({ "name": "Siakad UT", "scopes": ["mentors:write"] })).await;
    assert_eq!(
        (changed.status, &changed.body["scopes"]),
        (200, &json!(["mentors:write"])),
        "{}",
        changed.text
    );
    let other = given_an_institution(&app, "uin").await;
    let refused = app.patch(admin(), &path, json!({ "client_id": "other", "subject_id": other })).await;
    assert_eq!(
        (refused.status, refused.flaws()),
        (422, vec!["/client_id fixed".into(), "/subject_id fixed".into()])
    );
    assert_eq!(app.patch(admin(), &path, json!({ "scopes": ["users:read"] })).await.status, 422);
    let history = app.get(admin(), &format!("{path}/history")).await;
    assert_eq!(history.body["data"][0]["data"]["after"]["name"], "Siakad UT");
    let found =
        app.get(admin(), &format!("/v1/clients?subject_id={institution}&q=siak&role=institution")).await;
    assert_eq!(found.body["data"][0]["id"], json!(id));
}
