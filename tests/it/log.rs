//! The event log: numbered without gaps, in the order in which each record changed, read exactly once.

use std::{collections::HashMap, sync::Arc, time::Duration};

use actix_web::rt;
use diesel::{
    QueryableByName, sql_query,
    sql_types::{BigInt, Text, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use serde_json::json;
use seribu::{access::Role, log::sequencer::Sequencer};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::{
    institutions::an_institution,
    postgres::fresh_database,
    support::{Caller, TestApp, until},
};

#[derive(QueryableByName, Debug)]
struct Numbered {
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = SqlUuid)]
    subject_id: Uuid,
    #[diesel(sql_type = BigInt)]
    subject_version: i64,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

async fn count(database: &mut AsyncPgConnection, sql: &str) -> i64 {
    sql_query(format!("select count(*) from ({sql}) counted"))
        .get_result::<Count>(database)
        .await
        .unwrap()
        .count
}

async fn lines(database: &mut AsyncPgConnection, sql: &str) -> Vec<String> {
    let lines: Vec<Line> = sql_query(sql).load(database).await.unwrap();
    lines.into_iter().map(|line| line.line).collect()
}

/// An event that is not committed yet.
const BEGUN: &str = "begin; insert into events (id, kind, resource, subject_id, subject_version, actor_id, \
     actor_role, client_id, request_id, occurred_at, about, audience, lost, data) values \
     (gen_random_uuid(), 'institution.updated', 'institution', gen_random_uuid(), 1, \
     gen_random_uuid(), 'programme', 'test', 'late', now(), '{}', '{}', '{}', '{}')";

const UNNUMBERED: &str =
    "select from events e where not exists (select from feed f where f.position = e.position)";

async fn all_are_numbered(database: &mut AsyncPgConnection) {
    until(async || match count(database, UNNUMBERED).await {
        0 => Ok(()),
        missing => Err(format!("{missing} events have no number")),
    })
    .await;
}

#[actix_web::test]
async fn every_event_is_numbered_once_in_each_records_order_though_the_leader_is_killed_again_and_again() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let mut ids = Vec::new();
    for n in 0..6 {
        ids.push(app.create(programme, "/v1/institutions", an_institution(&format!("i-{n}"), "other")).await);
    }
    let stop = Arc::new(Notify::new());
    // A straggler takes a position and commits long after others did; every other one rolls back.
    let straggler = rt::spawn({
        let (database, stop) = (app.database.clone(), stop.clone());
        async move {
            let mut connection = database.as_app().await;
            for n in 0.. {
                connection.batch_execute(BEGUN).await.unwrap();
                rt::time::sleep(Duration::from_millis(60)).await;
                connection.batch_execute(if n % 2 == 0 { "commit" } else { "rollback" }).await.unwrap();
                if tokio::time::timeout(Duration::from_millis(1), stop.notified()).await.is_ok() {
                    return n + 1;
                }
            }
            0
        }
    });
    let app_ref = &app;
    let writers = ids.iter().map(|id| async move {
        for n in 0..40 {
            let path = format!("/v1/institutions/{id}");
            let reply = app_ref.patch(programme, &path, json!({ "city": format!("c{n}") })).await;
            assert!([200, 503].contains(&reply.status), "{}", reply.text);
        }
    });
    let killer = async {
        let mut superuser = app.database.as_superuser().await;
        for _ in 0..8 {
            // Whoever holds the leader's lock or numbers events just now; in this test's database alone.
            let kill = "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' \
                        and database = (select oid from pg_database where datname = current_database())";
            superuser.batch_execute(kill).await.unwrap();
            rt::time::sleep(Duration::from_millis(130)).await;
        }
    };
    futures_util::future::join(futures_util::future::join_all(writers), killer).await;
    stop.notify_one();
    assert!(straggler.await.unwrap() > 3);

    let mut database = app.database.as_owner().await;
    all_are_numbered(&mut database).await;
    let numbered = "select f.seq, e.subject_id, e.subject_version from feed f join events e using (position) order by seq";
    let numbered: Vec<Numbered> = sql_query(numbered).load(&mut database).await.unwrap();
    let mut versions = HashMap::new();
    for (at, event) in numbered.iter().enumerate() {
        assert_eq!(event.seq, i64::try_from(at).unwrap() + 1, "the numbers are dense");
        let before = versions.insert(event.subject_id, event.subject_version).unwrap_or(0);
        assert_eq!(event.subject_version, before + 1, "a record's events are in its order");
    }
    assert_eq!(numbered.len(), usize::try_from(count(&mut database, "select from events").await).unwrap());
    assert!(numbered.len() > 200, "{}", numbered.len());
    // What was low enough is not looked at again.
    until(async || match count(&mut database, "select from sequencer where low > 200").await {
        1 => Ok(()),
        _ => Err("low does not follow".to_owned()),
    })
    .await;
}

