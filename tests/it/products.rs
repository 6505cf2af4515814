//! Products of a business through HTTP.

use actix_web::http::Method;
use serde_json::{Value, json};
use seribu::access::Role;

use crate::{
    businesses::{given_a_business, share},
    support::{Caller, Reply, TestApp, merged},
};

pub fn a_product(change: Value) -> Value {
    let product = json!({
        "name": "Kue nastar 250 g",
        "category": "packaged_food_low_risk",
        "unit_price_idr": 45_000,
        "monthly_capacity": 300,
    });
    merged(product, change)
}

pub async fn delete(app: &TestApp, caller: Caller, path: &str) -> Reply {
    let request = app.request(Method::DELETE, path).bearer_auth(caller.token(|_| ()));
    app.send(request.insert_header(("if-match", "*")), "").await
}

#[actix_web::test]
async fn owner_mentor_desk_and_programme_keep_the_products_of_a_business_that_they_see() {
    let app = TestApp::start().await;
    let given = given_a_business(&app).await;
    let path = format!("{}/products", given.path);
    let (mentor, desk) = (Caller::new(Role::Mentor), Caller::new(Role::Standardisation));
    for (at, caller) in [given.as_owner(), Caller::new(Role::Programme), mentor, desk].into_iter().enumerate()
    {
        let product = a_product(json!({ "name": format!("Kue {at}") }));
        if at > 1 {
            assert_eq!(app.post(caller, &path, product.clone()).await.status, 404, "{}", caller.role);
            let party = caller.subject.map_or("division:standardisation".into(), |id| format!("mentor:{id}"));
            share(&app, &given.business, &party).await;
        }
        let id = app.create(caller, &path, product).await;
        let changed = app.patch(caller, &format!("{path}/{id}"), json!({ "monthly_capacity": 500 })).await;
        assert_eq!(
            (changed.status, &changed.body["monthly_capacity"]),
            (200, &json!(500)),
            "{}",
            changed.text
        );
    }
    let list = app.get(given.as_owner(), &format!("{path}?q=kue&category=packaged_food_low_risk")).await;
    assert_eq!(list.body["data"].as_array().unwrap().len(), 4, "{}", list.text);
    assert_eq!(app.get(Caller::new(Role::Business), &path).await.status, 404);
    assert_eq!(app.post(Caller::new(Role::Facilitation), &path, a_product(json!({}))).await.status, 403);
}

#[actix_web::test]
async fn planners_see_the_price_in_bands() {
    let app = TestApp::start().await;
    let given = given_a_business(&app).await;
    let path = format!("{}/products", given.path);
    let id = app.create(given.as_owner(), &path, a_product(json!({}))).await;
    let seen = app.get(Caller::new(Role::Policy), &format!("{path}/{id}")).await.body;
    assert_eq!((&seen["unit_price_idr"], &seen["monthly_capacity"]), (&Value::Null, &json!(300)), "{seen}");
    assert_eq!(seen["bands"]["unit_price_idr"], json!([0, 5_000_000]));
}

#[actix_web::test]
async fn a_category_is_one_of_the_list_and_nothing_was_discontinued_tomorrow() {
    let app = TestApp::start().await;
    let given = given_a_business(&app).await;
    let path = format!("{}/products", given.path);
    let wrong = a_product(json!({ "category": "kue", "discontinued_on": "2026-11-25" }));
    let refused = app.post(given.as_owner(), &path, wrong).await;
    assert_eq!(refused.flaws(), ["/category unknown_code", "/discontinued_on in_the_future"]);
    let wrong = a_product(json!({ "unit_price_idr": -1, "monthly_capacity": -1, "name": "" }));
    let refused = app.post(given.as_owner(), &path, wrong).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(refused.flaws().len() >= 3, "{:?}", refused.flaws());
}

#[actix_web::test]
async fn a_business_has_no_two_products_of_one_name() {
    let app = TestApp::start().await;
    let given = given_a_business(&app).await;
    let path = format!("{}/products", given.path);
    let first = app.create(given.as_owner(), &path, a_product(json!({}))).await;
    let again = app.post(given.as_owner(), &path, a_product(json!({ "name": "KUE NASTAR 250 g" }))).await;
    assert_eq!((again.status, &again.body["type"]), (409, &json!("/problems/duplicate")), "{}", again.text);
    assert!(again.text.contains(&first), "{}", again.text);
    let other = app.create(given.as_owner(), &path, a_product(json!({ "name": "Kastengel" }))).await;
    for (product, name, status) in [(&other, "kue nastar 250 G", 409), (&first, "Kue Nastar 250 g", 200)] {
        let renamed =
            app.patch(given.as_owner(), &format!("{path}/{product}"), json!({ "name": name })).await;
        assert_eq!(renamed.status, status, "{}", renamed.text);
    }
}

#[actix_web::test]
async fn one_that_was_entered_by_mistake_leaves_a_tombstone() {
    let app = TestApp::start().await;
    let given = given_a_business(&app).await;
    let path = format!("{}/products", given.path);
    let id = app.create(given.as_owner(), &path, a_product(json!({}))).await;
    let gone = delete(&app, given.as_owner(), &format!("{path}/{id}")).await;
    assert_eq!(gone.status, 204, "{}", gone.text);
    assert_eq!(app.get(given.as_owner(), &format!("{path}/{id}")).await.status, 404);
    let history = app.get(given.as_owner(), &format!("{}/history", given.path)).await;
    assert_eq!(history.body["data"][0]["type"], "product.deleted", "{}", history.text);
}

#[actix_web::test]
async fn with_certifications_a_product_keeps_its_category_and_stays() {
    let app = TestApp::start().await;
    let given = given_a_business(&app).await;
    let path = format!("{}/products", given.path);
    let id = app.create(given.as_owner(), &path, a_product(json!({}))).await;
    let planned = json!({ "business_id": given.business, "product_id": id, "kind": "halal" });
    let planned = app.create(given.as_owner(), "/v1/certifications", planned).await;
    let product = format!("{path}/{id}");
    let gone = delete(&app, given.as_owner(), &product).await;
    assert_eq!((gone.status, &gone.body["code"]), (409, &json!("has_certifications")), "{}", gone.text);
    assert_eq!(gone.body["blocked_by"], json!([{ "type": "certification", "id": planned }]));
    let other = app.patch(given.as_owner(), &product, json!({ "category": "craft" })).await;
    assert_eq!((other.status, &other.body["code"]), (409, &json!("has_certifications")), "{}", other.text);
    let over = app.patch(given.as_owner(), &product, json!({ "discontinued_on": "2026-11-23" })).await;
    assert_eq!(over.status, 200, "{}", over.text);
}
