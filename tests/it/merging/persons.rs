//! Persons who are one.

use serde_json::json;
use seribu::access::Role;

use super::{code, merged, programme, undo};
use crate::{
    businesses::{a_business_of, given},
    consents::a_signed_consent,
    persons::{NIK, a_known_person, a_person},
    support::{Caller, TestApp},
};

#[actix_web::test]
async fn the_businesses_and_consents_of_one_are_the_others_and_their_values_stay_readable() {
    let app = TestApp::start().await;
    let given = given(&app, a_business_of("Dapur Bu Siti", "Siti Aminah")).await;
    let known = app.create(programme(), "/v1/persons", a_known_person("Siti Aminah", NIK)).await;
    let consents = format!("/v1/persons/{}/consents", given.owner);
    let consent = app.create(programme(), &consents, a_signed_consent("survey", None)).await;
    let merge = merged(&app, "person", &given.owner, &known).await;
    let owner = Caller::of(Role::Business, &known);
    assert_eq!(app.get(owner, &given.path).await.status, 200);
    assert_eq!(app.get(given.as_owner(), &given.path).await.status, 404);
    let moved = app.get(owner, &format!("/v1/persons/{known}/consents/{consent}")).await;
    assert_eq!(moved.body["evidence"]["reference"], "Map 7, Siti Aminah", "{}", moved.text);
    let past = app.get(programme(), &format!("/v1/persons/{}/history", given.owner)).await;
    assert!(past.text.contains("Siti Aminah") && past.text.contains("person.merged"), "{}", past.text);
    let led = app.get(programme(), &consents).await;
    assert_eq!((led.status, led.header("location").contains(&known)), (308, true), "{}", led.text);
    let path = format!("/v1/persons/{}", given.owner);
    let patched = app.patch(programme(), &path, json!({ "gender": "female" })).await;
    assert_eq!(code(&patched), (409, &json!("merged")));
    assert_eq!(undo(&app, &merge).await.status, 200);
    assert_eq!(app.get(given.as_owner(), &given.path).await.status, 200);
    let phone = app.get(programme(), &format!("/v1/persons/{}", given.owner)).await;
    assert_eq!(phone.body["phone"], "+6281234567890", "{}", phone.text);
}

#[actix_web::test]
async fn the_nik_of_who_was_merged_is_free_until_the_two_are_parted() {
    let app = TestApp::start().await;
    let known = app.create(programme(), "/v1/persons", a_known_person("Siti Aminah", NIK)).await;
    let other = app.create(programme(), "/v1/persons", a_person("Siti A.")).await;
    let merge = merged(&app, "person", &known, &other).await;
    let found = app.post(programme(), "/v1/persons/lookup", json!({ "nik": NIK })).await;
    assert_eq!(found.body["data"], json!([]), "{}", found.text);
    let path = format!("/v1/persons/{other}");
    let taken = app.patch(programme(), &path, json!({ "nik": NIK })).await;
    assert_eq!(taken.status, 200, "{}", taken.text);
    let refused = undo(&app, &merge).await;
    assert_eq!(refused.status, 409, "{}", refused.text);
    assert_eq!(app.patch(programme(), &path, json!({ "nik": null })).await.status, 200);
    assert_eq!(undo(&app, &merge).await.status, 200);
    let found = app.post(programme(), "/v1/persons/lookup", json!({ "nik": NIK })).await;
    assert_eq!(found.body["data"][0]["id"], json!(known), "{}", found.text);
}

#[actix_web::test]
async fn an_account_of_the_one_is_the_others() {
    let app = TestApp::start().await;
    let one = app.create(programme(), "/v1/persons", a_person("Siti Aminah")).await;
    let other = app.create(programme(), "/v1/persons", a_person("Siti A.")).await;
    let invited =
        app.post(programme(), "/v1/invitations", json!({ "role": "business", "subject_id": one })).await;
    let accepted = json!({
        "code": invited.body["code"], "email": "siti@contoh.example", "password": "kata sandi yang panjang",
    });
    let request = app.request("POST".parse().unwrap(), "/v1/auth/accept-invitation");
    let reply = app.send(request.content_type("application/json"), accepted.to_string()).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    merged(&app, "person", &one, &other).await;
    let users = app.get(Caller::new(Role::Admin), "/v1/users").await;
    let grants = &users.body["data"][0]["grants"];
    assert_eq!(grants, &json!([{ "role": "business", "subject_id": other }]), "{}", users.text);
    assert_eq!(users.body["data"][0]["version"], 2);
}
