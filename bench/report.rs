//! The table.

use std::{fmt, fs, path::Path, process::Command};

use chrono::Utc;

use crate::{
    Arguments, Outcome, baseline,
    city::City,
    cpu::Cpu,
    programme::Operation,
    run::{Measured, Must},
    server::Servers,
};

const BEGIN: &str = "<!-- begin: written by the benchmark -->";
const END: &str = "<!-- end -->";

pub struct Report {
    facts: Vec<(&'static str, String)>,
    measured: Vec<Measured>,
    operations: Vec<Operation>,
}

impl Report {
    pub fn new(
        arguments: &Arguments,
        servers: &Servers,
        city: &City,
        (measured, operations): (Vec<Measured>, Vec<Operation>),
    ) -> Outcome<Self> {
        let Arguments { businesses, connections, seconds, runs, seed, workers, .. } = arguments;
        let facts = vec![
            ("date", Utc::now().format("%Y-%m-%d").to_string()),
            ("machine", machine()),
            ("commit", said("git", &["describe", "--always", "--dirty"])),
            ("built by", said("rustc", &["--version"])),
            ("database", said(servers.postgres.bin_dir().join("postgres"), &["--version"])),
            ("baseline", baseline::tool(servers)),
            (
                "city",
                format!("{businesses} businesses, seed {seed}, {} MiB in the database", city.bytes >> 20),
            ),
            (
                "strangers",
                format!("{:.0} % of the processor time used was of other processes", strangers(&measured)),
            ),
            (
                "load",
                format!(
                    "{connections} connections, {runs} runs of {seconds} s each, the one in the middle by its ratio"
                ),
            ),
            (
                "service",
                format!(
                    "{workers} workers, {:.2} s from its start to ready, over the city",
                    servers.ready_after.as_secs_f64()
                ),
            ),
        ];
        Ok(Self { facts, measured, operations })
    }

    /// Between the two marks of the page; the rest of it stays.
    pub fn write_into(&self, page: &Path) -> Outcome {
        let old = fs::read_to_string(page)?;
        let (before, rest) = old.split_once(BEGIN).ok_or("the page has no mark where the table begins")?;
        let (_, after) = rest.split_once(END).ok_or("the page has no mark where the table ends")?;
        Ok(fs::write(page, format!("{before}{BEGIN}\n{self}{END}{after}"))?)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| | measured | base | service | ratio | must | by processor time | p50 | p99 | base: client, PostgreSQL | client, service, PostgreSQL |"
        )?;
        writeln!(f, "|---|---|---|---|---|---|---|---|---|---|---|")?;
        for one in &self.measured {
            let must = match one.must {
                Must::Share(least) => format!("≥ {least} ×"),
                Must::Times(most) => format!("≤ {most} × the time"),
            };
            let [[base_client, _, base_postgres], [client, service, postgres]] = one.each();
            let whose = if one.base_is_postgres { "" } else { " (service)" };
            writeln!(
                f,
                "| {} | {} | {:.0}/s{whose} | {:.0}/s | {:.2} × | {must}: {} | {:.2} × | {:.1} ms | {:.1} ms | {} | {client:.0}, {service:.0}, {postgres:.0} µs |",
                one.name,
                one.what,
                one.base.rate(),
                one.service.rate(),
                one.ratio(),
                if one.holds() { "holds" } else { "**missed**" },
                one.ratio_of_time(),
                one.service.percentile(50),
                one.service.percentile(99),
                if one.base_is_postgres {
                    format!("{:.0}, {:.0} µs", base_client, base_postgres)
                } else {
                    String::new()
                },
            )?;
        }
        writeln!(f)?;
        for one in self.measured.iter().filter(|one| one.behind.as_millis() > 500) {
            let behind = one.behind.as_secs_f64();
            writeln!(f, "After the last run of {} the log's readers needed {behind:.1} s more.", one.name)?;
        }
        if !self.operations.is_empty() {
            writeln!(f, "\n| | measured, one after the other | base | service | ratio | runs |")?;
            writeln!(f, "|---|---|---|---|---|---|")?;
        }
        for Operation { name, what, took, runs, base } in &self.operations {
            let base = base.map_or((String::new(), String::new()), |base| {
                (format!("{base:.1} ms"), format!("{:.2} ×", base / took))
            });
            writeln!(f, "| {name} | {what} | {} | {took:.1} ms | {} | {runs} |", base.0, base.1)?;
        }
        writeln!(f, "\n| | |\n|---|---|")?;
        for (name, value) in &self.facts {
            writeln!(f, "| {name} | {value} |")?;
        }
        Ok(())
    }
}

fn machine() -> String {
    let read = |path: &str, key: &str| {
        let text = fs::read_to_string(path).unwrap_or_default();
        let found = text.lines().find_map(|line| line.strip_prefix(key)?.split_once(':'));
        found.map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let memory = read("/proc/meminfo", "MemTotal");
    let memory = memory.split(' ').next().and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) >> 20;
    let kernel = said("uname", &["-sr"]);
    format!(
        "{cores} cores of {}, {memory} GiB, {kernel}; client, service and database share them",
        read("/proc/cpuinfo", "model name")
    )
}

fn said(program: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
}

fn strangers(measured: &[Measured]) -> f64 {
    let mut cpu = Cpu::default();
    measured.iter().flat_map(|one| one.cpu).for_each(|one| cpu.add(one));
    100.0 * cpu.strangers()
}
