//! Receivers that answer as nobody should, and addresses that lead where they should not.

use std::{net::IpAddr, sync::Arc};

use chrono::Duration;
use serde_json::{Value, json};
use seribu::{
    clock::Clock,
    egress::{Bounds, Egress, Lookup},
};

use super::{
    PATIENCE, a_hook, a_programme, an_app, an_event, deliveries, hook_with,
    receiver::{Answer, Receiver},
    this_machines_now,
};
use crate::{
    postgres::fresh_database,
    support::{TestApp, settings},
};

/// The first attempt at a receiver that does this.
async fn tried(answer: Answer) -> (Value, Receiver) {
    let (app, receiver) = (an_app().await, Receiver::that(answer).await);
    let programme = a_programme(&app).await;
    let hook = a_hook(&app, programme, &receiver, &["institution"]).await;
    an_event(&app, programme, "ut").await;
    (deliveries(&app, programme, &hook, 1).await.remove(0), receiver)
}

fn milliseconds(delivery: &Value) -> u128 {
    delivery["duration_ms"].as_u64().unwrap().into()
}

#[actix_web::test]
async fn a_receiver_that_hangs_is_not_waited_for() {
    let (delivery, _) = tried(Answer::Hang).await;
    assert_eq!(
        (&delivery["status"], &delivery["error"]),
        (&json!("failed"), &json!("timed_out")),
        "{delivery}"
    );
    assert!(milliseconds(&delivery) >= PATIENCE.as_millis(), "{delivery}");
}

#[actix_web::test]
async fn of_an_answer_without_end_four_kibibytes_are_read() {
    let (delivery, receiver) = tried(Answer::Endless).await;
    assert_eq!(
        (&delivery["status"], &delivery["http_status"]),
        (&json!("succeeded"), &json!(200)),
        "{delivery}"
    );
    assert_eq!(delivery["answer"].as_str().unwrap(), "x".repeat(4096));
    // What lies in the buffers between is not read.
    assert!(receiver.written() < 64 << 20, "{}", receiver.written());
}

#[actix_web::test]
async fn who_says_that_it_has_taken_a_message_has_taken_it_however_the_rest_comes() {
    let (slow, _) = tried(Answer::Slow).await;
    assert_eq!(slow["status"], "succeeded", "{slow}");
    let read = slow["answer"].as_str().unwrap().len();
    assert!((1..1000).contains(&read) && milliseconds(&slow) >= PATIENCE.as_millis() - 50, "{slow}");
    let (cut, _) = tried(Answer::CutInBody).await;
    assert_eq!((&cut["status"], &cut["answer"]), (&json!("succeeded"), &json!("taken")), "{cut}");
}

#[actix_web::test]
async fn a_connection_that_is_cut_before_an_answer_is_a_failure() {
    let (cut, _) = tried(Answer::Cut).await;
    assert_eq!(
        (&cut["status"], &cut["error"], &cut["http_status"]),
        (&json!("failed"), &json!("cut_off"), &json!(null))
    );
}

#[actix_web::test]
async fn a_redirect_is_not_followed() {
    let other = Receiver::open().await;
    for to in [other.url.clone(), "http://169.254.169.254/latest/meta-data/".to_owned()] {
        for status in [301, 302, 307, 308] {
            let (redirected, _) = tried(Answer::With(status, format!("location: {to}"), String::new())).await;
            assert_eq!(
                (&redirected["status"], &redirected["http_status"]),
                (&json!("failed"), &json!(status))
            );
        }
    }
    assert_eq!(other.connections(), 0);
}

#[actix_web::test]
async fn nobody_there_is_a_failure() {
    let app = an_app().await;
    let programme = a_programme(&app).await;
    // It was closed again.
    let url = format!("http://127.0.0.1:{}/hook", {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    });
    let hook = hook_with(&app, programme, json!({ "url": url, "types": ["institution"] })).await;
    an_event(&app, programme, "ut").await;
    assert_eq!(deliveries(&app, programme, &hook, 1).await[0]["error"], "not_reached");
}

#[actix_web::test]
async fn a_name_that_leads_to_a_private_address_is_refused_at_the_connect() {
    for addresses in [&["127.0.0.1"][..], &["::1"], &["10.0.0.1", "::ffff:127.0.0.1", "169.254.169.254"], &[]]
    {
        let receiver = Receiver::open().await;
        let found: Vec<IpAddr> = addresses.iter().map(|address| address.parse().unwrap()).collect();
        let lookup: Lookup = Arc::new(move |name| {
            assert_eq!(name, "siakad.kampus.example");
            let found = found.clone();
            Box::pin(async move { Ok(found) })
        });
        let database = fresh_database().await;
        let mut settings = settings(&database).await;
        settings.shared.clock = Clock::at(this_machines_now());
        settings.shared.egress = Egress::resolving_by(Bounds::public(&[receiver.port]), lookup);
        let app = TestApp::with(database, settings);
        let programme = a_programme(&app).await;
        let url = format!("https://siakad.kampus.example:{}/hook", receiver.port);
        let hook = hook_with(&app, programme, json!({ "url": url, "types": ["institution"] })).await;
        an_event(&app, programme, "ut").await;
        let tried = &deliveries(&app, programme, &hook, 1).await[0];
        assert_eq!(
            (&tried["status"], &tried["error"]),
            (&json!("failed"), &json!("address_refused")),
            "{tried}"
        );
        assert_eq!(receiver.connections(), 0);
    }
}

#[actix_web::test]
async fn what_is_told_of_made_up_people_stays_on_this_machine() {
    let app = an_app().await;
    let programme = a_programme(&app).await;
    let url = "https://siakad.kampus.example/hook";
    let hook = hook_with(&app, programme, json!({ "url": url, "types": ["institution"] })).await;
    an_event(&app, programme, "ut").await;
    assert_eq!(deliveries(&app, programme, &hook, 1).await[0]["error"], "address_refused");
}

#[actix_web::test]
async fn of_an_answer_no_secret_is_kept_nor_what_was_sent() {
    let (app, receiver) = (an_app().await, Receiver::open().await);
    let programme = a_programme(&app).await;
    let hook = hook_with(
        &app,
        programme,
        json!({ "url": receiver.url, "types": ["institution"], "payload": "full" }),
    )
    .await;
    let body = format!("{} siti@kampus.example Kampus Siti 3674010101900001 fine", hook.secret);
    receiver.next([Answer::With(400, "x-a: b".into(), body)]);
    let institution = json!({ "code": "ks", "name": "Kampus Siti", "kind": "university" });
    app.create(programme, "/v1/institutions", institution).await;
    let tried = &deliveries(&app, programme, &hook, 1).await[0];
    assert_eq!(tried["answer"], "[…] […] […] […] fine");
    app.set_clock(this_machines_now() + Duration::seconds(10));
    receiver.got_once(2).await;
}
