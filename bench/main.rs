//! How fast the service is, as a share of PostgreSQL's own speed on the same rows, in the same run: see
//! `docs/benchmarks.md`, which this writes.

#![allow(clippy::as_conversions, reason = "counts and times become the floating-point figures of a report")]
#![allow(clippy::disallowed_methods, reason = "a measurement is of its own time and environment")]

mod baseline;
mod bulk;
mod city;
mod client;
mod cpu;
mod lists;
mod programme;
mod report;
mod run;
mod sealed;
mod server;
mod workloads;
mod written;

use std::{path::PathBuf, time::Instant};

use clap::Parser;

use crate::{city::City, report::Report, server::Servers};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// Measures the workloads of docs/benchmarks.md, and writes its table.
#[derive(Parser)]
pub struct Arguments {
    /// How many businesses the city has; a tenth as many mentors, three times as many assessments.
    #[arg(long, default_value_t = 100_000)]
    pub businesses: u64,
    /// Connections of the load, to the service and to PostgreSQL alike.
    #[arg(long, default_value_t = 32)]
    pub connections: usize,
    /// How long each run lasts.
    #[arg(long, default_value_t = 10)]
    pub seconds: u64,
    /// How often each is measured; the median counts.
    #[arg(long, default_value_t = 3)]
    pub runs: usize,
    /// Another seed, another city.
    #[arg(long, default_value_t = 1)]
    pub seed: u32,
    /// Threads of the service that answer requests.
    #[arg(long, default_value_t = 2)]
    pub workers: usize,
    /// Only the workloads whose name begins so: `W1`, `W2 mentor`.
    #[arg(long)]
    pub only: Option<String>,
    /// The city is made in this folder and stays there; one that is there is used again.
    #[arg(long)]
    pub keep: Option<PathBuf>,
    /// The page whose table is replaced; without one, the table is only printed.
    #[arg(long)]
    pub report: Option<PathBuf>,
    /// `cargo bench` passes it.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> Outcome {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    tokio::task::LocalSet::new().block_on(&runtime, measure(&arguments))
}

async fn measure(arguments: &Arguments) -> Outcome {
    let mut servers = Servers::start(arguments)?;
    // The first start makes the tables and ships reference data and instruments; the second finds a city.
    servers.start_service(arguments).await?;
    servers.stop_service()?;
    let begun = Instant::now();
    let city = City::fill(&servers, arguments.businesses, arguments.seed).await?;
    eprintln!("the city is there after {:.0} s", begun.elapsed().as_secs_f64());
    servers.start_service(arguments).await?;
    let measured = workloads::run_all(arguments, &mut servers, &city).await?;
    let mut operations = programme::run_all(arguments, &servers).await?;
    operations.extend(bulk::run_all(arguments, &servers).await?);
    let report = Report::new(arguments, &servers, &city, (measured, operations))?;
    println!("{report}");
    if let Some(page) = &arguments.report {
        report.write_into(page)?;
    }
    Ok(())
}
