//! The shipped instrument scores through HTTP as its vectors say, with facts that are frozen.

use serde_json::{Value, json};

use super::Desk;
use crate::mentorships::Scene;

/// Of a vector's result, what the answer shows.
fn expected(vector: &Value) -> [Value; 6] {
    let of = |name: &str| vector["expected"][name].clone();
    [
        of("score"),
        of("potential"),
        of("dimensions"),
        of("class"),
        of("bookkeeping_maturity"),
        of("recommendations"),
    ]
}

fn shown(assessment: &Value) -> [Value; 6] {
    let result = &assessment["result"];
    let codes = result["recommendations"].as_array().unwrap().iter().map(|one| one["code"].clone()).collect();
    let of = |name: &str| assessment[name].clone();
    [
        of("score"),
        of("potential"),
        result["dimensions"].clone(),
        of("class_computed"),
        of("bookkeeping_maturity"),
        codes,
    ]
}

#[actix_web::test]
async fn the_vectors_score_as_they_say() {
    let desk = Desk::start().await;
    let Scene { app, programme, .. } = &desk.scene;
    let vectors: Vec<Value> = serde_json::from_str(include_str!("../instrument_vectors.json")).unwrap();
    // Membership follows from enrollments, which have tests of their own.
    let some = vectors.iter().filter(|it| it["business"]["cooperative_membership"] == "none");
    for (n, vector) in some.enumerate() {
        let (name, facts) = (vector["name"].as_str().unwrap(), &vector["business"]);
        let (business, owner) = desk.scene.a_business(name).await;
        let nib = facts["has_nib"].as_bool().unwrap().then(|| format!("91200012345{n:02}"));
        let patch = json!({ "subsector": facts["subsector"], "nib": nib });
        let known = app.patch(*programme, &format!("/v1/businesses/{business}"), patch).await;
        assert_eq!(known.status, 200, "{name}: {}", known.text);
        let answers = vector["answers"].as_object().unwrap().iter();
        let answers: Value = answers.map(|(item, score)| (item.clone(), json!({ "score": score }))).collect();
        let need = if facts["needs_capital"] == true { 5_000_000 } else { 0 };
        let body = json!({
            "business_id": business, "instrument_id": desk.instrument, "kind": "self",
            "declared_capital_need_idr": need, "answers": answers,
        });
        let path = desk.draft(owner, body).await;
        let reply = desk.move_it(owner, &path, json!({ "action": "submit" })).await;
        match vector["expected"]["missing"].as_array() {
            Some(missing) => {
                let flaws: Vec<_> =
                    missing.iter().map(|it| format!("/answers/{} required", it.as_str().unwrap())).collect();
                assert_eq!((reply.status, reply.flaws()), (422, flaws), "{name}");
            }
            None => {
                assert_eq!((&reply.body["facts"], shown(&reply.body)), (facts, expected(vector)), "{name}");
            }
        }
    }
}

#[actix_web::test]
async fn what_changes_afterwards_changes_no_result() {
    let desk = Desk::start().await;
    let Scene { app, programme, owner, mentor, business, .. } = &desk.scene;
    let path = desk.draft(*owner, desk.a_self_assessment()).await;
    let submitted = app.act(*owner, &path, json!({ "action": "submit" })).await;
    let patch = json!({ "subsector": "kriya", "nib": "9120001234567" });
    assert_eq!(app.patch(*programme, &format!("/v1/businesses/{business}"), patch).await.status, 200);
    let reviewed = app.act(*mentor, &path, json!({ "action": "review" })).await;
    assert_eq!((&reviewed["facts"], &reviewed["result"]), (&submitted["facts"], &submitted["result"]));
}
