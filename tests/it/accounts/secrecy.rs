//! What must not be found in the database by who may read all of it.

use diesel::{QueryableByName, sql_query, sql_types::Text};
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use seribu::secrets::random::normalise_code;

use super::{admin, clients::given_a_client, given_a_user, given_an_institution, log_in, refresh, send};
use crate::support::TestApp;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Every row of every table, as text.
async fn everything(app: &TestApp) -> Vec<(String, String)> {
    let mut connection = app.database.as_owner().await;
    let tables = sql_query("select tablename::text as line from pg_tables where schemaname = 'public'");
    let tables: Vec<Line> = tables.load(&mut connection).await.unwrap();
    let mut rows = Vec::new();
    for Line { line: table } in tables {
        let query = sql_query(format!("select t::text as line from {table} t"));
        let lines: Vec<Line> = query.load(&mut connection).await.unwrap();
        rows.extend(lines.into_iter().map(|line| (table.clone(), line.line)));
    }
    rows
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

#[actix_web::test]
async fn no_password_code_secret_token_or_contact_stands_in_any_table() {
    let app = TestApp::start().await;
    let institution = given_an_institution(&app, "ut").await;
    let (id, password) =
        given_a_user(&app, "rahasia.ratna@contoh.id", json!([{ "role": "policy", "subject_id": null }]))
            .await;
    app.patch(admin(), &format!("/v1/users/{id}"), json!({ "phone": "081298765432" })).await;
    let tokens = log_in(&app, "rahasia.ratna@contoh.id", &password).await;
    let next = refresh(&app, tokens.refresh_token()).await;
    let (client, secret) = given_a_client(&app, "siakad", &institution).await;
    let rotated = app.post(admin(), &format!("/v1/clients/{client}/secrets"), Value::Null).await;
    let request = app.request(actix_web::http::Method::POST, "/v1/invitations");
    let request = request.bearer_auth(admin().token(|_| ())).insert_header(("idempotency-key", "k-1"));
    let invitation =
        app.send(request.content_type("application/json"), json!({ "role": "policy" }).to_string()).await;
    let code = invitation.body["code"].as_str().unwrap();
    let accepted = json!({ "code": code, "email": "rahasia.ani@contoh.id", "password": "kata sandi ani", "name": "Ani" });
    assert_eq!(send(&app, "/v1/auth/accept-invitation", accepted).await.status, 200);
    let secrets = [
        "rahasia.ratna",
        "rahasia.ani",
        "81298765432",
        "kata sandi ani",
        &password,
        &secret,
        rotated.body["client_secret"].as_str().unwrap(),
        code,
        &normalise_code(code).unwrap().replace('-', ""),
        tokens.refresh_token(),
        next.refresh_token(),
        tokens.access_token(),
    ];
    let rows = everything(&app).await;
    assert!(
        rows.iter().any(|(table, _)| table == "users") && rows.iter().any(|(table, _)| table == "events")
    );
    for (table, line) in &rows {
        for secret in secrets {
            assert!(!line.contains(secret) && !line.contains(&hex(secret)), "{secret} is in {table}: {line}");
        }
        // Names stand in their own table, never in the log.
        assert!(table == "users" || !line.contains("Ratna Wulandari"), "a name is in {table}: {line}");
    }
}
