//! How far a business has come: kept by a reader of the log, and the same when it is made anew.

use diesel::{QueryableByName, sql_query, sql_types};
use diesel_async::RunQueryDsl;
use serde_json::json;

use crate::{
    mentorships::Scene,
    pilot::a_pilot,
    support::{Reply, TestApp},
};

#[derive(Debug, PartialEq, QueryableByName)]
struct Row {
    #[diesel(sql_type = sql_types::Text)]
    standing: String,
}

/// All standings, but for how often they were written.
async fn standings(app: &TestApp) -> Vec<Row> {
    let all = "select (to_jsonb(s) - 'version' - 'updated_at')::text as standing from business_standings s order by business_id";
    sql_query(all).load(&mut app.database.as_superuser().await).await.unwrap()
}

#[actix_web::test]
async fn a_stage_is_reached_by_an_event_and_never_left() {
    let scene = Scene::start().await;
    let path = format!("/v1/businesses/{}/standing", scene.business);
    let at = |stage: &'static str| move |reply: &Reply| reply.body["stage"] == stage;
    scene.app.eventually(scene.programme, &path, at("registered")).await;
    let id = scene.active().await;
    let coached = scene.app.eventually(scene.programme, &path, at("in_mentoring")).await.body;
    let stages = coached["stages"].as_array().unwrap();
    assert_eq!(stages.len(), 2);
    let history = scene.app.get(scene.programme, &format!("/v1/mentorships/{id}/history")).await.body;
    let begun =
        history["data"].as_array().unwrap().iter().find(|it| it["type"] == "mentorship.active").unwrap();
    assert_eq!(stages[1]["event_id"], begun["id"]);
    assert_eq!(coached["stage_since"], begun["occurred_at"]);
    let end = json!({ "action": "terminate", "reason_code": "owner_request" });
    scene.app.act(scene.programme, &format!("/v1/mentorships/{id}"), end).await;
    scene.app.readers_done().await;
    assert_eq!(scene.app.get(scene.programme, &path).await.body["stage"], "in_mentoring");
    for (filter, count) in [("stage=in_mentoring", 1), ("stage=graduated", 0)] {
        let list = scene.app.get(scene.programme, &format!("/v1/businesses?{filter}&with_total=true")).await;
        assert_eq!(list.body["total"], count, "{filter}");
    }
}

#[actix_web::test]
async fn what_is_made_anew_is_what_was_kept() {
    let (app, _) = a_pilot().await;
    app.readers_done().await;
    let kept = standings(&app).await;
    assert!(kept.iter().any(|row| row.standing.contains("graduated")), "too little to tell");
    let worker = app.settings.worker().unwrap();
    let stages = seribu::api::rebuild(&worker, "stage").await.unwrap();
    assert!(stages > 30, "{stages} events");
    assert_eq!(standings(&app).await, kept);
    seribu::api::rebuild(&worker, "standings").await.unwrap();
    assert_eq!(standings(&app).await, kept);
}
