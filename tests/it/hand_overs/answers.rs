//! What a division does with a hand-over.

use std::fmt::Write;

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::{Value, json};
use seribu::access::Role;

use super::case::{Case, rules, take};
use crate::{
    accounts::given_a_user,
    support::{Caller, Reply},
};

fn code_of(reply: &Reply) -> (u16, &Value) {
    (reply.status, &reply.body["type"])
}

#[actix_web::test]
async fn a_division_sees_its_own_with_the_business() {
    let case = Case::start().await;
    assert!(!case.sees_the_business(case.standards()).await);
    case.desk.reviewed().await;
    let path = case.path("standardisation", "open").await;
    assert!(case.sees_the_business(case.standards()).await);
    for (caller, status) in [
        (case.standards(), 200),
        (case.scene().programme, 200),
        (case.scene().owner, 200),
        (case.scene().mentor, 200),
        (Caller::new(Role::Policy), 200),
        (Caller::new(Role::Cooperatives), 404),
        (Caller::new(Role::Facilitation), 404),
        (Caller::new(Role::Business), 404),
        (Caller::new(Role::Lender), 403),
    ] {
        assert_eq!(case.app().get(caller, &path).await.status, status, "{}", caller.role);
    }
    let own = case.app().get(case.standards(), "/v1/hand-overs?with_total=true").await;
    assert_eq!(own.body["total"], 1);
}

#[actix_web::test]
async fn each_division_answers_its_own_and_nobody_else_does() {
    let case = Case::assessed().await;
    let path = case.path("standardisation", "open").await;
    let by_programme = case.tries(case.scene().programme, &path, take()).await;
    assert_eq!(code_of(&by_programme), (409, &json!("/problems/not-possible")));
    assert!(by_programme.text.contains("other_division"), "{}", by_programme.text);
    for (caller, status) in [
        (Caller::new(Role::Cooperatives), 404),
        (case.scene().owner, 403),
        (case.scene().mentor, 403),
        (Caller::new(Role::Policy), 403),
    ] {
        assert_eq!(case.tries(caller, &path, take()).await.status, status, "{}", caller.role);
    }
    let standards = case.standards();
    let taken = case.app().act(standards, &path, take()).await;
    assert_eq!((&taken["status"], &taken["taken_by"]), (&json!("taken"), &json!(standards.user)));
    assert_eq!(case.tries(standards, &path, take()).await.status, 409);
}

#[actix_web::test]
async fn the_dossier_is_frozen_with_its_hash_when_it_is_first_taken() {
    let case = Case::start().await;
    let held = case.scene().held(&case.desk.mentorship).await;
    let assessment = case.desk.reviewed().await;
    let path = case.path("standardisation", "open").await;
    let taken = case.app().act(case.standards(), &path, take()).await;
    let dossier = &taken["dossier"];
    let entries: Vec<_> =
        dossier["records"].as_array().unwrap().iter().map(|it| (&it["kind"], &it["id"])).collect();
    let assessment = json!(assessment.rsplit('/').next().unwrap());
    assert_eq!(entries, [(&json!("assessment"), &assessment), (&json!("session"), &json!(held))]);

    // `serde_json` writes the members of an object in the order of their names.
    let mut hash = String::new();
    for byte in digest(&SHA256, dossier["records"].to_string().as_bytes()).as_ref() {
        write!(hash, "{byte:02x}").unwrap();
    }
    assert_eq!(dossier["sha256"], hash);

    let overload = json!({ "action": "release", "reason_code": "overload" });
    let released = case.app().act(case.standards(), &path, overload).await;
    assert_eq!((&released["status"], &released["taken_by"]), (&json!("open"), &Value::Null));
    case.scene().planned(&case.desk.mentorship).await;
    let again = case.app().act(case.standards(), &path, take()).await;
    assert_eq!(&again["dossier"], dossier);
}

