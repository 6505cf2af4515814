//! What the desk records: that it was applied for, and what the issuer decided.

use serde_json::{Value, json};
use seribu::access::Role;

use super::case::{Case, a_grant, id_of};
use crate::support::Caller;

#[actix_web::test]
async fn it_is_applied_for_rejected_applied_for_again_granted_and_revoked() {
    let case = Case::start().await;
    let path = case.planned("spp_irt").await;
    let desk = case.desk();
    let act = async |body: Value| case.app().act(desk, &path, body).await;
    let applied = act(json!({ "action": "apply", "issuer": "Dinas Kesehatan" })).await;
    assert_eq!(
        (&applied["applied_on"], &applied["issuer"]),
        (&json!("2026-11-24"), &json!("Dinas Kesehatan"))
    );
    act(json!({ "action": "reject", "reason_code": "inspection_failed" })).await;
    act(json!({ "action": "apply", "applied_on": "2026-11-20" })).await;
    let granted = act(a_grant("2026-11-23", Some("2031-11-22"))).await;
    assert_eq!(
        (&granted["number"], &granted["expires_on"], &granted["renew_from"], &granted["expiry"]),
        (&json!("2063674010001-31"), &json!("2031-11-22"), &json!("2031-05-26"), &Value::Null)
    );
    let revoked = act(json!({ "action": "revoke", "reason_code": "misuse" })).await;
    assert_eq!((&revoked["status"], &revoked["number"]), (&json!("revoked"), &json!("2063674010001-31")));
    let moves = case.get(&format!("{path}/transitions")).await;
    assert_eq!(moves["data"][1]["data"]["kind"], "spp_irt", "who reads the log need not look it up");
    let kinds: Vec<_> = moves["data"].as_array().unwrap().iter().map(|it| it["type"].clone()).collect();
    let reached = ["revoked", "granted", "applied", "rejected", "applied"];
    assert_eq!(kinds, reached.map(|status| json!(format!("certification.{status}"))));
}

#[actix_web::test]
async fn only_the_desk_and_the_programme_move_it() {
    let case = Case::start().await;
    let path = case.planned("halal").await;
    let apply = json!({ "action": "apply" });
    assert_eq!(case.scene.tries(case.scene.owner, &path, apply.clone()).await.status, 403);
    assert_eq!(case.scene.tries(Caller::new(Role::Policy), &path, apply.clone()).await.status, 403);
    assert_eq!(case.scene.tries(Caller::new(Role::Business), &path, apply.clone()).await.status, 404);
    let offered = case.app().get(case.scene.owner, &format!("{path}/transitions")).await.body;
    assert_eq!(offered["available_actions"][0]["why_not"], "not_permitted");
    case.app().act(case.scene.programme, &path, apply).await;
    let early = json!({ "action": "revoke", "reason_code": "misuse" });
    case.scene.is_not_possible(case.desk(), &path, early, "wrong_status").await;
}

#[actix_web::test]
async fn a_grant_says_its_number_its_day_and_its_end_where_the_kind_has_one() {
    let case = Case::start().await;
    let path = case.applied("spp_irt").await;
    let tries = async |body: Value| case.scene.tries(case.desk(), &path, body).await.flaws();
    assert_eq!(tries(json!({ "action": "grant" })).await, ["/number required", "/granted_on required"]);
    assert_eq!(tries(a_grant("2026-11-24", None)).await, ["/expires_on required"]);
    let wrong = tries(a_grant("2026-11-20", Some("2026-11-20"))).await;
    assert_eq!(wrong, ["/granted_on too_early", "/expires_on too_early"]);
    let tomorrow = tries(a_grant("2026-11-25", Some("2031-11-24"))).await;
    assert_eq!(tomorrow, ["/granted_on in_the_future", "/evidence/dated_on in_the_future"]);
    let halal = case.applied("halal").await;
    let granted = case.app().act(case.desk(), &halal, a_grant("2026-11-24", None)).await;
    assert_eq!((&granted["expires_on"], &granted["renew_from"]), (&Value::Null, &Value::Null));
}

#[actix_web::test]
async fn a_hand_over_to_the_desk_is_done_with_a_certification_of_the_business() {
    let case = Case::start().await;
    let path = case.granted("2027-01-31").await;
    case.on("2026-11-25");
    let list = format!("/v1/hand-overs?business_id={}&division=standardisation", case.scene.business);
    let opened = |reply: &crate::support::Reply| reply.body["data"][0]["id"].is_string();
    let opened = case.app().eventually(case.desk(), &list, opened).await;
    let hand_over = format!("/v1/hand-overs/{}", opened.body["data"][0]["id"].as_str().unwrap());
    let taken = case.app().act(case.desk(), &hand_over, json!({ "action": "take" })).await;
    assert_eq!(taken["dossier"]["records"][0]["kind"], "certification", "{taken}");
    let renewal = case.a_plan("spp_irt", json!({ "renews_id": id_of(&path) }));
    let renewal = case.planned_as(renewal).await;
    let done = json!({ "action": "done", "result": { "kind": "certification", "id": id_of(&renewal) } });
    let done = case.app().act(case.desk(), &hand_over, done).await;
    assert_eq!((&done["status"], &done["result"]["id"]), (&json!("done"), &json!(id_of(&renewal))));
}

#[actix_web::test]
async fn planners_see_it_without_notes_and_papers() {
    let case = Case::start().await;
    let path = case.granted("2031-01-31").await;
    case.app().patch(case.scene.owner, &path, json!({ "note": "Ibu Siti yang mengurus" })).await;
    let seen = case.app().get(Caller::new(Role::Policy), &path).await.body;
    assert_eq!(seen["hidden"], json!(["note", "requirements", "evidence"]), "{seen}");
    assert_eq!((&seen["note"], &seen["number"]), (&Value::Null, &json!("2063674010001-31")));
    let history = case.app().get(Caller::new(Role::Policy), &format!("{path}/history")).await;
    assert!(history.text.contains("certification.granted") && !history.text.contains("Ibu Siti"));
}

#[actix_web::test]
async fn lists_are_narrowed_by_status_kind_product_and_end() {
    let case = Case::start().await;
    case.granted("2031-01-31").await;
    case.planned("halal").await;
    let total = async |query: &str| {
        let path = format!("/v1/certifications?with_total=true&{query}");
        case.app().get(case.scene.programme, &path).await.body["total"].clone()
    };
    let business = &case.scene.business;
    assert_eq!(total(&format!("business_id={business}&product_id={}", case.product)).await, 2);
    assert_eq!([total("status=granted").await, total("kind=halal").await], [json!(1), json!(1)]);
    assert_eq!(total("expires_on_from=2031-01-31&expires_on_to=2031-01-31").await, 1);
    assert_eq!([total("expires_on_from=2031-02-01").await, total("expiry=expired").await], [0, 0]);
}
