//! What becomes of what was not taken.

use chrono::{DateTime, Duration, Utc};
use serde_json::json;

use super::{
    Hook, a_hook, a_programme, an_app, an_event, deliveries,
    receiver::{Answer, Got, Receiver},
    this_machines_now, time,
};
use crate::support::{Caller, Reply, TestApp, until};

/// Seconds from an attempt to the next.
fn pause(delivery: &serde_json::Value) -> f64 {
    let pause = time(&delivery["next_attempt_at"]) - time(&delivery["created_at"]);
    pause.as_seconds_f64()
}

#[actix_web::test]
async fn what_was_not_taken_comes_again_by_the_schedule_with_the_same_id_and_what_follows_waits() {
    let (app, receiver) = (an_app().await, Receiver::open().await);
    let start = this_machines_now();
    let programme = a_programme(&app).await;
    let hook = a_hook(&app, programme, &receiver, &["institution"]).await;
    receiver.next([Answer::Status(500), Answer::Status(404)]);
    let first = an_event(&app, programme, "ut").await;
    let second = an_event(&app, programme, "itb").await;
    receiver.got_once(1).await;
    let tried = deliveries(&app, programme, &hook, 1).await;
    assert_eq!((&tried[0]["status"], &tried[0]["http_status"]), (&json!("failed"), &json!(500)));
    assert!((4.5..=5.5).contains(&pause(&tried[0])), "{}", tried[0]);
    app.set_clock(start + Duration::seconds(10));
    receiver.got_once(2).await;
    let tried = deliveries(&app, programme, &hook, 2).await;
    assert_eq!((&tried[1]["attempt"], &tried[1]["http_status"]), (&json!(2), &json!(404)));
    assert!((270.0..=330.0).contains(&pause(&tried[1])), "{}", tried[1]);
    app.set_clock(start + Duration::minutes(6));
    let got = receiver.got_once(4).await;
    assert!(got[..3].iter().all(|one| one.id() == got[0].id()));
    let subjects: Vec<_> = got.iter().map(|one| one.json()["data"]["subject_id"].clone()).collect();
    assert_eq!(subjects, [&first, &first, &first, &second].map(|id| json!(id)));
    // Each attempt is signed for its own time.
    let timestamp = |one: &Got| one.header("webhook-timestamp").parse::<i64>().unwrap();
    assert!(timestamp(&got[2]) - timestamp(&got[0]) >= 300);
}

#[actix_web::test]
async fn a_receiver_that_asks_for_time_gets_it() {
    let (app, receiver) = (an_app().await, Receiver::open().await);
    let start = this_machines_now();
    let programme = a_programme(&app).await;
    let hook = a_hook(&app, programme, &receiver, &["institution"]).await;
    receiver.next([
        Answer::With(503, "retry-after: 3600".into(), "busy".into()),
        Answer::Status(429),
        Answer::Status(200),
    ]);
    an_event(&app, programme, "ut").await;
    receiver.got_once(1).await;
    let tried = deliveries(&app, programme, &hook, 1).await;
    assert!((pause(&tried[0]) - 3600.0).abs() < 1.0 && tried[0]["answer"] == "busy", "{}", tried[0]);
    app.set_clock(start + Duration::minutes(55));
    receiver.got_once(1).await;
    app.set_clock(start + Duration::minutes(61));
    receiver.got_once(2).await;
    // The second pause of the schedule is longer than the least for who has too much to do.
    assert!(pause(&deliveries(&app, programme, &hook, 2).await[1]) >= 270.0);
}

#[actix_web::test]
async fn who_is_gone_is_disabled_with_an_event_and_goes_on_where_it_stopped_once_it_is_enabled() {
    let (app, receiver) = (an_app().await, Receiver::that(Answer::Status(410)).await);
    let programme = a_programme(&app).await;
    let hook = a_hook(&app, programme, &receiver, &["institution"]).await;
    an_event(&app, programme, "ut").await;
    let gone = app.eventually(programme, &hook.path, |reply| reply.body["status"] == "disabled").await;
    assert_eq!(gone.body["disabled_because"], "gone");
    an_event(&app, programme, "itb").await;
    app.readers_done().await;
    receiver.got_once(1).await;
    let events = app.get(programme, "/v1/changes?types=webhook_endpoint.disabled").await;
    let event = &events.body["data"][0];
    assert_eq!(
        (&event["subject_id"], &event["actor_role"]),
        (&json!(hook.id), &json!("system")),
        "{}",
        events.text
    );
    let moves = app.get(programme, &format!("{}/transitions", hook.path)).await;
    assert_eq!(moves.body["data"][0]["type"], "webhook_endpoint.disabled", "{}", moves.text);
    receiver.always(None);
    let enabled = app.act(programme, &hook.path, json!({ "action": "enable" })).await;
    assert_eq!((&enabled["status"], &enabled["disabled_because"]), (&json!("enabled"), &json!(null)));
    let got = receiver.got_once(3).await;
    assert_eq!(got[0].id(), got[1].id(), "what was refused is the first to come again");
}

