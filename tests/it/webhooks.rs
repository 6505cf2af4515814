//! Webhooks through HTTP: what all their tests need.

mod answers;
mod changing;
mod faults;
mod guide;
mod receiver;
mod registering;
mod replaying;
mod replicas;
mod retrying;
mod sending;

use std::time::Duration;

use chrono::{DateTime, SubsecRound, Utc};
use serde_json::{Value, json};
use seribu::{
    access::Role,
    clock::Clock,
    egress::{Bounds, Egress},
    ids::UserId,
};
use uuid::Uuid;

use self::receiver::{Got, Receiver};
use crate::{
    institutions::an_institution,
    postgres::{Database, fresh_database},
    support::{Caller, TestApp, settings},
};

/// How long the service waits for a receiver of the tests.
const PATIENCE: Duration = Duration::from_millis(700);

/// By the clock of the machine, as those who verify a message have it; it can be turned.
async fn an_app() -> TestApp {
    on(fresh_database().await).await
}

async fn on(database: Database) -> TestApp {
    let mut settings = settings(&database).await;
    settings.shared.clock = Clock::at(this_machines_now());
    settings.shared.egress = Egress::new(Bounds::this_machine()).patient_for(PATIENCE);
    TestApp::with(database, settings)
}

fn this_machines_now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}

/// A registered client: its webhooks are sent as long as it is one.
async fn a_client(app: &TestApp, role: Role, subject: Option<Uuid>) -> Caller {
    let code = format!("c{}", &Uuid::now_v7().simple().to_string()[20..]);
    let client = json!({
        "client_id": code, "name": "Sistem", "role": role, "subject_id": subject, "scopes": role.scopes(),
    });
    let id = app.create(Caller::new(Role::Admin), "/v1/clients", client).await;
    Caller { role, user: UserId(Uuid::parse_str(&id).unwrap()), subject }
}

/// The programme's, which sees everything.
async fn a_programme(app: &TestApp) -> Caller {
    a_client(app, Role::Programme, None).await
}

struct Hook {
    id: String,
    path: String,
    secret: String,
}

/// Of the caller's, for some types.
async fn a_hook(app: &TestApp, caller: Caller, receiver: &Receiver, types: &[&str]) -> Hook {
    hook_with(app, caller, json!({ "url": receiver.url, "types": types })).await
}

async fn hook_with(app: &TestApp, caller: Caller, body: Value) -> Hook {
    let made = app.post(caller, "/v1/webhooks", body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let id = made.id();
    Hook { path: format!("/v1/webhooks/{id}"), id, secret: made.body["secret"].as_str().unwrap().to_owned() }
}

/// Something that everybody is told of.
async fn an_event(app: &TestApp, caller: Caller, code: &str) -> String {
    app.create(caller, "/v1/institutions", an_institution(code, "university")).await
}

/// The attempts, the first first, once there are so many.
async fn deliveries(app: &TestApp, caller: Caller, hook: &Hook, count: usize) -> Vec<Value> {
    let path = format!("{}/deliveries?sort=created_at&limit=200", hook.path);
    let of = |reply: &crate::support::Reply| reply.body["data"].as_array().map(Vec::len);
    let reply = app.eventually(caller, &path, |reply| of(reply) >= Some(count)).await;
    assert_eq!(of(&reply), Some(count), "{}", reply.text);
    reply.body["data"].as_array().unwrap().clone()
}

fn time(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap_or_else(|| panic!("no time: {value}")).parse().unwrap()
}

/// Whether one of the signatures is the secret's, whatever the time.
fn is_signed_with(got: &Got, secret: &str) -> bool {
    let webhook = standardwebhooks::Webhook::new(secret).unwrap();
    let timestamp = got.header("webhook-timestamp").parse().unwrap();
    let signature = webhook.sign(got.id(), timestamp, got.body.as_bytes()).unwrap();
    got.header("webhook-signature").split(' ').any(|one| one == signature)
}
