//! The people of a business through HTTP.

use diesel::{
    QueryableByName, sql_query,
    sql_types::{Array, Text},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde_json::{Value, json};
use seribu::access::Role;
use tokio::join;

use crate::{
    businesses::{a_business, a_business_of, given, given_a_business, history},
    support::{Caller, TestApp},
};

async fn a_person(app: &TestApp, name: &str) -> String {
    app.create(Caller::new(Role::Programme), "/v1/persons", json!({ "full_name": name })).await
}

fn a_role(person: &str, role: &str) -> Value {
    json!({ "person_id": person, "role": role, "from": "2026-11-24" })
}

#[derive(QueryableByName)]
struct Parties {
    #[diesel(sql_type = Array<Text>)]
    parties: Vec<String>,
}

/// Whom the only event of that kind names.
async fn parties(mut log: AsyncPgConnection, column: &str, what: &str) -> Vec<String> {
    let sql = format!("select {column} as parties from events where kind = 'business.{what}'");
    let events: Vec<Parties> = sql_query(sql).load(&mut log).await.unwrap();
    assert_eq!(events.len(), 1);
    events.into_iter().flat_map(|event| event.parties).collect()
}

async fn status_for(app: &TestApp, person: &str, path: &str) -> u16 {
    app.get(Caller::of(Role::Business, person), path).await.status
}

#[actix_web::test]
async fn a_new_owner_ends_the_former_whose_role_stays_as_history() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let given = given_a_business(&app).await;
    let people = format!("{}/people", given.path);
    let heir = a_person(&app, "Budi").await;
    let bought = app.post(programme, &people, a_role(&heir, "owner")).await;
    assert_eq!((bought.status, &bought.body["to"]), (201, &Value::Null), "{}", bought.text);
    let former = app.get(programme, &format!("{people}/{}", given.owner_role)).await;
    assert_eq!((&former.body["to"], &former.body["version"]), (&json!("2026-11-24"), &json!(2)));
    let owners = app.get(programme, &format!("{people}?role=owner")).await;
    assert_eq!(owners.body["data"].as_array().unwrap().len(), 2, "{}", owners.text);
    let current = app.get(programme, &format!("{people}?role=owner&current=true")).await;
    assert_eq!(current.body["data"][0]["person_id"], json!(heir));
    // The business passes out of the one's view and into the other's, and says so.
    assert_eq!(status_for(&app, &given.owner, &given.path).await, 404);
    assert_eq!(status_for(&app, &heir, &given.path).await, 200);
    let events = history(&app, programme, &given.path).await;
    let sale: Vec<_> = events.iter().skip(2).map(String::as_str).collect();
    let expected = ["business_role.created", "business_role.updated", "business.unshared", "business.shared"];
    assert_eq!(sale, expected, "{events:?}");
    let feed = app.database.as_owner().await;
    assert_eq!(parties(feed, "lost", "unshared").await, [format!("person:{}", given.owner)]);
    let feed = app.database.as_owner().await;
    assert_eq!(parties(feed, "audience", "shared").await, [format!("person:{heir}")]);
}

#[actix_web::test]
async fn a_business_is_never_left_without_the_one_who_acts_for_it() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let given = given_a_business(&app).await;
    let role = format!("{}/people/{}", given.path, given.owner_role);
    let ended = app.patch(programme, &role, json!({ "to": "2026-11-24" })).await;
    assert_eq!(ended.flaws(), ["/to conflict"], "{}", ended.text);
    assert_eq!(status_for(&app, &given.owner, &given.path).await, 200);
}

