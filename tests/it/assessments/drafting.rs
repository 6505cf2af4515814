//! What may be assessed, by whom, with which instrument, and when.

use futures_util::future::join_all;
use serde_json::{Value, json};
use seribu::access::Role;

use super::Desk;
use crate::{
    instruments::{a_document, given_an_instrument},
    mentorships::Scene,
    support::Caller,
};

fn with(mut body: Value, field: &str, value: impl Into<Value>) -> Value {
    body[field] = value.into();
    body
}

#[actix_web::test]
async fn each_drafts_assessments_of_his_own_kind() {
    let desk = Desk::start().await;
    let Scene { owner, mentor, .. } = &desk.scene;
    for kind in ["mentor", "follow_up"] {
        assert_eq!(desk.refused(*owner, desk.a_mentors(kind)).await.status, 403, "{kind}");
    }
    assert_eq!(desk.refused(*mentor, desk.a_self_assessment()).await.status, 403);
}

#[actix_web::test]
async fn a_business_that_is_not_shared_is_not_known() {
    let desk = Desk::start().await;
    let (other, _) = desk.scene.a_business("Rajut Bu Ani").await;
    let refused = desk.refused(desk.scene.owner, with(desk.a_self_assessment(), "business_id", other)).await;
    assert_eq!((refused.status, refused.flaws()), (422, vec!["/business_id no_such_record".to_owned()]));
}

#[actix_web::test]
async fn a_mentor_assesses_in_a_mentorship_of_his_own_that_runs() {
    let desk = Desk::start().await;
    let scene = &desk.scene;
    let flaws = async |caller: Caller, body: Value| {
        let refused = desk.refused(caller, body).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        refused.flaws()
    };
    let without = with(desk.a_mentors("mentor"), "mentorship_id", Value::Null);
    assert_eq!(flaws(scene.mentor, without).await, ["/mentorship_id required"]);
    let nobodys = with(desk.a_mentors("mentor"), "mentorship_id", "01948f5e-7a00-7000-8000-000000000001");
    assert_eq!(flaws(scene.mentor, nobodys).await, ["/mentorship_id no_such_record"]);
    let stranger = scene.another_mentor(5).await;
    let not_his = ["/mentorship_id no_such_record", "/business_id no_such_record"];
    assert_eq!(flaws(stranger, desk.a_mentors("mentor")).await, not_his);
    let (other, owner) = scene.a_business("Rajut Bu Ani").await;
    let of_another =
        with(with(desk.a_self_assessment(), "business_id", other), "mentorship_id", desk.mentorship.as_str());
    assert_eq!(flaws(owner, of_another).await, ["/mentorship_id no_such_record"]);
}

#[actix_web::test]
async fn a_mentorship_that_is_only_proposed_is_too_early() {
    let scene = Scene::start().await;
    let instrument = given_an_instrument(&scene.app, a_document(2)).await;
    let desk = Desk { mentorship: scene.proposed().await, instrument, scene };
    let refused = desk.refused(desk.scene.mentor, desk.a_mentors("mentor")).await;
    assert_eq!((refused.status, refused.flaws()), (422, vec!["/mentorship_id conflict".to_owned()]));
    let path = format!("/v1/mentorships/{}", desk.mentorship);
    desk.scene.app.act(desk.scene.mentor, &path, json!({ "action": "accept" })).await;
    desk.draft(desk.scene.mentor, desk.a_mentors("mentor")).await;
}

#[actix_web::test]
async fn a_follow_up_follows_a_reviewed_assessment() {
    let desk = Desk::start().await;
    let Scene { app, mentor, programme, .. } = &desk.scene;
    let early = desk.refused(*mentor, desk.a_mentors("follow_up")).await;
    assert_eq!((early.status, &early.body["code"]), (409, &json!("nothing_to_follow_up")), "{}", early.text);
    let path = desk.draft(*mentor, desk.a_mentors("mentor")).await;
    app.act(*mentor, &path, json!({ "action": "submit" })).await;
    assert_eq!(desk.refused(*mentor, desk.a_mentors("follow_up")).await.status, 409, "not yet reviewed");
    app.act(*programme, &path, json!({ "action": "review" })).await;
    let path = desk.draft(*mentor, desk.a_mentors("follow_up")).await;
    app.act(*mentor, &path, json!({ "action": "submit" })).await;
    let reviewed = app.act(*programme, &path, json!({ "action": "review" })).await;
    assert_eq!((&reviewed["kind"], &reviewed["status"]), (&json!("follow_up"), &json!("reviewed")));
}

