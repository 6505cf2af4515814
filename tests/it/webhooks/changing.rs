//! Whose rights a webhook has, as they change.

use serde_json::json;
use seribu::access::Role;

use super::{
    a_client, a_hook, a_programme, an_app, an_event, hook_with,
    receiver::{Answer, Receiver},
};
use crate::support::Caller;

#[actix_web::test]
async fn with_the_account_that_set_it_the_webhook_ends() {
    let (app, receiver) = (an_app().await, Receiver::open().await);
    let programme = a_programme(&app).await;
    let admin = Caller::new(Role::Admin);
    let hook = a_hook(&app, programme, &receiver, &["institution"]).await;
    app.patch(admin, &format!("/v1/clients/{}", programme.user), json!({ "status": "disabled" })).await;
    an_event(&app, programme, "ut").await;
    let ended = app.eventually(programme, &hook.path, |reply| reply.body["status"] == "disabled").await;
    assert_eq!(ended.body["disabled_because"], "owner_disabled");
    receiver.got_once(0).await;
    // Nobody may be what nobody is: a token alone does not do.
    let nobody = Caller::new(Role::Programme);
    let hook = a_hook(&app, nobody, &receiver, &["institution"]).await;
    an_event(&app, nobody, "itb").await;
    app.eventually(nobody, &hook.path, |reply| reply.body["disabled_because"] == "owner_disabled").await;
    receiver.got_once(0).await;
}

#[actix_web::test]
async fn a_webhook_is_told_only_what_its_account_may_read_today() {
    let (app, receiver) = (an_app().await, Receiver::open().await);
    let programme = a_programme(&app).await;
    let admin = Caller::new(Role::Admin);
    let body = json!({ "url": receiver.url, "types": ["institution", "cohort"], "payload": "full" });
    hook_with(&app, programme, body).await;
    an_event(&app, programme, "ut").await;
    assert!(receiver.got_once(1).await[0].json()["data"]["data"].is_object());
    let client = format!("/v1/clients/{}", programme.user);
    // Without the feed no whole changes; without a scope none of its records.
    app.patch(admin, &client, json!({ "scopes": ["webhooks:manage", "institutions:read"] })).await;
    let id = an_event(&app, programme, "itb").await;
    let thin = receiver.got_once(2).await[1].json();
    assert_eq!((&thin["data"]["subject_id"], thin["data"].get("data")), (&json!(id), None));
    app.patch(admin, &client, json!({ "scopes": ["webhooks:manage", "cohorts:read"] })).await;
    an_event(&app, programme, "ui").await;
    receiver.got_once(2).await;
}

#[actix_web::test]
async fn at_another_address_what_waits_is_tried_at_once() {
    let app = an_app().await;
    let (old, new) = (Receiver::that(Answer::Status(500)).await, Receiver::open().await);
    let programme = a_programme(&app).await;
    let hook = a_hook(&app, programme, &old, &["institution"]).await;
    an_event(&app, programme, "ut").await;
    let first = old.got_once(1).await;
    app.patch(programme, &hook.path, json!({ "url": new.url })).await;
    assert_eq!(new.got_once(1).await[0].id(), first[0].id());
}

#[actix_web::test]
async fn the_slow_receivers_of_one_party_hold_up_their_own() {
    let app = an_app().await;
    let (slow, quick) = (Receiver::that(Answer::Hang).await, Receiver::open().await);
    let programme = a_programme(&app).await;
    for _ in 0..12 {
        a_hook(&app, programme, &slow, &["institution"]).await;
    }
    let other = a_client(&app, Role::Policy, None).await;
    a_hook(&app, other, &quick, &["institution"]).await;
    an_event(&app, programme, "ut").await;
    quick.comes_to(1).await;
    assert!(slow.got().len() <= 8, "{}", slow.got().len());
    slow.got_once(12).await;
}
