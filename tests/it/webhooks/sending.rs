//! What is sent, to whom, in which order, and how it is signed.

use std::collections::BTreeSet;

use chrono::Duration;
use serde_json::{Value, json};
use seribu::access::Role;

use super::{
    a_client, a_hook, a_programme, an_app, an_event, deliveries, hook_with, is_signed_with,
    receiver::{Got, Receiver},
    this_machines_now,
};
use crate::{
    mentorships::Scene,
    support::{Caller, TestApp},
};

/// The change of a message, as the caller finds it in the feed.
async fn in_the_feed(app: &TestApp, caller: Caller, got: &Got) -> Value {
    let feed = app.get(caller, "/v1/changes?limit=1000").await;
    let found = feed.body["data"].as_array().unwrap().iter().find(|change| change["id"] == got.id());
    found.unwrap_or_else(|| panic!("{} is not in the feed", got.id())).clone()
}

#[actix_web::test]
async fn a_message_is_what_the_specification_says_and_its_signature_holds() {
    let (app, receiver) = (an_app().await, Receiver::open().await);
    let programme = a_programme(&app).await;
    let hook = a_hook(&app, programme, &receiver, &["institution"]).await;
    let institution = an_event(&app, programme, "ut").await;
    let got = &receiver.got_once(1).await[0];
    let known = standardwebhooks::Webhook::new(&hook.secret).unwrap();
    known.verify(got.body.as_bytes(), &got.headers).unwrap();
    assert_eq!(got.header("content-type"), "application/json");
    let change = in_the_feed(&app, programme, got).await;
    let message = got.json();
    assert_eq!(
        (&message["type"], &message["timestamp"]),
        (&json!("institution.created"), &change["occurred_at"])
    );
    let data = json!({
        "id": got.id(), "type": "institution.created", "resource": "institution", "subject_id": institution,
        "subject_version": 1, "occurred_at": change["occurred_at"], "tombstone": false,
    });
    assert_eq!(message["data"], data);
    let delivery = &deliveries(&app, programme, &hook, 1).await[0];
    assert_eq!(delivery["event_id"], got.id());
    for (name, value) in [
        ("type", json!("institution.created")),
        ("lane", json!("feed")),
        ("status", json!("succeeded")),
        ("attempt", json!(1)),
        ("http_status", json!(200)),
        ("error", json!(null)),
        ("answer", json!(null)),
        ("next_attempt_at", json!(null)),
    ] {
        assert_eq!(delivery[name], value, "{name}");
    }
    // Neither with another secret nor for another body.
    let other = standardwebhooks::Webhook::from_bytes(vec![7; 32]).unwrap();
    assert!(other.verify(got.body.as_bytes(), &got.headers).is_err());
    let altered = got.body.replace("institution", "institutiom");
    assert!(known.verify(altered.as_bytes(), &got.headers).is_err());
}

#[actix_web::test]
async fn after_a_change_of_the_secret_both_sign_for_a_day() {
    let (app, receiver) = (an_app().await, Receiver::open().await);
    let programme = a_programme(&app).await;
    let hook = a_hook(&app, programme, &receiver, &["institution"]).await;
    let rotated = app.post(programme, &format!("{}/secret", hook.path), json!(null)).await;
    assert_eq!(rotated.status, 201, "{}", rotated.text);
    let newer = rotated.body["secret"].as_str().unwrap();
    assert_ne!(newer, hook.secret);
    an_event(&app, programme, "ut").await;
    let got = receiver.got_once(1).await.pop().unwrap();
    for secret in [newer, &hook.secret] {
        standardwebhooks::Webhook::new(secret).unwrap().verify(got.body.as_bytes(), &got.headers).unwrap();
    }
    app.set_clock(this_machines_now() + Duration::hours(25));
    an_event(&app, programme, "itb").await;
    let got = receiver.got_once(2).await.pop().unwrap();
    assert!(is_signed_with(&got, newer) && !is_signed_with(&got, &hook.secret));
    let history = app.get(programme, &format!("{}/history", hook.path)).await.text;
    assert!(history.contains("webhook_endpoint.secret_rotated"), "{history}");
}

