//! Plans through HTTP.

use serde_json::{Value, json};
use seribu::access::Role;

use super::Scene;
use crate::support::Caller;

fn a_plan() -> Value {
    json!({
        "kind": "business",
        "period": { "from": "2026-12-01", "to": "2027-05-31" },
        "goals": "Omzet naik seperempat dalam enam bulan.",
        "items": [{ "title": "Membeli oven kedua", "kind": "equipment", "cost_idr": 12_000_000 }],
        "finances": { "needed_idr": 25_000_000, "own_idr": 5_000_000 },
    })
}

#[actix_web::test]
async fn the_owner_submits_a_plan_the_mentor_returns_and_then_accepts_it() {
    let scene = Scene::start().await;
    let path = format!("/v1/mentorships/{}/plan", scene.active().await);
    let created = scene.app.post(scene.owner, &path, a_plan()).await;
    assert_eq!((created.status, created.header("location")), (201, &*path), "{}", created.text);
    assert_eq!(created.body["capital_need_idr"], 20_000_000);
    assert_eq!(scene.app.act(scene.owner, &path, json!({ "action": "submit" })).await["status"], "submitted");
    let transitions = format!("{path}/transitions");
    let wrong = json!({ "action": "return", "missing": ["arrears", "other"] });
    let wrong = scene.app.post(scene.mentor, &transitions, wrong).await;
    assert_eq!(wrong.flaws(), ["/missing/0 unknown_code", "/note required"]);
    let returned = json!({ "action": "return", "missing": ["dates_missing"] });
    let returned = scene.app.act(scene.mentor, &path, returned).await;
    assert_eq!((&returned["status"], &returned["missing"]), (&json!("draft"), &json!(["dates_missing"])));
    let mut items = returned["items"].clone();
    items[0]["due_on"] = json!("2027-01-31");
    let mended = scene.app.patch(scene.mentor, &path, json!({ "items": items })).await;
    assert_eq!((mended.status, &mended.body["items"]), (200, &items), "{}", mended.text);
    scene.app.act(scene.owner, &path, json!({ "action": "submit" })).await;
    let accepted = scene.app.act(scene.mentor, &path, json!({ "action": "accept" })).await;
    assert_eq!((&accepted["status"], &accepted["missing"]), (&json!("accepted"), &json!([])));
    let history = scene.app.get(scene.owner, &format!("{path}/history")).await.body;
    assert_eq!(history["data"][0]["type"], "plan.accepted", "{history}");
    assert_eq!(history["data"][0]["data"]["capital_need_idr"], 20_000_000);
}

#[actix_web::test]
async fn an_accepted_plan_is_revised_and_its_earlier_versions_are_kept() {
    let scene = Scene::start().await;
    let path = format!("/v1/mentorships/{}/plan", scene.active().await);
    scene.app.post(scene.mentor, &path, a_plan()).await;
    scene.app.act(scene.owner, &path, json!({ "action": "submit" })).await;
    scene.app.act(scene.mentor, &path, json!({ "action": "accept" })).await;
    let fixed = scene.app.patch(scene.mentor, &path, json!({ "goals": "Lain." })).await;
    assert_eq!((fixed.status, &fixed.body["code"]), (409, &json!("wrong_status")));
    let revised = scene.app.act(scene.owner, &path, json!({ "action": "revise" })).await;
    assert_eq!((&revised["status"], &revised["plan_version"]), (&json!("draft"), &json!(2)));
    assert_eq!(scene.app.patch(scene.owner, &path, json!({ "goals": "Dua outlet." })).await.status, 200);
    let changes = scene.app.get(scene.mentor, &format!("{path}/changes")).await.body;
    let expected = json!([{
        "from_version": 1, "to_version": 2, "items": [],
        "fields": [{ "field": "goals", "before": a_plan()["goals"], "after": "Dua outlet." }],
    }]);
    assert_eq!(changes["data"], expected);
    assert_eq!(scene.app.get(Caller::new(Role::Policy), &format!("{path}/changes")).await.status, 403);
    let versions = scene.app.get(scene.mentor, &format!("{path}/versions")).await.body;
    assert_eq!(versions["data"][0]["plan_version"], 1, "{versions}");
    assert_eq!(versions["data"][0]["body"]["goals"], a_plan()["goals"]);
    let moves = scene.app.get(scene.owner, &format!("{path}/transitions")).await.body;
    let kinds: Vec<_> = moves["data"].as_array().unwrap().iter().map(|it| it["type"].clone()).collect();
    assert_eq!(kinds, ["plan.revised", "plan.accepted", "plan.submitted"]);
}

#[actix_web::test]
async fn a_plan_is_whole_before_it_is_submitted() {
    let scene = Scene::start().await;
    let path = format!("/v1/mentorships/{}/plan", scene.active().await);
    let transitions = format!("{path}/transitions");
    scene.app.post(scene.owner, &path, json!({ "kind": "work" })).await;
    for (part, why) in [
        ("period", "period_missing"),
        ("goals", "goals_missing"),
        ("items", "items_missing"),
        ("finances", "finances_missing"),
    ] {
        let refused = scene.app.post(scene.owner, &transitions, json!({ "action": "submit" })).await;
        assert_eq!((refused.status, &refused.body["code"]), (409, &json!(why)), "{}", refused.text);
        assert_eq!(scene.app.patch(scene.owner, &path, json!({ part: a_plan()[part] })).await.status, 200);
    }
    scene.app.act(scene.owner, &path, json!({ "action": "submit" })).await;
}

