//! Finding what may be the same.

use serde_json::{Value, json};
use seribu::access::Role;

use super::{merged, programme};
use crate::{
    businesses::{a_business, a_business_of, given, share},
    mentors::a_mentor,
    persons::a_person,
    support::{Caller, TestApp, merged as with},
};

#[actix_web::test]
async fn a_name_alike_in_the_same_village_and_a_telephone_are_told_to_who_registers_a_business() {
    let app = TestApp::start().await;
    let first = given(&app, a_business_of("Dapur Bu Siti", "Siti Aminah")).await;
    let alike = app.post(programme(), "/v1/businesses", a_business("Dapur Ibu Siti")).await;
    assert_eq!(alike.body["possible_duplicates"], json!([first.business]), "{}", alike.text);
    let same_phone =
        app.post(programme(), "/v1/businesses", a_business_of("Warung Kopi", "Aminah Siti")).await;
    assert_eq!(same_phone.body["possible_duplicates"], json!([first.business]), "{}", same_phone.text);
    let mut elsewhere = a_business("Dapur Bu Siti");
    elsewhere["address"]["village_code"] = json!("36.74.06.1006");
    let elsewhere = app.post(programme(), "/v1/businesses", elsewhere).await;
    assert_eq!(elsewhere.body["possible_duplicates"], json!([]), "{}", elsewhere.text);
    let found = app.get(programme(), &format!("{}/duplicates", first.path)).await;
    let found: Vec<_> = found.body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["id"].clone(), it["reasons"].clone()))
        .collect();
    let reasons =
        [(same_phone.id(), json!(["same_phone"])), (alike.id(), json!(["alike_name_same_village"]))];
    for (id, reasons) in reasons {
        assert!(found.contains(&(json!(id), reasons)), "{found:?}");
    }
    merged(&app, "business", &alike.id(), &first.business).await;
    let left = app.get(programme(), &format!("{}/duplicates", first.path)).await;
    assert!(!left.text.contains(&alike.id()), "{}", left.text);
    assert_eq!(app.get(programme(), &first.path).await.body.get("possible_duplicates"), None);
}

#[actix_web::test]
async fn a_desk_is_told_only_of_what_it_may_see() {
    let app = TestApp::start().await;
    let desk = Caller::new(Role::Facilitation);
    let hidden = given(&app, a_business_of("Dapur Bu Siti", "Siti Aminah")).await.business;
    let seen = app.create(programme(), "/v1/businesses", a_business("Dapur Ibu Siti")).await;
    share(&app, &seen, "division:facilitation").await;
    let new = app.post(desk, "/v1/businesses", a_business("Dapur Bu Siti A")).await;
    assert_eq!(new.body["possible_duplicates"], json!([seen]), "{}", new.text);
    let found = app.get(desk, &format!("/v1/businesses/{}/duplicates", new.id())).await;
    assert!(found.text.contains(&seen) && !found.text.contains(&hidden), "{}", found.text);
    let owner = Caller::new(Role::Business);
    assert_eq!(app.get(owner, &format!("/v1/businesses/{seen}/duplicates")).await.status, 403);
}

#[actix_web::test]
async fn persons_and_mentors_are_found_by_name_and_telephone() {
    let app = TestApp::start().await;
    let there = json!({ "village_code": "36.74.04.1002", "phone": "0812-3456-7890" });
    let first = app.create(programme(), "/v1/persons", with(a_person("Siti Aminah"), there)).await;
    let alike = with(a_person("Siti Aminnah"), json!({ "village_code": "36.74.04.1002" }));
    let alike = app.post(programme(), "/v1/persons", alike).await;
    assert_eq!(alike.body["possible_duplicates"], json!([first]), "{}", alike.text);
    let phone = with(a_person("Budi"), json!({ "phone": "+62 812 3456 7890" }));
    let phone = app.post(programme(), "/v1/persons", phone).await;
    assert_eq!(phone.body["possible_duplicates"], json!([first]), "{}", phone.text);
    let found = app.get(programme(), &format!("/v1/persons/{}/duplicates", phone.id())).await;
    assert_eq!(found.body["data"][0]["reasons"], json!(["same_phone"]), "{}", found.text);

    let first = app.create(programme(), "/v1/mentors", a_mentor("Rina Kusuma", "rina@contoh.example")).await;
    let mut other = a_mentor("Rina Kusumah", "r.kusuma@contoh.example");
    other["phone"] = Value::Null;
    let other = app.post(programme(), "/v1/mentors", other).await;
    assert_eq!(other.body["possible_duplicates"], json!([first]), "{}", other.text);
    let found = app.get(programme(), &format!("/v1/mentors/{first}/duplicates")).await;
    assert_eq!(found.body["data"][0]["reasons"], json!(["alike_name"]), "{}", found.text);
}
