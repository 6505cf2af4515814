//! The mentor and the owner come in.

use serde_json::json;
use seribu::access::Role::*;

use super::{Journey, MENTORS_EMAIL, MENTORS_PHONE, NIK, NPWP, OWNER, OWNERS_EMAIL, PHONE};
use crate::snapshots::a_snapshot;

impl Journey {
    pub async fn the_mentor_comes(&mut self) {
        let fields = json!({
            "kind": "academic",
            "full_name": "Rina Kartika",
            "email": MENTORS_EMAIL,
            "phone": MENTORS_PHONE,
            "expertise": ["accounting", "business_planning"],
            "capacity_offered": 5,
        });
        let others = self.others(&[(Lender, 403), (Business, 403), (Mentor, 403), (Facilitation, 403)]);
        let path = self.made_at(&self.university, "/v1/mentors", fields, &others).await;
        let id = path.rsplit('/').next().unwrap().to_owned();
        let invited = json!({ "role": "mentor", "subject_id": id });
        let others = self.others(&[(Policy, 403), (Mentor, 403)]);
        let invitation = self.step(&self.university, "/v1/invitations", invited, &others).await;
        let mut others = self.others(&[(Institution, 404), (Business, 404), (Policy, 403)]);
        others.push((self.university.clone(), 403));
        self.act(&self.programme, &path, json!({ "action": "activate" }), "active", &others).await;
        self.mentor = self.signs_in(&invitation, Mentor, &id, MENTORS_EMAIL).await;
        assert_eq!(self.get(&self.mentor, &path).await["email"], MENTORS_EMAIL);
    }

    pub async fn the_owner_comes(&mut self) {
        let cohort = json!({
            "code": "angkatan-1",
            "name": "Pendampingan Ekonomi Kreatif 2026 Angkatan I",
            "starts_on": "2026-11-01",
            "ends_on": "2027-04-30",
            "capacity": 14,
            "instrument_id": self.instrument,
        });
        let others = self.others(&[(Mentor, 403), (Facilitation, 403), (Policy, 403)]);
        self.cohort = self.made_at(&self.programme, "/v1/cohorts", cohort, &others).await;
        self.act(&self.programme, &self.cohort, json!({ "action": "open" }), "open", &others).await;

        let registration = json!({
            "name": "Dapur Bu Siti",
            "subsector": "kuliner",
            "address": { "line": "Jl. Ki Hajar Dewantara No. 7", "village_code": "36.74.04.1002" },
            "owner": { "full_name": OWNER, "nik": NIK, "npwp": NPWP, "phone": PHONE, "email": OWNERS_EMAIL },
            "snapshot": a_snapshot("2026-11-20"),
        });
        let others =
            self.others(&[(Mentor, 403), (Policy, 403), (Institution, 403), (Business, 403), (Lender, 403)]);
        self.business = self.made_at(&self.programme, "/v1/businesses", registration, &others).await;
        let people = self.get(&self.programme, &format!("{}/people", self.business)).await;
        let person = people["data"][0]["person_id"].as_str().unwrap().to_owned();
        let invited = json!({ "role": "business", "subject_id": person });
        let others = self.others(&[(Mentor, 403), (Facilitation, 403)]);
        let invitation = self.step(&self.programme, "/v1/invitations", invited, &others).await;
        self.owner = self.signs_in(&invitation, Business, &person, OWNERS_EMAIL).await;

        let at = format!("{}/participants", self.cohort);
        let whom = json!({ "business_id": self.business_id() });
        let others = self.others(&[(Mentor, 403), (Business, 403)]);
        self.participant = self.made_at(&self.programme, &at, whom, &others).await;
        let others = self.others(&[(Business, 404), (Mentor, 404), (Policy, 403)]);
        self.act(&self.owner, &self.participant, json!({ "action": "accept" }), "accepted", &others).await;
    }

    pub fn business_id(&self) -> &str {
        self.business.rsplit('/').next().unwrap()
    }
}
