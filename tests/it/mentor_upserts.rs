//! Mentors by the ids of partners' systems, through HTTP.

use actix_web::http::Method;
use futures_util::future::join_all;
use serde_json::{Value, json};
use seribu::access::Role;

use crate::{
    mentors::{a_mentor, given_a_university},
    persons::lines,
    support::{Caller, Reply, TestApp, merged},
};

async fn put(app: &TestApp, caller: Caller, id: &str, body: Value) -> Reply {
    app.ask(caller, Method::PUT, &format!("/v1/mentors/by-external-id/{id}"), body).await
}

fn a_lecturer(change: Value) -> Value {
    merged(merged(a_mentor("Rina Kusuma", "rina@kampus.example"), json!({ "kind": "academic" })), change)
}

async fn events(app: &TestApp) -> String {
    lines(app, "select count(*)::text as line from events where resource = 'mentor'").await.concat()
}

#[actix_web::test]
async fn who_is_new_is_registered_who_is_otherwise_is_changed_and_who_is_the_same_is_left_alone() {
    let app = TestApp::start().await;
    let (university, client) = given_a_university(&app, "ut").await;
    let made = put(&app, client, "ut/P-1", a_lecturer(json!({}))).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let path = format!("/v1/mentors/{}", made.id());
    assert_eq!(made.header("location"), path);
    assert_eq!((&made.body["source"], &made.body["institution_id"]), (&json!("sync"), &json!(university)));
    assert_eq!(made.body["external_ids"], json!([{ "source": "ut", "value": "P-1" }]));
    let again = put(&app, client, "ut/P-1", a_lecturer(json!({}))).await;
    assert_eq!((again.status, &again.body), (200, &made.body), "nothing was written");
    assert_eq!(events(&app).await, "1");
    let changed = put(&app, client, "ut/P-1", a_lecturer(json!({ "titles": "M.Ak.", "phone": null }))).await;
    assert_eq!((changed.status, &changed.body["version"]), (200, &json!(2)), "{}", changed.text);
    assert_eq!((&changed.body["titles"], &changed.body["phone"]), (&json!("M.Ak."), &Value::Null));
    assert_eq!(events(&app).await, "2");
}

#[actix_web::test]
async fn what_the_programme_keeps_stays_and_is_not_the_institutions_to_say() {
    let app = TestApp::start().await;
    let (_, client) = given_a_university(&app, "ut").await;
    let programme = Caller::new(Role::Programme);
    let made = put(&app, client, "ut/P-1", a_lecturer(json!({}))).await;
    let path = format!("/v1/mentors/{}", made.id());
    let kept = json!({ "capacity": 2, "expertise_confirmed": ["accounting"] });
    assert_eq!(app.patch(programme, &path, kept).await.status, 200);
    let synced = put(&app, client, "ut/P-1", a_lecturer(json!({ "titles": "M.Ak." }))).await;
    assert_eq!(synced.status, 200, "{}", synced.text);
    assert_eq!(
        (&synced.body["capacity"], &synced.body["expertise_confirmed"]),
        (&json!(2), &json!(["accounting"]))
    );
    let said =
        put(&app, client, "ut/P-1", a_lecturer(json!({ "capacity": 9, "expertise_confirmed": ["finance"] })))
            .await;
    assert_eq!(
        (said.status, said.flaws()),
        (422, vec!["/capacity not_yours".to_owned(), "/expertise_confirmed not_yours".to_owned()])
    );
    // The programme, for its part, does not rename who is the institution's.
    let renamed =
        put(&app, programme, "ut/P-1", a_lecturer(json!({ "full_name": "Rina K.", "titles": "M.Ak." })))
            .await;
    assert!(renamed.flaws().contains(&"/full_name not_yours".to_owned()), "{}", renamed.text);
}

#[actix_web::test]
async fn an_institution_speaks_for_its_own_ids_and_an_address_for_one_mentor() {
    let app = TestApp::start().await;
    let (_, client) = given_a_university(&app, "ut").await;
    let (_, other) = given_a_university(&app, "iti").await;
    put(&app, client, "ut/P-1", a_lecturer(json!({}))).await;
    let foreign = put(&app, other, "ut/P-1", a_lecturer(json!({ "email": "x@iti.example" }))).await;
    assert_eq!(
        (foreign.status, foreign.flaws()),
        (422, vec!["source not_allowed".to_owned()]),
        "{}",
        foreign.text
    );
    let taken = put(&app, other, "iti/P-1", a_lecturer(json!({}))).await;
    assert_eq!((taken.status, &taken.body["code"]), (409, &json!("email")), "{}", taken.text);
    assert_eq!(taken.body["duplicate_of"], Value::Null, "who it is is not the other's to know");
    assert_eq!(put(&app, Caller::new(Role::Mentor), "ut/P-1", a_lecturer(json!({}))).await.status, 403);
}

#[actix_web::test]
async fn of_many_at_once_one_registers_and_the_others_find_the_same() {
    let app = TestApp::start().await;
    let (_, client) = given_a_university(&app, "ut").await;
    let all = join_all((0..8).map(|_| put(&app, client, "ut/P-1", a_lecturer(json!({}))))).await;
    let mut statuses: Vec<_> = all.iter().map(|reply| reply.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 200, 200, 200, 200, 200, 201]);
    assert_eq!(events(&app).await, "1");
}
