//! Instruments tried and exchanged through HTTP: nothing is stored by a score, and a file comes back as it
//! went out.

use serde_json::{Value, from_str, json};
use seribu::access::Role;

use crate::{
    instruments::{a_document, given_an_instrument},
    support::{Caller, TestApp},
};

/// The shipped instrument, published.
async fn published(app: &TestApp) -> String {
    format!("/v1/instruments/{}", given_an_instrument(app, a_document(2)).await)
}

fn vectors() -> Vec<Value> {
    from_str(include_str!("instrument_vectors.json")).unwrap()
}

fn vector(name: &str) -> Value {
    let named = vectors().into_iter().find(|vector| vector["name"] == name).unwrap();
    json!({ "answers": named["answers"], "facts": named["business"] })
}

#[actix_web::test]
async fn every_vector_scores_as_it_says_and_nothing_is_stored() {
    let app = TestApp::start().await;
    let path = published(&app).await;
    let mentor = Caller::new(Role::Mentor);
    for vector in vectors() {
        let name = vector["name"].as_str().unwrap();
        let body = json!({ "answers": vector["answers"], "facts": vector["business"] });
        let scored = app.post(mentor, &format!("{path}/score"), body).await;
        assert_eq!(scored.status, 200, "{name}: {}", scored.text);
        let (result, expected) = (scored.body, &vector["expected"]);
        assert_eq!(result["complete"], expected["complete"], "{name}");
        let class = result["class"].get("code").cloned().unwrap_or_default();
        let codes: Value =
            result["recommendations"].as_array().unwrap().iter().map(|one| one["code"].clone()).collect();
        for (member, actual) in [
            ("score", &result["score"]),
            ("potential", &result["potential"]),
            ("dimensions", &result["dimensions"]),
            ("bookkeeping_maturity", &result["bookkeeping_maturity"]),
            ("missing", &result["missing"]),
            ("class", &class),
            ("recommendations", &codes),
        ] {
            let expected = expected.get(member).filter(|it| !it.is_null());
            assert!(expected.is_none_or(|it| it == actual), "{name}: {member} {actual}");
        }
        assert_eq!(result["explanation"].is_null(), result["complete"] == false, "{name}");
    }
    let none = app.get(Caller::new(Role::Programme), "/v1/assessments?with_total=true").await;
    assert_eq!(none.body["total"], 0);
}

#[actix_web::test]
async fn a_score_explains_itself() {
    let app = TestApp::start().await;
    let path = published(&app).await;
    let scored = app.post(Caller::new(Role::Mentor), &format!("{path}/score"), vector("all_1")).await.body;
    let explanation = &scored["explanation"];
    let points = explanation["points"].as_array().unwrap();
    let sum: i64 = points.iter().map(|item| item["points"].as_i64().unwrap()).sum();
    assert!(usize::try_from((sum - 2500).abs()).unwrap() <= points.len(), "{sum}");
    assert!(points.iter().all(|item| item["points"].as_i64() <= item["of"].as_i64()));
    let classes = explanation["classes"].as_array().unwrap();
    let reached: Vec<_> = classes.iter().filter(|class| class["reached"] == true).collect();
    assert_eq!(reached.len(), 1);
    assert_eq!(reached[0]["class"], scored["class"]["code"]);
    let medium = classes.iter().find(|class| class["class"] == "medium").unwrap();
    assert_eq!(
        medium["thresholds"],
        json!([{ "fact": "score", "op": "gte", "value": 4500, "actual": 2500, "distance": -2000 }])
    );
    assert_eq!(medium["near"], false);
    let codes =
        |of: &Value| -> Vec<Value> { of.as_array().unwrap().iter().map(|one| one["code"].clone()).collect() };
    assert_eq!(codes(&explanation["recommendations"]), codes(&scored["recommendations"]));
}

#[actix_web::test]
async fn what_it_says_would_lift_the_result_does() {
    let app = TestApp::start().await;
    let (path, mentor) = (published(&app).await, Caller::new(Role::Mentor));
    let before = vector("all_1");
    let scored = app.post(mentor, &format!("{path}/score"), before.clone()).await.body;
    let raised = |steps: &[&Value]| {
        let mut body = before.clone();
        for step in steps {
            let item = step["item"].as_str().unwrap();
            assert_eq!(body["answers"][item], step["from"]);
            body["answers"][item] = step["to"].clone();
        }
        body
    };
    let improvements = scored["explanation"]["improvements"].as_array().unwrap();
    assert!(!improvements.is_empty());
    for improvement in improvements {
        let then = app.post(mentor, &format!("{path}/score"), raised(&[improvement])).await.body;
        let gain = then["score"].as_i64().unwrap() - scored["score"].as_i64().unwrap();
        assert_eq!(improvement["gain"], gain);
        assert_eq!(improvement["class"], then["class"]["code"]);
    }
    let path_up = &scored["explanation"]["path"];
    let steps: Vec<_> = path_up["steps"].as_array().unwrap().iter().collect();
    let then = app.post(mentor, &format!("{path}/score"), raised(&steps)).await.body;
    assert_ne!(path_up["class"], scored["class"]["code"]);
    assert_eq!(path_up["class"], then["class"]["code"]);
}

#[actix_web::test]
async fn answers_and_facts_that_cannot_be_are_named_all_at_once() {
    let app = TestApp::start().await;
    let path = published(&app).await;
    let body = json!({
        "answers": { "BKP1": 5, "XYZ9": 1, "a/b": 1 },
        "facts": { "subsector": "culinary", "has_nib": true },
    });
    let refused = app.post(Caller::new(Role::Mentor), &format!("{path}/score"), body).await;
    let flaws = [
        "/facts/subsector unknown_code",
        "/answers/BKP1 too_large",
        "/answers/XYZ9 unknown",
        "/answers/a~1b unknown",
    ];
    assert_eq!((refused.status, refused.flaws()), (422, flaws.map(str::to_owned).to_vec()));
}

#[actix_web::test]
async fn an_exported_instrument_is_imported_as_a_draft_and_otherwise_the_same() {
    let (app, other) = (TestApp::start().await, TestApp::start().await);
    let programme = Caller::new(Role::Programme);
    let exported = app.get(programme, &format!("{}/document", published(&app).await)).await.body;
    assert_eq!(exported["status"], "published");
    let imported = other.post(programme, "/v1/instruments/import", exported.clone()).await;
    assert_eq!(imported.status, 201, "{}", imported.text);
    let location = imported.header("location").to_owned();
    assert_eq!(location, format!("/v1/instruments/{}", imported.id()));
    let mut again = other.get(programme, &format!("{location}/document")).await.body;
    assert_eq!(again["status"], "draft");
    again["status"] = json!("published");
    assert_eq!(again, exported);
    let twice = other.post(programme, "/v1/instruments/import", exported).await;
    assert_eq!(twice.status, 409, "{}", twice.text);
}

#[actix_web::test]
async fn the_schema_that_is_served_is_that_of_the_document() {
    let app = TestApp::start().await;
    let served = app.get(Caller::new(Role::Mentor), "/v1/instruments/schema").await;
    assert_eq!((served.status, served.header("content-type")), (200, "application/schema+json"));
    let schema = jsonschema::validator_for(&served.body).unwrap();
    assert!(schema.is_valid(&a_document(1)));
    let mut wrong = a_document(1);
    wrong["scale"]["min"] = json!(1);
    assert!(!schema.is_valid(&wrong));
}
