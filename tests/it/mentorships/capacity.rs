//! One open mentorship for a business, and never more for a mentor than there is room: also at once.

use actix_web::http::Method;
use chrono::Duration;
use futures_util::future::join_all;
use serde_json::{Value, json};
use seribu::access::Role;

use super::Scene;
use crate::support::{Caller, Reply, now};

#[actix_web::test]
async fn of_many_proposals_at_once_as_many_are_made_as_the_mentor_has_room() {
    let scene = Scene::start().await;
    let mentor = scene.another_mentor(3).await;
    let mut proposals = Vec::new();
    for at in 0..32 {
        let (business, _) = scene.a_business(&format!("Usaha {at}")).await;
        scene.accepted(&business).await;
        let mut proposal = scene.a_proposal();
        proposal["business_id"] = json!(business);
        proposal["mentor_id"] = json!(mentor.subject);
        proposals.push(proposal);
    }
    let propose = async |body: Value| ask_until_answered(&scene, "/v1/mentorships", body).await;
    let replies = join_all(proposals.into_iter().map(propose)).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 3);
    for refused in replies.iter().filter(|reply| reply.status != 201) {
        assert_eq!((refused.status, &refused.body["code"]), (409, &json!("capacity_full")));
    }
    let load = format!("/v1/mentors/{}/load", mentor.subject.unwrap());
    let load = scene.app.get(scene.programme, &load).await;
    assert_eq!(load.body["proposed"], 3, "{}", load.text);
}

#[actix_web::test]
async fn of_many_proposals_at_once_for_one_business_one_is_made_and_the_others_name_it() {
    let scene = Scene::start().await;
    let propose = async |_| ask_until_answered(&scene, "/v1/mentorships", scene.a_proposal()).await;
    let replies = join_all((0..32).map(propose)).await;
    let made: Vec<_> = replies.iter().filter(|reply| reply.status == 201).collect();
    assert_eq!(made.len(), 1);
    for refused in replies.iter().filter(|reply| reply.status != 201) {
        let of = format!("/v1/mentorships/{}", made[0].id());
        assert_eq!((refused.status, &refused.body["duplicate_of"]), (409, &json!(of)), "{}", refused.text);
    }
}

#[actix_web::test]
async fn of_many_answers_at_once_one_counts() {
    let scene = Scene::start().await;
    let path = format!("/v1/mentorships/{}/transitions", scene.proposed().await);
    let answer = async |at: usize| {
        let body = match at % 2 {
            0 => json!({ "action": "accept" }),
            _ => json!({ "action": "decline", "reason_code": "too_far" }),
        };
        loop {
            let reply = scene.app.ask(scene.mentor, Method::POST, &path, body.clone()).await;
            if reply.status != 503 {
                return reply.status;
            }
        }
    };
    let mut statuses = join_all((0..32).map(answer)).await;
    statuses.sort_unstable();
    let mut expected = vec![409; 32];
    expected[0] = 200;
    assert_eq!(statuses, expected);
}

#[actix_web::test]
async fn what_has_ended_or_expired_leaves_room_for_another() {
    let scene = Scene::start().await;
    let mentor = scene.another_mentor(1).await;
    let (business, _) = scene.a_business("Batik Ratna").await;
    scene.accepted(&business).await;
    let mut proposal = scene.a_proposal();
    proposal["mentor_id"] = json!(mentor.subject);
    let first = scene.app.create(scene.programme, "/v1/mentorships", proposal.clone()).await;
    proposal["business_id"] = json!(business);
    let full = scene.app.post(scene.programme, "/v1/mentorships", proposal.clone()).await;
    assert_eq!((full.status, &full.body["code"]), (409, &json!("capacity_full")), "{}", full.text);
    let declined = json!({ "action": "decline", "reason_code": "capacity_full" });
    assert_eq!(scene.move_it(mentor, &first, declined).await.status, 200);
    let second = scene.app.create(scene.programme, "/v1/mentorships", proposal).await;
    // A proposal does not wait for the job that expires the one before it.
    scene.app.set_clock(now() + Duration::days(8));
    let mut third = scene.a_proposal();
    third["mentor_id"] = json!(mentor.subject);
    scene.app.create(scene.programme, "/v1/mentorships", third).await;
    let expired = scene.app.get(scene.programme, &format!("/v1/mentorships/{second}")).await;
    assert_eq!(expired.body["status"], "expired");
}

/// Again while the service asks for patience.
async fn ask_until_answered(scene: &Scene, path: &str, body: Value) -> Reply {
    loop {
        let reply = scene.app.post(scene.programme, path, body.clone()).await;
        if reply.status != 503 {
            return reply;
        }
    }
}

#[actix_web::test]
async fn a_mentors_load_counts_what_is_open_and_whoever_coaches_is_not_let_go() {
    let scene = Scene::start().await;
    let mentor = format!("/v1/mentors/{}", scene.mentor.subject.unwrap());
    let load = format!("{mentor}/load");
    let id = scene.proposed().await;
    let proposed = scene.app.get(scene.mentor, &load).await.body;
    assert_eq!(
        (&proposed["proposed"], &proposed["active"], &proposed["free"]),
        (&json!(1), &json!(0), &json!(4))
    );
    scene.app.act(scene.mentor, &format!("/v1/mentorships/{id}"), json!({ "action": "accept" })).await;
    scene.run_cohort().await;
    scene.app.act(scene.mentor, &format!("/v1/mentorships/{id}"), json!({ "action": "start" })).await;
    for (caller, status) in [
        (scene.programme, 200),
        (scene.university, 200),
        (Caller::new(Role::Policy), 200),
        (Caller::new(Role::Mentor), 404),
        (scene.owner, 403),
    ] {
        let reply = scene.app.get(caller, &load).await;
        assert_eq!(reply.status, status, "{}: {}", caller.role, reply.text);
        let counts = (&reply.body["proposed"], &reply.body["active"], &reply.body["free"]);
        assert!(status != 200 || counts == (&json!(0), &json!(1), &json!(4)), "{}", reply.text);
    }
    let end = json!({ "action": "end", "reason_code": "resigned" });
    assert_eq!(scene.app.act(scene.programme, &mentor, end).await["status"], "ending");
}

#[actix_web::test]
async fn a_business_with_open_work_is_not_closed_and_the_answer_lists_it() {
    let scene = Scene::start().await;
    let id = scene.active().await;
    let close = json!({ "action": "deactivate", "reason_code": "resting" });
    let path = format!("/v1/businesses/{}/transitions", scene.business);
    let refused = scene.app.post(scene.programme, &path, close).await;
    assert_eq!((refused.status, &refused.body["code"]), (409, &json!("open_work")), "{}", refused.text);
    let kinds: Vec<_> = refused.body["blocked_by"].as_array().unwrap().iter().map(|it| &it["type"]).collect();
    assert_eq!(kinds, ["mentorship", "participant"], "{}", refused.text);
    assert_eq!(refused.body["blocked_by"][0]["id"], json!(id));
}
