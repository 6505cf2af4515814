//! Rows are found by an index, whatever is asked: a city grows, and a statement that goes through a whole table is
//! noticed only then. Statements are planned before their values are known, so that an index over the rows with
//! some status is of use only to a statement that says the word itself.

use std::time::Duration;

use actix_web::{http::Method, rt::time};
use diesel::{QueryableByName, sql_query, sql_types::Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use serde_json::json;
use seribu::access::Role;

use crate::{
    document::operations,
    mentors::a_mentor,
    pilot::a_pilot,
    support::{Caller, TestApp, merged, until},
    sync::{self, NDJSON},
};

/// They have a row, or ten, and are read as a whole.
const SMALL: [&str; 3] = ["log_readers", "reference_lists", "sequencer"];

#[derive(QueryableByName)]
struct Table {
    #[diesel(sql_type = Text)]
    name: String,
}

async fn names(database: &mut AsyncPgConnection, query: &str) -> Vec<String> {
    let rows: Vec<Table> = sql_query(query).load(database).await.unwrap();
    rows.into_iter().map(|row| row.name).collect()
}

/// All lists, and what is asked with an id of each kind that has duplicates.
async fn is_looked_at(app: &TestApp) {
    for role in [Role::Programme, Role::Admin, Role::Policy, Role::Mentor, Role::Institution] {
        for list in operations().iter().filter(|one| one.method == Method::GET && !one.is_about_one()) {
            let reply = app.get(Caller::new(role), &list.path).await;
            assert!(reply.status < 500, "{} as {role}: {}", list.path, reply.text);
        }
    }
    let programme = Caller::new(Role::Programme);
    for kind in ["businesses", "persons", "mentors"] {
        let list = app.get(programme, &format!("/v1/{kind}?limit=1")).await;
        let id = list.body["data"][0]["id"].as_str().unwrap();
        for path in [format!("/v1/{kind}/{id}/duplicates"), format!("/v1/{kind}/{id}/history")] {
            assert_eq!(app.get(programme, &path).await.status, 200, "{path}");
        }
    }
    let universities = app.get(programme, "/v1/institutions?kind=university&limit=1").await;
    let its = Caller::of(Role::Institution, universities.body["data"][0]["id"].as_str().unwrap());
    let row = merged(a_mentor("Dosen Baru", "baru@kampus.example"), json!({ "external_id": "P-1" }));
    for (mode, result) in [("upsert", "created"), ("snapshot&allow_removals=100", "unchanged")] {
        let list = format!("{row}\n");
        let reply = sync::sync(app, its, &format!("mentors?mode={mode}"), &[NDJSON], list).await;
        assert!(reply.text.contains(&format!("\"result\":\"{result}\"")), "{}", reply.text);
    }
}

#[actix_web::test]
async fn nothing_that_the_programme_asks_goes_through_a_whole_table() {
    let (app, _) = a_pilot().await;
    is_looked_at(&app).await;
    // The readers of the log, and the jobs, which all have their turn within a day.
    app.set_clock(crate::support::now() + chrono::Days::new(1));
    time::sleep(Duration::from_secs(2)).await;

    // What a session has counted is known once it has ended; the service opens others.
    let mut database = app.database.as_superuser().await;
    let others = "select pid::text as name from pg_stat_activity \
                  where datname = current_database() and pid <> pg_backend_pid()";
    let ended = names(&mut database, others).await;
    for pid in &ended {
        database.batch_execute(&format!("select pg_terminate_backend({pid})")).await.unwrap();
    }
    until(async || match names(&mut database, others).await.iter().any(|pid| ended.contains(pid)) {
        false => Ok(()),
        true => Err("sessions that were ended go on".to_owned()),
    })
    .await;
    let counted = "select relname::text as name from pg_stat_user_tables where seq_scan > 0 order by 1";
    let large = names(&mut database, counted).await;
    let large: Vec<_> = large.into_iter().filter(|name| !SMALL.contains(&name.as_str())).collect();
    assert_eq!(
        large,
        Vec::<String>::new(),
        "each needs an index, or a statement that can use the one it has"
    );
}