#[actix_web::test]
async fn of_a_kind_one_is_open_at_a_time() {
    let desk = Desk::start().await;
    let Scene { app, mentor, owner, .. } = &desk.scene;
    let path = desk.draft(*owner, desk.a_self_assessment()).await;
    desk.draft(*mentor, desk.a_mentors("mentor")).await;
    for status in ["draft", "submitted", "returned"] {
        match status {
            "submitted" => drop(app.act(*owner, &path, json!({ "action": "submit" })).await),
            "returned" => {
                let reason = json!({ "action": "return", "reason_code": "notes_missing" });
                app.act(*mentor, &path, reason).await;
            }
            _ => (),
        }
        let second = desk.refused(*owner, desk.a_self_assessment()).await;
        assert_eq!(
            (second.status, &second.body["duplicate_of"]),
            (409, &json!(path)),
            "{status}: {}",
            second.text
        );
    }
    app.act(*owner, &path, json!({ "action": "submit" })).await;
    app.act(*mentor, &path, json!({ "action": "review" })).await;
    desk.draft(*owner, desk.a_self_assessment()).await;
}

#[actix_web::test]
async fn two_drafts_at_once_leave_one() {
    let desk = Desk::start().await;
    let replies = join_all((0..6).map(|_| desk.refused(desk.scene.owner, desk.a_self_assessment()))).await;
    let mut statuses: Vec<_> = replies.iter().map(|reply| reply.status).collect();
    statuses.sort();
    assert_eq!(statuses, [201, 409, 409, 409, 409, 409]);
}

#[actix_web::test]
async fn an_assessment_begins_with_an_instrument_that_is_published_and_ends_with_it() {
    let desk = Desk::start().await;
    let Scene { app, programme, owner, mentor, .. } = &desk.scene;
    let drafted = app.create(*programme, "/v1/instruments", json!({ "document": a_document(3) })).await;
    let with_a_draft = with(desk.a_self_assessment(), "instrument_id", drafted);
    let refused = desk.refused(*owner, with_a_draft).await;
    assert_eq!((refused.status, refused.flaws()), (422, vec!["/instrument_id no_such_record".to_owned()]));
    let path = desk.draft(*owner, desk.a_self_assessment()).await;
    let instrument = format!("/v1/instruments/{}", desk.instrument);
    app.act(*programme, &instrument, json!({ "action": "retire", "reason_code": "replaced" })).await;
    let refused = desk.refused(*mentor, desk.a_mentors("mentor")).await;
    assert_eq!((refused.status, refused.flaws()), (422, vec!["/instrument_id not_allowed".to_owned()]));
    let patch = json!({ "answers": { "BKP1": { "score": 2 } } });
    assert_eq!(app.patch(*owner, &path, patch).await.status, 200, "it goes on");
    app.act(*owner, &path, json!({ "action": "submit" })).await;
}

#[actix_web::test]
async fn the_instrument_is_that_of_the_cohort_where_it_has_chosen_one() {
    let desk = Desk::start().await;
    let Scene { app, programme, owner, mentor, cohort, .. } = &desk.scene;
    let chosen = given_an_instrument(app, a_document(3)).await;
    let changed =
        app.patch(*programme, &format!("/v1/cohorts/{cohort}"), json!({ "instrument_id": chosen })).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    for (caller, body) in [(owner, desk.a_self_assessment()), (mentor, desk.a_mentors("mentor"))] {
        let refused = desk.refused(*caller, body.clone()).await;
        assert_eq!((refused.status, refused.flaws()), (422, vec!["/instrument_id not_allowed".to_owned()]));
        desk.draft(*caller, with(body, "instrument_id", chosen.as_str())).await;
    }
}

#[actix_web::test]
async fn all_that_is_wrong_with_a_draft_comes_in_one_answer() {
    let desk = Desk::start().await;
    let nobody = "01948f5e-7a00-7000-8000-000000000001";
    let body = json!({ "business_id": nobody, "instrument_id": nobody, "kind": "mentor" });
    let refused = desk.refused(desk.scene.mentor, body).await;
    let expected =
        ["/mentorship_id required", "/instrument_id no_such_record", "/business_id no_such_record"];
    assert_eq!((refused.status, refused.flaws()), (422, expected.map(str::to_owned).to_vec()));
    let nothing = desk.refused(Caller::new(Role::Mentor), json!({ "kind": "test" })).await;
    let mut flaws = nothing.flaws();
    flaws.sort();
    assert_eq!(flaws, ["/business_id required", "/instrument_id required", "/kind not_allowed"]);
}
