//! A mentorship passes to another mentor and keeps its id; mentors go on leave and leave for good.

use chrono::Days;
use futures_util::future::join_all;
use serde_json::{Value, json};
use seribu::access::Role;

use super::Scene;
use crate::support::{Caller, Reply, now};

fn to(mentor: Caller) -> Value {
    json!({ "action": "transfer", "reason_code": "better_match", "mentor_id": mentor.subject })
}

fn accept() -> Value {
    json!({ "action": "accept_transfer" })
}

/// A mentorship with some work done, that has passed to another mentor.
async fn transferred(scene: &Scene) -> (String, Caller) {
    let id = scene.active().await;
    scene.held(&id).await;
    scene.planned(&id).await;
    scene.objective(&id, json!({})).await;
    let other = scene.another_mentor(5).await;
    let path = format!("/v1/mentorships/{id}");
    scene.app.act(scene.programme, &path, to(other)).await;
    scene.app.act(other, &path, accept()).await;
    (id, other)
}

async fn counts(scene: &Scene, mentor: Caller) -> Value {
    let load = format!("/v1/mentors/{}/load", mentor.subject.unwrap());
    scene.app.get(scene.programme, &load).await.body["active"].clone()
}

#[actix_web::test]
async fn the_old_mentor_counts_until_the_new_one_accepts_and_the_id_stays() {
    let scene = Scene::start().await;
    let id = scene.active().await;
    let (path, other) = (format!("/v1/mentorships/{id}"), scene.another_mentor(5).await);
    assert_eq!(scene.app.get(other, &path).await.status, 404);
    let asked = scene.app.act(scene.programme, &path, to(other)).await;
    assert_eq!((&asked["status"], &asked["mentor_id"]), (&json!("active"), &json!(scene.mentor.subject)));
    assert_eq!(asked["transfer"]["mentor_id"], json!(other.subject));
    assert_eq!([counts(&scene, scene.mentor).await, counts(&scene, other).await], [json!(1), json!(0)]);
    let business = format!("/v1/businesses/{}", scene.business);
    assert_eq!(scene.app.get(other, &business).await.status, 200, "who is asked may look at it");
    let passed = scene.app.act(other, &path, accept()).await;
    assert_eq!((&passed["id"], &passed["mentor_id"]), (&json!(id), &json!(other.subject)));
    assert_eq!((&passed["transfer"], &passed["status"]), (&Value::Null, &json!("active")));
    assert_eq!(passed["assignments"][0]["mentor_id"], json!(scene.mentor.subject));
    assert_eq!([counts(&scene, scene.mentor).await, counts(&scene, other).await], [json!(0), json!(1)]);
    let history = scene.app.get(scene.programme, &format!("{path}/transitions")).await.body;
    let kinds: Vec<_> =
        history["data"].as_array().unwrap().iter().take(2).map(|it| it["type"].clone()).collect();
    assert_eq!(kinds, [json!("mentorship.transferred"), json!("mentorship.transfer_proposed")]);
}

#[actix_web::test]
async fn what_was_done_stays_the_old_mentors_and_what_is_to_be_done_is_the_new_ones() {
    let scene = Scene::start().await;
    let (id, other) = transferred(&scene).await;
    let path = format!("/v1/mentorships/{id}");
    let sessions = scene.app.get(other, &format!("{path}/sessions?sort=created_at")).await.body;
    let whose: Vec<_> =
        sessions["data"].as_array().unwrap().iter().map(|it| it["mentor_id"].clone()).collect();
    assert_eq!(
        whose,
        [json!(scene.mentor.subject), json!(other.subject)],
        "held by the old, planned for the new"
    );
    let own = scene.app.get(scene.mentor, &format!("{path}/sessions")).await.body;
    assert_eq!(own["data"].as_array().unwrap().len(), 1, "the old one reads his own session: {own}");
    let objectives = scene.app.get(other, &format!("{path}/objectives")).await.body;
    assert_eq!(objectives["data"][0]["mentor_id"], json!(other.subject));
    let actions = scene.app.get(other, &format!("{path}/agreed-actions")).await.body;
    assert_eq!(actions["data"].as_array().unwrap().len(), 1);
    for (what, body) in [("sessions", scene.a_session()), ("objectives", scene.an_objective(json!({})))] {
        let refused = scene.app.post(scene.mentor, &format!("{path}/{what}"), body.clone()).await;
        assert_eq!(refused.status, 404, "the old one begins no {what}: {}", refused.text);
        assert_eq!(scene.app.post(other, &format!("{path}/{what}"), body).await.status, 201, "{what}");
    }
}

