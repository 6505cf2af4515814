//! What is left when the server or its service is killed, and that nothing of it is in the way.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    os::unix::{fs::MetadataExt, process::CommandExt},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
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

    // Busy with numbers alone, it does not notice that its postmaster is gone.
    let busy = owner.clone();
    let runs_on = thread::spawn(move || {
        with_client(&busy, |client| async move {
            client.query_one("select count(*) from (select generate_series(1, 30000000)) n", &[]).await
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
    command
        .args([&format!("private_postgres::deaths::{test}"), "--exact", "--nocapture"])
        .env(SERVES, &data.0);
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
