//! The end of what was granted is told of in time, and handed over to the desk.

use serde_json::{Value, json};

use super::case::{Case, id_of};
use crate::support::Reply;

async fn hand_over(case: &Case, rules: &[&str]) -> Value {
    let list = format!("/v1/hand-overs?business_id={}&division=standardisation", case.scene.business);
    let has = |reply: &Reply| {
        let causes = reply.body["data"][0]["causes"].as_array().into_iter().flatten();
        causes.map(|cause| cause["rule"].as_str().unwrap()).collect::<Vec<_>>() == rules
    };
    case.app().eventually(case.scene.programme, &list, has).await.body["data"][0].clone()
}

async fn told(case: &Case, path: &str, expiry: &str) {
    case.app().eventually(case.scene.programme, path, |reply| reply.body["expiry"] == expiry).await;
}

#[actix_web::test]
async fn it_is_told_once_when_to_renew_and_once_when_it_has_run_out() {
    let case = Case::start().await;
    // Six months before its end, which is what the list has for this kind.
    let path = case.granted("2027-05-31").await;
    case.on("2026-12-01");
    case.app().readers_done().await;
    assert_eq!(case.get(&path).await["expiry"], Value::Null);
    case.on("2026-12-02");
    told(&case, &path, "expiring").await;
    let opened = hand_over(&case, &["certification_expiring"]).await;
    assert_eq!(opened["causes"][0]["type"], "certification.expiring", "{opened}");
    assert_eq!(opened["causes"][0]["subject_id"], id_of(&path));
    case.on("2027-06-01");
    told(&case, &path, "expired").await;
    let again = hand_over(&case, &["certification_expiring", "certification_expired"]).await;
    assert_eq!(again["id"], opened["id"], "a later cause is added to it");
    case.on("2027-06-03");
    case.app().readers_done().await;
    let history = case.history(&path).await;
    let count = |kind: &str| history.iter().filter(|it| *it == kind).count();
    assert_eq!([count("certification.expiring"), count("certification.expired")], [1, 1], "{history:?}");
    assert_eq!(case.get(&path).await["status"], "granted", "that it holds no more follows from its date");
}

#[actix_web::test]
async fn what_has_run_out_long_ago_is_told_of_as_that_alone() {
    let case = Case::start().await;
    let path = case.granted("2026-01-31").await;
    case.on("2026-11-25");
    told(&case, &path, "expired").await;
    assert!(!case.history(&path).await.contains(&"certification.expiring".to_owned()));
    hand_over(&case, &["certification_expired"]).await;
}

#[actix_web::test]
async fn what_was_renewed_or_revoked_is_not_watched_any_more() {
    let case = Case::start().await;
    let first = case.granted("2027-05-31").await;
    let renewal = case.a_plan("spp_irt", json!({ "renews_id": id_of(&first) }));
    let renewal = case.planned_as(renewal).await;
    case.grants(&renewal, "2032-05-31").await;
    let halal = case.planned("halal").await;
    case.grants(&halal, "2027-05-31").await;
    let revoke = json!({ "action": "revoke", "reason_code": "holder_request" });
    case.app().act(case.desk(), &halal, revoke).await;
    case.on("2027-06-01");
    case.scene.app.readers_done().await;
    actix_web::rt::time::sleep(std::time::Duration::from_millis(1500)).await;
    assert_eq!(case.get(&first).await["expiry"], "renewed");
    assert_eq!(case.get(&renewal).await["expiry"], Value::Null);
    assert_eq!(case.get(&halal).await["expiry"], Value::Null);
    let list = format!("/v1/hand-overs?business_id={}&with_total=true", case.scene.business);
    assert_eq!(case.get(&list).await["total"], 0);
}
