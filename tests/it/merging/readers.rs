//! A merge while a reader of the log is about to write for the duplicate.

use chrono::Days;
use diesel::{QueryableByName, sql_query, sql_types::Text};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use futures_util::future::join;
use serde_json::json;

use super::{programme, tries, twice};
use crate::{
    persons::lines,
    snapshots::a_snapshot,
    support::{TestApp, merged, now, until},
};

#[derive(QueryableByName, Debug)]
struct Waiting {
    #[diesel(sql_type = Text)]
    query: String,
}

/// Until such a statement waits for a row that another holds.
async fn wait(app: &TestApp, statement: &str) {
    let mut superuser = app.database.as_superuser().await;
    let waiting =
        "select query from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    until(async || {
        let seen: Vec<Waiting> = sql_query(waiting).load(&mut superuser).await.unwrap();
        let is_seen = seen.iter().any(|it| it.query.contains(statement));
        is_seen.then_some(()).ok_or_else(|| format!("{statement} should wait: {seen:?}"))
    })
    .await;
}

#[actix_web::test]
async fn a_reader_that_comes_to_a_duplicate_while_it_is_merged_writes_for_the_other() {
    let app = TestApp::start().await;
    let (given, again) = twice(&app).await;
    let snapshots = format!("/v1/businesses/{again}/snapshots");
    let figures = |on: &str, revenue: i64| merged(a_snapshot(on), json!({ "annual_revenue_idr": revenue }));
    app.create(programme(), &snapshots, figures("2026-01-01", 60_000_000)).await;
    app.readers_done().await;
    // What comes on the first day describes the business, and proposes nothing.
    app.set_clock(now() + Days::new(2));

    // The reader of outcomes is held back, until the merge has the duplicate and waits for one of its rows.
    let (mut reader, mut row) = (app.database.as_owner().await, app.database.as_owner().await);
    reader.batch_execute("begin; select from log_readers where name = 'outcomes' for update").await.unwrap();
    row.batch_execute(&format!("begin; select from snapshots where business_id = '{again}' for update"))
        .await
        .unwrap();
    app.create(programme(), &snapshots, figures("2026-06-01", 90_000_000)).await;
    wait(&app, "log_readers").await;
    let drive = async {
        wait(&app, "update snapshots").await;
        reader.batch_execute("commit").await.unwrap();
        wait(&app, "FROM \"businesses\"").await;
        row.batch_execute("commit").await.unwrap();
    };
    let (merge, ()) = join(tries(&app, "business", &again, &given.business), drive).await;
    assert_eq!(merge.status, 201, "{}", merge.text);
    app.readers_done().await;
    let whose = "select business_id || ' ' || kind as line from outcomes";
    assert_eq!(lines(&app, whose).await, [format!("{} revenue_change", given.business)]);
}
