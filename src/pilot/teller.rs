//! Tells the API something: the real one, with its access rules and checks, without a network between.

use std::{
    cell::Cell,
    time::{Duration as Pause, Instant},
};

use actix_web::{
    App,
    dev::Service,
    http::{Method, header},
    middleware::from_fn,
    rt,
    test::{self, TestRequest},
};
use chrono::{DateTime, Duration, Utc};
use futures_util::future::LocalBoxFuture;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    access::{Claims, Issuer, Role, token::Verifier},
    accounts::Attempts,
    api::{self, Settings},
    clock::Clock,
    error::ApiError,
    http::problem,
    ids::UserId,
    log::{leader, progress::Progress},
    worker::Shared,
};

type Answer = LocalBoxFuture<'static, Result<Heard, String>>;

struct Heard {
    status: u16,
    etag: Option<header::HeaderValue>,
    body: Value,
}

/// A machine may be busy with something else for a while: what has not moved for so long hangs.
const PATIENCE: Pause = Pause::from_secs(60);

/// Who tells something: an account or a client of the pilot.
#[derive(Clone, Debug)]
pub struct Actor {
    pub user: UserId,
    pub role: Role,
    pub subject: Option<Uuid>,
}

/// What is uploaded, and what it is.
pub struct File {
    pub media_type: &'static str,
    pub bytes: &'static [u8],
}

pub struct Teller {
    settings: Settings,
    call: Box<dyn Fn(TestRequest) -> Answer>,
    begins: DateTime<Utc>,
    now: Cell<DateTime<Utc>>,
    leader: rt::task::JoinHandle<()>,
}

impl Teller {
    /// With a clock of its own, and a leader that reads the log by it.
    pub async fn new(settings: &Settings, begins: DateTime<Utc>) -> Result<Self, String> {
        // What was made up is told to nobody, not even to this machine.
        let shared = Shared { clock: Clock::at(begins), mailer: None, ..settings.shared.clone() };
        let attempts = Attempts::per_minute(std::num::NonZeroU32::MAX);
        let settings = Settings { shared, attempts, ..settings.clone() };
        let app = App::new().wrap(from_fn(problem::render));
        let service = test::init_service(app.configure(|config| api::mount(config, &settings))).await;
        let service = std::rc::Rc::new(service);
        let worker = settings.worker().map_err(|error| format!("{error:?}"))?;
        let leader = rt::spawn(leader::lead(worker, api::readers(), api::jobs()));
        let call = move |request: TestRequest| -> Answer {
            let service = service.clone();
            Box::pin(async move {
                let answer = service.call(request.to_request()).await.map_err(|error| error.to_string())?;
                let (status, etag) = (answer.status().as_u16(), answer.headers().get(header::ETAG).cloned());
                let body = serde_json::from_slice(&test::read_body(answer).await).unwrap_or_default();
                Ok(Heard { status, etag, body })
            })
        };
        Ok(Self { settings, call: Box::new(call), begins, now: Cell::new(begins), leader })
    }

