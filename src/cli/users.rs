//! `seribu users`: the first administrator, and whoever else is made at the command line.

use clap::Subcommand;
use uuid::Uuid;

use crate::{
    access::Role,
    accounts::{self, Grant, UserFields, UserStatus},
    cli::{Outcome, in_words, role, serve, settings::Environment},
};

#[derive(Subcommand)]
pub enum What {
    /// Make a user who can sign in; the password is made at random and shown this once.
    Create {
        #[arg(long)]
        name: String,
        /// To sign in with: this or a phone number.
        #[arg(long, required_unless_present = "phone")]
        email: Option<String>,
        #[arg(long)]
        phone: Option<String>,
        /// What the user may be: admin, programme, mentor, …
        #[arg(long, value_parser = role)]
        role: Role,
        /// The id of the mentor, institution, cooperative or person that the role acts for.
        #[arg(long)]
        subject: Option<Uuid>,
    },
}

pub fn run(environment: &Environment, what: What) -> Outcome {
    let What::Create { name, email, phone, role, subject } = what;
    let grants = vec![Grant { role, subject_id: subject }];
    let fields = UserFields { name, email, phone, grants, status: UserStatus::Active };
    let made = serve::beside(environment, async |worker| {
        Ok(accounts::make_user(&worker, fields, None).await.map_err(in_words)?)
    })?;
    println!("id        {}\npassword  {}", made.id, made.password);
    Ok(())
}
