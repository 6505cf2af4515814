//! The private server, started for real: what it promises when processes are killed, too.

use std::{
    env, fs,
    future::Future,
    io::{BufRead, BufReader},
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    process::{self, Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use seribu::private_postgres::{Options, Server, StartError, start, usable_dir};
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
fn what_was_stopped_starts_again_with_its_data_and_its_passwords() {
    let data = Data::new();
    let server = start(&data.options()).unwrap();
    let (owner, pid) = (server.owner_url(), data.postmaster());
    execute(&owner, KEEP_ONE_ROW);
    server.stop().unwrap();
    assert!(test_kill_process(pid).is_err(), "the server outlived its stop");
    assert!(!data.cluster().join("postmaster.pid").exists(), "it was not stopped in order");

    let server = start(&data.options()).unwrap();
    assert_eq!(ask(&owner.replace(port_of(&owner), &server.port().to_string()), WHAT_WAS_KEPT), "as it was");
}

fn port_of(url: &str) -> &str {
    url.rsplit('=').next().unwrap()
}

#[test]
fn a_killed_server_comes_back_on_its_socket_even_while_a_query_of_it_still_runs() {
    let data = Data::new();
    let server = start(&data.options()).unwrap();
    let (owner, first) = (server.owner_url(), data.postmaster());
    execute(&owner, KEEP_ONE_ROW);

    // Busy with numbers alone, it does not notice that its postmaster is gone.
    let busy = owner.clone();
    let runs_on = thread::spawn(move || {
        with_client(&busy, |client| async move {
            client.query_one("select count(*) from generate_series(1, 20000000) n where n % 7 = 3", &[]).await
        })
    });
    let running = "select count(*)::text from pg_stat_activity where query like '%generate_series%' \
                   and state = 'active' and pid <> pg_backend_pid()";
    wait_until("the query runs", || ask(&server.superuser_url("seribu"), running) == "1");
    kill_process(first, Signal::KILL).unwrap();
    wait_until("the death is noticed", || !server.is_alive());
    wait_until("it is back", || server.is_alive());

    assert_ne!(data.postmaster(), first);
    assert_eq!(ask(&owner, WHAT_WAS_KEPT), "as it was");
    let log = fs::read_to_string(server.log_file()).unwrap();
    assert!(log.contains("pre-existing shared memory block"), "the query was not in the way:\n{log}");
    let _ = runs_on.join().unwrap();
}

/// Runs the named test once more, as a process that starts a server on the data and can be killed.
fn service_of_its_own(test: &str, data: &Data) -> Child {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args([&format!("private_postgres::{test}"), "--exact", "--nocapture"]).env(SERVES, &data.0);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.map_while(Result::ok).any(|line| line.contains("it serves")), "it did not start");
    child
}

const SERVES: &str = "SERIBU_TEST_SERVES";

/// In the process of `service_of_its_own`: serves until it is killed.
fn serve_if_asked() {
    if let Some(data_dir) = env::var_os(SERVES) {
        let server = start(&options(Path::new(&data_dir))).unwrap();
        execute(&server.owner_url(), KEEP_ONE_ROW);
        println!("it serves");
        thread::sleep(Duration::from_secs(120));
    }
}

#[test]
fn the_server_of_a_killed_service_ends_by_itself() {
    serve_if_asked();
    let data = Data::new();
    let mut service = service_of_its_own("the_server_of_a_killed_service_ends_by_itself", &data);
    service.kill().unwrap();
    service.wait().unwrap();
    wait_until("the server has stopped", || !data.cluster().join("postmaster.pid").exists());

    let server = start(&data.options()).unwrap();
    assert_eq!(ask(&server.owner_url(), WHAT_WAS_KEPT), "as it was");
}

#[test]
#[cfg(target_os = "linux")]
fn a_server_that_outlived_its_service_is_stopped_by_the_next_start() {
    serve_if_asked();
    let data = Data::new();
    let mut service =
        service_of_its_own("a_server_that_outlived_its_service_is_stopped_by_the_next_start", &data);
    let orphan = data.postmaster();
    kill_process(leash_of(orphan), Signal::KILL).unwrap();
    service.kill().unwrap();
    service.wait().unwrap();
    assert!(command_line(orphan).contains("postgres"), "there is no orphan to test with");

    let server = start(&data.options()).unwrap();
    assert_ne!(data.postmaster(), orphan);
    wait_until("the orphan is gone", || !command_line(orphan).contains("postgres"));
    assert_eq!(ask(&server.owner_url(), WHAT_WAS_KEPT), "as it was");
}

#[cfg(target_os = "linux")]
fn leash_of(postmaster: Pid) -> Pid {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let mut pids = processes.filter_map(|entry| Pid::from_raw(entry.file_name().to_str()?.parse().ok()?));
    let wanted = format!("seribu-leash\0{}\0", postmaster.as_raw_nonzero());
    pids.find(|pid| command_line(*pid).ends_with(&wanted)).expect("the server has a leash")
}

#[cfg(target_os = "linux")]
fn command_line(pid: Pid) -> String {
    fs::read_to_string(format!("/proc/{}/cmdline", pid.as_raw_nonzero())).unwrap_or_default()
}

#[test]
fn a_stale_pid_file_is_no_obstacle_even_when_its_number_is_another_process_of_the_same_user() {
    let data = Data::new();
    let server = start(&data.options()).unwrap();
    execute(&server.owner_url(), KEEP_ONE_ROW);
    let file = data.cluster().join("postmaster.pid");
    let text = fs::read_to_string(&file).unwrap();
    server.stop().unwrap();

    let owner = fs::metadata(data.cluster()).unwrap();
    let mut sleep = Command::new("sleep");
    sleep.arg("60");
    if rustix::process::geteuid().is_root() {
        std::os::unix::process::CommandExt::uid(&mut sleep, owner.uid());
    }
    let mut other = sleep.spawn().unwrap();
    let rest = text.split_once('\n').unwrap().1;
    // Twice: with a number that is in use, and with one that is not any more.
    for alive in [true, false] {
        if !alive {
            other.kill().unwrap();
            other.wait().unwrap();
        }
        fs::write(&file, format!("{}\n{rest}", other.id())).unwrap();
        std::os::unix::fs::chown(&file, Some(owner.uid()), Some(owner.gid())).unwrap();
        let server = start(&data.options()).unwrap();
        assert_eq!(ask(&server.owner_url(), WHAT_WAS_KEPT), "as it was");
        assert_eq!(other.try_wait().unwrap().is_none(), alive, "a stranger was stopped");
    }
}

#[test]
fn data_of_another_major_version_are_refused_with_the_ways_out() {
    let data = Data::new();
    fs::create_dir(data.cluster()).unwrap();
    fs::write(data.cluster().join("PG_VERSION"), "14\n").unwrap();
    let refused = refusal(&data.options());
    assert!(matches!(refused, StartError::OtherMajor { written_by: 14, .. }), "{refused}");
    assert!(refused.to_string().contains("install PostgreSQL 14"), "{refused}");
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
fn given_programs_are_used_or_refused_but_never_passed_over() {
    let data = Data::new();
    let given = Options { given_bin: Some(data.0.clone()), ..data.options() };
    let refused = refusal(&given);
    assert!(matches!(refused, StartError::BadBinaries { .. }), "{refused}");
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

#[test]
fn the_package_of_npm_serves_and_its_data_are_not_opened_by_an_installed_server() {
    let data = Data::new();
    let packaged = Options { use_package: true, ..data.options() };
    let server: Server = match start(&packaged) {
        Err(StartError::NoServer { npm }) => return println!("skipped: npm brings no server here: {npm}"),
        result => result.unwrap(),
    };
    assert_eq!(server.version().major, 18);
    let library = server.bin_dir().parent().unwrap().join("lib/libpq.so.5");
    if cfg!(target_os = "linux") {
        assert!(fs::symlink_metadata(library).unwrap().is_symlink());
    }
    execute(&server.owner_url(), KEEP_ONE_ROW);
    server.stop().unwrap();

    let server = start(&data.options()).unwrap();
    assert_eq!(server.version().major, 18);
    assert_eq!(ask(&server.owner_url(), WHAT_WAS_KEPT), "as it was");
}

#[test]
fn an_installed_server_comes_before_the_package() {
    let data = Data::new();
    let server = start(&data.options()).unwrap();
    if server.bin_dir().starts_with(data.options().cache_dir) {
        return println!("skipped: no PostgreSQL is installed here");
    }
    assert_eq!(ask(&server.app_url(), "show server_version_num")[..2], server.version().major.to_string());
}
