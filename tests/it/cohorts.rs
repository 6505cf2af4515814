//! Cohorts through HTTP.

use serde_json::{Value, json};
use seribu::access::Role;

use crate::{
    businesses::history,
    support::{Caller, TestApp},
};

pub fn a_cohort(code: &str) -> Value {
    json!({
        "code": code,
        "name": "Pendampingan Ekonomi Kreatif 2026 Angkatan I",
        "decree": { "number": "800/Kep.123-DKUKM/2026", "date": "2026-10-01" },
        "budget_code": "2.17.08.2.01.0003",
        "starts_on": "2026-11-02",
        "ends_on": "2027-05-31",
        "capacity": 14,
    })
}

/// One that is open, with room for so many.
pub async fn given_an_open_cohort(app: &TestApp, code: &str, capacity: u32) -> String {
    let programme = Caller::new(Role::Programme);
    let mut cohort = a_cohort(code);
    cohort["capacity"] = json!(capacity);
    let path = format!("/v1/cohorts/{}", app.create(programme, "/v1/cohorts", cohort).await);
    app.act(programme, &path, json!({ "action": "open" })).await;
    path
}

#[actix_web::test]
async fn a_cohort_is_planned_opened_started_and_completed() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let created = app.post(programme, "/v1/cohorts", a_cohort("angkatan-2026-1")).await;
    assert_eq!((created.status, &created.body["status"]), (201, &json!("planned")), "{}", created.text);
    assert_eq!(created.body["follow_up_months"], json!([6, 12]));
    let path = format!("/v1/cohorts/{}", created.id());
    for (action, status) in [("open", "open"), ("start", "running"), ("complete", "completed")] {
        assert_eq!(app.act(programme, &path, json!({ "action": action })).await["status"], status);
    }
    app.readers_done().await;
    let events = history(&app, programme, &path).await;
    let own = ["cohort.created", "cohort.open", "cohort.running", "cohort.completed"];
    assert_eq!(events[..4], own);
    assert_eq!(events[4..], ["follow_up_wave.created"; 2], "after 6 and 12 months");
    let late = app.patch(programme, &path, json!({ "name": "Lain" })).await;
    assert_eq!((late.status, &late.body["code"]), (409, &json!("wrong_status")), "{}", late.text);
    let again = app.post(programme, &format!("{path}/transitions"), json!({ "action": "start" })).await;
    assert_eq!((again.status, &again.body["possible"]), (409, &Value::Null), "{}", again.text);
}

#[actix_web::test]
async fn only_the_programme_plans_and_moves_and_most_may_look() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let path = format!("/v1/cohorts/{}", app.create(programme, "/v1/cohorts", a_cohort("a1")).await);
    for role in [Role::Facilitation, Role::Policy, Role::Mentor, Role::Business, Role::Institution] {
        let caller = Caller::new(role);
        assert_eq!(app.post(caller, "/v1/cohorts", a_cohort("a2")).await.status, 403, "{role}");
        let opened = app.post(caller, &format!("{path}/transitions"), json!({ "action": "open" })).await;
        assert_eq!(opened.status, 403, "{role}: {}", opened.text);
        assert_eq!(app.get(caller, &path).await.status, 200, "{role}");
    }
    let seen = app.get(Caller::new(Role::Mentor), &path).await;
    assert_eq!((&seen.body["budget_code"], &seen.body["hidden"]), (&Value::Null, &json!(["budget_code"])));
    assert_eq!(app.get(Caller::new(Role::Cooperative), &path).await.status, 403);
}

#[actix_web::test]
async fn a_cohort_may_have_begun_thirty_days_ago_and_no_more() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let begun = |code: &str, day: &str| {
        let mut cohort = a_cohort(code);
        cohort["starts_on"] = json!(day);
        cohort
    };
    assert_eq!(app.post(programme, "/v1/cohorts", begun("a1", "2026-10-25")).await.status, 201);
    let refused = app.post(programme, "/v1/cohorts", begun("a2", "2026-10-24")).await;
    assert_eq!(refused.flaws(), ["/starts_on too_early"], "{}", refused.text);
    let refused = app.post(programme, "/v1/cohorts", begun("a3", "2027-06-01")).await;
    assert_eq!(refused.flaws(), ["/ends_on too_early"], "{}", refused.text);
}

#[actix_web::test]
async fn a_begin_that_has_passed_stays_while_other_things_change() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let path = format!("/v1/cohorts/{}", app.create(programme, "/v1/cohorts", a_cohort("a1")).await);
    app.set_clock("2027-03-01T03:00:00Z".parse().unwrap());
    let renamed = app.patch(programme, &path, json!({ "name": "Angkatan I" })).await;
    assert_eq!(renamed.status, 200, "{}", renamed.text);
    let moved = app.patch(programme, &path, json!({ "starts_on": "2026-12-01" })).await;
    assert_eq!(moved.flaws(), ["/starts_on too_early"], "{}", moved.text);
}

#[actix_web::test]
async fn a_cohort_starts_on_its_first_day_at_the_earliest() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let mut cohort = a_cohort("a1");
    cohort["starts_on"] = json!("2026-11-25");
    let path = format!("/v1/cohorts/{}", app.create(programme, "/v1/cohorts", cohort).await);
    app.act(programme, &path, json!({ "action": "open" })).await;
    let early = app.post(programme, &format!("{path}/transitions"), json!({ "action": "start" })).await;
    assert_eq!((early.status, &early.body["code"]), (409, &json!("starts_later")), "{}", early.text);
    // 17:00 in UTC is midnight in the city.
    app.set_clock("2026-11-24T17:00:00Z".parse().unwrap());
    assert_eq!(app.act(programme, &path, json!({ "action": "start" })).await["status"], "running");
}

#[actix_web::test]
async fn cancelling_needs_a_reason_of_its_own_list() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    let path = format!("/v1/cohorts/{}", app.create(programme, "/v1/cohorts", a_cohort("a1")).await);
    let moves = format!("{path}/transitions");
    let cancel =
        |reason: Value| app.post(programme, &moves, json!({ "action": "cancel", "reason_code": reason }));
    assert_eq!(cancel(Value::Null).await.flaws(), ["/reason_code required"]);
    assert_eq!(cancel(json!("resting")).await.flaws(), ["/reason_code unknown_code"]);
    assert_eq!(cancel(json!("other")).await.flaws(), ["/note required"]);
    assert_eq!(cancel(json!("budget_withdrawn")).await.body["status"], "cancelled");
}

#[actix_web::test]
async fn a_code_stands_for_one_cohort_and_what_it_aims_at_is_an_indicator() {
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    app.create(programme, "/v1/cohorts", a_cohort("a1")).await;
    let again = app.post(programme, "/v1/cohorts", a_cohort("a1")).await;
    assert_eq!((again.status, &again.body["type"]), (409, &json!("/problems/duplicate")), "{}", again.text);
    let mut aims = a_cohort("a2");
    aims["targets"] = json!([
        { "indicator": "kodref/02.10.005", "value": 14 },
        { "indicator": "kodref/02.10.005", "value": 15 },
        { "indicator": "kodref/none", "value": 1 },
    ]);
    aims["follow_up_months"] = json!([6, 6, 0, 61]);
    let refused = app.post(programme, "/v1/cohorts", aims).await;
    let expected = [
        "/targets/1/indicator repeated",
        "/targets/2/indicator unknown_code",
        "/follow_up_months/1 repeated",
        "/follow_up_months/2 too_small",
        "/follow_up_months/3 too_large",
    ];
    assert_eq!(refused.flaws(), expected, "{}", refused.text);
}
