//! The businesses in a cohort through HTTP.

use futures_util::future::join_all;
use serde_json::{Value, json};
use seribu::access::Role;

use crate::{
    businesses::{Given, a_business_of, given, given_a_business, history},
    cohorts::given_an_open_cohort,
    support::{Caller, TestApp},
};

pub async fn invite(app: &TestApp, cohort: &str, business: &str) -> String {
    let path = format!("{cohort}/participants");
    let invited = app.create(Caller::new(Role::Programme), &path, json!({ "business_id": business })).await;
    format!("{path}/{invited}")
}

/// A business that takes part in a cohort, and the path of the participant.
pub async fn given_a_participant(app: &TestApp, cohort: &str, given: &Given) -> String {
    let path = invite(app, cohort, &given.business).await;
    app.act(given.as_owner(), &path, json!({ "action": "accept" })).await;
    path
}

#[actix_web::test]
async fn an_owner_accepts_the_invitation_of_his_business() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let cohort = given_an_open_cohort(&app, "a1", 14).await;
    let given = given_a_business(&app).await;
    let path = invite(&app, &cohort, &given.business).await;
    let invited = app.get(given.as_owner(), &path).await;
    assert_eq!(
        (&invited.body["status"], &invited.body["expires_on"]),
        (&json!("invited"), &json!("2026-12-08"))
    );
    let accepted = app.act(given.as_owner(), &path, json!({ "action": "accept" })).await;
    assert_eq!(accepted["status"], "accepted");
    let list = app.get(given.as_owner(), &format!("{cohort}/participants?status=accepted")).await;
    assert_eq!(list.body["data"].as_array().unwrap().len(), 1, "{}", list.text);
    for path in [&path, &cohort, &given.path] {
        let events = history(&app, programme, path).await;
        assert!(
            events.ends_with(&["participant.created".into(), "participant.accepted".into()]),
            "{events:?}"
        );
    }
    let stranger = app.get(Caller::new(Role::Business), &path).await;
    assert_eq!(stranger.status, 404);
    let transitions = format!("{path}/transitions");
    let moved = app.post(Caller::new(Role::Business), &transitions, json!({ "action": "accept" })).await;
    assert_eq!(moved.status, 404);
}

#[actix_web::test]
async fn the_programme_accepts_for_an_owner_with_a_note_and_on_his_behalf() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let cohort = given_an_open_cohort(&app, "a1", 14).await;
    let given = given_a_business(&app).await;
    let path = invite(&app, &cohort, &given.business).await;
    let bare = app.post(programme, &format!("{path}/transitions"), json!({ "action": "accept" })).await;
    assert_eq!(bare.flaws(), ["/note required"], "{}", bare.text);
    app.act(programme, &path, json!({ "action": "accept", "note": "Setuju lewat telepon" })).await;
    let events = app.get(programme, &format!("{path}/history")).await;
    assert_eq!(events.body["data"][0]["on_behalf_of"], json!(format!("person:{}", given.owner)));
    assert_eq!(events.body["data"][0]["data"]["move"]["note"], "Setuju lewat telepon");
}

#[actix_web::test]
async fn a_business_is_invited_once_and_again_after_it_has_declined() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let cohort = given_an_open_cohort(&app, "a1", 14).await;
    let given = given_a_business(&app).await;
    let path = invite(&app, &cohort, &given.business).await;
    let invitation = json!({ "business_id": given.business });
    let again = app.post(programme, &format!("{cohort}/participants"), invitation).await;
    assert_eq!((again.status, &again.body["duplicate_of"]), (409, &json!(path)), "{}", again.text);
    let moves = format!("{path}/transitions");
    let bare = app.post(given.as_owner(), &moves, json!({ "action": "decline" })).await;
    assert_eq!(bare.flaws(), ["/reason_code required"], "{}", bare.text);
    let declined = json!({ "action": "decline", "reason_code": "no_time" });
    assert_eq!(app.act(given.as_owner(), &path, declined).await["status"], "declined");
    let second = given_a_participant(&app, &cohort, &given).await;
    let drop = json!({ "action": "drop", "reason_code": "not_attending" });
    let own = app.post(given.as_owner(), &format!("{second}/transitions"), drop.clone()).await;
    assert_eq!(own.status, 403, "{}", own.text);
    assert_eq!(app.act(programme, &second, drop).await["status"], "dropped");
}

#[actix_web::test]
async fn only_an_open_or_running_cohort_invites_and_only_a_business_that_is_there_and_active() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let given = given_a_business(&app).await;
    let invitation = json!({ "business_id": given.business });
    let planned = app.create(programme, "/v1/cohorts", crate::cohorts::a_cohort("a0")).await;
    let refused =
        app.post(programme, &format!("/v1/cohorts/{planned}/participants"), invitation.clone()).await;
    assert_eq!((refused.status, &refused.body["code"]), (409, &json!("cohort_not_open")), "{}", refused.text);
    let cohort = given_an_open_cohort(&app, "a1", 14).await;
    let nobody = json!({ "business_id": "01948f5e-7a00-7000-8000-000000000001" });
    let refused = app.post(programme, &format!("{cohort}/participants"), nobody).await;
    assert_eq!(refused.flaws(), ["/business_id no_such_record"], "{}", refused.text);
    app.act(programme, &given.path, json!({ "action": "deactivate", "reason_code": "resting" })).await;
    let refused = app.post(programme, &format!("{cohort}/participants"), invitation).await;
    assert_eq!(refused.flaws(), ["/business_id conflict"], "{}", refused.text);
}

