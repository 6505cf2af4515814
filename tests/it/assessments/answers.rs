//! What answers must be, when they are written and when they are submitted.

use serde_json::{Value, json};

use super::{Desk, all_answered};
use crate::mentorships::Scene;

fn found(flaws: &[String], expected: &[&str]) {
    let mut flaws = flaws.to_vec();
    flaws.sort();
    assert_eq!(flaws, expected);
}

#[actix_web::test]
async fn one_answer_is_changed_or_removed_at_a_time() {
    let desk = Desk::start().await;
    let Scene { app, owner, .. } = &desk.scene;
    let path = desk.draft(*owner, desk.a_self_assessment()).await;
    let patch = json!({ "answers": { "BKP1": { "score": 4, "note": "Tiap malam." }, "BKP2": null } });
    let changed = app.patch(*owner, &path, patch).await;
    assert_eq!((changed.status, &changed.body["version"]), (200, &json!(2)), "{}", changed.text);
    let answers = &changed.body["answers"];
    assert_eq!(answers["BKP1"], json!({ "score": 4, "note": "Tiap malam.", "evidence": [] }));
    assert_eq!((answers.get("BKP2"), &answers["BKP3"]["score"]), (None, &json!(1)));
}

#[actix_web::test]
async fn answers_fit_the_instrument_and_the_business() {
    let desk = Desk::start().await;
    let Scene { app, programme, owner, .. } = &desk.scene;
    let business = format!("/v1/businesses/{}", desk.scene.business);
    assert_eq!(app.patch(*programme, &business, json!({ "subsector": "kriya" })).await.status, 200);
    let tomorrow = json!([{ "kind": "cash_book", "reference": "Buku 3", "dated_on": "2026-11-25" }]);
    let answers = json!({
        "BKP1": { "score": 5 },
        "BKP2": { "score": 1, "evidence": tomorrow },
        "PRD3": { "score": 1 },
        "XXX1": { "score": 1 },
        "a/b~c": { "score": 1 },
        "LEG1": { "score": 4 },
    });
    let expected = [
        "/answers/BKP1/score too_large",
        "/answers/BKP2/evidence/0/dated_on in_the_future",
        "/answers/PRD3 not_applicable",
        "/answers/XXX1 unknown",
        "/answers/a~1b~0c unknown",
    ];
    let mut assessment = desk.a_self_assessment();
    assessment["answers"] = answers.clone();
    let refused = desk.refused(*owner, assessment.clone()).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    found(&refused.flaws(), &expected);
    assessment["answers"] = json!({});
    let path = desk.draft(*owner, assessment).await;
    let refused = app.patch(*owner, &path, json!({ "answers": answers })).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    found(&refused.flaws(), &expected);
    let still = app.get(*owner, &path).await.body;
    assert_eq!((&still["answers"], &still["version"]), (&json!({}), &json!(1)));
}

#[actix_web::test]
async fn answers_have_their_form() {
    let desk = Desk::start().await;
    let Scene { app, owner, .. } = &desk.scene;
    let path = desk.draft(*owner, desk.a_self_assessment()).await;
    let wrong = json!({ "BKP1": { "score": -1 }, "BKP2": { "score": "two", "colour": 1 }, "BKP3": 3, "ADM1": { "score": 11 } });
    let refused =
        app.patch(*owner, &path, json!({ "answers": wrong, "declared_capital_need_idr": -1 })).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    let expected = [
        "/answers/ADM1/score too_large",
        "/answers/BKP1/score too_small",
        "/answers/BKP2/colour unknown",
        "/answers/BKP2/score wrong_type",
        "/answers/BKP3 wrong_type",
        "/declared_capital_need_idr too_small",
    ];
    found(&refused.flaws(), &expected);
}

#[actix_web::test]
async fn an_assessment_is_submitted_whole() {
    let desk = Desk::start().await;
    let Scene { app, owner, .. } = &desk.scene;
    let path = desk.draft(*owner, desk.a_self_assessment()).await;
    app.patch(*owner, &path, json!({ "answers": { "LEG2": null, "INV3": null } })).await;
    let refused = desk.move_it(*owner, &path, json!({ "action": "submit" })).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert_eq!(refused.flaws(), ["/answers/LEG2 required", "/answers/INV3 required"]);
    let still = app.get(*owner, &path).await.body;
    assert_eq!((&still["status"], &still["facts"]), (&json!("draft"), &Value::Null));
}

#[actix_web::test]
async fn what_is_asked_of_another_subsector_is_neither_needed_nor_taken() {
    let desk = Desk::start().await;
    let Scene { app, programme, owner, .. } = &desk.scene;
    let path = desk.draft(*owner, desk.a_self_assessment()).await;
    let business = format!("/v1/businesses/{}", desk.scene.business);
    assert_eq!(app.patch(*programme, &business, json!({ "subsector": "kriya" })).await.status, 200);
    let refused = desk.move_it(*owner, &path, json!({ "action": "submit" })).await;
    assert_eq!((refused.status, refused.flaws()), (422, vec!["/answers/PRD3 not_applicable".to_owned()]));
    app.patch(*owner, &path, json!({ "answers": { "PRD3": null } })).await;
    let submitted = app.act(*owner, &path, json!({ "action": "submit" })).await;
    assert_eq!((&submitted["facts"]["subsector"], &submitted["score"]), (&json!("kriya"), &json!(2500)));
}

#[actix_web::test]
async fn what_was_submitted_is_not_changed_and_what_it_is_of_never() {
    let desk = Desk::start().await;
    let Scene { app, owner, mentor, .. } = &desk.scene;
    let path = desk.draft(*owner, desk.a_self_assessment()).await;
    let (other, _) = desk.scene.a_business("Rajut Bu Ani").await;
    let patch = json!({
        "business_id": other,
        "instrument_id": "01948f5e-7a00-7000-8000-000000000001",
        "kind": "mentor",
        "mentorship_id": desk.mentorship,
    });
    let refused = app.patch(*owner, &path, patch).await;
    let fixed = ["/business_id fixed", "/instrument_id fixed", "/kind fixed", "/mentorship_id fixed"];
    assert_eq!(
        (refused.status, refused.flaws()),
        (422, fixed.map(str::to_owned).to_vec()),
        "{}",
        refused.text
    );
    app.act(*owner, &path, json!({ "action": "submit" })).await;
    let patch = json!({ "answers": all_answered(4) });
    let refused = app.patch(*owner, &path, patch.clone()).await;
    assert_eq!((refused.status, &refused.body["code"]), (409, &json!("wrong_status")), "{}", refused.text);
    app.act(*mentor, &path, json!({ "action": "review" })).await;
    assert_eq!(app.patch(*owner, &path, patch).await.status, 409);
}
