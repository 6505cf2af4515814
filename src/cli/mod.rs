//! The `seribu` command.

mod database;
mod health;
mod keys;
mod serve;
pub mod settings;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use settings::Environment;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// A city's mentoring programme for creative-economy small businesses, as a JSON API.
#[derive(Parser)]
#[command(version, about)]
struct Command {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Subcommand)]
enum What {
    /// Serve the API (the default).
    Serve,
    /// Bring the database's tables up to date.
    Migrate,
    /// The keys that sign tokens and encrypt personal data.
    Keys {
        #[command(subcommand)]
        what: keys::What,
    },
    /// Whether the service on this machine is ready: for a container's health check.
    Health,
    /// Print the OpenAPI document.
    Openapi,
}

pub fn run() -> ExitCode {
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("warn,seribu=info")).init();
    let command = Command::parse();
    let done = Environment::read().map_err(Into::into).and_then(|environment| match command.what {
        None | Some(What::Serve) => serve::serve(&environment),
        Some(What::Migrate) => database::migrate_only(&environment),
        Some(What::Keys { what }) => keys::run(&environment, what),
        Some(What::Health) => health::health(&environment),
        Some(What::Openapi) => {
            println!("{:#}", crate::api::document());
            Ok(())
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("seribu: {error}");
            ExitCode::FAILURE
        }
    }
}
