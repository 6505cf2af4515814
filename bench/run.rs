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
    /// Of all runs of the base, and of the service.
    pub cpu: [Cpu; 2],
    pub requests: [u64; 2],
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

    /// What a request takes, of the base and of the service.
    pub fn each(&self) -> [[f64; 3]; 2] {
        let ([base, service], [of_base, of_service]) = (self.cpu, self.requests);
        [base.each(of_base), service.each(of_service)]
    }

    /// The same by processor time alone, which others on the machine do not change: what the base takes as a
    /// share of what the service takes.
    pub fn ratio_of_time(&self) -> f64 {
        let [base, service] = self.each().map(|parts| parts.iter().sum::<f64>());
        match self.must {
            Must::Share(_) => base / service,
            Must::Times(_) => service / base,
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
        let postmaster = cpu::of(backend.unsigned_abs()).map(|times| times.parent);
        let mut spent = [Spent::default(); 2];
        let (mut turns, mut behind) = (vec![], Duration::ZERO);
        for turn in 0..arguments.runs {
            let seed = turn as u64 * 1000 + 1;
            superuser.batch_execute("checkpoint").await?;
            match &self.base {
                Side::Service(service) => warm(arguments, servers, service, seed + 500).await?,
                _ => servers.stop_service()?,
            }
            let [of_base, of_service] = &mut spent;
            of_base.begin(Processes { service: servers.service_id(), postmaster });
            let (base, remove) = match &self.base {
                Side::Postgres(baseline) => (baseline::run(arguments, servers, baseline).await?, None),
                Side::Bare { written, few } => {
                    let at = moment()?;
                    let base = baseline::run(arguments, servers, &written.bare(&at, *few)).await?;
                    (base, Some((written, at)))
                }
                Side::Service(service) => (ask(arguments, servers, service, seed).await?, None),
            };
            of_base.end(&base);
            if let Some((written, at)) = remove {
                written.remove(&superuser, &at).await?;
            }
            warm(arguments, servers, &self.service, seed + 500).await?;
            superuser.batch_execute("checkpoint").await?;
            of_service.begin(Processes { service: servers.service_id(), postmaster });
            let service = ask(arguments, servers, &self.service, seed).await?;
            of_service.end(&service);
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
        let (cpu, requests) = (spent.map(|one| one.cpu), spent.map(|one| one.requests));
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

/// The beginning of ids of this moment, as those of the service are.
fn moment() -> Outcome<String> {
    let hex = format!("{:012x}", chrono::Utc::now().timestamp_millis());
    let (high, low) = hex.split_at_checked(8).ok_or("no time")?;
    Ok(format!("{high}-{low}-7000"))
}

/// The processor time of some runs.
#[derive(Clone, Copy, Default)]
struct Spent {
    begun: Option<(Processes, Cpu)>,
    cpu: Cpu,
    requests: u64,
}

impl Spent {
    fn begin(&mut self, processes: Processes) {
        self.begun = Some((processes, processes.used()));
    }

    fn end(&mut self, load: &Load) {
        if let Some((processes, before)) = self.begun.take() {
            self.cpu.add(processes.used().since(before));
            self.requests += load.done;
        }
    }
}

/// Waits until the log is numbered and its readers have come to the end.
async fn readers_done(superuser: &Client) -> Outcome<Duration> {
    const DONE: &str = "select not exists (select from events where position > (select low from sequencer) \
         and not exists (select from feed f \
           where f.position = events.position and f.position > (select low from sequencer))) \
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
