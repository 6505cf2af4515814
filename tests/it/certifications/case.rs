//! A business with a product, and the desk that sees to its certificates.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use seribu::access::Role;

use crate::{
    follow_up::FollowUp,
    products::a_product,
    support::{Caller, Reply, TestApp, merged},
};

pub struct Case {
    pub scene: FollowUp,
    pub product: String,
}

impl Case {
    pub async fn start() -> Self {
        let scene = FollowUp::start().await;
        let path = format!("/v1/businesses/{}/products", scene.business);
        let product = scene.app.create(scene.owner, &path, a_product(json!({}))).await;
        Self { scene, product }
    }

    pub fn app(&self) -> &TestApp {
        &self.scene.app
    }

    pub fn desk(&self) -> Caller {
        Caller::new(Role::Standardisation)
    }

    pub fn a_plan(&self, kind: &str, change: Value) -> Value {
        let plan = json!({ "business_id": self.scene.business, "product_id": self.product, "kind": kind });
        merged(plan, change)
    }

    pub async fn plans(&self, caller: Caller, plan: Value) -> Reply {
        self.app().post(caller, "/v1/certifications", plan).await
    }

    /// The path of one that the owner has planned.
    pub async fn planned(&self, kind: &str) -> String {
        self.planned_as(self.a_plan(kind, json!({}))).await
    }

    pub async fn planned_as(&self, plan: Value) -> String {
        let id = self.app().create(self.scene.owner, "/v1/certifications", plan).await;
        format!("/v1/certifications/{id}")
    }

    pub async fn applied(&self, kind: &str) -> String {
        let path = self.planned(kind).await;
        self.app().act(self.desk(), &path, json!({ "action": "apply" })).await;
        path
    }

    /// An SPP-IRT that ends on that day.
    pub async fn granted(&self, expires_on: &str) -> String {
        let path = self.planned("spp_irt").await;
        self.grants(&path, expires_on).await;
        path
    }

    pub async fn grants(&self, path: &str, expires_on: &str) {
        let apply = json!({ "action": "apply", "applied_on": "2022-01-03" });
        self.app().act(self.desk(), path, apply).await;
        self.app().act(self.desk(), path, a_grant("2022-02-01", Some(expires_on))).await;
    }

    pub async fn get(&self, path: &str) -> Value {
        self.app().get(self.scene.programme, path).await.body
    }

    pub async fn history(&self, path: &str) -> Vec<String> {
        let history = self.get(&format!("{path}/history?limit=200")).await;
        let events = history["data"].as_array().unwrap().iter();
        events.map(|event| event["type"].as_str().unwrap().to_owned()).collect()
    }

    /// The morning of a day in the city.
    pub fn on(&self, day: &str) {
        let at: DateTime<Utc> = format!("{day}T01:00:00Z").parse().unwrap();
        self.app().set_clock(at);
    }
}

pub fn a_grant(granted_on: &str, expires_on: Option<&str>) -> Value {
    json!({
        "action": "grant",
        "number": "2063674010001-31",
        "granted_on": granted_on,
        "expires_on": expires_on,
        "evidence": { "kind": "certificate", "reference": "Map 2026-11, lembar 3", "dated_on": granted_on },
    })
}

pub fn id_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}
