//! Acknowledged means stored, whatever is killed.

use std::{cell::RefCell, time::Duration};

use actix_web::rt;
use diesel::{QueryableByName, sql_query, sql_types::BigInt};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use futures_util::future::{join, join_all};
use rustix::process::{Signal, kill_process};
use serde_json::{Value, json};
use seribu::private_postgres::url_of_another;

use super::Service;

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn an_institution(code: &str) -> Value {
    json!({ "code": code, "name": format!("Lembaga {code}"), "kind": "other" })
}

/// The codes that were sent, and of them those whose making was acknowledged.
#[derive(Default)]
struct Written {
    sent: RefCell<Vec<String>>,
    acknowledged: RefCell<Vec<String>>,
}

impl Written {
    /// In the middle of the work.
    async fn enough(&self) {
        while self.acknowledged.borrow().len() < 60 {
            rt::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// Six writers at once, who go on whatever they are answered.
async fn load(service: &Service, token: &str, round: &str, Written { sent, acknowledged }: &Written) {
    let write = async |writer: usize| {
        for number in 0..150 {
            let code = format!("{round}-{writer}-{number}");
            sent.borrow_mut().push(code.clone());
            match service.post("/v1/institutions", token, &code, &an_institution(&code)).await {
                Some((201, _)) => acknowledged.borrow_mut().push(code),
                // Not the service's to say that it was stored, nor that it was not.
                Some((500.., _)) | None => rt::time::sleep(Duration::from_millis(20)).await,
                Some((status, body)) => panic!("{code}: {status}: {body}"),
            }
        }
    };
    join_all((0..6).map(write)).await;
}

/// What was acknowledged is there; what was not can be sent again, and is there once.
async fn all_is_there_once(service: &Service, token: &str, written: Written) {
    let (sent, acknowledged) = (written.sent.into_inner(), written.acknowledged.into_inner());
    assert!(acknowledged.len() < sent.len(), "nothing was interrupted");
    let mut database = AsyncPgConnection::establish(&url_of_another(&service.dir).unwrap()).await.unwrap();
    for code in &acknowledged {
        let there = sql_query("select count(*) as count from institutions where code = $1");
        let there = there.bind::<diesel::sql_types::Text, _>(code).get_result::<Count>(&mut database).await;
        assert_eq!(there.unwrap().count, 1, "{code} was acknowledged, and is lost");
    }
    for code in &sent {
        let (status, body) =
            service.post("/v1/institutions", token, code, &an_institution(code)).await.unwrap();
        assert_eq!(status, 201, "{code}: {body}");
    }
    let round = sent[0].split('-').next().unwrap();
    let made = format!("select count(*) as count from institutions where code like '{round}-%'");
    let told = format!(
        "select count(distinct subject_id) as count from events join institutions on institutions.id = subject_id \
         where events.kind = 'institution.created' and code like '{round}-%'"
    );
    for (what, sql) in [("rows", made), ("events", told)] {
        let count = sql_query(sql).get_result::<Count>(&mut database).await.unwrap().count;
        assert_eq!(count, i64::try_from(sent.len()).unwrap(), "{what}");
    }
}

#[actix_web::test]
async fn killing_the_service_or_its_database_under_load_loses_nothing_that_was_acknowledged() {
    let mut service = Service::start(false).await;
    let password = service.given_a_user("programme");
    let token = service.log_in("programme@dinas.example", &password).await;

    let written = Written::default();
    let kill = async {
        written.enough().await;
        service.signal(Signal::KILL);
    };
    join(load(&service, &token, "service", &written), kill).await;
    service.child.wait().unwrap();
    service.start_again().await;
    let token = service.log_in("programme@dinas.example", &password).await;
    all_is_there_once(&service, &token, written).await;

    let written = Written::default();
    let first = service.postmaster().unwrap();
    let kill = async {
        written.enough().await;
        kill_process(first, Signal::KILL).unwrap();
    };
    join(load(&service, &token, "database", &written), kill).await;
    service.is_ready().await;
    assert_ne!(service.postmaster(), Some(first));
    all_is_there_once(&service, &token, written).await;
}
