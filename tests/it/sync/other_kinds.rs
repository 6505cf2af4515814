//! Businesses and cooperatives of other municipal systems.

use serde_json::{Value, json};
use seribu::access::Role;

use super::{CSV, NDJSON, answer, count, flaws, ndjson, results, sync};
use crate::{
    businesses::a_business,
    support::{Caller, TestApp, merged},
};

#[actix_web::test]
async fn businesses_come_with_their_owner_and_change_one_by_one() {
    let app = TestApp::start().await;
    let licensing = Caller::new(Role::Programme);
    let a = |number: usize, change: Value| {
        let business = a_business(&format!("Dapur {number}"));
        merged(merged(business, json!({ "external_id": format!("OSS-{number}") })), change)
    };
    let owner = json!({ "owner": { "full_name": "Siti Aminah", "phone": "0812-3456-7890" } });
    let npwp = json!({ "npwp": "01.312.166.0-091.000" });
    let rows =
        [a(1, owner.clone()), a(2, npwp.clone()), a(3, json!({ "subsector": "sihir" })), a(4, json!({}))];
    let made = sync(&app, licensing, "businesses?source=oss", &[NDJSON], ndjson(&rows)).await;
    let (lines, _) = answer(&made);
    assert_eq!(results(&made), ["created", "created", "rejected", "created"], "{}", made.text);
    assert_eq!(flaws(&lines[2]), ["/subsector unknown_code"]);
    let people = format!("/v1/businesses/{}/people", lines[0]["id"].as_str().unwrap());
    assert_eq!(app.get(licensing, &people).await.body["data"].as_array().unwrap().len(), 1);
    let events = count(&app, "events").await;
    let rows = [a(1, owner), a(2, npwp), a(4, json!({ "description": "Kue basah" }))];
    let again = sync(&app, licensing, "businesses?source=oss", &[NDJSON], ndjson(&rows)).await;
    let (lines, _) = answer(&again);
    assert_eq!(results(&again), ["unchanged", "unchanged", "updated"], "{}", again.text);
    assert_eq!(json!([lines[0]["kept"], lines[2]["changed"]]), json!([["owner"], ["description"]]));
    let after: i64 = count(&app, "events where resource <> 'sync_run'").await.parse().unwrap();
    assert!(after <= events.parse::<i64>().unwrap(), "the same writes nothing: {after} {events}");
    let table = "external_id,name,subsector,address.village_code,owner.full_name\nOSS-9,Warung Tini,kuliner,36.74.04.1002,Tini\n";
    let of_table = sync(&app, licensing, "businesses?source=oss", &[CSV], table).await;
    assert_eq!(results(&of_table), ["created"], "{}", of_table.text);
    let whole = sync(&app, licensing, "businesses?source=oss&mode=snapshot", &[CSV], table).await;
    assert_eq!(whole.flaws(), ["mode not_allowed"]);
}

#[actix_web::test]
async fn cooperatives_are_the_divisions_to_sync() {
    let app = TestApp::start().await;
    let division = Caller::new(Role::Cooperatives);
    let table = "external_id;name;kind;village_code;service_area;founded_on\n\
                 ODS-1;Koperasi Batik Serpong;producer;36.74.01.1001;36.74.01.1001|36.74.01.1002;31/01/2020\n";
    let made = sync(&app, division, "cooperatives?source=ods", &[CSV], table).await;
    assert_eq!(results(&made), ["created"], "{}", made.text);
    let again = sync(&app, division, "cooperatives?source=ods", &[CSV], table).await;
    assert_eq!(results(&again), ["unchanged"], "{}", again.text);
    let changed = table.replace("Batik", "Tenun");
    let changed = answer(&sync(&app, division, "cooperatives?source=ods", &[CSV], changed).await).0;
    assert_eq!(json!([changed[0]["result"], changed[0]["changed"]]), json!(["updated", ["name"]]));
    assert_eq!(
        sync(&app, Caller::new(Role::Programme), "cooperatives?source=ods", &[CSV], table).await.status,
        403
    );
}
