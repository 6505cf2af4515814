//! Enrollments through HTTP.

use serde_json::{Value, json};
use seribu::access::Role;

use crate::{
    cooperatives::given_a_cooperative,
    follow_up::{FollowUp, evidence, is_blocked},
    support::{Caller, Reply},
};

/// An owner who has consented, and perhaps applied.
struct Case {
    scene: FollowUp,
    consent: String,
    path: String,
}

impl Case {
    async fn consented() -> Self {
        let scene = FollowUp::start().await;
        let consent = scene.consents(scene.owner, scene.board).await;
        Self { scene, consent, path: String::new() }
    }

    async fn applied() -> Self {
        let case = Self::consented().await;
        let path = case.scene.app.create(case.scene.owner, "/v1/enrollments", case.an_application()).await;
        Self { path: format!("/v1/enrollments/{path}"), ..case }
    }

    async fn verified() -> Self {
        let case = Self::applied().await;
        case.goes(case.scene.desk, json!({ "action": "verify" }), "verified").await;
        case
    }

    async fn admitted() -> Self {
        let case = Self::verified().await;
        case.goes(case.scene.board, json!({ "action": "admit" }), "active").await;
        case
    }

    fn an_application(&self) -> Value {
        json!({
            "person_id": self.scene.owner.subject,
            "business_id": self.scene.business,
            "cooperative_id": self.scene.board.subject,
        })
    }

    /// Another owner, who applies to the same cooperative: the enrollment's path.
    async fn another(&self, name: &str, nik: &str) -> (Caller, String) {
        let (owner, business) = self.scene.another_owner(name, Some(nik)).await;
        self.scene.consents(owner, self.scene.board).await;
        let body = json!({
            "person_id": owner.subject,
            "business_id": business,
            "cooperative_id": self.scene.board.subject,
        });
        (owner, format!("/v1/enrollments/{}", self.scene.app.create(owner, "/v1/enrollments", body).await))
    }

    async fn applies(&self, caller: Caller, body: Value) -> Reply {
        self.scene.app.post(caller, "/v1/enrollments", body).await
    }

    async fn get(&self, caller: Caller) -> Reply {
        self.scene.app.get(caller, &self.path).await
    }

    async fn tries(&self, caller: Caller, body: Value) -> Reply {
        self.scene.tries(caller, &self.path, body).await
    }

    async fn goes(&self, caller: Caller, body: Value, status: &str) -> Value {
        let after = self.scene.app.act(caller, &self.path, body).await;
        assert_eq!(after["status"], status, "{after}");
        after
    }
}

#[actix_web::test]
async fn the_owner_applies_the_desk_verifies_and_the_board_admits_with_the_next_number() {
    let case = Case::applied().await;
    let applied = case.get(case.scene.owner).await.body;
    assert_eq!((&applied["status"], &applied["due_on"]), (&json!("applied"), &json!("2026-12-01")));
    case.goes(case.scene.desk, json!({ "action": "verify" }), "verified").await;
    let admit = json!({ "action": "admit", "principal_savings_paid_idr": 100_000 });
    let member = case.goes(case.scene.board, admit, "active").await;
    assert_eq!((&member["member_number"], &member["joined_on"]), (&json!("0001"), &json!("2026-11-24")));
    assert_eq!((&member["principal_savings_paid_idr"], &member["due_on"]), (&json!(100_000), &Value::Null));

    let (_, path) = case.another("Dewi", "9974014101900002").await;
    case.scene.app.act(case.scene.desk, &path, json!({ "action": "verify" })).await;
    let next = case.scene.app.act(case.scene.board, &path, json!({ "action": "admit" })).await;
    assert_eq!(next["member_number"], "0002");

    let cooperative = format!("/v1/cooperatives/{}/history", case.scene.board.subject.unwrap());
    let told = case.scene.app.get(case.scene.board, &cooperative).await;
    assert_eq!(told.body["data"][0]["type"], "enrollment.active", "{}", told.text);
}

