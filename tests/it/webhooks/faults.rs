//! Receivers that fail in every way, for a while: `WEBHOOK_SECONDS=60 cargo test --test it -- --nocapture faults`.

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use actix_web::rt;
use futures_util::future::join;
use serde_json::json;

use super::{
    a_hook, a_programme, an_event, on,
    receiver::{Answer, Got, Receiver},
    this_machines_now,
};
use crate::{
    persons::lines,
    postgres::fresh_database,
    support::{Caller, TestApp},
};

fn seconds() -> u64 {
    std::env::var("WEBHOOK_SECONDS").ok().map_or(5, |seconds| seconds.parse().unwrap())
}

/// The same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    /// Three in ten go wrong.
    fn answer(&mut self) -> Answer {
        match self.below(100) {
            0..70 => Answer::Status(200),
            70..78 => Answer::Status(500),
            78..84 => Answer::Cut,
            84..90 => Answer::With(302, "location: http://169.254.169.254/".into(), String::new()),
            90..94 => Answer::CutInBody,
            94..98 => Answer::With(503, "retry-after: 10".into(), "busy".into()),
            _ => Answer::Hang,
        }
    }
}

fn ids(got: &[Got]) -> BTreeSet<String> {
    got.iter().map(|one| one.id().to_owned()).collect()
}

#[actix_web::test]
async fn whatever_a_receiver_does_it_gets_every_event_at_least_once_and_duplicates_have_the_same_id() {
    let database = fresh_database().await;
    let app = on(database.clone()).await;
    let other = on(database).await;
    let (app, other) = (&app, &other);
    let programme = a_programme(app).await;
    let (flaky, healthy) = (Receiver::open().await, Receiver::open().await);
    let dead = [Receiver::that(Answer::Hang).await, Receiver::that(Answer::Status(500)).await];
    let mut dice = Dice(20_261_126);
    flaky.next((0..20_000).map(|_| dice.answer()));
    for receiver in [&flaky, &healthy, &dead[0], &dead[1]] {
        a_hook(app, programme, receiver, &["institution"]).await;
    }
    let (begun, done) = (Instant::now(), Cell::new(false));
    let writer = async {
        let id = an_event(app, programme, "ut").await;
        let mut turn = 0;
        while begun.elapsed().as_secs() < seconds() {
            turn += 1;
            let through = if turn % 3 == 0 { other } else { app };
            let changed = json!({ "city": format!("c{turn}") });
            assert_eq!(
                through.patch(programme, &format!("/v1/institutions/{id}"), changed).await.status,
                200
            );
            rt::time::sleep(Duration::from_millis(20)).await;
        }
        done.set(true);
    };
    // Six seconds pass in a twentieth of one, so that what is tried again comes soon and no lease runs out; once who
    // takes everything has everything, five minutes do.
    let mut clock = this_machines_now();
    let ticker = async {
        let committed = "select id::text as line from events where resource = 'institution'";
        let mut step = chrono::Duration::seconds(6);
        loop {
            clock += step;
            [app, other].iter().for_each(|app| app.set_clock(clock));
            rt::time::sleep(Duration::from_millis(50)).await;
            if !done.get() {
                continue;
            }
            let all: BTreeSet<_> = lines(app, committed).await.into_iter().collect();
            if ids(&healthy.got()) == all {
                step = chrono::Duration::minutes(5);
                if ids(&flaky.got()) == all {
                    return all;
                }
            }
            let late = begun.elapsed().as_secs() > seconds() + 120;
            assert!(!late, "{} of {}", ids(&flaky.got()).len(), all.len());
        }
    };
    let ((), all) = join(writer, ticker).await;
    let (flaky, healthy) = (flaky.got(), healthy.got());
    println!(
        "{} events in {} s: a receiver that fails three times in ten got {} messages, a healthy one {}; the dead {} and {}",
        all.len(),
        seconds(),
        flaky.len(),
        healthy.len(),
        dead[0].got().len(),
        dead[1].got().len()
    );
    assert!(all.len() > 20, "too few events to tell: {}", all.len());
    for got in [&flaky, &healthy] {
        // One event, one id; and no event before the one that it follows was there.
        let mut seen: BTreeMap<String, i64> = BTreeMap::new();
        let mut newest = 0;
        for one in got {
            let version = one.json()["data"]["subject_version"].as_i64().unwrap();
            assert_eq!(*seen.entry(one.id().to_owned()).or_insert(version), version);
            assert!(version <= newest + 1, "{version} after {newest}");
            newest = newest.max(version);
        }
    }
    assert_eq!(healthy.len(), all.len(), "who takes what comes gets it once");
}

/// How long it takes until all of some events have come.
async fn took(app: &TestApp, programme: Caller, receiver: &Receiver, path: &str, events: usize) -> Duration {
    let (begun, before) = (Instant::now(), receiver.got().len());
    for turn in 0..events {
        app.patch(programme, path, json!({ "city": format!("c{turn} {before}") })).await;
    }
    while receiver.got().len() < before + events {
        assert!(begun.elapsed() < Duration::from_secs(60), "{} of {events}", receiver.got().len() - before);
        rt::time::sleep(Duration::from_millis(2)).await;
    }
    begun.elapsed()
}

#[actix_web::test]
async fn dead_receivers_keep_a_healthy_one_waiting_hardly_at_all() {
    let app = on(fresh_database().await).await;
    let programme = a_programme(&app).await;
    let healthy = Receiver::open().await;
    a_hook(&app, programme, &healthy, &["institution"]).await;
    let path = format!("/v1/institutions/{}", an_event(&app, programme, "ut").await);
    healthy.got_once(1).await;
    let events = usize::try_from(seconds() * 20).unwrap();
    let mut alone = took(&app, programme, &healthy, &path, events).await;
    alone = alone.min(took(&app, programme, &healthy, &path, events).await);
    let mut dead = Vec::new();
    for _ in 0..5 {
        let receiver = Receiver::that(Answer::Hang).await;
        a_hook(&app, programme, &receiver, &["institution"]).await;
        dead.push(receiver);
    }
    let mut beside = took(&app, programme, &healthy, &path, events).await;
    beside = beside.min(took(&app, programme, &healthy, &path, events).await);
    println!(
        "{events} events: {} ms alone, {} ms beside {} receivers that hang ({:+.0} %)",
        alone.as_millis(),
        beside.as_millis(),
        dead.len(),
        (beside.as_secs_f64() / alone.as_secs_f64() - 1.0) * 100.0
    );
    // Each of those has one message in hand, and no more.
    assert!(dead.iter().all(|receiver| receiver.got().len() == 1));
    assert_eq!(healthy.got().len(), 1 + 4 * events);
}
