//! `Idempotency-Key`: what was answered is answered again, and done once.

use actix_web::http::Method;
use chrono::Duration;
use futures_util::future::join_all;
use serde_json::{Value, json};
use seribu::access::Role;

use crate::{
    institutions::an_institution,
    support::{Caller, Reply, TestApp, now, until},
};

async fn create(app: &TestApp, caller: Caller, key: &str, body: &Value) -> Reply {
    let request = app.request(Method::POST, "/v1/institutions").bearer_auth(caller.token(|_| ()));
    let request = request.insert_header(("idempotency-key", key)).content_type("application/json");
    app.send(request, body.to_string()).await
}

async fn total(app: &TestApp) -> Value {
    let list = app.get(Caller::new(Role::Programme), "/v1/institutions?with_total=true").await;
    list.body["total"].clone()
}

#[actix_web::test]
async fn the_same_request_again_has_the_same_answer_and_makes_nothing_new() {
    let app = TestApp::start().await;
    let (programme, body) = (Caller::new(Role::Programme), an_institution("ut", "university"));
    let first = create(&app, programme, "a-key", &body).await;
    let again = create(&app, programme, "\"a-key\"", &body).await;
    assert_eq!((first.status, &first.text), (201, &again.text));
    assert_eq!((again.status, again.header("location")), (201, first.header("location")));
    assert_eq!(again.header("etag"), first.header("etag"));
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(total(&app).await, 1);
}

#[actix_web::test]
async fn another_body_under_the_same_key_is_refused_and_another_caller_has_keys_of_its_own() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    create(&app, programme, "a-key", &an_institution("ut", "university")).await;
    let other = create(&app, programme, "a-key", &an_institution("iti", "university")).await;
    assert_eq!((other.status, &other.body["type"]), (422, &json!("/problems/key-reused")), "{}", other.text);
    let colleague =
        create(&app, Caller::new(Role::Programme), "a-key", &an_institution("iti", "university")).await;
    assert_eq!(colleague.status, 201, "{}", colleague.text);
}

#[actix_web::test]
async fn what_was_refused_is_judged_again() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let mut body = an_institution("ut", "university");
    body["kind"] = json!("school");
    assert_eq!(create(&app, programme, "a-key", &body).await.status, 422);
    assert_eq!(create(&app, programme, "a-key", &an_institution("ut", "university")).await.status, 201);
}

#[actix_web::test]
async fn of_many_at_once_one_is_done() {
    let app = TestApp::start().await;
    let (programme, body) = (Caller::new(Role::Programme), an_institution("ut", "university"));
    let replies = join_all((0..12).map(|_| create(&app, programme, "a-key", &body))).await;
    let statuses: Vec<_> = replies.iter().map(|reply| reply.status).collect();
    assert!(statuses.contains(&201), "{statuses:?}");
    // The others get its answer, or are told that it is on its way.
    assert!(statuses.iter().all(|status| [201, 409].contains(status)), "{statuses:?}");
    assert_eq!(total(&app).await, 1);
}

#[actix_web::test]
async fn after_thirty_days_a_key_is_forgotten() {
    let app = TestApp::start().await;
    let (programme, body) = (Caller::new(Role::Programme), an_institution("ut", "university"));
    create(&app, programme, "a-key", &body).await;
    app.set_clock(now() + Duration::days(31));
    let again = until(async || match create(&app, programme, "a-key", &body).await {
        again if again.status == 201 => Err("the key is still known".to_owned()),
        again => Ok(again),
    });
    let again = again.await;
    assert_eq!((again.status, &again.body["type"]), (409, &json!("/problems/duplicate")), "{}", again.text);
}
