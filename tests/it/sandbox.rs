//! The sandbox: what it allows, and that nothing else is one.

use std::{
    path::PathBuf,
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use actix_web::{http::Method, rt};
use futures_util::future::join_all;
use serde_json::{Value, json};
use seribu::{
    access::Role,
    api, pilot,
    sandbox::{self, Claim},
    worker::Sandbox,
};

use crate::{
    accounts::{ask_for_token, log_in},
    institutions::an_institution,
    persons::a_known_person,
    postgres::{Database, fresh_database},
    support::{Caller, Reply, TestApp, settings},
};

async fn claimed(database: &Database) -> Claim {
    sandbox::claim(&database.owner, &api::last_migration().unwrap()).await.unwrap()
}

/// A sandbox in which nothing was told.
async fn an_empty_sandbox() -> TestApp {
    let database = fresh_database().await;
    let mut settings = settings(&database).await;
    let (owner_url, resetting) = (database.owner.as_str().into(), Default::default());
    settings.shared.sandbox = Some(Sandbox { owner_url, resetting });
    TestApp::with(database, settings)
}

fn is_marked(reply: &Reply) -> bool {
    reply.header("x-seribu-environment") == "sandbox"
}

/// As a service that starts for the first time; and the log-ins that it leaves.
async fn a_sandbox() -> (TestApp, Value) {
    let database = fresh_database().await;
    assert_eq!(claimed(&database).await, Claim::Good);
    let mut settings = settings(&database).await;
    let (owner_url, resetting) = (database.owner.as_str().into(), Default::default());
    settings.shared.sandbox = Some(Sandbox { owner_url, resetting });
    settings.shared.clock = seribu::clock::Clock::System;
    let folder: PathBuf = database.files();
    let made = pilot::prepare(&settings, &database.owner, &folder).await.unwrap();
    assert!(made.is_some());
    assert!(pilot::prepare(&settings, &database.owner, &folder).await.unwrap().is_none(), "once");
    let log_ins = std::fs::read_to_string(folder.join(pilot::FILE)).unwrap();
    assert_eq!(claimed(&database).await, Claim::Good, "on the next start");
    (TestApp::with(database, settings), serde_json::from_str(&log_ins).unwrap())
}

struct Session<'a> {
    app: &'a TestApp,
    token: String,
}

impl<'a> Session<'a> {
    async fn of(app: &'a TestApp, log_ins: &Value, role: &str) -> Self {
        let one = log_ins["logins"].as_array().unwrap().iter().find(|one| one["role"] == role).unwrap();
        let text = |name: &str| one[name].as_str().unwrap();
        let reply = log_in(app, text("email"), text("password")).await;
        assert_eq!(reply.status, 200, "{role}: {}", reply.text);
        Self { app, token: reply.body["access_token"].as_str().unwrap().to_owned() }
    }

    async fn send(&self, method: Method, path: &str, body: Value) -> Reply {
        let request = self.app.request(method, path).bearer_auth(&self.token);
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.app.send(request.content_type("application/json"), body).await
    }

    async fn get(&self, path: &str) -> Value {
        let reply = self.send(Method::GET, path, Value::Null).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text);
        reply.body
    }

    async fn begin(&self, what: &str) {
        let begun = self.send(Method::POST, &format!("/v1/sandbox/{what}"), Value::Null).await;
        assert!(begun.status == 204 && is_marked(&begun), "{what}: {} {}", begun.status, begun.text);
    }
}

