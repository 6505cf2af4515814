//! A sync that breaks off, and goes on.

use std::io::{Read, Write};

use actix_web::rt::task::spawn_blocking;
use chrono::Duration;
use diesel_async::SimpleAsyncConnection;
use serde_json::json;

use super::{NDJSON, a_lecturer, answer, count, ndjson, sync};
use crate::{
    mentors::given_a_university,
    support::{TestApp, now},
};

const KEY: (&str, &str) = ("idempotency-key", "daftar-2026-11");

#[actix_web::test]
async fn the_same_file_under_the_same_key_is_answered_with_the_same_run() {
    let app = TestApp::start().await;
    let (_, client) = given_a_university(&app, "ut").await;
    let file = ndjson(&(1..=3).map(a_lecturer).collect::<Vec<_>>());
    let first = sync(&app, client, "mentors", &[NDJSON, KEY], file.clone()).await;
    let again = sync(&app, client, "mentors", &[NDJSON, KEY], file).await;
    assert_eq!((again.header("idempotent-replayed"), &again.text), ("true", &first.text));
    assert_eq!(again.header("location"), first.header("location"));
    let other = sync(&app, client, "mentors", &[NDJSON, KEY], ndjson(&[a_lecturer(9)])).await;
    assert_eq!((other.status, &other.body["type"]), (422, &json!("/problems/key-reused")), "{}", other.text);
    assert_eq!(count(&app, "sync_runs").await, "1");
}

#[actix_web::test]
async fn who_hangs_up_in_the_middle_goes_on_where_it_stopped() {
    let app = TestApp::start().await;
    let (_, client) = given_a_university(&app, "ut").await;
    let file = ndjson(&(1..=6000).map(a_lecturer).collect::<Vec<_>>());
    let head = format!(
        "POST /v1/sync/mentors HTTP/1.1\r\nHost: seribu\r\nContent-Type: application/x-ndjson\r\nContent-Length: {}\r\n\
         Idempotency-Key: {}\r\nAuthorization: Bearer {}\r\n\r\n",
        file.len(),
        KEY.1,
        client.token(|_| ())
    );
    let (address, sent) = (app.address.trim_start_matches("http://").to_owned(), file.clone());
    let begun = spawn_blocking(move || {
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(sent.as_bytes()).unwrap();
        let mut answer = vec![0; 4096];
        let length = stream.read(&mut answer).unwrap();
        String::from_utf8_lossy(&answer[..length]).into_owned()
    });
    let begun = begun.await.unwrap();
    let run = begun.lines().find_map(|line| line.strip_prefix("location: ")).unwrap().to_owned();
    let stopped = app.eventually(client, &run, |run| run.body["status"] != "running").await.body;
    assert_eq!(json!([stopped["status"], stopped["problem"]]), json!(["stopped", "disconnected"]));
    let done = stopped["done_line"].as_i64().unwrap();
    assert!((500..6000).contains(&done), "{done}");
    assert_eq!(count(&app, "mentors").await, done.to_string(), "what is done is what the run says");
    let rest = sync(&app, client, "mentors", &[NDJSON, KEY], file).await;
    let (lines, end) = answer(&rest);
    assert_eq!(rest.header("location"), run);
    assert_eq!(lines.len(), 6000, "with those that were done before");
    assert!(lines.iter().all(|line| line["result"] == "created"));
    assert_eq!(json!([end["summary"]["created"], end["complete"]]), json!([6000, true]));
    assert_eq!(count(&app, "events where kind = 'mentor.created'").await, "6000");
}

#[actix_web::test]
async fn a_run_whose_process_has_ended_does_not_run_for_ever() {
    let app = TestApp::start().await;
    let (_, client) = given_a_university(&app, "ut").await;
    let file = ndjson(&(1..=3).map(a_lecturer).collect::<Vec<_>>());
    let made = sync(&app, client, "mentors", &[NDJSON, KEY], file.clone()).await;
    let mut admin = app.database.as_owner().await;
    let killed = "update sync_runs set status = 'running', duration_ms = null, done_line = 2";
    admin.batch_execute(killed).await.unwrap();
    app.set_clock(now() + Duration::minutes(20));
    let run = app.eventually(client, made.header("location"), |run| run.body["status"] == "stopped").await;
    assert_eq!(run.body["problem"], "abandoned");
    let rest = sync(&app, client, "mentors", &[NDJSON, KEY], file).await;
    assert_eq!(answer(&rest).1["complete"], true, "{}", rest.text);
}
