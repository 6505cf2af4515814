//! Assessments through HTTP: drafted, answered, submitted and scored, reviewed by someone else.

mod answers;
mod drafting;
mod progress;
mod reading;
mod report;
mod scores;
mod simulation;
mod verdicts;

use serde_json::{Value, json};
use seribu::access::Role;

use crate::{
    instruments::{a_document, given_an_instrument},
    mentorships::Scene,
    support::{Caller, Reply},
};

/// A mentorship that runs, and an instrument to assess its business with.
pub struct Desk {
    pub scene: Scene,
    pub mentorship: String,
    pub instrument: String,
}

impl Desk {
    pub async fn start() -> Self {
        let scene = Scene::start().await;
        let instrument = given_an_instrument(&scene.app, a_document(2)).await;
        Self { mentorship: scene.active().await, instrument, scene }
    }

    pub fn a_self_assessment(&self) -> Value {
        json!({
            "business_id": self.scene.business,
            "instrument_id": self.instrument,
            "kind": "self",
            "declared_capital_need_idr": 25_000_000,
            "answers": all_answered(1),
        })
    }

    pub fn a_mentors(&self, kind: &str) -> Value {
        let mut assessment = self.a_self_assessment();
        assessment["kind"] = json!(kind);
        assessment["mentorship_id"] = json!(self.mentorship);
        assessment
    }

    pub async fn draft(&self, caller: Caller, body: Value) -> String {
        let id = self.scene.app.create(caller, "/v1/assessments", body).await;
        format!("/v1/assessments/{id}")
    }

    pub async fn refused(&self, caller: Caller, body: Value) -> Reply {
        self.scene.app.post(caller, "/v1/assessments", body).await
    }

    /// A mentor's assessment that the programme has reviewed.
    pub async fn reviewed(&self) -> String {
        let path = self.draft(self.scene.mentor, self.a_mentors("mentor")).await;
        self.scene.app.act(self.scene.mentor, &path, json!({ "action": "submit" })).await;
        self.scene.app.act(self.scene.programme, &path, json!({ "action": "review" })).await;
        path
    }

    pub async fn move_it(&self, caller: Caller, path: &str, body: Value) -> Reply {
        self.scene.app.post(caller, &format!("{path}/transitions"), body).await
    }
}

/// The same answer to every item that is asked of a culinary business.
pub fn all_answered(score: u8) -> Value {
    let items = a_document(1)["items"].as_array().unwrap().clone();
    items.iter().map(|item| (item["code"].as_str().unwrap().to_owned(), json!({ "score": score }))).collect()
}

#[actix_web::test]
async fn an_owner_assesses_himself_and_the_mentor_reviews_it() {
    let desk = Desk::start().await;
    let Scene { app, owner, mentor, .. } = &desk.scene;
    let path = desk.draft(*owner, desk.a_self_assessment()).await;
    let draft = app.get(*owner, &path).await.body;
    assert_eq!(
        (&draft["status"], &draft["result"], &draft["class_computed"]),
        (&json!("draft"), &Value::Null, &Value::Null)
    );
    let submitted = app.act(*owner, &path, json!({ "action": "submit" })).await;
    assert_eq!((&submitted["status"], &submitted["submitted_by"]), (&json!("submitted"), &json!(owner.user)));
    assert_eq!(
        submitted["facts"],
        json!({ "subsector": "kuliner", "has_nib": false, "cooperative_membership": "none", "needs_capital": true })
    );
    let shown =
        ["score", "potential", "class_effective", "bookkeeping_maturity"].map(|name| submitted[name].clone());
    assert_eq!(shown, [json!(2500), json!(2500), json!("low"), json!(1)]);
    let reviewed = app.act(*mentor, &path, json!({ "action": "review" })).await;
    assert_eq!((&reviewed["status"], &reviewed["reviewed_by"]), (&json!("reviewed"), &json!(mentor.user)));
    assert_eq!(reviewed["result"], submitted["result"]);
}

