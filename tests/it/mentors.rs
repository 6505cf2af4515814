//! Mentors through HTTP.

use actix_web::http::Method;
use serde_json::{Value, json};
use seribu::access::Role;

use crate::{
    institutions::an_institution,
    persons::found_in_clear,
    support::{Caller, TestApp},
};

/// A practitioner without an institution.
pub fn a_mentor(name: &str, email: &str) -> Value {
    json!({
        "kind": "practitioner",
        "full_name": name,
        "email": email,
        "phone": "0813-2222-3333",
        "expertise": ["accounting", "finance"],
        "subsectors": ["kuliner"],
        "districts": ["36.74.04"],
        "capacity_offered": 3,
    })
}

/// A university, and who acts for it.
pub async fn given_a_university(app: &TestApp, code: &str) -> (String, Caller) {
    let id = app
        .create(Caller::new(Role::Programme), "/v1/institutions", an_institution(code, "university"))
        .await;
    let client = Caller::of(Role::Institution, &id);
    (id, client)
}

/// One who may be proposed: registered and activated by the programme.
pub async fn given_an_active_mentor(app: &TestApp, email: &str) -> (String, Caller) {
    let programme = Caller::new(Role::Programme);
    let id = app.create(programme, "/v1/mentors", a_mentor("Rina Kusuma", email)).await;
    app.act(programme, &format!("/v1/mentors/{id}"), json!({ "action": "activate" })).await;
    let caller = Caller::of(Role::Mentor, &id);
    (id, caller)
}

