//! What is no token, and how far one reaches.

use actix_web::http::Method;
use seribu::access::Role;

use super::{NOBODY, a_problem, foretold};
use crate::{
    document::operations,
    support::{Caller, TestApp},
};

#[actix_web::test]
async fn a_token_that_is_not_exactly_right_is_refused() {
    let app = TestApp::start().await;
    let caller = Caller::new(Role::Programme);
    let right = caller.token(|_| ());
    let other = Caller::new(Role::Admin).token(|_| ());
    let parts = |token: &str| token.split('.').map(str::to_owned).collect::<Vec<_>>();
    let (mine, others) = (parts(&right), parts(&other));
    let spoilt = [
        caller.token(|claims| claims.exp = crate::support::now().timestamp()),
        caller.token(|claims| claims.exp = -1),
        caller.token(|claims| claims.aud = "another".into()),
        caller.token(|claims| claims.iss = "https://another.test".into()),
        caller.token(|claims| {
            claims.role = Role::Mentor;
            claims.subject_id = None;
        }),
        // The signature of another token, none, and other claims under mine.
        format!("{}.{}.{}", mine[0], mine[1], others[2]),
        format!("{}.{}.", mine[0], mine[1]),
        format!("{}.{}.{}", mine[0], others[1], mine[2]),
        // {"alg":"none","typ":"at+jwt"} and {"alg":"HS256","typ":"at+jwt","kid":"x"}
        format!("eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.{}.", mine[1]),
        format!("eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6IngifQ.{}.{}", mine[1], mine[2]),
        "a".repeat(60_000),
        " ".into(),
    ];
    assert_eq!(app.get(caller, "/v1/institutions").await.status, 200);
    for token in spoilt {
        let request = app.request(Method::GET, "/v1/institutions");
        let reply = app.send(request.insert_header(("authorization", format!("Bearer {token}"))), "").await;
        assert!([401, 431].contains(&reply.status), "{token}: {}", reply.text);
    }
    // In the address, twice, or by another scheme it is no token at all.
    let request = app.request(Method::GET, &format!("/v1/institutions?access_token={right}"));
    a_problem(&app.send(request, "").await, 401, "in the address");
    let request = app.request(Method::GET, "/v1/institutions").bearer_auth(&right);
    let twice = request.append_header(("authorization", format!("Bearer {right}")));
    a_problem(&app.send(twice, "").await, 401, "twice");
    let request = app.request(Method::GET, "/v1/institutions");
    a_problem(
        &app.send(request.insert_header(("authorization", format!("Basic {right}"))), "").await,
        401,
        "basic",
    );
}

#[actix_web::test]
async fn a_token_reaches_no_further_than_its_scopes() {
    let app = TestApp::start().await;
    for operation in operations() {
        let Some(permission) = operation.permission else { continue };
        let caller = Caller::new(operation.someone_who_may());
        let token = caller.token(|claims| {
            let kept = claims.scope.split(' ').filter(|scope| *scope != permission.scope());
            claims.scope = kept.collect::<Vec<_>>().join(" ");
        });
        let request = app.request(operation.method.clone(), &operation.path_of(NOBODY)).bearer_auth(token);
        let reply = app.send(request, "").await;
        foretold(&operation, &reply, 403);
        assert!(reply.body["detail"].as_str().unwrap().ends_with(permission.scope()), "{}", reply.text);
    }
}