#[actix_web::test]
async fn what_happens_comes_in_its_order_and_only_what_was_asked_for() {
    let (app, receiver) = (an_app().await, Receiver::open().await);
    let programme = a_programme(&app).await;
    an_event(&app, programme, "before").await;
    app.readers_done().await;
    let hook = a_hook(&app, programme, &receiver, &["institution.updated", "cooperative"]).await;
    let id = an_event(&app, programme, "ut").await;
    for city in 0..12 {
        app.patch(programme, &format!("/v1/institutions/{id}"), json!({ "city": format!("c{city}") })).await;
    }
    let got = receiver.got_once(12).await;
    let versions: Vec<_> =
        got.iter().map(|one| one.json()["data"]["subject_version"].as_i64().unwrap()).collect();
    assert_eq!(versions, (2..14).collect::<Vec<_>>());
    assert!(got.iter().all(|one| one.kind() == "institution.updated"));
    let ids: BTreeSet<_> = got.iter().map(Got::id).collect();
    assert_eq!(ids.len(), 12);
    // Other words from now on.
    app.patch(programme, &hook.path, json!({ "types": ["institution.created"] })).await;
    app.patch(programme, &format!("/v1/institutions/{id}"), json!({ "city": "last" })).await;
    an_event(&app, programme, "itb").await;
    assert_eq!(receiver.got_once(13).await[12].kind(), "institution.created");
}

#[actix_web::test]
async fn a_full_message_is_the_change_as_the_feed_has_it_for_the_same_party() {
    let scene = Scene::start().await;
    let app = &scene.app;
    let receiver = Receiver::open().await;
    let university = a_client(app, Role::Institution, scene.university.subject).await;
    let full = json!({ "url": receiver.url, "types": ["mentorship"], "payload": "full" });
    hook_with(app, university, full).await;
    scene.active().await;
    let got = receiver.got_once(3).await;
    for one in &got {
        assert_eq!(one.json()["data"], in_the_feed(app, university, one).await, "{}", one.body);
    }
    // Its lecturer coaches; whom, only with consent.
    let all: String = got.iter().map(|one| one.body.clone()).collect();
    assert!(all.contains("\"mentor_id\"") && !all.contains("Dapur Bu Siti"), "{all}");
}

#[actix_web::test]
async fn who_loses_sight_of_a_business_is_told_to_drop_it() {
    let scene = Scene::start().await;
    let app = &scene.app;
    let receiver = Receiver::open().await;
    let mentor = a_client(app, Role::Mentor, scene.mentor.subject).await;
    let full = json!({ "url": receiver.url, "types": ["business"], "payload": "full" });
    hook_with(app, mentor, full).await;
    let id = scene.proposed().await;
    let shared = receiver.got_once(1).await.pop().unwrap();
    assert_eq!(
        (shared.kind().as_str(), &shared.json()["data"]["tombstone"]),
        ("business.shared", &json!(false))
    );
    let decline = json!({ "action": "decline", "reason_code": "too_far" });
    app.act(scene.mentor, &format!("/v1/mentorships/{id}"), decline).await;
    let gone = receiver.got_once(2).await.pop().unwrap().json();
    assert_eq!((&gone["type"], &gone["data"]["tombstone"]), (&json!("business.unshared"), &json!(true)));
    assert_eq!((&gone["data"]["subject_id"], &gone["data"]["data"]), (&json!(scene.business), &Value::Null));
}

#[actix_web::test]
async fn a_test_goes_the_same_way_and_is_seen_among_the_deliveries() {
    let (app, receiver) = (an_app().await, Receiver::open().await);
    let programme = a_programme(&app).await;
    let hook = a_hook(&app, programme, &receiver, &["cooperative"]).await;
    let test = app.post(programme, &format!("{}/test", hook.path), json!(null)).await;
    assert_eq!(test.status, 201, "{}", test.text);
    let got = receiver.got_once(1).await.pop().unwrap();
    standardwebhooks::Webhook::new(&hook.secret).unwrap().verify(got.body.as_bytes(), &got.headers).unwrap();
    assert_eq!((got.kind().as_str(), json!(got.id())), ("webhook.test", test.body["event_id"].clone()));
    assert_eq!(got.json()["data"]["webhook_id"], json!(hook.id));
    let delivery = &deliveries(&app, programme, &hook, 1).await[0];
    assert_eq!((&delivery["lane"], &delivery["event_id"]), (&json!("test"), &test.body["event_id"]));
    // Also of one that is disabled, and once only.
    app.act(programme, &hook.path, json!({ "action": "disable" })).await;
    receiver.next([super::receiver::Answer::Status(500)]);
    app.post(programme, &format!("{}/test", hook.path), json!(null)).await;
    receiver.got_once(2).await;
    app.set_clock(this_machines_now() + Duration::hours(1));
    receiver.got_once(2).await;
    assert_eq!(deliveries(&app, programme, &hook, 2).await[1]["status"], "given_up");
}
