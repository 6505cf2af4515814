//! What waits for whom, through HTTP.

mod calendar;

use std::collections::{BTreeMap, BTreeSet};

use actix_web::http::Method;
use serde_json::{Value, json};
use seribu::{access::Role, ids::UserId};
use uuid::Uuid;

use crate::{
    accounts::{get_with, given_a_user, send},
    assessments::Desk,
    capital_referrals::Case as Referral,
    mentorships::Scene,
    pilot::a_pilot,
    support::{Caller, TestApp},
};

/// The caller, with an account.
pub async fn with_an_account(app: &TestApp, caller: Caller, email: &str) -> Caller {
    let grants = json!([{ "role": caller.role, "subject_id": caller.subject }]);
    let (id, _) = given_a_user(app, email, grants).await;
    Caller { user: UserId(Uuid::parse_str(&id).unwrap()), ..caller }
}

pub async fn agenda(app: &TestApp, caller: Caller) -> Value {
    let reply = app.get(caller, "/v1/me/agenda").await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.body
}

fn kinds(agenda: &Value) -> Vec<&str> {
    agenda["data"].as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap()).collect()
}

fn entry<'a>(agenda: &'a Value, kind: &str) -> &'a Value {
    let found = agenda["data"].as_array().unwrap().iter().find(|entry| entry["kind"] == kind);
    found.unwrap_or_else(|| panic!("no {kind} in {agenda}"))
}

#[actix_web::test]
async fn a_mentor_sees_what_he_is_asked_and_what_comes_and_no_other_mentor_does() {
    let scene = Scene::start().await;
    let app = &scene.app;
    assert_eq!(agenda(app, scene.mentor).await, json!({ "data": [], "total": 0, "late": 0 }));
    let id = scene.proposed().await;
    let proposed = agenda(app, scene.mentor).await;
    let answer = entry(&proposed, "answer_proposal");
    assert_eq!((&answer["due_on"], &answer["late"]), (&json!("2026-12-01"), &json!(false)));
    assert_eq!(answer["subject"]["path"], format!("/v1/mentorships/{id}"));
    assert_eq!((&answer["words"], &proposed["total"]), (&json!("Jawab usulan pendampingan"), &json!(1)));
    let path = format!("/v1/mentorships/{id}");
    app.act(scene.mentor, &path, json!({ "action": "accept" })).await;
    assert_eq!(kinds(&agenda(app, scene.mentor).await), ["start_mentorship"]);
    scene.run_cohort().await;
    app.act(scene.mentor, &path, json!({ "action": "start" })).await;
    let mut session = scene.a_session();
    session["planned_at"] = json!("2026-11-25T02:00:00Z");
    let session = app.create(scene.mentor, &format!("{path}/sessions"), session).await;
    for caller in [scene.mentor, scene.owner] {
        let planned = agenda(app, caller).await;
        let comes = entry(&planned, "session_planned");
        assert_eq!((&comes["starts_at"], &comes["minutes"]), (&json!("2026-11-25T02:00:00Z"), &json!(90)));
        assert_eq!(comes["subject"]["path"], format!("{path}/sessions/{session}"));
    }
    app.set_clock("2026-11-25T05:00:00Z".parse().unwrap());
    let past = agenda(app, scene.mentor).await;
    assert_eq!((kinds(&past)[0], &past["late"]), ("report_session", &json!(1)));
    assert_eq!(kinds(&agenda(app, scene.owner).await), Vec::<&str>::new());
    let other = scene.another_mentor(3).await;
    assert_eq!(agenda(app, other).await["total"], 0);
}

