//! Whole files of partners through HTTP.

mod bad_files;
mod broken_off;
mod other_kinds;
mod whole_lists;

use actix_web::http::Method;
use serde_json::{Value, json};
use seribu::access::Role;

use crate::{
    mentors::{a_mentor, given_a_university},
    persons::lines,
    support::{Caller, Reply, TestApp, merged},
};

pub const NDJSON: (&str, &str) = ("content-type", "application/x-ndjson");
pub const CSV: (&str, &str) = ("content-type", "text/csv");

/// `to` is `mentors?dry_run=true`.
pub async fn sync(
    app: &TestApp,
    caller: Caller,
    to: &str,
    headers: &[(&str, &str)],
    file: impl Into<Vec<u8>>,
) -> Reply {
    let mut request = app.request(Method::POST, &format!("/v1/sync/{to}")).bearer_auth(caller.token(|_| ()));
    for header in headers {
        request = request.insert_header(*header);
    }
    let mut response = request.send_body(file.into()).await.unwrap();
    let text = response.body().limit(64 << 20).await.unwrap();
    let text = String::from_utf8(text.to_vec()).unwrap();
    Reply {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        body: serde_json::from_str(&text).unwrap_or(Value::Null),
        text,
    }
}

/// One line for each row, and the last.
fn answer(reply: &Reply) -> (Vec<Value>, Value) {
    assert_eq!(reply.status, 200, "{}", reply.text);
    let mut lines: Vec<Value> = reply.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let end = lines.pop().unwrap();
    (lines, end)
}

fn results(reply: &Reply) -> Vec<String> {
    answer(reply).0.iter().map(|line| line["result"].as_str().unwrap().to_owned()).collect()
}

/// `/email bad_format` of each flaw of a line.
fn flaws(line: &Value) -> Vec<String> {
    let errors = line["problem"]["errors"].as_array().into_iter().flatten();
    errors
        .map(|one| format!("{} {}", one["pointer"].as_str().unwrap(), one["code"].as_str().unwrap()))
        .collect()
}

fn a_lecturer(number: usize) -> Value {
    let fields = a_mentor(&format!("Dosen {number}"), &format!("dosen{number}@kampus.example"));
    merged(fields, json!({ "kind": "academic", "external_id": format!("P-{number}") }))
}

fn ndjson(rows: &[Value]) -> String {
    rows.iter().map(|row| format!("{row}\n")).collect()
}

async fn count(app: &TestApp, what: &str) -> String {
    lines(app, &format!("select count(*)::text as line from {what}")).await.concat()
}

#[actix_web::test]
async fn a_list_is_taken_whatever_form_it_has_and_the_same_again_writes_nothing() {
    let app = TestApp::start().await;
    let (university, client) = given_a_university(&app, "ut").await;
    let rows: Vec<_> = (1..=3).map(a_lecturer).collect();
    let made = sync(&app, client, "mentors", &[NDJSON], ndjson(&rows)).await;
    let (lines, end) = answer(&made);
    assert_eq!(results(&made), ["created"; 3], "{}", made.text);
    assert_eq!((&lines[1]["line"], &lines[1]["external_id"]), (&json!(2), &json!("P-2")));
    assert_eq!(end["summary"]["created"], 3);
    assert_eq!(end["complete"], true);
    let mentor = app.get(client, &format!("/v1/mentors/{}", lines[0]["id"].as_str().unwrap())).await;
    assert_eq!(
        json!([
            mentor.body["source"],
            mentor.body["institution_id"],
            mentor.body["status"],
            mentor.body["email"]
        ]),
        json!(["sync", university, "candidate", "dosen1@kampus.example"])
    );
    assert_eq!(mentor.body["external_ids"], json!([{ "source": "ut", "value": "P-1" }]));
    let events = count(&app, "events where resource = 'mentor'").await;
    let json = serde_json::to_string(&rows).unwrap();
    let csv = "external_id,full_name,kind,email,phone,expertise,subsectors,districts,capacity_offered\n".to_owned()
        + &(1..=3)
            .map(|n| {
                format!(
                    "P-{n},Dosen {n},academic,dosen{n}@kampus.example,0813-2222-3333,accounting|finance,kuliner,36.74.04,3\n"
                )
            })
            .collect::<String>();
    for (kind, file) in [(NDJSON, ndjson(&rows)), (("content-type", "application/json"), json), (CSV, csv)] {
        let again = sync(&app, client, "mentors", &[kind], file).await;
        assert_eq!(results(&again), ["unchanged"; 3], "{kind:?} {}", again.text);
    }
    assert_eq!(count(&app, "events where resource = 'mentor'").await, events, "nothing was written");
}

