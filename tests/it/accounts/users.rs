//! Users, as the administrator keeps them.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{a_user, admin, get_with, given_a_user, given_an_institution, log_in, refresh};
use crate::support::TestApp;

fn programme() -> Value {
    json!([{ "role": "programme", "subject_id": null }])
}

#[actix_web::test]
async fn a_new_user_logs_in_with_the_password_that_was_shown_once() {
    let app = TestApp::start().await;
    let created = app.post(admin(), "/v1/users", a_user("Ratna@Contoh.ID", programme())).await;
    assert_eq!((created.status, created.header("cache-control")), (201, "no-store"), "{}", created.text);
    let path = format!("/v1/users/{}", created.id());
    assert_eq!(created.header("location"), path);
    let user = app.get(admin(), &path).await;
    assert_eq!((&user.body["email"], &user.body["phone"]), (&json!("ratna@contoh.id"), &Value::Null));
    assert_eq!((&user.body["grants"], &user.body["status"]), (&programme(), &json!("active")));
    assert!(user.body.get("password").is_none());
    let tokens = log_in(&app, "ratna@contoh.id", created.body["password"].as_str().unwrap()).await;
    let businesses = get_with(&app, tokens.access_token(), "/v1/institutions").await;
    assert_eq!(businesses.status, 200, "{}", businesses.text);
}

#[actix_web::test]
async fn what_is_wrong_with_a_user_is_named() {
    let app = TestApp::start().await;
    let institution = given_an_institution(&app, "ut").await;
    let nobody = Uuid::now_v7();
    for (change, flaws) in [
        (json!({ "email": null }), vec!["/email required"]),
        (json!({ "email": "ratna" }), vec!["/email bad_format"]),
        (json!({ "grants": [] }), vec!["/grants too_short"]),
        (
            json!({ "grants": [{ "role": "institution", "subject_id": null }] }),
            vec!["/grants/0/subject_id required"],
        ),
        (
            json!({ "grants": [{ "role": "institution", "subject_id": nobody }] }),
            vec!["/grants/0/subject_id no_such_record"],
        ),
        (
            json!({ "grants": [{ "role": "admin", "subject_id": institution }, { "role": "system", "subject_id": null }] }),
            vec!["/grants/0/subject_id conflict", "/grants/1/role conflict"],
        ),
        (
            json!({ "grants": [{ "role": "admin", "subject_id": null }, { "role": "admin", "subject_id": null }] }),
            vec!["/grants/1 repeated"],
        ),
    ] {
        let mut body = a_user("ratna@contoh.id", programme());
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let refused = app.post(admin(), "/v1/users", body).await;
        assert_eq!((refused.status, refused.flaws()), (422, flaws.iter().map(|f| f.to_string()).collect()));
    }
}

#[actix_web::test]
async fn one_address_or_number_belongs_to_one_user_however_it_is_written() {
    let app = TestApp::start().await;
    let (first, _) = given_a_user(&app, "ratna@contoh.id", programme()).await;
    let path = format!("/v1/users/{first}");
    assert_eq!(app.patch(admin(), &path, json!({ "phone": "0812-3456-7890" })).await.status, 200);
    for (body, what) in [
        (a_user(" RATNA@contoh.id", programme()), "email"),
        (json!({ "name": "Ani", "phone": "+62 812 3456 7890", "grants": programme() }), "phone"),
    ] {
        let refused = app.post(admin(), "/v1/users", body).await;
        assert_eq!(refused.status, 409, "{}", refused.text);
        assert_eq!((&refused.body["code"], &refused.body["duplicate_of"]), (&json!(what), &json!(path)));
    }
    let (second, _) = given_a_user(&app, "ani@contoh.id", programme()).await;
    let second = format!("/v1/users/{second}");
    assert_eq!(app.patch(admin(), &second, json!({ "phone": "081234567890" })).await.status, 409);
    assert_eq!(
        app.patch(admin(), &second, json!({ "email": "ani@contoh.id", "name": "Ani" })).await.status,
        200
    );
}

