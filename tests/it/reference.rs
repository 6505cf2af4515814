//! Reference data through HTTP.

use actix_web::http::Method;
use chrono::TimeDelta;
use serde_json::{Value, json};
use seribu::reference::{
    lists,
    store::{self, NotReplaced},
};

use crate::{
    postgres,
    support::{Reply, TestApp, now, until},
};

/// Without a token.
async fn get(app: &TestApp, path: &str) -> Reply {
    app.send(app.request(Method::GET, path), "").await
}

fn codes(reply: &Reply) -> Vec<&str> {
    reply.body["data"].as_array().unwrap().iter().map(|row| row["code"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn anyone_reads_every_list_in_both_languages() {
    let app = TestApp::start().await;
    let index = get(&app, "/v1/reference").await;
    assert_eq!(index.status, 200, "{}", index.text);
    let listed = index.body["data"].as_array().unwrap();
    assert_eq!(listed.len(), lists::ALL.len());
    for entry in listed {
        let (id, en) = (entry["label"]["id"].as_str().unwrap(), entry["label"]["en"].as_str().unwrap());
        assert!(!id.is_empty() && !en.is_empty() && id != en, "{entry}");
        assert_eq!((&entry["version"], &entry["loaded_at"]), (&json!(1), &json!(now())));
        let list = get(&app, &format!("/v1/reference/{}", entry["name"].as_str().unwrap())).await;
        assert_eq!((list.status, &list.body["next_cursor"]), (200, &Value::Null), "{entry}");
        let rows = list.body["data"].as_array().unwrap();
        assert!(!rows.is_empty() && json!(rows.len()).as_u64() <= entry["rows"].as_u64(), "{entry}");
        assert!(rows.iter().all(|row| row["source"].is_string() && row.get("valid_to").is_some()));
    }
    let villages = get(&app, "/v1/reference/villages").await;
    assert_eq!(villages.body["data"].as_array().unwrap().len(), 54);
}

#[actix_web::test]
async fn a_list_shows_the_rows_of_one_day_and_today_is_the_citys() {
    let app = TestApp::start().await;
    let of = async |query: &str| get(&app, &format!("/v1/reference/financing-schemes{query}")).await;
    assert!(codes(&of("?valid_on=2021-12-31").await).contains(&"bpum"));
    assert!(!codes(&of("?valid_on=2022-01-01").await).contains(&"bpum"));
    // 23:30 in UTC is already the next day in Jakarta.
    app.set_clock("2021-12-31T16:59:00Z".parse().unwrap());
    assert!(codes(&of("").await).contains(&"bpum"));
    app.set_clock("2021-12-31T17:00:00Z".parse().unwrap());
    assert!(!codes(&of("").await).contains(&"bpum"));
}

#[actix_web::test]
async fn what_is_no_list_or_no_parameter_is_refused() {
    let app = TestApp::start().await;
    assert_eq!(get(&app, "/v1/reference/planets").await.status, 404);
    for (query, flaws) in [
        ("valid_on=", vec!["valid_on empty"]),
        ("valid_on=2026-02-30", vec!["valid_on bad_format"]),
        ("valid_on=2026-1-1", vec!["valid_on bad_format"]),
        ("limit=1&x", vec!["limit unknown", "x unknown"]),
        ("valid_on=2026-01-01&valid_on=2026-01-02", vec!["valid_on repeated"]),
    ] {
        let reply = get(&app, &format!("/v1/reference/roles?{query}")).await;
        assert_eq!((reply.status, reply.flaws()), (422, flaws.into_iter().map(str::to_owned).collect()));
    }
    for path in ["/v1/reference?valid_on=2026-01-01", "/v1/reference/lifecycles?q=a"] {
        assert_eq!(get(&app, path).await.status, 422, "{path}");
    }
}

#[actix_web::test]
async fn who_has_the_list_already_is_not_sent_it_again() {
    let app = TestApp::start().await;
    for path in ["/v1/reference", "/v1/reference/villages", "/v1/reference/lifecycles"] {
        let first = get(&app, path).await;
        assert_eq!(first.header("cache-control"), "public, max-age=3600");
        let again = app.request(Method::GET, path).insert_header(("if-none-match", first.header("etag")));
        let again = app.send(again, "").await;
        assert_eq!((again.status, again.text.as_str()), (304, ""), "{path}");
        let other = app.request(Method::GET, path).insert_header(("if-none-match", "\"other\""));
        assert_eq!(app.send(other, "").await.status, 200, "{path}");
    }
    let first = get(&app, "/v1/reference/villages").await;
    app.set_clock(now() + TimeDelta::days(1));
    assert_ne!(get(&app, "/v1/reference/villages").await.header("etag"), first.header("etag"));
}

#[actix_web::test]
async fn a_replaced_list_reaches_a_running_service_and_a_broken_file_does_not() {
    let app = TestApp::start().await;
    let mut connection = app.database.as_app().await;
    let before = get(&app, "/v1/reference/roles").await;
    let shipped = lists::ROLES.shipped;
    let broken = shipped.replace("Pendamping", "").replace("policy,", "po licy,");
    let refused = store::replace(&mut connection, &lists::ROLES, broken.as_bytes(), "test", now()).await;
    let Err(NotReplaced::Faults(faults)) = refused else { panic!("it was taken") };
    assert_eq!(faults.len(), 2);
    let changed = shipped.replace("Pendamping", "Pembimbing");
    for version in 2..4 {
        let replaced = store::replace(&mut connection, &lists::ROLES, changed.as_bytes(), "test", now());
        assert_eq!(replaced.await.unwrap(), version);
    }
    let after = until(async || match get(&app, "/v1/reference/roles").await {
        after if after.text.contains("Pembimbing") => Ok(after),
        _ => Err("the service still has the old list".to_owned()),
    });
    let after = after.await;
    assert_ne!(after.header("etag"), before.header("etag"));
    assert_eq!(codes(&after), codes(&before));
}

#[actix_web::test]
async fn filling_the_database_again_leaves_the_lists_of_the_installation_alone() {
    let database = postgres::fresh_database().await;
    let mut connection = database.as_app().await;
    let changed = lists::ROLES.shipped.replace("Pendamping", "Pembimbing");
    store::replace(&mut connection, &lists::ROLES, changed.as_bytes(), "test", now()).await.unwrap();
    store::load_shipped(&mut connection, now()).await.unwrap();
    let reference = store::load(&mut connection).await.unwrap();
    let mentor = reference.row(&lists::ROLES, "mentor", now().date_naive()).unwrap();
    assert_eq!(mentor.data["name"]["id"], "Pembimbing");
    assert_eq!((reference.load_of(&lists::ROLES).version, reference.version()), (2, lists_and(1)));
    assert_eq!(store::version(&connection).await.unwrap(), lists_and(1));
}

#[actix_web::test]
async fn what_refers_to_a_row_that_goes_away_stops_the_file() {
    let database = postgres::fresh_database().await;
    let mut connection = database.as_app().await;
    let without = lists::SUBSECTORS.shipped.lines().filter(|line| !line.starts_with("kriya,"));
    let without = without.collect::<Vec<_>>().join("\n");
    let refused = store::replace(&mut connection, &lists::SUBSECTORS, without.as_bytes(), "test", now());
    assert!(matches!(refused.await, Err(NotReplaced::Faults(_))));
    assert_eq!(store::version(&connection).await.unwrap(), lists_and(0));
}

/// The version after each list was loaded once, and some of them again.
fn lists_and(more: i64) -> i64 {
    i64::try_from(lists::ALL.len()).unwrap() + more
}
