//! What both have and one cannot have twice.

use serde_json::json;

use super::{code, merged, programme, tries, twice};
use crate::{
    businesses::{a_business, a_business_of, given},
    mentorships::Scene,
    persons::a_person,
    products::a_product,
    support::TestApp,
};

#[actix_web::test]
async fn what_clashes_is_listed_and_nothing_is_merged() {
    let app = TestApp::start().await;
    let (first, again) = twice(&app).await;
    let second = given(&app, a_business_of("Dapur Ibu Siti A.", "Siti Zubaidah")).await;
    let mut products = Vec::new();
    for (path, name) in [(&first.path, "Kue Nastar"), (&second.path, "kue nastar")] {
        let product = a_product(json!({ "name": name }));
        products.push(app.create(programme(), &format!("{path}/products"), product).await);
    }
    let refused = tries(&app, "business", &second.business, &first.business).await;
    assert_eq!(code(&refused), (409, &json!("clashes")), "{}", refused.text);
    assert_eq!(
        refused.body["blocked_by"],
        json!([
            { "type": "business_role", "id": second.owner_role, "clashes_with": first.owner_role },
            { "type": "product", "id": products[1], "clashes_with": products[0] },
        ])
    );
    assert_eq!(app.get(programme(), &second.path).await.body["version"], 1);
    // What has neither an owner nor that product, can be merged.
    merged(&app, "business", &again, &first.business).await;
}

#[actix_web::test]
async fn two_open_mentorships_in_one_cohort_and_two_participants_clash() {
    let mut scene = Scene::start().await;
    let first = scene.business.clone();
    scene.proposed().await;
    let second = scene.app.create(programme(), "/v1/businesses", a_business("Dapur Lain")).await;
    let owner = json!({ "person_id": scene.owner.subject, "role": "owner", "from": "2026-01-01" });
    scene.app.create(programme(), &format!("/v1/businesses/{second}/people"), owner).await;
    scene.accepted(&second).await;
    scene.business = second.clone();
    scene.proposed().await;
    let refused = tries(&scene.app, "business", &second, &first).await;
    assert_eq!(code(&refused), (409, &json!("clashes")), "{}", refused.text);
    let kinds: Vec<_> =
        refused.body["blocked_by"].as_array().unwrap().iter().map(|it| it["type"].clone()).collect();
    // The same owner of both is no clash.
    assert_eq!(kinds, ["mentorship", "participant"], "{}", refused.text);
}

#[actix_web::test]
async fn the_owner_of_both_stays_the_owner_and_her_role_in_the_duplicate_claims_nothing() {
    let app = TestApp::start().await;
    let (first, again) = twice(&app).await;
    let owner = json!({ "person_id": first.owner, "role": "owner", "from": "2026-01-01" });
    app.create(programme(), &format!("/v1/businesses/{again}/people"), owner).await;
    merged(&app, "business", &again, &first.business).await;
    let people = app.get(programme(), &format!("{}/people", first.path)).await;
    assert_eq!(people.body["data"].as_array().unwrap().len(), 1, "{}", people.text);
    let renamed = app.patch(first.as_owner(), &first.path, json!({ "name": "Dapur Ibu Siti" })).await;
    assert_eq!(renamed.status, 200, "{}", renamed.text);
}

#[actix_web::test]
async fn a_person_cannot_come_to_own_two_businesses_of_one_name() {
    let app = TestApp::start().await;
    let one = given(&app, a_business_of("Dapur Bu Siti", "Siti Aminah")).await;
    let other = given(&app, a_business_of("DAPUR BU-SITI", "Siti Aminah")).await;
    let refused = tries(&app, "person", &other.owner, &one.owner).await;
    assert_eq!(code(&refused), (409, &json!("clashes")), "{}", refused.text);
    let clash = json!({ "type": "business", "id": other.business, "clashes_with": one.business });
    assert_eq!(refused.body["blocked_by"], json!([clash]));
    let third = app.create(programme(), "/v1/persons", a_person("Siti")).await;
    merged(&app, "person", &third, &one.owner).await;
}
