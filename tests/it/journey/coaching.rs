//! Coaching: sessions, assessments, a plan.

use actix_web::http::Method;
use serde_json::{Value, json};
use seribu::access::Role::*;

use super::{Journey, Who};
use crate::{assessments::all_answered, follow_up::evidence};

impl Journey {
    pub async fn coaching_begins(&mut self) {
        let others = self.others(&[(Mentor, 403), (Business, 403), (Policy, 403)]);
        self.act(&self.programme, &self.cohort, json!({ "action": "start" }), "running", &others).await;

        let matching = format!("{}/matching", self.cohort);
        let mut others = self.others(&[(Business, 403), (Policy, 403), (Facilitation, 403)]);
        others.push((self.mentor.clone(), 403));
        let matched = self.step(&self.programme, &matching, json!({}), &others).await;
        assert_eq!(matched["pairs"][0]["mentor_id"], json!(self.mentor.subject()), "{matched}");
        let apply = json!({ "version": matched["version"] });
        let applied = self.step(&self.programme, &format!("{matching}/apply"), apply, &others).await;
        let id = applied["proposals"][0]["mentorship_id"].as_str().unwrap();
        self.mentorship = format!("/v1/mentorships/{id}");
        let mut others = self.others(&[(Mentor, 404), (Business, 404), (Policy, 403)]);
        others.extend([(self.programme.clone(), 403), (self.owner.clone(), 403)]);
        self.act(&self.mentor, &self.mentorship, json!({ "action": "accept" }), "accepted", &others).await;
        let start = json!({ "action": "start", "starts_on": "2026-11-03" });
        self.act(&self.mentor, &self.mentorship, start, "active", &others).await;

        let at = format!("{}/objectives", self.mentorship);
        let objective =
            json!({ "kind": "accounting_system", "title": "Buku kas harian berjalan", "focus": true });
        let mut others = self.others(&[(Mentor, 404), (Business, 403)]);
        others.extend([(self.owner.clone(), 403), (self.university.clone(), 403)]);
        self.made_at(&self.mentor, &at, objective, &others).await;
        self.a_session("2026-11-10", false).await;
        self.a_session("2026-11-17", true).await;
    }

    /// Confirmed by the owner's account, or by the code that the desk has told her.
    async fn a_session(&self, day: &str, by_code: bool) {
        let at = format!("{}/sessions", self.mentorship);
        let held_at = format!("{day}T02:00:00Z");
        let plan =
            json!({ "planned_at": held_at, "planned_minutes": 90, "mode": "visit", "place": "Dapur usaha" });
        let mut others = self.others(&[(Mentor, 404), (Business, 403)]);
        others.push((self.programme.clone(), 403));
        let session = self.made_at(&self.mentor, &at, plan, &others).await;
        let report = json!({
            "action": "hold",
            "held_at": held_at,
            "contact_minutes": 75,
            "attendees": [{ "role": "owner", "person_id": self.owner.subject() }],
            "topics": ["bookkeeping"],
            "summary": "Buku kas dibuka, contoh seminggu diisi bersama.",
        });
        let mut others = self.others(&[(Mentor, 404), (Business, 404)]);
        others.push((self.owner.clone(), 403));
        let held = self.act(&self.mentor, &session, report, "held", &others).await;
        assert_eq!(held["countable_reason"], "not_confirmed");
        let mut others = self.others(&[(Business, 404), (Policy, 403)]);
        others.push((self.mentor.clone(), 422));
        let confirmed = if by_code {
            let refused = [(self.mentor.clone(), 403), (self.owner.clone(), 403)];
            let issued = self.step(&self.programme, &format!("{session}/code"), Value::Null, &refused).await;
            let confirm = json!({ "action": "confirm", "code": issued["code"] });
            self.act(&self.mentor, &session, confirm, "confirmed", &[]).await
        } else {
            self.act(&self.owner, &session, json!({ "action": "confirm" }), "confirmed", &others).await
        };
        assert_eq!(confirmed["countable"], true, "{confirmed}");
    }

    /// Drafted and submitted by the writer, who does not review it.
    pub async fn an_assessment(
        &self,
        kind: &str,
        writer: &Who,
        reviewer: &Who,
        others: &[(Who, u16)],
    ) -> Value {
        let mut draft = json!({
            "business_id": self.business_id(),
            "instrument_id": self.instrument,
            "kind": kind,
            "declared_capital_need_idr": 20_000_000,
            "answers": all_answered(2),
        });
        if kind != "self" {
            draft["mentorship_id"] = json!(self.mentorship.rsplit('/').next().unwrap());
        }
        let strangers = self.others(&[(Policy, 403), (Facilitation, 403)]);
        let path = self.made_at(writer, "/v1/assessments", draft, &strangers).await;
        let strangers = self.others(&[(Mentor, 404), (Business, 404), (Policy, 403)]);
        let submitted = self.act(writer, &path, json!({ "action": "submit" }), "submitted", &strangers).await;
        let mut others = others.to_vec();
        others.push((writer.clone(), 403));
        let reviewed = self.act(reviewer, &path, json!({ "action": "review" }), "reviewed", &others).await;
        assert_eq!(reviewed["result"], submitted["result"]);
        reviewed
    }