#[actix_web::test]
async fn the_desk_admits_with_the_boards_minutes() {
    let case = Case::verified().await;
    assert_eq!(
        case.tries(case.scene.desk, json!({ "action": "admit" })).await.flaws(),
        ["/evidence required"]
    );
    let tomorrow = json!({ "action": "admit", "joined_on": "2026-11-25", "evidence": evidence("minutes") });
    assert_eq!(case.tries(case.scene.desk, tomorrow).await.flaws(), ["/joined_on in_the_future"]);
    let admit = json!({
        "action": "admit", "member_number": "B-17", "joined_on": "2026-11-20", "evidence": evidence("minutes"),
    });
    let member = case.goes(case.scene.desk, admit, "active").await;
    assert_eq!((&member["member_number"], &member["joined_on"]), (&json!("B-17"), &json!("2026-11-20")));
}

#[actix_web::test]
async fn a_member_number_is_given_once_in_a_cooperative() {
    let case = Case::admitted().await;
    let (_, path) = case.another("Dewi", "9974014101900002").await;
    case.scene.app.act(case.scene.desk, &path, json!({ "action": "verify" })).await;
    let taken = json!({ "action": "admit", "member_number": "0001" });
    let reply = case.scene.tries(case.scene.board, &path, taken).await;
    assert_eq!((reply.status, &reply.body["type"]), (409, &json!("/problems/duplicate")), "{}", reply.text);
}

#[actix_web::test]
async fn applying_needs_a_nik_and_the_consent_to_that_cooperative() {
    let scene = FollowUp::start().await;
    let other = given_a_cooperative(&scene.app).await;
    scene.consents(scene.owner, Caller::of(Role::Cooperative, &other)).await;
    let case = Case { scene, consent: String::new(), path: String::new() };
    is_blocked(&case.applies(case.scene.owner, case.an_application()).await, "consent_missing");

    let (owner, business) = case.scene.another_owner("Dewi", None).await;
    case.scene.consents(owner, case.scene.board).await;
    let body = json!({
        "person_id": owner.subject, "business_id": business, "cooperative_id": case.scene.board.subject,
    });
    is_blocked(&case.applies(owner, body).await, "nik_missing");
}

#[actix_web::test]
async fn only_the_owner_of_an_active_business_applies_to_an_active_cooperative() {
    let case = Case::consented().await;
    let (other, business) = case.scene.another_owner("Dewi", Some("9974014101900002")).await;
    let mut body = case.an_application();
    body["business_id"] = json!(business);
    let reply = case.applies(case.scene.owner, body.clone()).await;
    assert_eq!(reply.flaws(), ["/business_id no_such_record"], "somebody else's");
    let reply = case.applies(other, case.an_application()).await;
    assert_eq!(reply.flaws(), ["/business_id no_such_record", "/person_id no_such_record"]);

    let own = format!("/v1/businesses/{}", case.scene.business);
    let rests = json!({ "action": "deactivate", "reason_code": "resting" });
    case.scene.app.act(case.scene.programme, &own, rests).await;
    is_blocked(&case.applies(case.scene.owner, case.an_application()).await, "business_inactive");
    case.scene.app.act(case.scene.programme, &own, json!({ "action": "reactivate" })).await;

    let cooperative = format!("/v1/cooperatives/{}", case.scene.board.subject.unwrap());
    let dissolve = json!({ "action": "dissolve", "reason_code": "members_decided" });
    case.scene.app.act(case.scene.desk, &cooperative, dissolve).await;
    is_blocked(&case.applies(case.scene.owner, case.an_application()).await, "cooperative_dissolved");
}

#[actix_web::test]
async fn a_person_has_one_enrollment_in_a_cooperative_until_it_is_over() {
    let case = Case::applied().await;
    let again = case.applies(case.scene.owner, case.an_application()).await;
    assert_eq!((again.status, &again.body["type"]), (409, &json!("/problems/duplicate")), "{}", again.text);
    let no = json!({ "action": "reject", "reason_code": "outside_service_area" });
    case.goes(case.scene.desk, no, "rejected").await;
    assert_eq!(case.applies(case.scene.owner, case.an_application()).await.status, 201);
}

