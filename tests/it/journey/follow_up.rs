//! Capital, membership, and the end of the coaching.

use actix_web::http::Method;
use serde_json::{Value, json};
use seribu::access::Role::*;

use super::{Journey, Who};

impl Journey {
    async fn consents_to(&self, receiver: &Who) {
        let at = format!("/v1/persons/{}/consents", self.owner.subject());
        let consent = json!({
            "purpose": receiver.role, "receiver_id": receiver.subject(), "text_version": 1, "via": "own_account",
        });
        let mut others = self.others(&[(Business, 404), (Lender, 403)]);
        others.push((self.mentor.clone(), 403));
        self.step(&self.owner, &at, consent, &others).await;
    }

    pub async fn capital_is_found(&self) {
        let hand_over = self.handed_over_to("facilitation").await;
        let mut others = self.others(&[(Cooperatives, 404), (Policy, 403)]);
        others.extend([(self.mentor.clone(), 403), (self.owner.clone(), 403)]);
        self.act(&self.officer, &hand_over, json!({ "action": "take" }), "taken", &others).await;
        self.consents_to(&self.lender).await;

        let draft = json!({
            "business_id": self.business_id(),
            "hand_over_id": hand_over.rsplit('/').next().unwrap(),
            "amount_idr": 18_000_000,
            "purpose": "equipment",
        });
        let others = self.others(&[(Policy, 403), (Cooperatives, 403), (Lender, 403)]);
        let path = self.made_at(&self.mentor, "/v1/capital-referrals", draft, &others).await;
        let submit = json!({ "action": "submit" });
        let mut others = self.others(&[(Lender, 404), (Business, 404)]);
        others.push((self.mentor.clone(), 403));
        self.act(&self.owner, &path, submit.clone(), "submitted", &others).await;
        let review = json!({ "action": "start_review" });
        let others = [(self.owner.clone(), 403), (self.mentor.clone(), 403)];
        self.act(&self.officer, &path, review.clone(), "under_review", &others).await;
        let returned =
            json!({ "action": "return", "missing": ["quotation"], "reason_code": "amount_not_supported" });
        self.act(&self.officer, &path, returned, "returned", &others).await;

        // The officer writes with the owner: from now on another one decides.
        let amount = json!({ "amount_idr": 16_000_000 });
        let strangers = self.others(&[(Policy, 403), (Business, 404)]);
        self.change(&self.officer, &path, amount.clone(), &strangers).await;
        self.act(&self.owner, &path, submit, "submitted", &[]).await;
        self.act(&self.other_officer, &path, review, "under_review", &[]).await;
        let recommend = json!({ "action": "recommend", "amount_idr": 16_000_000 });
        let refused = format!("{path}/transitions");
        let refused = self.ask(&self.officer, Method::POST, &refused, &recommend).await;
        assert_eq!(
            (refused.status, &refused.body["code"]),
            (409, &json!("own_referral")),
            "{}",
            refused.text
        );
        self.act(&self.other_officer, &path, recommend, "recommended", &others).await;

        let forward = json!({ "action": "forward", "lender_id": self.lender.subject() });
        assert_eq!(self.ask(&self.lender, Method::GET, &path, &Value::Null).await.status, 404);
        self.act(&self.other_officer, &path, forward, "forwarded", &others).await;
        let mut others = self.others(&[(Lender, 404)]);
        others.push((self.owner.clone(), 403));
        let approve = json!({ "action": "approve", "amount_idr": 15_000_000 });
        self.act(&self.lender, &path, approve, "approved", &others).await;
        for amount in [10_000_000, 5_000_000] {
            let pay = json!({ "action": "disburse", "amount_idr": amount, "disbursed_on": "2026-11-24" });
            self.act(&self.lender, &path, pay, "disbursed", &others).await;
        }
        let closed = self.act(&self.lender, &path, json!({ "action": "close" }), "closed", &others).await;
        assert_eq!(closed["disbursed_idr"], 15_000_000);
        self.is_done(&self.officer, &hand_over, "capital_referral", &path).await;
    }

