//! The standing of a business through HTTP.

use serde_json::{Value, json};
use seribu::access::Role;

use crate::{
    businesses::a_business,
    snapshots::a_snapshot,
    support::{Caller, Reply, TestApp},
};

#[actix_web::test]
async fn a_standing_follows_the_snapshot_of_the_latest_day_whenever_it_is_entered() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let path = app.create(programme, "/v1/businesses", a_business("Dapur Bu Siti")).await;
    let path = format!("/v1/businesses/{path}");
    let (snapshots, standing) = (format!("{path}/snapshots"), format!("{path}/standing"));
    let before = app.get(programme, &standing).await;
    assert_eq!((before.status, &before.body["as_of"]), (200, &Value::Null), "{}", before.text);
    let latest = app.create(programme, &snapshots, a_snapshot("2026-11-20")).await;
    let seen = app.eventually(programme, &standing, |reply| reply.body["as_of"] == "2026-11-20").await;
    assert_eq!(seen.body["size_class"], "micro", "{}", seen.text);
    assert_eq!((&seen.body["basis"], &seen.body["rule"]), (&json!("annual_sales"), &json!("PP7/2021")));
    app.create(programme, &snapshots, a_snapshot("2026-03-01")).await;
    let mut again = a_snapshot("2026-11-20");
    again["customers"] = json!(9);
    app.create(programme, &snapshots, again).await;
    let seen = app.eventually(programme, &standing, |reply| reply.body["customers"] == 9).await;
    assert_ne!(seen.body["snapshot_id"], json!(latest));
    assert_eq!(seen.body["as_of"], "2026-11-20");
}

#[actix_web::test]
async fn a_business_without_a_full_year_of_sales_is_measured_by_its_capital() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let mut young = a_business("Dapur Bu Siti");
    young["founded_on"] = json!("2026-02-01");
    let path = app.create(programme, "/v1/businesses", young).await;
    let path = format!("/v1/businesses/{path}");
    let mut snapshot = a_snapshot("2026-11-20");
    snapshot["capital_idr"] = json!(1_000_000_001);
    app.create(programme, &format!("{path}/snapshots"), snapshot).await;
    let standing = format!("{path}/standing");
    let seen = app.eventually(programme, &standing, |reply| reply.body["basis"] == "capital").await;
    assert_eq!(seen.body["size_class"], "small", "{}", seen.text);
    // It turns out to be older, and what is asked of it changes.
    app.patch(programme, &path, json!({ "founded_on": "2020-02-01" })).await;
    let seen = app.eventually(programme, &standing, |reply| reply.body["basis"] == "annual_sales").await;
    assert_eq!(seen.body["size_class"], "micro", "{}", seen.text);
}

#[actix_web::test]
async fn revenue_of_a_quarter_is_an_estimate_and_no_year_of_sales() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let path = app.create(programme, "/v1/businesses", a_business("Dapur Bu Siti")).await;
    let path = format!("/v1/businesses/{path}");
    let mut snapshot = a_snapshot("2026-11-20");
    snapshot["period"] = json!({ "kind": "quarter", "end": "2026-09-30" });
    snapshot["capital_idr"] = Value::Null;
    app.create(programme, &format!("{path}/snapshots"), snapshot).await;
    let standing = format!("{path}/standing");
    let seen = app.eventually(programme, &standing, |reply| reply.body["as_of"] == "2026-11-20").await;
    assert_eq!((&seen.body["size_class"], &seen.body["basis"]), (&Value::Null, &Value::Null));
}

#[actix_web::test]
async fn businesses_are_listed_with_their_standing_and_found_by_it() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let mut ids = Vec::new();
    for (name, revenue, level) in [("Dapur Bu Siti", 84_000_000_i64, 1), ("Batik Serpong", 3_000_000_000, 3)]
    {
        let mut business = a_business(name);
        let mut snapshot = a_snapshot("2026-11-20");
        (snapshot["annual_revenue_idr"], snapshot["bookkeeping_level"]) = (json!(revenue), json!(level));
        business["snapshot"] = snapshot;
        ids.push(app.create(programme, "/v1/businesses", business).await);
    }
    let small = "/v1/businesses?size_class=small";
    let found = app.eventually(programme, small, |reply| reply.body["data"] != json!([])).await;
    assert_eq!(found.body["data"][0]["id"], json!(ids[1]), "{}", found.text);
    assert_eq!(found.body["data"][0]["standing"], Value::Null);
    let by_level = app.get(programme, "/v1/businesses?bookkeeping_level=0,1&include=standing").await;
    assert_eq!(by_level.body["data"].as_array().unwrap().len(), 1, "{}", by_level.text);
    assert_eq!(by_level.body["data"][0]["standing"]["size_class"], "micro", "{}", by_level.text);
    let wrong = app.get(programme, "/v1/businesses?bookkeeping_level=5&size_class=tiny&include=owner").await;
    assert_eq!(wrong.flaws(), ["bookkeeping_level invalid", "include invalid", "size_class invalid"]);
}

#[actix_web::test]
async fn with_its_standing_a_business_has_a_tag_that_changes_with_either() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let path = app.create(programme, "/v1/businesses", a_business("Dapur Bu Siti")).await;
    let path = format!("/v1/businesses/{path}");
    let both = format!("{path}?include=standing");
    app.readers_done().await;
    let before = app.get(programme, &both).await;
    let tag = |reply: &Reply| format!("\"1-all-{}\"", reply.body["standing"]["version"]);
    assert_eq!(before.header("etag"), tag(&before), "{}", before.text);
    assert_eq!(app.get(programme, &path).await.header("etag"), "\"1-all\"");
    app.create(programme, &format!("{path}/snapshots"), a_snapshot("2026-11-20")).await;
    let after =
        app.eventually(programme, &both, |reply| reply.body["standing"]["as_of"] == "2026-11-20").await;
    assert_eq!(after.header("etag"), tag(&after));
    assert_ne!(after.header("etag"), before.header("etag"));
    assert_eq!(app.get(programme, &path).await.header("etag"), "\"1-all\"");
}

#[actix_web::test]
async fn planners_see_money_in_bands_within_a_business_too() {
    let app = TestApp::start().await;
    let mut business = a_business("Dapur Bu Siti");
    business["snapshot"] = a_snapshot("2026-11-20");
    let id = app.create(Caller::new(Role::Programme), "/v1/businesses", business).await;
    let (path, policy) = (format!("/v1/businesses/{id}?include=standing"), Caller::new(Role::Policy));
    let seen = app.eventually(policy, &path, |reply| !reply.body["standing"]["as_of"].is_null()).await;
    assert_eq!(seen.body["standing"]["annual_revenue_idr"], Value::Null, "{}", seen.text);
    assert_eq!(seen.body["bands"]["standing.annual_revenue_idr"], json!([50_000_000, 100_000_000]));
    assert_eq!(seen.body["standing"]["size_class"], "micro");
}
