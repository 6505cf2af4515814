//! The change feed through HTTP: all that a caller may know, once, in order, and no more.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use actix_web::rt;
use chrono::Days;
use diesel_async::SimpleAsyncConnection;
use futures_util::future::join;
use serde_json::{Value, json};
use seribu::{access::Role, log::listening};

use crate::{
    businesses::{a_business, given_a_business},
    institutions::an_institution,
    mentorships::Scene,
    persons::lines,
    support::{Caller, Reply, TestApp, now},
};

async fn changes(app: &TestApp, caller: Caller, query: &str) -> Reply {
    let page = app.get(caller, &format!("/v1/changes{query}")).await;
    assert_eq!(page.status, 200, "{query}: {}", page.text);
    page
}

fn next(page: &Reply) -> String {
    page.body["next_cursor"].as_str().unwrap().to_owned()
}

/// All there is, by pages of some sizes.
async fn all(app: &TestApp, caller: Caller, sizes: &[usize]) -> Vec<Value> {
    let (mut found, mut after) = (Vec::new(), String::new());
    for size in sizes.iter().cycle() {
        let page = changes(app, caller, &format!("?limit={size}{after}")).await;
        let data = page.body["data"].as_array().unwrap();
        assert!(data.len() <= *size);
        found.extend(data.iter().cloned());
        if page.body["has_more"] == json!(false) {
            break;
        }
        after = format!("&after={}", next(&page));
    }
    found
}

fn types(found: &[Value]) -> Vec<&str> {
    found.iter().map(|change| change["type"].as_str().unwrap()).collect()
}

/// A scene with some coaching done, and a mentor who was asked and declined.
async fn some_coaching() -> Scene {
    let scene = Scene::start().await;
    let id = scene.active().await;
    scene.held(&id).await;
    scene.objective(&id, json!({})).await;
    scene.app.readers_done().await;
    scene
}

#[actix_web::test]
async fn a_caller_gets_each_event_that_names_it_once_in_the_order_of_each_record() {
    let scene = some_coaching().await;
    for caller in
        [scene.programme, scene.mentor, scene.owner, scene.university, Caller::new(Role::Facilitation)]
    {
        let party = match (caller.role, caller.subject) {
            (Role::Programme, _) => "staff".to_owned(),
            (Role::Business, Some(id)) => format!("person:{id}"),
            (Role::Facilitation, _) => "division:facilitation".to_owned(),
            (role, Some(id)) => format!("{role}:{id}"),
            (role, None) => role.to_string(),
        };
        let parties = format!("array['{party}', '{}:*']", party.split(':').next().unwrap());
        let named = format!(
            "select id::text as line from events where audience && {parties} or lost && {parties} order by 1"
        );
        let found = all(&scene.app, caller, &[1, 7, 3, 1000]).await;
        let mut ids: Vec<_> = found.iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect();
        ids.sort();
        assert_eq!(ids, lines(&scene.app, &named).await, "{party}");
        assert!(ids.len() > 2, "{party}: {ids:?}");
        let mut versions = BTreeMap::new();
        for change in &found {
            let version = change["subject_version"].as_i64().unwrap();
            let before = versions.insert(change["subject_id"].to_string(), version).unwrap_or(0);
            assert!(version >= before, "{change}");
        }
    }
}

#[actix_web::test]
async fn what_a_caller_does_not_see_of_a_record_it_does_not_see_of_a_change() {
    let scene = some_coaching().await;
    let seen = all(&scene.app, scene.university, &[1000]).await;
    let text = json!(seen).to_string();
    assert!(text.contains("mentorship.active") && text.contains("session.held"), "{text}");
    assert!(!text.contains("Dapur Bu Siti") && !text.contains("Buku kas"), "{text}");
    // A token with fewer scopes follows less.
    let scopes = |scope: &'static str| move |claims: &mut seribu::access::Claims| claims.scope = scope.into();
    let ask = async |token: String| {
        let request = scene.app.request(actix_web::http::Method::GET, "/v1/changes").bearer_auth(token);
        scene.app.send(request, "").await
    };
    let some = ask(scene.programme.token(scopes("changes:read cohorts:read"))).await;
    let resources: BTreeSet<_> =
        some.body["data"].as_array().unwrap().iter().map(|it| it["resource"].as_str().unwrap()).collect();
    assert_eq!(resources, BTreeSet::from(["cohort", "participant"]), "{}", some.text);
    assert_eq!(ask(scene.programme.token(scopes("cohorts:read"))).await.status, 403);
}

#[actix_web::test]
async fn who_loses_sight_of_a_business_gets_a_tombstone_and_nothing_of_what_it_saw() {
    let scene = Scene::start().await;
    let id = scene.proposed().await;
    scene.app.readers_done().await;
    let shared = all(&scene.app, scene.mentor, &[1000]).await;
    let came = shared.iter().find(|it| it["type"] == "business.shared");
    let came = came.unwrap_or_else(|| panic!("{shared:?}"));
    assert_eq!((&came["subject_id"], &came["tombstone"]), (&json!(scene.business), &json!(false)));
    let decline = json!({ "action": "decline", "reason_code": "too_far" });
    scene.app.act(scene.mentor, &format!("/v1/mentorships/{id}"), decline).await;
    scene.app.readers_done().await;
    let found = all(&scene.app, scene.mentor, &[1000]).await;
    let gone = found.iter().find(|it| it["type"] == "business.unshared").unwrap();
    assert_eq!((&gone["subject_id"], &gone["tombstone"]), (&json!(scene.business), &json!(true)));
    assert_eq!(gone["data"], Value::Null);
    let of_business = found.iter().filter(|it| it["resource"] == "business");
    assert!(
        of_business.clone().count() >= 2 && of_business.clone().all(|it| it["data"] == Value::Null),
        "{found:?}"
    );
}

