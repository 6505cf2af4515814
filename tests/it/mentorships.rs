//! Mentorships through HTTP: proposing, answering, coaching, ending, and who sees the business meanwhile.

mod capacity;
mod code_letters;
mod confirmation;
mod objectives;
mod plans;
mod scene;
mod sessions;
mod transfer;
mod university;

use chrono::Duration;
use serde_json::{Value, json};
use seribu::access::Role;

pub use self::scene::Scene;
use crate::support::{Caller, now};

#[actix_web::test]
async fn a_mentor_accepts_a_proposal_starts_and_sees_the_business_meanwhile() {
    let scene = Scene::start().await;
    let business = format!("/v1/businesses/{}", scene.business);
    assert_eq!(scene.app.get(scene.mentor, &business).await.status, 404);
    let id = scene.proposed().await;
    let path = format!("/v1/mentorships/{id}");
    assert_eq!(scene.app.get(scene.mentor, &business).await.status, 200);
    let proposal = scene.app.get(scene.mentor, &path).await.body;
    assert_eq!(
        (&proposal["status"], &proposal["expires_on"], &proposal["business_name"]),
        (&json!("proposed"), &json!("2026-12-01"), &json!("Dapur Bu Siti"))
    );
    let accepted = scene.app.act(scene.mentor, &path, json!({ "action": "accept" })).await;
    assert_eq!((&accepted["status"], &accepted["accepted_at"]), (&json!("accepted"), &json!(now())));
    let early = scene.move_it(scene.mentor, &id, json!({ "action": "start" })).await;
    assert_eq!((early.status, &early.body["code"]), (409, &json!("cohort_not_running")));
    scene.run_cohort().await;
    let before = json!({ "action": "start", "starts_on": "2026-10-31" });
    assert_eq!(scene.move_it(scene.mentor, &id, before).await.flaws(), ["/starts_on too_early"]);
    let later = json!({ "action": "start", "starts_on": "2026-11-25" });
    assert_eq!(scene.move_it(scene.mentor, &id, later).await.flaws(), ["/starts_on in_the_future"]);
    let active = scene.app.act(scene.mentor, &path, json!({ "action": "start" })).await;
    assert_eq!((&active["status"], &active["starts_on"]), (&json!("active"), &json!("2026-11-24")));
    let moves = scene.app.get(scene.owner, &format!("{path}/transitions")).await.body;
    let kinds: Vec<_> = moves["data"].as_array().unwrap().iter().map(|it| it["type"].clone()).collect();
    assert_eq!(kinds, ["mentorship.active", "mentorship.accepted"]);
    let history = scene.app.get(scene.programme, &format!("/v1/cohorts/{}/history", scene.cohort)).await;
    assert!(history.text.contains("mentorship.created"), "{}", history.text);
}

#[actix_web::test]
async fn only_the_mentor_answers_and_only_the_programme_proposes_and_ends() {
    let scene = Scene::start().await;
    for caller in [scene.mentor, scene.owner, Caller::new(Role::Facilitation), Caller::new(Role::Policy)] {
        let refused = scene.app.post(caller, "/v1/mentorships", scene.a_proposal()).await;
        assert_eq!(refused.status, 403, "{}", refused.text);
    }
    let id = scene.proposed().await;
    let other = scene.another_mentor(5).await;
    for action in ["accept", "start"] {
        let by = async |caller| scene.move_it(caller, &id, json!({ "action": action })).await.status;
        assert_eq!([by(scene.programme).await, by(scene.owner).await], [403, 403], "{action}");
        assert_eq!([by(other).await, by(Caller::new(Role::Business)).await], [404, 404], "{action}");
    }
    for action in ["complete", "terminate"] {
        let wanted = json!({ "action": action, "reason_code": "owner_request" });
        assert_eq!(scene.move_it(scene.mentor, &id, wanted).await.status, 403, "{action}");
    }
    let transitions = scene.app.get(scene.mentor, &format!("/v1/mentorships/{id}/transitions")).await.body;
    let allowed = transitions["available_actions"].as_array().unwrap().iter();
    let allowed: Vec<_> = allowed.filter(|it| it["allowed"] == true).map(|it| it["action"].clone()).collect();
    assert_eq!(allowed, ["accept", "decline"]);
}

