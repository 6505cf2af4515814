//! Businesses through HTTP.

use diesel_async::SimpleAsyncConnection;
use serde_json::{Value, json};
use seribu::access::Role;

use crate::support::{Caller, TestApp};

pub fn a_business(name: &str) -> Value {
    json!({
        "name": name,
        "subsector": "kuliner",
        "address": { "line": "Jl. Ki Hajar Dewantara No. 7", "village_code": "36.74.04.1002" },
    })
}

/// With an owner who is new.
pub fn a_business_of(name: &str, owner: &str) -> Value {
    let mut business = a_business(name);
    business["owner"] = json!({ "full_name": owner, "phone": "0812-3456-7890" });
    business
}

pub struct Given {
    pub business: String,
    pub path: String,
    pub owner: String,
    pub owner_role: String,
}

impl Given {
    pub fn as_owner(&self) -> Caller {
        Caller::of(Role::Business, &self.owner)
    }
}

/// A business and the person who owns it.
pub async fn given_a_business(app: &TestApp) -> Given {
    given(app, a_business_of("Dapur Bu Siti", "Siti Aminah")).await
}

pub async fn given(app: &TestApp, body: Value) -> Given {
    let programme = Caller::new(Role::Programme);
    let business = app.create(programme, "/v1/businesses", body).await;
    let path = format!("/v1/businesses/{business}");
    let people = app.get(programme, &format!("{path}/people?role=owner&current=true")).await;
    let text = |field: &str| people.body["data"][0][field].as_str().unwrap().to_owned();
    Given { owner: text("person_id"), owner_role: text("id"), business, path }
}

/// As a mentorship or a hand-over would.
pub async fn share(app: &TestApp, business: &str, party: &str) {
    let sql =
        format!("insert into business_shares values ('{business}', '{party}', gen_random_uuid(), null)");
    app.database.as_app().await.batch_execute(&sql).await.unwrap();
}

