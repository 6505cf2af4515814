//! What may be there only once: an owner's name for a business, the owner of a NIB, a partner's id.

use serde_json::{Value, json};
use seribu::access::Role;
use tokio::join;

use crate::{
    businesses::{a_business, a_business_of, given, given_a_business},
    support::{Caller, Reply, TestApp},
};

fn is_duplicate(reply: &Reply, code: &str, of: &str) {
    let (kind, known) = (&reply.body["type"], &reply.body["duplicate_of"]);
    assert_eq!((reply.status, kind), (409, &json!("/problems/duplicate")), "{}", reply.text);
    assert_eq!((&reply.body["code"], known), (&json!(code), &json!(of)), "{}", reply.text);
}

#[actix_web::test]
async fn an_owner_has_no_two_businesses_of_one_name() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let given = given_a_business(&app).await;
    let mut body = a_business("DAPUR  BU SITI");
    body["owner"] = json!({ "person_id": given.owner });
    is_duplicate(&app.post(programme, "/v1/businesses", body.clone()).await, "owner_and_name", &given.path);
    body["name"] = json!("Warung Dua");
    let second = app.create(programme, "/v1/businesses", body).await;
    let path = format!("/v1/businesses/{second}");
    let renamed = app.patch(programme, &path, json!({ "name": "Dapur Bu-Siti" })).await;
    is_duplicate(&renamed, "owner_and_name", &given.path);
    // Another owner may have one of that name.
    app.create(programme, "/v1/businesses", a_business_of("Dapur Bu Siti", "Siti Zubaidah")).await;
}

#[actix_web::test]
async fn of_two_businesses_of_one_name_and_owner_that_come_at_once_one_stays() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let given = given_a_business(&app).await;
    let mut body = a_business("Warung Dua");
    body["owner"] = json!({ "person_id": given.owner });
    let post = || app.post(programme, "/v1/businesses", body.clone());
    let (a, b, c) = join!(post(), post(), post());
    let mut statuses = [a.status, b.status, c.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409], "{} {} {}", a.text, b.text, c.text);
}

#[actix_web::test]
async fn a_nib_has_one_owner_who_may_have_several_outlets_under_it() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let with_nib = |mut body: Value| {
        body["nib"] = json!("9120001234567");
        body
    };
    let given = given(&app, with_nib(a_business_of("Dapur Bu Siti", "Siti Aminah"))).await;
    let other = with_nib(a_business_of("Warung Pak Budi", "Budi"));
    is_duplicate(&app.post(programme, "/v1/businesses", other).await, "nib", &given.path);
    let mut outlet = with_nib(a_business("Dapur Bu Siti 2"));
    outlet["owner"] = json!({ "person_id": given.owner });
    let outlet = app.create(programme, "/v1/businesses", outlet).await;
    let third = app.create(programme, "/v1/businesses", a_business_of("Warung Pak Budi", "Budi")).await;
    let third = format!("/v1/businesses/{third}");
    let patched = app.patch(programme, &third, json!({ "nib": "9120001234567" })).await;
    assert_eq!((patched.status, &patched.body["code"]), (409, &json!("nib")), "{}", patched.text);
    // Once she has given it up everywhere, it may be another's.
    for path in [&given.path, &format!("/v1/businesses/{outlet}")] {
        assert_eq!(app.patch(programme, path, json!({ "nib": null })).await.status, 200);
    }
    assert_eq!(app.patch(programme, &third, json!({ "nib": "9120001234567" })).await.status, 200);
    let found = app.get(programme, "/v1/businesses?nib=9120001234567&with_total=true").await;
    assert_eq!(
        (&found.body["total"], &found.body["data"][0]["name"]),
        (&json!(1), &json!("Warung Pak Budi"))
    );
}

#[actix_web::test]
async fn of_two_owners_who_come_with_one_nib_at_once_one_gets_it() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let post = |owner: &str| {
        let mut body = a_business_of(&format!("Usaha {owner}"), owner);
        body["nib"] = json!("9120001234567");
        app.post(programme, "/v1/businesses", body)
    };
    let (a, b, c, d) = join!(post("Ani"), post("Budi"), post("Cici"), post("Dedi"));
    let mut statuses = [a.status, b.status, c.status, d.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409], "{} {} {} {}", a.text, b.text, c.text, d.text);
    // Of those who were refused, nothing stays: no business, no person.
    let businesses = app.get(programme, "/v1/businesses?with_total=true").await;
    let persons = app.get(programme, "/v1/persons?with_total=true").await;
    assert_eq!((&businesses.body["total"], &persons.body["total"]), (&json!(1), &json!(1)));
}

#[actix_web::test]
async fn an_id_of_a_partner_stands_for_one_business_and_finds_it() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let mut body = a_business("Dapur Bu Siti");
    body["external_ids"] = json!([{ "source": "portal", "value": "A:1" }]);
    let id = app.create(programme, "/v1/businesses", body.clone()).await;
    body["name"] = json!("Warung");
    let again = app.post(programme, "/v1/businesses", body.clone()).await;
    is_duplicate(&again, "external_ids", &format!("/v1/businesses/{id}"));
    body["external_ids"] = json!([{ "source": "portal", "value": "A:2" }]);
    app.create(programme, "/v1/businesses", body).await;
    let found = app.get(programme, "/v1/businesses?external_id=portal:A:1").await;
    assert_eq!(found.body["data"].as_array().unwrap().len(), 1, "{}", found.text);
    assert_eq!(found.body["data"][0]["id"], json!(id));
    let both = app.get(programme, "/v1/businesses?external_id=portal:A:1,portal:A:2&with_total=true").await;
    assert_eq!(both.body["total"], 2);
    let bad = app.get(programme, "/v1/businesses?external_id=portal").await;
    assert_eq!(bad.flaws(), ["external_id invalid"], "{}", bad.text);
}
