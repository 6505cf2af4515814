//! The pilot: every state that there is, for whoever looks around.

use std::{collections::BTreeSet, fs, path::Path};

use diesel::{QueryableByName, sql_query, sql_types::Text};
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use seribu::{access::Role, api, pilot};

use tokio::sync::OnceCell;

use crate::{
    postgres::{self, Database},
    support::{Caller, TestApp, now, settings},
};

#[derive(QueryableByName)]
struct Status {
    #[diesel(sql_type = Text)]
    status: String,
}

/// It is told once; each test has a copy of what came of it.
pub async fn a_pilot() -> (TestApp, &'static pilot::Credentials) {
    static TOLD: OnceCell<(Database, pilot::Credentials)> = OnceCell::const_new();
    let (told, known) = TOLD.get_or_init(tell).await;
    let database = postgres::copy_of(&told.name).await;
    copy_folder(&told.files(), &database.files());
    (TestApp::on(database).await, known)
}

async fn tell() -> (Database, pilot::Credentials) {
    let database = postgres::fresh_database().await;
    let settings = settings(&database).await;
    let known = pilot::load(&settings, now()).await.unwrap();
    (database, known)
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let copy = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy_folder(&entry.path(), &copy),
            false => drop(fs::copy(entry.path(), copy).unwrap()),
        }
    }
}

/// Of each lifecycle as it is published.
fn states(lifecycle: &Value) -> BTreeSet<String> {
    let moves = lifecycle["moves"].as_array().unwrap();
    let named = moves.iter().flat_map(|step| step["from"].as_array().unwrap().iter().chain([&step["to"]]));
    named.map(|state| state.as_str().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn the_pilot_has_records_in_every_state_and_a_log_in_for_each_role() {
    let (app, known) = a_pilot().await;
    let mut database = app.database.as_superuser().await;
    for lifecycle in api::lifecycles() {
        let lifecycle = serde_json::to_value(lifecycle).unwrap();
        let resource = lifecycle["resource"].as_str().unwrap();
        let table = if resource == "business" { "businesses".into() } else { format!("{resource}s") };
        let found = sql_query(format!("select distinct status from {table}"));
        let found: Vec<Status> = found.load(&mut database).await.unwrap();
        let found: BTreeSet<_> = found.into_iter().map(|row| row.status).collect();
        let missing: Vec<_> = states(&lifecycle).difference(&found).cloned().collect();
        assert_eq!(missing, Vec::<String>::new(), "{resource}");
    }

    let count = |role: Role| known.logins.iter().filter(|login| login.role == role).count();
    for role in Role::ALL.iter().filter(|role| **role != Role::System) {
        assert!(count(*role) >= 1, "{role}");
    }
    assert!(count(Role::Facilitation) == 2 && count(Role::Mentor) >= 2 && count(Role::Business) >= 2);
    for role in [Role::Institution, Role::Lender, Role::System] {
        assert!(known.clients.iter().any(|client| client.role == role), "{role}");
    }
    for login in known.logins.iter().take(3) {
        let body = json!({ "email": login.email, "password": login.password });
        let answer = app.send(
            app.request("POST".parse().unwrap(), "/v1/auth/login").content_type("application/json"),
            body.to_string(),
        );
        assert_eq!(answer.await.status, 200, "{}", login.email);
    }
}

#[actix_web::test]
async fn the_first_cohort_has_fourteen_of_which_two_are_cooperatives() {
    let (app, _) = a_pilot().await;
    let programme = Caller::new(Role::Programme);
    let cohorts = app.get(programme, "/v1/cohorts?code=angkatan-1").await;
    let cohort = cohorts.body["data"][0]["id"].as_str().unwrap();
    let list = app.get(programme, &format!("/v1/cohorts/{cohort}/participants?limit=200")).await;
    let participants = list.body["data"].as_array().unwrap();
    assert_eq!(participants.len(), 14, "{}", list.text);
    let mut kinds = Vec::new();
    for participant in participants {
        let path = format!("/v1/businesses/{}", participant["business_id"].as_str().unwrap());
        kinds.push(app.get(programme, &path).await.body["kind"].clone());
    }
    assert_eq!(kinds.iter().filter(|kind| **kind == "cooperative").count(), 2);
}
