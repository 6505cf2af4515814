//! Instruments through HTTP: drafted from a document, published when without flaw, retired.

use serde_json::{Value, json};
use seribu::access::Role;

use crate::{
    document::{DOCUMENT, operations},
    support::{Caller, Reply, TestApp},
};

/// The document that every new database has as a draft, with another version.
pub fn a_document(version: u32) -> Value {
    let mut document: Value = serde_json::from_str(include_str!("../../reference/instrument.json")).unwrap();
    document["version"] = json!(version);
    document
}

/// A published instrument's id.
pub async fn given_an_instrument(app: &TestApp, document: Value) -> String {
    let programme = Caller::new(Role::Programme);
    let id = app.create(programme, "/v1/instruments", json!({ "document": document })).await;
    app.act(programme, &format!("/v1/instruments/{id}"), json!({ "action": "publish" })).await;
    id
}

async fn draft(app: &TestApp, document: Value) -> String {
    app.create(Caller::new(Role::Programme), "/v1/instruments", json!({ "document": document })).await
}

async fn act(app: &TestApp, caller: Caller, id: &str, body: Value) -> Reply {
    app.post(caller, &format!("/v1/instruments/{id}/transitions"), body).await
}

#[actix_web::test]
async fn a_new_database_has_the_shipped_instrument_as_a_draft() {
    let app = TestApp::start().await;
    let listed = app.get(Caller::new(Role::Programme), "/v1/instruments").await;
    assert_eq!(listed.body["data"].as_array().unwrap().len(), 1, "{}", listed.text);
    let row = &listed.body["data"][0];
    assert_eq!((&row["code"], &row["instrument_version"]), (&json!("readiness"), &json!(1)));
    assert_eq!((&row["status"], &row["published_at"]), (&json!("draft"), &Value::Null));
    assert_eq!(row["title"]["en"], "Creative business readiness assessment");
    assert_eq!(row.get("document"), None, "a list is without documents");
    let path = format!("/v1/instruments/{}", row["id"].as_str().unwrap());
    let whole = app.get(Caller::new(Role::Programme), &path).await;
    assert_eq!(whole.body["document"], a_document(1));
    let history = app.get(Caller::new(Role::Programme), &format!("{path}/history")).await;
    assert_eq!(history.body["data"][0]["type"], "instrument.created", "{}", history.text);
}

#[actix_web::test]
async fn shipping_again_adds_nothing() {
    let app = TestApp::start().await;
    seribu::instruments::ship(&app.settings.worker().unwrap()).await.unwrap();
    let listed = app.get(Caller::new(Role::Programme), "/v1/instruments?with_total=true").await;
    assert_eq!(listed.body["total"], 1);
}

#[actix_web::test]
async fn the_programme_drafts_changes_publishes_and_retires_an_instrument() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let id = draft(&app, a_document(2)).await;
    let path = format!("/v1/instruments/{id}");
    let title = json!({ "title": { "en": "Readiness" }, "version": 3 });
    let changed = app.patch(programme, &path, json!({ "document": title })).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    assert_eq!((&changed.body["instrument_version"], &changed.body["version"]), (&json!(3), &json!(2)));
    assert_eq!((&changed.body["title"]["en"]), &json!("Readiness"));
    assert_eq!(changed.body["title"]["id"], a_document(2)["title"]["id"]);
    let published = app.act(programme, &path, json!({ "action": "publish" })).await;
    assert_eq!(
        (&published["status"], &published["document"]["status"]),
        (&json!("published"), &json!("published"))
    );
    assert!(published["published_at"].is_string() && published["retired_at"].is_null());
    let retired = app.act(programme, &path, json!({ "action": "retire", "reason_code": "replaced" })).await;
    assert_eq!((&retired["status"], &retired["document"]["status"]), (&json!("retired"), &json!("retired")));
    assert!(retired["published_at"].is_string() && retired["retired_at"].is_string());
    let moves = app.get(programme, &format!("{path}/transitions")).await;
    let types: Vec<_> = moves.body["data"].as_array().unwrap().iter().map(|it| &it["type"]).collect();
    assert_eq!(types, ["instrument.retired", "instrument.published"], "{}", moves.text);
}

