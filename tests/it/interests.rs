//! Conflicts of interest of mentors through HTTP.

use serde_json::{Value, json};
use seribu::access::Role;

use crate::{
    mentorships::Scene,
    support::{Caller, merged},
};

fn path(scene: &Scene) -> String {
    format!("/v1/mentors/{}/interests", scene.mentor.subject.unwrap())
}

fn an_interest(scene: &Scene, change: Value) -> Value {
    let interest = json!({ "business_id": scene.business, "ground": "family", "declared_on": "2026-11-20" });
    merged(interest, change)
}

async fn is_refused(scene: &Scene) {
    let refused = scene.app.post(scene.programme, "/v1/mentorships", scene.a_proposal()).await;
    assert_eq!(
        (refused.status, &refused.body["code"]),
        (409, &json!("conflict_of_interest")),
        "{}",
        refused.text
    );
    assert_eq!(refused.body["blocked_by"], json!([{ "type": "mentor", "id": scene.mentor.subject }]));
}

#[actix_web::test]
async fn a_mentor_is_not_proposed_to_a_business_in_which_he_has_an_interest_until_it_has_ended() {
    let scene = Scene::start().await;
    let id = scene.app.create(scene.programme, &path(&scene), an_interest(&scene, json!({}))).await;
    is_refused(&scene).await;
    let mut to_another = scene.a_proposal();
    to_another["mentor_id"] = json!(scene.another_mentor(1).await.subject);
    let other = scene.app.create(scene.programme, "/v1/mentorships", to_another).await;
    let ended = json!({ "action": "terminate", "reason_code": "owner_request" });
    scene.app.act(scene.programme, &format!("/v1/mentorships/{other}"), ended).await;
    let one = format!("{}/{id}", path(&scene));
    let over = scene.app.patch(scene.mentor, &one, json!({ "ended_on": "2026-11-23" })).await;
    assert_eq!(over.status, 200, "{}", over.text);
    scene.proposed().await;
}

#[actix_web::test]
async fn what_a_mentor_declares_by_name_counts_once_the_programme_says_which_business_it_is() {
    let scene = Scene::start().await;
    let by_id = scene.app.post(scene.mentor, &path(&scene), an_interest(&scene, json!({}))).await;
    assert_eq!(by_id.flaws(), ["/business_id no_such_record"], "he does not see it");
    let named = json!({ "business_id": null, "business_name": "Dapur Bu Siti", "note": "Kakak saya." });
    let id = scene.app.create(scene.mentor, &path(&scene), an_interest(&scene, named)).await;
    let one = format!("{}/{id}", path(&scene));
    let linked = scene.app.patch(scene.programme, &one, json!({ "business_id": scene.business })).await;
    assert_eq!(linked.status, 200, "{}", linked.text);
    is_refused(&scene).await;
    // It may stay when he writes again, though he still does not see the business.
    let noted = scene.app.patch(scene.mentor, &one, json!({ "note": "Kakak kandung saya." })).await;
    assert_eq!((noted.status, &noted.body["business_id"]), (200, &json!(scene.business)), "{}", noted.text);
}

#[actix_web::test]
async fn only_the_mentor_and_the_programme_see_one() {
    let scene = Scene::start().await;
    let noted = json!({ "business_name": "Dapur Kakak", "note": "Pemiliknya kakak saya." });
    let id = scene.app.create(scene.programme, &path(&scene), an_interest(&scene, noted)).await;
    let one = format!("{}/{id}", path(&scene));
    for (caller, status) in [
        (scene.mentor, 200),
        (scene.programme, 200),
        (scene.university, 403),
        (scene.owner, 403),
        (Caller::new(Role::Policy), 403),
        (Caller::new(Role::Admin), 403),
        (scene.another_mentor(1).await, 404),
    ] {
        assert_eq!(scene.app.get(caller, &one).await.status, status, "{}", caller.role);
    }
    let business = format!("/v1/businesses/{}/history", scene.business);
    let mentor = format!("/v1/mentors/{}/history", scene.mentor.subject.unwrap());
    for (caller, path) in [(scene.owner, &business), (scene.university, &mentor)] {
        let history = scene.app.get(caller, path).await;
        assert!(history.status == 200 && !history.text.contains("mentor_interest"), "{}", history.text);
    }
    let told = scene.app.get(scene.programme, &business).await;
    assert!(told.text.contains("mentor_interest.created"), "{}", told.text);
    // Words about people stand in no event in clear.
    let words = crate::persons::found_in_clear(&scene.app, &["Dapur Kakak", "Pemiliknya kakak saya."]).await;
    assert!(
        !words.is_empty() && words.iter().all(|line| line.starts_with("mentor_interests: ")),
        "{words:?}"
    );
}

#[actix_web::test]
async fn all_that_is_wrong_with_one_comes_in_one_answer() {
    let scene = Scene::start().await;
    let wrong = json!({
        "business_id": null, "ground": "other", "declared_on": "2026-11-25", "ended_on": "2026-11-24",
    });
    let refused = scene.app.post(scene.mentor, &path(&scene), an_interest(&scene, wrong)).await;
    let flaws =
        ["/business_name required", "/note required", "/declared_on in_the_future", "/ended_on too_early"];
    assert_eq!((refused.status, refused.flaws()), (422, flaws.map(str::to_owned).to_vec()));
    let late = an_interest(&scene, json!({ "ended_on": "2026-11-25" }));
    let late = scene.app.post(scene.programme, &path(&scene), late).await;
    assert_eq!(late.flaws(), ["/ended_on in_the_future"]);
}