#[actix_web::test]
async fn the_old_mentor_has_seven_days_to_finish_his_reports_and_reports_no_others() {
    let scene = Scene::start().await;
    let (id, other) = transferred(&scene).await;
    let sessions = format!("/v1/mentorships/{id}/sessions");
    let held = scene.app.get(scene.mentor, &sessions).await.body["data"][0]["id"].clone();
    let session = format!("{sessions}/{}", held.as_str().unwrap());
    let report = || scene.a_report("2026-11-24T01:00:00Z");
    scene.app.act(scene.mentor, &session, report()).await;
    let foreign = scene.app.post(other, &format!("{session}/transitions"), report()).await;
    assert_eq!((foreign.status, &foreign.body["code"]), (409, &json!("other_mentor")));
    let business = format!("/v1/businesses/{}", scene.business);
    assert_eq!(scene.app.get(scene.mentor, &business).await.status, 200);
    scene.app.set_clock(now() + Days::new(8));
    scene.wait_for_jobs().await;
    assert_eq!(scene.app.get(scene.mentor, &business).await.status, 404);
    assert_eq!(scene.app.get(other, &business).await.status, 200);
    let late = scene.app.post(scene.mentor, &format!("{session}/transitions"), report()).await;
    assert_eq!((late.status, &late.body["code"]), (409, &json!("mentorship_not_active")));
    assert_eq!(scene.app.get(scene.mentor, &session).await.status, 200, "his own work stays his to read");
}

#[actix_web::test]
async fn a_transfer_that_cannot_be_is_refused() {
    let scene = Scene::start().await;
    let id = scene.active().await;
    let full = scene.another_mentor(0).await;
    let away = scene.another_mentor(2).await;
    let leave = json!({ "action": "leave", "reason_code": "illness" });
    scene.app.act(scene.programme, &format!("/v1/mentors/{}", away.subject.unwrap()), leave).await;
    let ask = async |body: Value| scene.move_it(scene.programme, &id, body).await;
    let nobody = json!({ "action": "transfer", "reason_code": "better_match", "mentor_id": "01930000-0000-7000-8000-000000000000" });
    assert_eq!(ask(nobody).await.flaws(), ["/mentor_id no_such_record"]);
    assert_eq!(ask(to(scene.mentor)).await.flaws(), ["/mentor_id conflict"]);
    assert_eq!(
        ask(json!({ "action": "transfer" })).await.flaws(),
        ["/reason_code required", "/mentor_id required"]
    );
    for (mentor, code) in [(full, "capacity_full"), (away, "mentor_not_active")] {
        let refused = ask(to(mentor)).await;
        assert_eq!((refused.status, &refused.body["code"]), (409, &json!(code)));
    }
    let other = scene.another_mentor(2).await;
    assert_eq!(ask(to(other)).await.status, 200);
    for body in [to(other), json!({ "action": "complete" })] {
        let refused = ask(body).await;
        assert_eq!((refused.status, &refused.body["code"]), (409, &json!("transfer_open")));
    }
    let not_asked = scene.move_it(scene.mentor, &id, accept()).await;
    assert_eq!((not_asked.status, &not_asked.body["code"]), (409, &json!("other_mentor")));
}

#[actix_web::test]
async fn a_declined_or_unanswered_transfer_changes_nothing() {
    let scene = Scene::start().await;
    let id = scene.active().await;
    let path = format!("/v1/mentorships/{id}");
    let other = scene.another_mentor(2).await;
    scene.app.act(scene.programme, &path, to(other)).await;
    let declined =
        scene.app.act(other, &path, json!({ "action": "decline_transfer", "reason_code": "too_far" })).await;
    assert_eq!((&declined["transfer"], &declined["mentor_id"]), (&Value::Null, &json!(scene.mentor.subject)));
    assert_eq!(scene.app.get(other, &path).await.status, 404);
    scene.app.act(scene.programme, &path, to(other)).await;
    scene.app.set_clock(now() + Days::new(8));
    let over = |reply: &Reply| reply.body["transfer"].is_null();
    scene.app.eventually(scene.programme, &path, over).await;
    assert_eq!(scene.app.get(other, &format!("/v1/businesses/{}", scene.business)).await.status, 404);
}

