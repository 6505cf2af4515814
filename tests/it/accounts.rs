//! Accounts through HTTP: what all their tests need.

mod accepting;
mod clients;
mod discovery;
mod invitations;
mod refreshing;
mod secrecy;
mod sign_in;
mod token;
mod users;

use actix_web::http::Method;
use serde_json::{Value, json};
use seribu::access::Role;

use crate::{
    institutions::an_institution,
    support::{Caller, Reply, TestApp},
};

pub fn admin() -> Caller {
    Caller::new(Role::Admin)
}

pub fn a_user(email: &str, grants: Value) -> Value {
    json!({ "name": "Ratna Wulandari", "email": email, "grants": grants })
}

/// A user with these grants; the answer is the id and the password.
pub async fn given_a_user(app: &TestApp, email: &str, grants: Value) -> (String, String) {
    let reply = app.post(admin(), "/v1/users", a_user(email, grants)).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    (reply.id(), reply.body["password"].as_str().unwrap().to_owned())
}

pub async fn given_an_institution(app: &TestApp, code: &str) -> String {
    app.create(Caller::new(Role::Programme), "/v1/institutions", an_institution(code, "university")).await
}

/// Without a token.
pub async fn send(app: &TestApp, path: &str, body: Value) -> Reply {
    app.send(app.request(Method::POST, path).content_type("application/json"), body.to_string()).await
}

pub async fn log_in(app: &TestApp, email: &str, password: &str) -> Reply {
    send(app, "/v1/auth/login", json!({ "email": email, "password": password })).await
}

/// A form to the token endpoint.
pub async fn ask_for_token(app: &TestApp, form: &str) -> Reply {
    let request = app.request(Method::POST, "/v1/auth/token");
    app.send(request.content_type("application/x-www-form-urlencoded"), form.to_owned()).await
}

pub async fn refresh(app: &TestApp, token: &str) -> Reply {
    ask_for_token(app, &format!("grant_type=refresh_token&refresh_token={token}")).await
}

pub async fn get_with(app: &TestApp, access_token: &str, path: &str) -> Reply {
    app.send(app.request(Method::GET, path).bearer_auth(access_token), "").await
}

impl Reply {
    pub fn access_token(&self) -> &str {
        self.body["access_token"].as_str().unwrap_or_else(|| panic!("no token in {}", self.text))
    }

    pub fn refresh_token(&self) -> &str {
        self.body["refresh_token"].as_str().unwrap_or_else(|| panic!("no token in {}", self.text))
    }
}