#[actix_web::test]
async fn of_several_new_owners_at_once_one_is_left_in_the_end() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let given = given_a_business(&app).await;
    let people = format!("{}/people", given.path);
    let heirs = [a_person(&app, "Ani").await, a_person(&app, "Budi").await, a_person(&app, "Cici").await];
    let post = |person: &str| app.post(programme, &people, a_role(person, "owner"));
    let (a, b, c) = join!(post(&heirs[0]), post(&heirs[1]), post(&heirs[2]));
    assert_eq!([a.status, b.status, c.status], [201, 201, 201], "{} {} {}", a.text, b.text, c.text);
    let current = app.get(programme, &format!("{people}?role=owner&current=true&with_total=true")).await;
    assert_eq!(current.body["total"], 1, "{}", current.text);
    let mut seeing = 0;
    for heir in &heirs {
        seeing += u32::from(status_for(&app, heir, &given.path).await == 200);
    }
    assert_eq!(seeing, 1);
}

#[actix_web::test]
async fn a_co_owner_sees_the_business_until_the_role_ends_and_a_manager_never_does() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let given = given_a_business(&app).await;
    let people = format!("{}/people", given.path);
    let (partner, manager) = (a_person(&app, "Budi").await, a_person(&app, "Cici").await);
    let role = app.create(programme, &people, a_role(&partner, "co_owner")).await;
    app.create(programme, &people, a_role(&manager, "manager")).await;
    assert_eq!(status_for(&app, &partner, &given.path).await, 200);
    assert_eq!(status_for(&app, &manager, &given.path).await, 404);
    let again = app.post(programme, &people, a_role(&partner, "co_owner")).await;
    assert_eq!(again.body["duplicate_of"], json!(format!("{people}/{role}")), "{}", again.text);
    let role = format!("{people}/{role}");
    let ended = app.patch(programme, &role, json!({ "to": "2026-11-24" })).await;
    assert_eq!((ended.status, &ended.body["to"]), (200, &json!("2026-11-24")), "{}", ended.text);
    assert_eq!(status_for(&app, &partner, &given.path).await, 404);
    // What has ended stays so; only the day can have been wrong.
    let revived = app.patch(programme, &role, json!({ "to": null })).await;
    assert_eq!(revived.flaws(), ["/to required"], "{}", revived.text);
    let before = app.patch(programme, &role, json!({ "to": "2026-11-23" })).await;
    assert_eq!(before.flaws(), ["/to too_early"], "{}", before.text);
}

#[actix_web::test]
async fn an_owner_of_two_roles_in_a_business_sees_it_until_the_last_ends() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let given = given_a_business(&app).await;
    let people = format!("{}/people", given.path);
    let second = app.create(programme, &people, a_role(&given.owner, "co_owner")).await;
    let heir = a_person(&app, "Budi").await;
    app.create(programme, &people, a_role(&heir, "owner")).await;
    assert_eq!(status_for(&app, &given.owner, &given.path).await, 200);
    assert!(!history(&app, programme, &given.path).await.contains(&"business.unshared".to_owned()));
    app.patch(programme, &format!("{people}/{second}"), json!({ "to": "2026-11-24" })).await;
    assert_eq!(status_for(&app, &given.owner, &given.path).await, 404);
}

#[actix_web::test]
async fn the_contact_on_the_board_acts_for_a_cooperative_and_is_one_only() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let mut body = a_business("Koperasi Serpong");
    body["kind"] = json!("cooperative");
    let path = format!("/v1/businesses/{}", app.create(programme, "/v1/businesses", body).await);
    let people = format!("{path}/people");
    let (first, second) = (a_person(&app, "Ani").await, a_person(&app, "Budi").await);
    let owner = app.post(programme, &people, a_role(&first, "owner")).await;
    assert_eq!(owner.flaws(), ["/role not_allowed"], "{}", owner.text);
    let contact = |person: &str| {
        let mut role = a_role(person, "board");
        role["contact"] = json!(true);
        role
    };
    let role = app.create(programme, &people, contact(&first)).await;
    assert_eq!(status_for(&app, &first, &path).await, 200);
    let role = format!("{people}/{role}");
    let silent = app.patch(programme, &role, json!({ "contact": false })).await;
    assert_eq!(silent.flaws(), ["/contact conflict"], "{}", silent.text);
    // A new contact takes the place of the former, who stays on the board.
    app.create(programme, &people, contact(&second)).await;
    let former = app.get(programme, &role).await;
    assert_eq!((&former.body["contact"], &former.body["to"]), (&json!(false), &Value::Null));
    assert_eq!(status_for(&app, &first, &path).await, 404);
    assert_eq!(status_for(&app, &second, &path).await, 200);
    // And may come back.
    let back = app.patch(programme, &role, json!({ "contact": true })).await;
    assert_eq!(back.status, 200, "{}", back.text);
    assert_eq!(status_for(&app, &first, &path).await, 200);
    assert_eq!(status_for(&app, &second, &path).await, 404);
}

