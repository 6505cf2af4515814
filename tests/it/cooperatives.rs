//! Cooperatives through HTTP.

use serde_json::{Value, json};
use seribu::access::Role;

use crate::support::{Caller, TestApp};

pub fn a_cooperative(name: &str) -> Value {
    json!({
        "name": name,
        "kind": "producer",
        "service_area": ["36.74.01.1001", "36.74.01.1002"],
        "village_code": "36.74.01.1001",
        "founded_on": "2019-07-12",
        "principal_savings_idr": 100_000,
        "mandatory_savings_idr": 25_000,
    })
}

pub async fn given_a_cooperative(app: &TestApp) -> String {
    app.create(Caller::new(Role::Cooperatives), "/v1/cooperatives", a_cooperative("Koperasi Batik")).await
}

#[actix_web::test]
async fn the_desk_registers_a_cooperative_that_is_to_have_a_thousand_members() {
    let app = TestApp::start().await;
    let desk = Caller::new(Role::Cooperatives);
    let created = app.post(desk, "/v1/cooperatives", a_cooperative("Koperasi Batik")).await;
    assert_eq!((created.status, &created.body["member_target"]), (201, &json!(1000)), "{}", created.text);
    assert_eq!((&created.body["status"], &created.body["version"]), (&json!("active"), &json!(1)));
    for role in [Role::Programme, Role::Mentor, Role::Business, Role::Institution, Role::Policy] {
        let path = format!("/v1/cooperatives/{}", created.id());
        assert_eq!(app.get(Caller::new(role), &path).await.status, 200, "{role}");
        let refused = app.post(Caller::new(role), "/v1/cooperatives", a_cooperative("Another")).await;
        assert_eq!(refused.status, 403, "{role}");
    }
    assert_eq!(app.get(Caller::new(Role::Lender), "/v1/cooperatives").await.status, 403);
}

#[actix_web::test]
async fn a_board_sees_its_own_cooperative_only() {
    let app = TestApp::start().await;
    let (own, other) = (given_a_cooperative(&app).await, given_a_cooperative(&app).await);
    let board = Caller::of(Role::Cooperative, &own);
    assert_eq!(app.get(board, &format!("/v1/cooperatives/{own}")).await.status, 200);
    assert_eq!(app.get(board, &format!("/v1/cooperatives/{other}")).await.status, 404);
    let list = app.get(board, "/v1/cooperatives?with_total=true").await;
    assert_eq!((&list.body["total"], &list.body["data"][0]["id"]), (&json!(1), &json!(own)));
}

#[actix_web::test]
async fn all_that_is_wrong_with_a_cooperative_is_said_at_once() {
    let app = TestApp::start().await;
    let desk = Caller::new(Role::Cooperatives);
    let mut body = a_cooperative("Koperasi Batik");
    body["service_area"] = json!(["36.74.01.1001", "36.74.01.1001", "36.74.99.1001"]);
    body["village_code"] = json!("31.74.01.1001");
    body["founded_on"] = json!("2026-11-25");
    let reply = app.post(desk, "/v1/cooperatives", body).await;
    let flaws = [
        "/service_area/1 repeated",
        "/service_area/2 unknown_code",
        "/village_code unknown_code",
        "/founded_on in_the_future",
    ];
    assert_eq!((reply.status, reply.flaws()), (422, flaws.map(str::to_owned).to_vec()));

    let mut body = a_cooperative("Koperasi Batik");
    body["cooperative_number"] = json!("-");
    body["member_target"] = json!(0);
    body["principal_savings_idr"] = json!(-1);
    let mut flaws = app.post(desk, "/v1/cooperatives", body).await.flaws();
    flaws.sort();
    let expected =
        ["/cooperative_number bad_format", "/member_target too_small", "/principal_savings_idr too_small"];
    assert_eq!(flaws, expected);
}

#[actix_web::test]
async fn a_cooperative_number_stands_for_one_cooperative() {
    let app = TestApp::start().await;
    let desk = Caller::new(Role::Cooperatives);
    let mut body = a_cooperative("Koperasi Batik");
    body["cooperative_number"] = json!("3674010010001");
    app.create(desk, "/v1/cooperatives", body.clone()).await;
    let again = app.post(desk, "/v1/cooperatives", body).await;
    assert_eq!((again.status, &again.body["type"]), (409, &json!("/problems/duplicate")));
    let found = app.get(desk, "/v1/cooperatives?cooperative_number=3674010010001&with_total=true").await;
    assert_eq!(found.body["total"], 1, "{}", found.text);
}

