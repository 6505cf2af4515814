//! Invitations, as those who invite see them.

use actix_web::http::Method;
use chrono::TimeDelta;
use serde_json::{Value, json};
use seribu::access::Role;
use uuid::Uuid;

use super::{admin, get_with, given_an_institution, send};
use crate::{
    cooperatives::given_a_cooperative,
    support::{Caller, TestApp, now},
};

#[actix_web::test]
async fn the_code_is_shown_once_and_the_invitation_stays() {
    let app = TestApp::start().await;
    let institution = given_an_institution(&app, "ut").await;
    let body = json!({ "role": "institution", "subject_id": institution });
    let created = app.post(admin(), "/v1/invitations", body).await;
    assert_eq!((created.status, created.header("cache-control")), (201, "no-store"), "{}", created.text);
    assert_eq!(created.body["code"].as_str().unwrap().len(), 14);
    assert_eq!(created.body["expires_at"], json!(now() + TimeDelta::days(7)));
    let shown = app.get(admin(), created.header("location")).await;
    assert_eq!((&shown.body["invited_by"], &shown.body["used_at"]), (&json!("admin"), &Value::Null));
    assert!(!shown.text.contains(created.body["code"].as_str().unwrap()));
    let history = app.get(admin(), &format!("{}/history", created.header("location"))).await;
    assert_eq!(history.body["data"][0]["type"], "invitation.created", "{}", history.text);
}

#[actix_web::test]
async fn each_role_invites_those_it_is_there_for() {
    let app = TestApp::start().await;
    let nobody = Uuid::now_v7();
    for (inviter, role, flaw) in [
        (Role::Programme, "institution", "/role not_allowed"),
        (Role::Programme, "admin", "/role not_allowed"),
        (Role::Cooperatives, "business", "/role not_allowed"),
        (Role::Institution, "business", "/role not_allowed"),
        (Role::Admin, "system", "/role not_allowed"),
        (Role::Admin, "institution", "/subject_id no_such_record"),
        (Role::Admin, "programme", "/subject_id conflict"),
    ] {
        let body = json!({ "role": role, "subject_id": nobody });
        let refused = app.post(Caller::new(inviter), "/v1/invitations", body).await;
        assert_eq!((refused.status, refused.flaws()), (422, vec![flaw.to_owned()]), "{inviter} {role}");
    }
    let missing = app.post(admin(), "/v1/invitations", json!({ "role": "lender" })).await;
    assert_eq!(missing.flaws(), ["/subject_id required"]);
}

#[actix_web::test]
async fn the_desk_for_cooperatives_invites_a_board_and_sees_its_own_invitations() {
    let app = TestApp::start().await;
    let desk = Caller::new(Role::Cooperatives);
    let cooperative = given_a_cooperative(&app).await;
    let body = json!({ "role": "cooperative", "subject_id": cooperative });
    assert_eq!(app.post(Caller::new(Role::Programme), "/v1/invitations", body.clone()).await.status, 422);
    let created = app.post(desk, "/v1/invitations", body).await;
    assert_eq!(created.status, 201, "{}", created.text);
    app.create(admin(), "/v1/invitations", json!({ "role": "policy" })).await;
    let own = app.get(desk, "/v1/invitations").await;
    assert_eq!(own.body["data"].as_array().unwrap().len(), 1, "{}", own.text);
    assert_eq!(own.body["data"][0]["invited_by"], "division:cooperatives");
    let history = app.get(desk, &format!("{}/history", created.header("location"))).await;
    assert_eq!(history.body["data"][0]["type"], "invitation.created", "{}", history.text);
    let body = json!({ "code": created.body["code"], "email": "a@contoh.id", "password": "0123456789" });
    let board = send(&app, "/v1/auth/accept-invitation", body).await;
    let me = get_with(&app, board.access_token(), "/v1/me").await;
    assert_eq!((&me.body["role"], &me.body["cooperative_id"]), (&json!("cooperative"), &json!(cooperative)));
}