#[actix_web::test]
async fn the_programme_reviews_what_the_mentor_found_and_the_event_says_what_follows() {
    let desk = Desk::start().await;
    let Scene { app, programme, .. } = &desk.scene;
    let path = desk.reviewed().await;
    let history = app.get(*programme, &format!("{path}/history")).await;
    let event = &history.body["data"][0];
    assert_eq!(event["type"], "assessment.reviewed", "{}", history.text);
    let result = &event["data"]["result"];
    assert_eq!((&result["kind"], &result["class"]), (&json!("mentor"), &json!("low")));
    let capital = json!({
        "code": "capital_referral", "priority": 50, "dimension": "finance_capital",
        "kind": "referral", "need": "capital", "target": "facilitation",
    });
    let recommendations = result["recommendations"].as_array().unwrap();
    assert!(
        recommendations.iter().any(|it| it["target"] == "cooperatives" && it["kind"] == "referral"),
        "{result}"
    );
    assert!(!recommendations.contains(&capital), "books come before capital: {result}");
    let of_the_mentorship =
        app.get(*programme, &format!("/v1/mentorships/{}/history", desk.mentorship)).await;
    assert!(of_the_mentorship.text.contains("assessment.reviewed"), "{}", of_the_mentorship.text);
}

#[actix_web::test]
async fn what_is_returned_is_changed_and_submitted_again() {
    let desk = Desk::start().await;
    let Scene { app, programme, mentor, .. } = &desk.scene;
    let path = desk.draft(*mentor, desk.a_mentors("mentor")).await;
    app.act(*mentor, &path, json!({ "action": "submit" })).await;
    let reason = json!({ "action": "return", "reason_code": "no_evidence", "note": "Mana buku kasnya?" });
    let returned = app.act(*programme, &path, reason).await;
    for field in [
        "facts",
        "result",
        "score",
        "class_computed",
        "class_effective",
        "submitted_at",
        "submitted_by",
        "reviewed_by",
    ] {
        assert_eq!(returned[field], Value::Null, "{field} counts no longer");
    }
    let mut proof =
        json!([{ "kind": "cash_book", "reference": "Buku 3, hlm. 14", "dated_on": "2026-11-20" }]);
    proof[0]["attachment_id"] = Value::Null;
    let patch = json!({ "answers": { "BKP1": { "score": 3, "evidence": proof } } });
    let changed = app.patch(*mentor, &path, patch).await;
    assert_eq!(
        (changed.status, &changed.body["answers"]["BKP1"]["evidence"]),
        (200, &proof),
        "{}",
        changed.text
    );
    let again = app.act(*mentor, &path, json!({ "action": "submit" })).await;
    assert!(again["score"].as_i64() > Some(2500), "{again}");
    app.act(*programme, &path, json!({ "action": "review" })).await;
    let moves = app.get(*mentor, &format!("{path}/transitions")).await;
    let types: Vec<_> = moves.body["data"].as_array().unwrap().iter().rev().map(|it| &it["type"]).collect();
    assert_eq!(
        types,
        ["assessment.submitted", "assessment.returned", "assessment.submitted", "assessment.reviewed"],
        "{}",
        moves.text
    );
}

#[actix_web::test]
async fn returning_needs_a_reason_of_the_list() {
    let desk = Desk::start().await;
    let Scene { app, programme, mentor, .. } = &desk.scene;
    let path = desk.draft(*mentor, desk.a_mentors("mentor")).await;
    app.act(*mentor, &path, json!({ "action": "submit" })).await;
    for (body, flaw) in [
        (json!({ "action": "return" }), "/reason_code required"),
        (json!({ "action": "return", "reason_code": "bored" }), "/reason_code unknown_code"),
        (json!({ "action": "return", "reason_code": "other" }), "/note required"),
        (json!({ "action": "review", "reason_code": "no_evidence" }), "/reason_code unknown"),
    ] {
        let refused = desk.move_it(*programme, &path, body).await;
        assert_eq!((refused.status, refused.flaws()), (422, vec![flaw.to_owned()]));
    }
}