/// `body` with some of its fields otherwise.
fn but(mut body: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

#[actix_web::test]
async fn an_institution_registers_its_lecturers_whom_the_programme_activates() {
    let app = TestApp::start().await;
    let (university, client) = given_a_university(&app, "ut").await;
    let lecturer = but(
        a_mentor("Rina Kusuma", "Rina@Kampus.example"),
        json!({
            "kind": "academic",
            "titles": "S.E., M.Ak.",
            "academic_id": { "kind": "nidn", "value": "0412345678" },
            "capacity_offered": 9,
            "external_ids": [{ "source": "ut", "value": "P-17" }],
        }),
    );
    let created = app.post(client, "/v1/mentors", lecturer).await;
    assert_eq!(created.status, 201, "{}", created.text);
    let shown = |field: &str| created.body[field].clone();
    assert_eq!((shown("institution_id"), shown("status")), (json!(university), json!("candidate")));
    assert_eq!((shown("capacity"), shown("capacity_offered")), (json!(5), json!(9)));
    assert_eq!((shown("email"), shown("phone")), (json!("rina@kampus.example"), json!("+6281322223333")));
    assert_eq!((shown("source"), shown("last_synced_at")), (json!("manual"), Value::Null));
    let path = format!("/v1/mentors/{}", created.id());
    let activate = json!({ "action": "activate" });
    assert_eq!(app.post(client, &format!("{path}/transitions"), activate.clone()).await.status, 403);
    let active = app.act(Caller::new(Role::Programme), &path, activate.clone()).await;
    assert_eq!((&active["status"], &active["version"]), (&json!("active"), &json!(2)));
    let again = app.post(Caller::new(Role::Programme), &format!("{path}/transitions"), activate).await;
    assert_eq!((again.status, &again.body["possible"]), (409, &json!(["leave", "end"])), "{}", again.text);
}

#[actix_web::test]
async fn an_institution_registers_for_itself_alone_and_says_nothing_for_the_programme() {
    let app = TestApp::start().await;
    let (_, client) = given_a_university(&app, "ut").await;
    let (other, _) = given_a_university(&app, "uin").await;
    let flaws = async |changes: Value| {
        let body = but(a_mentor("Rina", "rina@kampus.example"), changes);
        let reply = app.post(client, "/v1/mentors", body).await;
        assert_eq!(reply.status, 422, "{}", reply.text);
        reply.flaws()
    };
    assert_eq!(flaws(json!({ "institution_id": other })).await, ["/institution_id not_yours"]);
    assert_eq!(flaws(json!({ "capacity": 3 })).await, ["/capacity not_yours"]);
    assert_eq!(
        flaws(json!({ "expertise_confirmed": ["finance"] })).await,
        ["/expertise_confirmed not_yours"]
    );
    let foreign = json!({ "external_ids": [{ "source": "uin", "value": "1" }] });
    assert_eq!(flaws(foreign).await, ["/external_ids/0/source not_allowed"]);
}

#[actix_web::test]
async fn what_is_wrong_with_a_mentor_comes_in_one_answer() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let (university, _) = given_a_university(&app, "ut").await;
    let network = an_institution("jaringan", "practitioner_network");
    let network = app.create(programme, "/v1/institutions", network).await;
    for (changes, flaws) in [
        (
            json!({
                "kind": "academic",
                "academic_id": { "kind": "nuptk", "value": "0412345678" },
                "expertise": ["legal", "legal"],
                "subsectors": ["kuliner", "culinary"],
                "districts": ["36.71.01"],
                "external_ids": [{ "source": "a1", "value": "1" }, { "source": "a1", "value": "1" }],
            }),
            vec![
                "/academic_id/value bad_format",
                "/districts/0 unknown_code",
                "/expertise/1 repeated",
                "/external_ids/1 repeated",
                "/institution_id required",
                "/subsectors/1 unknown_code",
            ],
        ),
        (json!({ "expertise": [] }), vec!["/expertise too_short"]),
        (json!({ "kind": "academic", "institution_id": network }), vec!["/institution_id conflict"]),
        (
            json!({ "institution_id": "01930000-0000-7000-8000-000000000000" }),
            vec!["/institution_id no_such_record"],
        ),
        (json!({ "capacity": -1, "email": "rina" }), vec!["/capacity too_small", "/email bad_format"]),
    ] {
        let reply =
            app.post(programme, "/v1/mentors", but(a_mentor("Rina", "r@kampus.example"), changes)).await;
        let mut found = reply.flaws();
        found.sort();
        assert_eq!(
            (reply.status, found),
            (422, flaws.into_iter().map(str::to_owned).collect()),
            "{}",
            reply.text
        );
    }
    let change = json!({ "status": "inactive" });
    assert_eq!(app.patch(programme, &format!("/v1/institutions/{university}"), change).await.status, 200);
    let late = but(a_mentor("Rina", "r@kampus.example"), json!({ "institution_id": university }));
    assert_eq!(app.post(programme, "/v1/mentors", late).await.flaws(), ["/institution_id conflict"]);
}

#[actix_web::test]
async fn each_field_is_changed_by_who_keeps_it() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let (university, client) = given_a_university(&app, "ut").await;
    let body = but(a_mentor("Rina Kusuma", "rina@kampus.example"), json!({ "institution_id": university }));
    let id = app.create(programme, "/v1/mentors", body).await;
    let (path, mentor) = (format!("/v1/mentors/{id}"), Caller::of(Role::Mentor, &id));
    let values = json!({
        "kind": "practitioner",
        "institution_id": university,
        "full_name": "Rina K.",
        "titles": "S.E.",
        "academic_id": { "kind": "nidn", "value": "0412345678" },
        "email": "rina@rumah.example",
        "phone": "0813-4444-5555",
        "expertise": ["legal", "finance"],
        "subsectors": ["kriya"],
        "districts": ["36.74.05"],
        "capacity_offered": 7,
        "external_ids": [{ "source": "ut", "value": "P-17" }],
        "capacity": 6,
        "expertise_confirmed": ["legal"],
    });
    let own = ["email", "phone", "expertise", "subsectors", "districts", "capacity_offered"];
    let programmes = ["capacity", "expertise_confirmed"];
    for (field, value) in values.as_object().unwrap() {
        for (caller, may) in [
            (programme, programmes.contains(&field.as_str())),
            (client, !programmes.contains(&field.as_str())),
            (mentor, own.contains(&field.as_str())),
        ] {
            let reply = app.patch(caller, &path, json!({ field: value })).await;
            let expected = if may { (200, vec![]) } else { (422, vec![format!("/{field} not_yours")]) };
            assert_eq!((reply.status, reply.flaws()), expected, "{} {field}: {}", caller.role, reply.text);
        }
    }
    let gone = app.patch(client, &path, json!({ "institution_id": null, "phone": null })).await;
    assert_eq!((&gone.body["institution_id"], &gone.body["phone"]), (&json!(university), &Value::Null));
    // Who has no institution is the programme's.
    let free = app.create(programme, "/v1/mentors", a_mentor("Dewi", "dewi@contoh.example")).await;
    let renamed =
        app.patch(programme, &format!("/v1/mentors/{free}"), json!({ "full_name": "Dewi A." })).await;
    assert_eq!((renamed.status, &renamed.body["capacity"]), (200, &json!(3)), "{}", renamed.text);
}

