//! The `seribu` command.

mod clients;
mod database;
mod files;
mod health;
mod keys;
mod mail;
mod pilot;
mod rebuild;
mod reference;
mod serve;
pub mod settings;
mod sync;
mod users;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use settings::Environment;

use crate::{
    access::Role,
    api,
    error::ApiError,
    http::{language::Language, problem},
};

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
    /// People who sign in.
    Users {
        #[command(subcommand)]
        what: users::What,
    },
    /// Systems that call the API by themselves.
    Clients {
        #[command(subcommand)]
        what: clients::What,
    },
    /// The lists of laws and of the programme.
    Reference {
        #[command(subcommand)]
        what: reference::What,
    },
    /// Make what follows from the log anew, beside a running service.
    Rebuild {
        /// How far each business has come (stage), or its figures and size by law (standings).
        #[arg(value_parser = api::derived())]
        what: String,
    },
    /// Send a partner's list to a service and show what became of each row.
    ///
    /// Ends with 0 where all rows were taken, 1 where some were refused, 2 for wrong arguments, 3 where the
    /// service refused the list as a whole, 4 where it could not be reached or broke off.
    Sync {
        #[command(flatten)]
        what: sync::What,
    },
    /// Whether the service on this machine is ready: for a container's health check.
    Health,
    /// Print the OpenAPI document.
    Openapi,
}

pub fn run() -> ExitCode {
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("warn,seribu=info")).init();
    let command = Command::parse();
    if let Some(What::Sync { what }) = &command.what {
        // A partner's own machine has no settings of a service.
        return sync::run(what);
    }
    let done = Environment::read().map_err(Into::into).and_then(|environment| match command.what {
        None | Some(What::Serve) => serve::serve(&environment),
        Some(What::Migrate) => database::migrate_only(&environment),
        Some(What::Keys { what }) => keys::run(&environment, what),
        Some(What::Users { what }) => users::run(&environment, what),
        Some(What::Clients { what }) => clients::run(&environment, what),
        Some(What::Reference { what }) => reference::run(&environment, what),
        Some(What::Rebuild { what }) => rebuild::run(&environment, &what),
        Some(What::Sync { .. }) => Ok(()),
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

/// A role as an argument.
fn role(text: &str) -> Result<Role, String> {
    let names = || Role::ALL.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ");
    let found = Role::ALL.iter().find(|role| role.as_str() == text);
    found.copied().ok_or_else(|| format!("none of: {}", names()))
}

/// What is wrong, for the person at the terminal: each flaw with its field.
fn in_words(error: ApiError) -> String {
    match error {
        ApiError::Invalid(flaws) => {
            let lines = flaws.iter().map(|flaw| problem::in_words(flaw, Language::English));
            lines.collect::<Vec<_>>().join("\n")
        }
        other => other.to_string(),
    }
}
