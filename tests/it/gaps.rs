//! No gap in the feed, whoever writes, numbers and dies meanwhile. Five seconds in the suite; as long as one likes by
//! `GAP_SECONDS=60 cargo test --test it -- --nocapture gaps`, which also says how far readers were behind.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, HashMap},
    time::{Duration, Instant},
};

use actix_web::rt;
use diesel_async::SimpleAsyncConnection;
use futures_util::future::{join, join_all};
use serde_json::json;
use seribu::access::Role;

use crate::{
    institutions::an_institution,
    persons::lines,
    postgres::fresh_database,
    support::{Caller, TestApp},
};

#[expect(clippy::disallowed_methods, reason = "a command of the test, no setting of the service")]
pub fn seconds(name: &str) -> u64 {
    std::env::var(name).ok().map_or(5, |seconds| seconds.parse().unwrap())
}

/// The versions of records, and when each was committed or seen.
type Times = HashMap<(String, i64), Instant>;

/// What a reader has had, in order: the event, its record and version.
type Seen = Vec<(String, String, i64)>;

fn lag(name: &str, mut lags: Vec<Duration>) {
    lags.sort_unstable();
    let at = |part: usize| lags.get(lags.len() * part / 100).copied().unwrap_or_default();
    println!("lag {name}: {} events, p50 {:?}, p99 {:?}", lags.len(), at(50), at(99));
}

/// Sixteen writers with transactions of all lengths, of which one in ten is refused in the middle; three replicas
/// that number, one of which dies now and then; five readers that begin again from where they were.
#[actix_web::test]
async fn no_reader_misses_an_event_or_gets_it_twice_whoever_writes_numbers_and_dies_meanwhile() {
    let length = Duration::from_secs(seconds("GAP_SECONDS"));
    let database = fresh_database().await;
    let app = TestApp::on(database.clone()).await;
    let others = [TestApp::on(database.clone()).await, TestApp::on(database).await];
    let programme = Caller::new(Role::Programme);
    let mut ids = Vec::new();
    for n in 0..16 {
        ids.push(app.create(programme, "/v1/institutions", an_institution(&format!("i-{n}"), "other")).await);
    }
    let slow = "create function dawdle() returns trigger language plpgsql as \
                $$ begin perform pg_sleep(random() * random() * 0.1); return new; end $$; \
                create trigger dawdles after update on institutions for each row execute function dawdle()";
    app.database.as_owner().await.batch_execute(slow).await.unwrap();
    let (done, disturbed, committed) = (Cell::new(false), Cell::new(false), RefCell::new(Times::new()));
    let calm = RefCell::new(Times::new());
    let (done, disturbed, committed, calm) = (&done, &disturbed, &committed, &calm);
    let (app, others) = (&app, &others);
    let writers = ids.iter().enumerate().map(|(at, id)| async move {
        let mut turn = 0;
        while !done.get() {
            turn += 1;
            let through = if turn % 3 == 0 { &others[at % 2] } else { app };
            // The code is another's.
            let change = if turn % 10 == 0 {
                json!({ "code": format!("i-{}", (at + 1) % 16) })
            } else {
                json!({ "city": format!("c{turn}") })
            };
            let reply = through.patch(programme, &format!("/v1/institutions/{id}"), change).await;
            assert!([200, 409, 422, 503].contains(&reply.status), "{}", reply.text);
            if reply.status == 200 {
                let times = if disturbed.get() { committed } else { calm };
                times
                    .borrow_mut()
                    .insert((id.clone(), reply.body["version"].as_i64().unwrap()), Instant::now());
            }
        }
    });
    let killer = async {
        let mut superuser = app.database.as_superuser().await;
        rt::time::sleep(length / 5).await;
        disturbed.set(true);
        let begun = Instant::now();
        while begun.elapsed() < length * 4 / 5 {
            rt::time::sleep(Duration::from_millis(500)).await;
            let kill = "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' \
                        and database = (select oid from pg_database where datname = current_database())";
            superuser.batch_execute(kill).await.unwrap();
        }
        done.set(true);
    };
    let seen_at = RefCell::new(Times::new());
    let seen_at = &seen_at;
    let readers = (1..=5_usize).map(|reader| async move {
        let (mut seen, mut after, mut empty) = (Seen::new(), String::new(), 0);
        for turn in 0.. {
            let limit = 1 + (turn * 37 + reader * 101) % 250;
            let through = if (turn + reader) % 2 == 0 { app } else { &others[turn % 2] };
            let wait = if done.get() { 0 } else { 1 };
            let path = format!("/v1/changes?types=institution&wait={wait}&limit={limit}{after}");
            let page = through.get(programme, &path).await;
            // A reader that fails goes on from its last cursor.
            if page.status != 200 {
                assert_eq!(page.status, 503, "{}", page.text);
                continue;
            }
            let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
            let data = page.body["data"].as_array().unwrap();
            for one in data {
                let (subject, version) = (text(&one["subject_id"]), one["subject_version"].as_i64().unwrap());
                seen_at.borrow_mut().entry((subject.clone(), version)).or_insert_with(Instant::now);
                seen.push((text(&one["id"]), subject, version));
            }
            after = format!("&after={}", text(&page.body["next_cursor"]));
            empty = if data.is_empty() && done.get() { empty + 1 } else { 0 };
            if empty > 20 {
                return seen;
            }
            if done.get() {
                rt::time::sleep(Duration::from_millis(50)).await;
            }
        }
        seen
    });
    let (_, (_, seen)) = join(join_all(writers), join(killer, join_all(readers))).await;
    app.readers_done().await;
    let of = |times: &Times| {
        let seen_at = seen_at.borrow();
        let lags =
            times.iter().filter_map(|(one, at)| Some(seen_at.get(one)?.saturating_duration_since(*at)));
        lags.collect::<Vec<_>>()
    };
    lag("undisturbed", of(&calm.borrow()));
    lag("among kills", of(&committed.borrow()));
    let all =
        lines(app, "select id::text as line from events where resource = 'institution' order by 1").await;
    assert!(all.len() > 100, "{}", all.len());
    for seen in seen {
        let mut got: Vec<_> = seen.iter().map(|(id, ..)| id.clone()).collect();
        got.sort();
        assert!(got == all, "{} of {}", got.len(), all.len());
        let mut versions: BTreeMap<&str, i64> = BTreeMap::new();
        for (_, subject, version) in &seen {
            let before = versions.insert(subject, *version).unwrap_or(0);
            assert_eq!(*version, before + 1, "{subject}");
        }
    }
}
