//! How a business has come along: assessments and figures side by side.

use chrono::Days;
use serde_json::{Value, json};
use seribu::access::Role;

use super::{Desk, all_answered};
use crate::{
    mentorships::Scene,
    support::{Caller, merged, now},
};

/// The owner at 1, the mentor at 1, later the mentor's follow-up at 3; and two snapshots.
pub async fn come_along() -> (Desk, [String; 3]) {
    let desk = Desk::start().await;
    let Scene { app, owner, mentor, business, .. } = &desk.scene;
    let own =
        desk.draft(*owner, merged(desk.a_self_assessment(), json!({ "answers": all_answered(2) }))).await;
    app.act(*owner, &own, json!({ "action": "submit" })).await;
    let first = desk.reviewed().await;
    for (day, revenue) in [("2026-11-20", 60_000_000), ("2026-11-22", 90_000_000)] {
        let figures = json!({ "taken_on": day, "annual_revenue_idr": revenue, "source": "mentor" });
        app.create(*mentor, &format!("/v1/businesses/{business}/snapshots"), figures).await;
    }
    app.set_clock(now() + Days::new(20));
    let again = merged(desk.a_mentors("follow_up"), json!({ "answers": all_answered(3) }));
    let again = desk.draft(*mentor, again).await;
    app.act(*mentor, &again, json!({ "action": "submit" })).await;
    (desk, [own, first, again])
}

fn id(path: &str) -> Value {
    json!(path.rsplit('/').next())
}

#[actix_web::test]
async fn the_series_has_each_sides_change_the_gap_between_them_and_the_figures() {
    let (desk, [own, first, again]) = come_along().await;
    let Scene { app, owner, business, .. } = &desk.scene;
    let path = format!("/v1/businesses/{business}/progress");
    let progress = app.get(*owner, &path).await;
    assert_eq!(progress.status, 200, "{}", progress.text);
    let points = progress.body["assessments"].as_array().unwrap();
    let shown: Vec<_> =
        points.iter().map(|point| (point["assessment_id"].clone(), point["score"].clone())).collect();
    assert_eq!(shown, [(id(&own), json!(5000)), (id(&first), json!(2500)), (id(&again), json!(7500))]);
    assert_eq!((&points[0]["change"], &points[1]["change"]), (&Value::Null, &Value::Null));
    let change = &points[2]["change"];
    assert_eq!((&change["since"], &change["score"]), (&id(&first), &json!(5000)));
    assert_eq!(change["dimensions"]["legality"], 5000);
    let gaps: Vec<_> = progress.body["gaps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|gap| (gap["self_assessment_id"].clone(), gap["assessment_id"].clone(), gap["score"].clone()))
        .collect();
    assert_eq!(gaps, [(id(&own), id(&first), json!(2500)), (id(&own), id(&again), json!(-2500))]);
    let revenues: Vec<_> = progress.body["snapshots"]
        .as_array()
        .unwrap()
        .iter()
        .map(|snapshot| snapshot["annual_revenue_idr"].clone())
        .collect();
    assert_eq!(revenues, [json!(60_000_000), json!(90_000_000)]);
}

#[actix_web::test]
async fn planners_see_the_figures_in_bands_and_strangers_nothing() {
    let (desk, _) = come_along().await;
    let Scene { app, business, .. } = &desk.scene;
    let path = format!("/v1/businesses/{business}/progress");
    let seen = app.get(Caller::new(Role::Policy), &path).await.body;
    let snapshot = &seen["snapshots"][0];
    assert_eq!(snapshot["annual_revenue_idr"], Value::Null);
    assert_eq!(snapshot["bands"]["annual_revenue_idr"], json!([50_000_000, 100_000_000]));
    let stranger = desk.scene.another_mentor(3).await;
    assert_eq!(app.get(stranger, &path).await.status, 404);
}