    /// The readers and jobs of this clock stop.
    pub fn hush(&self) {
        self.leader.abort();
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The morning of a day; time only goes on.
    pub fn on(&self, day: i64) {
        self.turn(self.now.get().max(self.begins + Duration::days(day)));
    }

    /// `2026-11-24`, so many days from the day that is told of.
    pub fn date(&self, days: i64) -> String {
        let date = crate::calendar::today(self.now.get(), self.settings.shared.zone);
        (date + Duration::days(days)).to_string()
    }

    pub fn time(&self) -> String {
        self.now.get().to_rfc3339()
    }

    /// So many hours before the time that is told of.
    pub fn time_before(&self, hours: i64) -> String {
        (self.now.get() - Duration::hours(hours)).to_rfc3339()
    }

    fn turn(&self, now: DateTime<Utc>) {
        self.now.set(now);
        self.settings.shared.clock.set(now);
    }

    pub async fn get(&self, actor: &Actor, path: &str) -> Result<Value, String> {
        self.tell(Some(actor), Method::GET, path, &Value::Null).await
    }

    pub async fn post(&self, actor: &Actor, path: &str, body: Value) -> Result<Value, String> {
        self.tell(Some(actor), Method::POST, path, &body).await
    }

    /// The id of what is made.
    pub async fn create(&self, actor: &Actor, path: &str, body: Value) -> Result<String, String> {
        let made = self.post(actor, path, body).await?;
        made["id"].as_str().map(str::to_owned).ok_or_else(|| format!("POST {path}: no id: {made}"))
    }

    /// Moves the record at `path`; `with` are the fields beside the action.
    pub async fn act(&self, actor: &Actor, path: &str, action: &str, with: Value) -> Result<Value, String> {
        let mut body = json!({ "action": action });
        for (name, value) in with.as_object().into_iter().flatten() {
            body[name] = value.clone();
        }
        self.post(actor, &format!("{path}/transitions"), body).await
    }

    /// As whoever has no account yet.
    pub async fn knock(&self, path: &str, body: Value) -> Result<Value, String> {
        self.tell(None, Method::POST, path, &body).await
    }

    /// Who an access token was given to.
    pub fn whose(&self, token: &str) -> Result<UserId, String> {
        let verifier = Verifier::new(self.settings.shared.issuer.clone());
        let actor = verifier.verify(token, self.now.get().timestamp()).map_err(|error| error.to_string())?;
        Ok(actor.user)
    }

    /// A file to a record, as `("business", id)`; the id of what it becomes.
    pub async fn upload(
        &self,
        actor: &Actor,
        (resource, record): (&str, &str),
        kind: &str,
        file: &File,
    ) -> Result<String, String> {
        let path = format!("/v1/attachments?resource={resource}&record_id={record}&kind={kind}");
        let request = self.request(Some(actor), Method::POST, &path)?;
        let request = request.insert_header((header::CONTENT_TYPE, file.media_type)).set_payload(file.bytes);
        let made = self.answered(request, &format!("POST {path}")).await?;
        made["id"].as_str().map(str::to_owned).ok_or_else(|| format!("POST {path}: no id: {made}"))
    }

    /// Changes the record at `path` as it is now.
    pub async fn patch(&self, actor: &Actor, path: &str, body: Value) -> Result<Value, String> {
        self.patch_at(actor, path, path, body).await
    }

    /// Changes what lies below a record and has its version.
    pub async fn patch_at(
        &self,
        actor: &Actor,
        record: &str,
        path: &str,
        body: Value,
    ) -> Result<Value, String> {
        let current = (self.call)(self.request(Some(actor), Method::GET, record)?).await?;
        let read = current.etag.ok_or_else(|| format!("GET {record}: no ETag: {}", current.body))?;
        let request = self.request(Some(actor), Method::PATCH, path)?.insert_header((header::IF_MATCH, read));
        let request = request.insert_header((header::CONTENT_TYPE, "application/merge-patch+json"));
        self.answered(request.set_payload(body.to_string()), &format!("PATCH {path} {body}")).await
    }

    /// What a reader of the log or a job has made of it, once it has.
    pub async fn eventually(
        &self,
        actor: &Actor,
        path: &str,
        done: impl Fn(&Value) -> bool,
    ) -> Result<Value, String> {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            let found = self.get(actor, path).await?;
            if done(&found) {
                return Ok(found);
            }
            rt::time::sleep(Pause::from_millis(20)).await;
        }
        Err(format!("GET {path}: it does not come to what was expected"))
    }

    /// Waits until all that follows from what was told has followed, by the clock of the telling.
    pub async fn settled(&self) -> Result<(), String> {
        let said = |error: ApiError| error.to_string();
        let worker = self.settings.worker().map_err(said)?;
        let sql = worker.db.reader().await.map_err(said)?;
        let (mut last, mut moved) = (Progress::now(&sql).await.map_err(said)?, Instant::now());
        while !last.is_complete(&api::readers()) {
            if moved.elapsed() > PATIENCE {
                return Err(format!("the readers of the log do not come to its end: {last:?}"));
            }
            rt::time::sleep(Pause::from_millis(20)).await;
            let now = Progress::now(&sql).await.map_err(said)?;
            if now != last {
                (last, moved) = (now, Instant::now());
            }
        }
        Ok(())
    }

    async fn tell(
        &self,
        actor: Option<&Actor>,
        method: Method,
        path: &str,
        body: &Value,
    ) -> Result<Value, String> {
        let what = format!("{method} {path} {body}");
        let request = self.request(actor, method, path)?;
        let request = if body.is_null() { request } else { request.set_json(body) };
        self.answered(request, &what).await
    }

    fn request(&self, actor: Option<&Actor>, method: Method, path: &str) -> Result<TestRequest, String> {
        // Whoever tells takes a while over each.
        if method != Method::GET {
            self.turn(self.now.get() + Duration::seconds(40));
        }
        let request = TestRequest::with_uri(path).method(method);
        Ok(match actor {
            Some(actor) => {
                request.insert_header((header::AUTHORIZATION, format!("Bearer {}", self.token(actor)?)))
            }
            None => request,
        })
    }

    async fn answered(&self, request: TestRequest, what: &str) -> Result<Value, String> {
        match (self.call)(request).await? {
            Heard { status: 200..300, body, .. } => Ok(body),
            Heard { status, body, .. } => Err(format!("{what:.400}: {status}: {body}")),
        }
    }

    /// As if the actor had just signed in.
    fn token(&self, actor: &Actor) -> Result<String, String> {
        let now = self.now.get();
        let claims = Claims {
            iss: self.settings.shared.issuer.issuer().to_owned(),
            aud: Issuer::AUDIENCE.to_owned(),
            sub: actor.user,
            client_id: "pilot".to_owned(),
            role: actor.role,
            rows_as: None,
            subject_id: actor.subject,
            scope: actor.role.scopes().join(" "),
            iat: now.timestamp(),
            exp: (now + Duration::minutes(15)).timestamp(),
            jti: Uuid::now_v7(),
        };
        self.settings.shared.issuer.sign(&claims).map_err(|error| error.to_string())
    }
}