#[actix_web::test]
async fn who_is_disabled_gets_no_more_tokens_until_enabled_again() {
    let app = TestApp::start().await;
    let (id, password) = given_a_user(&app, "ratna@contoh.id", programme()).await;
    let tokens = log_in(&app, "ratna@contoh.id", &password).await;
    let path = format!("/v1/users/{id}");
    let disabled = app.patch(admin(), &path, json!({ "status": "disabled" })).await;
    assert_eq!((disabled.status, &disabled.body["version"]), (200, &json!(2)), "{}", disabled.text);
    assert_eq!(log_in(&app, "ratna@contoh.id", &password).await.status, 401);
    let refused = refresh(&app, tokens.refresh_token()).await;
    assert_eq!((refused.status, &refused.body["error"]), (400, &json!("invalid_grant")));
    app.patch(admin(), &path, json!({ "status": "active" })).await;
    assert_eq!(log_in(&app, "ratna@contoh.id", &password).await.status, 200);
    assert_eq!(refresh(&app, tokens.refresh_token()).await.status, 400);
}

#[actix_web::test]
async fn grants_are_replaced_and_a_token_of_one_that_is_gone_is_not_refreshed() {
    let app = TestApp::start().await;
    let institution = given_an_institution(&app, "ut").await;
    let (id, password) = given_a_user(&app, "ratna@contoh.id", programme()).await;
    let tokens = log_in(&app, "ratna@contoh.id", &password).await;
    let grants = json!([{ "role": "institution", "subject_id": institution }]);
    let changed = app.patch(admin(), &format!("/v1/users/{id}"), json!({ "grants": grants })).await;
    assert_eq!((changed.status, &changed.body["grants"]), (200, &grants), "{}", changed.text);
    assert_eq!(refresh(&app, tokens.refresh_token()).await.status, 400);
    let now = log_in(&app, "ratna@contoh.id", &password).await;
    let me = get_with(&app, now.access_token(), "/v1/me").await;
    assert_eq!((&me.body["role"], &me.body["institution_id"]), (&json!("institution"), &json!(institution)));
}

#[actix_web::test]
async fn users_are_found_by_role_subject_status_and_a_piece_of_the_name() {
    let app = TestApp::start().await;
    let institution = given_an_institution(&app, "ut").await;
    let (one, _) = given_a_user(&app, "ratna@contoh.id", programme()).await;
    let both = json!([{ "role": "programme", "subject_id": null }, { "role": "institution", "subject_id": institution }]);
    let (two, _) = given_a_user(&app, "ani@contoh.id", both.clone()).await;
    app.patch(admin(), &format!("/v1/users/{two}"), json!({ "name": "Ani Lestari" })).await;
    app.patch(admin(), &format!("/v1/users/{one}"), json!({ "status": "disabled" })).await;
    for (query, found) in [
        ("role=programme&sort=created_at", vec![&one, &two]),
        ("role=institution,lender", vec![&two]),
        (&format!("subject_id={institution}"), vec![&two]),
        ("status=disabled", vec![&one]),
        ("q=lest", vec![&two]),
        ("sort=name", vec![&two, &one]),
        ("limit=1&sort=name&with_total=true", vec![&two]),
    ] {
        let list = app.get(admin(), &format!("/v1/users?{query}")).await;
        let ids: Vec<_> = list.body["data"].as_array().unwrap().iter().map(|user| &user["id"]).collect();
        assert_eq!(ids, found, "{query}: {}", list.text);
    }
    let caller = admin();
    let page = app.get(caller, "/v1/users?limit=1&sort=name").await;
    let next = format!("/v1/users?limit=1&sort=name&cursor={}", page.body["next_cursor"].as_str().unwrap());
    let next = app.get(caller, &next).await;
    assert_eq!((&next.body["data"][0]["id"], &next.body["next_cursor"]), (&json!(one), &Value::Null));
    assert_eq!(next.body["data"][0]["email"], "ratna@contoh.id");
}

#[actix_web::test]
async fn the_history_of_a_user_shows_what_changed() {
    let app = TestApp::start().await;
    let (id, _) = given_a_user(&app, "ratna@contoh.id", programme()).await;
    let path = format!("/v1/users/{id}");
    app.patch(admin(), &path, json!({ "phone": "081234567890" })).await;
    let history = app.get(admin(), &format!("{path}/history")).await;
    let changes = json!({ "before": { "phone": null }, "after": { "phone": "+6281234567890" } });
    assert_eq!(
        (&history.body["data"][0]["type"], &history.body["data"][0]["data"]),
        (&json!("user.updated"), &changes)
    );
    assert_eq!(history.body["data"][1]["data"]["after"]["name"], "Ratna Wulandari");
}