/// What runs may have begun after all that has ended: where the two were taken for one, its event was never numbered.
/// (Others in the cluster may end meanwhile, so it is tried a few times.)
#[actix_web::test]
async fn an_event_is_numbered_however_late_it_commits_and_whoever_has_ended_before_it_began() {
    let database = fresh_database().await;
    let (mut leader, mut other) = (database.as_app().await, database.as_app().await);
    let (mut straggler, mut owner) = (database.as_app().await, database.as_owner().await);
    let take_turn = format!("select pg_advisory_lock({})", Sequencer::LOCK);
    for _ in 0..20 {
        straggler.batch_execute(BEGUN).await.unwrap();
        // While it is another's turn it sees the position alone; then it judges it.
        let mut sequencer = Sequencer::default();
        other.batch_execute(&take_turn).await.unwrap();
        sequencer.run(&mut leader).await.unwrap();
        other.batch_execute("select pg_advisory_unlock_all()").await.unwrap();
        sequencer.run(&mut leader).await.unwrap();
        straggler.batch_execute("commit").await.unwrap();
        sequencer.run(&mut leader).await.unwrap();
        assert_eq!(count(&mut owner, UNNUMBERED).await, 0);
    }
}

/// Not even a lock on a row: PostgreSQL would write that to the disk, twenty times a second.
#[actix_web::test]
async fn where_nothing_happens_the_sequencer_writes_nothing() {
    let database = fresh_database().await;
    let (mut leader, mut owner) = (database.as_app().await, database.as_owner().await);
    let mut sequencer = Sequencer::default();
    let writers = "select concat(xmin, ' ', xmax, ' ', low) as line from sequencer";
    until(async || {
        sequencer.run(&mut leader).await.unwrap();
        match count(&mut owner, "select from sequencer, event_positions where low = last_value").await {
            1 => Ok(()),
            _ => Err("low does not follow".to_owned()),
        }
    })
    .await;
    let before = lines(&mut owner, writers).await;
    for _ in 0..3 {
        sequencer.run(&mut leader).await.unwrap();
    }
    assert_eq!(lines(&mut owner, writers).await, before);
}

#[actix_web::test]
async fn the_service_may_append_to_the_log_and_read_it_and_nothing_else() {
    let app = TestApp::start().await;
    app.create(Caller::new(Role::Programme), "/v1/institutions", an_institution("ut", "university")).await;
    let mut service = app.database.as_app().await;
    for forbidden in [
        "update events set kind = 'a.b'",
        "delete from events",
        "truncate events",
        "update event_about set position = 0",
        "delete from event_about",
        "update feed set seq = 0",
        "delete from feed",
        "delete from sequencer",
        "create table mine (id int)",
        "alter table institutions add column mine int",
        "drop table institutions",
    ] {
        let refused = service.batch_execute(forbidden).await.unwrap_err().to_string();
        assert!(
            refused.contains("permission denied") || refused.contains("must be owner"),
            "{forbidden}: {refused}"
        );
    }
    // Its owner could, but for the trigger.
    let refused = app.database.as_owner().await.batch_execute("update events set kind = 'a.b'").await;
    assert!(refused.unwrap_err().to_string().contains("append-only"));
}

#[actix_web::test]
async fn the_service_owns_nothing() {
    let app = TestApp::start().await;
    let mut owner = app.database.as_owner().await;
    let owned = "select from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname = 'seribu_app'";
    assert_eq!(count(&mut owner, owned).await, 0);
    // And of the log it has SELECT and INSERT alone.
    let grants = "select table_name || ' ' || string_agg(privilege_type, ' ' order by privilege_type) as line \
         from information_schema.role_table_grants where grantee = 'seribu_app' \
         and table_name in ('events', 'event_about', 'feed') group by table_name order by 1";
    let granted = lines(&mut owner, grants).await;
    assert_eq!(granted, ["event_about INSERT SELECT", "events INSERT SELECT", "feed INSERT SELECT"]);
}

#[actix_web::test]
async fn schema_rs_says_what_the_database_has() {
    let app = TestApp::start().await;
    let mut owner = app.database.as_owner().await;
    let columns = "select table_name || '.' || column_name || ' ' || \
         case when is_nullable = 'YES' then 'Nullable<' else '' end || \
         case udt_name when 'int8' then 'Int8' when 'int4' then 'Int4' when 'int2' then 'Int2' when 'text' then 'Text' \
           when 'uuid' then 'Uuid' when 'timestamptz' then 'Timestamptz' when 'jsonb' then 'Jsonb' \
           when 'bytea' then 'Bytea' when 'bool' then 'Bool' when 'date' then 'Date' when 'float8' then 'Float8' \
           when '_text' then 'Array<Text>' when '_uuid' then 'Array<Uuid>' when '_int4' then 'Array<Int4>' \
           when '_int8' then 'Array<Int8>' when '_jsonb' then 'Array<Jsonb>' else udt_name end || \
         case when is_nullable = 'YES' then '>' else '' end as line \
         from information_schema.columns where table_schema = 'public' \
         and table_name not like '\\_\\_diesel%' order by 1";
    let mut there = lines(&mut owner, columns).await;
    let mut said = Vec::new();
    let text = std::fs::read_to_string("src/db/schema.rs").unwrap();
    for table in text.split("diesel::table! {").skip(1) {
        let name = table.trim_start().split(' ').next().unwrap();
        let body = table.split_once(" {").unwrap().1.split('}').next().unwrap();
        for column in body.lines().filter(|line| line.contains("->")) {
            let (column, kind) = column.trim().trim_end_matches(',').split_once(" -> ").unwrap();
            said.push(format!("{name}.{column} {kind}"));
        }
    }
    there.sort();
    said.sort();
    assert_eq!(said, there);
}
