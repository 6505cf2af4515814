//! Accepting an invitation.

use chrono::TimeDelta;
use futures_util::future::join;
use serde_json::{Value, json};

use super::{admin, get_with, given_a_user, given_an_institution, log_in, refresh, send};
use crate::support::{Reply, TestApp, now};

async fn a_code(app: &TestApp, role: &str, subject: Option<&str>) -> String {
    let reply = app.post(admin(), "/v1/invitations", json!({ "role": role, "subject_id": subject })).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    reply.body["code"].as_str().unwrap().to_owned()
}

async fn accept(app: &TestApp, code: &str, email: &str, password: &str) -> Reply {
    let body = json!({ "code": code, "email": email, "password": password, "name": "Ratna" });
    send(app, "/v1/auth/accept-invitation", body).await
}

async fn grants_of(app: &TestApp, tokens: &Reply) -> Value {
    get_with(app, tokens.access_token(), "/v1/me").await.body["grants"].take()
}

#[actix_web::test]
async fn a_code_makes_an_account_with_the_name_of_whom_it_acts_for() {
    let app = TestApp::start().await;
    let institution = given_an_institution(&app, "ut").await;
    let code = a_code(&app, "institution", Some(&institution)).await;
    let body = json!({ "code": code, "phone": "0812 3456 7890", "password": "tujuh gelas kopi" });
    let tokens = send(&app, "/v1/auth/accept-invitation", body).await;
    assert_eq!((tokens.status, tokens.header("cache-control")), (200, "no-store"), "{}", tokens.text);
    let me = get_with(&app, tokens.access_token(), "/v1/me").await;
    assert_eq!(
        (&me.body["name"], &me.body["institution_id"]),
        (&json!("Universitas Terbuka"), &json!(institution))
    );
    let login = json!({ "phone": "+6281234567890", "password": "tujuh gelas kopi" });
    assert_eq!(send(&app, "/v1/auth/login", login).await.status, 200);
    assert_eq!(refresh(&app, tokens.refresh_token()).await.status, 200);
    let users = app.get(admin(), "/v1/users?role=institution").await;
    let id = users.body["data"][0]["id"].as_str().unwrap();
    let history = app.get(admin(), &format!("/v1/users/{id}/history")).await;
    let created = &history.body["data"][0];
    assert_eq!((&created["type"], &created["actor_id"]), (&json!("user.created"), &json!(id)));
    assert_eq!(created["actor_role"], "institution");
}

#[actix_web::test]
async fn a_code_works_once_for_seven_days_and_however_it_is_typed() {
    let app = TestApp::start().await;
    let code = a_code(&app, "policy", None).await;
    let typed = code.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
    assert_eq!(accept(&app, &typed, "a@contoh.id", "0123456789").await.status, 200);
    let again = accept(&app, &code, "b@contoh.id", "0123456789").await;
    assert_eq!((again.status, again.flaws()), (422, vec!["/code spent_code".to_owned()]));
    let (late, in_time) = (a_code(&app, "policy", None).await, a_code(&app, "policy", None).await);
    app.set_clock(now() + TimeDelta::days(7) - TimeDelta::seconds(1));
    assert_eq!(accept(&app, &in_time, "c@contoh.id", "0123456789").await.status, 200);
    app.set_clock(now() + TimeDelta::days(7));
    assert_eq!(accept(&app, &late, "d@contoh.id", "0123456789").await.flaws(), ["/code spent_code"]);
    for unknown in ["K7QM-2XTD-9RWA", "not a code", "ÄÖÜ"] {
        assert_eq!(
            accept(&app, unknown, "d@contoh.id", "0123456789").await.flaws(),
            ["/code no_such_record"]
        );
    }
}

#[actix_web::test]
async fn of_two_who_use_a_code_at_once_one_gets_an_account() {
    let app = TestApp::start().await;
    let code = a_code(&app, "policy", None).await;
    let (one, two) = join(
        accept(&app, &code, "a@contoh.id", "0123456789"),
        accept(&app, &code, "b@contoh.id", "0123456789"),
    )
    .await;
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 422]);
    assert_eq!(app.get(admin(), "/v1/users?with_total=true").await.body["total"], 1);
}

