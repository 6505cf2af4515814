//! Lists of all: who is missing from one is let go.

use serde_json::{Value, json};
use seribu::access::Role;

use super::{NDJSON, a_lecturer, answer, count, ndjson, results, sync};
use crate::{
    mentors::given_a_university,
    mentorships::Scene,
    support::{Caller, TestApp},
};

#[actix_web::test]
async fn who_is_missing_from_the_whole_list_is_let_go_but_no_more_than_a_tenth_unasked() {
    let app = TestApp::start().await;
    let (_, client) = given_a_university(&app, "ut").await;
    let rows: Vec<_> = (1..=20).map(a_lecturer).collect();
    let list = "mentors?mode=snapshot";
    let made = sync(&app, client, list, &[NDJSON], ndjson(&rows)).await;
    assert_eq!(results(&made), vec!["created"; 20]);
    // One that the programme has entered has no id of theirs: it is not theirs to let go.
    let refused = sync(&app, client, list, &[NDJSON], ndjson(&rows[..17])).await;
    assert_eq!(
        (refused.status, &refused.body["code"]),
        (409, &json!("too_many_removals")),
        "{}",
        refused.text
    );
    assert_eq!(refused.body["blocked_by"].as_array().unwrap().len(), 3);
    assert_eq!(count(&app, "mentors where status = 'ended'").await, "0");
    let tried = sync(&app, client, &format!("{list}&dry_run=true"), &[NDJSON], ndjson(&rows[..18])).await;
    assert_eq!(answer(&tried).1["summary"]["ended"], 2);
    assert_eq!(count(&app, "mentors where status = 'ended'").await, "0");
    let taken = sync(&app, client, list, &[NDJSON], ndjson(&rows[..18])).await;
    let (lines, end) = answer(&taken);
    assert_eq!(json!([end["summary"]["unchanged"], end["summary"]["ended"]]), json!([18, 2]));
    assert_eq!(
        json!([lines[18]["line"], lines[18]["external_id"], lines[18]["result"]]),
        json!([null, "P-19", "ended"])
    );
    let gone = app.get(client, &format!("/v1/mentors/{}", lines[18]["id"].as_str().unwrap())).await.body;
    assert_eq!(
        json!([gone["status"], gone["affiliation_ended_on"]]),
        json!(["ended", "2026-11-24"]),
        "{gone}"
    );
    let allowed =
        sync(&app, client, &format!("{list}&allow_removals=16"), &[NDJSON], ndjson(&rows[..2])).await;
    assert_eq!(answer(&allowed).1["summary"]["ended"], 16);
    let without = sync(&app, client, "mentors?allow_removals=1", &[NDJSON], ndjson(&rows)).await;
    assert_eq!(without.flaws(), ["allow_removals conflict"]);
    let staff =
        sync(&app, Caller::new(Role::Programme), "mentors?mode=snapshot&source=ut", &[NDJSON], "").await;
    assert_eq!(staff.flaws(), ["mode hidden"]);
}

#[actix_web::test]
async fn who_has_ended_comes_back_as_a_new_mentor_under_the_same_id() {
    let app = TestApp::start().await;
    let (_, client) = given_a_university(&app, "ut").await;
    let rows: Vec<_> = (1..=10).map(a_lecturer).collect();
    let list = "mentors?mode=snapshot";
    let first = answer(&sync(&app, client, list, &[NDJSON], ndjson(&rows)).await).0;
    sync(&app, client, list, &[NDJSON], ndjson(&rows[..9])).await;
    let back = answer(&sync(&app, client, list, &[NDJSON], ndjson(&rows)).await).0;
    assert_eq!(back[9]["result"], "created");
    assert_ne!(back[9]["id"], first[9]["id"]);
    let of = async |line: &Value| {
        app.get(client, &format!("/v1/mentors/{}", line["id"].as_str().unwrap())).await.body
    };
    assert_eq!(of(&first[9]).await["external_ids"], json!([]));
    assert_eq!(of(&back[9]).await["external_ids"], json!([{ "source": "ut", "value": "P-10" }]));
    // Alone as well as in a list.
    sync(&app, client, list, &[NDJSON], ndjson(&rows[..9])).await;
    let mut row = a_lecturer(10);
    row.as_object_mut().unwrap().remove("external_id");
    let put = app.ask(client, actix_web::http::Method::PUT, "/v1/mentors/by-external-id/ut/P-10", row).await;
    assert_eq!(put.status, 201, "{}", put.text);
    assert_eq!(of(&back[9]).await["external_ids"], json!([]));
}

#[actix_web::test]
async fn who_still_coaches_ends_later_and_his_businesses_are_handed_over() {
    let scene = Scene::start().await;
    scene.active().await;
    let Scene { app, university, programme, mentor, .. } = &scene;
    let mentor_id = mentor.subject.unwrap();
    let shown = app.get(*programme, &format!("/v1/mentors/{mentor_id}")).await.body;
    let row =
        |id: &str| json!({ "external_id": id, "full_name": shown["full_name"], "email": shown["email"] });
    // He gets an id of theirs first.
    let ids = json!({ "external_ids": [{ "source": "ut", "value": "P-1" }] });
    assert_eq!(app.patch(*university, &format!("/v1/mentors/{mentor_id}"), ids).await.status, 200);
    let list = "mentors?mode=snapshot&allow_removals=1";
    let (lines, _) = answer(&sync(app, *university, list, &[NDJSON], ndjson(&[a_lecturer(50)])).await);
    assert_eq!(json!([lines[1]["external_id"], lines[1]["result"]]), json!(["P-1", "ending"]));
    let handed = app
        .eventually(*programme, "/v1/hand-overs?division=programme", |list| {
            !list.body["data"].as_array().unwrap().is_empty()
        })
        .await;
    assert_eq!(handed.status, 200, "{}", handed.text);
    // Listed again, he has not been let go.
    let (lines, _) =
        answer(&sync(app, *university, list, &[NDJSON], ndjson(&[a_lecturer(50), row("P-1")])).await);
    assert_eq!(
        json!([lines[1]["result"], lines[1]["changed"]]),
        json!(["updated", ["status", "affiliation_ended_on"]])
    );
    let now = app.get(*programme, &format!("/v1/mentors/{mentor_id}")).await.body;
    assert_eq!(json!([now["status"], now["affiliation_ended_on"]]), json!(["active", null]));
}
