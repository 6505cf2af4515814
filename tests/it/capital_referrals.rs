//! Capital referrals through HTTP: their way, and who may take it.

mod case;
mod decisions;
mod drafting;
mod lenders;

use serde_json::{Value, json};
use seribu::access::Role;

pub use self::case::Case;
use crate::{follow_up::evidence, support::Caller};

#[actix_web::test]
async fn capital_is_approved_and_paid_out_in_parts_and_the_moves_tell() {
    let case = Case::forwarded().await;
    case.goes(case.lender(), json!({ "action": "approve", "amount_idr": 20_000_000 }), "approved").await;
    case.pays(15_000_000).await;
    case.pays(5_000_000).await;
    let more = json!({ "action": "disburse", "amount_idr": 1, "disbursed_on": "2026-11-24" });
    case.is_not_possible(case.lender(), more, "fully_disbursed").await;
    case.goes(case.lender(), json!({ "action": "close", "note": "Lunas cair." }), "closed").await;

    let moves = case.get(case.scene.owner, "/transitions").await;
    let lines = moves.body["data"].as_array().unwrap().iter().rev().map(|event| {
        let after = &event["data"]["after"];
        let shown = ["recommended_idr", "approved_idr", "disbursed_idr", "due_on"];
        let shown = shown.into_iter().filter_map(|name| Some(format!(" {name} {}", after.get(name)?)));
        let (kind, role) = (event["type"].as_str().unwrap(), event["actor_role"].as_str().unwrap());
        format!("{} {kind} by {role}{}", event["subject_version"], shown.collect::<String>())
    });
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @r#"
    2 capital_referral.submitted by business due_on "2026-12-01"
    3 capital_referral.under_review by facilitation due_on "2026-12-08"
    4 capital_referral.recommended by facilitation recommended_idr 22000000 due_on null
    5 capital_referral.forwarded by facilitation
    6 capital_referral.approved by lender approved_idr 20000000
    7 capital_referral.disbursed by lender disbursed_idr 15000000
    8 capital_referral.disbursed by lender disbursed_idr 20000000
    9 capital_referral.closed by lender
    "#);
    assert_eq!(moves.body["data"][0]["data"]["move"]["note"], "Lunas cair.");
    let closed = case.get(case.scene.owner, "").await.body;
    let paid = json!([
        { "amount_idr": 15_000_000, "disbursed_on": "2026-11-24" },
        { "amount_idr": 5_000_000, "disbursed_on": "2026-11-24" },
    ]);
    assert_eq!((&closed["disbursements"], &closed["closed_at"]), (&paid, &json!("2026-11-24T03:04:05Z")));
}

#[actix_web::test]
async fn every_move_is_refused_to_a_role_that_may_not_make_it() {
    let case = Case::under_review().await;
    let (owner, officer, lender) = (case.scene.owner, case.officer(), case.lender());
    let (programme, stranger) = (case.scene.programme, Caller::new(Role::Business));
    let amount = json!({ "action": "recommend", "amount_idr": 1 });
    let approve = json!({ "action": "approve", "amount_idr": 1 });
    let submit = json!({ "action": "submit" });
    for (caller, body, status) in [
        (owner, amount.clone(), 403),
        (programme, amount.clone(), 403),
        (stranger, amount.clone(), 404),
        (lender, amount, 404),
        (owner, approve.clone(), 403),
        (programme, approve, 403),
        (programme, submit.clone(), 403),
        (stranger, submit.clone(), 404),
        (Caller::new(Role::Policy), submit.clone(), 403),
        (Caller::new(Role::Mentor), submit.clone(), 404),
        (Caller::new(Role::Cooperative), submit.clone(), 403),
        (officer, json!({ "action": "start_review" }), 409),
        (owner, submit, 409),
    ] {
        let reply = case.tries(caller, body.clone()).await;
        assert_eq!(reply.status, status, "{} {body}: {}", caller.role, reply.text);
    }
}

#[actix_web::test]
async fn a_reader_sees_what_they_could_do_once_for_each_action_and_why_not() {
    let case = Case::under_review().await;
    let reply = case.get(case.officer(), "/transitions").await;
    let actions = reply.body["available_actions"].as_array().unwrap().iter();
    let lines = actions.map(|it| format!("{} {} {}", it["action"], it["why_not"], it["needs"]));
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @r#"
    "submit" "wrong_status" ["evidence"]
    "start_review" "wrong_status" []
    "return" null ["missing"]
    "recommend" null ["amount_idr"]
    "not_recommend" null ["reason_code"]
    "forward" "wrong_status" ["lender_id"]
    "approve" "wrong_status" ["amount_idr","evidence"]
    "reject" "wrong_status" ["reason_code","evidence"]
    "disburse" "wrong_status" ["amount_idr","disbursed_on","evidence"]
    "close" "wrong_status" ["evidence"]
    "withdraw" null []
    "#);
    let reply = case.get(case.scene.owner, "/transitions").await;
    let submit = &reply.body["available_actions"][0];
    assert_eq!((&submit["action"], &submit["needs"]), (&json!("submit"), &json!([])), "{}", reply.text);
}

