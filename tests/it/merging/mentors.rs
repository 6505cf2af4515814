//! Mentors who are one.

use serde_json::json;

use super::{code, merged, programme, tries, undo};
use crate::{
    mentors::{a_mentor, given_an_active_mentor},
    mentorships::Scene,
    support::TestApp,
};

#[actix_web::test]
async fn who_coached_as_the_one_coaches_as_the_other() {
    let scene = Scene::start().await;
    let mentorship = scene.active().await;
    let session = scene.held(&mentorship).await;
    let objective = scene.objective(&mentorship, json!({})).await;
    let other = scene.another_mentor(5).await;
    let (from, into) = (scene.mentor.subject.unwrap().to_string(), other.subject.unwrap().to_string());
    let merge = merged(&scene.app, "mentor", &from, &into).await;
    let path = format!("/v1/mentorships/{mentorship}");
    let business = format!("/v1/businesses/{}", scene.business);
    let below =
        [format!("{path}/sessions/{session}"), format!("{path}/objectives/{objective}"), path, business];
    for path in &below {
        let statuses =
            [scene.app.get(other, path).await.status, scene.app.get(scene.mentor, path).await.status];
        assert_eq!(statuses, [200, 404], "{path}");
    }
    let load = scene.app.get(programme(), &format!("/v1/mentors/{into}/load")).await;
    assert_eq!(load.body["active"], 1, "{}", load.text);
    assert_eq!(undo(&scene.app, &merge).await.status, 200);
    for path in &below {
        let statuses =
            [scene.app.get(other, path).await.status, scene.app.get(scene.mentor, path).await.status];
        assert_eq!(statuses, [404, 200], "{path}");
    }
}

#[actix_web::test]
async fn a_mentor_who_was_merged_is_no_longer_listed_and_gives_up_the_address() {
    let app = TestApp::start().await;
    let (one, _) = given_an_active_mentor(&app, "rina@contoh.example").await;
    let (other, _) = given_an_active_mentor(&app, "rina.kusuma@contoh.example").await;
    merged(&app, "mentor", &one, &other).await;
    let list = app.get(programme(), "/v1/mentors?with_total=true").await;
    assert_eq!((&list.body["total"], &list.body["data"][0]["id"]), (&json!(1), &json!(other)));
    let led = app.get(programme(), &format!("/v1/mentors/{one}/load")).await;
    assert_eq!(led.header("location"), format!("/v1/mentors/{other}/load"), "{}", led.text);
    let end = json!({ "action": "end", "reason_code": "contract_ended" });
    let ended = app.post(programme(), &format!("/v1/mentors/{one}/transitions"), end).await;
    assert_eq!(code(&ended), (409, &json!("merged")), "{}", ended.text);
    let free = app.post(programme(), "/v1/mentors", a_mentor("Rina K.", "rina@contoh.example")).await;
    assert_eq!(free.status, 201, "{}", free.text);
}

#[actix_web::test]
async fn nobody_is_merged_into_a_mentor_who_has_left() {
    let app = TestApp::start().await;
    let (one, _) = given_an_active_mentor(&app, "rina@contoh.example").await;
    let (other, _) = given_an_active_mentor(&app, "rina.kusuma@contoh.example").await;
    let end = json!({ "action": "end", "reason_code": "contract_ended" });
    app.act(programme(), &format!("/v1/mentors/{other}"), end).await;
    let refused = tries(&app, "mentor", &one, &other).await;
    assert_eq!(refused.flaws(), ["/into_id conflict"], "{}", refused.text);
    merged(&app, "mentor", &other, &one).await;
}
