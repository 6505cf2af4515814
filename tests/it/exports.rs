//! Exports and digests through HTTP: all that a caller may read, at one moment, and the proof of a copy.

mod jobs;
mod rights;
mod tables;

use std::collections::BTreeMap;

use actix_web::http::Method;
use aws_lc_rs::digest::{SHA256, digest};
use diesel_async::SimpleAsyncConnection;
use serde_json::{Value, json};
use seribu::access::Role;

use crate::{
    businesses::{a_business, given_a_business},
    institutions::an_institution,
    mentorships::Scene,
    support::{Caller, Reply, TestApp},
};

async fn export(app: &TestApp, caller: Caller, path: &str) -> Reply {
    let reply = app.get(caller, &format!("/v1/exports/{path}")).await;
    assert_eq!(reply.status, 200, "{path}: {}", reply.text);
    reply
}

/// Institutions beside those that there are: more than fits into what is under way between two programs.
async fn many(app: &TestApp, count: u32) {
    let insert = format!(
        "insert into institutions (id, code, name, kind, created_at, updated_at)
         select gen_random_uuid(), 'many-' || n, 'Lembaga ' || n, 'other', now(), now() from generate_series(1, {count}) n"
    );
    app.database.as_app().await.batch_execute(&insert).await.unwrap();
}

async fn bytes(app: &TestApp, caller: Caller, path: &str) -> Vec<u8> {
    let request = app.request(Method::GET, path).bearer_auth(caller.token(|_| ()));
    let mut response = request.send().await.unwrap();
    assert_eq!(response.status(), 200, "{path}");
    response.body().limit(64 << 20).await.unwrap().to_vec()
}

fn records(export: &Reply) -> Vec<Value> {
    export.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// As `/v1/…` lists them, by id.
async fn listed(app: &TestApp, caller: Caller, path: &str) -> BTreeMap<String, Value> {
    let list = app.get(caller, &format!("/v1/{path}?limit=200")).await;
    assert_eq!((list.status, &list.body["next_cursor"]), (200, &Value::Null), "{}", list.text);
    let data = list.body["data"].as_array().unwrap();
    let plain = |record: &Value| {
        let mut record = record.clone();
        // What the list can include is another record.
        record.as_object_mut().unwrap().remove("standing");
        (record["id"].as_str().unwrap().to_owned(), record)
    };
    data.iter().map(plain).collect()
}

#[actix_web::test]
async fn an_export_holds_what_the_caller_would_list_and_in_the_same_form() {
    let scene = Scene::start().await;
    let id = scene.active().await;
    scene.held(&id).await;
    let (_, stranger) = scene.a_business("Warung Bu Tini").await;
    let roles =
        [scene.programme, scene.mentor, scene.owner, scene.university, stranger, Caller::new(Role::Policy)];
    let paths = [
        "institutions",
        "mentors",
        "persons",
        "businesses",
        "cohorts",
        "mentorships",
        "assessments",
        "hand-overs",
        "outcomes",
        "cooperatives",
    ];
    let mut full = 0;
    for caller in roles {
        for path in paths {
            let exported = scene.app.get(caller, &format!("/v1/exports/{path}")).await;
            let list = scene.app.get(caller, &format!("/v1/{path}?limit=1")).await;
            assert_eq!(exported.status, list.status, "{:?} {path}: {}", caller.role, exported.text);
            if exported.status == 200 {
                let found = records(&exported).into_iter();
                let found: BTreeMap<_, _> =
                    found.map(|it| (it["id"].as_str().unwrap().to_owned(), it)).collect();
                assert_eq!(found, listed(&scene.app, caller, path).await, "{:?} {path}", caller.role);
                full += usize::from(!found.is_empty());
            }
        }
    }
    assert!(full > 20, "{full}");
    assert_eq!(scene.app.get(scene.programme, "/v1/exports/users").await.status, 404);
    let sessions = export(&scene.app, scene.university, "sessions").await;
    assert_eq!(records(&sessions).len(), 1);
    assert!(!sessions.text.contains("Buku kas"), "what is hidden stays hidden: {}", sessions.text);
}

#[actix_web::test]
async fn a_table_opens_in_excel_and_runs_nothing() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    app.create(programme, "/v1/businesses", a_business("=cmd|' /C calc'!A0")).await;
    app.create(programme, "/v1/businesses", a_business("Dapur; Siti")).await;
    let table = export(&app, programme, "businesses?format=csv&delimiter=semicolon&bom=true").await;
    assert_eq!(table.header("content-type"), "text/csv; charset=utf-8");
    assert!(table.header("content-disposition").contains("businesses-2026-11-24.csv"));
    let text = table.text.strip_prefix('\u{feff}').unwrap();
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
    let names = reader.headers().unwrap().clone();
    assert_eq!(&names[0], "id");
    let column = names.iter().position(|name| name == "name").unwrap();
    let mut found: Vec<_> = reader.records().map(|row| row.unwrap()[column].to_owned()).collect();
    found.sort();
    assert_eq!(found, ["'=cmd|' /C calc'!A0", "Dapur; Siti"]);
    for (query, flaw) in [
        ("?delimiter=semicolon", "delimiter conflict"),
        ("?bom=true&format=ndjson", "bom conflict"),
        ("?format=xlsx&bom=true", "bom conflict"),
        ("?format=xml", "format invalid"),
    ] {
        let refused = app.get(programme, &format!("/v1/exports/businesses{query}")).await;
        assert_eq!((refused.status, refused.flaws()), (422, vec![flaw.to_owned()]), "{query}");
    }
}

