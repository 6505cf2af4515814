//! Whose a job is, and what it may hold.

use actix_web::{http::Method, rt};
use serde_json::{Value, json};
use seribu::{access::Role, api};

use super::jobs::{asked, content, ended, open, programme};
use crate::{
    accounts::{admin, ask_for_token, given_an_institution},
    agenda::with_an_account,
    mentorships::Scene,
    support::{Caller, Reply, TestApp},
};

#[actix_web::test]
async fn a_job_is_his_who_asked_with_the_client_and_in_the_role_in_which_he_did() {
    let app = TestApp::start().await;
    let caller = programme(&app).await;
    let colleague = with_an_account(&app, Caller::new(Role::Programme), "dewi@dinas.example").await;
    let path = asked(&app, caller, json!({ "resource": "institutions" })).await;
    ended(&app, caller, &path).await;
    let as_other_role = Caller { role: Role::Facilitation, ..caller };
    for other in [colleague, as_other_role] {
        assert_eq!(app.get(other, &path).await.status, 404, "{other:?}");
        assert_eq!(content(&app, other, &path, &[]).await.status, 404, "{other:?}");
        assert_eq!(app.get(other, "/v1/exports/jobs").await.body["data"], json!([]));
    }
    let through_other = caller.token(|claims| claims.client_id = "other".into());
    let reply = app.send(app.request(Method::GET, &path).bearer_auth(through_other), "").await;
    assert_eq!(reply.status, 404, "{}", reply.text);
}

#[actix_web::test]
async fn a_job_holds_what_its_asker_reads_and_nothing_once_he_is_disabled() {
    let scene = Scene::start().await;
    let app = &scene.app;
    let id = scene.active().await;
    scene.held(&id).await;
    let mentor = with_an_account(app, scene.mentor, "rina@ut.example").await;
    let written = asked(app, mentor, json!({ "resource": "businesses" })).await;
    let job = ended(app, mentor, &written).await;
    assert_eq!((&job["status"], &job["done"]), (&json!("complete"), &json!(1)), "{job}");
    let file = content(app, mentor, &written, &[]).await.text;
    assert_eq!(file.trim(), app.get(mentor, "/v1/exports/businesses").await.text.trim());

    app.writer.abort();
    let waits = asked(app, mentor, json!({ "resource": "businesses" })).await;
    let user = format!("/v1/users/{}", mentor.user);
    assert_eq!(app.patch(admin(), &user, json!({ "status": "disabled" })).await.status, 200);
    let writer = rt::spawn(api::write_exports(app.settings.worker().unwrap()));
    let failed = ended(app, mentor, &waits).await;
    assert_eq!(
        (&failed["status"], &failed["failure"]),
        (&json!("failed"), &json!("no_longer_allowed")),
        "{failed}"
    );
    // The token is good for some minutes yet, and the link for an hour.
    assert_eq!(content(app, mentor, &written, &[]).await.status, 404);
    assert_eq!(open(app, job["url"].as_str().unwrap()).await.status, 404);
    writer.abort();
}

#[actix_web::test]
async fn a_clients_job_ends_with_the_client_and_with_its_scopes() {
    let app = TestApp::start().await;
    let institution = given_an_institution(&app, "ut").await;
    let client = app.post(
        admin(),
        "/v1/clients",
        json!({
            "client_id": "siakad", "name": "Siakad", "role": "institution", "subject_id": institution,
            "scopes": ["institutions:read", "exports:read"],
        }),
    );
    let client = client.await;
    let secret = client.body["client_secret"].as_str().unwrap().to_owned();
    let form = format!("grant_type=client_credentials&client_id=siakad&client_secret={secret}");
    let token = ask_for_token(&app, &form).await.body["access_token"].as_str().unwrap().to_owned();
    let send = async |method: Method, path: &str, body: Value| -> Reply {
        let request = app.request(method, path).bearer_auth(&token).content_type("application/json");
        app.send(request, if body.is_null() { String::new() } else { body.to_string() }).await
    };
    let ask = async || {
        let asked = send(Method::POST, "/v1/exports", json!({ "resource": "institutions" })).await;
        assert_eq!(asked.status, 202, "{}", asked.text);
        asked.header("location").to_owned()
    };
    let ended = async |path: &str| loop {
        let job = send(Method::GET, path, Value::Null).await.body;
        if job["status"] != "queued" && job["status"] != "running" {
            return job;
        }
        rt::time::sleep(std::time::Duration::from_millis(50)).await;
    };
    let first = ask().await;
    let job = ended(&first).await;
    assert_eq!(job["status"], "complete", "{job}");
    let url = job["url"].as_str().unwrap();
    assert_eq!(open(&app, url).await.status, 200);
    let registered = format!("/v1/clients/{}", client.id());
    for (change, left) in [
        (json!({ "scopes": ["exports:read"] }), 404),
        (json!({ "scopes": ["exports:read", "institutions:read"] }), 200),
        (json!({ "status": "disabled" }), 404),
    ] {
        assert_eq!(app.patch(admin(), &registered, change.clone()).await.status, 200);
        assert_eq!(open(&app, url).await.status, left, "{change}");
    }
    let late = ended(&ask().await).await;
    assert_eq!(late["failure"], "no_longer_allowed", "{late}");
}
