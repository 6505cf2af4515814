//! The snapshots of a business through HTTP.

use serde_json::{Value, json};
use seribu::access::Role;

use crate::{
    businesses::{a_business, given_a_business, share},
    support::{Caller, TestApp},
};

pub fn a_snapshot(taken_on: &str) -> Value {
    json!({
        "taken_on": taken_on,
        "annual_revenue_idr": 84_000_000,
        "capital_idr": 25_000_000,
        "employees_female": 2,
        "bookkeeping_level": 1,
        "statements": ["cash_book"],
        "source": "intake",
    })
}

#[actix_web::test]
async fn figures_change_by_a_new_snapshot_and_the_latest_day_comes_first() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let business = app.create(programme, "/v1/businesses", a_business("Dapur Bu Siti")).await;
    let path = format!("/v1/businesses/{business}/snapshots");
    let newer = app.create(programme, &path, a_snapshot("2026-11-20")).await;
    let older = app.create(programme, &path, a_snapshot("2026-03-01")).await;
    let list = app.get(programme, &path).await;
    let ids: Vec<_> = list.body["data"].as_array().unwrap().iter().map(|row| row["id"].clone()).collect();
    assert_eq!(ids, [json!(newer), json!(older)], "{}", list.text);
    let one = app.get(programme, &format!("{path}/{older}")).await;
    assert_eq!((one.status, &one.body["customers"]), (200, &Value::Null), "{}", one.text);
    let second = app.get(programme, &format!("{path}?limit=1")).await.body["next_cursor"].clone();
    let second = app.get(programme, &format!("{path}?limit=1&cursor={}", second.as_str().unwrap())).await;
    assert_eq!(second.body["data"][0]["id"], json!(older), "{}", second.text);
}

#[actix_web::test]
async fn a_snapshot_of_tomorrow_or_of_a_period_that_runs_is_refused_with_all_its_flaws() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let business = app.create(programme, "/v1/businesses", a_business("Dapur Bu Siti")).await;
    let path = format!("/v1/businesses/{business}/snapshots");
    let mut late = a_snapshot("2026-11-25");
    late["period"] = json!({ "kind": "year", "end": "2026-12-31" });
    let refused = app.post(programme, &path, late).await;
    assert_eq!(refused.flaws(), ["/taken_on in_the_future", "/period/end too_late"], "{}", refused.text);
    let mut wrong = a_snapshot("2026-11-20");
    (wrong["capital_idr"], wrong["bookkeeping_level"]) = (json!(-1), json!(5));
    let refused = app.post(programme, &path, wrong).await;
    let mut flaws = refused.flaws();
    flaws.sort();
    assert_eq!(flaws, ["/bookkeeping_level too_large", "/capital_idr too_small"], "{}", refused.text);
}

#[actix_web::test]
async fn a_snapshot_is_found_under_its_own_business_only() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let business = app.create(programme, "/v1/businesses", a_business("Dapur Bu Siti")).await;
    let other = app.create(programme, "/v1/businesses", a_business("Batik Serpong")).await;
    let path = format!("/v1/businesses/{business}/snapshots");
    let snapshot = app.create(programme, &path, a_snapshot("2026-11-20")).await;
    let elsewhere = app.get(programme, &format!("/v1/businesses/{other}/snapshots/{snapshot}")).await;
    assert_eq!(elsewhere.status, 404, "{}", elsewhere.text);
}

#[actix_web::test]
async fn planners_see_the_money_of_a_snapshot_in_bands() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let business = app.create(programme, "/v1/businesses", a_business("Dapur Bu Siti")).await;
    let path = format!("/v1/businesses/{business}/snapshots");
    let snapshot = app.create(programme, &path, a_snapshot("2026-11-20")).await;
    let seen = app.get(Caller::new(Role::Policy), &format!("{path}/{snapshot}")).await;
    assert_eq!(seen.body["annual_revenue_idr"], Value::Null, "{}", seen.text);
    assert_eq!(seen.body["bands"]["annual_revenue_idr"], json!([50_000_000, 100_000_000]));
    assert_eq!(seen.body["employees_female"], 2);
}

#[actix_web::test]
async fn who_gives_the_figures_says_only_what_he_can_know() {
    let app = TestApp::start().await;
    let given = given_a_business(&app).await;
    let path = format!("{}/snapshots", given.path);
    let with = |source: &str| {
        let mut snapshot = a_snapshot("2026-11-20");
        snapshot["source"] = json!(source);
        snapshot
    };
    for source in ["intake", "mentor", "visit", "survey"] {
        let refused = app.post(given.as_owner(), &path, with(source)).await;
        assert_eq!(refused.flaws(), ["/source not_allowed"], "{source}: {}", refused.text);
    }
    assert_eq!(app.post(given.as_owner(), &path, with("self")).await.status, 201);
    let mentor = Caller::new(Role::Mentor);
    assert_eq!(app.post(mentor, &path, with("visit")).await.status, 404);
    let party = format!("mentor:{}", mentor.subject.unwrap());
    share(&app, &given.business, &party).await;
    for (source, status) in [("self", 422), ("intake", 422), ("survey", 422), ("mentor", 201), ("visit", 201)]
    {
        let reply = app.post(mentor, &path, with(source)).await;
        assert_eq!(reply.status, status, "{source}: {}", reply.text);
    }
    assert_eq!(app.post(Caller::new(Role::Policy), &path, with("visit")).await.status, 403);
}