#[actix_web::test]
async fn a_sandbox_goes_back_to_its_beginning_or_to_a_scenario_under_load_and_keeps_its_log_ins() {
    let (app, log_ins) = a_sandbox().await;
    let programme = Session::of(&app, &log_ins, "programme").await;
    let all = "/v1/businesses?limit=200&sort=created_at";
    let (before, people) = (programme.get(all).await, programme.get("/v1/persons?with_total=true").await);
    assert!(before["data"].as_array().unwrap().len() > 14);
    let history = format!("/v1/businesses/{}/history?limit=200", before["data"][0]["id"].as_str().unwrap());
    let told = programme.get(&history).await;
    let made = programme.send(Method::POST, "/v1/institutions", an_institution("neu", "other")).await;
    assert_eq!(made.status, 201, "{}", made.text);

    // Others write and read meanwhile: each is served, or told to come again.
    let until = Instant::now() + Duration::from_secs(4);
    let others = (0..4).map(async |n| {
        let mut answers = Vec::new();
        let mut at = 0;
        while Instant::now() < until {
            at += 1;
            let body = an_institution(&format!("x-{n}-{at}"), "other");
            answers.push(programme.send(Method::POST, "/v1/institutions", body).await.status);
            answers.push(programme.send(Method::GET, all, Value::Null).await.status);
        }
        answers
    });
    let reset = async {
        rt::time::sleep(Duration::from_millis(500)).await;
        programme.begin("reset").await;
        programme.begin("reset").await;
    };
    let (answers, ()) = futures_util::future::join(join_all(others), reset).await;
    let answers: Vec<_> = answers.into_iter().flatten().collect();
    assert!(answers.iter().all(|status| [200, 201, 503].contains(status)), "{answers:?}");
    assert!(answers.contains(&201));
    programme.begin("reset").await;

    assert_eq!(programme.get(all).await, before, "the same records, with the same ids and versions");
    assert_eq!(programme.get("/v1/persons?with_total=true").await["total"], people["total"]);
    // What is due by now may have happened again, by itself.
    let by_people = |history: &Value| -> Vec<Value> {
        let events = history["data"].as_array().unwrap().iter();
        events.filter(|event| event["actor_role"] != "system").cloned().collect()
    };
    assert_eq!(by_people(&programme.get(&history).await), by_people(&told));
    assert_eq!(programme.get("/v1/institutions?code=neu").await["data"], json!([]));
    for role in ["admin", "mentor", "business", "facilitation"] {
        Session::of(&app, &log_ins, role).await;
    }
    // It works on: what is written is numbered and followed.
    let made = programme.send(Method::POST, "/v1/institutions", an_institution("neu", "other")).await;
    assert_eq!(made.status, 201, "{}", made.text);
    app.readers_done().await;
    let after = programme.get(&format!("/v1/institutions/{}/history", made.id())).await;
    assert_eq!(after["data"].as_array().unwrap().len(), 1, "{after}");

    let mentor = Session::of(&app, &log_ins, "mentor").await;
    assert_eq!(mentor.send(Method::POST, "/v1/sandbox/reset", Value::Null).await.status, 403);
    assert_eq!(programme.send(Method::POST, "/v1/sandbox/scenarios/flood", Value::Null).await.status, 404);

    programme.begin("scenarios/overdue_hand_overs").await;
    let programme = Session::of(&app, &log_ins, "programme").await;
    let open = programme.get("/v1/hand-overs?status=open&limit=200").await;
    let today = chrono_tz::Asia::Jakarta;
    let today = app.settings.shared.clock.now().with_timezone(&today).date_naive().to_string();
    let late = open["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["due_on"].as_str().unwrap() < today.as_str());
    assert!(late.count() >= 3, "{open}");
    let client = &log_ins["clients"][0];
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        client["client_id"].as_str().unwrap(),
        client["client_secret"].as_str().unwrap()
    );
    assert_eq!(ask_for_token(&app, &form).await.status, 200);

    let admin = Session::of(&app, &log_ins, "admin").await;
    admin.begin("scenarios/cohort_in_the_middle").await;
    let programme = Session::of(&app, &log_ins, "programme").await;
    let active = programme.get("/v1/mentorships?status=active&limit=200").await;
    assert!(active["data"].as_array().unwrap().len() > 5, "{active}");
    assert_eq!(programme.get("/v1/mentorships?status=completed").await["data"], json!([]));
    admin.begin("reset").await;
    let programme = Session::of(&app, &log_ins, "programme").await;
    assert_eq!(programme.get(all).await, before);
}

#[actix_web::test]
async fn every_answer_of_a_sandbox_says_so_and_of_no_other_service() {
    let (sandbox, other) = (an_empty_sandbox().await, TestApp::start().await);
    let programme = Caller::new(Role::Programme);
    let paths = [
        "/v1/institutions",
        "/v1/nothing",
        "/healthz",
        "/docs/",
        "/problems/invalid",
        "/openapi.json",
        "/exports/x",
    ];
    for path in paths {
        assert!(is_marked(&sandbox.get(programme, path).await), "{path}");
        assert!(!is_marked(&other.get(programme, path).await), "{path}");
        let open = sandbox.send(sandbox.request(Method::GET, path), "").await;
        assert!(is_marked(&open), "{path}: {}", open.status);
    }
    let described = |document: &Value| document["paths"].get("/v1/sandbox/reset").is_some();
    assert!(described(&sandbox.get(programme, "/openapi.json").await.body));
    assert!(!described(&other.get(programme, "/openapi.json").await.body) && !described(&api::document()));
    for path in ["/v1/sandbox/reset", "/v1/sandbox/scenarios/pilot"] {
        let reply = other.post(programme, path, Value::Null).await;
        assert_eq!(reply.status, 404, "{path}: {}", reply.text);
    }
}

