//! What is left when the server or its service is killed, and that nothing of it is in the way.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    os::unix::{fs::MetadataExt, process::CommandExt},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread::{self, JoinHandle},
    time::Duration,
};

use rustix::process::{Pid, Signal, geteuid, kill_process};
use seribu::private_postgres::start;

use super::{Data, KEEP_ONE_ROW, WHAT_WAS_KEPT, ask, execute, options, wait_until, with_client};

#[test]
fn a_killed_server_comes_back_on_its_socket_even_while_a_query_of_it_still_runs() {
    let data = Data::new();
    let server = start(&data.options()).unwrap();
    let (owner, first) = (server.owner_url(), data.postmaster());
    execute(&owner, KEEP_ONE_ROW);
    let (backend, query) = busy_query(&owner);
    kill_process(first, Signal::KILL).unwrap();
    wait_until("the query is in the way", || data.log().contains(IN_THE_WAY));
    assert!(!server.is_alive());
    kill_process(backend, Signal::KILL).unwrap();
    wait_until("it is back", || server.is_alive());

    assert_ne!(data.postmaster(), first);
    assert_eq!(ask(&owner, WHAT_WAS_KEPT), "as it was");
    query.join().unwrap();
}

/// What a new server says of an old one's processes.
const IN_THE_WAY: &str = "pre-existing shared memory block";

/// The process of a query that, busy with numbers alone, does not notice that its postmaster is gone.
fn busy_query(url: &str) -> (Pid, JoinHandle<()>) {
    let (sender, backend) = mpsc::channel();
    let own_url = url.to_owned();
    let thread = thread::spawn(move || {
        with_client(&own_url, |client| async move {
            let pid: i32 = client.query_one("select pg_backend_pid()", &[]).await.unwrap().get(0);
            // So that it ends by itself where the test fails before ending it.
            client.batch_execute("set statement_timeout = '100 s'").await.unwrap();
            sender.send(pid).unwrap();
            let query = "select count(*) from (select generate_series(1, 1000000000000)) n";
            client.query_one(query, &[]).await.unwrap_err();
        });
    });
    let pid = backend.recv().unwrap();
    let running = format!(
        "select count(*)::text from pg_stat_activity where pid = {pid} and state = 'active' and query like '%series%'"
    );
    wait_until("the query runs", || ask(url, &running) == "1");
    (Pid::from_raw(pid).unwrap(), thread)
}

/// Runs the named test once more, as a process that starts a server on the data and can be killed.
/// Answers with the owner's URL.
fn service_of_its_own(test: &str, data: &Data) -> (Child, String) {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args([&format!("private_postgres::deaths::{test}"), "--exact", "--nocapture"]);
    let mut child = command.env(SERVES, &data.0).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let url = lines.find_map(|line| line.split_once("it serves ").map(|(_, url)| url.to_owned()));
    (child, url.expect("it did not start"))
}

const SERVES: &str = "SERIBU_TEST_SERVES";

/// In the process of `service_of_its_own`: serves until it is killed.
fn serve_if_asked() {
    if let Some(data_dir) = env::var_os(SERVES) {
        let server = start(&options(Path::new(&data_dir))).unwrap();
        execute(&server.owner_url(), KEEP_ONE_ROW);
        println!("it serves {}", server.owner_url());
        thread::sleep(Duration::from_secs(120));
    }
}

#[test]
fn the_server_of_a_killed_service_ends_by_itself() {
    serve_if_asked();
    let data = Data::new();
    let (service, _) = service_of_its_own("the_server_of_a_killed_service_ends_by_itself", &data);
    kill(service);
    wait_until("the server has stopped", || !data.cluster().join("postmaster.pid").exists());

    let server = start(&data.options()).unwrap();
    assert_eq!(ask(&server.owner_url(), WHAT_WAS_KEPT), "as it was");
}

#[test]
#[cfg(target_os = "linux")]
fn a_server_that_outlived_its_service_is_stopped_by_the_next_start() {
    serve_if_asked();
    let data = Data::new();
    let test = "a_server_that_outlived_its_service_is_stopped_by_the_next_start";
    let (service, _) = service_of_its_own(test, &data);
    let orphan = data.postmaster();
    kill_process(leash_of(orphan), Signal::KILL).unwrap();
    kill(service);
    assert!(command_line(orphan).contains("postgres"), "there is no orphan to test with");

    let server = start(&data.options()).unwrap();
    assert_ne!(data.postmaster(), orphan);
    assert!(data.log().contains("received fast shutdown request"), "it was not asked to stop");
    assert_eq!(ask(&server.owner_url(), WHAT_WAS_KEPT), "as it was");
}

#[test]
#[cfg(target_os = "linux")]
fn a_start_waits_for_what_is_left_when_both_were_killed() {
    serve_if_asked();
    let data = Data::new();
    let (service, url) = service_of_its_own("a_start_waits_for_what_is_left_when_both_were_killed", &data);
    let postmaster = data.postmaster();
    let (backend, query) = busy_query(&url);
    kill_process(leash_of(postmaster), Signal::KILL).unwrap();
    kill(service);
    kill_process(postmaster, Signal::KILL).unwrap();

    let server = thread::scope(|scope| {
        let started = scope.spawn(|| start(&data.options()));
        wait_until("the query is in the way", || data.log().contains(IN_THE_WAY));
        kill_process(backend, Signal::KILL).unwrap();
        started.join().unwrap().unwrap()
    });
    assert_eq!(ask(&server.owner_url(), WHAT_WAS_KEPT), "as it was");
    query.join().unwrap();
}

fn kill(mut service: Child) {
    service.kill().unwrap();
    service.wait().unwrap();
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
    if geteuid().is_root() {
        sleep.uid(owner.uid());
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