    pub async fn the_business_is_assessed(&self) {
        let others = [(self.programme.clone(), 403)];
        let own = self.an_assessment("self", &self.owner, &self.mentor, &others).await;
        assert_eq!((&own["class_effective"], &own["score"]), (&json!("medium"), &json!(5000)), "{own}");
        let others = [(self.owner.clone(), 403)];
        let found = self.an_assessment("mentor", &self.mentor, &self.programme, &others).await;
        self.the_owner_objects(&format!("/v1/assessments/{}", found["id"].as_str().unwrap())).await;
    }

    /// And somebody who had no part in it decides; the report says so.
    async fn the_owner_objects(&self, path: &str) {
        let object =
            json!({ "action": "object", "reason_code": "facts_wrong", "note": "Buku kas sudah ada." });
        let mut others = self.others(&[(Business, 404), (Mentor, 404), (Policy, 403)]);
        others.push((self.programme.clone(), 403));
        self.act(&self.owner, path, object, "reviewed", &others).await;
        let decide = json!({ "action": "decide_objection", "reason_code": "upheld", "class": "high" });
        let others = [(self.owner.clone(), 403), (self.mentor.clone(), 403), (self.programme.clone(), 409)];
        let decided = self.act(&(self.stranger)(Programme), path, decide, "reviewed", &others).await;
        let classes = ["class_computed", "class_effective"].map(|name| decided[name].clone());
        assert_eq!(classes, [json!("medium"), json!("high")]);
        let report = self.ask(&self.owner, Method::GET, &format!("{path}/report"), &Value::Null).await;
        assert!(report.text.contains("Prospek tinggi") && report.text.contains("<svg"), "{}", report.text);
        let stranger = (self.stranger)(Business);
        assert_eq!(
            self.ask(&stranger, Method::GET, &format!("{path}/report"), &Value::Null).await.status,
            404
        );
    }

    pub async fn a_plan_is_made(&self) {
        let path = format!("{}/plan", self.mentorship);
        let plan = json!({
            "kind": "business",
            "period": { "from": "2026-12-01", "to": "2027-05-31" },
            "goals": "Omzet naik seperempat dalam enam bulan.",
            "items": [{ "title": "Membeli oven kedua", "kind": "equipment", "cost_idr": 20_000_000 }],
            "finances": { "needed_idr": 22_000_000, "own_idr": 4_000_000 },
        });
        let mut others = self.others(&[(Business, 404), (Mentor, 404)]);
        others.push((self.programme.clone(), 403));
        let made = self.step(&self.owner, &path, plan, &others).await;
        assert_eq!(made["capital_need_idr"], 18_000_000);
        let mut others = self.others(&[(Business, 404)]);
        others.push((self.mentor.clone(), 403));
        self.act(&self.owner, &path, json!({ "action": "submit" }), "submitted", &others).await;
        let mut others = self.others(&[(Mentor, 404)]);
        others.extend([(self.owner.clone(), 403), (self.programme.clone(), 403)]);
        self.act(&self.mentor, &path, json!({ "action": "accept" }), "accepted", &others).await;
        self.the_plan_is_revised(&path).await;

        let list = self.get(&self.mentor, &format!("{}/objectives", self.mentorship)).await;
        let objective = format!("{}/objectives/{}", self.mentorship, list["data"][0]["id"].as_str().unwrap());
        let achieved = json!({ "status": "achieved", "evidence": evidence("cash_book") });
        let others = [(self.owner.clone(), 403), ((self.stranger)(Mentor), 404)];
        self.change(&self.mentor, &objective, achieved, &others).await;
    }

    async fn the_plan_is_revised(&self, path: &str) {
        self.act(&self.owner, path, json!({ "action": "revise" }), "draft", &[]).await;
        let stranger = [((self.stranger)(Business), 404)];
        self.change(&self.owner, path, json!({ "goals": "Dua outlet dalam setahun." }), &stranger).await;
        self.act(&self.owner, path, json!({ "action": "submit" }), "submitted", &[]).await;
        let second = self.act(&self.mentor, path, json!({ "action": "accept" }), "accepted", &[]).await;
        assert_eq!(second["plan_version"], 2);
        let changes = self.get(&self.mentor, &format!("{path}/changes")).await;
        assert_eq!(changes["data"][0]["fields"][0]["field"], "goals", "{changes}");
    }

    /// The only open hand-over to a division, once it is there.
    pub async fn handed_over_to(&self, division: &str) -> String {
        self.app.readers_done().await;
        let list =
            format!("/v1/hand-overs?division={division}&business_id={}&status=open", self.business_id());
        let found = self.get(&self.programme, &list).await;
        assert_eq!(found["data"].as_array().unwrap().len(), 1, "{found}");
        format!("/v1/hand-overs/{}", found["data"][0]["id"].as_str().unwrap())
    }
}