#[actix_web::test]
async fn a_published_document_is_frozen() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let id = given_an_instrument(&app, a_document(2)).await;
    let patch = json!({ "document": { "version": 3 } });
    let refused = app.patch(programme, &format!("/v1/instruments/{id}"), patch).await;
    assert_eq!((refused.status, &refused.body["code"]), (409, &json!("wrong_status")), "{}", refused.text);
    assert_eq!(refused.body["possible"], json!(["retire"]));
    let again = act(&app, programme, &id, json!({ "action": "publish" })).await;
    assert_eq!((again.status, &again.body["type"]), (409, &json!("/problems/not-possible")));
}

#[actix_web::test]
async fn only_moves_change_the_status_in_a_document() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let mut document = a_document(2);
    document["status"] = json!("published");
    let refused = app.post(programme, "/v1/instruments", json!({ "document": document })).await;
    assert_eq!((refused.status, refused.flaws()), (422, vec!["/document/status not_allowed".to_owned()]));
    let id = draft(&app, a_document(2)).await;
    let patch = json!({ "document": { "status": "retired" } });
    let refused = app.patch(programme, &format!("/v1/instruments/{id}"), patch).await;
    assert_eq!((refused.status, refused.flaws()), (422, vec!["/document/status not_allowed".to_owned()]));
}

#[actix_web::test]
async fn a_document_of_another_form_is_refused_with_all_that_is_wrong() {
    let app = TestApp::start().await;
    let mut document = a_document(2);
    document["colour"] = json!("red");
    document["scale"]["max"] = json!(11);
    document["items"][3]["anchors"][0].as_object_mut().unwrap().remove("en");
    document["classification"]["classes"][0]["when"] = json!({ "fact": "score", "op": "about", "value": 1 });
    document["recommendations"][0]["when"] = json!({ "all": [] });
    let refused =
        app.post(Caller::new(Role::Programme), "/v1/instruments", json!({ "document": document })).await;
    let mut flaws = refused.flaws();
    flaws.sort();
    let expected = [
        "/document/classification/classes/0/when/op not_allowed",
        "/document/colour unknown",
        "/document/items/3/anchors/0/en required",
        "/document/recommendations/0/when/all too_short",
        "/document/scale/max too_large",
    ];
    assert_eq!((refused.status, flaws), (422, expected.map(str::to_owned).to_vec()), "{}", refused.text);
}

#[actix_web::test]
async fn an_instrument_with_flaws_is_not_published_and_all_of_them_are_said_in_the_callers_language() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let mut document = a_document(2);
    document["items"][5]["weight"] = json!(8);
    document["recommendations"][2]["need"] = json!("luck");
    document["items"][3]["anchors"].as_array_mut().unwrap().pop();
    document["classification"]["classes"].as_array_mut().unwrap().pop();
    let id = draft(&app, document).await;
    for (language, gap) in [
        ("id", "tidak ada kelas bila score = 0, potential = 0"),
        ("en", "have no class for score = 0, potential = 0"),
    ] {
        let path = format!("/v1/instruments/{id}/transitions");
        let request = app.request(actix_web::http::Method::POST, &path).bearer_auth(programme.token(|_| ()));
        let request = request.insert_header(("accept-language", language)).content_type("application/json");
        let refused = app.send(request, json!({ "action": "publish" }).to_string()).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        let flaws = [
            "/document/recommendations/2/need refers_to_nothing",
            "/document/dimensions/1/weight not_sum_of_items",
            "/document/items/3/anchors not_the_scale",
            "/document/classification/classes gap",
        ];
        assert_eq!(refused.flaws(), flaws);
        assert_eq!(refused.body["errors"][3]["detail"], gap);
    }
    let still = app.get(programme, &format!("/v1/instruments/{id}")).await;
    assert_eq!((&still.body["status"], &still.body["version"]), (&json!("draft"), &json!(1)));
}

