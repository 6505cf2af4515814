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
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

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
        for _ in 0..1_200 {
            if Client::default().get(&url).send().await.is_ok_and(|answer| answer.status() == 200) {
                return;
            }
            assert!(self.child.try_wait().unwrap().is_none(), "it has ended: {}", self.printed());
            rt::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("not ready within a minute: {}", self.printed());
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
async fn a_first_start_prints_log_ins_that_work_and_a_second_on_the_same_data_ends() {
    let mut service = Service::start(true).await;
    let file = service.dir.join("pilot-credentials.json");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let known: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    for login in known["logins"].as_array().unwrap() {
        let text = |name: &str| login[name].as_str().unwrap();
        if text("role") == "programme" {
            assert!(service.printed().contains(text("password")), "{}", service.printed());
            let token = service.log_in(text("email"), text("password")).await;
            let found = service.get("/v1/businesses?limit=1", &token).await;
            assert_eq!(found["data"].as_array().unwrap().len(), 1, "{found}");
        }
    }

    let second = service.command(&["serve"]);
    assert!(!second.status.success());
    let said = String::from_utf8(second.stderr).unwrap();
    assert!(said.contains("is in use by"), "{said}");

    service.signal(Signal::TERM);
    assert!(service.child.wait().unwrap().success(), "{}", service.printed());
    assert!(service.postmaster().is_none(), "the database server goes on");
    let once = service.printed();
    service.start_again().await;
    let again = service.printed();
    assert!(!again.strip_prefix(&once).unwrap().contains("loading the pilot"), "{again}");
    service.signal(Signal::INT);
    assert!(service.child.wait().unwrap().success(), "{}", service.printed());
}
