//! The owner confirms a session: by an account, by a code, on paper; and what was agreed in it.

use chrono::Days;
use serde_json::{Value, json};

use super::Scene;
use crate::support::{Caller, Reply, merged, now};

struct Held {
    scene: Scene,
    mentorship: String,
    path: String,
}

impl Held {
    async fn start() -> Self {
        let scene = Scene::start().await;
        let mentorship = scene.active().await;
        let path = format!("/v1/mentorships/{mentorship}/sessions/{}", scene.held(&mentorship).await);
        Self { scene, mentorship, path }
    }

    async fn code(&self) -> String {
        let issued =
            self.scene.app.post(self.scene.programme, &format!("{}/code", self.path), Value::Null).await;
        assert_eq!(issued.status, 201, "{}", issued.text);
        issued.body["code"].as_str().unwrap().to_owned()
    }

    async fn confirm(&self, caller: Caller, with: Value) -> Reply {
        let body = merged(json!({ "action": "confirm" }), with);
        self.scene.app.post(caller, &format!("{}/transitions", self.path), body).await
    }
}

fn another(code: &str) -> String {
    format!("{:04}", (code.parse::<u32>().unwrap() + 1) % 10_000)
}

#[actix_web::test]
async fn the_mentor_confirms_with_the_code_that_the_owner_was_given() {
    let held = Held::start().await;
    let code = held.code().await;
    let confirmed = held.confirm(held.scene.mentor, json!({ "code": code })).await;
    assert_eq!(
        (confirmed.status, &confirmed.body["confirmed_via"]),
        (200, &json!("code")),
        "{}",
        confirmed.text
    );
    assert_eq!(
        (&confirmed.body["countable"], &confirmed.body["status"]),
        (&json!(true), &json!("confirmed"))
    );
    let history = held
        .scene
        .app
        .get(held.scene.programme, &format!("/v1/mentorships/{}/history", held.mentorship))
        .await;
    assert!(
        history.text.contains("session.code_issued") && !history.text.contains(&code),
        "{}",
        history.text
    );
}

#[actix_web::test]
async fn after_five_wrong_guesses_the_right_one_comes_too_late() {
    let held = Held::start().await;
    let code = held.code().await;
    for _ in 0..5 {
        let wrong = held.confirm(held.scene.mentor, json!({ "code": another(&code) })).await;
        assert_eq!((wrong.status, wrong.flaws()), (422, vec!["/code wrong_code".to_owned()]));
    }
    let right = held.confirm(held.scene.mentor, json!({ "code": code })).await;
    assert_eq!((right.status, right.flaws()), (422, vec!["/code spent_code".to_owned()]));
    let next = held.code().await;
    assert_eq!(held.confirm(held.scene.mentor, json!({ "code": next })).await.status, 200);
}

#[actix_web::test]
async fn a_code_is_good_for_seven_days_and_only_what_was_held_has_one() {
    let held = Held::start().await;
    let code = held.code().await;
    held.scene.app.set_clock(now() + Days::new(7));
    let late = held.confirm(held.scene.mentor, json!({ "code": code })).await;
    assert_eq!(late.flaws(), ["/code spent_code"]);
    let planned = held.scene.planned(&held.mentorship).await;
    let path = format!("/v1/mentorships/{}/sessions/{planned}/code", held.mentorship);
    let early = held.scene.app.post(held.scene.programme, &path, Value::Null).await;
    assert_eq!((early.status, &early.body["code"]), (409, &json!("not_held")));
    for caller in [held.scene.mentor, held.scene.owner] {
        assert_eq!(held.scene.app.post(caller, &path, Value::Null).await.status, 403, "{:?}", caller.role);
    }
}

#[actix_web::test]
async fn a_sheet_that_the_owner_signed_confirms_too_and_the_mentors_word_alone_does_not() {
    let held = Held::start().await;
    let alone = held.confirm(held.scene.mentor, json!({})).await;
    assert_eq!((alone.status, alone.flaws()), (422, vec!["/code required".to_owned()]));
    let sheet = |on: &str| json!({ "evidence": { "kind": "signed_sheet", "reference": "Map 3, lembar 7", "dated_on": on } });
    let to_come = held.confirm(held.scene.mentor, sheet("2026-11-25")).await;
    assert_eq!(to_come.flaws(), ["/evidence/dated_on in_the_future"]);
    let confirmed = held.confirm(held.scene.mentor, sheet("2026-11-24")).await;
    assert_eq!((confirmed.status, &confirmed.body["confirmed_via"]), (200, &json!("signed_sheet")));
    assert_eq!(confirmed.body["confirmation_evidence"]["reference"], "Map 3, lembar 7");
}

#[actix_web::test]
async fn the_owners_account_needs_nothing_more() {
    let held = Held::start().await;
    let confirmed = held.confirm(held.scene.owner, json!({})).await;
    assert_eq!((confirmed.status, &confirmed.body["confirmed_via"]), (200, &json!("account")));
}

#[actix_web::test]
async fn no_minute_of_a_mentor_counts_twice() {
    let held = Held::start().await;
    let planned = held.scene.planned(&held.mentorship).await;
    let path = format!("/v1/mentorships/{}/sessions/{planned}", held.mentorship);
    let report = |at: &str| held.scene.a_report(at);
    let overlaps = held
        .scene
        .app
        .post(held.scene.mentor, &format!("{path}/transitions"), report("2026-11-24T01:00:00Z"))
        .await;
    assert_eq!((overlaps.status, overlaps.flaws()), (422, vec!["/held_at conflict".to_owned()]));
    held.scene.app.act(held.scene.mentor, &path, report("2026-11-24T00:45:00Z")).await;
}

#[actix_web::test]
async fn what_was_agreed_is_done_by_the_owners_word_and_reporting_again_agrees_anew() {
    let held = Held::start().await;
    let Scene { app, owner, mentor, university, .. } = &held.scene;
    let list = format!("/v1/mentorships/{}/agreed-actions", held.mentorship);
    let agreed = app.get(*owner, &list).await.body["data"][0].clone();
    let path = format!("{list}/{}", agreed["id"].as_str().unwrap());
    let foreign = app.patch(*owner, &path, json!({ "text": "Tidak jadi" })).await;
    assert_eq!(foreign.flaws(), ["/text not_yours"]);
    let to_come = app.patch(*owner, &path, json!({ "done_on": "2026-11-25" })).await;
    assert_eq!(to_come.flaws(), ["/done_on in_the_future"]);
    let done = app.patch(*owner, &path, json!({ "done_on": "2026-11-24" })).await;
    assert_eq!((done.status, &done.body["done_on"]), (200, &json!("2026-11-24")));
    for (filter, count) in [("done=true", 1), ("done=false", 0)] {
        assert_eq!(app.get(*mentor, &format!("{list}?{filter}&with_total=true")).await.body["total"], count);
    }
    assert_eq!(app.get(*university, &list).await.status, 403);
    let again = merged(
        held.scene.a_report("2026-11-24T02:00:00Z"),
        json!({ "agreed_actions": [{ "text": "Menyimpan nota" }] }),
    );
    app.act(*mentor, &held.path, again).await;
    let anew = app.get(*mentor, &list).await.body;
    assert_eq!(anew["data"].as_array().unwrap().len(), 1);
    assert_eq!(anew["data"][0]["text"], "Menyimpan nota");
    assert_eq!(app.get(*mentor, &path).await.status, 404);
}
