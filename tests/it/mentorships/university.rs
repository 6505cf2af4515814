//! What a university sees of its lecturers' mentorships, and what only with the owner's consent.

use serde_json::{Value, json};
use seribu::access::Role;

use super::Scene;
use crate::support::Caller;

#[actix_web::test]
async fn it_sees_who_coaches_when_and_how_far_it_is_but_not_whom() {
    let scene = Scene::start().await;
    let id = scene.active().await;
    let path = format!("/v1/mentorships/{id}");
    let seen = scene.app.get(scene.university, &path).await.body;
    assert_eq!((&seen["cohort_id"], &seen["status"]), (&json!(scene.cohort), &json!("active")), "{seen}");
    assert_eq!(
        (&seen["mentor_id"], &seen["starts_on"]),
        (&json!(scene.mentor.subject), &json!("2026-11-24"))
    );
    for hidden in ["business_id", "business_name", "note"] {
        assert_eq!(seen[hidden], Value::Null, "{hidden}");
    }
    for path in [format!("{path}/history"), format!("{path}/transitions")] {
        let history = scene.app.get(scene.university, &path).await;
        assert!(!history.text.contains(&scene.business), "{}", history.text);
        assert!(!history.text.contains("Dapur Bu Siti"), "{}", history.text);
    }
    // Nor by asking whether it is this one.
    let asked =
        scene.app.get(scene.university, &format!("/v1/mentorships?business_id={}", scene.business)).await;
    assert_eq!((asked.status, asked.flaws()), (422, vec!["business_id no_such_record".to_owned()]));
    assert_eq!(scene.app.get(Caller::new(Role::Institution), &path).await.status, 404);
}

#[actix_web::test]
async fn with_the_owners_consent_it_sees_the_business_once_coaching_has_begun() {
    let scene = Scene::start().await;
    let business = format!("/v1/businesses/{}", scene.business);
    let consent = scene.consent_to_university().await;
    let id = scene.proposed().await;
    scene.move_it(scene.mentor, &id, json!({ "action": "accept" })).await;
    scene.run_cohort().await;
    scene.wait_for_jobs().await;
    assert_eq!(scene.app.get(scene.university, &business).await.status, 404);
    scene.move_it(scene.mentor, &id, json!({ "action": "start" })).await;
    scene.app.eventually(scene.university, &business, |it| it.status == 200).await;
    scene.app.act(scene.owner, &consent, json!({ "action": "withdraw" })).await;
    scene.app.eventually(scene.university, &business, |it| it.status == 404).await;
}

#[actix_web::test]
async fn a_consent_that_comes_later_counts_from_then_on() {
    let scene = Scene::start().await;
    let business = format!("/v1/businesses/{}", scene.business);
    let id = scene.active().await;
    scene.wait_for_jobs().await;
    assert_eq!(scene.app.get(scene.university, &business).await.status, 404);
    scene.consent_to_university().await;
    scene.app.eventually(scene.university, &business, |it| it.status == 200).await;
    assert_eq!(scene.app.get(Caller::new(Role::Institution), &business).await.status, 404);
    // That the mentor no longer sees the business changes nothing for his university.
    let terminated = json!({ "action": "terminate", "reason_code": "mentor_unavailable" });
    scene.move_it(scene.programme, &id, terminated).await;
    assert_eq!(scene.app.get(scene.university, &business).await.status, 200);
}

#[actix_web::test]
async fn it_goes_on_reading_what_its_lecturer_coached_before_a_transfer_and_not_what_came_after() {
    let scene = Scene::start().await;
    let id = scene.active().await;
    let path = format!("/v1/mentorships/{id}");
    let held = scene.held(&id).await;
    let practitioner = json!({ "kind": "practitioner", "full_name": "Bambang", "email": "bambang@contoh.id", "expertise": ["finance"], "capacity_offered": 5 });
    let practitioner = scene.app.create(scene.programme, "/v1/mentors", practitioner).await;
    let mentor = format!("/v1/mentors/{practitioner}");
    assert_eq!(scene.app.patch(scene.programme, &mentor, json!({ "capacity": 5 })).await.status, 200);
    scene.app.act(scene.programme, &mentor, json!({ "action": "activate" })).await;
    let practitioner = Caller::of(Role::Mentor, &practitioner);
    let transfer =
        json!({ "action": "transfer", "reason_code": "better_match", "mentor_id": practitioner.subject });
    scene.app.act(scene.programme, &path, transfer).await;
    scene.app.act(practitioner, &path, json!({ "action": "accept_transfer" })).await;
    let planned = scene.app.create(practitioner, &format!("{path}/sessions"), scene.a_session()).await;
    let seen = scene.app.get(scene.university, &path).await;
    assert_eq!((seen.status, &seen.body["institution_id"]), (200, &Value::Null), "{}", seen.text);
    let list = scene.app.get(scene.university, "/v1/mentorships").await.body;
    assert_eq!(list["data"][0]["id"], json!(id));
    let sessions = scene.app.get(scene.university, &format!("{path}/sessions")).await;
    assert!(sessions.text.contains(&held) && !sessions.text.contains(&planned), "{}", sessions.text);
    assert_eq!(scene.app.get(Caller::new(Role::Institution), &path).await.status, 404);
}