#[actix_web::test]
async fn a_row_says_what_changed_and_what_others_keep_stays_and_is_named() {
    let app = TestApp::start().await;
    let (_, client) = given_a_university(&app, "ut").await;
    let made = sync(&app, client, "mentors", &[NDJSON], ndjson(&[a_lecturer(1)])).await;
    let path = format!("/v1/mentors/{}", answer(&made).0[0]["id"].as_str().unwrap());
    app.patch(Caller::new(Role::Programme), &path, json!({ "capacity": 2 })).await;
    // Only what the row names changes.
    let row = json!({ "external_id": "P-1", "titles": "M.Ak.", "capacity": 9, "phone": null });
    let (lines, _) = answer(&sync(&app, client, "mentors", &[NDJSON], ndjson(&[row])).await);
    assert_eq!(
        json!([lines[0]["result"], lines[0]["changed"], lines[0]["kept"]]),
        json!(["updated", ["phone", "titles"], ["capacity"]])
    );
    let now = app.get(client, &path).await.body;
    assert_eq!(
        json!([now["titles"], now["capacity"], now["phone"], now["full_name"], now["version"]]),
        json!(["M.Ak.", 2, null, "Dosen 1", 3])
    );
    let history = app.get(client, &format!("{path}/history")).await;
    assert_eq!(history.body["data"][0]["type"], "mentor.updated");
    assert_eq!(history.body["data"][0]["data"]["after"]["titles"], "M.Ak.");
    assert_eq!(
        history.body["data"][0]["data"]["before"]["phone"], "+6281322223333",
        "opened as it was sealed"
    );
}

#[actix_web::test]
async fn rows_that_are_refused_are_told_each_with_its_flaws_and_the_rest_lands() {
    let app = TestApp::start().await;
    let (_, client) = given_a_university(&app, "ut").await;
    let (_, other) = given_a_university(&app, "iti").await;
    sync(&app, other, "mentors", &[NDJSON], ndjson(&[a_lecturer(77)])).await;
    let mut rows: Vec<_> = (1..=1200).map(a_lecturer).collect();
    rows[600]["email"] = json!("bukan surel");
    rows[601]["expertise"] = json!(["sihir"]);
    rows[602]["external_id"] = json!("P-2");
    rows[603]["external_id"] = Value::Null;
    rows[604]["email"] = rows[3]["email"].clone();
    rows[605]["email"] = json!("dosen77@kampus.example");
    rows[606]["external_ids"] = json!([{ "source": "iti", "value": "P-77" }]);
    rows[607] = json!([1]);
    rows[76]["email"] = json!("lain77@kampus.example");
    let reply = sync(&app, client, "mentors", &[NDJSON], ndjson(&rows)).await;
    let (lines, end) = answer(&reply);
    assert_eq!(lines.len(), 1200);
    assert_eq!(flaws(&lines[600]), ["/email bad_format"]);
    assert_eq!(flaws(&lines[601]), ["/expertise/0 not_allowed"]);
    assert_eq!(flaws(&lines[602]), ["/external_id repeated"]);
    assert_eq!(flaws(&lines[603]), ["/external_id required"]);
    assert_eq!(
        (&lines[604]["problem"]["status"], &lines[604]["problem"]["code"]),
        (&json!(409), &json!("email"))
    );
    assert_eq!(lines[605]["problem"]["duplicate_of"], Value::Null, "who it is is not the other's to know");
    assert_eq!(flaws(&lines[606]), ["/external_ids unknown"]);
    assert_eq!(flaws(&lines[607]), [" wrong_type"]);
    assert_eq!(
        json!([end["summary"]["rows"], end["summary"]["created"], end["summary"]["rejected"]]),
        json!([1200, 1192, 8])
    );
    // The run tells the same, and the rows come back to be mended.
    let run = app.get(client, reply.header("location")).await.body;
    assert_eq!(json!([run["status"], run["rejected"], run["done_line"]]), json!(["complete", 8, 1200]));
    let again = app.get(client, &format!("{}/results", reply.header("location"))).await;
    assert_eq!(again.text, reply.text);
    let table = app.get(client, &format!("{}/refused?delimiter=semicolon", reply.header("location"))).await;
    assert_eq!(table.text.lines().count(), 9, "{}", table.text);
    assert!(table.text.starts_with("external_id;capacity_offered;districts;email;"), "{}", table.text);
    assert!(table.text.contains(";601;/email: "), "{}", table.text);
    let mended = table.text.replace("bukan surel", "dosen601@kampus.example").replace("sihir", "legal");
    assert_eq!(results(&sync(&app, client, "mentors", &[CSV], mended).await)[..2], ["created", "created"]);
}

