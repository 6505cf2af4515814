//! Reviewing and paying: never one's own, never more than the step before.

use futures_util::future::join_all;
use serde_json::json;

use super::case::{Case, drafted_by};
use crate::follow_up::evidence;

#[actix_web::test]
async fn who_drafted_it_does_not_review_it() {
    let case = Case::drafted().await;
    let path = drafted_by(&case.scene, case.officer(), json!({})).await;
    case.scene.app.act(case.scene.owner, &path, json!({ "action": "submit" })).await;
    let start = json!({ "action": "start_review" });
    case.scene.is_not_possible(case.officer(), &path, start.clone(), "own_referral").await;
    case.scene.app.act(case.another_officer(), &path, start).await;
    for body in [
        json!({ "action": "return", "missing": ["ktp"] }),
        json!({ "action": "recommend", "amount_idr": 1 }),
        json!({ "action": "not_recommend", "reason_code": "arrears" }),
    ] {
        case.scene.is_not_possible(case.officer(), &path, body, "own_referral").await;
    }
}

#[actix_web::test]
async fn who_changed_the_draft_has_written_it_too() {
    let case = Case::drafted().await;
    let changed = case.patches(case.officer(), "", json!({ "amount_idr": 20_000_000 })).await;
    assert_eq!(changed.body["writer_ids"], json!([case.scene.owner.user, case.officer().user]));
    case.goes(case.scene.owner, json!({ "action": "submit" }), "submitted").await;
    case.is_not_possible(case.officer(), json!({ "action": "start_review" }), "own_referral").await;
    case.goes(case.another_officer(), json!({ "action": "start_review" }), "under_review").await;
}

#[actix_web::test]
async fn who_ever_submitted_it_does_not_review_it() {
    let case = Case::drafted().await;
    let form = json!({ "action": "submit", "evidence": evidence("signed_form") });
    case.goes(case.officer(), form, "submitted").await;
    case.goes(case.another_officer(), json!({ "action": "start_review" }), "under_review").await;
    let back = json!({ "action": "return", "missing": ["ktp"] });
    case.goes(case.another_officer(), back, "returned").await;
    case.goes(case.scene.owner, json!({ "action": "submit" }), "submitted").await;
    case.is_not_possible(case.officer(), json!({ "action": "start_review" }), "own_referral").await;
}

#[actix_web::test]
async fn no_amount_passes_the_one_before_it() {
    let case = Case::under_review().await;
    let too_much = |action: &str, amount: i64| json!({ "action": action, "amount_idr": amount, "disbursed_on": "2026-11-24" });
    let recommend = json!({ "action": "recommend", "amount_idr": 25_000_001 });
    assert_eq!(case.tries(case.officer(), recommend).await.flaws(), ["/amount_idr too_large"]);

    let case = Case::forwarded().await;
    let approve = json!({ "action": "approve", "amount_idr": 25_000_001 });
    assert_eq!(case.tries(case.lender(), approve).await.flaws(), ["/amount_idr too_large"]);
    case.goes(case.lender(), json!({ "action": "approve", "amount_idr": 20_000_000 }), "approved").await;
    case.pays(15_000_000).await;
    let reply = case.tries(case.lender(), too_much("disburse", 5_000_001)).await;
    assert_eq!(reply.flaws(), ["/amount_idr too_large"]);
    let tomorrow = json!({ "action": "disburse", "amount_idr": 1, "disbursed_on": "2026-11-25" });
    assert_eq!(case.tries(case.lender(), tomorrow).await.flaws(), ["/disbursed_on in_the_future"]);
}

#[actix_web::test]
async fn eight_payments_at_once_never_pass_what_was_approved() {
    let case = Case::forwarded().await;
    case.goes(case.lender(), json!({ "action": "approve", "amount_idr": 20_000_000 }), "approved").await;
    let pay = json!({ "action": "disburse", "amount_idr": 3_000_000, "disbursed_on": "2026-11-24" });
    let replies = join_all((0..8).map(|_| case.tries(case.lender(), pay.clone()))).await;
    let paid = replies.iter().filter(|reply| reply.status == 200).count();
    let refused = replies.iter().filter(|reply| reply.flaws() == ["/amount_idr too_large"]).count();
    assert_eq!((paid, refused), (6, 2));
    let after = case.get(case.lender(), "").await.body;
    assert_eq!(after["disbursed_idr"], 18_000_000);
    assert_eq!(after["disbursements"].as_array().unwrap().len(), 6);
}
