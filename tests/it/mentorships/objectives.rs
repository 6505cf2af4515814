//! Objectives through HTTP.

use futures_util::future::join_all;
use serde_json::{Value, json};
use seribu::access::Role;

use super::Scene;
use crate::support::Caller;

#[actix_web::test]
async fn a_mentor_sets_an_objective_and_the_owner_and_the_planners_see_it() {
    let scene = Scene::start().await;
    let id = scene.active().await;
    let objective = scene.objective(&id, json!({ "baseline": "Belum ada pencatatan" })).await;
    let path = format!("/v1/mentorships/{id}/objectives/{objective}");
    for caller in [scene.owner, scene.programme, Caller::new(Role::Policy)] {
        let found = scene.app.get(caller, &path).await;
        assert_eq!((found.status, &found.body["status"]), (200, &json!("open")), "{}", found.text);
    }
    let list = scene.app.get(scene.owner, &format!("/v1/mentorships/{id}/objectives?status=open")).await;
    assert_eq!(list.body["data"][0]["id"], json!(objective));
    let history = scene.app.get(scene.mentor, &format!("/v1/mentorships/{id}/history")).await;
    assert_eq!(history.body["data"][0]["type"], "objective.created", "{}", history.text);
}

#[actix_web::test]
async fn an_institution_does_not_see_objectives_and_who_does_not_see_the_mentorship_neither() {
    let scene = Scene::start().await;
    let id = scene.active().await;
    let objective = scene.objective(&id, json!({})).await;
    let list = format!("/v1/mentorships/{id}/objectives");
    let one = format!("{list}/{objective}");
    for path in [&list, &one] {
        assert_eq!(scene.app.get(scene.university, path).await.status, 403);
        for caller in
            [Caller::new(Role::Mentor), Caller::new(Role::Business), Caller::new(Role::Facilitation)]
        {
            assert_eq!(scene.app.get(caller, path).await.status, 404, "{caller:?}");
        }
    }
    let set = scene.app.post(scene.owner, &list, scene.an_objective(json!({}))).await;
    assert_eq!(set.status, 403);
    let set = scene.app.post(Caller::new(Role::Mentor), &list, scene.an_objective(json!({}))).await;
    assert_eq!(set.status, 404);
}

#[actix_web::test]
async fn achieved_needs_evidence_and_dropped_a_note() {
    let scene = Scene::start().await;
    let id = scene.active().await;
    let path = format!("/v1/mentorships/{id}/objectives/{}", scene.objective(&id, json!({})).await);
    let patch = async |body: Value| scene.app.patch(scene.mentor, &path, body).await;
    assert_eq!(patch(json!({ "status": "achieved" })).await.flaws(), ["/evidence required"]);
    assert_eq!(patch(json!({ "status": "dropped" })).await.flaws(), ["/note required"]);
    let evidence = |on: &str| {
        let evidence = json!({ "kind": "photo", "reference": "Map 2026-11, lembar 12", "dated_on": on });
        json!({ "status": "achieved", "evidence": evidence })
    };
    assert_eq!(patch(evidence("2026-11-25")).await.flaws(), ["/evidence/dated_on in_the_future"]);
    let achieved = patch(evidence("2026-11-24")).await;
    assert_eq!((achieved.status, &achieved.body["status"]), (200, &json!("achieved")), "{}", achieved.text);
}

#[actix_web::test]
async fn three_are_in_focus_at_most_also_when_many_are_set_at_once() {
    let scene = Scene::start().await;
    let id = scene.active().await;
    let list = format!("/v1/mentorships/{id}/objectives");
    let set =
        async |_| scene.app.post(scene.mentor, &list, scene.an_objective(json!({ "focus": true }))).await;
    let replies = join_all((0..12).map(set)).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 3);
    let refused = replies.iter().find(|reply| reply.status != 201).unwrap();
    assert_eq!((refused.status, &refused.body["code"]), (409, &json!("focus_full")));
    assert_eq!(refused.body["blocked_by"].as_array().unwrap().len(), 3);
    let fourth = scene.objective(&id, json!({})).await;
    let path = format!("{list}/{fourth}");
    assert_eq!(scene.app.patch(scene.mentor, &path, json!({ "focus": true })).await.status, 409);
    let focused = replies.iter().find(|reply| reply.status == 201).unwrap().id();
    let dropped = json!({ "status": "dropped", "note": "Sudah tidak perlu." });
    assert_eq!(scene.app.patch(scene.mentor, &format!("{list}/{focused}"), dropped).await.status, 200);
    assert_eq!(scene.app.patch(scene.mentor, &path, json!({ "focus": true })).await.status, 200);
}

#[actix_web::test]
async fn they_are_set_while_the_mentorship_is_accepted_or_active() {
    let scene = Scene::start().await;
    let id = scene.proposed().await;
    let list = format!("/v1/mentorships/{id}/objectives");
    let early = scene.app.post(scene.mentor, &list, scene.an_objective(json!({}))).await;
    assert_eq!((early.status, &early.body["code"]), (409, &json!("mentorship_not_running")));
    scene.move_it(scene.mentor, &id, json!({ "action": "accept" })).await;
    let objective = scene.objective(&id, json!({})).await;
    let terminated = json!({ "action": "terminate", "reason_code": "owner_request" });
    scene.move_it(scene.programme, &id, terminated).await;
    let late = scene.app.patch(scene.mentor, &format!("{list}/{objective}"), json!({ "focus": true })).await;
    assert_eq!((late.status, &late.body["code"]), (409, &json!("mentorship_not_running")));
}