#[actix_web::test]
async fn a_version_of_a_code_is_there_once_and_several_may_be_published() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let again = app.post(programme, "/v1/instruments", json!({ "document": a_document(1) })).await;
    assert_eq!((again.status, &again.body["code"]), (409, &json!("instrument_version")), "{}", again.text);
    given_an_instrument(&app, a_document(2)).await;
    given_an_instrument(&app, a_document(3)).await;
    let path = "/v1/instruments?code=readiness&status=published&with_total=true";
    assert_eq!(app.get(programme, path).await.body["total"], 2);
    assert_eq!(app.get(programme, &format!("{path}&instrument_version=3")).await.body["total"], 1);
    assert_eq!(app.get(programme, "/v1/instruments?status=retired&with_total=true").await.body["total"], 0);
}

#[actix_web::test]
async fn who_does_not_write_instruments_sees_those_that_were_published_and_since_when() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let id = draft(&app, a_document(2)).await;
    let path = format!("/v1/instruments/{id}");
    let outside = [
        Role::Mentor,
        Role::Business,
        Role::Institution,
        Role::Facilitation,
        Role::Cooperatives,
        Role::Standardisation,
    ];
    for role in outside {
        let caller = Caller::new(role);
        assert_eq!(app.get(caller, &path).await.status, 404, "{role}");
        assert_eq!(app.get(caller, "/v1/instruments?with_total=true").await.body["total"], 0, "{role}");
    }
    app.act(programme, &path, json!({ "action": "publish" })).await;
    for reason in [None, Some("error_found")] {
        if let Some(reason) = reason {
            app.act(programme, &path, json!({ "action": "retire", "reason_code": reason })).await;
        }
        for role in outside {
            let caller = Caller::new(role);
            assert_eq!(app.get(caller, &path).await.status, 200, "{role}");
            let history = app.get(caller, &format!("{path}/history")).await;
            let events = history.body["data"].as_array().unwrap();
            assert!(
                !events.is_empty() && events.iter().all(|it| it["type"] != "instrument.created"),
                "{role}"
            );
        }
    }
}

#[actix_web::test]
async fn nobody_else_publishes_or_retires() {
    let app = TestApp::start().await;
    let drafted = draft(&app, a_document(2)).await;
    let published = given_an_instrument(&app, a_document(3)).await;
    let retire = json!({ "action": "retire", "reason_code": "replaced" });
    for role in [Role::Mentor, Role::Business, Role::Institution, Role::Facilitation] {
        assert_eq!(
            act(&app, Caller::new(role), &drafted, json!({ "action": "publish" })).await.status,
            404,
            "{role}"
        );
        assert_eq!(act(&app, Caller::new(role), &published, retire.clone()).await.status, 403, "{role}");
    }
    assert_eq!(act(&app, Caller::new(Role::Policy), &published, retire).await.status, 403);
    for role in [Role::Admin, Role::Lender, Role::Cooperative] {
        assert_eq!(app.get(Caller::new(role), "/v1/instruments").await.status, 403, "{role}");
    }
}

#[actix_web::test]
async fn retiring_needs_a_reason_of_the_list() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let id = given_an_instrument(&app, a_document(2)).await;
    for (body, flaw) in [
        (json!({ "action": "retire" }), "/reason_code required"),
        (json!({ "action": "retire", "reason_code": "bored" }), "/reason_code unknown_code"),
        (json!({ "action": "retire", "reason_code": "other" }), "/note required"),
    ] {
        let refused = act(&app, programme, &id, body).await;
        assert_eq!((refused.status, refused.flaws()), (422, vec![flaw.to_owned()]));
    }
}

#[actix_web::test]
async fn the_documented_example_is_a_draft() {
    let app = TestApp::start().await;
    let create = operations().into_iter().find(|it| it.id == "create_instrument").unwrap();
    let created = app.post(Caller::new(Role::Programme), "/v1/instruments", create.body.unwrap().1).await;
    assert_eq!(created.status, 201, "{}", created.text);
    assert!(DOCUMENT["components"]["schemas"]["InstrumentDocument"].is_object());
}