#[actix_web::test]
async fn of_many_transfers_accepted_at_once_as_many_pass_as_the_mentor_has_room() {
    let scene = Scene::start().await;
    let other = scene.another_mentor(5).await;
    let mut paths = Vec::new();
    for at in 0..8 {
        let (business, _) = scene.a_business(&format!("Usaha {at}")).await;
        scene.accepted(&business).await;
        let mentor = scene.another_mentor(1).await;
        let mut proposal = scene.a_proposal();
        proposal["business_id"] = json!(business);
        proposal["mentor_id"] = json!(mentor.subject);
        let path = format!(
            "/v1/mentorships/{}",
            scene.app.create(scene.programme, "/v1/mentorships", proposal).await
        );
        scene.app.act(mentor, &path, json!({ "action": "accept" })).await;
        scene.app.act(scene.programme, &path, to(other)).await;
        paths.push(format!("{path}/transitions"));
    }
    let accept_it = async |at: usize| loop {
        let path = &paths[at % paths.len()];
        let reply = scene.app.ask(other, actix_web::http::Method::POST, path, accept()).await;
        if reply.status != 503 {
            break reply;
        }
    };
    let replies = join_all((0..32).map(accept_it)).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 5);
    let load = format!("/v1/mentors/{}/load", other.subject.unwrap());
    assert_eq!(scene.app.get(scene.programme, &load).await.body["accepted"], 5);
}

#[actix_web::test]
async fn each_business_of_a_mentor_on_leave_is_handed_over_once_and_he_gets_no_proposals() {
    let scene = Scene::start().await;
    scene.active().await;
    let mentor = format!("/v1/mentors/{}", scene.mentor.subject.unwrap());
    let leave = json!({ "action": "leave", "reason_code": "illness" });
    scene.app.act(scene.programme, &mentor, leave).await;
    let list = format!("/v1/hand-overs?business_id={}&division=programme", scene.business);
    let opened = |reply: &Reply| reply.body["data"][0]["id"].is_string();
    let found = scene.app.eventually(scene.programme, &list, opened).await.body;
    let hand_over = &found["data"][0];
    assert_eq!(hand_over["causes"][0]["rule"], "mentor_unavailable", "{hand_over}");
    let (business, _) = scene.a_business("Rajut Bu Ani").await;
    scene.accepted(&business).await;
    let mut proposal = scene.a_proposal();
    proposal["business_id"] = json!(business);
    let refused = scene.app.post(scene.programme, "/v1/mentorships", proposal).await;
    assert_eq!((refused.status, &refused.body["code"]), (409, &json!("mentor_not_active")));
    let back = scene.app.act(scene.programme, &mentor, json!({ "action": "return" })).await;
    assert_eq!(back["status"], "active");
}

#[actix_web::test]
async fn who_leaves_while_he_coaches_has_left_once_others_have_taken_over() {
    let scene = Scene::start().await;
    let id = scene.active().await;
    let mentor = format!("/v1/mentors/{}", scene.mentor.subject.unwrap());
    let end = json!({ "action": "end", "reason_code": "resigned" });
    assert_eq!(scene.app.act(scene.programme, &mentor, end).await["status"], "ending");
    let other = scene.another_mentor(2).await;
    scene.app.act(scene.programme, &format!("/v1/mentorships/{id}"), to(other)).await;
    scene.app.act(other, &format!("/v1/mentorships/{id}"), accept()).await;
    let gone = |reply: &Reply| reply.body["status"] == "ended";
    scene.app.eventually(scene.programme, &mentor, gone).await;
    let owner = scene.app.get(scene.owner, &mentor).await;
    assert_eq!(owner.status, 200, "the owner still knows who coached her: {}", owner.text);
    assert_eq!(scene.app.get(Caller::new(Role::Business), &mentor).await.status, 404);
}
