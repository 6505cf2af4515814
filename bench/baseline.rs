//! PostgreSQL by itself, on the same rows: `pgbench` where it is installed, else tokio-postgres.

use std::{cell::RefCell, fs, path::PathBuf, process::Command, rc::Rc, time::Instant};

use tokio::task::spawn_local;
use tokio_postgres::{Config, Statement, config::Host, types::ToSql};

use crate::{
    Arguments, Outcome,
    client::{Dice, Load},
    server::{Servers, connect},
};

/// What a client sends over and over: one of some scripts, the heavier the more often.
pub struct Baseline {
    pub scripts: Vec<Script>,
    pub number: Number,
}

/// Statements in order, in which `{n}` stands for a number, as text.
pub struct Script {
    pub weight: u64,
    pub statements: Vec<String>,
}

#[derive(Clone, Copy)]
pub enum Number {
    /// Of the rows from 1 to this.
    Random(u64),
    /// One that no client has had before.
    New,
}

/// A connection with its scripts prepared.
type Prepared = (tokio_postgres::Client, Vec<(u64, Vec<Statement>)>);

/// Every id ends in twelve decimal digits.
const FIRST: u64 = 100_000_000_000;

/// The program that is used, with its version.
pub fn tool(servers: &Servers) -> String {
    match pgbench(servers).map(|path| Command::new(path).arg("--version").output()) {
        Some(Ok(said)) => format!("{}, `-M prepared`", String::from_utf8_lossy(&said.stdout).trim()),
        _ => "tokio-postgres, prepared statements (no pgbench was installed)".to_owned(),
    }
}

fn pgbench(servers: &Servers) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(servers.postgres.bin_dir().to_owned()).chain(std::env::split_paths(&path));
    folders.map(|folder| folder.join("pgbench")).find(|program| program.exists())
}

pub async fn run(arguments: &Arguments, servers: &Servers, baseline: &Baseline) -> Outcome<Load> {
    match pgbench(servers) {
        Some(program) => with_pgbench(arguments, servers, baseline, program),
        None => with_tokio_postgres(arguments, servers, baseline).await,
    }
}

fn with_pgbench(
    arguments: &Arguments,
    servers: &Servers,
    baseline: &Baseline,
    program: PathBuf,
) -> Outcome<Load> {
    let folder = servers.scratch()?;
    let set = match baseline.number {
        Number::Random(end) => format!("\\set n random({}, {})\n", FIRST + 1, FIRST + end),
        Number::New => format!("\\set i :i + 1\n\\set n {FIRST} + :i * 1000 + :client_id\n"),
    };
    let config: Config = servers.postgres.app_url().parse()?;
    let mut command = Command::new(program);
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    command.args(["-n", "-M", "prepared", "-D", "i=0"]);
    command.args(["-c", &arguments.connections.to_string(), "-j", &cores.to_string()]);
    command.args(["-T", &arguments.seconds.to_string(), "--log", "--sampling-rate=0.1"]);
    command.arg(format!("--log-prefix={}", folder.join("log").display()));
    for (at, script) in baseline.scripts.iter().enumerate() {
        let file = folder.join(format!("{at}.sql"));
        let statements = script.statements.iter().map(|one| format!("{};\n", one.replace("{n}", ":n")));
        fs::write(&file, set.clone() + &statements.collect::<String>())?;
        command.arg("-f").arg(format!("{}@{}", file.display(), script.weight));
    }
    command.env("PGPORT", servers.postgres.port().to_string());
    for (name, value) in [("PGUSER", config.get_user()), ("PGDATABASE", config.get_dbname())] {
        command.env(name, value.unwrap_or_default());
    }
    command.env("PGPASSWORD", String::from_utf8_lossy(config.get_password().unwrap_or_default()).as_ref());
    if let [Host::Unix(folder), ..] = config.get_hosts() {
        command.env("PGHOST", folder);
    }
    let said = command.output()?;
    let text = String::from_utf8_lossy(&said.stdout);
    let figure = |before: &str| {
        let after = text.lines().find_map(|line| line.strip_prefix(before));
        after.and_then(|after| after.split_whitespace().next()).and_then(|number| number.parse::<f64>().ok())
    };
    let failed = text.lines().find(|line| line.starts_with("number of failed") && !line.contains(": 0 "));
    let (Some(rate), None, true) = (figure("tps = "), failed, said.status.success()) else {
        return Err(format!("pgbench: {text}{}", String::from_utf8_lossy(&said.stderr)).into());
    };
    let seconds = arguments.seconds as f64;
    let mut latencies = Vec::new();
    for log in
        fs::read_dir(&folder)?.flatten().filter(|file| file.file_name().to_string_lossy().contains("log"))
    {
        let log = fs::read_to_string(log.path())?;
        latencies.extend(log.lines().filter_map(|line| line.split(' ').nth(2)?.parse::<u32>().ok()));
    }
    fs::remove_dir_all(folder)?;
    latencies.sort_unstable();
    Ok(Load { done: (rate * seconds) as u64, seconds, latencies })
}

async fn with_tokio_postgres(arguments: &Arguments, servers: &Servers, baseline: &Baseline) -> Outcome<Load> {
    let latencies = Rc::new(RefCell::new(Vec::with_capacity(1 << 20)));
    let total: u64 = baseline.scripts.iter().map(|script| script.weight).sum();
    let mut clients = Vec::new();
    for _ in 0..arguments.connections {
        let client = connect(&servers.postgres.app_url()).await?;
        let mut scripts = Vec::new();
        for script in &baseline.scripts {
            let mut statements = Vec::new();
            for statement in &script.statements {
                statements.push(client.prepare(&statement.replace("{n}", "$1")).await?);
            }
            scripts.push((script.weight, statements));
        }
        clients.push((client, scripts));
    }
    let begun = Instant::now();
    let end = arguments.seconds as f64;
    let number = baseline.number;
    let ask = |(at, (client, scripts)): (usize, Prepared)| {
        let latencies = latencies.clone();
        spawn_local(async move {
            let mut dice = Dice::new(at as u64 + 1);
            let mut turn = 0;
            while begun.elapsed().as_secs_f64() < end {
                let asked = Instant::now();
                turn += 1;
                let n = FIRST
                    + match number {
                        Number::Random(end) => 1 + dice.below(end),
                        Number::New => turn * 1000 + at as u64,
                    };
                let n = n.to_string();
                let mut lot = dice.below(total);
                let script = scripts.iter().find(|(weight, _)| {
                    let hit = lot < *weight;
                    lot = lot.saturating_sub(*weight);
                    hit
                });
                for statement in script.map(|(_, statements)| statements).into_iter().flatten() {
                    let all: [&(dyn ToSql + Sync); 1] = [&n];
                    let parameters = if statement.params().is_empty() { &[][..] } else { &all[..] };
                    client.query(statement, parameters).await.map_err(|error| error.to_string())?;
                }
                latencies.borrow_mut().push(u32::try_from(asked.elapsed().as_micros()).unwrap_or(u32::MAX));
            }
            Ok::<_, String>(())
        })
    };
    let asking: Vec<_> = clients.into_iter().enumerate().map(ask).collect();
    for task in asking {
        task.await??;
    }
    let seconds = begun.elapsed().as_secs_f64();
    let mut latencies = latencies.take();
    latencies.sort_unstable();
    Ok(Load { done: latencies.len() as u64, seconds, latencies })
}
