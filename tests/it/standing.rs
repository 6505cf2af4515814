//! The standing of a business through HTTP.

use serde_json::{Value, json};
use seribu::access::Role;

use crate::{
    businesses::a_business,
    snapshots::a_snapshot,
    support::{Caller, TestApp},
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
