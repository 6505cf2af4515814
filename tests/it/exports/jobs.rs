//! Exports that a job writes.

use std::time::Duration;

use actix_web::{http::Method, rt};
use aws_lc_rs::digest::{SHA256, digest};
use chrono::TimeDelta;
use diesel_async::SimpleAsyncConnection;
use serde_json::{Value, json};
use seribu::{access::Role, api};

use super::many;
use crate::{
    agenda::with_an_account,
    institutions::an_institution,
    support::{Caller, Reply, TestApp, now},
};

pub async fn programme(app: &TestApp) -> Caller {
    with_an_account(app, Caller::new(Role::Programme), "ratna@dinas.example").await
}

/// Asked for; the answer is the job's path.
pub async fn asked(app: &TestApp, caller: Caller, body: Value) -> String {
    let asked = app.post(caller, "/v1/exports", body).await;
    assert_eq!((asked.status, &asked.body["status"]), (202, &json!("queued")), "{}", asked.text);
    assert_eq!(asked.header("location"), format!("/v1/exports/jobs/{}", asked.id()));
    asked.header("location").to_owned()
}

/// Written; the answer is the job.
pub async fn ended(app: &TestApp, caller: Caller, path: &str) -> Value {
    let is_over = |job: &Reply| !["queued", "running"].contains(&job.body["status"].as_str().unwrap());
    app.eventually(caller, path, is_over).await.body
}

pub async fn content(app: &TestApp, caller: Caller, path: &str, headers: &[(&str, &str)]) -> Reply {
    let mut request = app.request(Method::GET, &format!("{path}/content")).bearer_auth(caller.token(|_| ()));
    for (name, value) in headers {
        request = request.insert_header((*name, *value));
    }
    app.send(request, "").await
}

/// Without a token.
pub async fn open(app: &TestApp, path: &str) -> Reply {
    app.send(app.request(Method::GET, path), "").await
}

