//! The real service on a database of its own, over HTTP, and a client for it.

use std::{
    sync::{Arc, LazyLock, RwLock},
    time::{Duration, Instant},
};

use actix_web::{
    App, HttpServer,
    http::{Method, header::HeaderMap},
    middleware::from_fn,
    rt,
};
use awc::{Client, ClientRequest};
use chrono::{DateTime, Utc};
use serde_json::Value;
use seribu::{
    access::{Claims, Issuer, Role},
    accounts::Attempts,
    api::{self, Settings},
    clock::Clock,
    egress::{Bounds, Egress},
    files::Files,
    http::problem,
    ids::UserId,
    log::{leader, listening, progress::Progress},
    reference::{self, Reference},
    secrets::Keys,
    worker::Shared,
};
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::postgres::{self, Database};

/// The test's time of day, where it does not set another.
pub fn now() -> DateTime<Utc> {
    "2026-11-24T03:04:05Z".parse().unwrap()
}

pub const ISSUER: &str = "https://issuer.test";

/// Made anew for each run, so that no key stands in the repository.
static KEYS: LazyLock<Arc<Keys>> = LazyLock::new(|| {
    let path = std::env::temp_dir().join(format!("seribu-keys-{}.json", std::process::id()));
    let keys = Keys::create(&path, now()).unwrap();
    std::fs::remove_file(path).unwrap();
    Arc::new(keys)
});

/// As the template has it, and so each new database: read once.
static REFERENCE: OnceCell<Arc<Reference>> = OnceCell::const_new();

pub struct TestApp {
    pub address: String,
    pub database: Database,
    pub settings: Settings,
    /// Who writes exports; a test may kill it.
    pub writer: rt::task::JoinHandle<()>,
    client: Client,
}

/// Who asks. The token is a real one, signed with the run's key.
#[derive(Clone, Copy, Debug)]
pub struct Caller {
    pub role: Role,
    pub user: UserId,
    pub subject: Option<Uuid>,
}

#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
    pub body: Value,
}

impl TestApp {
    /// One worker, and a leader that reads the log.
    pub async fn start() -> Self {
        Self::on(postgres::fresh_database().await).await
    }

    pub async fn on(database: Database) -> Self {
        let settings = settings(&database).await;
        Self::with(database, settings)
    }

    pub fn with(database: Database, settings: Settings) -> Self {
        let for_workers = settings.clone();
        let server = HttpServer::new(move || {
            let app = App::new().wrap(from_fn(problem::render));
            app.configure(|config| api::mount(config, &for_workers))
        });
        let server = server.workers(1).disable_signals().bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", server.addrs()[0]);
        rt::spawn(server.run());
        let follower = settings.worker().unwrap();
        rt::spawn(async move { follower.follow_reference(Duration::from_millis(250)).await });
        rt::spawn(leader::lead(settings.worker().unwrap(), api::readers(), api::jobs()));
        rt::spawn(api::deliver(settings.worker().unwrap()));
        rt::spawn(listening::listen(settings.worker().unwrap()));
        let writer = rt::spawn(api::write_exports(settings.worker().unwrap()));
        let client = Client::builder().timeout(Duration::from_secs(20)).disable_redirects().finish();
        Self { address, database, settings, writer, client }
    }

    pub fn request(&self, method: Method, path: &str) -> ClientRequest {
        self.client.request(method, format!("{}{path}", self.address))
    }

    pub async fn send(&self, request: ClientRequest, body: impl Into<String>) -> Reply {
        let mut response = request.send_body(body.into()).await.unwrap();
        let text = response.body().limit(64 << 20).await.unwrap();
        let text = String::from_utf8(text.to_vec()).unwrap();
        Reply {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: serde_json::from_str(&text).unwrap_or(Value::Null),
            text,
        }
    }

    /// A request of `caller` with a JSON body, or none where it is null.
    pub async fn ask(&self, caller: Caller, method: Method, path: &str, body: Value) -> Reply {
        let kind = match method {
            Method::PATCH => "application/merge-patch+json",
            _ => "application/json",
        };
        let request = self.request(method, path).bearer_auth(caller.token(|_| ()));
        match body {
            Value::Null => self.send(request, "").await,
            body => self.send(request.content_type(kind), body.to_string()).await,
        }
    }

    pub async fn get(&self, caller: Caller, path: &str) -> Reply {
        self.ask(caller, Method::GET, path, Value::Null).await
    }

    pub async fn post(&self, caller: Caller, path: &str, body: Value) -> Reply {
        self.ask(caller, Method::POST, path, body).await
    }

    /// Changes whatever version there is.
    pub async fn patch(&self, caller: Caller, path: &str, body: Value) -> Reply {
        let request = self.request(Method::PATCH, path).bearer_auth(caller.token(|_| ()));
        let request = request.insert_header(("if-match", "*")).content_type("application/merge-patch+json");
        self.send(request, body.to_string()).await
    }