#[actix_web::test]
async fn who_has_an_account_gets_one_more_grant_for_the_right_password_alone() {
    let app = TestApp::start().await;
    let institution = given_an_institution(&app, "ut").await;
    let (_, password) =
        given_a_user(&app, "ratna@contoh.id", json!([{ "role": "policy", "subject_id": null }])).await;
    let code = a_code(&app, "institution", Some(&institution)).await;
    let refused = accept(&app, &code, "ratna@contoh.id", "another password").await;
    assert_eq!((refused.status, &refused.body["type"]), (401, &json!("/problems/wrong-credentials")));
    let accepted = accept(&app, &code, "ratna@contoh.id", &password).await;
    assert_eq!(accepted.status, 200, "{}", accepted.text);
    let me = get_with(&app, accepted.access_token(), "/v1/me").await;
    assert_eq!((&me.body["role"], &me.body["name"]), (&json!("institution"), &json!("Ratna Wulandari")));
    assert_eq!(me.body["grants"].as_array().unwrap().len(), 2);
    assert_eq!(log_in(&app, "ratna@contoh.id", &password).await.status, 422);
}

#[actix_web::test]
async fn a_forgotten_password_is_replaced_by_a_new_invitation() {
    let app = TestApp::start().await;
    let (_, old) =
        given_a_user(&app, "ratna@contoh.id", json!([{ "role": "policy", "subject_id": null }])).await;
    let before = log_in(&app, "ratna@contoh.id", &old).await;
    let code = a_code(&app, "policy", None).await;
    let tokens = accept(&app, &code, "ratna@contoh.id", "a new password").await;
    assert_eq!(grants_of(&app, &tokens).await, json!([{ "role": "policy", "subject_id": null }]));
    assert_eq!(log_in(&app, "ratna@contoh.id", &old).await.status, 401);
    assert_eq!(log_in(&app, "ratna@contoh.id", "a new password").await.status, 200);
    // Whoever was signed in with the old one is not any more.
    assert_eq!(refresh(&app, before.refresh_token()).await.status, 400);
}

#[actix_web::test]
async fn an_invitation_to_what_an_account_is_not_yet_takes_no_account_over() {
    let app = TestApp::start().await;
    let both = json!([{ "role": "policy", "subject_id": null }, { "role": "admin", "subject_id": null }]);
    let (id, password) = given_a_user(&app, "ratna@contoh.id", both).await;
    let code = a_code(&app, "programme", None).await;
    assert_eq!(accept(&app, &code, "ratna@contoh.id", "another password").await.status, 401);
    app.patch(admin(), &format!("/v1/users/{id}"), json!({ "status": "disabled" })).await;
    assert_eq!(accept(&app, &code, "ratna@contoh.id", &password).await.status, 401);
}

#[actix_web::test]
async fn a_new_account_needs_a_name_a_contact_and_a_password_of_some_length() {
    let app = TestApp::start().await;
    let code = a_code(&app, "policy", None).await;
    for (body, flaw) in [
        (json!({ "code": code, "email": "a@contoh.id", "password": "0123456789" }), "/name required"),
        (json!({ "code": code, "password": "0123456789", "name": "A" }), "/email required"),
        (
            json!({ "code": code, "email": "a@contoh.id", "password": "012345678", "name": "A" }),
            "/password too_short",
        ),
        (
            json!({ "code": code, "email": "a@contoh.id", "password": "x".repeat(201), "name": "A" }),
            "/password too_long",
        ),
    ] {
        let refused = send(&app, "/v1/auth/accept-invitation", body).await;
        assert_eq!((refused.status, refused.flaws()), (422, vec![flaw.to_owned()]), "{}", refused.text);
    }
    assert_eq!(accept(&app, &code, "a@contoh.id", "0123456789").await.status, 200);
}
