//! Consents through HTTP.

use serde_json::{Value, json};
use seribu::access::Role;

use crate::{
    institutions::an_institution,
    persons::{NIK, a_known_person, a_person, found_in_clear, given_a_shared_business, lines},
    support::{Caller, TestApp},
};

/// In the words of today, by the person's own account.
pub fn a_consent(purpose: &str, receiver: Option<&str>) -> Value {
    json!({ "purpose": purpose, "receiver_id": receiver, "text_version": 1, "via": "own_account" })
}

/// The same on a form that the programme has.
pub fn a_signed_consent(purpose: &str, receiver: Option<&str>) -> Value {
    let form = json!({ "kind": "signed_form", "reference": "Map 7, Siti Aminah", "dated_on": "2026-11-20" });
    let mut consent = a_consent(purpose, receiver);
    consent["via"] = json!("signed_form");
    consent["evidence"] = form;
    consent
}

async fn a_person_in(app: &TestApp) -> (String, Caller) {
    let siti = app.create(Caller::new(Role::Programme), "/v1/persons", a_person("Siti Aminah")).await;
    let owner = Caller::of(Role::Business, &siti);
    (format!("/v1/persons/{siti}"), owner)
}

async fn an_institution_in(app: &TestApp, code: &str, kind: &str) -> String {
    app.create(Caller::new(Role::Programme), "/v1/institutions", an_institution(code, kind)).await
}

#[actix_web::test]
async fn an_owner_consents_to_a_lender_and_withdraws_without_a_reason() {
    let app = TestApp::start().await;
    let (person, owner) = a_person_in(&app).await;
    let bank = an_institution_in(&app, "bank-x", "lender").await;
    let given = app.post(owner, &format!("{person}/consents"), a_consent("lender", Some(&bank))).await;
    assert_eq!((given.status, &given.body["status"]), (201, &json!("given")), "{}", given.text);
    assert_eq!(given.body["given_at"], "2026-11-24T03:04:05Z");
    let path = format!("{person}/consents/{}", given.id());
    assert_eq!(given.header("location"), path);
    let again = app.post(owner, &format!("{person}/consents"), a_consent("lender", Some(&bank))).await;
    assert_eq!((again.status, &again.body["duplicate_of"]), (409, &json!(path)), "{}", again.text);
    let could = app.get(owner, &format!("{path}/transitions")).await;
    assert_eq!(could.body["available_actions"][0]["allowed"], true, "{}", could.text);
    let withdrawn = app.act(owner, &path, json!({ "action": "withdraw" })).await;
    assert_eq!(
        (&withdrawn["status"], &withdrawn["withdrawn_at"]),
        (&json!("withdrawn"), &json!("2026-11-24T03:04:05Z"))
    );
    let twice = app.post(owner, &format!("{path}/transitions"), json!({ "action": "withdraw" })).await;
    assert_eq!((twice.status, &twice.body["type"]), (409, &json!("/problems/not-possible")));
    let moves = app.get(owner, &format!("{path}/transitions")).await;
    assert_eq!(moves.body["data"][0]["type"], "consent.withdrawn", "{}", moves.text);
    let history = app.get(owner, &format!("{person}/history")).await;
    let after = &history.body["data"][1]["data"]["after"];
    assert_eq!(
        (&after["purpose"], &after["receiver_id"]),
        (&json!("lender"), &json!(bank)),
        "{}",
        history.text
    );
    app.create(owner, &format!("{person}/consents"), a_consent("lender", Some(&bank))).await;
    let list = app.get(owner, &format!("{person}/consents?status=given&with_total=true")).await;
    assert_eq!(list.body["total"], 1, "{}", list.text);
}

#[actix_web::test]
async fn the_programme_records_a_signed_form_for_the_person() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let (person, _) = a_person_in(&app).await;
    let path = format!("{person}/consents");
    let given = app.post(programme, &path, a_signed_consent("publication", None)).await;
    assert_eq!(given.status, 201, "{}", given.text);
    // The form's day begins at the city's midnight.
    assert_eq!(given.body["given_at"], "2026-11-19T17:00:00Z");
    let on_behalf =
        lines(&app, "select on_behalf_of as line from events where kind = 'consent.created'").await;
    assert_eq!(on_behalf, [person.replace("/v1/persons/", "person:")]);
    // Where the form is kept says whose it is.
    let in_clear = found_in_clear(&app, &["Map 7"]).await;
    assert!(in_clear.iter().all(|line| line.starts_with("consents: ")), "{in_clear:?}");
    let without_reason = json!({ "action": "withdraw", "reason_code": "other" });
    let transitions = format!("{path}/{}/transitions", given.id());
    let reply = app.post(programme, &transitions, without_reason).await;
    assert_eq!(reply.flaws(), ["/note required"], "{}", reply.text);
    let unknown = json!({ "action": "withdraw", "reason_code": "bored" });
    assert_eq!(app.post(programme, &transitions, unknown).await.flaws(), ["/reason_code unknown_code"]);
}

