//! Persons through HTTP.

use diesel::{QueryableByName, sql_query, sql_types::Text};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use serde_json::{Value, json};
use seribu::access::Role;
use uuid::Uuid;

use crate::{
    businesses::a_business,
    postgres::fresh_database,
    support::{self, Caller, TestApp},
};

pub const NIK: &str = "9974014101900001";

pub fn a_person(name: &str) -> Value {
    json!({ "full_name": name })
}

/// With all that is personal.
pub fn a_known_person(name: &str, nik: &str) -> Value {
    json!({
        "full_name": name,
        "nik": nik,
        "npwp": nik,
        "gender": "female",
        "birth_year": 1990,
        "phone": "0812-3456-7890",
        "email": "Siti@Contoh.example",
        "village_code": "36.74.04.1002",
    })
}

/// Registers a business whose owner the person is, and shares it with the party, as text: `mentor:…`.
pub async fn given_a_shared_business(app: &TestApp, person: &str, party: &str) -> String {
    let programme = Caller::new(Role::Programme);
    let business = app.create(programme, "/v1/businesses", a_business("Dapur Bu Siti")).await;
    let mut database = app.database.as_app().await;
    let sql = format!(
        "insert into business_roles values ('{}', '{business}', '{person}', 'owner', true, '2026-01-01', null, 1, \
         now(), now()); insert into business_shares values ('{business}', '{party}', '{}', null)",
        Uuid::now_v7(),
        Uuid::now_v7(),
    );
    database.batch_execute(&sql).await.unwrap();
    business
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

pub async fn lines(app: &TestApp, sql: &str) -> Vec<String> {
    let mut database = app.database.as_owner().await;
    let lines: Vec<Line> = sql_query(sql).load(&mut database).await.unwrap();
    lines.into_iter().map(|line| line.line).collect()
}

/// Every table as text, with its name before each row; what is binary, as hexadecimal and as it reads.
pub async fn all_that_is_kept(app: &TestApp) -> Vec<String> {
    let tables =
        lines(app, "select tablename::text as line from pg_tables where schemaname = 'public'").await;
    let mut kept = Vec::new();
    for table in tables.iter().filter(|table| !table.starts_with("reference_")) {
        kept.extend(lines(app, &format!("select '{table}: ' || t::text as line from {table} t")).await);
    }
    kept
}

/// Where a text stands in a table in clear.
pub async fn found_in_clear(app: &TestApp, secrets: &[&str]) -> Vec<String> {
    let kept = all_that_is_kept(app).await;
    let hex = |secret: &str| secret.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
    let shows = |line: &&String| {
        secrets.iter().any(|secret| line.contains(*secret) || line.contains(hex(secret).as_str()))
    };
    kept.iter().filter(shows).cloned().collect()
}

#[actix_web::test]
async fn a_person_is_shown_with_masked_numbers_and_one_way_to_write_a_telephone() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let created = app.post(programme, "/v1/persons", a_known_person("Siti Aminah", NIK)).await;
    assert_eq!(created.status, 201, "{}", created.text);
    let path = format!("/v1/persons/{}", created.id());
    assert_eq!(created.header("location"), path);
    for reply in [created, app.get(programme, &path).await] {
        let shown = |field: &str| reply.body[field].clone();
        assert_eq!((shown("nik"), shown("npwp")), (json!("9974**********01"), json!("9974**********01")));
        assert_eq!((shown("phone"), shown("email")), (json!("+6281234567890"), json!("siti@contoh.example")));
        assert_eq!((shown("identity"), shown("disability")), (json!("declared"), Value::Null));
        assert!(!reply.text.contains(NIK));
    }
    let list = app.get(programme, "/v1/persons?village_code=36.74.04.1002&identity=declared&q=aminah").await;
    assert_eq!(list.body["data"][0]["phone"], "+6281234567890", "{}", list.text);
    assert_eq!(app.get(programme, "/v1/persons?q=budi").await.body["data"], json!([]));
}

