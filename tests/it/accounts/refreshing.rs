//! Refresh tokens: each good once, and a stolen one ends all of its family.

use chrono::TimeDelta;
use futures_util::future::join;
use serde_json::json;

use super::{ask_for_token, get_with, given_a_user, log_in, refresh, send};
use crate::support::{Reply, TestApp, now};

async fn signed_in(app: &TestApp) -> Reply {
    let (_, password) =
        given_a_user(app, "ratna@contoh.id", json!([{ "role": "programme", "subject_id": null }])).await;
    log_in(app, "ratna@contoh.id", &password).await
}

fn refused(reply: &Reply) -> bool {
    (reply.status, &reply.body["error"]) == (400, &json!("invalid_grant"))
}

#[actix_web::test]
async fn each_refresh_token_is_followed_by_another() {
    let app = TestApp::start().await;
    let mut tokens = signed_in(&app).await;
    for _ in 0..3 {
        let next = refresh(&app, tokens.refresh_token()).await;
        assert_eq!((next.status, next.header("cache-control")), (200, "no-store"), "{}", next.text);
        assert_ne!(next.refresh_token(), tokens.refresh_token());
        assert_eq!(get_with(&app, next.access_token(), "/v1/me").await.status, 200);
        tokens = next;
    }
}

#[actix_web::test]
async fn a_token_that_comes_a_second_time_ends_its_whole_family_and_no_other() {
    let app = TestApp::start().await;
    let (_, password) =
        given_a_user(&app, "ratna@contoh.id", json!([{ "role": "programme", "subject_id": null }])).await;
    let first = log_in(&app, "ratna@contoh.id", &password).await;
    let other = log_in(&app, "ratna@contoh.id", &password).await;
    let second = refresh(&app, first.refresh_token()).await;
    assert!(refused(&refresh(&app, first.refresh_token()).await));
    assert!(refused(&refresh(&app, second.refresh_token()).await));
    assert_eq!(refresh(&app, other.refresh_token()).await.status, 200);
}

#[actix_web::test]
async fn of_two_uses_at_once_one_succeeds_at_most() {
    let app = TestApp::start().await;
    let tokens = signed_in(&app).await;
    let (one, two) = join(refresh(&app, tokens.refresh_token()), refresh(&app, tokens.refresh_token())).await;
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400]);
}

#[actix_web::test]
async fn an_old_or_a_made_up_token_is_refused() {
    let app = TestApp::start().await;
    let tokens = signed_in(&app).await;
    let forged = format!("{}x", tokens.refresh_token());
    for token in [forged.as_str(), "x", tokens.access_token()] {
        assert!(refused(&refresh(&app, token).await), "{token}");
    }
    app.set_clock(now() + TimeDelta::days(30) - TimeDelta::seconds(1));
    let next = refresh(&app, tokens.refresh_token()).await;
    assert_eq!(next.status, 200, "{}", next.text);
    app.set_clock(now() + TimeDelta::days(60));
    assert!(refused(&refresh(&app, next.refresh_token()).await));
}

#[actix_web::test]
async fn a_narrower_scope_is_for_one_access_token_and_never_wider() {
    let app = TestApp::start().await;
    let tokens = signed_in(&app).await;
    let ask = async |token: &str, scope: &str| {
        ask_for_token(&app, &format!("grant_type=refresh_token&refresh_token={token}&scope={scope}")).await
    };
    let narrow = ask(tokens.refresh_token(), "cohorts:read+mentors:read").await;
    assert_eq!(narrow.body["scope"], "cohorts:read mentors:read", "{}", narrow.text);
    assert_eq!(get_with(&app, narrow.access_token(), "/v1/institutions").await.status, 403);
    let wide = refresh(&app, narrow.refresh_token()).await;
    assert_eq!(wide.body["scope"], tokens.body["scope"]);
    let refused = ask(wide.refresh_token(), "users:read").await;
    assert_eq!((refused.status, &refused.body["error"]), (400, &json!("invalid_scope")));
}

#[actix_web::test]
async fn logging_out_ends_all_that_came_from_the_same_log_in() {
    let app = TestApp::start().await;
    let first = signed_in(&app).await;
    let second = refresh(&app, first.refresh_token()).await;
    for token in [first.refresh_token(), first.refresh_token(), "unknown"] {
        let out = send(&app, "/v1/auth/logout", json!({ "refresh_token": token })).await;
        assert_eq!((out.status, out.text.as_str()), (204, ""));
    }
    assert!(refused(&refresh(&app, second.refresh_token()).await));
}