#[actix_web::test]
async fn the_programme_invites_an_owner_who_becomes_that_person() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let person = app.create(programme, "/v1/persons", json!({ "full_name": "Siti Aminah" })).await;
    let created =
        app.post(programme, "/v1/invitations", json!({ "role": "business", "subject_id": person })).await;
    let body = json!({ "code": created.body["code"], "phone": "081234567890", "password": "0123456789" });
    let owner = send(&app, "/v1/auth/accept-invitation", body).await;
    let me = get_with(&app, owner.access_token(), "/v1/me").await;
    assert_eq!(
        (&me.body["person_id"], &me.body["name"]),
        (&json!(person), &json!("Siti Aminah")),
        "{}",
        me.text
    );
    let itself = get_with(&app, owner.access_token(), &format!("/v1/persons/{person}")).await;
    assert_eq!(itself.status, 200, "{}", itself.text);
}

#[actix_web::test]
async fn an_invitation_is_seen_by_who_made_it_the_programme_and_the_administrator() {
    let app = TestApp::start().await;
    let institution = given_an_institution(&app, "ut").await;
    let body = json!({ "role": "institution", "subject_id": institution });
    let id = app.create(admin(), "/v1/invitations", body).await;
    let path = format!("/v1/invitations/{id}");
    assert_eq!(app.get(Caller::new(Role::Programme), &path).await.status, 200);
    for other in [Caller::new(Role::Cooperatives), Caller::of(Role::Institution, &institution)] {
        assert_eq!(app.get(other, &path).await.status, 404);
        assert_eq!(app.get(other, "/v1/invitations").await.body["data"], json!([]));
        let request = app.request(Method::DELETE, &path).bearer_auth(other.token(|_| ()));
        assert_eq!(app.send(request.insert_header(("if-match", "*")), "").await.status, 404);
    }
    let found = app.get(admin(), &format!("/v1/invitations?subject_id={institution}&role=institution")).await;
    assert_eq!(found.body["data"][0]["id"], json!(id));
}

#[actix_web::test]
async fn an_unused_invitation_can_be_taken_back_and_its_code_is_worth_nothing_then() {
    let app = TestApp::start().await;
    let created = app.post(admin(), "/v1/invitations", json!({ "role": "policy" })).await;
    let path = created.header("location");
    let delete = async |if_match: Option<&str>| {
        let mut request = app.request(Method::DELETE, path).bearer_auth(admin().token(|_| ()));
        if let Some(tag) = if_match {
            request = request.insert_header(("if-match", tag));
        }
        app.send(request, "").await
    };
    assert_eq!(delete(None).await.status, 428);
    assert_eq!(delete(Some("\"7\"")).await.status, 412);
    let deleted = delete(Some("\"1-all\"")).await;
    assert_eq!((deleted.status, deleted.text.as_str()), (204, ""));
    assert_eq!(app.get(admin(), path).await.status, 404);
    let body = json!({ "code": created.body["code"], "email": "a@contoh.id", "password": "0123456789", "name": "A" });
    let refused = send(&app, "/v1/auth/accept-invitation", body).await;
    assert_eq!((refused.status, refused.flaws()), (422, vec!["/code no_such_record".to_owned()]));
}

#[actix_web::test]
async fn a_used_invitation_stays() {
    let app = TestApp::start().await;
    let created = app.post(admin(), "/v1/invitations", json!({ "role": "policy" })).await;
    let body = json!({ "code": created.body["code"], "email": "a@contoh.id", "password": "0123456789", "name": "A" });
    assert_eq!(send(&app, "/v1/auth/accept-invitation", body).await.status, 200);
    let request = app.request(Method::DELETE, created.header("location")).bearer_auth(admin().token(|_| ()));
    let refused = app.send(request.insert_header(("if-match", "*")), "").await;
    assert_eq!((refused.status, &refused.body["code"]), (409, &json!("used")));
    assert_eq!(app.get(admin(), created.header("location")).await.body["used_at"], json!(now()));
}

#[actix_web::test]
async fn repeating_the_request_with_its_key_shows_the_same_code_again() {
    let app = TestApp::start().await;
    let caller = admin();
    let ask = async || {
        let request = app.request(Method::POST, "/v1/invitations").bearer_auth(caller.token(|_| ()));
        let request = request.insert_header(("idempotency-key", "k-1")).content_type("application/json");
        app.send(request, json!({ "role": "policy" }).to_string()).await
    };
    let (first, again) = (ask().await, ask().await);
    assert_eq!((again.status, again.header("idempotent-replayed")), (201, "true"), "{}", again.text);
    assert_eq!(first.text, again.text);
}
