//! When and how far a merge is undone.

use chrono::Duration;
use serde_json::json;

use super::{code, merged, programme, twice, undo};
use crate::{
    businesses::{a_business, history},
    mentorships::Scene,
    products::a_product,
    support::{TestApp, now},
};

#[actix_web::test]
async fn what_was_handed_on_goes_back_and_what_was_made_since_stays() {
    let app = TestApp::start().await;
    let (given, again) = twice(&app).await;
    let old = format!("/v1/businesses/{again}");
    let first = app.create(programme(), &format!("{old}/products"), a_product(json!({}))).await;
    let before = app.get(programme(), &old).await.body;
    let merge = merged(&app, "business", &again, &given.business).await;
    let since = a_product(json!({ "name": "Kue lapis" }));
    let since = app.create(given.as_owner(), &format!("{}/products", given.path), since).await;
    let undone = undo(&app, &merge).await;
    assert_eq!((undone.status, &undone.body["status"]), (200, &json!("undone")), "{}", undone.text);
    let mut after = app.get(programme(), &old).await.body;
    assert_eq!((&after["status"], &after["version"]), (&json!("active"), &json!(3)));
    for field in ["version", "updated_at"] {
        after[field] = before[field].clone();
    }
    assert_eq!(after, before);
    assert_eq!(app.get(programme(), &format!("{old}/products/{first}")).await.status, 200);
    assert_eq!(app.get(programme(), &format!("{}/products/{since}", given.path)).await.status, 200);
    assert_eq!(app.get(programme(), &format!("{}/products/{first}", given.path)).await.status, 404);
    let kinds = history(&app, programme(), &old).await;
    assert_eq!(kinds.iter().filter(|kind| kind.ends_with("merged")).count(), 2, "{kinds:?}");
    let again = undo(&app, &merge).await;
    assert_eq!(code(&again), (409, &json!("wrong_status")), "{}", again.text);
}

#[actix_web::test]
async fn what_was_made_since_below_something_that_goes_back_goes_with_it() {
    let scene = Scene::start().await;
    let other = scene.app.create(programme(), "/v1/businesses", a_business("Dapur Ibu Siti")).await;
    let mentorship = scene.active().await;
    // The owner's role and share go with the business that has them.
    let merge = merged(&scene.app, "business", &scene.business, &other).await;
    let session = scene.held(&mentorship).await;
    let path = format!("/v1/mentorships/{mentorship}/sessions/{session}");
    assert_eq!(scene.app.get(scene.owner, &path).await.body["business_id"], json!(other));
    assert_eq!(undo(&scene.app, &merge).await.status, 200);
    for caller in [scene.owner, scene.mentor] {
        let back = scene.app.get(caller, &path).await;
        assert_eq!(back.body["business_id"], json!(scene.business), "{}", back.text);
    }
}

#[actix_web::test]
async fn the_last_merge_is_undone_first_and_none_after_thirty_days() {
    let app = TestApp::start().await;
    let (given, again) = twice(&app).await;
    let third = app.create(programme(), "/v1/businesses", a_business("Dapur Siti")).await;
    let first = merged(&app, "business", &again, &given.business).await;
    let second = merged(&app, "business", &third, &given.business).await;
    let early = undo(&app, &first).await;
    assert_eq!(code(&early), (409, &json!("merged_later")), "{}", early.text);
    assert_eq!(early.body["blocked_by"][0]["id"], json!(second.trim_start_matches("/v1/merges/")));
    assert_eq!(undo(&app, &second).await.status, 200);
    app.set_clock(now() + Duration::days(31));
    let late = undo(&app, &first).await;
    assert_eq!(code(&late), (409, &json!("too_late")), "{}", late.text);
    app.set_clock(now() + Duration::days(30) - Duration::minutes(1));
    assert_eq!(undo(&app, &first).await.status, 200);
}

#[actix_web::test]
async fn what_was_merged_on_leads_to_the_end_and_is_parted_from_there() {
    let app = TestApp::start().await;
    let (given, again) = twice(&app).await;
    let third = app.create(programme(), "/v1/businesses", a_business("Dapur Siti")).await;
    let first = merged(&app, "business", &third, &again).await;
    let second = merged(&app, "business", &again, &given.business).await;
    let led = app.get(programme(), &format!("/v1/businesses/{third}")).await;
    assert_eq!((led.status, led.header("location")), (308, given.path.as_str()), "{}", led.text);
    assert_eq!(code(&undo(&app, &first).await), (409, &json!("merged")));
    assert_eq!([undo(&app, &second).await.status, undo(&app, &first).await.status], [200, 200]);
    assert_eq!(app.get(programme(), &format!("/v1/businesses/{third}")).await.status, 200);
}

#[actix_web::test]
async fn a_name_that_the_owner_has_given_to_another_since_stands_in_the_way() {
    let app = TestApp::start().await;
    let (given, again) = twice(&app).await;
    let merge = merged(&app, "business", &given.business, &again).await;
    let mut taken = a_business("Dapur Bu Siti");
    taken["owner"] = json!({ "person_id": given.owner });
    let taken = app.create(programme(), "/v1/businesses", taken).await;
    let refused = undo(&app, &merge).await;
    assert_eq!(code(&refused), (409, &json!("owner_and_name")), "{}", refused.text);
    assert_eq!(refused.body["duplicate_of"], json!(format!("/v1/businesses/{taken}")));
}