#[actix_web::test]
async fn an_action_takes_exactly_the_fields_it_needs() {
    let case = Case::under_review().await;
    let not = |more: Value| crate::support::merged(json!({ "action": "not_recommend" }), more);
    let reply = case.tries(case.officer(), not(json!({ "amount_idr": 5 }))).await;
    assert_eq!(reply.flaws(), ["/reason_code required", "/amount_idr unknown"]);
    let reply = case.tries(case.officer(), not(json!({ "reason_code": "other" }))).await;
    assert_eq!(reply.flaws(), ["/note required"]);
    let reply = case.tries(case.officer(), not(json!({ "reason_code": "quota_exhausted" }))).await;
    assert_eq!(reply.flaws(), ["/reason_code unknown_code"]);
    case.goes(case.officer(), not(json!({ "reason_code": "plan_not_feasible" })), "not_recommended").await;
}

#[actix_web::test]
async fn a_referral_is_withdrawn_until_it_is_approved() {
    let case = Case::forwarded().await;
    let withdraw = json!({ "action": "withdraw", "reason_code": "other_source" });
    case.goes(case.scene.owner, withdraw.clone(), "withdrawn").await;
    assert_eq!(case.get(case.lender(), "").await.status, 404);
    assert!(!case.scene.sees_the_business(case.lender()).await);
    assert!(!case.scene.sees_the_business(case.officer()).await);

    let case = Case::forwarded().await;
    case.goes(case.lender(), json!({ "action": "approve", "amount_idr": 1 }), "approved").await;
    case.is_not_possible(case.scene.owner, withdraw, "wrong_status").await;
}

#[actix_web::test]
async fn lists_are_narrowed_by_status_business_lender_and_due_date() {
    let case = Case::forwarded().await;
    let (lender, business) = (case.lender().subject.unwrap(), &case.scene.business);
    let total = async |query: &str| {
        let reply = case
            .scene
            .app
            .get(case.officer(), &format!("/v1/capital-referrals?with_total=true&{query}"))
            .await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.body["total"].clone()
    };
    let draft = json!({ "business_id": business, "amount_idr": 5_000_000, "purpose": "equipment" });
    let other = case.scene.app.create(case.scene.owner, "/v1/capital-referrals", draft).await;
    let path = format!("/v1/capital-referrals/{other}");
    case.scene.app.act(case.scene.owner, &path, json!({ "action": "submit" })).await;
    assert_eq!(total("status=submitted,forwarded").await, 2);
    assert_eq!(total(&format!("business_id={business}&lender_id={lender}")).await, 1);
    assert_eq!(total("due_on_to=2026-12-01").await, 1);
    assert_eq!(total("due_on_to=2026-11-30").await, 0);
    assert_eq!(total("due_on_from=2026-12-02").await, 0);
}

#[actix_web::test]
async fn planners_see_money_in_bands_and_no_papers() {
    let case = Case::forwarded().await;
    let seen = case.get(Caller::new(Role::Policy), "").await.body;
    for hidden in ["amount_idr", "recommended_idr", "documents", "disbursements", "purpose_note"] {
        assert_eq!(seen[hidden], Value::Null, "{hidden}");
        assert!(seen["hidden"].as_array().unwrap().contains(&json!(hidden)), "{hidden}: {seen}");
    }
    assert_eq!(seen["bands"]["amount_idr"], json!([10_000_000, 25_000_000]));
}

#[actix_web::test]
async fn an_officer_submits_for_the_owner_with_the_form_that_the_owner_signed() {
    let case = Case::drafted().await;
    let reply = case.tries(case.officer(), json!({ "action": "submit" })).await;
    assert_eq!((reply.status, reply.flaws()), (422, vec!["/evidence required".into()]));
    let form = json!({ "action": "submit", "evidence": evidence("signed_form") });
    case.goes(case.officer(), form, "submitted").await;
    let told = case.get(case.scene.owner, "/transitions").await.body;
    assert_eq!(told["data"][0]["on_behalf_of"], format!("person:{}", case.scene.owner.subject.unwrap()));
    case.is_not_possible(case.officer(), json!({ "action": "start_review" }), "own_referral").await;
}