#[actix_web::test]
async fn who_comes_without_a_nik_gets_one_later_and_is_declared_then() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let created = app.post(programme, "/v1/persons", a_person("Siti Aminah")).await;
    assert_eq!((created.status, &created.body["identity"]), (201, &json!("none")), "{}", created.text);
    let path = format!("/v1/persons/{}", created.id());
    let declared = app.patch(programme, &path, json!({ "nik": NIK })).await;
    assert_eq!(declared.body["identity"], "declared", "{}", declared.text);
    let verified = app.patch(programme, &path, json!({ "identity": "verified" })).await;
    assert_eq!(verified.body["identity"], "verified", "{}", verified.text);
    let other = app.patch(programme, &path, json!({ "nik": "9974014101900002" })).await;
    assert_eq!(
        (&other.body["identity"], &other.body["nik"]),
        (&json!("declared"), &json!("9974**********02"))
    );
    let none = app.patch(programme, &path, json!({ "nik": null, "identity": "verified" })).await;
    assert_eq!((none.status, none.flaws()), (422, vec!["/identity conflict".to_owned()]));
}

#[actix_web::test]
async fn what_is_wrong_with_a_person_comes_in_one_answer() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    for (nik, code) in [
        ("9974014101900000", "bad_format"), // serial 0000
        ("9974013202900001", "bad_format"), // day 32
        ("9974013002900001", "bad_format"), // 30 February
        ("9974017301900001", "bad_format"), // day 33 of a woman
        ("997401410190000", "bad_format"),
        ("9974**********01", "bad_format"),
        ("0074014101900001", "unknown_code"),
        ("1074014101900001", "retired_code"),
    ] {
        let reply = app.post(programme, "/v1/persons", json!({ "full_name": "Siti", "nik": nik })).await;
        let named = reply.flaws().contains(&format!("/nik {code}"));
        assert!(reply.status == 422 && named, "{nik}: {}", reply.text);
    }
    let body = json!({
        "full_name": "Siti",
        "npwp": NIK,
        "identity": "verified",
        "birth_year": 2027,
        "village_code": "36.74.09.1001",
        "disability": ["physical"],
        "external_ids": [{ "source": "ut", "value": "1" }, { "source": "ut", "value": "1" }],
    });
    let reply = app.post(programme, "/v1/persons", body).await;
    let mut flaws = reply.flaws();
    flaws.sort();
    let expected = [
        "/birth_year in_the_future",
        "/disability not_consented",
        "/external_ids/1 repeated",
        "/identity conflict",
        "/npwp conflict",
        "/village_code unknown_code",
    ];
    assert_eq!((reply.status, flaws), (422, expected.map(str::to_owned).to_vec()), "{}", reply.text);
}

#[actix_web::test]
async fn made_up_people_are_refused_where_the_installation_is_no_pilot() {
    let database = fresh_database().await;
    let mut settings = support::settings(&database).await;
    settings.shared.synthetic_allowed = false;
    let app = TestApp::with(database, settings);
    let reply = app.post(Caller::new(Role::Programme), "/v1/persons", a_known_person("Siti", NIK)).await;
    assert_eq!((reply.status, reply.flaws()), (422, vec!["/nik unknown_code".to_owned()]), "{}", reply.text);
}

