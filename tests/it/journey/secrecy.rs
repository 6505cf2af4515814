//! After the whole journey nothing personal stands anywhere in clear.

use actix_web::http::Method;
use diesel::{
    QueryableByName, sql_query,
    sql_types::{BigInt, Text},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde_json::Value;
use seribu::access::Role;

use super::{Journey, MENTORS_EMAIL, MENTORS_PHONE, NIK, NPWP, OWNER, OWNERS_EMAIL, PHONE, Who};
use crate::document::operations;

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// The rows of a table that have the text in them, wherever: also within `bytea`, as it is or in hexadecimal digits.
async fn rows_with(database: &mut AsyncPgConnection, table: &str, text: &str) -> i64 {
    let digits: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    let sql = format!(
        "select count(*) from \"{table}\" t where strpos(t::text, $1) > 0 or strpos(t::text, $2) > 0"
    );
    let query = sql_query(sql).bind::<Text, _>(text).bind::<Text, _>(digits);
    query.get_result::<Count>(database).await.unwrap().count
}

async fn tables(database: &mut AsyncPgConnection) -> Vec<String> {
    let sql = "select tablename::text as name from pg_tables where schemaname = 'public'";
    let tables: Vec<Named> = sql_query(sql).load(database).await.unwrap();
    assert!(tables.len() > 20, "too few tables to tell");
    tables.into_iter().map(|table| table.name).collect()
}

#[actix_web::test]
async fn no_number_or_address_of_a_person_is_in_clear_in_any_table_and_no_name_in_the_log() {
    let journey = Journey::made().await;
    let mut database = journey.app.database.as_superuser().await;
    assert_eq!(rows_with(&mut database, "persons", OWNER).await, 1, "the search finds what is there");
    for table in tables(&mut database).await {
        for text in
            [NIK, NPWP, PHONE, &PHONE[3..], OWNERS_EMAIL, MENTORS_EMAIL, MENTORS_PHONE, &MENTORS_PHONE[3..]]
        {
            assert_eq!(rows_with(&mut database, &table, text).await, 0, "{text} in {table}");
        }
        if ["events", "idempotency_keys"].contains(&table.as_str()) {
            assert_eq!(rows_with(&mut database, &table, OWNER).await, 0, "{OWNER} in {table}");
        }
    }
}

/// The addresses of all lists, and of the journey's own records, that can be read.
fn addresses(journey: &Journey) -> Vec<String> {
    let person = format!("/v1/persons/{}", journey.owner.subject());
    let mentor = format!("/v1/mentors/{}", journey.mentor.subject());
    let own =
        [&journey.business, &journey.mentorship, &journey.participant, &journey.cohort, &person, &mentor];
    let below = ["", "/history?limit=200", "/people", "/transitions", "/sessions", "/plan", "/consents"];
    let own = own.into_iter().flat_map(|path| below.iter().map(move |below| format!("{path}{below}")));
    let lists = operations().into_iter().filter(|it| it.method == Method::GET && !it.path.contains('{'));
    lists.map(|it| it.path).chain(own).collect()
}

#[actix_web::test]
async fn no_answer_shows_them_to_a_role_that_may_not_see_them() {
    let journey = Journey::made().await;
    let secret = [NIK, NPWP, PHONE, OWNERS_EMAIL, MENTORS_EMAIL, MENTORS_PHONE];
    let mut answers = 0;
    // The divisions have the business handed over; of the others, each is somebody else of that role.
    let strangers = [
        Role::Admin,
        Role::Policy,
        Role::Mentor,
        Role::Institution,
        Role::Cooperative,
        Role::Business,
        Role::Lender,
    ];
    for role in &strangers {
        let stranger = Who::new(*role);
        for path in addresses(&journey) {
            let reply = journey.ask(&stranger, Method::GET, &path, &Value::Null).await;
            answers += i32::from(reply.status == 200);
            // An address to sign in with is the administrator's business, also when it changes.
            let of_users = ["/v1/users", "/v1/changes"].iter().any(|start| path.starts_with(start));
            let may_see = *role == Role::Admin && of_users;
            for text in secret.iter().filter(|_| !may_see) {
                assert!(!reply.text.contains(text), "{path} shows {text} to {role}");
            }
        }
    }
    assert!(answers > 60, "too few answers to tell: {answers}");
    // NIK and NPWP are masked to everyone, also to whom the rest is shown.
    for who in [&journey.programme, &journey.owner, &journey.mentor, &journey.desk] {
        for path in addresses(&journey) {
            let reply = journey.ask(who, Method::GET, &path, &Value::Null).await;
            assert!(!reply.text.contains(NIK) && !reply.text.contains(NPWP), "{path} to {}", who.role);
        }
    }
    let person = format!("/v1/persons/{}", journey.owner.subject());
    let own = journey.get(&journey.owner, &person).await;
    assert_eq!((&own["phone"], &own["email"]), (&PHONE.into(), &OWNERS_EMAIL.into()), "{own}");
}