#[actix_web::test]
async fn an_address_and_a_partner_s_id_belong_to_one_mentor() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let (id, _) = given_an_active_mentor(&app, "rina@contoh.example").await;
    let path = format!("/v1/mentors/{id}");
    let again = app.post(programme, "/v1/mentors", a_mentor("R.", " RINA@contoh.example")).await;
    assert_eq!((again.status, &again.body["duplicate_of"]), (409, &json!(path)), "{}", again.text);
    let (_, client) = given_a_university(&app, "ut").await;
    let unseen = app.post(client, "/v1/mentors", a_mentor("R.", "rina@contoh.example")).await;
    assert_eq!((unseen.status, &unseen.body["duplicate_of"]), (409, &Value::Null), "{}", unseen.text);
    let with_id =
        |email| but(a_mentor("Ani", email), json!({ "external_ids": [{ "source": "ut", "value": "7" }] }));
    let ani = app.create(client, "/v1/mentors", with_id("ani@contoh.example")).await;
    let same = app.post(client, "/v1/mentors", with_id("budi@contoh.example")).await;
    assert_eq!(same.body["duplicate_of"], format!("/v1/mentors/{ani}"), "{}", same.text);
    let taken =
        app.patch(client, &format!("/v1/mentors/{ani}"), json!({ "email": "rina@contoh.example" })).await;
    assert_eq!(taken.status, 409, "{}", taken.text);
    let end = json!({ "action": "end" });
    let reply = app.post(programme, &format!("{path}/transitions"), end).await;
    assert_eq!(reply.flaws(), ["/reason_code required"], "{}", reply.text);
    let ended = app.act(programme, &path, json!({ "action": "end", "reason_code": "contract_ended" })).await;
    assert_eq!(ended["status"], "ended");
    assert_eq!(app.get(programme, &path).await.status, 200);
    app.create(programme, "/v1/mentors", a_mentor("Rina Kusuma", "rina@contoh.example")).await;
}

#[actix_web::test]
async fn mentors_are_seen_by_themselves_their_institution_and_the_programme() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let (_, client) = given_a_university(&app, "ut").await;
    let id = app.create(client, "/v1/mentors", a_mentor("Rina", "rina@kampus.example")).await;
    let path = format!("/v1/mentors/{id}");
    let other = app.create(programme, "/v1/mentors", a_mentor("Dewi", "dewi@contoh.example")).await;
    for caller in [client, Caller::of(Role::Mentor, &id)] {
        let list = app.get(caller, "/v1/mentors?with_total=true").await;
        assert_eq!(
            (&list.body["total"], &list.body["data"][0]["id"]),
            (&json!(1), &json!(id)),
            "{}",
            list.text
        );
        for unseen in [format!("/v1/mentors/{other}"), format!("/v1/mentors/{other}/history")] {
            assert_eq!(app.get(caller, &unseen).await.status, 404);
        }
        assert_eq!(
            app.patch(caller, &format!("/v1/mentors/{other}"), json!({ "phone": null })).await.status,
            404
        );
        assert_eq!(app.get(caller, &path).await.body["email"], "rina@kampus.example");
    }
    let policy = app.get(Caller::new(Role::Policy), &path).await;
    assert_eq!((&policy.body["email"], &policy.body["hidden"]), (&Value::Null, &json!(["email", "phone"])));
    for refused in [Role::Admin, Role::Facilitation, Role::Lender, Role::Cooperative] {
        assert_eq!(app.get(Caller::new(refused), &path).await.status, 403, "{refused}");
    }
    assert_eq!(
        app.post(Caller::of(Role::Mentor, &id), "/v1/mentors", a_mentor("A", "a@b.example")).await.status,
        403
    );
    assert_eq!(app.ask(programme, Method::DELETE, &path, Value::Null).await.status, 405);
}

