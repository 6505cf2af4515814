//! Each step of the tables can be taken back, and taken again.

use diesel::{QueryableByName, sql_query, sql_types::Text};
use diesel_async::{AsyncMigrationHarness, RunQueryDsl};
use diesel_migrations::MigrationHarness;
use seribu::api::MIGRATIONS;

use crate::postgres::{Database, fresh_database};

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Tables, columns, constraints, indexes, and what the service may do with them.
async fn schema(database: &Database) -> Vec<String> {
    let sql = "select 'column ' || table_name || '.' || column_name || ' ' || udt_name || ' ' || is_nullable || ' ' \
                 || coalesce(column_default, '') as line from information_schema.columns \
               where table_schema = 'public' and table_name not like '\\_\\_diesel%' \
             union all select 'constraint ' || conrelid::regclass::text || ' ' || pg_get_constraintdef(oid) \
               from pg_constraint where connamespace = 'public'::regnamespace \
                 and conrelid::regclass::text not like '%\\_\\_diesel%' \
             union all select 'index ' || indexdef from pg_indexes \
               where schemaname = 'public' and tablename not like '\\_\\_diesel%' \
             union all select 'grant ' || table_name || ' ' || grantee || ' ' || privilege_type \
               from information_schema.role_table_grants \
               where table_schema = 'public' and table_name not like '\\_\\_diesel%' order by 1";
    let lines: Vec<Line> = sql_query(sql).load(&mut database.as_owner().await).await.unwrap();
    lines.into_iter().map(|row| row.line).collect()
}

#[actix_web::test]
async fn every_step_goes_back_to_nothing_and_forward_to_the_same_tables() {
    let database = fresh_database().await;
    let before = schema(&database).await;
    assert!(before.len() > 500, "too little to tell: {}", before.len());
    let mut harness = AsyncMigrationHarness::new(database.as_owner().await);
    let steps = tokio::task::spawn_blocking(move || {
        harness.revert_all_migrations(MIGRATIONS).map(|steps| steps.len()).map_err(|error| error.to_string())
    });
    assert!(steps.await.unwrap().unwrap() > 20);
    assert_eq!(schema(&database).await, Vec::<String>::new());
    let mut harness = AsyncMigrationHarness::new(database.as_owner().await);
    let again = tokio::task::spawn_blocking(move || {
        harness.run_pending_migrations(MIGRATIONS).map(drop).map_err(|error| error.to_string())
    });
    again.await.unwrap().unwrap();
    assert_eq!(schema(&database).await, before);
}
