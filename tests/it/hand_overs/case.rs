//! A coached business that was assessed, and the divisions that wait for it.

use serde_json::{Value, json};
use seribu::access::Role;

use crate::{
    assessments::Desk,
    mentorships::Scene,
    support::{Caller, Reply, TestApp},
};

pub struct Case {
    pub desk: Desk,
}

impl Case {
    pub async fn start() -> Self {
        Self { desk: Desk::start().await }
    }

    /// A mentor's assessment was reviewed, whose recommendations lead to two divisions.
    pub async fn assessed() -> Self {
        let case = Self::start().await;
        case.desk.reviewed().await;
        case
    }

    pub fn scene(&self) -> &Scene {
        &self.desk.scene
    }

    pub fn app(&self) -> &TestApp {
        &self.desk.scene.app
    }

    pub fn standards(&self) -> Caller {
        Caller::new(Role::Standardisation)
    }

    /// The only hand-over of a division that is in this status, once it is there.
    pub async fn only(&self, division: &str, status: &str) -> Value {
        let query = format!("/v1/hand-overs?division={division}&status={status}");
        let one = |reply: &Reply| reply.body["data"].as_array().is_some_and(|data| data.len() == 1);
        self.app().eventually(self.scene().programme, &query, one).await.body["data"][0].clone()
    }

    /// Its path.
    pub async fn path(&self, division: &str, status: &str) -> String {
        format!("/v1/hand-overs/{}", self.only(division, status).await["id"].as_str().unwrap())
    }

    pub async fn tries(&self, caller: Caller, path: &str, body: Value) -> Reply {
        self.app().post(caller, &format!("{path}/transitions"), body).await
    }

    /// How many there are, to all divisions.
    pub async fn count(&self) -> Value {
        self.app().get(self.scene().programme, "/v1/hand-overs?with_total=true").await.body["total"].clone()
    }

    pub async fn sees_the_business(&self, caller: Caller) -> bool {
        let path = format!("/v1/businesses/{}", self.scene().business);
        self.app().get(caller, &path).await.status == 200
    }
}

pub fn rules(hand_over: &Value) -> Vec<&str> {
    let causes = hand_over["causes"].as_array().unwrap();
    causes.iter().map(|cause| cause["rule"].as_str().unwrap()).collect()
}

pub fn take() -> Value {
    json!({ "action": "take" })
}
