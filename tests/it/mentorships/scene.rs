//! A cohort with a business that takes part, its owner, and a lecturer of a university who could coach it.

use std::time::Duration;

use actix_web::rt;
use serde_json::{Value, json};
use seribu::access::Role;

use crate::{
    institutions::an_institution,
    support::{Caller, Reply, TestApp, merged},
};

pub struct Scene {
    pub app: TestApp,
    pub programme: Caller,
    pub university: Caller,
    pub mentor: Caller,
    pub owner: Caller,
    /// Ids.
    pub cohort: String,
    pub business: String,
}

impl Scene {
    /// The cohort is open; nothing is proposed.
    pub async fn start() -> Self {
        Self::on(TestApp::start().await).await
    }

    pub async fn on(app: TestApp) -> Self {
        let programme = Caller::new(Role::Programme);
        let university = app.create(programme, "/v1/institutions", an_institution("ut", "university")).await;
        let nobody = Caller::new(Role::Mentor);
        let mut scene = Self {
            app,
            programme,
            university: Caller::of(Role::Institution, &university),
            mentor: nobody,
            owner: nobody,
            cohort: String::new(),
            business: String::new(),
        };
        scene.mentor = scene.another_mentor(5).await;
        scene.cohort = scene.a_cohort("angkatan-1").await;
        let cohort = format!("/v1/cohorts/{}", scene.cohort);
        scene.app.act(programme, &cohort, json!({ "action": "open" })).await;
        (scene.business, scene.owner) = scene.a_business("Dapur Bu Siti").await;
        scene.accepted(&scene.business).await;
        scene
    }

    /// Planned, from 1 November.
    pub async fn a_cohort(&self, code: &str) -> String {
        let cohort = json!({
            "code": code,
            "name": "Pendampingan Ekonomi Kreatif 2026",
            "starts_on": "2026-11-01",
            "ends_on": "2027-04-30",
        });
        self.app.create(self.programme, "/v1/cohorts", cohort).await
    }

    pub async fn run_cohort(&self) {
        let cohort = format!("/v1/cohorts/{}", self.cohort);
        if self.app.get(self.programme, &cohort).await.body["status"] == "open" {
            self.app.act(self.programme, &cohort, json!({ "action": "start" })).await;
        }
    }

    /// A business and its owner.
    pub async fn a_business(&self, name: &str) -> (String, Caller) {
        let mut business = crate::businesses::a_business(name);
        business["owner"] = json!({ "full_name": format!("Pemilik {name}") });
        let id = self.app.create(self.programme, "/v1/businesses", business).await;
        let people = self.app.get(self.programme, &format!("/v1/businesses/{id}/people")).await;
        let owner = people.body["data"][0]["person_id"].as_str().unwrap();
        (id, Caller::of(Role::Business, owner))
    }

    pub async fn invited(&self, business: &str) -> String {
        let participants = format!("/v1/cohorts/{}/participants", self.cohort);
        self.app.create(self.programme, &participants, json!({ "business_id": business })).await
    }

    pub async fn accepted(&self, business: &str) {
        let participant = self.invited(business).await;
        let path = format!("/v1/cohorts/{}/participants/{participant}", self.cohort);
        let by_phone = json!({ "action": "accept", "note": "Setuju lewat telepon." });
        self.app.act(self.programme, &path, by_phone).await;
    }

    /// Of the university, not yet active.
    pub async fn a_candidate(&self) -> String {
        let at = uuid::Uuid::now_v7().simple().to_string();
        let mentor = json!({
            "kind": "academic",
            "institution_id": self.university.subject,
            "full_name": "Rina Kartika",
            "email": format!("{at}@ut.example"),
            "expertise": ["accounting"],
            "capacity_offered": 5,
        });
        self.app.create(self.programme, "/v1/mentors", mentor).await
    }

    /// An active one with room for so many.
    pub async fn another_mentor(&self, capacity: i32) -> Caller {
        let id = self.a_candidate().await;
        let path = format!("/v1/mentors/{id}");
        let changed = self.app.patch(self.programme, &path, json!({ "capacity": capacity })).await;
        assert_eq!(changed.status, 200, "{}", changed.text);
        self.app.act(self.programme, &path, json!({ "action": "activate" })).await;
        Caller::of(Role::Mentor, &id)
    }

    pub fn a_proposal(&self) -> Value {
        json!({
            "cohort_id": self.cohort,
            "business_id": self.business,
            "mentor_id": self.mentor.subject,
            "note": "Butuh pembukuan lebih dulu.",
        })
    }

    pub async fn proposed(&self) -> String {
        self.app.create(self.programme, "/v1/mentorships", self.a_proposal()).await
    }

    /// A mentorship that runs, since today.
    pub async fn active(&self) -> String {
        let id = self.proposed().await;
        let path = format!("/v1/mentorships/{id}");
        self.app.act(self.mentor, &path, json!({ "action": "accept" })).await;
        self.run_cohort().await;
        self.app.act(self.mentor, &path, json!({ "action": "start" })).await;
        id
    }

    pub async fn move_it(&self, caller: Caller, id: &str, body: Value) -> Reply {
        self.app.post(caller, &format!("/v1/mentorships/{id}/transitions"), body).await
    }

    pub fn an_objective(&self, change: Value) -> Value {
        let objective = json!({ "kind": "accounting_system", "title": "Buku kas harian berjalan" });
        merged(objective, change)
    }

    pub async fn objective(&self, mentorship: &str, change: Value) -> String {
        let path = format!("/v1/mentorships/{mentorship}/objectives");
        self.app.create(self.mentor, &path, self.an_objective(change)).await
    }

    pub fn a_session(&self) -> Value {
        json!({ "planned_at": "2026-11-24T02:00:00Z", "planned_minutes": 90, "mode": "visit", "place": "Rumah" })
    }

    pub async fn planned(&self, mentorship: &str) -> String {
        self.app
            .create(self.mentor, &format!("/v1/mentorships/{mentorship}/sessions"), self.a_session())
            .await
    }

    pub fn a_report(&self, held_at: &str) -> Value {
        json!({
            "action": "hold",
            "held_at": held_at,
            "contact_minutes": 75,
            "travel_minutes": 40,
            "attendees": [{ "role": "owner", "person_id": self.owner.subject }],
            "topics": ["bookkeeping"],
            "summary": "Buku kas dibuka, contoh seminggu diisi bersama.",
            "agreed_actions": [{ "text": "Mencatat penjualan setiap malam", "due_on": "2026-12-01" }],
            "place": "Dapur usaha",
        })
    }

    /// A session that was reported.
    pub async fn held(&self, mentorship: &str) -> String {
        let session = self.planned(mentorship).await;
        let path = format!("/v1/mentorships/{mentorship}/sessions/{session}");
        self.app.act(self.mentor, &path, self.a_report("2026-11-24T02:00:00Z")).await;
        session
    }

    /// The path of the owner's consent to be named to the university.
    pub async fn consent_to_university(&self) -> String {
        let consents = format!("/v1/persons/{}/consents", self.owner.subject.unwrap());
        let consent = json!({
            "purpose": "university_named",
            "receiver_id": self.university.subject,
            "text_version": 1,
            "via": "own_account",
        });
        format!("{consents}/{}", self.app.create(self.owner, &consents, consent).await)
    }

    /// Long enough for what is due to have run.
    pub async fn wait_for_jobs(&self) {
        rt::time::sleep(Duration::from_millis(1500)).await;
    }
}
