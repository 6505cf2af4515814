//! What leaves the department: to whom, with whose consent, and until when.

use serde_json::json;
use seribu::access::Role;

use super::case::Case;
use crate::{
    follow_up::{evidence, is_blocked},
    institutions::an_institution,
    support::Caller,
};

#[actix_web::test]
async fn it_is_forwarded_with_the_owners_consent_to_that_lender() {
    let case = Case::recommended().await;
    is_blocked(&case.tries(case.officer(), case.forward()).await, "consent_missing");
    let other = an_institution("bank-b", "lender");
    let other = case.scene.app.create(case.scene.programme, "/v1/institutions", other).await;
    case.scene.consents(case.scene.owner, Caller::of(Role::Lender, &other)).await;
    is_blocked(&case.tries(case.officer(), case.forward()).await, "consent_missing");
    case.scene.consents(case.scene.owner, case.lender()).await;
    case.goes(case.officer(), case.forward(), "forwarded").await;
}

#[actix_web::test]
async fn it_is_forwarded_to_a_lender_and_nobody_else() {
    let case = Case::recommended().await;
    let university = an_institution("ut", "university");
    let university = case.scene.app.create(case.scene.programme, "/v1/institutions", university).await;
    for id in [university, uuid::Uuid::now_v7().to_string()] {
        let reply = case.tries(case.officer(), json!({ "action": "forward", "lender_id": id })).await;
        assert_eq!((reply.status, reply.flaws()), (422, vec!["/lender_id no_such_record".into()]));
    }
}

#[actix_web::test]
async fn a_lender_sees_what_was_forwarded_to_it_with_its_business_and_decides() {
    let case = Case::recommended().await;
    assert_eq!(case.get(case.lender(), "").await.status, 404);
    case.scene.consents(case.scene.owner, case.lender()).await;
    case.goes(case.officer(), case.forward(), "forwarded").await;
    assert_eq!(case.get(case.lender(), "").await.status, 200);
    assert!(case.scene.sees_the_business(case.lender()).await);

    let another = Caller::new(Role::Lender);
    let no = json!({ "action": "reject", "reason_code": "existing_credit" });
    assert_eq!(case.get(another, "").await.status, 404);
    assert_eq!(case.tries(another, no.clone()).await.status, 404);
    assert_eq!(case.tries(case.scene.owner, no.clone()).await.status, 403);
    case.goes(case.lender(), no, "rejected").await;
    assert!(!case.scene.sees_the_business(case.lender()).await);
    assert!(case.scene.sees_the_business(case.officer()).await);
    assert_eq!(case.get(case.lender(), "").await.body["status"], "rejected");
}

#[actix_web::test]
async fn an_officer_records_what_a_lender_without_an_account_decided() {
    let case = Case::forwarded().await;
    let bare = json!({ "action": "approve", "amount_idr": 20_000_000 });
    assert_eq!(case.tries(case.officer(), bare).await.flaws(), ["/evidence required"]);
    let letter = evidence("lender_letter");
    let approve = json!({ "action": "approve", "amount_idr": 20_000_000, "evidence": letter });
    case.goes(case.officer(), approve, "approved").await;
    let pay = json!({
        "action": "disburse", "amount_idr": 20_000_000, "disbursed_on": "2026-11-23", "evidence": letter,
    });
    case.goes(case.officer(), pay, "disbursed").await;
    case.goes(case.officer(), json!({ "action": "close", "evidence": letter }), "closed").await;
}

#[actix_web::test]
async fn withdrawing_the_consent_withdraws_what_waits_for_the_lender() {
    let case = Case::recommended().await;
    let consent = case.scene.consents(case.scene.owner, case.lender()).await;
    case.goes(case.officer(), case.forward(), "forwarded").await;
    case.scene.withdraws(case.scene.owner, &consent).await;
    let withdrawn = |reply: &crate::support::Reply| reply.body["status"] == "withdrawn";
    case.scene.app.eventually(case.scene.owner, &case.path, withdrawn).await;
    assert_eq!(case.get(case.lender(), "").await.status, 404);
    assert!(!case.scene.sees_the_business(case.lender()).await);
    let told = case.get(case.scene.owner, "/transitions").await.body;
    assert_eq!(told["data"][0]["data"]["move"]["reason_code"], "consent_withdrawn", "{told}");
    assert!(told["data"][0]["caused_by"].is_string(), "{told}");
}

#[actix_web::test]
async fn what_a_lender_has_approved_outlives_the_consent() {
    let case = Case::recommended().await;
    let consent = case.scene.consents(case.scene.owner, case.lender()).await;
    case.goes(case.officer(), case.forward(), "forwarded").await;
    case.goes(case.lender(), json!({ "action": "approve", "amount_idr": 20_000_000 }), "approved").await;
    let waiting = case.another_forwarded().await;
    case.scene.withdraws(case.scene.owner, &consent).await;
    case.scene.app.eventually(case.scene.owner, &waiting, |it| it.body["status"] == "withdrawn").await;
    assert!(case.scene.sees_the_business(case.lender()).await);
    case.pays(20_000_000).await;
}
