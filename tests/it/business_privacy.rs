//! What of a business is kept from whom, and how.

use diesel::{QueryableByName, sql_query, sql_types::Text};
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use seribu::access::Role;

use crate::{
    businesses::{a_business, a_business_of, given, given_a_business},
    support::{Caller, TestApp},
};

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

async fn lines(app: &TestApp, sql: &str) -> Vec<String> {
    let lines: Vec<Line> = sql_query(sql).load(&mut app.database.as_owner().await).await.unwrap();
    lines.into_iter().map(|line| line.line).collect()
}

/// The tables that have the text in clear.
async fn tables_with(app: &TestApp, text: &str) -> Vec<String> {
    let tables = "select tablename::text as line from pg_tables where schemaname = 'public'";
    let mut found = Vec::new();
    for table in lines(app, tables).await {
        let sql = format!("select t::text as line from {table} t where t::text like '%{text}%'");
        if !lines(app, &sql).await.is_empty() {
            found.push(table);
        }
    }
    found
}

#[actix_web::test]
async fn a_taxpayer_s_number_is_shown_masked_and_stays_when_a_patch_does_not_name_it() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let mut body = a_business("Dapur Bu Siti");
    body["npwp"] = json!("01.312.166.0-091.000");
    let id = app.create(programme, "/v1/businesses", body).await;
    let path = format!("/v1/businesses/{id}");
    assert_eq!(app.get(programme, &path).await.body["npwp"], "0013**********00");
    let renamed = app.patch(programme, &path, json!({ "name": "Dapur Siti" })).await;
    assert_eq!(
        (renamed.status, &renamed.body["npwp"]),
        (200, &json!("0013**********00")),
        "{}",
        renamed.text
    );
    let masked = app.patch(programme, &path, json!({ "npwp": "0013**********00" })).await;
    assert_eq!(masked.flaws(), ["/npwp bad_format"], "{}", masked.text);
    let other = app.patch(programme, &path, json!({ "npwp": "01.312.166.0-411.001" })).await;
    assert_eq!(other.body["npwp"], "0013**********01", "{}", other.text);
    let gone = app.patch(programme, &path, json!({ "npwp": null })).await;
    assert_eq!((gone.status, &gone.body["npwp"]), (200, &Value::Null), "{}", gone.text);
}

#[actix_web::test]
async fn what_is_personal_stands_nowhere_in_clear_but_the_address_in_its_own_table() {
    let app = TestApp::start().await;
    let mut body = a_business_of("Dapur Bu Siti", "Siti Aminah");
    body["npwp"] = json!("01.312.166.0-091.000");
    body["address"]["latitude"] = json!(-6.3124);
    body["address"]["longitude"] = json!(106.7198);
    let given = given(&app, body).await;
    let changed = json!({ "address": { "line": "Jl. Rahasia No. 1" }, "npwp": "0013121660411001" });
    assert_eq!(app.patch(Caller::new(Role::Programme), &given.path, changed).await.status, 200);
    for secret in ["0013121660091000", "0013121660411001", "01.312.166"] {
        assert_eq!(tables_with(&app, secret).await, [""; 0], "{secret}");
    }
    for (secret, table) in
        [("Jl. Rahasia", "businesses"), ("106.7198", "businesses"), ("Siti Aminah", "persons")]
    {
        assert_eq!(tables_with(&app, secret).await, [table], "{secret}");
    }
    assert_eq!(tables_with(&app, "Ki Hajar").await, [""; 0]);
    // Who may, reads it in the history.
    let history = app.get(Caller::new(Role::Programme), &format!("{}/history", given.path)).await;
    let latest = &history.body["data"][0]["data"];
    assert_eq!(latest["before"]["address"]["line"], "Jl. Ki Hajar Dewantara No. 7", "{}", history.text);
    assert_eq!(latest["after"]["address"]["line"], "Jl. Rahasia No. 1");
}

#[actix_web::test]
async fn planners_see_neither_where_a_business_is_exactly_nor_whose_it_is() {
    let app = TestApp::start().await;
    let given = given_a_business(&app).await;
    let policy = Caller::new(Role::Policy);
    let seen = app.get(policy, &given.path).await;
    let hidden = ["npwp", "address.line", "address.latitude", "address.longitude"];
    assert_eq!(seen.body["hidden"], json!(hidden), "{}", seen.text);
    assert_eq!(seen.body["address"]["line"], Value::Null);
    assert_eq!(seen.body["address"]["village_code"], "36.74.04.1002");
    assert_eq!(app.get(policy, &format!("{}/people", given.path)).await.status, 403);
    let history = app.get(policy, &format!("{}/history", given.path)).await;
    assert!(!history.text.contains("Ki Hajar") && !history.text.contains(&given.owner), "{}", history.text);
}