#[actix_web::test]
async fn it_is_assigned_to_somebody_of_the_division() {
    let case = Case::assessed().await;
    let path = case.path("standardisation", "open").await;
    let assign = |user: &str| json!({ "action": "assign", "user_id": user });
    let grants = |role: &str| json!([{ "role": role }]);
    let (other, _) = given_a_user(case.app(), "a@dinas.example", grants("facilitation")).await;
    for user in [other, uuid::Uuid::now_v7().to_string()] {
        let reply = case.tries(case.standards(), &path, assign(&user)).await;
        assert_eq!(reply.flaws(), ["/user_id no_such_record"], "{}", reply.text);
    }
    let (user, _) = given_a_user(case.app(), "b@dinas.example", grants("standardisation")).await;
    let taken = case.app().act(case.standards(), &path, assign(&user)).await;
    assert_eq!((&taken["status"], &taken["taken_by"]), (&json!("taken"), &json!(user)));
}

#[actix_web::test]
async fn it_is_done_with_a_record_of_the_business_that_the_division_makes() {
    let case = Case::assessed().await;
    let path = case.path("standardisation", "open").await;
    case.app().act(case.standards(), &path, take()).await;
    let done = |kind: &str, id: &str| json!({ "action": "done", "result": { "kind": kind, "id": id } });
    let objective =
        case.scene().objective(&case.desk.mentorship, json!({ "kind": "product_standard" })).await;
    let wrong = case.tries(case.standards(), &path, done("enrollment", &objective)).await;
    assert_eq!(wrong.flaws(), ["/result/kind not_allowed"]);
    let unknown = uuid::Uuid::now_v7().to_string();
    let wrong = case.tries(case.standards(), &path, done("objective", &unknown)).await;
    assert_eq!(wrong.flaws(), ["/result/id no_such_record"]);
    let after = case.app().act(case.standards(), &path, done("objective", &objective)).await;
    assert_eq!((&after["status"], &after["result"]["id"]), (&json!("done"), &json!(objective)));
    assert!(case.sees_the_business(case.standards()).await);
}

#[actix_web::test]
async fn what_a_division_declines_goes_back_to_the_programme_and_ends_there() {
    let case = Case::assessed().await;
    let path = case.path("standardisation", "open").await;
    let decline = json!({ "action": "decline", "reason_code": "need_not_confirmed" });
    assert_eq!(
        case.tries(case.standards(), &path, json!({ "action": "decline" })).await.flaws(),
        ["/reason_code required"]
    );
    case.app().act(case.standards(), &path, decline.clone()).await;
    assert!(!case.sees_the_business(case.standards()).await);
    let back = case.only("programme", "open").await;
    assert_eq!((rules(&back), &back["causes"][0]["type"]), (vec!["declined"], &json!("hand_over.declined")));
    assert!(path.ends_with(back["causes"][0]["subject_id"].as_str().unwrap()));

    let back = format!("/v1/hand-overs/{}", back["id"].as_str().unwrap());
    case.app().act(case.scene().programme, &back, decline.clone()).await;
    let to_cooperatives = case.path("cooperatives", "open").await;
    case.app().act(Caller::new(Role::Cooperatives), &to_cooperatives, decline).await;
    case.only("programme", "open").await;
    assert_eq!(case.count().await, 4, "the programme's own decline opened none");
}

#[actix_web::test]
async fn lists_are_narrowed_by_division_status_and_due_date() {
    let case = Case::assessed().await;
    case.only("standardisation", "open").await;
    let total = async |query: &str| {
        let path = format!("/v1/hand-overs?with_total=true&{query}");
        case.app().get(case.scene().programme, &path).await.body["total"].clone()
    };
    assert_eq!(total("division=standardisation,cooperatives&status=open").await, 2);
    assert_eq!(total("status=taken,done").await, 0);
    assert_eq!(total(&format!("business_id={}&due_on_to=2026-11-27", case.scene().business)).await, 2);
    assert_eq!(total("due_on_to=2026-11-26").await, 0);
    assert_eq!(total("due_on_from=2026-11-28").await, 0);
    let sorted = case.app().get(case.scene().programme, "/v1/hand-overs?sort=due_on").await;
    assert_eq!(sorted.status, 200, "{}", sorted.text);
}