/// The types of the events of a record, the first one first.
pub async fn history(app: &TestApp, caller: Caller, path: &str) -> Vec<String> {
    let history = app.get(caller, &format!("{path}/history")).await;
    let types = history.body["data"].as_array().unwrap_or_else(|| panic!("{}", history.text)).iter().rev();
    types.map(|event| event["type"].as_str().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn a_business_gets_a_number_and_the_district_of_its_village() {
    let app = TestApp::start().await;
    let created = app.post(Caller::new(Role::Programme), "/v1/businesses", a_business("Dapur Bu Siti")).await;
    assert_eq!(created.status, 201, "{}", created.text);
    assert_eq!(created.header("location"), format!("/v1/businesses/{}", created.id()));
    let shown = |field: &str| created.body[field].clone();
    assert_eq!(shown("number"), "UMKM-2026-000001");
    assert_eq!((shown("district_code"), shown("status")), (json!("36.74.04"), json!("active")));
    assert_eq!((shown("kind"), shown("hidden")), (json!("business"), json!([])));
    assert_eq!(shown("address")["latitude"], Value::Null);
}

#[actix_web::test]
async fn an_owner_and_first_figures_come_in_the_same_write_with_an_event_for_each() {
    let app = TestApp::start().await;
    let mut body = a_business_of("Dapur Bu Siti", "Siti Aminah");
    body["snapshot"] =
        json!({ "taken_on": "2026-11-20", "annual_revenue_idr": 84_000_000, "source": "intake" });
    let given = given(&app, body).await;
    let programme = Caller::new(Role::Programme);
    let mut events = history(&app, programme, &given.path).await;
    assert_eq!(events.remove(0), "business.created");
    events.sort();
    assert_eq!(events, ["business_role.created", "snapshot.created"]);
    let of_person = history(&app, programme, &format!("/v1/persons/{}", given.owner)).await;
    assert_eq!(of_person, ["person.created", "business_role.created"]);
    let own = app.get(given.as_owner(), &given.path).await;
    assert_eq!((own.status, &own.body["name"]), (200, &json!("Dapur Bu Siti")), "{}", own.text);
    let figures = app.get(given.as_owner(), &format!("{}/snapshots", given.path)).await;
    assert_eq!(figures.body["data"].as_array().unwrap().len(), 1, "{}", figures.text);
    let stranger = app.get(Caller::new(Role::Business), &given.path).await;
    assert_eq!(stranger.status, 404);
}

#[actix_web::test]
async fn all_that_is_wrong_with_business_owner_and_snapshot_is_said_at_once() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let mut body = a_business("Dapur Bu Siti");
    body["subsector"] = json!("culinary");
    body["address"] = json!({ "village_code": "36.74.99.1001", "latitude": -6.3 });
    body["kbli"] = json!([{ "version": "2025", "code": "13134" }]);
    body["nib_issued_on"] = json!("2026-11-25");
    body["cooperative_id"] = json!("01948f5e-7a00-7000-8000-000000000001");
    body["owner"] = json!({ "full_name": "Siti Aminah", "village_code": "36.74.99.1001" });
    body["snapshot"] = json!({ "taken_on": "2026-11-25", "source": "intake" });
    let refused = app.post(programme, "/v1/businesses", body).await;
    let mut flaws = refused.flaws();
    flaws.sort();
    let expected = [
        "/address/longitude required",
        "/address/village_code unknown_code",
        "/cooperative_id conflict",
        "/kbli/0/code unknown_code",
        "/nib required",
        "/nib_issued_on in_the_future",
        "/owner/village_code unknown_code",
        "/snapshot/taken_on in_the_future",
        "/subsector unknown_code",
    ];
    assert_eq!(flaws, expected, "{}", refused.text);
    let list = app.get(programme, "/v1/businesses?with_total=true").await;
    assert_eq!(list.body["total"], 0);
}

#[actix_web::test]
async fn what_is_wrong_with_a_person_given_inline_is_said_of_her_and_not_of_a_known_owner() {
    let app = TestApp::start().await;
    let mut body = a_business("Dapur Bu Siti");
    body["owner"] = json!({ "full_name": " Siti", "nik": "123", "phone": "x", "email": "y" });
    let refused = app.post(Caller::new(Role::Programme), "/v1/businesses", body).await;
    let mut flaws = refused.flaws();
    flaws.sort();
    let expected = ["/owner/email bad_format", "/owner/full_name bad_format", "/owner/nik bad_format"];
    assert_eq!(flaws[..3], expected, "{}", refused.text);
    assert_eq!(flaws[3..], ["/owner/phone bad_format"]);
}

#[actix_web::test]
async fn a_known_owner_must_be_one_whom_the_caller_sees() {
    let app = TestApp::start().await;
    let given = given_a_business(&app).await;
    let mut body = a_business("Warung Dua");
    body["owner"] = json!({ "person_id": "01948f5e-7a00-7000-8000-000000000001" });
    let refused = app.post(Caller::new(Role::Programme), "/v1/businesses", body.clone()).await;
    assert_eq!(refused.flaws(), ["/owner/person_id no_such_record"], "{}", refused.text);
    body["owner"] = json!({ "person_id": given.owner });
    let refused = app.post(Caller::new(Role::Facilitation), "/v1/businesses", body.clone()).await;
    assert_eq!(refused.flaws(), ["/owner/person_id no_such_record"], "{}", refused.text);
    let second = app.create(Caller::new(Role::Programme), "/v1/businesses", body).await;
    let own = app.get(given.as_owner(), "/v1/businesses?sort=created_at").await;
    let ids: Vec<_> = own.body["data"].as_array().unwrap().iter().map(|row| row["id"].clone()).collect();
    assert_eq!(ids, [json!(given.business), json!(second)]);
}

#[actix_web::test]
async fn a_cooperative_has_no_owner() {
    let app = TestApp::start().await;
    let mut body = a_business_of("Koperasi Serpong", "Siti Aminah");
    body["kind"] = json!("cooperative");
    let refused = app.post(Caller::new(Role::Programme), "/v1/businesses", body).await;
    assert_eq!(refused.flaws(), ["/owner conflict"], "{}", refused.text);
}

#[actix_web::test]
async fn a_desk_goes_on_seeing_what_it_has_registered_and_no_other_desk_does() {
    let app = TestApp::start().await;
    let desk = Caller::new(Role::Facilitation);
    let id = app.create(desk, "/v1/businesses", a_business_of("Dapur Bu Siti", "Siti Aminah")).await;
    let path = format!("/v1/businesses/{id}");
    assert_eq!(app.get(desk, &path).await.status, 200);
    assert_eq!(app.get(Caller::new(Role::Cooperatives), &path).await.status, 404);
    assert_eq!(app.get(desk, "/v1/persons").await.body["data"][0]["full_name"], "Siti Aminah");
    let elsewhere = app.create(Caller::new(Role::Programme), "/v1/businesses", a_business("Warung")).await;
    let patched = app.patch(desk, &format!("/v1/businesses/{elsewhere}"), json!({ "name": "Toko" })).await;
    assert_eq!(patched.status, 404, "{}", patched.text);
}

#[actix_web::test]
async fn an_owner_changes_her_own_business_and_no_other() {
    let app = TestApp::start().await;
    let given = given_a_business(&app).await;
    let other = app.create(Caller::new(Role::Programme), "/v1/businesses", a_business("Warung")).await;
    let change = json!({ "description": "Kue basah", "sales_channels": ["marketplace", "shop"] });
    let own = app.patch(given.as_owner(), &given.path, change.clone()).await;
    assert_eq!((own.status, &own.body["sales_channels"][0]), (200, &json!("marketplace")), "{}", own.text);
    let foreign = app.patch(given.as_owner(), &format!("/v1/businesses/{other}"), change).await;
    assert_eq!(foreign.status, 404);
    let kind = app.patch(given.as_owner(), &given.path, json!({ "kind": "cooperative" })).await;
    assert_eq!(kind.flaws(), ["/kind not_allowed"], "{}", kind.text);
}

#[actix_web::test]
async fn the_programme_alone_deactivates_with_a_reason_and_reactivates() {
    let app = TestApp::start().await;
    let given = given_a_business(&app).await;
    let programme = Caller::new(Role::Programme);
    let path = format!("{}/transitions", given.path);
    let owner = app.post(given.as_owner(), &path, json!({ "action": "deactivate" })).await;
    assert_eq!(owner.status, 403, "{}", owner.text);
    let bare = app.post(programme, &path, json!({ "action": "deactivate" })).await;
    assert_eq!(bare.flaws(), ["/reason_code required"], "{}", bare.text);
    let resting = json!({ "action": "deactivate", "reason_code": "resting" });
    assert_eq!(app.act(programme, &given.path, resting.clone()).await["status"], "inactive");
    let again = app.post(programme, &path, resting).await;
    assert_eq!((again.status, &again.body["possible"]), (409, &json!(["reactivate"])), "{}", again.text);
    assert_eq!(app.act(programme, &given.path, json!({ "action": "reactivate" })).await["status"], "active");
    let moves = app.get(given.as_owner(), &path).await;
    let types: Vec<_> = moves.body["data"].as_array().unwrap().iter().map(|it| it["type"].clone()).collect();
    assert_eq!(types, ["business.active", "business.inactive"], "{}", moves.text);
}

#[actix_web::test]
async fn a_list_is_narrowed_by_place_trade_and_name() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    app.create(programme, "/v1/businesses", a_business("Dapur Bu Siti")).await;
    let mut other = a_business("Batik Serpong");
    (other["subsector"], other["address"]["village_code"]) = (json!("fesyen"), json!("36.74.01.1001"));
    app.create(programme, "/v1/businesses", other).await;
    for (query, count) in [
        ("district_code=36.74.04&subsector=kuliner", 1),
        ("district_code=36.74.04&subsector=fesyen", 0),
        ("district_code=36.74.04,36.74.01", 2),
        ("village_code=36.74.01.1001", 1),
        ("q=batik", 1),
        ("q=%25", 0),
        ("kind=cooperative", 0),
        ("number=UMKM-2026-000001,UMKM-2026-000002", 2),
    ] {
        let found = app.get(programme, &format!("/v1/businesses?{query}&with_total=true")).await;
        assert_eq!(found.body["total"], count, "{query}: {}", found.text);
    }
}
