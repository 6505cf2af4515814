//! Notifications through HTTP: told to those whose turn it is, once, and to nobody else.

mod mail;

use serde_json::{Value, json};
use seribu::access::Role;

use crate::{
    agenda::with_an_account,
    mentorships::Scene,
    persons::lines,
    support::{Caller, Reply, TestApp},
};

/// The types of what the caller was told, the newest first, once the log has been read.
pub async fn told(app: &TestApp, caller: Caller) -> Vec<String> {
    app.readers_done().await;
    let list = app.get(caller, "/v1/me/notifications?limit=200").await;
    assert_eq!(list.status, 200, "{}", list.text);
    let data = list.body["data"].as_array().unwrap();
    data.iter().map(|it| it["type"].as_str().unwrap().to_owned()).collect()
}

/// The scene's people have accounts.
pub struct People {
    pub scene: Scene,
    pub mentor: Caller,
    pub owner: Caller,
    pub programme: Caller,
}

impl People {
    pub async fn of(scene: Scene) -> Self {
        // What came before their accounts is not told to them.
        scene.app.readers_done().await;
        let mentor = with_an_account(&scene.app, scene.mentor, "rina@ut.example").await;
        let owner = with_an_account(&scene.app, scene.owner, "siti@contoh.id").await;
        let programme = with_an_account(&scene.app, scene.programme, "ratna@dinas.example").await;
        Self { scene, mentor, owner, programme }
    }
}

async fn list(app: &TestApp, caller: Caller, query: &str) -> Value {
    let list = app.get(caller, &format!("/v1/me/notifications{query}")).await;
    assert_eq!(list.status, 200, "{}", list.text);
    list.body["data"].clone()
}

#[actix_web::test]
async fn each_step_is_told_to_who_acts_next_and_not_to_who_took_it() {
    let People { scene, mentor, owner, programme } = People::of(Scene::start().await).await;
    let app = &scene.app;
    let id = app.create(programme, "/v1/mentorships", scene.a_proposal()).await;
    let path = format!("/v1/mentorships/{id}");
    assert_eq!(told(app, mentor).await, ["mentorship.created"]);
    app.act(mentor, &path, json!({ "action": "accept" })).await;
    assert_eq!(told(app, mentor).await, ["mentorship.created"]);
    assert_eq!(told(app, owner).await, ["mentorship.accepted"]);
    assert_eq!(told(app, programme).await, ["mentorship.accepted"]);
    scene.run_cohort().await;
    app.act(mentor, &path, json!({ "action": "start" })).await;
    let session = app.create(mentor, &format!("{path}/sessions"), scene.a_session()).await;
    let session = format!("{path}/sessions/{session}");
    app.act(mentor, &session, scene.a_report("2026-11-24T02:00:00Z")).await;
    assert_eq!(told(app, owner).await, ["session.held", "session.created", "mentorship.accepted"]);
    app.act(owner, &session, json!({ "action": "confirm" })).await;
    assert_eq!(told(app, mentor).await, ["session.confirmed", "mentorship.created"]);
    assert_eq!(told(app, programme).await, ["mentorship.accepted"]);
    // Another of the programme is told what his colleague is not told of himself.
    let newest = list(app, owner, "?limit=1").await[0].clone();
    assert_eq!(
        newest["subject"],
        json!({ "type": "session", "id": session.rsplit('/').next(), "path": session })
    );
    assert_eq!(newest["words"], json!({ "id": "Kunjungan dilaksanakan", "en": "Session held" }));
    assert_eq!((&newest["read"], &newest["business_id"]), (&json!(false), &json!(scene.business)));
    // Who has no part in it, was told nothing.
    let other = with_an_account(app, scene.another_mentor(3).await, "arif@ut.example").await;
    assert_eq!(told(app, other).await, Vec::<String>::new());
    assert_eq!(told(app, Caller::new(Role::Policy)).await, Vec::<String>::new());
}

#[actix_web::test]
async fn a_user_is_told_of_an_event_once_though_the_log_is_read_again() {
    let People { scene, mentor, owner, .. } = People::of(Scene::start().await).await;
    let app = &scene.app;
    let id = scene.active().await;
    scene.held(&id).await;
    let again = "update log_readers set seq = 0 where name = 'notifications' returning name as line";
    let mut seen = Vec::new();
    for _ in 0..3 {
        let told = (told(app, mentor).await, told(app, owner).await);
        assert_eq!(told.0, ["mentorship.created"]);
        assert_eq!(told.1.iter().filter(|kind| *kind == "session.held").count(), 1, "{told:?}");
        seen.push(told);
        lines(app, again).await;
    }
    // Who had no account yet when the first was written, has what came before it from the second reading on.
    assert_eq!(seen[1], seen[2]);
}

