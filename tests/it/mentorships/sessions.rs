//! Sessions through HTTP.

use serde_json::{Value, json};
use seribu::access::Role;

use super::Scene;
use crate::support::Caller;

#[actix_web::test]
async fn a_session_counts_once_it_was_held_and_the_owner_has_confirmed_it() {
    let scene = Scene::start().await;
    let id = scene.active().await;
    let path = format!("/v1/mentorships/{id}/sessions/{}", scene.planned(&id).await);
    let planned = scene.app.get(scene.owner, &path).await.body;
    assert_eq!((&planned["status"], &planned["countable_reason"]), (&json!("planned"), &json!("not_held")));
    let held = scene.app.act(scene.mentor, &path, scene.a_report("2026-11-24T02:00:00Z")).await;
    assert_eq!((&held["status"], &held["countable"]), (&json!("held"), &json!(false)), "{held}");
    assert_eq!(held["countable_reason"], "not_confirmed");
    assert_eq!(held["place"], "Dapur usaha");
    let confirmed = scene.app.act(scene.owner, &path, json!({ "action": "confirm" })).await;
    assert_eq!((&confirmed["status"], &confirmed["countable"]), (&json!("confirmed"), &json!(true)));
    assert_eq!(confirmed["countable_reason"], Value::Null);
    let moves = scene.app.get(scene.owner, &format!("{path}/transitions")).await.body;
    let kinds: Vec<_> = moves["data"].as_array().unwrap().iter().map(|it| it["type"].clone()).collect();
    assert_eq!(kinds, ["session.confirmed", "session.held"]);
}

#[actix_web::test]
async fn a_session_that_does_not_count_says_why() {
    let scene = Scene::start().await;
    let id = scene.active().await;
    let path = format!("/v1/mentorships/{id}/sessions/{}", scene.planned(&id).await);
    // Reporting again mends a report, until it is confirmed.
    let cases = [
        (json!({ "contact_minutes": 29 }), "too_short"),
        (json!({ "topics": null }), "no_topic"),
        (json!({ "summary": null }), "no_summary"),
        (json!({}), "not_confirmed"),
    ];
    for (change, why) in cases {
        let mut report = scene.a_report("2026-11-24T02:00:00Z");
        for (name, value) in change.as_object().unwrap() {
            report[name] = value.clone();
        }
        let held = scene.app.act(scene.mentor, &path, report).await;
        assert_eq!(held["countable_reason"], why, "{held}");
    }
    scene.app.act(scene.owner, &path, json!({ "action": "confirm" })).await;
    let report = scene.a_report("2026-11-24T02:00:00Z");
    let again = scene.app.post(scene.mentor, &format!("{path}/transitions"), report).await;
    assert_eq!((again.status, &again.body["code"]), (409, &json!("wrong_status")));
}

#[actix_web::test]
async fn a_report_is_of_a_day_of_the_mentorship_and_names_what_and_whom_there_is() {
    let scene = Scene::start().await;
    let id = scene.active().await;
    let path = format!("/v1/mentorships/{id}/sessions/{}", scene.planned(&id).await);
    let transitions = format!("{path}/transitions");
    let hold = async |report: Value| scene.app.post(scene.mentor, &transitions, report).await;
    assert_eq!(
        hold(json!({ "action": "hold" })).await.flaws(),
        ["/held_at required", "/contact_minutes required"]
    );
    let later = hold(scene.a_report("2026-11-24T03:05:00Z")).await;
    assert_eq!(later.flaws(), ["/held_at in_the_future"]);
    let before = hold(scene.a_report("2026-11-22T03:00:00Z")).await;
    assert_eq!(before.flaws(), ["/held_at too_early"]);
    let mut report = scene.a_report("2026-11-24T02:00:00Z");
    report["topics"] = json!(["bookkeeping", "bookkeeping", "astrology"]);
    report["attendees"] = json!([
        { "role": "owner", "person_id": scene.owner.subject },
        { "role": "other", "person_id": "01930000-0000-7000-8000-000000000000" },
    ]);
    report["agreed_actions"] = json!([{ "text": "Mencatat penjualan", "done_on": "2026-11-25" }]);
    let expected = [
        "/topics/1 repeated",
        "/topics/2 unknown_code",
        "/agreed_actions/0/done_on in_the_future",
        "/attendees/1/person_id no_such_record",
    ];
    assert_eq!(hold(report).await.flaws(), expected);
}