#[actix_web::test]
async fn a_consent_counts_in_words_in_force_to_a_receiver_of_the_purpose_s_kind() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let (person, owner) = a_person_in(&app).await;
    let path = format!("{person}/consents");
    let university = an_institution_in(&app, "ut", "university").await;
    let nobody = "01930000-0000-7000-8000-000000000000";
    let changed = |mut body: Value, field: &str, value: Value| {
        body[field] = value;
        body
    };
    for (caller, body, flaws) in [
        (
            owner,
            changed(a_consent("survey", None), "text_version", json!(2)),
            vec!["/text_version unknown_code"],
        ),
        (owner, a_consent("lender", None), vec!["/receiver_id required"]),
        (owner, a_consent("survey", Some(&university)), vec!["/receiver_id conflict"]),
        (owner, a_consent("lender", Some(&university)), vec!["/receiver_id conflict"]),
        (owner, a_consent("lender", Some(nobody)), vec!["/receiver_id no_such_record"]),
        (programme, a_consent("survey", None), vec!["/via not_allowed"]),
        (owner, a_signed_consent("survey", None), vec!["/via not_allowed"]),
        (
            programme,
            changed(a_signed_consent("survey", None), "evidence", Value::Null),
            vec!["/evidence required"],
        ),
        (
            owner,
            changed(
                a_consent("survey", None),
                "evidence",
                a_signed_consent("survey", None)["evidence"].clone(),
            ),
            vec!["/evidence conflict"],
        ),
        (
            programme,
            changed(
                a_signed_consent("survey", None),
                "evidence",
                json!({ "kind": "signed_form", "reference": "1", "dated_on": "2026-11-25" }),
            ),
            vec!["/evidence/dated_on in_the_future"],
        ),
    ] {
        let reply = app.post(caller, &path, body.clone()).await;
        assert_eq!(
            (reply.status, reply.flaws()),
            (422, flaws.iter().map(|flaw| (*flaw).to_owned()).collect()),
            "{body}"
        );
    }
    app.create(owner, &path, a_consent("university_named", Some(&university))).await;
    app.create(owner, &path, a_consent("cooperative", Some(nobody))).await;
}

#[actix_web::test]
async fn a_disability_is_kept_while_its_consent_stands_and_never_in_the_log() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let (person, owner) = a_person_in(&app).await;
    let told = json!({ "disability": ["sensory", "physical"] });
    let early = app.patch(owner, &person, told.clone()).await;
    assert_eq!((early.status, early.flaws()), (422, vec!["/disability not_consented".to_owned()]));
    let consent = app.create(owner, &format!("{person}/consents"), a_consent("disability", None)).await;
    let kept = app.patch(owner, &person, told).await;
    assert_eq!(kept.body["disability"], json!(["sensory", "physical"]), "{}", kept.text);
    assert_eq!(app.get(programme, &person).await.body["disability"], json!(["sensory", "physical"]));
    assert_eq!(found_in_clear(&app, &["sensory"]).await, Vec::<String>::new());
    app.act(owner, &format!("{person}/consents/{consent}"), json!({ "action": "withdraw" })).await;
    let after = app.get(owner, &person).await;
    assert_eq!((&after.body["disability"], &after.body["version"]), (&Value::Null, &json!(3)));
    let history = app.get(programme, &format!("{person}/history")).await;
    assert!(!history.text.contains("sensory"), "{}", history.text);
    let kinds: Vec<_> =
        history.body["data"].as_array().unwrap().iter().map(|event| event["type"].clone()).collect();
    assert!(kinds.contains(&json!("person.updated")) && kinds.contains(&json!("consent.withdrawn")));
    let gone = "select count(disability_sealed)::text as line from persons";
    assert_eq!(lines(&app, gone).await, ["0"]);
}

#[actix_web::test]
async fn consents_are_seen_by_the_person_the_programme_and_the_desks_that_have_the_business() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let siti = app.create(programme, "/v1/persons", a_known_person("Siti Aminah", NIK)).await;
    let (owner, desk) = (Caller::of(Role::Business, &siti), Caller::new(Role::Facilitation));
    let list = format!("/v1/persons/{siti}/consents");
    let path = format!("{list}/{}", app.create(owner, &list, a_consent("survey", None)).await);
    for stranger in [Caller::new(Role::Business), desk, Caller::new(Role::Cooperatives)] {
        for path in [&list, &path, &format!("{path}/transitions")] {
            assert_eq!(app.get(stranger, path).await.status, 404, "{stranger:?} {path}");
        }
    }
    for refused in [Role::Mentor, Role::Lender, Role::Standardisation, Role::Policy] {
        assert_eq!(app.get(Caller::new(refused), &list).await.status, 403, "{refused}");
    }
    given_a_shared_business(&app, &siti, "division:facilitation").await;
    assert_eq!(app.get(desk, &path).await.body["purpose"], "survey");
    let withdraw = json!({ "action": "withdraw" });
    assert_eq!(app.post(desk, &format!("{path}/transitions"), withdraw.clone()).await.status, 403);
    assert_eq!(app.post(desk, &list, a_signed_consent("survey", None)).await.status, 403);
    // Another person's consent does not answer under this one's address.
    let budi = app.create(programme, "/v1/persons", a_person("Budi")).await;
    let elsewhere = path.replace(&siti, &budi);
    assert_eq!(app.get(programme, &elsewhere).await.status, 404);
    assert_eq!(app.post(programme, &format!("{elsewhere}/transitions"), withdraw).await.status, 404);
}
