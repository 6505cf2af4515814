//! A draft instrument is run over what was answered, before anyone publishes it.

use serde_json::json;
use seribu::access::Role;

use super::Desk;
use crate::{instruments::a_document, mentorships::Scene, support::Caller};

/// A next version that calls half of what was low before medium.
fn a_milder_draft() -> serde_json::Value {
    let mut document = a_document(3);
    document["status"] = json!("draft");
    let classes = document["classification"]["classes"].as_array_mut().unwrap();
    let medium = classes.iter_mut().find(|class| class["code"] == "medium").unwrap();
    medium["when"] = json!({ "fact": "score", "op": "gte", "value": 2000 });
    document
}

#[actix_web::test]
async fn the_migration_matrix_says_who_would_move_and_nobody_does() {
    let desk = Desk::start().await;
    let Scene { app, programme, owner, .. } = &desk.scene;
    let own = desk.draft(*owner, desk.a_self_assessment()).await;
    app.act(*owner, &own, json!({ "action": "submit" })).await;
    let mentors = desk.reviewed().await;
    let draft = app.create(*programme, "/v1/instruments", json!({ "document": a_milder_draft() })).await;
    let path = format!("/v1/instruments/{draft}/simulate");
    let over_all = app.post(*programme, &path, json!({})).await;
    assert_eq!(over_all.status, 200, "{}", over_all.text);
    let moved = |count: u8| json!([{ "from": "low", "to": "medium", "count": count }]);
    assert_eq!(over_all.body["matrix"], moved(2));
    let counts = ["assessments", "moved", "incomplete"].map(|name| over_all.body[name].clone());
    assert_eq!(counts, [json!(2), json!(2), json!(0)]);
    let over_mentors = app.post(*programme, &path, json!({ "kinds": ["mentor"] })).await;
    assert_eq!(over_mentors.body["matrix"], moved(1));
    let cohort = json!({ "cohort_id": desk.scene.cohort });
    assert_eq!(app.post(*programme, &path, cohort).await.body["assessments"], 2);
    assert_eq!(app.get(*programme, &mentors).await.body["class_effective"], "low");
}

#[actix_web::test]
async fn an_item_that_was_never_asked_makes_results_incomplete() {
    let desk = Desk::start().await;
    let Scene { app, programme, .. } = &desk.scene;
    desk.reviewed().await;
    let mut document = a_milder_draft();
    let items = document["items"].as_array_mut().unwrap();
    let last = items.len() - 1;
    items[last]["code"] = json!("NEW1");
    let draft = app.create(*programme, "/v1/instruments", json!({ "document": document })).await;
    let run = app.post(*programme, &format!("/v1/instruments/{draft}/simulate"), json!({})).await.body;
    assert_eq!(run["matrix"], json!([{ "from": "low", "to": null, "count": 1 }]));
    assert_eq!((&run["incomplete"], &run["moved"]), (&json!(1), &json!(0)));
}

#[actix_web::test]
async fn only_who_writes_instruments_simulates() {
    let desk = Desk::start().await;
    let path = format!("/v1/instruments/{}/simulate", desk.instrument);
    for role in [Role::Mentor, Role::Policy, Role::Business] {
        let refused = desk.scene.app.post(Caller::new(role), &path, json!({})).await;
        assert_eq!(refused.status, 403, "{role}");
    }
}
