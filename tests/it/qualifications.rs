//! Qualifications of mentors through HTTP.

use serde_json::{Value, json};
use seribu::access::Role;

use crate::{
    mentorships::Scene,
    products::delete,
    support::{Caller, merged},
};

fn a_qualification(change: Value) -> Value {
    let qualification = json!({
        "scheme": "SKKNI 181/2017",
        "level": "KKNI 5",
        "certificate_number": "70209 2422 5 0001234 2024",
        "issuer": "LSP Pendamping UMKM",
        "units": ["M.70PEN01.001.1", "M.70PEN01.002.1"],
        "issued_on": "2024-03-01",
        "expires_on": "2027-03-01",
    });
    merged(qualification, change)
}

fn path(scene: &Scene) -> String {
    format!("/v1/mentors/{}/qualifications", scene.mentor.subject.unwrap())
}

#[actix_web::test]
async fn the_mentor_his_university_and_the_programme_keep_them() {
    let scene = Scene::start().await;
    let at = path(&scene);
    for caller in [scene.mentor, scene.university, scene.programme] {
        let id = scene.app.create(caller, &at, a_qualification(json!({}))).await;
        let one = format!("{at}/{id}");
        let changed = scene.app.patch(caller, &one, json!({ "level": "KKNI 6" })).await;
        assert_eq!((changed.status, &changed.body["level"]), (200, &json!("KKNI 6")), "{}", changed.text);
        for reader in [scene.mentor, scene.university, scene.programme] {
            assert_eq!(scene.app.get(reader, &one).await.status, 200, "{}", reader.role);
        }
    }
    let other = scene.another_mentor(1).await;
    for (stranger, status) in [
        (other, 404),
        (Caller::new(Role::Institution), 404),
        (scene.owner, 403),
        (Caller::new(Role::Facilitation), 403),
    ] {
        assert_eq!(scene.app.get(stranger, &at).await.status, status, "{}", stranger.role);
        let refused = scene.app.post(stranger, &at, a_qualification(json!({}))).await;
        assert_eq!(refused.status, status, "{}", stranger.role);
    }
    let of_another = format!("/v1/mentors/{}/qualifications", other.subject.unwrap());
    let list = scene.app.get(scene.university, &at).await;
    let id = list.body["data"][0]["id"].as_str().unwrap();
    assert_eq!(scene.app.get(scene.programme, &format!("{of_another}/{id}")).await.status, 404);
}

#[actix_web::test]
async fn planners_see_them_without_the_number() {
    let scene = Scene::start().await;
    let id = scene.app.create(scene.mentor, &path(&scene), a_qualification(json!({}))).await;
    let seen = scene.app.get(Caller::new(Role::Policy), &format!("{}/{id}", path(&scene))).await.body;
    assert_eq!(
        (&seen["certificate_number"], &seen["hidden"]),
        (&Value::Null, &json!(["certificate_number"]))
    );
    assert_eq!(seen["scheme"], "SKKNI 181/2017");
}

#[actix_web::test]
async fn all_that_is_wrong_with_one_comes_in_one_answer() {
    let scene = Scene::start().await;
    let wrong = json!({ "issued_on": "2026-11-25", "expires_on": "2026-11-25", "units": ["A", "B", "A"] });
    let refused = scene.app.post(scene.mentor, &path(&scene), a_qualification(wrong)).await;
    let flaws = ["/issued_on in_the_future", "/expires_on too_early", "/units/2 repeated"];
    assert_eq!((refused.status, refused.flaws()), (422, flaws.map(str::to_owned).to_vec()));
}

#[actix_web::test]
async fn its_end_is_told_of_ninety_days_ahead_and_when_it_has_passed_each_once() {
    let scene = Scene::start().await;
    let id = scene.app.create(scene.mentor, &path(&scene), a_qualification(json!({}))).await;
    let one = format!("{}/{id}", path(&scene));
    let history = format!("/v1/mentors/{}/history?limit=200", scene.mentor.subject.unwrap());
    let told = async |expiry: &str| {
        scene.app.eventually(scene.mentor, &one, |reply| reply.body["expiry"] == expiry).await;
    };
    scene.app.set_clock("2026-12-01T01:00:00Z".parse().unwrap());
    told("expiring").await;
    scene.app.set_clock("2027-03-02T01:00:00Z".parse().unwrap());
    told("expired").await;
    scene.app.set_clock("2027-03-03T01:00:00Z".parse().unwrap());
    scene.wait_for_jobs().await;
    let events = scene.app.get(scene.mentor, &history).await;
    let count = |kind: &str| events.text.matches(&format!("\"mentor_qualification.{kind}\"")).count();
    assert_eq!([count("expiring"), count("expired")], [1, 1], "{}", events.text);
    let renewed = scene.app.patch(scene.mentor, &one, json!({ "expires_on": "2030-03-01" })).await;
    assert_eq!(renewed.body["expiry"], Value::Null, "{}", renewed.text);
    let list = scene.app.get(scene.mentor, &format!("{}?expiry=expiring,expired", path(&scene))).await;
    assert_eq!(list.body["data"], json!([]));
}

#[actix_web::test]
async fn one_that_was_entered_by_mistake_leaves_a_tombstone() {
    let scene = Scene::start().await;
    let id = scene.app.create(scene.university, &path(&scene), a_qualification(json!({}))).await;
    let one = format!("{}/{id}", path(&scene));
    assert_eq!(delete(&scene.app, scene.mentor, &one).await.status, 204);
    assert_eq!(scene.app.get(scene.mentor, &one).await.status, 404);
    let history = format!("/v1/mentors/{}/history", scene.mentor.subject.unwrap());
    let history = scene.app.get(scene.university, &history).await;
    assert_eq!(history.body["data"][0]["type"], "mentor_qualification.deleted", "{}", history.text);
}
