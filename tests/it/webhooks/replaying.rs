//! What is sent once more.

use chrono::{Duration, SecondsFormat};
use serde_json::{Value, json};

use super::{
    Hook, a_hook, a_programme, an_app, an_event, deliveries,
    receiver::{Answer, Got, Receiver},
    this_machines_now,
};
use crate::support::{Caller, Reply, TestApp};

async fn replay(app: &TestApp, caller: Caller, hook: &Hook, body: Value) -> Reply {
    app.post(caller, &format!("{}/replay", hook.path), body).await
}

fn ids(got: &[Got]) -> Vec<&str> {
    got.iter().map(Got::id).collect()
}

#[actix_web::test]
async fn one_event_or_a_range_comes_once_more_with_the_same_ids() {
    let (app, receiver) = (an_app().await, Receiver::open().await);
    let start = this_machines_now();
    let programme = a_programme(&app).await;
    let hook = a_hook(&app, programme, &receiver, &["institution"]).await;
    for (minute, code) in (0..).zip(["a1", "b1", "c1", "d1"]) {
        app.set_clock(start + Duration::minutes(minute));
        an_event(&app, programme, code).await;
    }
    let first = receiver.got_once(4).await;
    let one = replay(&app, programme, &hook, json!({ "event_id": first[1].id() })).await;
    assert_eq!(one.status, 204, "{}", one.text);
    let got = receiver.got_once(5).await;
    assert_eq!((got[4].id(), &got[4].body), (first[1].id(), &first[1].body));
    let at = |minute: i64| {
        (start + Duration::minutes(minute) + Duration::seconds(30)).to_rfc3339_opts(SecondsFormat::Secs, true)
    };
    for (range, expected) in [
        (json!({ "from": first[1].id(), "to": first[2].id() }), &first[1..3]),
        (json!({ "from": first[2].id() }), &first[2..]),
        (json!({ "from": at(0), "to": at(2) }), &first[1..3]),
        (json!({ "from": at(-1) }), &first[..]),
    ] {
        let before = receiver.got().len();
        assert_eq!(replay(&app, programme, &hook, range.clone()).await.status, 204, "{range}");
        let got = receiver.got_once(before + expected.len()).await;
        assert_eq!(ids(&got[before..]), ids(expected), "{range}");
    }
    let lanes: Vec<_> = deliveries(&app, programme, &hook, 4 + 1 + 2 + 2 + 2 + 4).await;
    assert!(lanes[..4].iter().all(|one| one["lane"] == "feed"));
    assert!(lanes[4..].iter().all(|one| one["lane"] == "replay" && one["attempt"] == 1));
}

#[actix_web::test]
async fn what_is_asked_wrongly_is_named() {
    let (app, receiver) = (an_app().await, Receiver::open().await);
    let start = this_machines_now();
    let programme = a_programme(&app).await;
    let hook = a_hook(&app, programme, &receiver, &["institution"]).await;
    an_event(&app, programme, "ut").await;
    let got = receiver.got_once(1).await;
    let cooperative = json!({ "name": "Koperasi Kota Seribu", "kind": "other" });
    drop(app.post(programme, "/v1/cooperatives", cooperative).await);
    let nobodys = "01930000-0000-7000-8000-000000000000";
    let old = (start - Duration::days(31)).to_rfc3339_opts(SecondsFormat::Secs, true);
    // Its own events are none that it asked for.
    let history = app.get(programme, &format!("{}/history", hook.path)).await;
    let its_own = history.body["data"][0]["id"].clone();
    for (body, flaw) in [
        (json!({}), "/event_id required"),
        (json!({ "to": got[0].id() }), "/event_id required"),
        (json!({ "event_id": got[0].id(), "from": got[0].id() }), "/from conflict"),
        (json!({ "event_id": got[0].id(), "to": got[0].id() }), "/to conflict"),
        (json!({ "event_id": nobodys }), "/event_id no_such_record"),
        (json!({ "event_id": its_own }), "/event_id no_such_record"),
        (json!({ "from": nobodys }), "/from no_such_record"),
        (json!({ "from": "yesterday" }), "/from bad_format"),
        (json!({ "from": old }), "/from too_early"),
        (json!({ "from": got[0].id(), "to": "tomorrow" }), "/to bad_format"),
        (json!({ "from": got[0].id(), "to": old }), "/to too_early"),
    ] {
        let refused = replay(&app, programme, &hook, body.clone()).await;
        assert_eq!(
            (refused.status, refused.flaws()),
            (422, vec![flaw.to_owned()]),
            "{body}: {}",
            refused.text
        );
    }
    app.set_clock(start + Duration::days(31));
    let refused = replay(&app, programme, &hook, json!({ "event_id": got[0].id() })).await;
    assert_eq!(refused.flaws(), ["/event_id too_early"]);
}

#[actix_web::test]
async fn one_replay_runs_at_a_time_and_what_comes_new_does_not_wait_for_it() {
    let (app, receiver) = (an_app().await, Receiver::open().await);
    let programme = a_programme(&app).await;
    let hook = a_hook(&app, programme, &receiver, &["institution"]).await;
    an_event(&app, programme, "ut").await;
    let first = receiver.got_once(1).await;
    let again = json!({ "event_id": first[0].id() });
    receiver.next([Answer::Status(500)]);
    assert_eq!(replay(&app, programme, &hook, again.clone()).await.status, 204);
    receiver.got_once(2).await;
    let refused = replay(&app, programme, &hook, again.clone()).await;
    assert_eq!(
        (refused.status, &refused.body["code"]),
        (409, &json!("replay_is_running")),
        "{}",
        refused.text
    );
    an_event(&app, programme, "itb").await;
    let got = receiver.got_once(4).await;
    // The new one, and then, as the receiver is back, the other.
    assert_ne!(got[2].id(), first[0].id());
    assert_eq!(got[3].id(), first[0].id());
    app.act(programme, &hook.path, json!({ "action": "disable" })).await;
    let refused = replay(&app, programme, &hook, again).await;
    assert_eq!(
        (refused.status, &refused.body["type"]),
        (409, &json!("/problems/not-possible")),
        "{}",
        refused.text
    );
}
