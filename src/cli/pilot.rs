//! The pilot data of a new database, and its log-ins for whoever starts the service.

use std::{fs, path::PathBuf};

use crate::{
    accounts,
    api::Settings,
    cli::{
        Outcome,
        database::{Database, begin_anew},
        settings::Environment,
    },
    clock::Clock,
    pilot::{self, Credentials, FILE},
};

/// There while the pilot is loaded: what an earlier start left half done is not taken for a whole.
fn unfinished(database: &Database) -> PathBuf {
    database.data_dir.join("pilot-unfinished")
}

/// Empties the private database of a pilot that was broken off.
pub async fn forget_half(database: &Database) -> Outcome {
    let marker = unfinished(database);
    if !marker.exists() {
        return Ok(());
    }
    match database.owner_url.as_ref().filter(|_| database.is_private()) {
        Some(owner_url) => {
            log::warn!("the pilot was loaded in part when the service ended: it is loaded again");
            begin_anew(owner_url).await?;
            Ok(fs::remove_file(marker)?)
        }
        None => Err(format!(
            "the pilot was loaded in part when the service ended: give it an empty database, and remove {}",
            marker.display()
        )
        .into()),
    }
}

/// Into a private database that is new, or a given one if asked. The log-ins, where it was loaded now.
pub async fn load_if_new(
    environment: &Environment,
    database: &Database,
    settings: &Settings,
) -> Outcome<Option<Credentials>> {
    let wanted = environment.pilot.unwrap_or(database.is_private());
    if !wanted || accounts::any_user(&*settings.worker()?).await? {
        return Ok(None);
    }
    println!("a new database: loading the pilot's made-up businesses");
    fs::create_dir_all(&database.data_dir)?;
    let marker = unfinished(database);
    fs::write(&marker, "")?;
    let credentials = pilot::load(settings, Clock::System.now()).await?;
    credentials.write(&database.data_dir)?;
    fs::remove_file(marker)?;
    Ok(Some(credentials))
}

/// For the person at the terminal: how to get in, and a line to try.
pub fn introduce(database: &Database, listen: &str, logins: Option<&Credentials>) {
    let file = database.data_dir.join(FILE);
    if file.exists() {
        println!("  pilot  made-up data; all log-ins are in {}", file.display());
    }
    for login in logins.into_iter().flat_map(Credentials::one_each) {
        println!("         {:15} {:36} {}", login.role.as_str(), login.email, login.password);
    }
    let programme = logins.and_then(|known| known.logins.iter().find(|it| it.role.as_str() == "programme"));
    match programme {
        Some(login) => println!(
            "  try    curl -s 'http://{listen}/v1/businesses?limit=3' -H \"Authorization: Bearer $(curl -s \
             http://{listen}/v1/auth/login -H 'Content-Type: application/json' -d '{{\"email\":\"{}\",\
             \"password\":\"{}\"}}' | sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')\"",
            login.email, login.password
        ),
        None => println!("  try    curl -s http://{listen}/v1/reference/districts"),
    }
}