#[actix_web::test]
async fn a_proposal_is_for_who_takes_part_in_an_open_cohort_to_an_active_mentor() {
    let scene = Scene::start().await;
    let propose = async |change: Value| {
        let mut proposal = scene.a_proposal();
        for (name, value) in change.as_object().unwrap() {
            proposal[name] = value.clone();
        }
        scene.app.post(scene.programme, "/v1/mentorships", proposal).await
    };
    let nobody = "01930000-0000-7000-8000-000000000000";
    let unknown = propose(json!({ "cohort_id": nobody, "business_id": nobody, "mentor_id": nobody })).await;
    let flaws = ["/cohort_id no_such_record", "/business_id no_such_record", "/mentor_id no_such_record"];
    assert_eq!((unknown.status, unknown.flaws()), (422, flaws.map(str::to_owned).to_vec()));
    let planned = propose(json!({ "cohort_id": scene.a_cohort("angkatan-2").await })).await;
    assert_eq!((planned.status, &planned.body["code"]), (409, &json!("cohort_not_open")));
    let stranger = propose(json!({ "business_id": scene.a_business("Batik Ratna").await.0 })).await;
    assert_eq!((stranger.status, &stranger.body["code"]), (409, &json!("not_a_participant")));
    let (invited, _) = scene.a_business("Kopi Serua").await;
    scene.invited(&invited).await;
    let waiting = propose(json!({ "business_id": invited })).await;
    assert_eq!((waiting.status, &waiting.body["code"]), (409, &json!("participant_not_accepted")));
    let candidate = propose(json!({ "mentor_id": scene.a_candidate().await })).await;
    assert_eq!((candidate.status, &candidate.body["code"]), (409, &json!("mentor_not_active")));
    assert_eq!(candidate.body["blocked_by"][0]["type"], "mentor");
}

#[actix_web::test]
async fn who_declines_or_is_taken_off_loses_sight_of_the_business_at_once() {
    let scene = Scene::start().await;
    let business = format!("/v1/businesses/{}", scene.business);
    let id = scene.proposed().await;
    let reasonless = scene.move_it(scene.mentor, &id, json!({ "action": "decline" })).await;
    assert_eq!(reasonless.flaws(), ["/reason_code required"]);
    let other = json!({ "action": "decline", "reason_code": "other" });
    assert_eq!(scene.move_it(scene.mentor, &id, other).await.flaws(), ["/note required"]);
    let declined = json!({ "action": "decline", "reason_code": "too_far" });
    assert_eq!(scene.move_it(scene.mentor, &id, declined).await.body["status"], "declined");
    assert_eq!(scene.app.get(scene.mentor, &business).await.status, 404);
    // The business is free for another proposal, to the same mentor even.
    let id = scene.active().await;
    assert_eq!(scene.app.get(scene.mentor, &business).await.status, 200);
    let terminated = json!({ "action": "terminate", "reason_code": "no_contact" });
    let ended = scene.move_it(scene.programme, &id, terminated).await.body;
    assert_eq!((&ended["status"], &ended["ends_on"]), (&json!("terminated"), &json!("2026-11-24")));
    assert_eq!(scene.app.get(scene.mentor, &business).await.status, 404);
    let kept = scene.app.get(scene.mentor, &format!("/v1/mentorships/{id}")).await;
    assert_eq!((kept.status, &kept.body["business_name"]), (200, &json!("Dapur Bu Siti")));
    let history = scene.app.get(scene.programme, &format!("{business}/history?limit=200")).await.body;
    let seen =
        |kind: &str| history["data"].as_array().unwrap().iter().filter(|it| it["type"] == kind).count();
    assert_eq!([seen("business.shared"), seen("business.unshared")], [2, 2], "{history}");
}

#[actix_web::test]
async fn a_proposal_that_nobody_answers_expires_after_seven_days() {
    let scene = Scene::start().await;
    let id = scene.proposed().await;
    let path = format!("/v1/mentorships/{id}");
    scene.app.set_clock(now() + Duration::days(7));
    scene.wait_for_jobs().await;
    assert_eq!(scene.app.get(scene.mentor, &path).await.body["status"], "proposed");
    scene.app.set_clock(now() + Duration::days(8));
    let expired = scene.app.eventually(scene.mentor, &path, |it| it.body["status"] == "expired").await;
    assert_eq!(expired.body["version"], 2);
    let business = format!("/v1/businesses/{}", scene.business);
    assert_eq!(scene.app.get(scene.mentor, &business).await.status, 404);
    let late = scene.move_it(scene.mentor, &id, json!({ "action": "accept" })).await;
    assert_eq!((late.status, &late.body["code"]), (409, &json!("wrong_status")));
    let history = scene.app.get(scene.programme, &format!("{path}/history")).await.body;
    let kinds: Vec<_> = history["data"].as_array().unwrap().iter().map(|event| &event["type"]).collect();
    assert_eq!(
        kinds,
        ["business.unshared", "mentorship.expired", "business.shared", "mentorship.created"],
        "{history}"
    );
}