#[actix_web::test]
async fn what_was_held_waits_for_the_owner_and_what_was_agreed_is_late_after_its_day() {
    let scene = Scene::start().await;
    let app = &scene.app;
    let id = scene.active().await;
    let session = scene.held(&id).await;
    let path = format!("/v1/mentorships/{id}/sessions/{session}");
    assert_eq!(kinds(&agenda(app, scene.mentor).await), ["agreed_action", "await_confirmation"]);
    let of_owner = agenda(app, scene.owner).await;
    assert_eq!(kinds(&of_owner), ["agreed_action", "confirm_session"]);
    assert_eq!(entry(&of_owner, "confirm_session")["subject"]["path"], path);
    assert_eq!(entry(&of_owner, "agreed_action")["due_on"], "2026-12-01");
    app.act(scene.owner, &path, json!({ "action": "confirm" })).await;
    for (at, late) in [("2026-12-01T16:59:00Z", false), ("2026-12-01T17:00:00Z", true)] {
        // Midnight is the city's.
        app.set_clock(at.parse().unwrap());
        let of_owner = agenda(app, scene.owner).await;
        assert_eq!((kinds(&of_owner), &of_owner["data"][0]["late"]), (vec!["agreed_action"], &json!(late)));
    }
    let action = entry(&agenda(app, scene.owner).await, "agreed_action")["subject"]["path"].clone();
    let done = app.patch(scene.owner, action.as_str().unwrap(), json!({ "done_on": "2026-12-01" })).await;
    assert_eq!(done.status, 200, "{}", done.text);
    assert_eq!(agenda(app, scene.owner).await["total"], 0);
}

#[actix_web::test]
async fn assessments_wait_for_who_reviews_them_and_an_objection_for_the_programme() {
    let desk = Desk::start().await;
    let Scene { app, programme, mentor, owner, .. } = &desk.scene;
    let own = desk.draft(*owner, desk.a_self_assessment()).await;
    assert_eq!(kinds(&agenda(app, *owner).await), ["finish_self_assessment"]);
    app.act(*owner, &own, json!({ "action": "submit" })).await;
    assert_eq!(entry(&agenda(app, *mentor).await, "review_self_assessment")["subject"]["path"], own);
    let path = desk.draft(*mentor, desk.a_mentors("mentor")).await;
    assert!(kinds(&agenda(app, *mentor).await).contains(&"finish_assessment"));
    app.act(*mentor, &path, json!({ "action": "submit" })).await;
    assert_eq!(entry(&agenda(app, *programme).await, "review_assessment")["subject"]["path"], path);
    app.act(*programme, &path, json!({ "action": "review" })).await;
    let window = agenda(app, *owner).await;
    assert_eq!(entry(&window, "object_to_assessment")["due_on"], "2026-12-24");
    app.act(*owner, &path, json!({ "action": "object", "reason_code": "facts_wrong" })).await;
    let objected = agenda(app, *programme).await;
    assert_eq!(entry(&objected, "decide_objection")["due_on"], "2026-12-08", "{objected}");
    assert!(!kinds(&agenda(app, *owner).await).contains(&"object_to_assessment"));
    let opened = app.eventually(*programme, "/v1/hand-overs?status=open&division=cooperatives", |reply| {
        reply.body["data"].as_array().is_some_and(|data| !data.is_empty())
    });
    let hand_over = opened.await.body["data"][0].clone();
    let desk_of = agenda(app, Caller::new(Role::Cooperatives)).await;
    assert_eq!(entry(&desk_of, "take_hand_over")["subject"]["id"], hand_over["id"]);
    assert_eq!(entry(&desk_of, "take_hand_over")["due_on"], hand_over["due_on"]);
    assert!(!kinds(&agenda(app, *programme).await).contains(&"take_hand_over"));
}