#[actix_web::test]
async fn the_cooperative_and_the_desk_see_the_business_until_it_is_over() {
    let case = Case::consented().await;
    let (board, desk) = (case.scene.board, case.scene.desk);
    assert!(!case.scene.sees_the_business(board).await && !case.scene.sees_the_business(desk).await);
    let path = case.scene.app.create(case.scene.owner, "/v1/enrollments", case.an_application()).await;
    let case = Case { path: format!("/v1/enrollments/{path}"), ..case };
    assert!(case.scene.sees_the_business(board).await && case.scene.sees_the_business(desk).await);
    let person = format!("/v1/persons/{}", case.scene.owner.subject.unwrap());
    assert_eq!(case.scene.app.get(board, &person).await.status, 200);
    let other = Caller::of(Role::Cooperative, &given_a_cooperative(&case.scene.app).await);
    assert_eq!(case.get(other).await.status, 404);
    assert!(!case.scene.sees_the_business(other).await);

    case.goes(case.scene.owner, json!({ "action": "withdraw" }), "withdrawn").await;
    assert!(!case.scene.sees_the_business(board).await && !case.scene.sees_the_business(desk).await);
}

#[actix_web::test]
async fn what_is_missing_is_brought_and_applied_for_again() {
    let case = Case::applied().await;
    let back = |missing: &str| json!({ "action": "return", "reason_code": "document_missing", "missing": [missing] });
    assert_eq!(case.tries(case.scene.desk, back("npwp")).await.flaws(), ["/missing/0 unknown_code"]);
    let returned = case.goes(case.scene.desk, back("membership_form"), "returned").await;
    assert_eq!(returned["missing"], json!(["membership_form"]));
    case.scene
        .is_not_possible(case.scene.desk, &case.path, json!({ "action": "verify" }), "wrong_status")
        .await;
    let again = case.goes(case.scene.owner, json!({ "action": "apply" }), "applied").await;
    assert_eq!((&again["missing"], &again["due_on"]), (&json!([]), &json!("2026-12-01")));
}

#[actix_web::test]
async fn each_move_is_refused_to_a_role_that_may_not_make_it() {
    let case = Case::applied().await;
    let (owner, board, stranger) = (case.scene.owner, case.scene.board, Caller::new(Role::Business));
    let verify = json!({ "action": "verify" });
    let admit = json!({ "action": "admit" });
    for (caller, body, status) in [
        (owner, verify.clone(), 403),
        (board, verify.clone(), 403),
        (case.scene.programme, verify.clone(), 403),
        (stranger, verify, 404),
        (owner, admit.clone(), 403),
        (board, admit, 409),
        (case.scene.facilitation, json!({ "action": "withdraw" }), 403),
        (board, json!({ "action": "withdraw" }), 403),
        (board, json!({ "action": "reject", "reason_code": "board_refused" }), 409),
    ] {
        let reply = case.tries(caller, body.clone()).await;
        assert_eq!(reply.status, status, "{} {body}: {}", caller.role, reply.text);
    }
    for role in [Role::Programme, Role::Facilitation, Role::Mentor, Role::Cooperative, Role::Lender] {
        let reply = case.applies(Caller::new(role), case.an_application()).await;
        assert_eq!(reply.status, 403, "{role}");
    }
}

#[actix_web::test]
async fn a_board_refuses_what_was_verified() {
    let case = Case::verified().await;
    let no = json!({ "action": "reject", "reason_code": "board_refused" });
    case.goes(case.scene.board, no, "rejected").await;
}

#[actix_web::test]
async fn a_member_resigns_or_dies() {
    let case = Case::admitted().await;
    let resign = json!({ "action": "resign", "reason_code": "moved_out_of_city" });
    assert_eq!(case.tries(case.scene.board, resign.clone()).await.status, 403);
    let resigned = case.goes(case.scene.owner, resign, "resigned").await;
    assert_eq!(resigned["member_number"], "0001", "a number is not given again");

    let case = Case::admitted().await;
    case.goes(case.scene.board, json!({ "action": "end", "reason_code": "death" }), "ended").await;
    assert!(!case.scene.sees_the_business(case.scene.board).await);
}