#[actix_web::test]
async fn nobody_comes_into_a_cohort_that_was_cancelled_since() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let cohort = given_an_open_cohort(&app, "a1", 14).await;
    let given = given_a_business(&app).await;
    let path = invite(&app, &cohort, &given.business).await;
    app.act(programme, &cohort, json!({ "action": "cancel", "reason_code": "force_majeure" })).await;
    let late =
        app.post(given.as_owner(), &format!("{path}/transitions"), json!({ "action": "accept" })).await;
    assert_eq!((late.status, &late.body["code"]), (409, &json!("cohort_not_open")), "{}", late.text);
}

#[actix_web::test]
async fn of_owners_who_accept_at_once_no_more_come_in_than_there_is_room_for() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let cohort = given_an_open_cohort(&app, "a1", 2).await;
    let mut invited = Vec::new();
    for owner in ["Ani", "Budi", "Cici", "Dedi", "Euis"] {
        let given = given(&app, a_business_of(&format!("Usaha {owner}"), owner)).await;
        invited.push((invite(&app, &cohort, &given.business).await, given));
    }
    let accept = invited.iter().map(async |(path, given)| {
        app.post(given.as_owner(), &format!("{path}/transitions"), json!({ "action": "accept" })).await
    });
    let replies = join_all(accept).await;
    let (inside, outside): (Vec<_>, Vec<_>) = replies.iter().partition(|reply| reply.status == 200);
    assert_eq!((inside.len(), outside.len()), (2, 3));
    assert!(outside.iter().all(|reply| reply.body["code"] == "cohort_full"), "{}", outside[0].text);
    let list = app.get(programme, &format!("{cohort}/participants?status=accepted&with_total=true")).await;
    assert_eq!(list.body["total"], 2);
    let smaller = app.patch(programme, &cohort, json!({ "capacity": 1 })).await;
    assert_eq!(smaller.flaws(), ["/capacity too_small"], "{}", smaller.text);
    assert_eq!(app.patch(programme, &cohort, json!({ "capacity": 3 })).await.status, 200);
}

#[actix_web::test]
async fn an_invitation_that_nobody_answers_in_fourteen_days_expires() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let cohort = given_an_open_cohort(&app, "a1", 14).await;
    let given = given_a_business(&app).await;
    let path = invite(&app, &cohort, &given.business).await;
    // The last moment of the fourteenth day in the city.
    app.set_clock("2026-12-08T16:59:59Z".parse().unwrap());
    actix_web::rt::time::sleep(std::time::Duration::from_millis(1500)).await;
    assert_eq!(app.get(programme, &path).await.body["status"], "invited");
    app.set_clock("2026-12-08T17:10:00Z".parse().unwrap());
    app.eventually(programme, &path, |reply| reply.body["status"] == "expired").await;
    let events = app.get(programme, &format!("{path}/history")).await;
    assert_eq!(events.body["data"][0]["type"], "participant.expired", "{}", events.text);
    assert_eq!(events.body["data"][0]["actor_role"], "system");
    let late =
        app.post(given.as_owner(), &format!("{path}/transitions"), json!({ "action": "accept" })).await;
    assert_eq!((late.status, &late.body["code"]), (409, &json!("wrong_status")), "{}", late.text);
    let anew = invite(&app, &cohort, &given.business).await;
    assert_ne!(anew, path, "an invitation that has expired leaves room for another");
}

#[actix_web::test]
async fn participants_are_found_in_their_own_cohort_only() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let (cohort, other) =
        (given_an_open_cohort(&app, "a1", 1).await, given_an_open_cohort(&app, "a2", 1).await);
    let given = given_a_business(&app).await;
    let path = invite(&app, &cohort, &given.business).await;
    let elsewhere = path.replace(&cohort, &other);
    assert_eq!(app.get(programme, &elsewhere).await.status, 404);
    assert_eq!(app.get(programme, &format!("{elsewhere}/history")).await.status, 404);
    let accept = json!({ "action": "accept", "note": "ya" });
    assert_eq!(app.post(programme, &format!("{elsewhere}/transitions"), accept).await.status, 404);
    let nowhere = app.get(programme, "/v1/cohorts/01948f5e-7a00-7000-8000-000000000001/participants").await;
    assert_eq!(
        (nowhere.status, &nowhere.body["type"]),
        (404, &json!("/problems/not-found")),
        "{}",
        nowhere.text
    );
    let available = app.get(given.as_owner(), &format!("{path}/transitions")).await;
    let actions: Vec<_> = available.body["available_actions"].as_array().unwrap().iter().collect();
    let allowed: Vec<_> =
        actions.iter().filter(|it| it["allowed"] == true).map(|it| it["action"].clone()).collect();
    assert_eq!(allowed, [json!("accept"), json!("decline")], "{}", available.text);
    assert_eq!(actions.last().unwrap()["why_not"], Value::from("not_permitted"));
}
