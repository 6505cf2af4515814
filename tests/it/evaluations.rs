//! A mentor's year in numbers, through HTTP.

use serde_json::{Value, json};
use seribu::access::Role;

use crate::{
    mentorships::Scene,
    support::{Caller, merged},
};

fn path(scene: &Scene, year: &str) -> String {
    format!("/v1/mentors/{}/evaluations/{year}", scene.mentor.subject.unwrap())
}

#[actix_web::test]
async fn sessions_minutes_objectives_plans_and_mentorships_of_the_year_are_counted() {
    let scene = Scene::start().await;
    let mentorship = scene.active().await;
    let at = format!("/v1/mentorships/{mentorship}");
    let session = scene.held(&mentorship).await;
    let confirm = json!({ "action": "confirm" });
    scene.app.act(scene.owner, &format!("{at}/sessions/{session}"), confirm).await;
    scene.planned(&mentorship).await;
    let proof = json!({ "kind": "cash_book", "reference": "Buku 1", "dated_on": "2026-11-24" });
    scene.objective(&mentorship, json!({ "status": "achieved", "evidence": proof })).await;
    scene.objective(&mentorship, json!({ "status": "dropped", "note": "Diganti." })).await;
    // Reported nine days later: held all the same, but not in time.
    let late = scene.planned(&mentorship).await;
    scene.app.set_clock("2026-12-03T03:00:00Z".parse().unwrap());
    let report = merged(scene.a_report("2026-11-24T00:30:00Z"), json!({ "preparation_minutes": 30 }));
    scene.app.act(scene.mentor, &format!("{at}/sessions/{late}"), report).await;

    let year = scene.app.get(scene.mentor, &path(&scene, "2026")).await;
    assert_eq!(year.status, 200, "{}", year.text);
    let sessions = json!({
        "planned": 3, "held": 2, "confirmed": 1, "countable": 1, "reported_in_time": 1,
    });
    assert_eq!(year.body["sessions"], sessions);
    assert_eq!(year.body["minutes"], json!({ "contact": 150, "preparation": 30, "travel": 80 }));
    assert_eq!(year.body["objectives"], json!({ "set": 2, "achieved": 1, "dropped": 1 }));
    let mentorships = json!({ "proposed": 1, "accepted": 1, "started": 1, "completed": 0, "terminated": 0 });
    assert_eq!((&year.body["mentorships"], &year.body["plans_accepted"]), (&mentorships, &json!(0)));
    let next = scene.app.get(scene.mentor, &path(&scene, "2027")).await.body;
    assert_eq!((&next["sessions"]["held"], &next["objectives"]["set"]), (&json!(0), &json!(0)), "{next}");
}

#[actix_web::test]
async fn a_report_that_is_mended_later_was_in_time_when_it_came_first() {
    let scene = Scene::start().await;
    let mentorship = scene.active().await;
    let session = scene.held(&mentorship).await;
    let session = format!("/v1/mentorships/{mentorship}/sessions/{session}");
    let first = scene.app.get(scene.mentor, &session).await.body["reported_at"].clone();
    assert_eq!(first, "2026-11-24T03:04:05Z");
    scene.app.set_clock("2026-12-20T03:00:00Z".parse().unwrap());
    let mended = scene.app.act(scene.mentor, &session, scene.a_report("2026-11-24T02:00:00Z")).await;
    assert_eq!(mended["reported_at"], first);
    let year = scene.app.get(scene.programme, &path(&scene, "2026")).await.body;
    assert_eq!(year["sessions"]["reported_in_time"], 1, "{year}");
}

#[actix_web::test]
async fn the_mentor_his_university_and_the_programme_see_it_and_nobody_else() {
    let scene = Scene::start().await;
    let mentorship = scene.active().await;
    scene.held(&mentorship).await;
    scene.objective(&mentorship, json!({})).await;
    let mut seen: Vec<Value> = Vec::new();
    for caller in [scene.mentor, scene.university, scene.programme] {
        let year = scene.app.get(caller, &path(&scene, "2026")).await;
        assert_eq!(year.status, 200, "{}: {}", caller.role, year.text);
        seen.push(year.body);
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{seen:?}");
    assert!(!seen[1].to_string().contains(&scene.business));
    for (caller, status) in [
        (Caller::new(Role::Institution), 404),
        (scene.another_mentor(1).await, 404),
        (scene.owner, 403),
        (Caller::new(Role::Policy), 403),
    ] {
        assert_eq!(scene.app.get(caller, &path(&scene, "2026")).await.status, status, "{}", caller.role);
    }
    for nonsense in ["1999", "10000", "-1", "now"] {
        assert_eq!(scene.app.get(scene.mentor, &path(&scene, nonsense)).await.status, 404, "{nonsense}");
    }
}