#[actix_web::test]
async fn the_mentor_reports_the_owner_confirms_and_nobody_does_the_others_part() {
    let scene = Scene::start().await;
    let id = scene.active().await;
    let list = format!("/v1/mentorships/{id}/sessions");
    for caller in [scene.programme, scene.owner, scene.university] {
        assert_eq!(scene.app.post(caller, &list, scene.a_session()).await.status, 403, "{caller:?}");
    }
    assert_eq!(scene.app.post(Caller::new(Role::Mentor), &list, scene.a_session()).await.status, 404);
    let path = format!("{list}/{}", scene.planned(&id).await);
    let transitions = format!("{path}/transitions");
    let report = scene.a_report("2026-11-24T02:00:00Z");
    for (caller, status) in [(scene.owner, 403), (scene.programme, 403), (Caller::new(Role::Mentor), 404)] {
        assert_eq!(scene.app.post(caller, &transitions, report.clone()).await.status, status, "{caller:?}");
    }
    scene.app.act(scene.mentor, &path, report).await;
    let confirm = json!({ "action": "confirm" });
    for (caller, status) in [(scene.mentor, 422), (scene.programme, 403), (Caller::new(Role::Business), 404)]
    {
        assert_eq!(scene.app.post(caller, &transitions, confirm.clone()).await.status, status, "{caller:?}");
    }
}

#[actix_web::test]
async fn what_is_planned_can_be_changed_cancelled_or_missed() {
    let scene = Scene::start().await;
    let id = scene.active().await;
    let path = format!("/v1/mentorships/{id}/sessions/{}", scene.planned(&id).await);
    let moved = scene.app.patch(scene.mentor, &path, json!({ "mode": "online", "place": null })).await;
    assert_eq!((moved.status, &moved.body["mode"]), (200, &json!("online")), "{}", moved.text);
    let transitions = format!("{path}/transitions");
    let reasonless = scene.app.post(scene.mentor, &transitions, json!({ "action": "cancel" })).await;
    assert_eq!(reasonless.flaws(), ["/reason_code required"]);
    let cancelled = json!({ "action": "cancel", "reason_code": "rescheduled" });
    assert_eq!(scene.app.act(scene.mentor, &path, cancelled).await["status"], "cancelled");
    let late = scene.app.patch(scene.mentor, &path, json!({ "mode": "visit" })).await;
    assert_eq!((late.status, &late.body["code"]), (409, &json!("wrong_status")));
    let path = format!("/v1/mentorships/{id}/sessions/{}", scene.planned(&id).await);
    let missed = json!({ "action": "no_show", "reason_code": "owner_absent" });
    assert_eq!(scene.app.act(scene.mentor, &path, missed).await["status"], "no_show");
}

#[actix_web::test]
async fn planners_and_the_university_see_when_and_how_long_and_not_what_about() {
    let scene = Scene::start().await;
    let id = scene.active().await;
    let path = format!("/v1/mentorships/{id}/sessions/{}", scene.held(&id).await);
    for caller in [scene.university, Caller::new(Role::Policy)] {
        let seen = scene.app.get(caller, &path).await.body;
        assert_eq!((&seen["contact_minutes"], &seen["mode"]), (&json!(75), &json!("visit")), "{seen}");
        for hidden in ["topics", "summary", "place", "attendees"] {
            assert_eq!(seen[hidden], Value::Null, "{hidden} in {seen}");
        }
        let history = scene.app.get(caller, &format!("{path}/transitions")).await;
        assert!(!history.text.contains("Buku kas dibuka"), "{}", history.text);
    }
    let other = Caller::new(Role::Institution);
    assert_eq!(scene.app.get(other, &path).await.status, 404);
}
