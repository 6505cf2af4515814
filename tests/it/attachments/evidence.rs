//! A file as evidence: of the record that it proves something of, or of its business; and then it stays.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::uploaded;
use crate::{
    assessments::{Desk, all_answered},
    capital_referrals::Case,
    follow_up::{evidence, is_blocked},
    support::{Caller, Reply, TestApp},
};

fn with_file(kind: &str, path: &str) -> Value {
    let mut evidence = evidence(kind);
    evidence["attachment_id"] = json!(path.rsplit('/').next().unwrap());
    evidence
}

async fn delete(app: &TestApp, caller: Caller, path: &str) -> Reply {
    let request = app.request(Method::DELETE, path).bearer_auth(caller.token(|_| ()));
    app.send(request.insert_header(("if-match", "*")), "").await
}

#[actix_web::test]
async fn a_document_names_a_file_of_its_referral_or_business_which_then_stays() {
    let case = Case::drafted().await;
    let (app, owner) = (&case.scene.app, case.scene.owner);
    let (other, others) = case.scene.another_owner("Dewi", None).await;
    let strange = uploaded(app, other, &format!("business/{others}")).await;
    let referral = case.path.rsplit('/').next().unwrap();
    let own = uploaded(app, owner, &format!("capital_referral/{referral}")).await;
    let of_business = uploaded(app, owner, &format!("business/{}", case.scene.business)).await;
    let kinds = case.get(owner, "").await.body["documents"].clone();
    let kind = kinds[0]["kind"].as_str().unwrap();
    let document = |file: &str| json!({ "status": "provided", "evidence": with_file("scan", file) });
    for wrong in [strange.as_str(), "/v1/attachments/01930000-0000-7000-8000-00000000dead"] {
        let reply = case.patches(owner, &format!("/documents/{kind}"), document(wrong)).await;
        assert_eq!(
            (reply.status, reply.flaws()),
            (422, vec!["/evidence/attachment_id no_such_record".to_owned()])
        );
    }
    for file in [&own, &of_business] {
        let reply = case.patches(owner, &format!("/documents/{kind}"), document(file)).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        let kept = &reply.body["documents"][0]["evidence"]["attachment_id"];
        assert!(file.ends_with(kept.as_str().unwrap()), "{kept}");
        is_blocked(&delete(app, owner, file).await, "named_by_evidence");
    }
    assert_eq!(delete(app, other, &strange).await.status, 204);
}

#[actix_web::test]
async fn an_officer_submits_with_the_signed_form_that_was_uploaded() {
    let case = Case::drafted().await;
    let referral = format!("capital_referral/{}", case.path.rsplit('/').next().unwrap());
    let form = uploaded(&case.scene.app, case.officer(), &referral).await;
    assert_eq!(delete(&case.scene.app, case.officer(), &form).await.status, 204);
    let submit = |file: &str| json!({ "action": "submit", "evidence": with_file("signed_form", file) });
    let reply = case.tries(case.officer(), submit(&form)).await;
    assert_eq!(
        (reply.status, reply.flaws()),
        (422, vec!["/evidence/attachment_id no_such_record".to_owned()])
    );
    let form = uploaded(&case.scene.app, case.officer(), &referral).await;
    case.goes(case.officer(), submit(&form), "submitted").await;
}

#[actix_web::test]
async fn a_consent_on_paper_rests_on_a_file_of_the_person() {
    let case = Case::drafted().await;
    let (app, programme) = (&case.scene.app, case.scene.programme);
    let person = case.scene.owner.subject.unwrap();
    let consents = format!("/v1/persons/{person}/consents");
    let consent = |file: &str| {
        json!({
            "purpose": "lender", "receiver_id": case.lender().subject, "text_version": 1, "via": "signed_form",
            "evidence": with_file("signed_form", file),
        })
    };
    let of_business = uploaded(app, programme, &format!("business/{}", case.scene.business)).await;
    let reply = app.post(programme, &consents, consent(&of_business)).await;
    assert_eq!(
        (reply.status, reply.flaws()),
        (422, vec!["/evidence/attachment_id no_such_record".to_owned()])
    );
    let form = uploaded(app, programme, &format!("person/{person}")).await;
    app.create(programme, &consents, consent(&form)).await;
    is_blocked(&delete(app, programme, &form).await, "named_by_evidence");
}

#[actix_web::test]
async fn each_answer_and_objective_says_which_file_is_not_its_own() {
    let desk = Desk::start().await;
    let (app, scene) = (&desk.scene.app, &desk.scene);
    let photo = uploaded(app, scene.owner, &format!("business/{}", scene.business)).await;
    let none = "/v1/attachments/01930000-0000-7000-8000-00000000dead";
    let mut body = desk.a_self_assessment();
    let item = all_answered(1).as_object().unwrap().keys().next().unwrap().clone();
    body["answers"][&item]["evidence"] = json!([with_file("photo", &photo), with_file("photo", none)]);
    let reply = desk.refused(scene.owner, body.clone()).await;
    let flaw = format!("/answers/{item}/evidence/1/attachment_id no_such_record");
    assert_eq!((reply.status, reply.flaws()), (422, vec![flaw]));
    body["answers"][&item]["evidence"] = json!([with_file("photo", &photo)]);
    let path = desk.draft(scene.owner, body).await;
    let assessment = format!("assessment/{}", path.rsplit('/').next().unwrap());
    let own = uploaded(app, scene.owner, &assessment).await;
    let answer = |file: &str| json!({ "answers": { &item: { "evidence": [with_file("photo", file)] } } });
    assert_eq!(app.patch(scene.owner, &path, answer(&own)).await.status, 200);
    let objectives = format!("/v1/mentorships/{}/objectives", desk.mentorship);
    let objective = |file: &str| {
        scene.an_objective(json!({ "status": "achieved", "evidence": with_file("photo", file) }))
    };
    let reply = app.post(scene.mentor, &objectives, objective(&own)).await;
    assert_eq!(
        (reply.status, reply.flaws()),
        (422, vec!["/evidence/attachment_id no_such_record".to_owned()])
    );
    app.create(scene.mentor, &objectives, objective(&photo)).await;
}
