//! Who sees which assessments, and what of them.

use serde_json::{Value, json};
use seribu::access::Role;

use super::Desk;
use crate::{mentorships::Scene, support::Caller};

#[actix_web::test]
async fn those_with_whom_the_business_is_shared_see_its_assessments_and_nobody_else() {
    let desk = Desk::start().await;
    let Scene { app, programme, owner, mentor, .. } = &desk.scene;
    let path = desk.draft(*owner, desk.a_self_assessment()).await;
    for caller in [programme, owner, mentor] {
        assert_eq!(app.get(*caller, &path).await.status, 200, "{:?}", caller.role);
    }
    let (_, another) = desk.scene.a_business("Rajut Bu Ani").await;
    let strangers = [
        another,
        desk.scene.another_mentor(5).await,
        Caller::new(Role::Facilitation),
        Caller::new(Role::Cooperatives),
        Caller::new(Role::Standardisation),
        Caller::new(Role::Lender),
    ];
    for stranger in strangers {
        assert_eq!(app.get(stranger, &path).await.status, 404, "{:?}", stranger.role);
        let list = app.get(stranger, "/v1/assessments?with_total=true").await;
        assert_eq!(list.body["total"], 0, "{:?}", stranger.role);
        let moved = desk.move_it(stranger, &path, json!({ "action": "submit" })).await;
        assert_eq!(moved.status, 404, "{:?}", stranger.role);
        for part in ["history", "transitions"] {
            assert_eq!(app.get(stranger, &format!("{path}/{part}")).await.status, 404, "{:?}", stranger.role);
        }
    }
}

#[actix_web::test]
async fn a_mentor_sees_them_while_he_coaches() {
    let desk = Desk::start().await;
    let Scene { app, programme, mentor, .. } = &desk.scene;
    let path = desk.reviewed().await;
    assert_eq!(app.get(*mentor, &path).await.status, 200);
    let reason = json!({ "action": "terminate", "reason_code": "other", "note": "Usaha pindah kota." });
    app.act(*programme, &format!("/v1/mentorships/{}", desk.mentorship), reason).await;
    assert_eq!(app.get(*mentor, &path).await.status, 404);
}

#[actix_web::test]
async fn planners_see_what_was_found_but_no_notes_and_money_in_bands() {
    let desk = Desk::start().await;
    let path = desk.reviewed().await;
    let seen = desk.scene.app.get(Caller::new(Role::Policy), &path).await;
    assert_eq!(seen.status, 200, "{}", seen.text);
    assert_eq!((&seen.body["answers"], &seen.body["class_effective"]), (&Value::Null, &json!("low")));
    assert_eq!(seen.body["hidden"], json!(["answers", "objection", "declared_capital_need_idr"]));
    assert_eq!(seen.body["bands"], json!({ "declared_capital_need_idr": [10_000_000, 25_000_000] }));
}

#[actix_web::test]
async fn a_list_is_narrowed_by_what_was_found() {
    let desk = Desk::start().await;
    let Scene { app, programme, owner, business, .. } = &desk.scene;
    desk.reviewed().await;
    desk.draft(*owner, desk.a_self_assessment()).await;
    let Desk { mentorship, instrument, .. } = &desk;
    for (filter, total) in [
        (format!("business_id={business}"), 2),
        (format!("instrument_id={instrument}&kind=mentor"), 1),
        ("kind=self,follow_up".into(), 1),
        ("status=draft,returned".into(), 1),
        ("class_effective=low".into(), 1),
        ("class_effective=high,medium".into(), 0),
        (format!("mentorship_id={mentorship}"), 1),
    ] {
        let list = app.get(*programme, &format!("/v1/assessments?{filter}&with_total=true")).await;
        assert_eq!(list.body["total"], total, "{filter}: {}", list.text);
    }
}

#[actix_web::test]
async fn each_sees_which_moves_are_his() {
    let desk = Desk::start().await;
    let Scene { app, programme, owner, mentor, .. } = &desk.scene;
    let path = desk.draft(*owner, desk.a_self_assessment()).await;
    let why_not = async |caller: Caller| {
        let offered = app.get(caller, &format!("{path}/transitions")).await.body;
        let actions = offered["available_actions"].as_array().unwrap().clone();
        actions.iter().map(|it| (it["action"].clone(), it["why_not"].clone())).collect::<Vec<_>>()
    };
    let moves = |reasons: [Value; 3]| {
        ["submit", "review", "return"].map(Value::from).into_iter().zip(reasons).collect::<Vec<_>>()
    };
    let (no, early) = (json!("not_permitted"), json!("wrong_status"));
    assert_eq!(why_not(*owner).await, moves([Value::Null, no.clone(), no.clone()]));
    assert_eq!(why_not(*mentor).await, moves([no.clone(), early.clone(), early]));
    assert_eq!(why_not(*programme).await, moves([no.clone(), no.clone(), no]));
}
