//! Several processes that send.

use std::{cell::Cell, collections::BTreeSet};

use actix_web::rt;
use chrono::Duration;
use diesel::sql_query;
use diesel_async::RunQueryDsl;
use futures_util::future::join;
use serde_json::json;
use seribu::api;

use super::{
    a_hook, a_programme, an_event, deliveries, on,
    receiver::{Answer, Got, Receiver},
    this_machines_now,
};
use crate::postgres::fresh_database;

fn version(got: &Got) -> i64 {
    got.json()["data"]["subject_version"].as_i64().unwrap()
}

#[actix_web::test]
async fn replicas_share_the_work_and_send_nothing_twice() {
    let database = fresh_database().await;
    let app = on(database.clone()).await;
    let programme = a_programme(&app).await;
    let others = [on(database.clone()).await, on(database).await];
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
        let versions: Vec<_> = got.iter().map(version).collect();
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
    let receiver = Receiver::that(Answer::Hang).await;
    let hook = a_hook(&app, programme, &receiver, &["institution"]).await;
    an_event(&app, programme, "ut").await;
    receiver.comes_to(1).await;
    // While it waits, somebody else takes the lane over, and sees it through.
    let mut database = app.database.as_superuser().await;
    let taken = "update webhook_lanes set turn = turn + 1, leased_until = now() + interval '60 seconds'";
    sql_query(taken).execute(&mut database).await.unwrap();
    receiver.always(None);
    assert_eq!(deliveries(&app, programme, &hook, 1).await[0]["error"], "timed_out");
    // What came of the lost turn has put nothing off: the other's lease still runs.
    app.set_clock(start + Duration::seconds(30));
    receiver.got_once(1).await;
    app.set_clock(start + Duration::seconds(70));
    let got = receiver.got_once(2).await;
    assert_eq!(got[0].id(), got[1].id());
    assert_eq!(deliveries(&app, programme, &hook, 2).await[1]["attempt"], 1);
}

/// Beside one that lives, whatever it had in hand.
#[actix_web::test]
async fn a_process_that_dies_again_and_again_loses_nothing_and_what_comes_twice_has_the_same_id() {
    let app = on(fresh_database().await).await;
    let programme = a_programme(&app).await;
    let receiver = Receiver::open().await;
    a_hook(&app, programme, &receiver, &["institution"]).await;
    let path = format!("/v1/institutions/{}", an_event(&app, programme, "ut").await);
    let done = Cell::new(false);
    let writer = async {
        for turn in 0..120 {
            app.patch(programme, &path, json!({ "city": format!("c{turn}") })).await;
            rt::time::sleep(std::time::Duration::from_millis(15)).await;
        }
        done.set(true);
    };
    let all: BTreeSet<i64> = (1..=121).collect();
    let versions = || receiver.got().iter().map(version).collect::<BTreeSet<_>>();
    let killer = async {
        let (mut clock, mut kills) = (this_machines_now(), 0);
        while !done.get() || versions() != all {
            let doomed = rt::spawn(api::deliver(app.settings.worker().unwrap()));
            let random = u64::from(uuid::Uuid::now_v7().as_bytes()[15]);
            rt::time::sleep(std::time::Duration::from_millis(20 + random / 3)).await;
            doomed.abort();
            (clock, kills) = (clock + Duration::seconds(20), kills + 1);
            app.set_clock(clock);
            assert!(kills < 1_000, "{} of {}", versions().len(), all.len());
        }
        kills
    };
    let ((), kills) = join(writer, killer).await;
    let got = receiver.got();
    println!("{kills} kills: {} messages of {} events", got.len(), all.len());
    assert!(kills >= 10, "too few kills to tell: {kills}");
    let ids: BTreeSet<_> = got.iter().map(|one| one.id().to_owned()).collect();
    assert_eq!(ids.len(), all.len());
    let mut newest = 0;
    for one in &got {
        assert!(version(one) <= newest + 1, "{} after {newest}", version(one));
        newest = newest.max(version(one));
    }
}
