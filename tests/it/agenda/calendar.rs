//! The calendar behind a secret address.

use actix_web::http::Method;
use icalendar::parser::{read_calendar, unfold};
use serde_json::{Value, json};
use seribu::access::Role;

use super::with_an_account;
use crate::{
    accounts::admin,
    mentorships::Scene,
    support::{Caller, Reply, TestApp},
};

async fn feed(app: &TestApp, path: &str) -> Reply {
    app.send(app.request(Method::GET, path), "").await
}

async fn link(app: &TestApp, caller: Caller, body: Value) -> Reply {
    let made = app.post(caller, "/v1/me/calendar-links", body).await;
    assert_eq!((made.status, made.header("cache-control")), (201, "no-store"), "{}", made.text);
    made
}

/// The properties of each event, by name.
fn events(calendar: &str) -> Vec<Vec<(String, String)>> {
    let unfolded = unfold(calendar);
    let parsed = read_calendar(&unfolded).unwrap();
    let of = |component: &icalendar::parser::Component<'_>| {
        component.properties.iter().map(|it| (it.name.to_string(), it.val.to_string())).collect()
    };
    parsed.components.iter().filter(|component| component.name == "VEVENT").map(of).collect()
}

fn value<'a>(event: &'a [(String, String)], name: &str) -> &'a str {
    let found = event.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.as_str()).unwrap_or_else(|| panic!("no {name} in {event:?}"))
}

#[actix_web::test]
async fn a_calendar_has_what_is_planned_and_due_and_says_nothing_about_people() {
    let scene = Scene::start().await;
    let app = &scene.app;
    let mentor = with_an_account(app, scene.mentor, "rina@ut.example").await;
    let id = scene.active().await;
    scene.held(&id).await;
    let mut session = scene.a_session();
    session["planned_at"] = json!("2026-11-26T02:00:00Z");
    let session = app.create(mentor, &format!("/v1/mentorships/{id}/sessions"), session).await;
    let made = link(app, mentor, json!({ "language": "en" })).await;
    let path = made.body["path"].as_str().unwrap().to_owned();
    let calendar = feed(app, &path).await;
    assert_eq!((calendar.status, calendar.header("content-type")), (200, "text/calendar; charset=utf-8"));
    assert_eq!(calendar.header("cache-control"), "private, no-store");
    let found = events(&calendar.text);
    assert_eq!(found.len(), 2, "{}", calendar.text);
    let planned = found.iter().find(|it| value(it, "UID").starts_with("session_planned")).unwrap();
    assert_eq!(value(planned, "UID"), format!("session_planned.{session}@seribu"));
    assert_eq!(
        (value(planned, "DTSTART"), value(planned, "DTEND")),
        ("20261126T020000Z", "20261126T033000Z")
    );
    assert_eq!((value(planned, "DTSTAMP"), value(planned, "SEQUENCE")), ("20261124T030405Z", "0"));
    assert!(value(planned, "SUMMARY").starts_with("Mentoring session (UMKM-2026-"), "{}", calendar.text);
    let due = found.iter().find(|it| value(it, "UID").starts_with("agreed_action")).unwrap();
    assert_eq!((value(due, "DTSTART"), value(due, "DTEND")), ("20261201", "20261202"));
    for personal in ["Siti", "Dapur", "Rumah", "Rina", "Kartika", "Pemilik", "Mencatat", "Buku kas"] {
        assert!(!calendar.text.contains(personal), "{personal} in {}", calendar.text);
    }
    // A change keeps the event's id, and counts.
    let path_of = format!("/v1/mentorships/{id}/sessions/{session}");
    let moved = app.patch(mentor, &path_of, json!({ "planned_at": "2026-11-27T02:00:00Z" })).await;
    assert_eq!(moved.status, 200, "{}", moved.text);
    let after = events(&feed(app, &path).await.text);
    let planned = after.iter().find(|it| value(it, "UID").contains(&session)).unwrap();
    assert_eq!((value(planned, "DTSTART"), value(planned, "SEQUENCE")), ("20261127T020000Z", "1"));
}

#[actix_web::test]
async fn a_link_is_shown_once_and_revoked_for_good() {
    let scene = Scene::start().await;
    let app = &scene.app;
    let mentor = with_an_account(app, scene.mentor, "rina@ut.example").await;
    let made = link(app, mentor, json!({})).await;
    let address = made.body["path"].as_str().unwrap().to_owned();
    let path = format!("/v1/me/calendar-links/{}", made.id());
    assert_eq!(made.header("location"), path);
    assert_eq!(feed(app, &address).await.status, 200);
    let list = app.get(mentor, "/v1/me/calendar-links").await;
    assert_eq!(list.body["data"].as_array().unwrap().len(), 1, "{}", list.text);
    assert_eq!(
        (&list.body["data"][0]["role"], &list.body["data"][0]["language"]),
        (&json!("mentor"), &json!("id"))
    );
    let secret = address.trim_start_matches("/calendar/").trim_end_matches(".ics");
    assert!(secret.len() == 32 && !list.text.contains(secret));
    assert!(crate::persons::found_in_clear(app, &[secret]).await.is_empty());
    let stranger = with_an_account(app, scene.owner, "siti@contoh.id").await;
    assert_eq!(app.get(stranger, &path).await.status, 404);
    let delete = |caller: Caller, tag: &str| {
        let request = app.request(Method::DELETE, &path).bearer_auth(caller.token(|_| ()));
        app.send(request.insert_header(("if-match", tag.to_owned())), "")
    };
    assert_eq!(delete(stranger, "*").await.status, 404);
    assert_eq!(delete(mentor, "\"7-all\"").await.status, 412);
    let etag = app.get(mentor, &path).await.header("etag").to_owned();
    assert_eq!(delete(mentor, &etag).await.status, 204);
    let gone = feed(app, &address).await;
    assert_eq!((gone.status, gone.header("content-type")), (404, "application/problem+json"));
    assert_eq!(feed(app, "/calendar/k7qm2xtd9rwak7qm2xtd9rwak7qm2xtd.ics").await.status, 404);
}

#[actix_web::test]
async fn a_calendar_ends_with_the_account_and_machines_have_none() {
    let scene = Scene::start().await;
    let app = &scene.app;
    let owner = with_an_account(app, scene.owner, "siti@contoh.id").await;
    let address = link(app, owner, json!({})).await.body["path"].as_str().unwrap().to_owned();
    assert_eq!(feed(app, &address).await.status, 200);
    let user = format!("/v1/users/{}", owner.user);
    for (change, status) in [
        (json!({ "status": "disabled" }), 404),
        (json!({ "status": "active" }), 200),
        (json!({ "grants": [{ "role": "programme", "subject_id": null }] }), 404),
    ] {
        assert_eq!(app.patch(admin(), &user, change.clone()).await.status, 200);
        assert_eq!(feed(app, &address).await.status, status, "{change}");
    }
    // A token whose subject is no user's: a client's.
    let refused = app.post(Caller::new(Role::Programme), "/v1/me/calendar-links", json!({})).await;
    assert_eq!(refused.status, 403, "{}", refused.text);
}

#[actix_web::test]
async fn a_user_has_ten_links_at_most() {
    let app = TestApp::start().await;
    let programme = with_an_account(&app, Caller::new(Role::Programme), "ratna@dinas.example").await;
    for _ in 0..10 {
        link(&app, programme, json!({})).await;
    }
    let refused = app.post(programme, "/v1/me/calendar-links", json!({})).await;
    assert_eq!((refused.status, &refused.body["code"]), (409, &json!("too_many_links")), "{}", refused.text);
}
