//! Duplicates through HTTP: finding them, merging them, parting them again.

mod catalogue;
mod clashes;
mod duplicates;
mod mentors;
mod parting;
mod persons;
mod readers;
mod round_trip;

use serde_json::{Value, json};
use seribu::access::Role;

use crate::{
    businesses::{Given, a_business, a_business_of, given, given_a_business, history, share},
    products::a_product,
    snapshots::a_snapshot,
    support::{Caller, Reply, TestApp},
};

pub fn programme() -> Caller {
    Caller::new(Role::Programme)
}

pub async fn tries(app: &TestApp, resource: &str, from: &str, into: &str) -> Reply {
    let merge =
        json!({ "resource": resource, "from_id": from, "into_id": into, "note": "Terdaftar dua kali." });
    app.post(programme(), "/v1/merges", merge).await
}

/// Merges what must be possible to merge: the path of the merge.
pub async fn merged(app: &TestApp, resource: &str, from: &str, into: &str) -> String {
    let reply = tries(app, resource, from, into).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    format!("/v1/merges/{}", reply.id())
}

pub async fn undo(app: &TestApp, path: &str) -> Reply {
    app.post(programme(), &format!("{path}/transitions"), json!({ "action": "undo" })).await
}

pub fn code(reply: &Reply) -> (u16, &Value) {
    (reply.status, &reply.body["code"])
}

/// One with an owner, and one that came in again without.
pub async fn twice(app: &TestApp) -> (Given, String) {
    let given = given_a_business(app).await;
    let again = app.create(programme(), "/v1/businesses", a_business("Dapur Ibu Siti")).await;
    (given, again)
}

#[actix_web::test]
async fn what_was_merged_leads_whoever_sees_the_other_to_it_and_refuses_every_write() {
    let app = TestApp::start().await;
    let (given, again) = twice(&app).await;
    let old = format!("/v1/businesses/{again}");
    merged(&app, "business", &again, &given.business).await;
    for (path, there) in [
        (old.clone(), given.path.clone()),
        (format!("{old}?include=standing"), format!("{}?include=standing", given.path)),
        (format!("{old}/people"), format!("{}/people", given.path)),
    ] {
        let led = app.get(programme(), &path).await;
        assert_eq!((led.status, led.header("location")), (308, there.as_str()), "{}", led.text);
        assert_eq!(led.header("cache-control"), "no-store");
    }
    let owner = app.get(given.as_owner(), &old).await;
    assert_eq!((owner.status, owner.header("location")), (308, given.path.as_str()), "{}", owner.text);
    assert_eq!(app.get(Caller::new(Role::Business), &old).await.status, 404);
    let policy = app.get(Caller::new(Role::Policy), &old).await;
    assert_eq!(policy.status, 308, "{}", policy.text);

    let patched = app.patch(programme(), &old, json!({ "name": "Lain" })).await;
    assert_eq!(code(&patched), (409, &json!("merged")), "{}", patched.text);
    assert_eq!(patched.body["duplicate_of"], json!(given.path));
    let resting = json!({ "action": "deactivate", "reason_code": "resting" });
    assert_eq!(code(&app.post(programme(), &format!("{old}/transitions"), resting).await).0, 409);
    let product = app.post(programme(), &format!("{old}/products"), a_product(json!({}))).await;
    assert_eq!(code(&product), (409, &json!("merged")), "{}", product.text);

    let list = app.get(programme(), "/v1/businesses?with_total=true").await;
    assert_eq!((&list.body["total"], &list.body["data"][0]["id"]), (&json!(1), &json!(given.business)));
    let asked = app.get(programme(), "/v1/businesses?status=merged").await;
    assert_eq!(asked.body["data"][0]["merged_into"], json!(given.business), "{}", asked.text);
    assert_eq!(
        history(&app, programme(), &old).await,
        ["business.created", "merge.created", "business.merged"]
    );
}

