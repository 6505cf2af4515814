//! What opens a hand-over, and what does not.

use serde_json::{Value, json};
use seribu::access::Role;

use super::case::{Case, rules, take};
use crate::{cooperatives::given_a_cooperative, support::Caller};

#[actix_web::test]
async fn a_reviewed_assessment_opens_one_for_each_division_that_it_refers_to() {
    let case = Case::assessed().await;
    let standards = case.only("standardisation", "open").await;
    assert_eq!(rules(&standards), ["product_permit", "halal", "packaging_label"], "{standards}");
    assert_eq!(rules(&case.only("cooperatives", "open").await), ["cooperative_enrollment"]);
    assert_eq!((case.count().await, &standards["due_on"]), (json!(2), &json!("2026-11-27")));
    assert_eq!((&standards["dossier"], &standards["taken_by"]), (&Value::Null, &Value::Null));
    let path = format!("/v1/hand-overs/{}/history", standards["id"].as_str().unwrap());
    let told = case.app().get(case.standards(), &path).await.body["data"][0].clone();
    assert_eq!(told["caused_by"], standards["causes"][0]["event_id"], "{told}");
}

#[actix_web::test]
async fn a_self_assessment_opens_none() {
    let case = Case::start().await;
    let path = case.desk.draft(case.scene().owner, case.desk.a_self_assessment()).await;
    case.app().act(case.scene().owner, &path, json!({ "action": "submit" })).await;
    case.app().act(case.scene().mentor, &path, json!({ "action": "review" })).await;
    let by_mentor = case.desk.reviewed().await;
    let opened = case.only("standardisation", "open").await;
    for cause in opened["causes"].as_array().unwrap() {
        assert!(by_mentor.ends_with(cause["subject_id"].as_str().unwrap()), "{opened}");
    }
}

#[actix_web::test]
async fn a_later_cause_is_added_to_what_is_not_finished() {
    let case = Case::assessed().await;
    let path = case.path("standardisation", "open").await;
    case.app().act(case.standards(), &path, take()).await;
    let again = case.desk.draft(case.scene().mentor, case.desk.a_mentors("follow_up")).await;
    case.app().act(case.scene().mentor, &again, json!({ "action": "submit" })).await;
    case.app().act(case.scene().programme, &again, json!({ "action": "review" })).await;
    let all = |reply: &crate::support::Reply| reply.body["causes"].as_array().unwrap().len() == 6;
    let taken = case.app().eventually(case.standards(), &path, all).await.body;
    assert_eq!((&taken["status"], case.count().await), (&json!("taken"), json!(2)));
    let told = case.app().get(case.standards(), &format!("{path}/history")).await.body;
    assert_eq!(told["data"][0]["type"], "hand_over.updated", "{told}");
}

#[actix_web::test]
async fn an_accepted_plan_that_needs_capital_goes_to_facilitation_and_no_other_does() {
    for (own, handed_over) in [(5_000_000, true), (25_000_000, false)] {
        let case = Case::start().await;
        let plan = format!("/v1/mentorships/{}/plan", case.desk.mentorship);
        let body = json!({
            "kind": "business",
            "period": { "from": "2026-12-01", "to": "2027-05-31" },
            "goals": "Omzet naik seperempat dalam enam bulan.",
            "items": [{ "title": "Membeli oven kedua", "kind": "equipment", "cost_idr": 12_000_000 }],
            "finances": { "needed_idr": 25_000_000, "own_idr": own },
        });
        assert_eq!(case.app().post(case.scene().owner, &plan, body).await.status, 201);
        case.app().act(case.scene().owner, &plan, json!({ "action": "submit" })).await;
        case.app().act(case.scene().mentor, &plan, json!({ "action": "accept" })).await;
        if handed_over {
            assert_eq!(rules(&case.only("facilitation", "open").await), ["capital_need"]);
        } else {
            case.desk.reviewed().await;
            case.only("standardisation", "open").await;
            assert_eq!(case.count().await, 2, "of the assessment alone");
        }
    }
}

/// Ends the coaching, after a session.
async fn complete(case: &Case) {
    case.scene().held(&case.desk.mentorship).await;
    let mentorship = format!("/v1/mentorships/{}", case.desk.mentorship);
    case.app().act(case.scene().programme, &mentorship, json!({ "action": "complete" })).await;
}

#[actix_web::test]
async fn a_coached_owner_in_no_cooperative_goes_to_the_cooperatives_division() {
    let case = Case::start().await;
    complete(&case).await;
    let opened = case.only("cooperatives", "open").await;
    assert_eq!(
        (rules(&opened), &opened["causes"][0]["type"]),
        (vec!["not_a_member"], &json!("mentorship.completed"))
    );
    let history = format!("/v1/mentorships/{}/history", case.desk.mentorship);
    let told = case.app().get(case.scene().programme, &history).await;
    assert!(told.text.contains("hand_over.created"), "the mentorship's history tells it");
}

#[actix_web::test]
async fn a_member_of_a_cooperative_is_not_handed_over_to_join_one() {
    let case = Case::start().await;
    let owner = case.scene().owner;
    let person = format!("/v1/persons/{}", owner.subject.unwrap());
    case.app().patch(case.scene().programme, &person, json!({ "nik": "9974014101900001" })).await;
    let cooperative = given_a_cooperative(case.app()).await;
    let consent = json!({
        "purpose": "cooperative", "receiver_id": cooperative, "text_version": 1, "via": "own_account",
    });
    case.app().create(owner, &format!("{person}/consents"), consent).await;
    let application = json!({
        "person_id": owner.subject, "business_id": case.scene().business, "cooperative_id": cooperative,
    });
    let enrollment = case.app().create(owner, "/v1/enrollments", application).await;
    let enrollment = format!("/v1/enrollments/{enrollment}");
    case.app().act(Caller::new(Role::Cooperatives), &enrollment, json!({ "action": "verify" })).await;
    let board = Caller::of(Role::Cooperative, &cooperative);
    case.app().act(board, &enrollment, json!({ "action": "admit" })).await;

    case.desk.reviewed().await;
    complete(&case).await;
    case.app().readers_done().await;
    case.only("standardisation", "open").await;
    assert_eq!(case.count().await, 1);
}