#[actix_web::test]
async fn only_what_was_paid_changes_by_patch() {
    let case = Case::applied().await;
    let patch = async |body| case.scene.app.patch(case.scene.owner, &case.path, body).await;
    let paid = patch(json!({ "principal_savings_paid_idr": 50_000 })).await;
    assert_eq!(
        (paid.status, &paid.body["principal_savings_paid_idr"]),
        (200, &json!(50_000)),
        "{}",
        paid.text
    );
    let other = patch(json!({ "cooperative_id": given_a_cooperative(&case.scene.app).await })).await;
    assert_eq!(other.flaws(), ["/cooperative_id not_allowed"]);
    case.goes(case.scene.owner, json!({ "action": "withdraw" }), "withdrawn").await;
    assert_eq!(patch(json!({ "principal_savings_paid_idr": 1 })).await.status, 409);
}

#[actix_web::test]
async fn withdrawing_the_consent_withdraws_the_application_but_no_membership() {
    let case = Case::applied().await;
    let (member, path) = case.another("Dewi", "9974014101900002").await;
    case.scene.app.act(case.scene.desk, &path, json!({ "action": "verify" })).await;
    case.scene.app.act(case.scene.board, &path, json!({ "action": "admit" })).await;
    let consents = format!("/v1/persons/{}/consents", member.subject.unwrap());
    let theirs = case.scene.app.get(member, &consents).await.body["data"][0]["id"].clone();
    case.scene.withdraws(member, &format!("{consents}/{}", theirs.as_str().unwrap())).await;
    case.scene.withdraws(case.scene.owner, &case.consent).await;

    let withdrawn = |reply: &Reply| reply.body["status"] == "withdrawn";
    case.scene.app.eventually(case.scene.owner, &case.path, withdrawn).await;
    assert!(!case.scene.sees_the_business(case.scene.board).await);
    assert_eq!(case.scene.app.get(member, &path).await.body["status"], "active");
}

#[actix_web::test]
async fn what_is_in_a_cooperative_ends_when_it_is_dissolved() {
    let case = Case::admitted().await;
    let (other, path) = case.another("Dewi", "9974014101900002").await;
    let cooperative = format!("/v1/cooperatives/{}", case.scene.board.subject.unwrap());
    let dissolve = json!({ "action": "dissolve", "reason_code": "government_decision" });
    case.scene.app.act(case.scene.desk, &cooperative, dissolve).await;
    let ended = |reply: &Reply| reply.body["status"] == "ended";
    case.scene.app.eventually(case.scene.owner, &case.path, ended).await;
    case.scene.app.eventually(other, &path, ended).await;
    let told = case.scene.app.get(other, &format!("{path}/transitions")).await.body;
    assert_eq!(told["data"][0]["data"]["move"]["reason_code"], "dissolution", "{told}");
    assert!(!case.scene.sees_the_business(case.scene.board).await);
}

#[actix_web::test]
async fn lists_are_narrowed_by_status_cooperative_business_and_due_date() {
    let case = Case::applied().await;
    let (_, path) = case.another("Dewi", "9974014101900002").await;
    case.scene.app.act(case.scene.desk, &path, json!({ "action": "verify" })).await;
    let total = async |caller: Caller, query: &str| {
        let reply = case.scene.app.get(caller, &format!("/v1/enrollments?with_total=true&{query}")).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.body["total"].clone()
    };
    let cooperative = case.scene.board.subject.unwrap();
    let business = &case.scene.business;
    assert_eq!(total(case.scene.desk, &format!("cooperative_id={cooperative}")).await, 2);
    assert_eq!(total(case.scene.desk, "status=verified").await, 1);
    assert_eq!(total(case.scene.desk, &format!("business_id={business}&due_on_to=2026-12-01")).await, 1);
    assert_eq!(total(case.scene.desk, "due_on_to=2026-11-30").await, 0);
    assert_eq!(total(case.scene.owner, "limit=10").await, 1);
    assert_eq!(total(case.scene.board, "limit=10").await, 2);
}
