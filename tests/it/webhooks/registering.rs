//! Who registers a webhook, which, and who sees it.

use actix_web::http::Method;
use serde_json::json;
use seribu::{
    access::Role,
    egress::{Bounds, Egress},
};

use super::{a_client, a_hook, a_programme, an_app, an_event, hook_with, receiver::Receiver};
use crate::{
    accounts::given_an_institution,
    persons::lines,
    postgres::fresh_database,
    support::{Caller, TestApp, settings},
};

#[actix_web::test]
async fn an_address_that_no_stranger_may_choose_is_refused_when_it_is_registered() {
    let database = fresh_database().await;
    let mut settings = settings(&database).await;
    settings.shared.egress = Egress::new(Bounds::public(&[]));
    let app = TestApp::with(database, settings);
    let programme = Caller::new(Role::Programme);
    for (url, flaw) in [
        ("", "/url bad_format"),
        ("siakad.kampus.example", "/url bad_format"),
        ("http://siakad.kampus.example/", "/url bad_format"),
        ("ftp://siakad.kampus.example/", "/url bad_format"),
        ("https://user:secret@siakad.kampus.example/", "/url bad_format"),
        ("https://siakad.kampus.example/#here", "/url bad_format"),
        ("https://siakad.kampus.example:22/", "/url not_allowed"),
        ("https://siakad.kampus.example:80/", "/url not_allowed"),
        ("https://localhost/", "/url private_address"),
        ("https://siakad/", "/url private_address"),
        ("https://siakad.local/", "/url private_address"),
        ("https://127.0.0.1/", "/url private_address"),
        ("https://127.1/", "/url private_address"),
        ("https://2130706433/", "/url private_address"),
        ("https://0x7f.0.0.1/", "/url private_address"),
        ("https://10.1.2.3/", "/url private_address"),
        ("https://100.64.0.1/", "/url private_address"),
        ("https://169.254.169.254/latest/meta-data/", "/url private_address"),
        ("https://172.20.0.1/", "/url private_address"),
        ("https://192.168.0.1:8443/", "/url private_address"),
        ("https://0.0.0.0/", "/url private_address"),
        ("https://224.0.0.1/", "/url private_address"),
        ("https://203.0.113.9/", "/url private_address"),
        ("https://[::1]/", "/url private_address"),
        ("https://[::ffff:192.168.0.1]/", "/url private_address"),
        ("https://[fd00::1]/", "/url private_address"),
        ("https://[fe80::1]/", "/url private_address"),
        ("https://[2002:c0a8:1::]/", "/url private_address"),
        ("https://[64:ff9b::c0a8:1]/", "/url private_address"),
    ] {
        let refused = app.post(programme, "/v1/webhooks", json!({ "url": url })).await;
        assert_eq!((refused.status, refused.flaws()), (422, vec![flaw.to_owned()]), "{url}");
    }
    for url in
        ["https://siakad.kampus.example/a?b=c", "https://siakad.kampus.example:8443/", "https://1.1.1.1/"]
    {
        app.create(programme, "/v1/webhooks", json!({ "url": url })).await;
    }
    let hook = hook_with(&app, programme, json!({ "url": "https://siakad.kampus.example/" })).await;
    let moved = app.patch(programme, &hook.path, json!({ "url": "https://10.0.0.1/" })).await;
    assert_eq!(moved.flaws(), ["/url private_address"]);
}

#[actix_web::test]
async fn all_that_is_wrong_is_named_at_once() {
    let app = an_app().await;
    let programme = Caller::new(Role::Programme);
    let body = json!({ "url": "https://10.0.0.1/", "types": ["business", "busines", "business.flown"], "payload": "full" });
    let request = app.request(Method::POST, "/v1/webhooks").content_type("application/json");
    // Whole changes are for who may read the feed.
    let token = programme.token(|claims| claims.scope = "webhooks:manage businesses:read".into());
    let refused = app.send(request.bearer_auth(token), body.to_string()).await;
    let flaws =
        ["/url private_address", "/payload not_allowed", "/types/1 unknown_code", "/types/2 unknown_code"];
    assert_eq!(refused.flaws(), flaws, "{}", refused.text);
}