#[actix_web::test]
async fn while_it_is_reset_everybody_is_told_to_come_again() {
    let app = an_empty_sandbox().await;
    let resetting = &app.settings.shared.sandbox.as_ref().unwrap().resetting;
    resetting.store(true, Ordering::SeqCst);
    for (method, path) in [
        (Method::GET, "/v1/institutions"),
        (Method::POST, "/v1/sandbox/reset"),
        (Method::GET, "/openapi.json"),
    ] {
        let reply = app.ask(Caller::new(Role::Programme), method, path, Value::Null).await;
        assert_eq!((reply.status, reply.header("retry-after")), (503, "1"), "{path}");
        assert_eq!(reply.header("content-type"), "application/problem+json");
        assert!(is_marked(&reply) && !reply.header("x-request-id").is_empty(), "{path}");
    }
    resetting.store(false, Ordering::SeqCst);
    assert_eq!(app.get(Caller::new(Role::Programme), "/v1/institutions").await.status, 200);
}

#[actix_web::test]
async fn a_request_may_say_what_time_it_is_in_a_sandbox_and_nowhere_else() {
    let (sandbox, other) = (an_empty_sandbox().await, TestApp::start().await);
    let made = async |app: &TestApp, code: &str, now: &str| {
        let request = app.request(Method::POST, "/v1/institutions");
        let request = request.bearer_auth(Caller::new(Role::Programme).token(|_| ()));
        let request = request.insert_header(("x-seribu-now", now)).content_type("application/json");
        app.send(request, an_institution(code, "other").to_string()).await
    };
    let moved = made(&sandbox, "moved", "2027-01-31T08:00:00+07:00").await;
    assert_eq!(
        (moved.status, &moved.body["created_at"]),
        (201, &json!("2027-01-31T01:00:00Z")),
        "{}",
        moved.text
    );
    for wrong in ["tomorrow", "", "2027-01-31", "9999-01-01T00:00:00Z"] {
        let refused = made(&sandbox, "wrong", wrong).await;
        assert_eq!(
            (refused.status, refused.flaws()),
            (422, vec!["X-Seribu-Now bad_format".to_owned()]),
            "{wrong}"
        );
    }
    let ignored = made(&other, "moved", "2027-01-31T08:00:00+07:00").await;
    assert_eq!((ignored.status, &ignored.body["created_at"]), (201, &json!("2026-11-24T03:04:05Z")));
}

#[actix_web::test]
async fn a_sandbox_takes_made_up_people_only_and_a_database_of_its_own() {
    let app = an_empty_sandbox().await;
    let programme = Caller::new(Role::Programme);
    let real = app.post(programme, "/v1/persons", a_known_person("Siti Aminah", "3674014101900001")).await;
    assert_eq!((real.status, real.flaws()), (422, vec!["/nik unknown_code".to_owned()]), "{}", real.text);
    app.create(programme, "/v1/persons", a_known_person("Siti Aminah", "9974014101900001")).await;
    assert_eq!(claimed(&app.database).await, Claim::Refused, "there is somebody, who may be real");
    assert!(!sandbox::is_sandbox(&app.database.app).await.unwrap());

    let new = fresh_database().await;
    assert_eq!(claimed(&new).await, Claim::Good);
    assert!(sandbox::is_sandbox(&new.app).await.unwrap(), "a service that is none refuses it from now on");
    let mut settings = settings(&new).await;
    settings.shared.sandbox = None;
    let broken_off = TestApp::with(new, settings);
    broken_off.create(programme, "/v1/persons", a_known_person("Siti Aminah", "9974014101900001")).await;
    assert_eq!(claimed(&broken_off.database).await, Claim::Stale, "not made to the end: it begins anew");
}