#[actix_web::test]
async fn it_is_completed_once_something_was_done_and_each_objective_is_decided() {
    let scene = Scene::start().await;
    let id = scene.active().await;
    let complete = async || scene.move_it(scene.programme, &id, json!({ "action": "complete" })).await;
    let idle = complete().await;
    assert_eq!((idle.status, &idle.body["code"]), (409, &json!("no_session_held")));
    scene.held(&id).await;
    let objective = scene.objective(&id, json!({})).await;
    let undecided = complete().await;
    assert_eq!((undecided.status, &undecided.body["code"]), (409, &json!("objectives_undecided")));
    assert_eq!(undecided.body["blocked_by"], json!([{ "type": "objective", "id": objective }]));
    let dropped = json!({ "status": "dropped", "note": "Diganti sasaran pemasaran." });
    let path = format!("/v1/mentorships/{id}/objectives/{objective}");
    assert_eq!(scene.app.patch(scene.mentor, &path, dropped).await.status, 200);
    let completed = complete().await.body;
    assert_eq!((&completed["status"], &completed["completed_at"]), (&json!("completed"), &json!(now())));
}

#[actix_web::test]
async fn after_completion_the_mentor_has_seven_days_to_finish_the_reports() {
    let scene = Scene::start().await;
    let id = scene.active().await;
    scene.held(&id).await;
    let late = scene.planned(&id).await;
    assert_eq!(scene.move_it(scene.programme, &id, json!({ "action": "complete" })).await.status, 200);
    let business = format!("/v1/businesses/{}", scene.business);
    scene.app.set_clock(now() + Duration::days(7) - Duration::minutes(1));
    scene.wait_for_jobs().await;
    assert_eq!(scene.app.get(scene.mentor, &business).await.status, 200);
    let after_the_end = scene.a_report("2026-11-25T02:00:00Z");
    let sessions = format!("/v1/mentorships/{id}/sessions");
    let refused =
        scene.app.post(scene.mentor, &format!("{sessions}/{late}/transitions"), after_the_end).await;
    assert_eq!(refused.flaws(), ["/held_at too_late"]);
    let report = scene.a_report("2026-11-24T00:30:00Z");
    scene.app.act(scene.mentor, &format!("{sessions}/{late}"), report.clone()).await;
    scene.app.set_clock(now() + Duration::days(7) + Duration::minutes(1));
    scene.app.eventually(scene.mentor, &business, |it| it.status == 404).await;
    let again = scene.app.post(scene.mentor, &format!("{sessions}/{late}/transitions"), report).await;
    assert_eq!((again.status, &again.body["code"]), (409, &json!("mentorship_not_active")));
    // What was his own work stays his to see, and the owner confirms when he gets to it.
    assert_eq!(scene.app.get(scene.mentor, &format!("{sessions}/{late}")).await.status, 200);
    scene.app.act(scene.owner, &format!("{sessions}/{late}"), json!({ "action": "confirm" })).await;
}

#[actix_web::test]
async fn the_letter_and_the_note_can_be_changed_and_the_parties_cannot() {
    let scene = Scene::start().await;
    let path = format!("/v1/mentorships/{}", scene.proposed().await);
    let letter = json!({ "letter": { "number": "800/12-Diskop/2026", "date": "2026-11-24" } });
    let changed = scene.app.patch(scene.programme, &path, letter.clone()).await;
    assert_eq!((changed.status, &changed.body["letter"]), (200, &letter["letter"]), "{}", changed.text);
    assert_eq!(scene.app.patch(scene.mentor, &path, letter).await.status, 403);
    let other = json!({ "mentor_id": scene.mentor.subject, "business_id": scene.cohort });
    assert_eq!(scene.app.patch(scene.programme, &path, other).await.flaws(), ["/business_id fixed"]);
}

#[actix_web::test]
async fn the_list_is_narrowed_by_each_of_its_parties_and_the_status() {
    let scene = Scene::start().await;
    let id = scene.proposed().await;
    let nobody = "01930000-0000-7000-8000-000000000000";
    let mentor = scene.mentor.subject.unwrap().to_string();
    let institution = scene.university.subject.unwrap().to_string();
    let filters = [
        ("cohort_id", &*scene.cohort, nobody),
        ("business_id", &*scene.business, nobody),
        ("mentor_id", &*mentor, nobody),
        ("institution_id", &*institution, nobody),
        ("status", "proposed", "active"),
    ];
    for (name, right, wrong) in filters {
        let found = async |value: &str| {
            let list = scene.app.get(scene.programme, &format!("/v1/mentorships?{name}={value}")).await;
            list.body["data"].as_array().unwrap().iter().map(|it| it["id"].clone()).collect::<Vec<_>>()
        };
        assert_eq!((found(right).await, found(wrong).await), (vec![json!(id)], vec![]), "{name}");
    }
    let of_another = Caller::new(Role::Mentor);
    assert_eq!(scene.app.get(of_another, "/v1/mentorships").await.body["data"], json!([]));
    assert_eq!(scene.app.get(of_another, &format!("/v1/mentorships/{id}")).await.status, 404);
}