#[actix_web::test]
async fn a_secret_is_shown_once_and_kept_nowhere_in_clear() {
    let (app, receiver) = (an_app().await, Receiver::open().await);
    let programme = a_programme(&app).await;
    let hook = a_hook(&app, programme, &receiver, &[]).await;
    assert!(hook.secret.starts_with("whsec_") && hook.secret.len() == 6 + 44, "{}", hook.secret);
    for path in ["", "/history", "/deliveries", "/transitions"] {
        let reply = app.get(programme, &format!("{}{path}", hook.path)).await;
        assert!(reply.status == 200 && !reply.text.contains("whsec_"), "{}", reply.text);
    }
    for table in ["webhook_endpoints", "events", "idempotency_keys", "webhook_deliveries"] {
        let sql = format!(
            "select 'found' as line from {table} t where strpos(t::text, '{}') > 0",
            &hook.secret[6..]
        );
        assert_eq!(lines(&app, &sql).await, [""; 0], "{table}");
    }
}

#[actix_web::test]
async fn a_webhook_is_its_partys_and_the_administrator_sees_all_but_changes_none() {
    let (app, receiver) = (an_app().await, Receiver::open().await);
    let one = given_an_institution(&app, "ut").await;
    let other = given_an_institution(&app, "itb").await;
    let university = a_client(&app, Role::Institution, Some(one.parse().unwrap())).await;
    let hook = a_hook(&app, university, &receiver, &["mentor"]).await;
    let stranger = Caller::of(Role::Institution, &other);
    let admin = Caller::new(Role::Admin);
    for path in ["", "/history", "/deliveries", "/transitions"] {
        assert_eq!(app.get(stranger, &format!("{}{path}", hook.path)).await.status, 404);
        assert_eq!(app.get(admin, &format!("{}{path}", hook.path)).await.status, 200);
    }
    let replay = json!({ "from": "2026-11-01T00:00:00Z" });
    for caller in [stranger, admin] {
        for (path, body) in [("/secret", json!(null)), ("/test", json!(null)), ("/replay", replay.clone())] {
            let refused = app.post(caller, &format!("{}{path}", hook.path), body).await;
            assert_eq!(refused.status, 404, "{path}: {}", refused.text);
        }
        assert_eq!(app.patch(caller, &hook.path, json!({ "types": [] })).await.status, 404);
    }
    let list = app.get(stranger, "/v1/webhooks").await;
    assert_eq!(list.body["data"], json!([]));
    assert_eq!(app.get(admin, "/v1/webhooks").await.body["data"][0]["id"], json!(hook.id));
    // What disturbs can be stopped; to go on is for whose it is.
    app.act(admin, &hook.path, json!({ "action": "disable" })).await;
    let enable = app.post(admin, &format!("{}/transitions", hook.path), json!({ "action": "enable" })).await;
    assert_eq!(enable.status, 403, "{}", enable.text);
    app.act(university, &hook.path, json!({ "action": "enable" })).await;
}

#[actix_web::test]
async fn a_party_has_twenty_webhooks_of_a_client_at_most() {
    let app = an_app().await;
    let programme = Caller::new(Role::Programme);
    let body = json!({ "url": "https://siakad.kampus.example/" });
    for _ in 0..20 {
        app.create(programme, "/v1/webhooks", body.clone()).await;
    }
    let refused = app.post(programme, "/v1/webhooks", body).await;
    assert_eq!(
        (refused.status, &refused.body["code"]),
        (409, &json!("too_many_webhooks")),
        "{}",
        refused.text
    );
}

#[actix_web::test]
async fn what_is_deleted_is_sent_nothing_more() {
    let (app, receiver) = (an_app().await, Receiver::open().await);
    let programme = a_programme(&app).await;
    let hook = a_hook(&app, programme, &receiver, &["institution"]).await;
    let request = app.request(Method::DELETE, &hook.path).bearer_auth(programme.token(|_| ()));
    assert_eq!(app.send(request.insert_header(("if-match", "*")), "").await.status, 204);
    an_event(&app, programme, "ut").await;
    receiver.got_once(0).await;
    assert_eq!(app.get(programme, &hook.path).await.status, 404);
}