    async fn is_done(&self, officer: &Who, hand_over: &str, kind: &str, path: &str) {
        let id = path.rsplit('/').next().unwrap();
        let done = json!({ "action": "done", "result": { "kind": kind, "id": id } });
        let others = self.others(&[(Standardisation, 404), (Policy, 403)]);
        self.act(officer, hand_over, done, "done", &others).await;
    }

    pub async fn the_owner_joins_a_cooperative(&self) {
        let hand_over = self.handed_over_to("cooperatives").await;
        let mut others = self.others(&[(Standardisation, 404), (Policy, 403)]);
        others.push((self.officer.clone(), 404));
        self.act(&self.desk, &hand_over, json!({ "action": "take" }), "taken", &others).await;
        self.consents_to(&self.board).await;

        let application = json!({
            "person_id": self.owner.subject(),
            "business_id": self.business_id(),
            "cooperative_id": self.board.subject(),
        });
        let mut others = self.others(&[(Policy, 403), (Lender, 403)]);
        others.push((self.mentor.clone(), 403));
        let path = self.made_at(&self.owner, "/v1/enrollments", application, &others).await;
        let mut others = self.others(&[(Cooperative, 404), (Business, 404)]);
        others.extend([(self.board.clone(), 403), (self.owner.clone(), 403)]);
        self.act(&self.desk, &path, json!({ "action": "verify" }), "verified", &others).await;
        let admit = json!({ "action": "admit", "principal_savings_paid_idr": 100_000 });
        let mut others = self.others(&[(Cooperative, 404), (Policy, 403)]);
        others.push((self.owner.clone(), 403));
        let member = self.act(&self.board, &path, admit, "active", &others).await;
        assert_eq!(member["member_number"], "0001");
        self.is_done(&self.desk, &hand_over, "enrollment", &path).await;
    }

    pub async fn the_business_graduates(&self) {
        let others = [(self.owner.clone(), 403)];
        let followed_up = self.an_assessment("follow_up", &self.mentor, &self.programme, &others).await;
        assert_eq!(followed_up["facts"]["cooperative_membership"], "active");
        let graduate = json!({ "action": "graduate" });
        let early = format!("{}/transitions", self.participant);
        let early = self.ask(&self.programme, Method::POST, &early, &graduate).await;
        assert_eq!((early.status, &early.body["code"]), (409, &json!("open_mentorships")), "{}", early.text);
        let mut others = self.others(&[(Mentor, 404), (Policy, 403)]);
        others.extend([(self.mentor.clone(), 403), (self.owner.clone(), 403)]);
        self.act(&self.programme, &self.mentorship, json!({ "action": "complete" }), "completed", &others)
            .await;
        let mut others = self.others(&[(Business, 404), (Policy, 403)]);
        others.extend([(self.mentor.clone(), 403), (self.owner.clone(), 403)]);
        self.act(&self.programme, &self.participant, graduate, "graduated", &others).await;
    }

    /// What the loan came to, from the claim that it made to the proof.
    pub async fn an_outcome_is_proven(&self) {
        self.app.readers_done().await;
        let list = self.get(&self.owner, &format!("{}/outcomes?kind=capital_obtained", self.business)).await;
        let claimed = &list["data"][0];
        assert_eq!((&claimed["after"], &claimed["status"]), (&json!(5_000_000), &json!("claimed")), "{list}");
        let path = format!("/v1/outcomes/{}", claimed["id"].as_str().unwrap());
        let confirm = json!({ "action": "confirm", "attribution": "mostly" });
        let mut others = self.others(&[(Business, 404), (Policy, 403)]);
        others.push((self.mentor.clone(), 403));
        self.act(&self.owner, &path, confirm, "client_confirmed", &others).await;
        let evidence = json!({ "kind": "receipt", "reference": "Bukti transfer", "dated_on": "2026-11-24" });
        let verify = json!({ "action": "verify", "evidence": evidence });
        let others = [(self.owner.clone(), 403), (self.mentor.clone(), 403)];
        self.act(&self.programme, &path, verify, "verified", &others).await;
        let totals = self.get(&self.programme, "/v1/insights/outcomes").await;
        let verified = totals["data"].as_array().unwrap().iter().filter(|row| row["status"] == "verified");
        assert_eq!(verified.count(), 1, "{totals}");
    }
}