    /// Takes an action, which must be possible, and answers the resource.
    pub async fn act(&self, caller: Caller, path: &str, body: Value) -> Value {
        let reply = self.post(caller, &format!("{path}/transitions"), body).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text);
        reply.body
    }

    /// Creates what must be possible to create, and answers its id.
    pub async fn create(&self, caller: Caller, path: &str, body: Value) -> String {
        let reply = self.post(caller, path, body).await;
        assert_eq!(reply.status, 201, "{path}: {}", reply.text);
        reply.id()
    }

    pub fn set_clock(&self, now: DateTime<Utc>) {
        self.settings.shared.clock.set(now);
    }

    /// Waits until every event is numbered and every reader has come to the last, also to those of the readers.
    pub async fn readers_done(&self) {
        let database = self.database.as_superuser().await;
        until(async || {
            let progress = Progress::now(&database).await.unwrap();
            let is_complete = progress.is_complete(&api::readers());
            is_complete
                .then_some(())
                .ok_or_else(|| format!("the readers of the log are behind: {progress:?}"))
        })
        .await;
    }

    /// Asks until `done` says so: for what a reader of the log or a job does.
    pub async fn eventually(&self, caller: Caller, path: &str, done: impl Fn(&Reply) -> bool) -> Reply {
        until(async || {
            let reply = self.get(caller, path).await;
            if done(&reply) { Ok(reply) } else { Err(format!("{path}: {}", reply.text)) }
        })
        .await
    }
}

/// Asks again and again until there is something. A machine may be busy with something else for a while: only what
/// hangs takes a minute.
pub async fn until<T>(mut found: impl AsyncFnMut() -> Result<T, String>) -> T {
    let begun = Instant::now();
    loop {
        match found().await {
            Ok(found) => return found,
            Err(missing) => assert!(begun.elapsed() < Duration::from_secs(60), "after a minute: {missing}"),
        }
        rt::time::sleep(Duration::from_millis(25)).await;
    }
}

pub async fn settings(database: &Database) -> Settings {
    let signer = KEYS.signing_key();
    let read = async || {
        let mut connection = database.as_app().await;
        Arc::new(reference::store::load(&mut connection).await.unwrap())
    };
    let reference = REFERENCE.get_or_init(read).await.clone();
    let signer = (signer.kid.clone(), signer.key.clone());
    Settings {
        database_url: database.app.clone(),
        writers_per_worker: 4,
        largest_body: 256 << 10,
        attempts: Attempts::per_minute(10_000.try_into().unwrap()),
        shared: Shared {
            keys: KEYS.clone(),
            files: Files::in_folder(&database.files(), &KEYS).unwrap(),
            mailer: None,
            egress: Egress::new(Bounds::this_machine()),
            issuer: Arc::new(Issuer::new(ISSUER, signer, KEYS.verification_keys())),
            reference: Arc::new(RwLock::new(reference)),
            clock: Clock::at(now()),
            zone: chrono_tz::Asia::Jakarta,
            synthetic_allowed: true,
            sandbox: None,
            wake: Arc::default(),
            numbered: Arc::default(),
            draining: Arc::default(),
        },
    }
}

impl Caller {
    /// A desk, or a role with a subject of its own that no record names.
    pub fn new(role: Role) -> Self {
        let subject = role.subject().map(|_| Uuid::now_v7());
        Self { role, user: UserId::generate(), subject }
    }

    /// Who acts for the subject: a person, mentor, institution, cooperative.
    pub fn of(role: Role, subject: &str) -> Self {
        Self { subject: Some(Uuid::parse_str(subject).unwrap()), ..Self::new(role) }
    }

    pub fn claims(self) -> Claims {
        Claims {
            iss: ISSUER.into(),
            aud: Issuer::AUDIENCE.into(),
            sub: self.user,
            client_id: "test".into(),
            role: self.role,
            rows_as: None,
            subject_id: self.subject,
            scope: self.role.scopes().join(" "),
            iat: now().timestamp(),
            exp: "2199-01-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap().timestamp(),
            jti: Uuid::now_v7(),
        }
    }

    /// An access token, its claims spoilt by `change` where a test wants that.
    pub fn token(self, change: impl FnOnce(&mut Claims)) -> String {
        let mut claims = self.claims();
        change(&mut claims);
        let signer = KEYS.signing_key();
        Issuer::new(ISSUER, (signer.kid.clone(), signer.key.clone()), Default::default())
            .sign(&claims)
            .unwrap()
    }
}

/// A body with other fields.
pub fn merged(mut body: Value, change: Value) -> Value {
    for (name, value) in change.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

impl Reply {
    pub fn id(&self) -> String {
        self.body["id"].as_str().unwrap_or_else(|| panic!("no id in {}", self.text)).to_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// `place code` of each flaw of a problem.
    pub fn flaws(&self) -> Vec<String> {
        let errors = self.body["errors"].as_array().into_iter().flatten();
        let place = |error: &Value| {
            ["pointer", "parameter", "header"].iter().find_map(|kind| error[kind].as_str().map(str::to_owned))
        };
        errors.map(|error| format!("{} {}", place(error).unwrap(), error["code"].as_str().unwrap())).collect()
    }
}
