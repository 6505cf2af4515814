//! The program as a newcomer starts it: `seribu serve` in a process of its own, which can be killed.

mod command_line;
mod kills;

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

use actix_web::rt;
use awc::Client;
use diesel::{
    QueryableByName, sql_query,
    sql_types::{BigInt, Text},
};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use seribu::private_postgres::url_of_another;

use crate::support::until;

/// A data folder and the service on it; both go with the test.
struct Service {
    dir: PathBuf,
    address: String,
    child: Child,
    pilot: bool,
}

impl Service {
    async fn start(pilot: bool) -> Self {
        let dir = std::env::temp_dir().join(format!("seribu-service-{}", uuid::Uuid::now_v7().simple()));
        fs::create_dir(&dir).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address = format!("127.0.0.1:{port}");
        let child = program(&dir, &address, pilot).arg("serve").spawn().unwrap();
        let mut service = Self { dir, address, child, pilot };
        service.is_ready().await;
        service
    }

    /// On the same data.
    async fn start_again(&mut self) {
        self.child = program(&self.dir, &self.address, self.pilot).arg("serve").spawn().unwrap();
        self.is_ready().await;
    }

    async fn is_ready(&mut self) {
        let url = format!("http://{}/readyz", self.address);
        for _ in 0..3_600 {
            if Client::default().get(&url).send().await.is_ok_and(|answer| answer.status() == 200) {
                return;
            }
            assert!(self.child.try_wait().unwrap().is_none(), "it has ended: {}", self.printed());
            rt::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("not ready within three minutes: {}", self.printed());
    }

    fn printed(&self) -> String {
        fs::read_to_string(self.dir.join("printed")).unwrap_or_default()
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Another command on the same data.
    fn command(&self, arguments: &[&str]) -> Output {
        let mut command = program(&self.dir, &self.address, self.pilot);
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap()
    }

    fn postmaster(&self) -> Option<Pid> {
        let file = fs::read_to_string(self.dir.join("postgres/postmaster.pid")).ok()?;
        Pid::from_raw(file.lines().next()?.parse().ok()?)
    }

    async fn post(&self, path: &str, token: &str, key: &str, body: &Value) -> Option<(u16, Value)> {
        let client = Client::builder().timeout(Duration::from_secs(10)).finish();
        let request = client.post(format!("http://{}{path}", self.address)).bearer_auth(token);
        let mut answer = request.insert_header(("Idempotency-Key", key)).send_json(body).await.ok()?;
        let status = answer.status().as_u16();
        Some((status, answer.json().limit(1 << 20).await.unwrap_or_default()))
    }

    async fn get(&self, path: &str, token: &str) -> Value {
        let request = Client::default().get(format!("http://{}{path}", self.address)).bearer_auth(token);
        request.send().await.unwrap().json().limit(1 << 20).await.unwrap()
    }

    /// Makes a user beside the running service; the address is the role's. The password.
    fn given_a_user(&self, role: &str) -> String {
        let email = format!("{role}@dinas.example");
        let made = self.command(&["users", "create", "--name", "Ratna", "--email", &email, "--role", role]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        after(&String::from_utf8(made.stdout).unwrap(), "password").to_owned()
    }

    async fn log_in(&self, email: &str, password: &str) -> String {
        let body = json!({ "email": email, "password": password });
        let (status, tokens) = self.post("/v1/auth/login", "", "log-in", &body).await.unwrap();
        assert_eq!(status, 200, "{tokens}");
        tokens["access_token"].as_str().unwrap().to_owned()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // A test that failed may have left it in any state.
        let _ = self.child.kill();
        let _ = self.child.wait();
        for _ in 0..200 {
            if !self.dir.join("postgres/postmaster.pid").exists() {
                break;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let _ = fs::remove_dir_all(&self.dir);
    }
}

/// What stands after a word on a line.
fn after<'a>(text: &'a str, word: &str) -> &'a str {
    text.lines()
        .find_map(|line| line.strip_prefix(word))
        .unwrap_or_else(|| panic!("no {word}: {text}"))
        .trim()
}

/// What it prints goes to a file in the data folder.
fn program(dir: &Path, address: &str, pilot: bool) -> Command {
    let printed = || fs::OpenOptions::new().create(true).append(true).open(dir.join("printed")).unwrap();
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("private-postgres");
    let mut command = Command::new(env!("CARGO_BIN_EXE_seribu"));
    command.env_remove("DATABASE_URL").env("SERIBU_DATA_DIR", dir).env("SERIBU_LISTEN", address);
    command.env("SERIBU_CACHE_DIR", cache).env("SERIBU_PILOT", pilot.to_string()).env("SERIBU_WORKERS", "2");
    command.stdout(printed()).stderr(printed());
    command
}

#[actix_web::test]
async fn a_first_start_prints_log_ins_with_which_the_journey_can_be_walked_and_nothing_personal_is_logged() {
    let service = Service::start(true).await;
    let file = service.dir.join("pilot-credentials.json");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let known: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let login =
        known["logins"].as_array().unwrap().iter().find(|login| login["role"] == "programme").unwrap();
    let text = |name: &str| login[name].as_str().unwrap();
    assert!(service.printed().contains(text("password")), "{}", service.printed());
    let token = service.log_in(text("email"), text("password")).await;
    let found = service.get("/v1/businesses?limit=1", &token).await;
    assert_eq!(found["data"].as_array().unwrap().len(), 1, "{found}");

    if !["curl", "jq"].iter().all(|tool| Command::new(tool).arg("--version").output().is_ok()) {
        println!("skipped: tests/journey.sh needs curl and jq");
    } else {
        let mut script = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/journey.sh"));
        script
            .env("SERIBU_URL", format!("http://{}", service.address))
            .env("SERIBU_PILOT_CREDENTIALS", &file);
        let walked = rt::task::spawn_blocking(move || script.output().unwrap()).await.unwrap();
        assert!(walked.status.success(), "{}", String::from_utf8_lossy(&walked.stderr));
        let mut readme = Command::new("bash");
        readme.args(["-c", &crate::readme::journey(&service.address, file.to_str().unwrap())]);
        let walked = rt::task::spawn_blocking(move || readme.output().unwrap()).await.unwrap();
        let said = String::from_utf8_lossy(&walked.stdout).into_owned();
        assert!(walked.status.success(), "{said}{}", String::from_utf8_lossy(&walked.stderr));
        assert!(said.ends_with("\"session.created\"\n\"session.held\"\n"), "{said}");
        follows_by_the_guide(&service.address, &token).await;
        lecturers_are_synced_by_the_guide(&service.address, &known).await;
        opens_in_excel_by_the_guide(&service.address, &token).await;
    }
    nothing_personal_is_kept_in_clear(&service).await;
}

/// The last two lines are digests: of the copy, by the guide, and the service's.
async fn follows_by_the_guide(address: &str, token: &str) {
    if Command::new("python3").arg("--version").output().is_err() {
        return println!("skipped: the guide to follow changes needs python3");
    }
    let mut guide = Command::new("bash");
    guide.args(["-c", &crate::readme::follow(address, token)]);
    let done = rt::task::spawn_blocking(move || guide.output().unwrap()).await.unwrap();
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.success(), "{said}{}", String::from_utf8_lossy(&done.stderr));
    let lines: Vec<_> = said.lines().rev().take(2).collect();
    assert!(lines[0].len() > 700 && lines[0] == lines[1], "{said}");
}

async fn lecturers_are_synced_by_the_guide(address: &str, known: &Value) {
    if Command::new("python3").arg("--version").output().is_err() {
        return println!("skipped: the guide to sync lecturers needs python3");
    }
    let mut clients = known["clients"].as_array().unwrap().iter();
    let client = clients.find(|client| client["client_id"] == "siakad-universitas-terbuka").unwrap();
    let mut guide = Command::new("bash");
    guide.args(["-c", &crate::readme::lecturers(address, client["client_secret"].as_str().unwrap())]);
    let done = rt::task::spawn_blocking(move || guide.output().unwrap()).await.unwrap();
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.success(), "{said}{}", String::from_utf8_lossy(&done.stderr));
    let mut rest = said.as_str();
    for next in [
        r#""external_id":"P-00008","result":"rejected""#,
        r#""pointer":"/expertise/0""#,
        r#""created":18,"updated":0,"unchanged":0,"ended":0,"ending":0,"rejected":2}"#,
        r#""created":18,"updated":0,"unchanged":0,"ended":0,"ending":0,"rejected":2}"#,
        "hana.permatasari(at)kampus.example",
        r#""created":2,"#,
        "\n20\n",
        r#""external_id":"P-00020","result":"ended""#,
        "too_many_removals",
        r#""unchanged": 20"#,
    ] {
        rest = rest.split_once(next).unwrap_or_else(|| panic!("{next} is missing: {said}")).1;
    }
    assert!(rest.contains("no php") || rest.contains(r#""unchanged":20"#), "{said}");
}

async fn opens_in_excel_by_the_guide(address: &str, token: &str) {
    let mut guide = Command::new("bash");
    guide.args(["-c", &crate::readme::excel(address, token)]);
    let done = rt::task::spawn_blocking(move || guide.output().unwrap()).await.unwrap();
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.success(), "{said}{}", String::from_utf8_lossy(&done.stderr));
    let (checked, table) = said.split_once('\n').unwrap();
    assert_eq!(checked, "persons.xlsx: OK");
    assert!(table.starts_with("\u{feff}id;address.latitude;address.line;"), "{table}");
    assert!(table.lines().count() > 14, "{table}");
}

/// Of the pilot's people, whose data are in `city.json`.
async fn nothing_personal_is_kept_in_clear(service: &Service) {
    let city: Value = serde_json::from_str(include_str!("../../src/pilot/city.json")).unwrap();
    let printed = service.printed();
    // What is shown to the person at the terminal stands between: whom the log-ins are of.
    let logged: Vec<_> = printed.lines().filter(|line| line.starts_with('[')).collect();
    let mut database = AsyncPgConnection::establish(&url_of_another(&service.dir).unwrap()).await.unwrap();
    for business in city["businesses"].as_array().unwrap() {
        let text = |name: &str| business[name].as_str().unwrap();
        let phone = format!("812990{}0", &text("nik")[12..]);
        let email = format!("{}@pemilik.example", text("key"));
        for secret in [text("nik"), &phone, &email] {
            assert!(!logged.iter().any(|line| line.contains(secret)), "{secret} is logged");
            for table in
                ["persons", "businesses", "users", "events", "idempotency_keys", "invitations", "consents"]
            {
                let sql = format!("select count(*) as count from {table} t where strpos(t::text, $1) > 0");
                let found = sql_query(sql).bind::<Text, _>(secret).get_result::<Count>(&mut database).await;
                assert_eq!(found.unwrap().count, 0, "{secret} in {table}");
            }
        }
        let named = "select count(*) as count from events t where strpos(t::text, $1) > 0";
        let named = sql_query(named).bind::<Text, _>(text("owner")).get_result::<Count>(&mut database).await;
        assert_eq!(named.unwrap().count, 0, "{} in the log of events", text("owner"));
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[actix_web::test]
async fn a_second_start_on_the_same_data_ends_and_a_signal_stops_the_service_with_its_database() {
    let mut service = Service::start(false).await;
    let second = service.command(&["serve"]);
    assert!(!second.status.success());
    let said = String::from_utf8(second.stderr).unwrap();
    assert!(said.contains("is in use by"), "{said}");
    for signal in [Signal::TERM, Signal::INT] {
        service.signal(signal);
        assert!(service.child.wait().unwrap().success(), "{}", service.printed());
        assert!(service.postmaster().is_none(), "the database server goes on");
        service.start_again().await;
    }
}

#[actix_web::test]
async fn a_pilot_that_was_broken_off_is_loaded_again_from_the_beginning() {
    let mut service = Service::start(false).await;
    service.signal(Signal::TERM);
    service.child.wait().unwrap();
    service.pilot = true;
    service.child = program(&service.dir, &service.address, true).arg("serve").spawn().unwrap();
    until(async || match service.dir.join("pilot-unfinished").exists() {
        true => Ok(()),
        false => Err("the pilot is not begun".to_owned()),
    })
    .await;
    rt::time::sleep(Duration::from_millis(1_500)).await;
    service.signal(Signal::KILL);
    service.child.wait().unwrap();
    assert!(!service.dir.join("pilot-credentials.json").exists(), "it was faster than the kill");
    service.start_again().await;
    assert!(service.printed().contains("it is loaded again"), "{}", service.printed());
    assert!(service.dir.join("pilot-credentials.json").exists());
    assert!(!service.dir.join("pilot-unfinished").exists());
}
