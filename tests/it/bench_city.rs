//! The benchmarks' city fits the tables: whoever changes a table learns here that it has to change, too.

use diesel::{QueryableByName, sql_query, sql_types::BigInt};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};

use crate::support::TestApp;

const BUSINESSES: u32 = 120;

/// As the benchmark seals them, but for the values.
const SEALED: &str = "\
    create table sealed (kind text, n bigint, wrapped bytea, first_sealed bytea, first_index bytea, first_masked text, \
        phone_sealed bytea, phone_index bytea); \
    insert into sealed select 'person', n, '\\x00', '\\x00', int8send(n), '9974************01', '\\x00', int8send(n) \
        from generate_series(1, 120) n; \
    insert into sealed select 'mentor', n, '\\x00', '\\x00', int8send(n), null, '\\x00', int8send(n) \
        from generate_series(1, 12) n";

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[actix_web::test]
async fn the_city_of_the_benchmarks_is_made_with_everything_behind_its_businesses() {
    let app = TestApp::start().await;
    let mut database = app.database.as_superuser().await;
    database.batch_execute(SEALED).await.unwrap();
    let city = include_str!("../../bench/city.sql").replace("{businesses}", &BUSINESSES.to_string());
    for statement in city.replace("{seed}", "1").split(";\n") {
        database.batch_execute(statement).await.unwrap_or_else(|error| panic!("{error}:\n{statement}"));
    }
    for table in [
        "businesses",
        "persons",
        "business_roles",
        "mentors",
        "mentorships",
        "participants",
        "objectives",
        "sessions",
        "agreed_actions",
        "snapshots",
        "business_standings",
        "assessments",
        "products",
        "certifications",
        "outcomes",
    ] {
        let count = sql_query(format!("select count(*) from {table}"));
        let count: Count = count.get_result(&mut database).await.unwrap();
        assert!(count.count >= 10, "{} {table}", count.count);
    }
}
