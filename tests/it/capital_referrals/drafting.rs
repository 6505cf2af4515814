//! Writing a referral: by whom, with which scheme and papers, and until when.

use serde_json::json;
use seribu::access::Role;

use super::case::{Case, a_referral, drafted_by};
use crate::{
    follow_up::{FollowUp, evidence, is_blocked},
    support::{Caller, merged},
};

#[actix_web::test]
async fn the_owner_drafts_and_the_division_sees_it_with_the_business() {
    let scene = FollowUp::start().await;
    assert!(!scene.sees_the_business(scene.facilitation).await);
    let created = scene.app.post(scene.owner, "/v1/capital-referrals", a_referral(&scene, json!({}))).await;
    assert_eq!(
        (created.status, &created.body["number"]),
        (201, &json!("RJK-2026-000001")),
        "{}",
        created.text
    );
    assert_eq!(created.body["writer_ids"], json!([scene.owner.user]));
    assert!(scene.sees_the_business(scene.facilitation).await);
    let business = format!("/v1/businesses/{}/history", scene.business);
    let history = scene.app.get(scene.facilitation, &business).await;
    let kinds: Vec<_> = history.body["data"].as_array().unwrap().iter().map(|event| &event["type"]).collect();
    assert!(kinds.contains(&&json!("business.shared")), "{}", history.text);
    assert!(kinds.contains(&&json!("capital_referral.created")), "{}", history.text);
}

#[actix_web::test]
async fn an_officer_drafts_for_the_owner_of_a_business_that_the_division_sees() {
    let scene = FollowUp::start().await;
    let unseen =
        scene.app.post(scene.facilitation, "/v1/capital-referrals", a_referral(&scene, json!({}))).await;
    assert_eq!((unseen.status, unseen.flaws()), (422, vec!["/business_id no_such_record".into()]));
    drafted_by(&scene, scene.owner, json!({})).await;
    let path = drafted_by(&scene, scene.facilitation, json!({ "purpose": "premises" })).await;
    let told = scene.app.get(scene.owner, &format!("{path}/history")).await;
    let owner = format!("person:{}", scene.owner.subject.unwrap());
    assert_eq!(told.body["data"][0]["on_behalf_of"], owner, "{}", told.text);
}

#[actix_web::test]
async fn nobody_else_drafts() {
    let scene = FollowUp::start().await;
    let draft = a_referral(&scene, json!({}));
    for role in Role::ALL {
        let status = match role {
            // The business of somebody else.
            Role::Business | Role::Facilitation | Role::Mentor => 422,
            Role::System => continue,
            _ => 403,
        };
        let reply = scene.app.post(Caller::new(*role), "/v1/capital-referrals", draft.clone()).await;
        assert_eq!(reply.status, status, "{role}: {}", reply.text);
    }
}

#[actix_web::test]
async fn a_referral_is_for_an_active_business() {
    let scene = FollowUp::start().await;
    let business = format!("/v1/businesses/{}", scene.business);
    let close = json!({ "action": "deactivate", "reason_code": "closed" });
    scene.app.act(scene.programme, &business, close).await;
    let reply = scene.app.post(scene.owner, "/v1/capital-referrals", a_referral(&scene, json!({}))).await;
    is_blocked(&reply, "business_inactive");
}

#[actix_web::test]
async fn what_a_referral_names_belongs_to_its_business() {
    let scene = FollowUp::start().await;
    let nothing = uuid::Uuid::now_v7();
    let draft = a_referral(&scene, json!({ "hand_over_id": nothing, "plan_id": nothing }));
    let reply = scene.app.post(scene.owner, "/v1/capital-referrals", draft).await;
    assert_eq!(reply.flaws(), ["/hand_over_id no_such_record", "/plan_id no_such_record"]);
}

#[actix_web::test]
async fn a_scheme_is_suggested_by_the_amount_and_another_has_a_reason() {
    let scene = FollowUp::start().await;
    let post =
        async |change| scene.app.post(scene.owner, "/v1/capital-referrals", a_referral(&scene, change)).await;
    let suggested = post(json!({ "amount_idr": 10_000_000 })).await;
    let expected = json!({
        "scheme": "kur_super_mikro", "version": 2026, "rule": "first_with_room", "for_whom": "person",
    });
    assert_eq!((&suggested.body["suggestion"], &suggested.body["scheme"]), (&expected, &json!(null)));

    assert_eq!(post(json!({ "scheme": "umi" })).await.flaws(), ["/scheme_reason required"]);
    assert_eq!(post(json!({ "scheme": "kur_mikro" })).await.status, 201);
    let reason = json!({ "scheme": "umi", "scheme_reason": "Sudah menjadi nasabah." });
    assert_eq!(post(reason).await.body["scheme"], "umi");
    let unknown = json!({ "scheme": "bpum", "scheme_reason": "Hibah." });
    assert_eq!(post(unknown).await.flaws(), ["/scheme unknown_code"]);
    assert_eq!(post(json!({ "purpose": "other" })).await.flaws(), ["/purpose_note required"]);
}

