//! Several processes that send.

use std::collections::BTreeSet;

use chrono::Duration;
use diesel::sql_query;
use diesel_async::RunQueryDsl;
use serde_json::json;

use super::{a_hook, a_programme, an_event, deliveries, on, receiver::Receiver, this_machines_now};
use crate::postgres::fresh_database;

#[actix_web::test]
async fn replicas_share_the_work_and_send_nothing_twice() {
    let database = fresh_database().await;
    let app = on(database.clone()).await;
    let others = [on(database.clone()).await, on(database).await];
    let programme = a_programme(&app).await;
    let receivers = [Receiver::open().await, Receiver::open().await, Receiver::open().await];
    for receiver in &receivers {
        a_hook(&app, programme, receiver, &["institution"]).await;
    }
    let id = an_event(&app, programme, "ut").await;
    let path = format!("/v1/institutions/{id}");
    for turn in 0..40 {
        let through = if turn % 2 == 0 { &app } else { &others[turn % 4 / 2] };
        let changed = through.patch(programme, &path, json!({ "city": format!("c{turn}") })).await;
        assert_eq!(changed.status, 200, "{}", changed.text);
    }
    for receiver in &receivers {
        let got = receiver.got_once(41).await;
        let versions: Vec<_> =
            got.iter().map(|one| one.json()["data"]["subject_version"].as_i64().unwrap()).collect();
        assert_eq!(versions, (1..42).collect::<Vec<_>>());
        assert_eq!(got.iter().map(|one| one.id()).collect::<BTreeSet<_>>().len(), 41);
    }
}

#[actix_web::test]
async fn what_a_process_had_in_hand_when_it_died_another_sends_once_its_lease_has_ended() {
    let app = on(fresh_database().await).await;
    let start = this_machines_now();
    let programme = a_programme(&app).await;
    let receiver = Receiver::open().await;
    let hook = a_hook(&app, programme, &receiver, &["institution"]).await;
    app.readers_done().await;
    receiver.got_once(0).await;
    // Whoever took the lane has died with it.
    let mut database = app.database.as_superuser().await;
    let taken = "update webhook_lanes set turn = turn + 1, leased_until = now() + interval '60 seconds'";
    sql_query(taken).execute(&mut database).await.unwrap();
    an_event(&app, programme, "ut").await;
    app.readers_done().await;
    receiver.got_once(0).await;
    app.set_clock(start + Duration::seconds(70));
    receiver.got_once(1).await;
    deliveries(&app, programme, &hook, 1).await;
}

#[actix_web::test]
async fn who_has_lost_its_turn_moves_nothing_any_more() {
    let app = on(fresh_database().await).await;
    let start = this_machines_now();
    let programme = a_programme(&app).await;
    let receiver = Receiver::that(super::receiver::Answer::Hang).await;
    let hook = a_hook(&app, programme, &receiver, &["institution"]).await;
    an_event(&app, programme, "ut").await;
    while receiver.got().is_empty() {
        actix_web::rt::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    // While it waits, somebody else takes the lane over, and sees it through.
    let mut database = app.database.as_superuser().await;
    let taken = "update webhook_lanes set turn = turn + 1, leased_until = now() + interval '60 seconds'";
    sql_query(taken).execute(&mut database).await.unwrap();
    receiver.from_now_on(None);
    assert_eq!(deliveries(&app, programme, &hook, 1).await[0]["error"], "timed_out");
    // What came of the lost turn has put nothing off: the other's lease still runs.
    app.set_clock(start + Duration::seconds(30));
    receiver.got_once(1).await;
    app.set_clock(start + Duration::seconds(70));
    let got = receiver.got_once(2).await;
    assert_eq!(got[0].id(), got[1].id());
    assert_eq!(deliveries(&app, programme, &hook, 2).await[1]["attempt"], 1);
}