#[actix_web::test]
async fn the_same_nik_is_the_same_person_who_is_named_to_who_may_see_her() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let siti = app.create(programme, "/v1/persons", a_known_person("Siti Aminah", NIK)).await;
    let again = app.post(programme, "/v1/persons", a_known_person("Siti A.", NIK)).await;
    assert_eq!((again.status, &again.body["type"]), (409, &json!("/problems/duplicate")));
    assert_eq!(again.body["duplicate_of"], format!("/v1/persons/{siti}"), "{}", again.text);
    let desk = app.post(Caller::new(Role::Facilitation), "/v1/persons", a_known_person("Siti", NIK)).await;
    assert_eq!((desk.status, &desk.body["duplicate_of"]), (409, &Value::Null), "{}", desk.text);
    let budi = app.create(programme, "/v1/persons", a_person("Budi")).await;
    let changed = app.patch(programme, &format!("/v1/persons/{budi}"), json!({ "nik": NIK })).await;
    assert_eq!(changed.body["duplicate_of"], format!("/v1/persons/{siti}"), "{}", changed.text);
    let body = json!({ "full_name": "A", "external_ids": [{ "source": "dtsen", "value": "7" }] });
    let first = app.create(programme, "/v1/persons", body.clone()).await;
    let second = app.post(programme, "/v1/persons", body).await;
    assert_eq!(second.body["duplicate_of"], format!("/v1/persons/{first}"), "{}", second.text);
    let given_up = app.patch(programme, &format!("/v1/persons/{first}"), json!({ "external_ids": [] })).await;
    assert_eq!(given_up.status, 200, "{}", given_up.text);
    app.create(
        programme,
        "/v1/persons",
        json!({ "full_name": "B", "external_ids": [{ "source": "dtsen", "value": "7" }] }),
    )
    .await;
}

#[actix_web::test]
async fn two_who_register_one_nik_at_once_register_one_person() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let register = || app.post(programme, "/v1/persons", a_known_person("Siti Aminah", NIK));
    let replies = futures_util::future::join_all((0..6).map(|_| register())).await;
    let mut statuses: Vec<_> = replies.iter().map(|reply| reply.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409, 409]);
}

#[actix_web::test]
async fn a_patch_keeps_what_it_does_not_name_and_refuses_a_masked_number() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let siti = app.create(programme, "/v1/persons", a_known_person("Siti Aminah", NIK)).await;
    let path = format!("/v1/persons/{siti}");
    let masked = app.patch(programme, &path, json!({ "nik": "9974**********01" })).await;
    assert_eq!((masked.status, masked.flaws()), (422, vec!["/nik bad_format".to_owned()]));
    let sealed = "select nik_sealed::text || nik_index::text as line from persons";
    let before = lines(&app, sealed).await;
    let changed = app.patch(programme, &path, json!({ "phone": "+62 811 1111 111" })).await;
    assert_eq!((changed.status, &changed.body["phone"]), (200, &json!("+628111111111")), "{}", changed.text);
    assert_eq!(lines(&app, sealed).await, before);
    let asked = json!({ "nik": NIK });
    let found = app.post(programme, "/v1/persons/lookup", asked).await;
    assert_eq!(found.body["data"][0]["id"], siti, "{}", found.text);
    let old = app.post(programme, "/v1/persons/lookup", json!({ "phone": "0812-3456-7890" })).await;
    assert_eq!(old.body["data"], json!([]));
}

#[actix_web::test]
async fn who_knows_a_value_finds_the_person_and_it_is_recorded_without_the_value() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let siti = app.create(programme, "/v1/persons", a_known_person("Siti Aminah", NIK)).await;
    let desk = Caller::new(Role::Facilitation);
    for (key, value) in
        [("nik", NIK), ("npwp", NIK), ("phone", "(0812) 3456 7890"), ("email", " SITI@contoh.example ")]
    {
        let found = app.post(desk, "/v1/persons/lookup", json!({ key: value })).await;
        assert_eq!(found.status, 200, "{}", found.text);
        let person = &found.body["data"][0];
        assert_eq!((&person["id"], &person["full_name"]), (&json!(siti), &json!("Siti Aminah")));
        assert_eq!(person["nik"], "9974**********01");
        assert!(person.get("phone").is_none());
    }
    let nobody = app.post(desk, "/v1/persons/lookup", json!({ "nik": "9974014101900009" })).await;
    assert_eq!((nobody.status, &nobody.body["data"]), (200, &json!([])));
    let none = app.post(desk, "/v1/persons/lookup", json!({})).await;
    assert_eq!((none.status, none.flaws()), (422, vec!["/nik required".to_owned()]));
    let two = app.post(desk, "/v1/persons/lookup", json!({ "nik": NIK, "email": "a@b.example" })).await;
    assert_eq!((two.status, two.flaws()), (422, vec!["/email unknown".to_owned()]));
    for role in [Role::Mentor, Role::Business, Role::Lender, Role::Admin, Role::Policy] {
        let reply = app.post(Caller::new(role), "/v1/persons/lookup", json!({ "nik": NIK })).await;
        assert_eq!(reply.status, 403, "{role}");
    }
    let recorded = "select actor_id || ' ' || actor_role || ' ' || by || ' ' || cardinality(found) as line \
                    from person_lookups order by looked_at, id";
    let expected: Vec<_> = [("nik", 1), ("npwp", 1), ("phone", 1), ("email", 1), ("nik", 0)]
        .map(|(by, found)| format!("{} facilitation {by} {found}", desk.user))
        .to_vec();
    assert_eq!(lines(&app, recorded).await, expected);
    let erase = "delete from person_lookups";
    assert!(app.database.as_app().await.batch_execute(erase).await.is_err());
    assert!(app.database.as_owner().await.batch_execute(erase).await.is_err());
}

