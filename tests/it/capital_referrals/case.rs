//! A referral, and how far it is to have come.

use serde_json::{Value, json};
use seribu::access::Role;

use crate::{
    follow_up::FollowUp,
    support::{Caller, Reply, merged},
};

pub struct Case {
    pub scene: FollowUp,
    pub path: String,
}

impl Case {
    pub async fn drafted() -> Self {
        let scene = FollowUp::start().await;
        let path = drafted_by(&scene, scene.owner, json!({})).await;
        Self { scene, path }
    }

    pub async fn submitted() -> Self {
        let case = Self::drafted().await;
        case.goes(case.scene.owner, json!({ "action": "submit" }), "submitted").await;
        case
    }

    pub async fn under_review() -> Self {
        let case = Self::submitted().await;
        case.goes(case.officer(), json!({ "action": "start_review" }), "under_review").await;
        case
    }

    pub async fn recommended() -> Self {
        let case = Self::under_review().await;
        let recommend = json!({ "action": "recommend", "amount_idr": 22_000_000 });
        case.goes(case.officer(), recommend, "recommended").await;
        case
    }

    /// With the owner's consent.
    pub async fn forwarded() -> Self {
        let case = Self::recommended().await;
        case.scene.consents(case.scene.owner, case.lender()).await;
        case.goes(case.officer(), case.forward(), "forwarded").await;
        case
    }

    /// Another referral of the same business, forwarded to the same lender.
    pub async fn another_forwarded(&self) -> String {
        let path = drafted_by(&self.scene, self.scene.owner, json!({ "purpose": "working_capital" })).await;
        let act = async |caller, body| self.scene.app.act(caller, &path, body).await;
        act(self.scene.owner, json!({ "action": "submit" })).await;
        act(self.officer(), json!({ "action": "start_review" })).await;
        act(self.officer(), json!({ "action": "recommend", "amount_idr": 1 })).await;
        act(self.officer(), self.forward()).await;
        path
    }

    pub fn officer(&self) -> Caller {
        self.scene.facilitation
    }

    pub fn another_officer(&self) -> Caller {
        Caller::new(Role::Facilitation)
    }

    pub fn lender(&self) -> Caller {
        self.scene.lender
    }

    pub fn forward(&self) -> Value {
        json!({ "action": "forward", "lender_id": self.lender().subject })
    }

    pub async fn pays(&self, amount_idr: i64) {
        let body = json!({ "action": "disburse", "amount_idr": amount_idr, "disbursed_on": "2026-11-24" });
        self.goes(self.lender(), body, "disbursed").await;
    }

    pub async fn get(&self, caller: Caller, below: &str) -> Reply {
        self.scene.app.get(caller, &format!("{}{below}", self.path)).await
    }

    pub async fn patches(&self, caller: Caller, below: &str, body: Value) -> Reply {
        self.scene.app.patch(caller, &format!("{}{below}", self.path), body).await
    }

    pub async fn tries(&self, caller: Caller, body: Value) -> Reply {
        self.scene.tries(caller, &self.path, body).await
    }

    pub async fn goes(&self, caller: Caller, body: Value, status: &str) {
        let after = self.scene.app.act(caller, &self.path, body).await;
        assert_eq!(after["status"], status, "{after}");
    }

    pub async fn is_not_possible(&self, caller: Caller, body: Value, code: &str) {
        self.scene.is_not_possible(caller, &self.path, body, code).await;
    }
}

/// The path of a draft over 25 million for equipment, or what `change` makes of it.
pub async fn drafted_by(scene: &FollowUp, author: Caller, change: Value) -> String {
    let draft = a_referral(scene, change);
    format!("/v1/capital-referrals/{}", scene.app.create(author, "/v1/capital-referrals", draft).await)
}

pub fn a_referral(scene: &FollowUp, change: Value) -> Value {
    let draft = json!({ "business_id": scene.business, "amount_idr": 25_000_000, "purpose": "equipment" });
    merged(draft, change)
}