#[actix_web::test]
async fn a_copy_is_proven_by_a_digest_that_anyone_can_compute() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    for n in 0..40 {
        app.create(programme, "/v1/institutions", an_institution(&format!("i-{n}"), "university")).await;
    }
    let given = given_a_business(&app).await;
    app.patch(programme, &given.path, json!({ "name": "Dapur Siti" })).await;
    for (resource, path) in
        [("institution", "institutions"), ("business", "businesses"), ("person", "persons")]
    {
        let mut copy = records(&export(&app, programme, path).await);
        copy.sort_by_key(|record| record["id"].as_str().unwrap().to_owned());
        let mut lines: BTreeMap<u8, Vec<String>> = BTreeMap::new();
        for record in &copy {
            let id = record["id"].as_str().unwrap();
            let bucket = digest(&SHA256, id.as_bytes()).as_ref()[0];
            lines.entry(bucket).or_default().push(format!("{id}:{}\n", record["version"]));
        }
        let hex = |text: String| {
            digest(&SHA256, text.as_bytes())
                .as_ref()
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect::<String>()
        };
        let buckets: Vec<_> = lines
            .into_iter()
            .map(|(at, lines)| json!({ "bucket": format!("{at:02x}"), "count": lines.len(), "sha256": hex(lines.concat()) }))
            .collect();
        let shown = app.get(programme, &format!("/v1/changes/digest?resource={resource}")).await;
        assert_eq!(
            shown.body,
            json!({ "resource": resource, "count": copy.len(), "buckets": buckets }),
            "{}",
            shown.text
        );
    }
    // A caller's own, and of what it may read.
    let owner = app.get(given.as_owner(), "/v1/changes/digest?resource=business").await;
    assert_eq!(owner.body["count"], 1);
    assert_eq!(
        app.get(Caller::new(Role::Mentor), "/v1/changes/digest?resource=business").await.body["count"],
        0
    );
    for (query, flaw) in [("", "resource required"), ("?resource=house", "resource unknown_code")] {
        let refused = app.get(programme, &format!("/v1/changes/digest{query}")).await;
        assert_eq!((refused.status, refused.flaws()), (422, vec![flaw.to_owned()]), "{query}");
    }
    assert_eq!(app.get(Caller::new(Role::Admin), "/v1/changes/digest?resource=business").await.status, 403);
}

#[actix_web::test]
async fn who_takes_a_place_then_exports_then_follows_has_all_that_there_is() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    app.create(programme, "/v1/institutions", an_institution("a1", "university")).await;
    app.readers_done().await;
    let start = app.get(programme, "/v1/changes/start?types=institution").await.body["cursor"]
        .as_str()
        .unwrap()
        .to_owned();
    let late = app.create(programme, "/v1/institutions", an_institution("b1", "university")).await;
    let mut copy: BTreeMap<String, i64> = BTreeMap::new();
    for record in records(&export(&app, programme, "institutions").await) {
        copy.insert(record["id"].as_str().unwrap().into(), record["version"].as_i64().unwrap());
    }
    app.patch(programme, &format!("/v1/institutions/{late}"), json!({ "city": "Depok" })).await;
    app.readers_done().await;
    let page = app.get(programme, &format!("/v1/changes?types=institution&after={start}")).await;
    for change in page.body["data"].as_array().unwrap() {
        copy.insert(
            change["subject_id"].as_str().unwrap().into(),
            change["subject_version"].as_i64().unwrap(),
        );
    }
    let now: BTreeMap<_, _> = records(&export(&app, programme, "institutions").await)
        .iter()
        .map(|it| (it["id"].as_str().unwrap().to_owned(), it["version"].as_i64().unwrap()))
        .collect();
    assert_eq!((copy.len(), copy), (2, now));
}

#[actix_web::test]
async fn a_fifth_that_reads_for_long_is_told_to_come_again() {
    let app = TestApp::start().await;
    many(&app, 40_000).await;
    let programme = Caller::new(Role::Programme);
    let export =
        || app.request(Method::GET, "/v1/exports/institutions").bearer_auth(programme.token(|_| ())).send();
    // Who does not take what it asked for keeps its place.
    let mut under_way = Vec::new();
    for _ in 0..4 {
        under_way.push(export().await.unwrap());
    }
    let fifth = app.get(programme, "/v1/exports/institutions").await;
    assert_eq!((fifth.status, fifth.header("retry-after")), (503, "1"), "{}", fifth.text);
    assert_eq!(app.get(programme, "/v1/institutions").await.status, 200, "short reads do not wait");
    drop(under_way);
    app.eventually(programme, "/v1/exports/institutions", |again| again.status == 200).await;
}