#[actix_web::test]
async fn mentors_are_found_by_what_they_know_and_where_they_work() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let rina = app.create(programme, "/v1/mentors", a_mentor("Rina", "rina@contoh.example")).await;
    let other = but(
        a_mentor("Dewi", "dewi@contoh.example"),
        json!({ "expertise": ["legal"], "subsectors": ["kriya"], "districts": ["36.74.01", "36.74.02"] }),
    );
    let dewi = app.create(programme, "/v1/mentors", other).await;
    app.act(programme, &format!("/v1/mentors/{dewi}"), json!({ "action": "activate" })).await;
    for (filter, found) in [
        ("expertise=finance,design", vec![&rina]),
        ("expertise=legal,finance", vec![&dewi, &rina]),
        ("subsectors=kriya", vec![&dewi]),
        ("districts=36.74.02,36.74.07", vec![&dewi]),
        ("status=candidate", vec![&rina]),
        ("kind=academic", vec![]),
        ("q=ina", vec![&rina]),
        ("institution_id=01930000-0000-7000-8000-000000000000", vec![]),
    ] {
        let list = app.get(programme, &format!("/v1/mentors?{filter}")).await;
        let ids: Vec<_> = list.body["data"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
        assert_eq!(ids, found.into_iter().map(|id| json!(id)).collect::<Vec<_>>(), "{filter}: {}", list.text);
    }
    let unknown = app.get(programme, "/v1/mentors?expertise=magic").await;
    assert_eq!((unknown.status, unknown.flaws()), (422, vec!["expertise invalid".to_owned()]));
}

#[actix_web::test]
async fn how_to_reach_a_mentor_stands_nowhere_in_clear_and_no_name_in_the_log() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let (id, mentor) = given_an_active_mentor(&app, "rina@contoh.example").await;
    let path = format!("/v1/mentors/{id}");
    app.patch(mentor, &path, json!({ "phone": "0813-4444-5555" })).await;
    let secrets = ["rina@contoh.example", "81322223333", "81344445555"];
    assert_eq!(found_in_clear(&app, &secrets).await, Vec::<String>::new());
    let names = found_in_clear(&app, &["Rina Kusuma"]).await;
    assert!(!names.is_empty() && names.iter().all(|line| line.starts_with("mentors: ")), "{names:?}");
    let history = app.get(programme, &format!("{path}/history")).await;
    let changed = json!({ "before": { "phone": "+6281322223333" }, "after": { "phone": "+6281344445555" } });
    assert_eq!(history.body["data"][0]["data"], changed, "{}", history.text);
    let kinds: Vec<_> =
        history.body["data"].as_array().unwrap().iter().map(|event| event["type"].clone()).collect();
    assert_eq!(kinds, [json!("mentor.updated"), json!("mentor.active"), json!("mentor.created")]);
    let moves = app.get(mentor, &format!("{path}/transitions")).await;
    assert_eq!(moves.body["data"][0]["type"], "mentor.active", "{}", moves.text);
    assert_eq!(moves.body["available_actions"][1]["why_not"], "not_permitted");
}