#[actix_web::test]
async fn a_referral_goes_from_one_agenda_to_the_next() {
    let case = Referral::drafted().await;
    let app = &case.scene.app;
    let (owner, officer) = (case.scene.owner, case.officer());
    let only = async |caller: Caller| {
        let agenda = agenda(app, caller).await;
        let kinds: Vec<_> = kinds(&agenda).into_iter().filter(|it| it.ends_with("referral")).collect();
        kinds.join(" ")
    };
    assert_eq!(only(owner).await, "submit_referral");
    case.goes(owner, json!({ "action": "submit" }), "submitted").await;
    assert_eq!((only(owner).await, only(officer).await), (String::new(), "review_referral".into()));
    case.goes(officer, json!({ "action": "start_review" }), "under_review").await;
    assert_eq!(only(officer).await, "recommend_referral");
    case.goes(officer, json!({ "action": "return", "missing": ["ktp"] }), "returned").await;
    let returned = agenda(app, owner).await;
    assert_eq!(entry(&returned, "complete_referral")["due_on"], "2026-12-08", "{returned}");
    assert_eq!(only(officer).await, "");
    let case = Referral::forwarded().await;
    let of_lender = agenda(&case.scene.app, case.lender()).await;
    assert_eq!(kinds(&of_lender), ["decide_referral"]);
    assert_eq!(agenda(&case.scene.app, Caller::new(Role::Lender)).await["total"], 0);
}

#[actix_web::test]
async fn a_mentor_on_leave_is_to_be_replaced() {
    let scene = Scene::start().await;
    let app = &scene.app;
    let id = scene.active().await;
    let mentor = format!("/v1/mentors/{}", scene.mentor.subject.unwrap());
    app.act(scene.programme, &mentor, json!({ "action": "leave", "reason_code": "illness" })).await;
    let waits = agenda(app, scene.programme).await;
    assert_eq!(entry(&waits, "replace_mentor")["subject"]["path"], format!("/v1/mentorships/{id}"));
    let other = scene.another_mentor(3).await;
    let transfer =
        json!({ "action": "transfer", "reason_code": "mentor_unavailable", "mentor_id": other.subject });
    assert_eq!(scene.move_it(scene.programme, &id, transfer).await.status, 200);
    assert!(!kinds(&agenda(app, scene.programme).await).contains(&"replace_mentor"));
    assert_eq!(kinds(&agenda(app, other).await), ["answer_transfer"]);
}

#[actix_web::test]
async fn in_the_pilot_each_entry_leads_where_its_reader_may_look() {
    let (app, known) = a_pilot().await;
    let mut found: BTreeMap<Role, BTreeSet<String>> = BTreeMap::new();
    for login in &known.logins {
        let body = json!({ "email": login.email, "password": login.password, "role": login.role });
        let tokens = send(&app, "/v1/auth/login", body).await;
        let agenda = get_with(&app, tokens.access_token(), "/v1/me/agenda").await;
        assert_eq!(agenda.status, 200, "{}", agenda.text);
        assert_eq!(agenda.body["total"], agenda.body["data"].as_array().unwrap().len());
        for entry in agenda.body["data"].as_array().unwrap() {
            let path = entry["subject"]["path"].as_str().unwrap();
            let there = get_with(&app, tokens.access_token(), path).await;
            assert_eq!(there.status, 200, "{} as {}: {entry}", path, login.role);
            assert_eq!(there.body["business_id"], entry["business_id"], "{entry}");
            found.entry(login.role).or_default().insert(entry["kind"].as_str().unwrap().to_owned());
        }
    }
    for role in [
        Role::Programme,
        Role::Standardisation,
        Role::Facilitation,
        Role::Cooperatives,
        Role::Mentor,
        Role::Business,
    ] {
        assert!(found.get(&role).is_some_and(|kinds| kinds.len() >= 2), "{role}: {found:?}");
    }
    let all: BTreeSet<_> = found.values().flatten().collect();
    assert!(all.len() >= 18, "{found:?}");
}

#[actix_web::test]
async fn without_the_scope_to_act_nothing_waits() {
    let scene = Scene::start().await;
    scene.proposed().await;
    let token = scene.mentor.token(|claims| claims.scope = "me:read mentorships:read".into());
    let request = scene.app.request(Method::GET, "/v1/me/agenda").bearer_auth(token);
    let reply = scene.app.send(request, "").await;
    assert_eq!((reply.status, &reply.body["total"]), (200, &json!(0)), "{}", reply.text);
}