#[actix_web::test]
async fn what_was_merged_says_where_it_is_found() {
    let app = TestApp::start().await;
    let given = given_a_business(&app).await;
    let programme = Caller::new(Role::Programme);
    let again = app.create(programme, "/v1/businesses", a_business("Dapur Ibu Siti")).await;
    let merge = json!({ "resource": "business", "from_id": again, "into_id": given.business });
    app.create(programme, "/v1/merges", merge).await;
    app.readers_done().await;
    let page = changes(&app, programme, "?types=business.merged").await;
    let merged = &page.body["data"][0];
    assert_eq!((&merged["subject_id"], &merged["merged_into"]), (&json!(again), &json!(given.business)));
}

#[actix_web::test]
async fn a_cursor_is_good_for_its_caller_and_its_types_for_ninety_days() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    app.create(programme, "/v1/institutions", an_institution("ut", "university")).await;
    app.readers_done().await;
    let start = app.get(programme, "/v1/changes/start").await;
    let cursor = start.body["cursor"].as_str().unwrap();
    assert_eq!(changes(&app, programme, &format!("?after={cursor}")).await.body["data"], json!([]));
    let forged = format!("{}A", &cursor[..cursor.len() - 1]);
    for (caller, query) in [
        (Caller::new(Role::Programme), format!("?after={cursor}")),
        (programme, format!("?after={cursor}&types=business")),
        (programme, format!("?after={forged}x")),
        (programme, "?after=eyJ".to_owned()),
    ] {
        let refused = app.get(caller, &format!("/v1/changes{query}")).await;
        assert_eq!((refused.status, refused.flaws()), (422, vec!["after bad_cursor".to_owned()]), "{query}");
    }
    app.set_clock(now() + Days::new(90));
    assert_eq!(app.get(programme, &format!("/v1/changes?after={cursor}")).await.status, 200);
    app.set_clock(now() + Days::new(91));
    let old = app.get(programme, &format!("/v1/changes?after={cursor}")).await;
    assert_eq!((old.status, &old.body["type"]), (410, &json!("/problems/gone")), "{}", old.text);
    assert_eq!(old.body["restart"], "/v1/changes/start");
}

#[actix_web::test]
async fn what_is_asked_wrongly_is_named() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    for (query, flaw) in [
        ("?limit=0", "limit not_allowed"),
        ("?limit=1001", "limit not_allowed"),
        ("?wait=31", "wait not_allowed"),
        ("?types=busines", "types unknown_code"),
        ("?types=business.flown", "types unknown_code"),
        ("?since=1", "since unknown"),
        ("?after_id=01930000-0000-7000-8000-000000000000", "after_id no_such_record"),
    ] {
        let refused = app.get(programme, &format!("/v1/changes{query}")).await;
        assert_eq!((refused.status, refused.flaws()), (422, vec![flaw.to_owned()]), "{query}");
    }
}

#[actix_web::test]
async fn who_knows_the_last_event_goes_on_behind_it() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    for code in ["a1", "b1", "c1"] {
        app.create(programme, "/v1/institutions", an_institution(code, "university")).await;
    }
    app.readers_done().await;
    let found = all(&app, programme, &[1000]).await;
    let page = changes(&app, programme, &format!("?after_id={}", found[0]["id"].as_str().unwrap())).await;
    assert_eq!(page.body["data"].as_array().unwrap()[..], found[1..]);
    // Of another's feed it is no place.
    let event = format!("/v1/changes?after_id={}", found[0]["id"].as_str().unwrap());
    let stranger = app.get(Caller::new(Role::Mentor), &event).await;
    assert_eq!(stranger.flaws(), ["after_id no_such_record"], "{}", stranger.text);
}

#[actix_web::test]
async fn who_waits_is_answered_as_soon_as_something_happens() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    app.readers_done().await;
    let start = app.get(programme, "/v1/changes/start").await.body["cursor"].as_str().unwrap().to_owned();
    let nothing = changes(&app, programme, &format!("?after={start}&wait=1")).await;
    assert_eq!((&nothing.body["data"], &nothing.body["has_more"]), (&json!([]), &json!(false)));
    let path = format!("?after={}&wait=19", next(&nothing));
    let later = async {
        rt::time::sleep(Duration::from_millis(300)).await;
        app.create(programme, "/v1/institutions", an_institution("ut", "university")).await;
    };
    let (page, ()) = join(changes(&app, programme, &path), later).await;
    assert_eq!(types(page.body["data"].as_array().unwrap()), ["institution.created"]);
}

#[actix_web::test]
async fn a_replica_is_woken_by_what_another_has_numbered() {
    let app = TestApp::start().await;
    let mut numbered = app.settings.shared.numbered.subscribe();
    rt::spawn(listening::listen(app.settings.worker().unwrap()));
    let mut other = app.database.as_app().await;
    for _ in 0..100 {
        numbered.mark_unchanged();
        other.batch_execute("notify feed").await.unwrap();
        if rt::time::timeout(Duration::from_millis(100), numbered.changed()).await.is_ok() {
            return;
        }
    }
    panic!("nobody was woken");
}
