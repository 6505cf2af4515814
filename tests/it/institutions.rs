//! Institutions through HTTP.

use actix_web::http::Method;
use serde_json::{Value, json};
use seribu::access::Role;

use crate::support::{Caller, TestApp};

pub fn an_institution(code: &str, kind: &str) -> Value {
    json!({
        "code": code,
        "name": "Universitas Terbuka",
        "kind": kind,
        "city": "Tangerang Selatan",
        "contact": { "name": "LPPM", "email": "lppm@ut.example", "phone": "+622174700000" },
    })
}

#[actix_web::test]
async fn the_programme_registers_an_institution_and_everyone_finds_it_by_its_name() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let created = app.post(programme, "/v1/institutions", an_institution("ut", "university")).await;
    assert_eq!(created.status, 201, "{}", created.text);
    assert_eq!(created.header("location"), format!("/v1/institutions/{}", created.id()));
    for role in Role::ALL.iter().filter(|role| **role != Role::System) {
        let found = app.get(Caller::new(*role), "/v1/institutions?q=terbuka&with_total=true").await;
        assert_eq!((found.status, &found.body["total"]), (200, &json!(1)), "{role}: {}", found.text);
    }
}

#[actix_web::test]
async fn how_to_reach_an_institution_is_hidden_outside_the_department() {
    let app = TestApp::start().await;
    let id = app
        .create(Caller::new(Role::Programme), "/v1/institutions", an_institution("ut", "university"))
        .await;
    let path = format!("/v1/institutions/{id}");
    let mentor = app.get(Caller::new(Role::Mentor), &path).await;
    assert_eq!((&mentor.body["contact"], &mentor.body["hidden"]), (&Value::Null, &json!(["contact"])));
    assert_eq!(mentor.header("etag"), "\"1-mentor\"");
    let desk = app.get(Caller::new(Role::Facilitation), &path).await;
    assert_eq!((&desk.body["contact"]["name"], &desk.body["hidden"]), (&json!("LPPM"), &json!([])));
    assert_eq!(desk.header("etag"), "\"1-all\"");
}

#[actix_web::test]
async fn a_code_stands_for_one_institution_only() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    app.create(programme, "/v1/institutions", an_institution("ut", "university")).await;
    let again = app.post(programme, "/v1/institutions", an_institution("ut", "other")).await;
    assert_eq!((again.status, &again.body["type"]), (409, &json!("/problems/duplicate")));
}

#[actix_web::test]
async fn a_change_is_in_the_history_with_what_was_and_what_is() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let id = app.create(programme, "/v1/institutions", an_institution("ut", "university")).await;
    let path = format!("/v1/institutions/{id}");
    let changed = app.patch(programme, &path, json!({ "city": "Pamulang" })).await;
    assert_eq!((changed.status, &changed.body["version"]), (200, &json!(2)), "{}", changed.text);
    let history = app.get(programme, &format!("{path}/history")).await;
    assert_eq!(history.body["data"][0]["type"], "institution.updated", "{}", history.text);
    assert_eq!(
        history.body["data"][0]["data"],
        json!({ "before": { "city": "Tangerang Selatan" }, "after": { "city": "Pamulang" } })
    );
    assert_eq!(history.body["data"][1]["type"], "institution.created");
}

#[actix_web::test]
async fn repeating_a_write_with_its_key_gives_the_first_answer_again() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let send = async |code: &str| {
        let request = app.request(Method::POST, "/v1/institutions").bearer_auth(programme.token(|_| ()));
        let request = request.insert_header(("idempotency-key", "\"k-1\"")).content_type("application/json");
        app.send(request, an_institution(code, "university").to_string()).await
    };
    let (first, again, other) = (send("ut").await, send("ut").await, send("uin").await);
    assert_eq!((first.status, again.status, other.status), (201, 201, 422), "{}", again.text);
    assert_eq!((again.header("idempotent-replayed"), &again.text), ("true", &first.text));
    assert_eq!(other.body["type"], "/problems/key-reused");
}
