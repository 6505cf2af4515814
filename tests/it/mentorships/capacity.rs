//! One open mentorship for a business, and never more for a mentor than there is room: also at once.

use actix_web::http::Method;
use chrono::Duration;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::Scene;
use crate::support::{Reply, now};

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