#[actix_web::test]
async fn its_terms_change_only_while_it_is_a_draft_or_returned() {
    let case = Case::drafted().await;
    let more = json!({ "amount_idr": 60_000_000 });
    let changed = case.patches(case.scene.owner, "", more.clone()).await;
    assert_eq!(changed.body["suggestion"]["scheme"], "kur_mikro", "{}", changed.text);
    let npwp = |reply: &crate::support::Reply| {
        let documents = reply.body["documents"].as_array().unwrap();
        documents.iter().any(|document| document["kind"] == "npwp")
    };
    assert!(npwp(&changed), "above 50 million: {}", changed.text);
    let less = case.patches(case.scene.owner, "", json!({ "amount_idr": 50_000_000 })).await;
    assert!(!npwp(&less), "{}", less.text);

    let (other, _) = case.scene.another_owner("Dewi", None).await;
    assert_eq!(case.patches(other, "", more.clone()).await.status, 404);
    let moved = case.patches(case.scene.owner, "", json!({ "business_id": uuid::Uuid::now_v7() })).await;
    assert_eq!(moved.flaws(), ["/business_id not_allowed"]);

    case.goes(case.scene.owner, json!({ "action": "submit" }), "submitted").await;
    let late = case.patches(case.scene.owner, "", more.clone()).await;
    assert_eq!((late.status, &late.body["type"]), (409, &json!("/problems/not-possible")));
    case.goes(case.officer(), json!({ "action": "start_review" }), "under_review").await;
    case.goes(case.officer(), json!({ "action": "return", "missing": ["quotation"] }), "returned").await;
    assert_eq!(case.patches(case.scene.owner, "", more).await.status, 200);
}

#[actix_web::test]
async fn the_checklist_of_the_scheme_says_which_papers_are_missing() {
    let case = Case::drafted().await;
    let documents = case.get(case.scene.owner, "").await.body["documents"].clone();
    let lines = documents.as_array().unwrap().iter().map(|it| format!("{} {}", it["kind"], it["status"]));
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @r#"
    "ktp" "missing"
    "family_card" "missing"
    "spouse_ktp" "missing"
    "marriage_certificate" "missing"
    "village_business_letter" "missing"
    "business_photo" "missing"
    "financial_records" "missing"
    "quotation" "missing"
    "#);
}

#[actix_web::test]
async fn the_owner_provides_papers_and_an_officer_verifies_them() {
    let case = Case::drafted().await;
    let (owner, officer) = (case.scene.owner, case.officer());
    let provided = json!({ "status": "provided", "evidence": evidence("ktp") });
    let verified = json!({ "status": "verified" });
    let reply = case.patches(owner, "/documents/ktp", json!({ "status": "provided" })).await;
    assert_eq!(reply.flaws(), ["/evidence required"]);
    let reply = case.patches(owner, "/documents/ktp", provided.clone()).await;
    assert_eq!(
        (reply.status, &reply.body["documents"][0]["status"]),
        (200, &json!("provided")),
        "{}",
        reply.text
    );
    assert_eq!(case.patches(owner, "/documents/npwp", provided.clone()).await.status, 404);
    assert_eq!(case.patches(owner, "/documents/ktp", verified.clone()).await.status, 403);
    assert_eq!(case.patches(officer, "/documents/ktp", verified.clone()).await.status, 409);

    case.goes(owner, json!({ "action": "submit" }), "submitted").await;
    assert_eq!(case.patches(owner, "/documents/family_card", provided).await.status, 409);
    let reply = case.patches(officer, "/documents/ktp", verified).await;
    assert_eq!(
        (reply.status, &reply.body["documents"][0]["status"]),
        (200, &json!("verified")),
        "{}",
        reply.text
    );

    case.goes(officer, json!({ "action": "start_review" }), "under_review").await;
    let reply = case.tries(officer, json!({ "action": "return", "missing": ["ktp", "npwp"] })).await;
    assert_eq!(reply.flaws(), ["/missing/1 not_allowed"]);
    case.goes(officer, json!({ "action": "return", "missing": ["ktp"] }), "returned").await;
    let returned = case.get(owner, "").await.body;
    assert_eq!(
        (&returned["documents"][0]["status"], &returned["due_on"]),
        (&json!("missing"), &json!("2026-12-08"))
    );
}

#[actix_web::test]
async fn it_is_submitted_once_the_owner_has_a_nik() {
    let scene = FollowUp::start().await;
    let (owner, business) = scene.another_owner("Dewi", None).await;
    let draft = merged(a_referral(&scene, json!({})), json!({ "business_id": business }));
    let path =
        format!("/v1/capital-referrals/{}", scene.app.create(owner, "/v1/capital-referrals", draft).await);
    scene.is_blocked(owner, &path, json!({ "action": "submit" }), "nik_missing").await;
    let person = format!("/v1/persons/{}", owner.subject.unwrap());
    let known = scene.app.patch(scene.programme, &person, json!({ "nik": "9974014101900002" })).await;
    assert_eq!(known.status, 200, "{}", known.text);
    scene.app.act(owner, &path, json!({ "action": "submit" })).await;
}