#[actix_web::test]
async fn who_writes_does_not_review_and_who_reviews_does_not_write() {
    let desk = Desk::start().await;
    let Scene { app, programme, mentor, owner, .. } = &desk.scene;
    let (by_owner, by_mentor) = (
        desk.draft(*owner, desk.a_self_assessment()).await,
        desk.draft(*mentor, desk.a_mentors("mentor")).await,
    );
    let patch = json!({ "declared_capital_need_idr": 0 });
    for (path, writer, others) in
        [(&by_owner, owner, [mentor, programme]), (&by_mentor, mentor, [owner, programme])]
    {
        for other in others {
            assert_eq!(app.patch(*other, path, patch.clone()).await.status, 403, "{:?} {path}", other.role);
            let refused = desk.move_it(*other, path, json!({ "action": "submit" })).await;
            assert_eq!(refused.status, 403, "{:?} {path}: {}", other.role, refused.text);
        }
        app.act(*writer, path, json!({ "action": "submit" })).await;
    }
    for (path, callers) in [(&by_owner, [owner, programme]), (&by_mentor, [owner, mentor])] {
        for caller in callers {
            for body in
                [json!({ "action": "review" }), json!({ "action": "return", "reason_code": "notes_missing" })]
            {
                let refused = desk.move_it(*caller, path, body).await;
                assert_eq!(refused.status, 403, "{:?} {path}: {}", caller.role, refused.text);
            }
        }
    }
}

#[actix_web::test]
async fn nobody_reviews_what_he_submitted_in_another_role() {
    let desk = Desk::start().await;
    let Scene { app, mentor, owner, .. } = &desk.scene;
    let path = desk.draft(*owner, desk.a_self_assessment()).await;
    app.act(*owner, &path, json!({ "action": "submit" })).await;
    let same = Caller { user: owner.user, ..*mentor };
    let refused = desk.move_it(same, &path, json!({ "action": "review" })).await;
    assert_eq!((refused.status, &refused.body["code"]), (409, &json!("own_assessment")), "{}", refused.text);
    let offered = app.get(same, &format!("{path}/transitions")).await;
    assert!(offered.text.contains("own_assessment"), "{}", offered.text);
    app.act(*mentor, &path, json!({ "action": "review" })).await;
}

#[actix_web::test]
async fn a_move_that_is_not_possible_says_which_are() {
    let desk = Desk::start().await;
    let Scene { programme, mentor, .. } = &desk.scene;
    let path = desk.draft(*mentor, desk.a_mentors("mentor")).await;
    let early = desk.move_it(*programme, &path, json!({ "action": "review" })).await;
    assert_eq!((early.status, &early.body["code"]), (409, &json!("wrong_status")), "{}", early.text);
    let reviewed = {
        desk.scene.app.act(*mentor, &path, json!({ "action": "submit" })).await;
        desk.scene.app.act(*programme, &path, json!({ "action": "review" })).await;
        desk.move_it(*mentor, &path, json!({ "action": "submit" })).await
    };
    assert_eq!((reviewed.status, &reviewed.body["possible"]), (409, &json!(["object"])), "{}", reviewed.text);
}

#[actix_web::test]
async fn other_roles_take_no_part() {
    let desk = Desk::start().await;
    let path = desk.reviewed().await;
    for role in [Role::Admin, Role::Institution, Role::Cooperative] {
        assert_eq!(desk.scene.app.get(Caller::new(role), &path).await.status, 403, "{role}");
    }
    for role in Role::ALL.iter().filter(|role| !matches!(role, Role::Mentor | Role::Business | Role::System))
    {
        assert_eq!(desk.refused(Caller::new(*role), desk.a_self_assessment()).await.status, 403, "{role}");
    }
}
