//! A reader of the log does its work once for each event, whenever it is killed.

use std::{cell::Cell, time::Duration};

use actix_web::rt;
use diesel::{
    QueryableByName, sql_query,
    sql_types::{BigInt, Text},
};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use futures_util::future::join;

use crate::{assessments::Desk, support::TestApp};

const REVIEWS: usize = 25;

/// What followed from one event.
#[derive(QueryableByName)]
struct Followed {
    #[diesel(sql_type = Text)]
    events: String,
}

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = BigInt)]
    version: i64,
}

/// Ends the connection of whoever reads or numbers the log, at times that no one can foresee.
async fn kill(app: &TestApp, done: &Cell<bool>) -> u32 {
    let mut superuser = app.database.as_superuser().await;
    let kill = "select pg_terminate_backend(pid) from pg_stat_activity \
         where datname = current_database() and pid <> pg_backend_pid() and usename = 'seribu_app' \
         and (query like '%log_readers%' or query like '%hand_over%' or query like '%sequencer%')";
    let mut kills = 0;
    while !done.get() {
        superuser.batch_execute(kill).await.unwrap();
        kills += 1;
        let pause = u64::from(uuid::Uuid::now_v7().as_bytes()[15]);
        rt::time::sleep(Duration::from_millis(10 + pause / 3)).await;
    }
    kills
}

#[actix_web::test]
async fn a_reader_that_is_killed_again_and_again_does_its_work_once_for_each_event() {
    let desk = Desk::start().await;
    let app = &desk.scene.app;
    let done = Cell::new(false);
    let reviews = async {
        for _ in 0..REVIEWS {
            desk.reviewed().await;
        }
        done.set(true);
    };
    let ((), kills) = join(reviews, kill(app, &done)).await;
    assert!(kills >= 5, "too few kills to tell: {kills}");
    app.readers_done().await;

    let mut log = app.database.as_owner().await;
    let followed = "select coalesce(string_agg(f.kind, ' ' order by f.kind), '') as events \
         from events e left join events f on f.caused_by = e.id and f.resource = 'hand_over' \
         where e.kind = 'assessment.reviewed' group by e.position order by e.position";
    let followed: Vec<Followed> = sql_query(followed).load(&mut log).await.unwrap();
    assert_eq!(followed.len(), REVIEWS);
    let (first, later) = followed.split_first().unwrap();
    let divisions = first.events.split(' ').count();
    assert!(
        divisions >= 2 && first.events.split(' ').all(|kind| kind == "hand_over.created"),
        "{}",
        first.events
    );
    let expected = vec!["hand_over.updated"; divisions].join(" ");
    for one in later {
        assert_eq!(one.events, expected, "each review adds its cause to each hand-over, once");
    }
    let versions = sql_query("select version from hand_overs");
    let versions: Vec<Version> = versions.load(&mut log).await.unwrap();
    let expected = i64::try_from(REVIEWS).unwrap();
    assert!(versions.iter().all(|row| row.version == expected) && versions.len() == divisions);
}
