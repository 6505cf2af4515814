//! `seribu clients`: the systems that call the API by themselves.

use clap::Subcommand;
use uuid::Uuid;

use crate::{
    access::Role,
    accounts::{self, ClientFields, ClientStatus},
    cli::{Outcome, in_words, role, serve, settings::Environment},
};

#[derive(Subcommand)]
pub enum What {
    /// Make a client; its secret is made at random and shown this once.
    Create {
        #[arg(long)]
        client_id: String,
        #[arg(long)]
        name: String,
        /// institution, lender, system, …
        #[arg(long, value_parser = role)]
        role: Role,
        /// The id of the institution that it acts for.
        #[arg(long)]
        subject: Option<Uuid>,
        /// Of a system: the role whose rows it has.
        #[arg(long, value_parser = role)]
        rows_as: Option<Role>,
        /// With commas between; all of the role where none is named.
        #[arg(long, value_delimiter = ',')]
        scopes: Vec<String>,
    },
}

pub fn run(environment: &Environment, what: What) -> Outcome {
    let What::Create { client_id, name, role, subject, rows_as, scopes } = what;
    let all = || rows_as.unwrap_or(role).scopes().into_iter().map(str::to_owned).collect();
    let scopes = if scopes.is_empty() { all() } else { scopes };
    let status = ClientStatus::Active;
    let fields = ClientFields { client_id, name, role, subject_id: subject, rows_as, scopes, status };
    let made = serve::beside(environment, async |worker| {
        Ok(accounts::make_client(&worker, fields).await.map_err(in_words)?)
    })?;
    println!("client_id      {}\nclient_secret  {}", made.client_id, made.client_secret);
    println!("expires_at     {}", made.expires_at);
    Ok(())
}
