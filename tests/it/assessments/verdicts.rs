//! People decide about a class: an override, an objection, its decision. What was computed stays.

use chrono::Days;
use serde_json::{Value, json};
use seribu::access::Role;

use super::Desk;
use crate::{
    mentorships::Scene,
    support::{Caller, now},
};

fn classes(assessment: &Value) -> [Value; 2] {
    ["class_computed", "class_effective"].map(|name| assessment[name].clone())
}

fn an_override() -> Value {
    json!({ "action": "override", "reason_code": "evidence_seen", "class": "medium" })
}

fn an_objection() -> Value {
    json!({ "action": "object", "reason_code": "facts_wrong", "note": "Buku kas sudah ada." })
}

#[actix_web::test]
async fn an_override_leaves_what_was_computed_and_says_why() {
    let desk = Desk::start().await;
    let Scene { app, programme, .. } = &desk.scene;
    let path = desk.reviewed().await;
    let before = app.get(*programme, &path).await.body;
    let after = app.act(*programme, &path, an_override()).await;
    assert_eq!(classes(&after), [json!("low"), json!("medium")]);
    assert_eq!((&after["result"], &after["status"]), (&before["result"], &before["status"]));
    assert_eq!(after["class_override"]["reason_code"], "evidence_seen");
    let history = app.get(*programme, &format!("{path}/history")).await.body;
    assert_eq!(history["data"][0]["type"], "assessment.overridden");
    let moves = app.get(*programme, &format!("{path}/transitions")).await.body;
    assert_eq!(moves["data"][0]["type"], "assessment.overridden", "{moves}");
    let medium = app.get(*programme, "/v1/assessments?class_effective=medium&with_total=true").await;
    assert_eq!(medium.body["total"], 1);
}

#[actix_web::test]
async fn an_override_needs_a_reason_and_another_class_of_the_instrument() {
    let desk = Desk::start().await;
    let path = desk.reviewed().await;
    let programme = desk.scene.programme;
    for (change, flaw) in [
        (json!({ "reason_code": null }), "/reason_code required"),
        (json!({ "class": null }), "/class required"),
        (json!({ "class": "splendid" }), "/class not_allowed"),
        (json!({ "class": "low" }), "/class conflict"),
    ] {
        let refused = desk.move_it(programme, &path, crate::support::merged(an_override(), change)).await;
        assert_eq!((refused.status, refused.flaws()), (422, vec![flaw.to_owned()]));
    }
    let draft = desk.draft(desk.scene.mentor, desk.a_mentors("follow_up")).await;
    let early = desk.move_it(programme, &draft, an_override()).await;
    assert_eq!((early.status, &early.body["code"]), (409, &json!("wrong_status")));
}

#[actix_web::test]
async fn the_owner_objects_and_someone_who_had_no_part_decides() {
    let desk = Desk::start().await;
    let Scene { app, programme, owner, .. } = &desk.scene;
    let path = desk.reviewed().await;
    let objected = app.act(*owner, &path, an_objection()).await;
    assert_eq!(objected["objection"]["decision"], Value::Null);
    assert!(objected["objection"]["due_on"].as_str() > Some("2026"), "{objected}");
    let again = desk.move_it(*owner, &path, an_objection()).await;
    assert_eq!((again.status, &again.body["code"]), (409, &json!("objection_open")));
    let decision = json!({ "action": "decide_objection", "reason_code": "upheld", "class": "medium" });
    let reviewer = desk.move_it(*programme, &path, decision.clone()).await;
    assert_eq!((reviewer.status, &reviewer.body["code"]), (409, &json!("own_decision")));
    let override_first = desk.move_it(Caller::new(Role::Programme), &path, an_override()).await;
    assert_eq!((override_first.status, &override_first.body["code"]), (409, &json!("objection_open")));
    let another = Caller::new(Role::Programme);
    let decided = app.act(another, &path, decision.clone()).await;
    assert_eq!(classes(&decided), [json!("low"), json!("medium")]);
    assert_eq!(decided["objection"]["decision"]["by"], json!(another.user));
    let twice = desk.move_it(another, &path, decision).await;
    assert_eq!((twice.status, &twice.body["code"]), (409, &json!("no_objection")));
    let third = desk.move_it(*owner, &path, an_objection()).await;
    assert_eq!((third.status, &third.body["code"]), (409, &json!("objection_decided")));
}

#[actix_web::test]
async fn a_dismissed_objection_changes_no_class_and_an_upheld_one_must() {
    let desk = Desk::start().await;
    let Scene { app, owner, .. } = &desk.scene;
    let path = desk.reviewed().await;
    app.act(*owner, &path, an_objection()).await;
    let another = Caller::new(Role::Programme);
    let dismissed = json!({ "action": "decide_objection", "reason_code": "dismissed" });
    for (body, flaw) in [
        (json!({ "action": "decide_objection", "reason_code": "upheld" }), "/class required"),
        (crate::support::merged(dismissed.clone(), json!({ "class": "high" })), "/class unknown"),
        (json!({ "action": "decide_objection" }), "/reason_code required"),
    ] {
        let refused = desk.move_it(another, &path, body).await;
        assert_eq!((refused.status, refused.flaws()), (422, vec![flaw.to_owned()]));
    }
    let decided = app.act(another, &path, dismissed).await;
    assert_eq!(classes(&decided), [json!("low"), json!("low")]);
}

#[actix_web::test]
async fn the_mentor_objects_for_the_owner_and_a_new_override_can_be_objected_to_again() {
    let desk = Desk::start().await;
    let Scene { app, mentor, owner, programme, .. } = &desk.scene;
    let path = desk.reviewed().await;
    app.act(*mentor, &path, an_objection()).await;
    let history = app.get(*programme, &format!("{path}/history")).await.body;
    let event = &history["data"][0];
    let person = owner.subject.unwrap();
    assert_eq!(event["on_behalf_of"], json!(format!("person:{person}")), "{event}");
    let another = Caller::new(Role::Programme);
    app.act(another, &path, json!({ "action": "decide_objection", "reason_code": "dismissed" })).await;
    app.act(another, &path, an_override()).await;
    let again = app.act(*owner, &path, an_objection()).await;
    assert_eq!(again["objection"]["decision"], Value::Null);
}

#[actix_web::test]
async fn after_thirty_days_it_is_too_late_to_object() {
    let desk = Desk::start().await;
    let Scene { app, owner, .. } = &desk.scene;
    let path = desk.reviewed().await;
    app.set_clock(now() + Days::new(31));
    let late = desk.move_it(*owner, &path, an_objection()).await;
    assert_eq!((late.status, &late.body["code"]), (409, &json!("too_late")));
    app.set_clock(now() + Days::new(30));
    app.act(*owner, &path, an_objection()).await;
}

#[actix_web::test]
async fn nobody_else_decides_about_classes_and_a_self_assessment_has_none_to_object_to() {
    let desk = Desk::start().await;
    let Scene { app, owner, mentor, .. } = &desk.scene;
    let path = desk.reviewed().await;
    for caller in [*owner, *mentor, Caller::new(Role::Policy)] {
        assert_eq!(desk.move_it(caller, &path, an_override()).await.status, 403, "{:?}", caller.role);
    }
    let own = desk.draft(*owner, desk.a_self_assessment()).await;
    app.act(*owner, &own, json!({ "action": "submit" })).await;
    app.act(*mentor, &own, json!({ "action": "review" })).await;
    let refused = desk.move_it(*owner, &own, an_objection()).await;
    assert_eq!((refused.status, &refused.body["code"]), (409, &json!("not_for_this_kind")));
}
