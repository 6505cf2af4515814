//! `seribu reference`: replaces a list of reference data, without a release and without a restart.

use std::{fs, path::PathBuf};

use clap::Subcommand;
use diesel_async::{AsyncConnection, AsyncPgConnection};

use crate::{
    cli::{Outcome, database::Database, settings::Environment},
    clock::Clock,
    reference::{
        List, lists,
        store::{NotReplaced, replace},
    },
};

#[derive(Subcommand)]
pub enum What {
    /// Put a file in the place of a list; the list is the one that the file is called after.
    Load {
        /// `holidays.csv`, with the columns of the shipped one.
        file: PathBuf,
        /// The list, where the file is called otherwise.
        #[arg(long)]
        list: Option<String>,
    },
}

pub fn run(environment: &Environment, what: What) -> Outcome {
    let What::Load { file, list } = what;
    let called = list.or_else(|| Some(file.file_stem()?.to_str()?.to_owned())).unwrap_or_default();
    let list = find(&called)?;
    let content = fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let database = Database::open_beside(environment)?;
    let replaced = actix_web::rt::System::new().block_on(async {
        let mut connection =
            AsyncPgConnection::establish(&database.app_url).await.map_err(|error| error.to_string())?;
        match replace(&mut connection, list, &content, "command line", Clock::System.now()).await {
            Ok(version) => Ok(version),
            Err(NotReplaced::Faults(faults)) => {
                let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
                Err(format!("nothing was replaced:\n{}", lines.join("\n")))
            }
            Err(error) => Err(error.to_string()),
        }
    });
    database.close()?;
    println!("{} has version {} now", list.name, replaced?);
    Ok(())
}

fn find(called: &str) -> Outcome<&'static List> {
    let name = called.replace('_', "-");
    let names = || lists::ALL.iter().map(|list| list.name).collect::<Vec<_>>().join(", ");
    Ok(lists::find(&name).ok_or_else(|| format!("{called} is none of the lists: {}", names()))?)
}