#[actix_web::test]
async fn a_role_begins_neither_tomorrow_nor_before_that_which_it_ends() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let given = given_a_business(&app).await;
    let people = format!("{}/people", given.path);
    let heir = a_person(&app, "Budi").await;
    let from = |day: &str| json!({ "person_id": heir, "role": "owner", "from": day });
    let refused = app.post(programme, &people, from("2026-11-25")).await;
    assert_eq!(refused.flaws(), ["/from in_the_future"], "{}", refused.text);
    let refused = app.post(programme, &people, from("2026-11-23")).await;
    assert_eq!(refused.flaws(), ["/from too_early"], "{}", refused.text);
    // An owner of long ago is history from the first day on.
    let mut past = from("2020-01-01");
    past["to"] = json!("2021-01-01");
    assert_eq!(app.post(programme, &people, past).await.status, 201);
    assert_eq!(status_for(&app, &heir, &given.path).await, 404);
    let nobody =
        app.post(programme, &people, a_role("01948f5e-7a00-7000-8000-000000000001", "manager")).await;
    assert_eq!(nobody.flaws(), ["/person_id no_such_record"], "{}", nobody.text);
}

#[actix_web::test]
async fn a_buyer_must_not_have_a_business_of_that_name_nor_the_nib_another_owner() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let mut body = a_business_of("Dapur Bu Siti", "Siti Aminah");
    body["nib"] = json!("9120001234567");
    let sold = given(&app, body).await;
    let mut outlet = a_business("Dapur Bu Siti 2");
    (outlet["nib"], outlet["owner"]) = (json!("9120001234567"), json!({ "person_id": sold.owner }));
    app.create(programme, "/v1/businesses", outlet).await;
    let namesake = given(&app, a_business_of("dapur bu siti", "Budi")).await;
    let people = format!("{}/people", sold.path);
    let refused = app.post(programme, &people, a_role(&namesake.owner, "owner")).await;
    assert_eq!(refused.body["code"], "owner_and_name", "{}", refused.text);
    let buyer = a_person(&app, "Cici").await;
    let refused = app.post(programme, &people, a_role(&buyer, "owner")).await;
    assert_eq!((refused.status, &refused.body["code"]), (409, &json!("nib")), "{}", refused.text);
    // The sale took nothing from its owner.
    assert_eq!(status_for(&app, &sold.owner, &sold.path).await, 200);
    app.patch(programme, &sold.path, json!({ "nib": null })).await;
    assert_eq!(app.post(programme, &people, a_role(&buyer, "owner")).await.status, 201);
}

#[actix_web::test]
async fn a_business_without_an_owner_gets_one_later() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let path =
        format!("/v1/businesses/{}", app.create(programme, "/v1/businesses", a_business("Warung")).await);
    let owner = a_person(&app, "Ani").await;
    app.create(programme, &format!("{path}/people"), a_role(&owner, "owner")).await;
    assert_eq!(status_for(&app, &owner, &path).await, 200);
    let of_person = history(&app, programme, &format!("/v1/persons/{owner}")).await;
    assert_eq!(of_person, ["person.created", "business_role.created"]);
}