#[actix_web::test]
async fn nothing_personal_stands_in_clear_in_the_database_and_no_name_in_the_log() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let request = app.request(actix_web::http::Method::POST, "/v1/persons");
    let request = request.bearer_auth(programme.token(|_| ())).insert_header(("idempotency-key", "k"));
    let body = a_known_person("Siti Aminah", NIK).to_string();
    let siti = app.send(request.content_type("application/json"), body).await.id();
    let path = format!("/v1/persons/{siti}");
    let patch = json!({ "phone": "0811-1111-111", "full_name": "Siti Aminah Putri" });
    assert_eq!(app.patch(programme, &path, patch).await.status, 200);
    app.post(programme, "/v1/persons/lookup", json!({ "nik": NIK })).await;
    let secrets = [NIK, "9974****", "81234567890", "8111111111", "iti@contoh.example", "iti@Contoh.example"];
    let in_clear = found_in_clear(&app, &secrets).await;
    // The mask is what everyone sees; it stands in the person's row alone.
    let masks: Vec<_> = in_clear.iter().filter(|line| !line.starts_with("persons: ")).collect();
    assert!(masks.is_empty(), "{masks:?}");
    let secrets = [NIK, "81234567890", "8111111111", "iti@contoh.example"];
    assert_eq!(found_in_clear(&app, &secrets).await, Vec::<String>::new());
    let names = found_in_clear(&app, &["Siti Aminah"]).await;
    assert!(!names.is_empty() && names.iter().all(|line| line.starts_with("persons: ")), "{names:?}");
}

#[actix_web::test]
async fn a_history_shows_what_was_to_who_may_see_it() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let siti = app.create(programme, "/v1/persons", a_known_person("Siti Aminah", NIK)).await;
    let path = format!("/v1/persons/{siti}");
    app.patch(programme, &path, json!({ "phone": "0811-1111-111" })).await;
    let history = app.get(programme, &format!("{path}/history")).await;
    assert_eq!(
        history.body["data"][0]["data"],
        json!({ "before": { "phone": "+6281234567890" }, "after": { "phone": "+628111111111" } }),
        "{}",
        history.text
    );
    assert_eq!(history.body["data"][1]["data"]["after"]["nik"], "9974**********01");
    let own = app.get(Caller::of(Role::Business, &siti), &format!("{path}/history")).await;
    assert_eq!(own.body["data"][0]["type"], "person.updated", "{}", own.text);
}