#[actix_web::test]
async fn who_looks_for_a_village_finds_what_serves_it_and_what_serves_the_city() {
    let app = TestApp::start().await;
    let desk = Caller::new(Role::Cooperatives);
    given_a_cooperative(&app).await;
    let mut everywhere = a_cooperative("Koperasi Kota");
    everywhere["service_area"] = json!([]);
    app.create(desk, "/v1/cooperatives", everywhere).await;
    let total = async |village: &str| {
        let path = format!("/v1/cooperatives?service_area={village}&with_total=true");
        app.get(desk, &path).await.body["total"].clone()
    };
    assert_eq!((total("36.74.01.1002").await, total("36.74.02.1001").await), (json!(2), json!(1)));
}

#[actix_web::test]
async fn a_patch_changes_what_it_names_and_history_tells() {
    let app = TestApp::start().await;
    let desk = Caller::new(Role::Cooperatives);
    let path = format!("/v1/cooperatives/{}", given_a_cooperative(&app).await);
    let changed = app.patch(desk, &path, json!({ "members_declared": 340, "founded_on": null })).await;
    assert_eq!((changed.status, &changed.body["members_declared"]), (200, &json!(340)), "{}", changed.text);
    let wrong = app.patch(desk, &path, json!({ "village_code": "31.74.01.1001" })).await;
    assert_eq!(wrong.flaws(), ["/village_code unknown_code"]);
    let history = app.get(desk, &format!("{path}/history")).await;
    assert_eq!(
        history.body["data"][0]["data"]["before"],
        json!({ "members_declared": null, "founded_on": "2019-07-12" })
    );
}

#[actix_web::test]
async fn a_cooperative_is_dissolved_once_and_with_a_reason() {
    let app = TestApp::start().await;
    let desk = Caller::new(Role::Cooperatives);
    let path = format!("/v1/cooperatives/{}", given_a_cooperative(&app).await);
    let moves = format!("{path}/transitions");
    let reply = app.post(desk, &moves, json!({ "action": "dissolve" })).await;
    assert_eq!(reply.flaws(), ["/reason_code required"]);
    let reply = app.post(desk, &moves, json!({ "action": "dissolve", "reason_code": "tired" })).await;
    assert_eq!(reply.flaws(), ["/reason_code unknown_code"]);
    let reply = app.post(desk, &moves, json!({ "action": "dissolve", "reason_code": "other" })).await;
    assert_eq!(reply.flaws(), ["/note required"]);
    let decided = json!({ "action": "dissolve", "reason_code": "members_decided" });
    for role in [Role::Programme, Role::Business] {
        assert_eq!(app.post(Caller::new(role), &moves, decided.clone()).await.status, 403, "{role}");
    }
    assert_eq!(app.act(desk, &path, decided.clone()).await["status"], "dissolved");
    let again = app.post(desk, &moves, decided).await;
    assert_eq!((again.status, &again.body["type"]), (409, &json!("/problems/not-possible")));
    let told = app.get(desk, &moves).await;
    assert_eq!(told.body["available_actions"][0]["why_not"], "wrong_status", "{}", told.text);
    assert_eq!(told.body["data"][0]["type"], "cooperative.dissolved");
}

#[actix_web::test]
async fn an_id_that_a_partner_gives_stands_for_one_cooperative() {
    let app = TestApp::start().await;
    let desk = Caller::new(Role::Cooperatives);
    let mut fields = a_cooperative("Koperasi Batik");
    fields["external_ids"] = json!([{ "source": "odatakop", "value": "K-17" }]);
    let first = app.create(desk, "/v1/cooperatives", fields.clone()).await;
    fields["name"] = json!("Koperasi Tenun");
    let taken = app.post(desk, "/v1/cooperatives", fields.clone()).await;
    let path = format!("/v1/cooperatives/{first}");
    assert_eq!((taken.status, &taken.body["duplicate_of"]), (409, &json!(path)), "{}", taken.text);
    assert_eq!(app.patch(desk, &path, json!({ "external_ids": [] })).await.body["external_ids"], json!([]));
    assert_eq!(app.post(desk, "/v1/cooperatives", fields.clone()).await.status, 201);
    fields["external_ids"] = json!([{ "source": "a1", "value": "x" }, { "source": "a1", "value": "x" }]);
    assert_eq!(app.post(desk, "/v1/cooperatives", fields).await.flaws(), ["/external_ids/1 repeated"]);
}