#[actix_web::test]
async fn a_mentorship_has_one_plan_and_its_items_have_ids_of_the_services_making() {
    let scene = Scene::start().await;
    let path = format!("/v1/mentorships/{}/plan", scene.active().await);
    assert_eq!(scene.app.get(scene.owner, &path).await.status, 404);
    scene.app.post(scene.owner, &path, a_plan()).await;
    let again = scene.app.post(scene.owner, &path, a_plan()).await;
    assert_eq!((again.status, &again.body["duplicate_of"]), (409, &json!(path)), "{}", again.text);
    let made_up = json!({ "items": [{ "id": scene.cohort, "title": "Membeli oven" }] });
    assert_eq!(scene.app.patch(scene.owner, &path, made_up).await.flaws(), ["/items/0/id no_such_record"]);
    let period = json!({ "period": { "from": "2026-12-01", "to": "2026-11-30" } });
    assert_eq!(scene.app.patch(scene.owner, &path, period).await.flaws(), ["/period/to too_early"]);
}

#[actix_web::test]
async fn each_takes_only_the_own_part_in_a_plan() {
    let scene = Scene::start().await;
    let path = format!("/v1/mentorships/{}/plan", scene.active().await);
    let transitions = format!("{path}/transitions");
    for (caller, status) in [
        (scene.programme, 403),
        (scene.university, 403),
        (Caller::new(Role::Mentor), 404),
        (Caller::new(Role::Business), 404),
    ] {
        assert_eq!(scene.app.post(caller, &path, a_plan()).await.status, status, "{caller:?}");
    }
    scene.app.post(scene.mentor, &path, a_plan()).await;
    let submit = json!({ "action": "submit" });
    assert_eq!(scene.app.post(scene.mentor, &transitions, submit.clone()).await.status, 403);
    scene.app.act(scene.owner, &path, submit).await;
    for action in ["accept", "return"] {
        let wanted = json!({ "action": action, "missing": ["costs_missing"] });
        assert_eq!(scene.app.post(scene.owner, &transitions, wanted).await.status, 403, "{action}");
    }
    assert_eq!(scene.app.get(scene.university, &path).await.status, 403);
}

#[actix_web::test]
async fn planners_see_the_need_for_capital_as_a_band() {
    let scene = Scene::start().await;
    let path = format!("/v1/mentorships/{}/plan", scene.active().await);
    scene.app.post(scene.owner, &path, a_plan()).await;
    scene.app.act(scene.owner, &path, json!({ "action": "submit" })).await;
    let policy = Caller::new(Role::Policy);
    let seen = scene.app.get(policy, &path).await.body;
    assert_eq!(seen["bands"], json!({ "capital_need_idr": [10_000_000, 25_000_000] }), "{seen}");
    for hidden in ["capital_need_idr", "items", "finances"] {
        assert_eq!(seen[hidden], Value::Null, "{hidden}");
    }
    let history = scene.app.get(policy, &format!("{path}/history")).await;
    for amount in ["20000000", "25000000", "12000000"] {
        assert!(!history.text.contains(amount), "{amount} in {}", history.text);
    }
}

#[actix_web::test]
async fn changes_name_items_that_came_went_and_differ_and_none_is_due_before_the_plan_begins() {
    let scene = Scene::start().await;
    let path = format!("/v1/mentorships/{}/plan", scene.active().await);
    let mut plan = a_plan();
    plan["items"] = json!([{ "title": "Oven", "due_on": "2026-11-30" }, { "title": "Rak" }]);
    let early = scene.app.post(scene.owner, &path, plan.clone()).await;
    assert_eq!((early.status, early.flaws()), (422, vec!["/items/0/due_on too_early".to_owned()]));
    plan["items"][0]["due_on"] = json!("2026-12-31");
    let items = scene.app.post(scene.owner, &path, plan).await.body["items"].clone();
    scene.app.act(scene.owner, &path, json!({ "action": "submit" })).await;
    scene.app.act(scene.mentor, &path, json!({ "action": "accept" })).await;
    scene.app.act(scene.owner, &path, json!({ "action": "revise" })).await;
    let mut later = items[0].clone();
    later["due_on"] = json!("2027-01-31");
    let next = json!({ "items": [later, { "title": "Etalase" }] });
    let revised = scene.app.patch(scene.owner, &path, next).await.body;
    let changes = scene.app.get(scene.owner, &format!("{path}/changes")).await.body;
    let of = |id: &Value| {
        let all = changes["data"][0]["items"].as_array().unwrap();
        all.iter().find(|change| change["id"] == *id).cloned().unwrap_or_else(|| panic!("{changes}"))
    };
    assert_eq!(of(&items[0]["id"])["changed"], json!(["due_on"]));
    assert_eq!(
        (&of(&items[1]["id"])["before"]["title"], &of(&items[1]["id"])["after"]),
        (&json!("Rak"), &Value::Null)
    );
    let added = of(&revised["items"][1]["id"]);
    assert_eq!((&added["before"], &added["after"]["title"]), (&Value::Null, &json!("Etalase")));
}