#[actix_web::test]
async fn all_or_nothing_is_one_transaction_and_a_dry_run_writes_nothing() {
    let app = TestApp::start().await;
    let (_, client) = given_a_university(&app, "ut").await;
    let mut rows: Vec<_> = (1..=700).map(a_lecturer).collect();
    rows[600]["email"] = json!("bukan surel");
    let tried = sync(&app, client, "mentors?dry_run=true", &[NDJSON], ndjson(&rows)).await;
    let (lines, end) = answer(&tried);
    assert_eq!((lines.len(), &end["summary"]["created"], &end["complete"]), (700, &json!(699), &json!(true)));
    assert_eq!(count(&app, "mentors").await, "0");
    let table = app.get(client, &format!("{}/refused", tried.header("location"))).await;
    assert!(table.text.contains("bukan surel"), "{}", table.text);
    let refused = sync(&app, client, "mentors?atomic=true", &[NDJSON], ndjson(&rows)).await;
    assert_eq!((refused.status, refused.flaws()), (422, vec!["/601/email bad_format".to_owned()]));
    let run = app.get(client, refused.header("location")).await.body;
    assert_eq!(
        json!([run["status"], run["problem"], run["created"], run["rejected"]]),
        json!(["stopped", "invalid", 0, 1])
    );
    assert_eq!(count(&app, "mentors").await, "0");
    assert_eq!(count(&app, "events where resource = 'mentor'").await, "0");
    rows[600]["email"] = json!("dosen601@kampus.example");
    let taken = sync(&app, client, "mentors?atomic=true", &[NDJSON], ndjson(&rows)).await;
    assert_eq!(results(&taken), vec!["created"; 700]);
    assert_eq!(count(&app, "mentors").await, "700");
}

#[actix_web::test]
async fn who_may_not_sync_is_refused_and_a_run_is_seen_by_its_own_party() {
    let app = TestApp::start().await;
    let (_, client) = given_a_university(&app, "ut").await;
    let (_, other) = given_a_university(&app, "iti").await;
    let made = sync(&app, client, "mentors", &[NDJSON], ndjson(&[a_lecturer(1)])).await;
    let run = made.header("location");
    assert_eq!(app.get(client, run).await.status, 200);
    assert_eq!(app.get(Caller::new(Role::Programme), run).await.status, 200);
    assert_eq!(app.get(other, run).await.status, 404);
    assert_eq!(app.get(other, &format!("{run}/refused")).await.status, 404);
    assert_eq!(app.get(other, "/v1/sync/runs").await.body["data"], json!([]));
    let listed = app.get(client, "/v1/sync/runs?resource=mentors&status=complete").await;
    assert_eq!(listed.body["data"][0]["client_id"], "test", "{}", listed.text);
    let history = app.get(client, &format!("{run}/history")).await;
    assert_eq!(history.body["data"][0]["type"], "sync_run.complete", "{}", history.text);
    let one = || ndjson(&[a_lecturer(2)]);
    let foreign = sync(&app, client, "mentors?source=iti", &[NDJSON], one()).await;
    assert_eq!((foreign.status, foreign.flaws()), (422, vec!["source not_allowed".to_owned()]));
    assert_eq!(sync(&app, client, "businesses", &[NDJSON], one()).await.status, 403);
    assert_eq!(sync(&app, Caller::new(Role::Mentor), "mentors", &[NDJSON], one()).await.status, 403);
    let unnamed = sync(&app, Caller::new(Role::Programme), "mentors", &[NDJSON], one()).await;
    assert_eq!((unnamed.status, unnamed.flaws()), (422, vec!["source required".to_owned()]));
}

#[actix_web::test]
async fn syncs_of_one_source_come_one_after_the_other() {
    let app = TestApp::start().await;
    let (_, client) = given_a_university(&app, "ut").await;
    let files: Vec<_> = (0..4).map(|_| ndjson(&(1..=600).map(a_lecturer).collect::<Vec<_>>())).collect();
    let all = files.into_iter().map(|file| sync(&app, client, "mentors", &[NDJSON], file));
    let all = futures_util::future::join_all(all).await;
    let done = all.iter().filter(|reply| reply.status == 200).count();
    assert!(done >= 1 && all.iter().all(|reply| [200, 409].contains(&reply.status)));
    assert_eq!(count(&app, "mentors").await, "600");
}