/// Once there are so many attempts: how many there are, and when the next is, to which the clock is turned. None once
/// the webhook is disabled.
async fn to_the_next(
    app: &TestApp,
    programme: Caller,
    hook: &Hook,
    tries: usize,
) -> Option<(usize, Option<DateTime<Utc>>)> {
    let path = format!("{}/deliveries?limit=200", hook.path);
    until(async || {
        if app.get(programme, &hook.path).await.body["status"] == "disabled" {
            return Ok(None);
        }
        let made = app.get(programme, &path).await.body["data"].as_array().unwrap().clone();
        if made.len() < tries {
            return Err(format!("{} of {tries} attempts were made", made.len()));
        }
        let next = made[0]["next_attempt_at"].as_str().map(|next| next.parse().unwrap());
        next.into_iter().for_each(|next| app.set_clock(next));
        Ok(Some((made.len(), next)))
    })
    .await
}

#[actix_web::test]
async fn after_ten_attempts_an_event_is_given_up_and_after_five_days_the_webhook_is_disabled() {
    let (app, receiver) = (an_app().await, Receiver::that(Answer::Status(500)).await);
    let start = this_machines_now();
    let programme = a_programme(&app).await;
    let hook = a_hook(&app, programme, &receiver, &["institution.created"]).await;
    for code in ["ut", "itb", "ui"] {
        an_event(&app, programme, code).await;
    }
    let (mut tries, mut last) = (0, start);
    // After the last attempt of an event the next follows at once.
    while let Some((made, next)) = to_the_next(&app, programme, &hook, tries + 1).await {
        (tries, last) = (made, next.unwrap_or(last));
    }
    let disabled = app.get(programme, &hook.path).await;
    assert_eq!(disabled.body["disabled_because"], "failing");
    assert!((5.0..6.1).contains(&((last - start).as_seconds_f64() / 86_400.0)), "{last}");
    let tried = app.get(programme, &format!("{}/deliveries?sort=created_at&limit=200", hook.path)).await;
    let tried = tried.body["data"].as_array().unwrap();
    assert_eq!((&tried[9]["attempt"], &tried[9]["status"]), (&json!(10), &json!("given_up")), "{}", tried[9]);
    assert_eq!(tried[10]["attempt"], 1);
    assert!(tried[..10].iter().all(|one| one["event_id"] == tried[0]["event_id"]));
    assert_ne!(tried[10]["event_id"], tried[0]["event_id"]);
    app.readers_done().await;
    let events = app.get(programme, "/v1/changes?types=webhook_endpoint.disabled").await;
    assert_eq!(events.body["data"].as_array().unwrap().len(), 1, "{}", events.text);
}

#[actix_web::test]
async fn a_test_that_is_taken_has_what_waits_tried_at_once() {
    let (app, receiver) = (an_app().await, Receiver::open().await);
    let start = this_machines_now();
    let programme = a_programme(&app).await;
    let hook = a_hook(&app, programme, &receiver, &["institution"]).await;
    receiver.next([Answer::Status(500), Answer::Status(500)]);
    an_event(&app, programme, "ut").await;
    receiver.got_once(1).await;
    app.set_clock(start + Duration::seconds(10));
    receiver.got_once(2).await;
    app.post(programme, &format!("{}/test", hook.path), json!(null)).await;
    let got = receiver.got_once(4).await;
    assert_eq!((got[2].kind().as_str(), got[3].id()), ("webhook.test", got[0].id()));
}

#[actix_web::test]
async fn attempts_are_forgotten_after_thirty_days() {
    let (app, receiver) = (an_app().await, Receiver::open().await);
    let programme = a_programme(&app).await;
    let hook = a_hook(&app, programme, &receiver, &["institution"]).await;
    an_event(&app, programme, "ut").await;
    deliveries(&app, programme, &hook, 1).await;
    app.set_clock(this_machines_now() + Duration::days(31));
    let forgotten = |reply: &Reply| reply.body["data"] == json!([]);
    app.eventually(programme, &format!("{}/deliveries", hook.path), forgotten).await;
}
