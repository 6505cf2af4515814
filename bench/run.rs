//! One workload: two things that are measured in turn, and what one is in terms of the other.

use std::time::{Duration, Instant};

use tokio_postgres::Client;

use crate::{
    Arguments, Outcome,
    baseline::{self, Baseline},
    client::{Load, Next, load},
    cpu::{self, Cpu, Processes},
    server::Servers,
    written::Written,
};

pub struct Workload<'a> {
    pub name: String,
    pub what: String,
    pub must: Must,
    pub base: Side<'a>,
    pub service: Service<'a>,
}

#[derive(Clone, Copy)]
pub enum Must {
    /// Of the base's throughput.
    Share(f64),
    /// Of the base's time.
    Times(f64),
}

pub enum Side<'a> {
    Postgres(Baseline),
    /// Rows that are inserted bare, and removed again.
    Bare {
        written: &'a Written,
        few: bool,
    },
    Service(Service<'a>),
}

/// What each connection to the service asks, and the status that it gets.
pub struct Service<'a> {
    pub status: u16,
    pub caller: Box<dyn Fn(u64) -> Next + 'a>,
}

pub struct Measured {
    pub name: String,
    pub what: String,
    pub must: Must,
    pub base: Load,
    pub service: Load,
    pub base_is_postgres: bool,
    /// Of all runs of the service.
    pub cpu: Cpu,
    pub requests: u64,
    /// How long the log's readers needed after the last run.
    pub behind: Duration,
}

impl Measured {
    pub fn ratio(&self) -> f64 {
        match self.must {
            Must::Share(_) => self.service.rate() / self.base.rate(),
            Must::Times(_) => self.base.rate() / self.service.rate(),
        }
    }

    pub fn holds(&self) -> bool {
        match self.must {
            Must::Share(least) => self.ratio() >= least,
            Must::Times(most) => self.ratio() <= most,
        }
    }
}

impl Workload<'_> {
    /// Both in turn, some times; the turn in the middle counts.
    pub async fn measure(self, arguments: &Arguments, servers: &mut Servers) -> Outcome<Measured> {
        let superuser = servers.superuser().await?;
        let backend: i32 = superuser.query_one("select pg_backend_pid()", &[]).await?.get(0);
        let postmaster = cpu::of(backend.unsigned_abs()).map(|(parent, _)| parent);
        let (mut cpu, mut requests) = (Cpu::default(), 0);
        let (mut turns, mut behind) = (vec![], Duration::ZERO);
        for turn in 0..arguments.runs {
            let seed = turn as u64 * 1000 + 1;
            superuser.batch_execute("checkpoint").await?;
            let base = match &self.base {
                Side::Postgres(baseline) => {
                    servers.stop_service()?;
                    baseline::run(arguments, servers, baseline).await?
                }
                Side::Bare { written, few } => {
                    servers.stop_service()?;
                    bare(arguments, servers, &superuser, written, *few).await?
                }
                Side::Service(service) => {
                    warm(arguments, servers, service, seed + 500).await?;
                    ask(arguments, servers, service, seed).await?
                }
            };
            warm(arguments, servers, &self.service, seed + 500).await?;
            superuser.batch_execute("checkpoint").await?;
            let processes = Processes { service: servers.service_id(), postmaster };
            let before = processes.used();
            let service = ask(arguments, servers, &self.service, seed).await?;
            cpu.add(processes.used().since(before));
            requests += service.done;
            behind = readers_done(&superuser).await?;
            eprintln!(
                "{}: {:.0}/s, {:.0}/s, readers {:.1} s",
                self.name,
                base.rate(),
                service.rate(),
                behind.as_secs_f64()
            );
            turns.push((base, service));
        }
        let base_is_postgres = !matches!(self.base, Side::Service(_));
        let (base, service) = median(turns)?;
        let (name, what, must) = (self.name, self.what, self.must);
        Ok(Measured { name, what, must, base, service, base_is_postgres, cpu, requests, behind })
    }
}

/// Starts the service again where it was stopped, and gives it a second.
async fn warm(arguments: &Arguments, servers: &mut Servers, service: &Service<'_>, seed: u64) -> Outcome {
    if servers.start_if_stopped(arguments).await? {
        let callers = callers(arguments, service, seed);
        load(servers.address, Duration::from_secs(1), service.status, callers).await?;
    }
    Ok(())
}

async fn ask(arguments: &Arguments, servers: &Servers, service: &Service<'_>, seed: u64) -> Outcome<Load> {
    let callers = callers(arguments, service, seed);
    load(servers.address, Duration::from_secs(arguments.seconds), service.status, callers).await
}

fn callers(arguments: &Arguments, service: &Service<'_>, seed: u64) -> Vec<Next> {
    (0..arguments.connections as u64).map(|at| (service.caller)(seed + at)).collect()
}

async fn bare(
    arguments: &Arguments,
    servers: &Servers,
    superuser: &Client,
    written: &Written,
    few: bool,
) -> Outcome<Load> {
    // Ids of this moment, as those of the service are.
    let now = chrono::Utc::now().timestamp_millis();
    let hex = format!("{now:012x}");
    let at = hex.split_at_checked(8).map(|(high, low)| format!("{high}-{low}-7000")).ok_or("no time")?;
    let done = baseline::run(arguments, servers, &written.bare(&at, few)).await?;
    written.remove(superuser, &at).await?;
    Ok(done)
}

/// Waits until the log is numbered and its readers have come to the end.
async fn readers_done(superuser: &Client) -> Outcome<Duration> {
    const DONE: &str = "select not exists (select from events where position > (select low from sequencer) \
         and not exists (select from feed f where f.position = events.position)) \
         and not exists (select from log_readers, sequencer where seq < last_seq)";
    let begun = Instant::now();
    while !superuser.query_one(DONE, &[]).await?.get::<_, bool>(0) {
        if begun.elapsed() > Duration::from_secs(600) {
            return Err("the log's readers have not come to the end in ten minutes".into());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(begun.elapsed())
}

/// The turn whose ratio is in the middle.
fn median(mut turns: Vec<(Load, Load)>) -> Outcome<(Load, Load)> {
    let ratio = |(base, service): &(Load, Load)| service.rate() / base.rate();
    turns.sort_by(|a, b| ratio(a).total_cmp(&ratio(b)));
    turns.get(turns.len() / 2).cloned().ok_or_else(|| "no run".into())
}