#[actix_web::test]
async fn what_belongs_to_the_duplicate_is_the_others_with_an_event_for_each_and_its_fields_are_not() {
    let app = TestApp::start().await;
    let (given, again) = twice(&app).await;
    let old = format!("/v1/businesses/{again}");
    let product = app.create(programme(), &format!("{old}/products"), a_product(json!({}))).await;
    app.create(programme(), &format!("{old}/snapshots"), a_snapshot("2026-11-20")).await;
    app.readers_done().await;
    merged(&app, "business", &again, &given.business).await;
    let moved = app.get(given.as_owner(), &format!("{}/products/{product}", given.path)).await;
    assert_eq!((moved.status, &moved.body["version"]), (200, &json!(2)), "{}", moved.text);
    assert_eq!(moved.body["business_id"], json!(given.business));
    assert_eq!(app.get(programme(), &given.path).await.body["name"], "Dapur Bu Siti");
    let seen = app.get(given.as_owner(), &format!("{}/history?limit=200", given.path)).await;
    let kinds: Vec<_> = seen.body["data"].as_array().unwrap().iter().map(|it| it["type"].clone()).collect();
    for kind in ["product.updated", "snapshot.updated"] {
        assert!(kinds.contains(&json!(kind)), "{kind} is not among {kinds:?}");
    }
    let event =
        seen.body["data"].as_array().unwrap().iter().find(|it| it["type"] == "product.updated").unwrap();
    assert_eq!(event["data"]["before"]["business_id"], json!(again));
    assert_eq!(event["data"]["after"]["business_id"], json!(given.business));
    // The figures are those of the snapshot that came with it.
    let standing = format!("{}/standing", given.path);
    app.eventually(programme(), &standing, |it| it.body["annual_revenue_idr"] == 84_000_000).await;
}

#[actix_web::test]
async fn who_saw_the_duplicate_sees_the_other_since_and_is_told_so() {
    let app = TestApp::start().await;
    let (given, again) = twice(&app).await;
    let desk = Caller::new(Role::Facilitation);
    share(&app, &again, "division:facilitation").await;
    assert_eq!(app.get(desk, &given.path).await.status, 404);
    let merge = merged(&app, "business", &again, &given.business).await;
    assert_eq!(app.get(desk, &given.path).await.status, 200);
    let told = app.get(desk, &format!("{}/history", given.path)).await;
    assert!(told.text.contains("business.shared"), "{}", told.text);
    assert_eq!(undo(&app, &merge).await.status, 200);
    assert_eq!(app.get(desk, &given.path).await.status, 404);
    assert_eq!(app.get(desk, &format!("/v1/businesses/{again}")).await.status, 200);
}

#[actix_web::test]
async fn ids_of_partners_go_with_it_and_come_back() {
    let app = TestApp::start().await;
    let given = given_a_business(&app).await;
    let mut body = a_business("Dapur Ibu Siti");
    body["external_ids"] = json!([{ "source": "portal", "value": "A 1" }]);
    let again = app.create(programme(), "/v1/businesses", body.clone()).await;
    let merge = merged(&app, "business", &again, &given.business).await;
    let found = app.get(programme(), "/v1/businesses?external_id=portal:A%201").await;
    assert_eq!(found.body["data"][0]["id"], json!(given.business), "{}", found.text);
    assert_eq!(found.body["data"][0]["external_ids"], body["external_ids"]);
    assert_eq!(undo(&app, &merge).await.status, 200);
    assert_eq!(app.get(programme(), &given.path).await.body["external_ids"], json!([]));
    let back = app.get(programme(), &format!("/v1/businesses/{again}")).await;
    assert_eq!(back.body["external_ids"], body["external_ids"], "{}", back.text);
}

#[actix_web::test]
async fn a_record_is_not_merged_with_itself_nor_twice_nor_with_what_is_not_there() {
    let app = TestApp::start().await;
    let (given, again) = twice(&app).await;
    let itself = tries(&app, "business", &again, &again).await;
    assert_eq!((itself.status, itself.flaws()), (422, vec!["/into_id conflict".into()]), "{}", itself.text);
    let nobody = "01930000-0000-7000-8000-000000000000";
    let nothing = tries(&app, "business", nobody, &given.owner).await;
    assert_eq!(nothing.flaws(), ["/from_id no_such_record", "/into_id no_such_record"], "{}", nothing.text);
    merged(&app, "business", &again, &given.business).await;
    for (from, into) in [(&again, &given.business), (&given.business, &again)] {
        let refused = tries(&app, "business", from, into).await;
        assert_eq!(code(&refused), (409, &json!("merged")), "{}", refused.text);
    }
    let owner = app.post(given.as_owner(), "/v1/merges", json!({})).await;
    assert_eq!(owner.status, 403, "{}", owner.text);
}

#[actix_web::test]
async fn two_that_become_one_at_once_by_two_who_do_not_agree_become_one_once() {
    let app = TestApp::start().await;
    let one = given(&app, a_business_of("Dapur Bu Siti", "Siti Aminah")).await.business;
    let other = app.create(programme(), "/v1/businesses", a_business("Warung Lain")).await;
    let (a, b) = tokio::join!(tries(&app, "business", &other, &one), tries(&app, "business", &one, &other));
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409], "{} {}", a.text, b.text);
}