fn sha256(text: &str) -> String {
    digest(&SHA256, text.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[actix_web::test]
async fn a_job_writes_what_an_export_would_answer_and_tells_how_far_it_is() {
    let app = TestApp::start().await;
    let caller = programme(&app).await;
    for n in 0..3 {
        app.create(caller, "/v1/institutions", an_institution(&format!("i-{n}"), "university")).await;
    }
    let path = asked(&app, caller, json!({ "resource": "institutions" })).await;
    let job = ended(&app, caller, &path).await;
    assert_eq!(
        (&job["status"], &job["done"], &job["total"]),
        (&json!("complete"), &json!(3), &json!(3)),
        "{job}"
    );
    assert_eq!(job["expires_at"], json!(now() + TimeDelta::hours(24)));
    assert_eq!(job["url_expires_at"], json!(now() + TimeDelta::hours(1)));
    let file = content(&app, caller, &path, &[]).await;
    assert_eq!((file.status, file.header("content-type")), (200, "application/x-ndjson"), "{}", file.text);
    assert_eq!((file.header("accept-ranges"), file.header("content-encoding")), ("bytes", "identity"));
    let name = file.header("content-disposition");
    assert!(name.contains("filename*=UTF-8''institutions") && name.ends_with(".ndjson"), "{name}");
    assert_eq!(file.header("etag"), format!("\"{}\"", job["sha256"].as_str().unwrap()));
    assert_eq!((&job["sha256"], &job["size_bytes"]), (&json!(sha256(&file.text)), &json!(file.text.len())));
    let lines = |text: &str| {
        let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(lines(&file.text), lines(&app.get(caller, "/v1/exports/institutions").await.text));
    assert_eq!(open(&app, job["url"].as_str().unwrap()).await.text, file.text);
    let list =
        app.get(caller, "/v1/exports/jobs?status=complete&resource=institutions&with_total=true").await;
    assert_eq!((&list.body["total"], &list.body["data"][0]["id"]), (&json!(1), &job["id"]), "{}", list.text);
    assert!(list.body["data"][0].get("url").is_none());
}

#[actix_web::test]
async fn the_same_key_is_the_same_job_and_what_makes_no_sense_is_none() {
    let app = TestApp::start().await;
    let caller = programme(&app).await;
    let ask = async |key: &str| {
        let request = app.request(Method::POST, "/v1/exports").bearer_auth(caller.token(|_| ()));
        let request = request.insert_header(("idempotency-key", key)).content_type("application/json");
        app.send(request, json!({ "resource": "cohorts", "format": "csv" }).to_string()).await
    };
    let (first, again, other) = (ask("a").await, ask("a").await, ask("b").await);
    assert_eq!((first.status, again.status, other.status), (202, 202, 202));
    assert_eq!((first.id(), again.header("idempotent-replayed")), (again.id(), "true"));
    assert_ne!(first.id(), other.id());
    for (body, flaws) in [
        (json!({ "resource": "users" }), vec!["/resource unknown_code"]),
        (json!({ "resource": "cohorts", "bom": true }), vec!["/bom conflict"]),
        (
            json!({ "resource": "x-y", "format": "xlsx", "delimiter": "comma", "bom": false }),
            vec!["/delimiter conflict", "/bom conflict", "/resource unknown_code"],
        ),
    ] {
        let refused = app.post(caller, "/v1/exports", body.clone()).await;
        assert_eq!(
            (refused.status, refused.flaws()),
            (422, flaws.into_iter().map(Into::into).collect()),
            "{body}"
        );
    }
    let refused =
        app.post(Caller::new(Role::Admin), "/v1/exports", json!({ "resource": "businesses" })).await;
    assert_eq!(refused.status, 403, "{}", refused.text);
}

#[actix_web::test]
async fn what_broke_off_goes_on_where_it_did_and_is_the_same_file() {
    let app = TestApp::start().await;
    many(&app, 40_000).await;
    let caller = programme(&app).await;
    let path = asked(&app, caller, json!({ "resource": "institutions" })).await;
    let job = ended(&app, caller, &path).await;
    let size = usize::try_from(job["size_bytes"].as_u64().unwrap()).unwrap();
    assert!(size > 9 << 20, "one part is too little to tell: {size}");
    let whole = content(&app, caller, &path, &[]).await;
    let (etag, mut got) = (whole.header("etag").to_owned(), String::new());
    // Over the ends of the parts in which it lies, and to the end.
    let cuts = [0, 1, 1000, (8 << 20) - 1, 8 << 20, (8 << 20) + 1, size];
    for window in cuts.windows(2) {
        let range = format!("bytes={}-{}", window[0], window[1] - 1);
        let part = content(&app, caller, &path, &[("range", &range), ("if-range", &etag)]).await;
        assert_eq!(part.status, 206, "{range}");
        assert_eq!(part.header("content-range"), format!("bytes {}-{}/{size}", window[0], window[1] - 1));
        got.push_str(&part.text);
    }
    assert!(got == whole.text && sha256(&got) == job["sha256"].as_str().unwrap());
    let across = content(&app, caller, &path, &[("range", &format!("bytes={}-", (8 << 20) - 10))]).await;
    assert!(across.text == whole.text[(8 << 20) - 10..]);
    let behind = content(&app, caller, &path, &[("range", &format!("bytes={size}-"))]).await;
    assert_eq!((behind.status, behind.header("content-range")), (416, format!("bytes */{size}").as_str()));
    assert_eq!(behind.header("content-type"), "application/problem+json");
    let another = [("range", "bytes=5-"), ("if-range", "\"another\"")];
    assert_eq!(content(&app, caller, &path, &another).await.status, 200, "of another file nothing goes on");
    let known = content(&app, caller, &path, &[("if-none-match", &etag)]).await;
    assert_eq!((known.status, known.text.as_str()), (304, ""));
}

#[actix_web::test]
async fn a_replica_that_is_killed_while_it_writes_is_followed_by_one_that_begins_anew() {
    let app = TestApp::start().await;
    many(&app, 40_000).await;
    let caller = programme(&app).await;
    let path = asked(&app, caller, json!({ "resource": "institutions" })).await;
    let writes = |reply: &Reply| reply.body["status"] == "running" && !reply.body["total"].is_null();
    app.eventually(caller, &path, writes).await;
    app.writer.abort();
    rt::time::sleep(Duration::from_millis(100)).await;
    let left = app.get(caller, &path).await.body;
    assert_eq!(
        (&left["status"], &left["total"], &left["url"]),
        (&json!("running"), &json!(40_000), &Value::Null)
    );
    let early = content(&app, caller, &path, &[]).await;
    assert_eq!((early.status, &early.body["code"]), (409, &json!("not_complete")), "nothing is half-served");
    let follower = rt::spawn(api::write_exports(app.settings.worker().unwrap()));
    rt::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(app.get(caller, &path).await.body["version"], left["version"], "it might live");
    app.set_clock(now() + TimeDelta::seconds(31));
    let job = ended(&app, caller, &path).await;
    assert_eq!((&job["status"], &job["done"]), (&json!("complete"), &json!(40_000)), "{job}");
    let file = content(&app, caller, &path, &[]).await;
    assert_eq!((file.text.lines().count(), &json!(sha256(&file.text))), (40_000, &job["sha256"]));
    let files: Vec<_> = std::fs::read_dir(app.database.files()).unwrap().collect();
    let exports = files[0].as_ref().unwrap().path().join("exports");
    assert_eq!(
        std::fs::read_dir(exports).unwrap().filter(has_files).count(),
        1,
        "of the killed one nothing is left"
    );
    follower.abort();
}

fn has_files(folder: &std::io::Result<std::fs::DirEntry>) -> bool {
    std::fs::read_dir(folder.as_ref().unwrap().path()).unwrap().count() > 0
}

#[actix_web::test]
async fn a_file_is_destroyed_after_a_day_and_a_link_ends_after_an_hour() {
    let app = TestApp::start().await;
    let caller = programme(&app).await;
    app.create(caller, "/v1/institutions", an_institution("ut", "university")).await;
    let path = asked(&app, caller, json!({ "resource": "institutions" })).await;
    let url = ended(&app, caller, &path).await["url"].as_str().unwrap().to_owned();
    assert_eq!(open(&app, &url).await.status, 200);
    let forged = url.replace(&url[url.len() - 4..], "AAAA");
    for wrong in [forged.as_str(), "/exports/abc", &format!("{url}A")] {
        assert_eq!(open(&app, wrong).await.status, 404, "{wrong}");
    }
    app.set_clock(now() + TimeDelta::minutes(61));
    let over = open(&app, &url).await;
    assert_eq!((over.status, &over.body["restart"]), (410, &json!("/v1/exports/jobs")), "{}", over.text);
    let another = app.get(caller, &path).await.body["url"].as_str().unwrap().to_owned();
    assert_eq!(open(&app, &another).await.status, 200, "its owner gets another");
    app.set_clock(now() + TimeDelta::hours(23));
    let last = app.get(caller, &path).await.body;
    app.set_clock(now() + TimeDelta::hours(23) + TimeDelta::minutes(61));
    assert_eq!(open(&app, last["url"].as_str().unwrap()).await.status, 410);
    let gone = content(&app, caller, &path, &[]).await;
    assert_eq!((gone.status, &gone.body["restart"]), (410, &json!("/v1/exports")), "{}", gone.text);
    let job = app.eventually(caller, &path, |reply| reply.body["status"] == "expired").await.body;
    assert_eq!((&job["url"], &job["done"]), (&Value::Null, &json!(1)), "{job}");
    let left = std::fs::read_dir(app.database.files()).unwrap().map(|it| it.unwrap().path().join("exports"));
    let left = left.flat_map(|folder| std::fs::read_dir(folder).unwrap()).filter(has_files).count();
    assert_eq!(left, 0);
}

#[actix_web::test]
async fn what_cannot_be_written_is_tried_five_times_and_no_caller_fills_the_queue() {
    let app = TestApp::start().await;
    let caller = programme(&app).await;
    app.writer.abort();
    let mut paths = Vec::new();
    for _ in 0..5 {
        paths.push(asked(&app, caller, json!({ "resource": "institutions" })).await);
    }
    let refused = app.post(caller, "/v1/exports", json!({ "resource": "institutions" })).await;
    assert_eq!(
        (refused.status, &refused.body["code"]),
        (409, &json!("too_many_exports")),
        "{}",
        refused.text
    );
    assert_eq!(refused.body["blocked_by"].as_array().unwrap().len(), 5);
    let mut owner = app.database.as_owner().await;
    owner.batch_execute("revoke select on institutions from seribu_app").await.unwrap();
    let writer = rt::spawn(api::write_exports(app.settings.worker().unwrap()));
    for minutes in 1..30 {
        app.set_clock(now() + TimeDelta::minutes(minutes));
        rt::time::sleep(Duration::from_millis(300)).await;
        let list = app.get(caller, "/v1/exports/jobs?status=failed").await;
        let failed = list.body["data"].as_array().unwrap().clone();
        assert!(failed.iter().all(|job| job["failure"] == "not_written"), "{}", list.text);
        if failed.len() == 5 {
            writer.abort();
            return;
        }
    }
    panic!("they are tried on and on");
}