#[actix_web::test]
async fn what_was_read_stays_read_and_only_its_reader_can_say_so() {
    let People { scene, mentor, owner, .. } = People::of(Scene::start().await).await;
    let app = &scene.app;
    let id = scene.active().await;
    scene.held(&id).await;
    assert_eq!(told(app, owner).await.len(), 3);
    let first = list(app, owner, "?unread=true").await[0].clone();
    let path = format!("/v1/me/notifications/{}", first["id"].as_str().unwrap());
    for stranger in [mentor, Caller { role: Role::Mentor, subject: mentor.subject, ..owner }] {
        assert_eq!(app.get(stranger, &path).await.status, 404);
        assert_eq!(app.patch(stranger, &path, json!({ "read": true })).await.status, 404);
    }
    let wrong = app.patch(owner, &path, json!({ "read": "yes", "words": "x" })).await;
    assert_eq!((wrong.status, wrong.flaws().len()), (422, 2), "{}", wrong.text);
    let read = app.patch(owner, &path, json!({ "read": true })).await;
    assert_eq!((read.status, &read.body["read"], &read.body["version"]), (200, &json!(true), &json!(2)));
    assert_eq!(list(app, owner, "?unread=false").await.as_array().unwrap().len(), 1);
    assert_eq!(list(app, owner, "?unread=true").await.as_array().unwrap().len(), 2);
    assert_eq!(app.post(owner, "/v1/me/notifications/read-all", Value::Null).await.status, 204);
    assert_eq!(list(app, owner, "?unread=true").await, json!([]));
    // The log has each, for no party to see.
    let log = lines(
        app,
        "select distinct kind || ' ' || cardinality(audience) as line from events \
                          where resource = 'notification'",
    );
    assert_eq!(log.await, ["notification.read 0"]);
    assert_eq!(list(app, mentor, "?unread=true").await.as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn the_day_before_something_agreed_is_due_both_are_reminded_once() {
    let People { scene, mentor, owner, .. } = People::of(Scene::start().await).await;
    let app = &scene.app;
    let id = scene.active().await;
    scene.held(&id).await;
    let reminders = async |caller: Caller| {
        told(app, caller).await.iter().filter(|kind| *kind == "agreed_action.due").count()
    };
    assert_eq!(reminders(owner).await, 0);
    // Due on 1 December.
    for (day, expected) in [("2026-11-29", 0), ("2026-11-30", 1), ("2026-12-01", 1)] {
        app.set_clock(format!("{day}T02:00:00Z").parse().unwrap());
        scene.wait_for_jobs().await;
        assert_eq!((reminders(owner).await, reminders(mentor).await), (expected, expected), "{day}");
    }
    let newest = list(app, owner, "?limit=1").await[0].clone();
    let path = newest["subject"]["path"].as_str().unwrap();
    assert_eq!(app.get(owner, path).await.body["due_on"], "2026-12-01", "{newest}");
}

#[actix_web::test]
async fn a_hand_over_is_told_to_its_division_and_an_objection_to_the_programme() {
    let desk = crate::assessments::Desk::start().await;
    let app = &desk.scene.app;
    let cooperatives = with_an_account(app, Caller::new(Role::Cooperatives), "sri@dinas.example").await;
    let facilitation = with_an_account(app, Caller::new(Role::Facilitation), "dian@dinas.example").await;
    let programme = with_an_account(app, Caller::new(Role::Programme), "ratna@dinas.example").await;
    let path = desk.reviewed().await;
    assert_eq!(told(app, cooperatives).await, ["hand_over.created"]);
    assert_eq!(told(app, facilitation).await, Vec::<String>::new());
    app.act(desk.scene.owner, &path, json!({ "action": "object", "reason_code": "facts_wrong" })).await;
    let expected = |reply: &Reply| reply.body["data"][0]["type"] == "assessment.objected";
    app.eventually(programme, "/v1/me/notifications", expected).await;
    assert!(!told(app, cooperatives).await.contains(&"assessment.objected".to_owned()));
}

#[actix_web::test]
async fn settings_are_a_users_own_and_begin_with_mail_in_indonesian() {
    let app = TestApp::start().await;
    let owner = with_an_account(&app, Caller::new(Role::Programme), "ratna@dinas.example").await;
    let path = "/v1/me/notification-settings";
    let untouched = app.get(owner, path).await;
    assert_eq!((&untouched.body["email"], &untouched.body["language"]), (&json!("all"), &json!("id")));
    assert_eq!(untouched.body["version"], 0);
    for version in [1, 2] {
        let changed = app.patch(owner, path, json!({ "email": "none", "language": "en" })).await;
        assert_eq!((changed.status, &changed.body["version"]), (200, &json!(version)), "{}", changed.text);
    }
    let wrong = app.patch(owner, path, json!({ "email": "some", "language": "fr" })).await;
    assert_eq!(wrong.flaws(), ["/email not_allowed", "/language not_allowed"]);
    let read = app.get(owner, path).await;
    assert_eq!((&read.body["email"], &read.body["language"]), (&json!("none"), &json!("en")));
    assert_eq!(app.get(Caller::new(Role::Programme), path).await.status, 404);
}