#[actix_web::test]
async fn a_person_is_seen_by_herself_and_through_the_businesses_in_which_she_is_somebody() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let siti = app.create(programme, "/v1/persons", a_known_person("Siti Aminah", NIK)).await;
    let path = format!("/v1/persons/{siti}");
    let (mentor, lender) = (Caller::new(Role::Mentor), Caller::new(Role::Lender));
    for stranger in [mentor, lender, Caller::new(Role::Business), Caller::new(Role::Facilitation)] {
        assert_eq!(app.get(stranger, &path).await.status, 404, "{stranger:?}");
        assert_eq!(app.get(stranger, "/v1/persons").await.body["data"], json!([]));
    }
    for refused in [Role::Policy, Role::Admin, Role::Institution] {
        assert_eq!(app.get(Caller::new(refused), &path).await.status, 403, "{refused}");
    }
    let party = format!("mentor:{}", mentor.subject.unwrap());
    given_a_shared_business(&app, &siti, &party).await;
    let seen = app.get(mentor, &path).await;
    assert_eq!((seen.status, &seen.body["phone"]), (200, &json!("+6281234567890")));
    assert_eq!((&seen.body["hidden"], &seen.body["disability"]), (&json!(["disability"]), &Value::Null));
    assert_eq!(app.get(lender, &path).await.status, 404);
    // The audience of what happens then says the same.
    app.patch(programme, &path, json!({ "birth_year": 1991 })).await;
    let audience =
        lines(&app, "select unnest(audience) as line from events where kind = 'person.updated'").await;
    assert!(audience.contains(&party) && audience.contains(&format!("person:{siti}")), "{audience:?}");
    assert_eq!(audience.len(), 3, "{audience:?}");
    let mut database = app.database.as_app().await;
    database.batch_execute("update business_roles set to_date = '2026-02-01'").await.unwrap();
    assert_eq!(app.get(mentor, &path).await.status, 404);
}

#[actix_web::test]
async fn an_owner_changes_herself_but_not_how_well_she_is_known() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let siti = app.create(programme, "/v1/persons", a_person("Siti Aminah")).await;
    let (path, owner) = (format!("/v1/persons/{siti}"), Caller::of(Role::Business, &siti));
    let own = app.patch(owner, &path, json!({ "nik": NIK, "phone": "0812-3456-7890" })).await;
    assert_eq!((own.status, &own.body["identity"]), (200, &json!("declared")), "{}", own.text);
    let verified = app.patch(owner, &path, json!({ "identity": "verified" })).await;
    assert_eq!((verified.status, verified.flaws()), (422, vec!["/identity not_yours".to_owned()]));
    app.patch(programme, &path, json!({ "identity": "verified" })).await;
    let late = app.patch(owner, &path, json!({ "full_name": "Ani", "nik": "9974014101900002" })).await;
    assert_eq!(late.flaws(), ["/full_name not_yours", "/nik not_yours"], "{}", late.text);
    assert_eq!(app.patch(owner, &path, json!({ "village_code": "36.74.04.1002" })).await.status, 200);
    assert_eq!(app.post(owner, "/v1/persons", a_person("Budi")).await.status, 403);
    let other = app.create(programme, "/v1/persons", a_person("Budi")).await;
    assert_eq!(
        app.patch(owner, &format!("/v1/persons/{other}"), json!({ "birth_year": 1990 })).await.status,
        404
    );
}

#[actix_web::test]
async fn another_municipal_system_sees_names_and_numbers_only_with_leave_to() {
    let app = TestApp::start().await;
    let siti =
        app.create(Caller::new(Role::Programme), "/v1/persons", a_known_person("Siti Aminah", NIK)).await;
    let ask = async |path: &str, more: &str| {
        let token = Caller::new(Role::System).token(|claims| {
            claims.rows_as = Some(Role::Programme);
            claims.scope = format!("persons:read {more}");
        });
        app.send(app.request(actix_web::http::Method::GET, path).bearer_auth(token), "").await
    };
    let path = format!("/v1/persons/{siti}");
    let blank = ask(&path, "").await;
    assert_eq!(
        (&blank.body["full_name"], &blank.body["phone"]),
        (&Value::Null, &Value::Null),
        "{}",
        blank.text
    );
    assert_eq!(ask(&path, "pii:read").await.body["full_name"], "Siti Aminah");
    let named = ask("/v1/persons?q=siti", "").await;
    assert_eq!((named.status, named.flaws()), (422, vec!["q hidden".to_owned()]), "{}", named.text);
    assert_eq!(ask("/v1/persons?q=siti", "pii:read").await.body["data"][0]["id"], siti);
}
