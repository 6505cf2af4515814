//! An owner with a business, and those who follow up on it: the desks, a lender, a cooperative.

use serde_json::{Value, json};
use seribu::access::Role;

use crate::{
    businesses::a_business,
    cooperatives::given_a_cooperative,
    institutions::an_institution,
    support::{Caller, Reply, TestApp},
};

pub struct FollowUp {
    pub app: TestApp,
    pub programme: Caller,
    pub facilitation: Caller,
    pub desk: Caller,
    pub owner: Caller,
    pub lender: Caller,
    pub board: Caller,
    pub business: String,
}

impl FollowUp {
    /// The owner has a NIK, and has consented to nothing.
    pub async fn start() -> Self {
        Self::on(TestApp::start().await).await
    }

    pub async fn on(app: TestApp) -> Self {
        let programme = Caller::new(Role::Programme);
        let lender = app.create(programme, "/v1/institutions", an_institution("bank-a", "lender")).await;
        let cooperative = given_a_cooperative(&app).await;
        let mut scene = Self {
            app,
            programme,
            facilitation: Caller::new(Role::Facilitation),
            desk: Caller::new(Role::Cooperatives),
            owner: Caller::new(Role::Business),
            lender: Caller::of(Role::Lender, &lender),
            board: Caller::of(Role::Cooperative, &cooperative),
            business: String::new(),
        };
        (scene.owner, scene.business) = scene.another_owner("Siti Aminah", Some("9974014101900001")).await;
        scene
    }

    /// With a business of her own.
    pub async fn another_owner(&self, name: &str, nik: Option<&str>) -> (Caller, String) {
        let person = json!({ "full_name": name, "nik": nik });
        let person = self.app.create(self.programme, "/v1/persons", person).await;
        let mut business = a_business(&format!("Dapur {name}"));
        business["owner"] = json!({ "person_id": person });
        let business = self.app.create(self.programme, "/v1/businesses", business).await;
        (Caller::of(Role::Business, &person), business)
    }

    /// The owner agrees, and the consent's path is answered.
    pub async fn consents(&self, owner: Caller, to: Caller) -> String {
        let consents = format!("/v1/persons/{}/consents", owner.subject.unwrap());
        let consent = json!({
            "purpose": to.role,
            "receiver_id": to.subject,
            "text_version": 1,
            "via": "own_account",
        });
        format!("{consents}/{}", self.app.create(owner, &consents, consent).await)
    }

    pub async fn withdraws(&self, owner: Caller, consent: &str) {
        self.app.act(owner, consent, json!({ "action": "withdraw" })).await;
    }

    pub async fn sees_the_business(&self, caller: Caller) -> bool {
        self.app.get(caller, &format!("/v1/businesses/{}", self.business)).await.status == 200
    }

    /// Takes an action and answers whatever comes.
    pub async fn tries(&self, caller: Caller, path: &str, body: Value) -> Reply {
        self.app.post(caller, &format!("{path}/transitions"), body).await
    }

    /// 409 by what the code says.
    pub async fn is_blocked(&self, caller: Caller, path: &str, body: Value, code: &str) {
        is_blocked(&self.tries(caller, path, body).await, code);
    }

    /// 409 in this status, or by this person.
    pub async fn is_not_possible(&self, caller: Caller, path: &str, body: Value, code: &str) {
        let reply = self.tries(caller, path, body).await;
        assert_eq!(
            (reply.status, &reply.body["type"]),
            (409, &json!("/problems/not-possible")),
            "{}",
            reply.text
        );
        assert!(reply.body["detail"].as_str().unwrap().contains(code), "{}", reply.text);
    }
}

pub fn is_blocked(reply: &Reply, code: &str) {
    assert_eq!((reply.status, &reply.body["type"]), (409, &json!("/problems/blocked")), "{}", reply.text);
    assert!(reply.text.contains(code), "{}", reply.text);
}

/// A paper of today.
pub fn evidence(kind: &str) -> Value {
    json!({ "kind": kind, "reference": "Map 2026-11, lembar 12", "dated_on": "2026-11-24" })
}
