//! The database `seribu` and its two roles: one that owns the schema, one that serves requests.

use std::{io, path::Path, thread, time::Duration};

use tokio_postgres::{Client, NoTls};

use super::{
    error::{Result, StartError, to},
    secrets::Secrets,
};

const LIMIT: Duration = Duration::from_secs(30);

pub const DATABASE: &str = "seribu";
pub const OWNER: &str = "seribu_owner";
pub const APP: &str = "seribu_app";

/// Makes what is missing, and gives both roles the passwords that are kept, so that a start which was
/// cut short is mended by the next.
pub fn ensure(superuser_url: &str, secrets: &Secrets, log: &Path) -> Result<()> {
    // A thread of its own, since the caller may be in a runtime already, which would not be blocked.
    let work = || -> Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let late =
            StartError::TooLate { what: format!("make the roles; see {}", log.display()), limit: LIMIT };
        let work = async { tokio::time::timeout(LIMIT, set_up(superuser_url, secrets)).await };
        Ok(runtime.map_err(to("work on", log))?.block_on(work).map_err(|_| late)??)
    };
    thread::scope(|scope| scope.spawn(work).join())
        .unwrap_or_else(|_| Err(to("work on", log)(io::Error::other("the thread ended"))))
}

async fn set_up(superuser_url: &str, secrets: &Secrets) -> std::result::Result<(), tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(superuser_url, NoTls).await?;
    let connection = tokio::spawn(connection);
    for (role, password) in [(OWNER, &secrets.seribu_owner), (APP, &secrets.seribu_app)] {
        if !is_there(&client, "select from pg_roles where rolname = $1", role).await? {
            client.batch_execute(&format!("create role {role}")).await?;
        }
        // The passwords are of our own making, with nothing in them to quote.
        let alter = format!(
            "alter role {role} login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password '{password}'"
        );
        client.batch_execute(&alter).await?;
    }
    if !is_there(&client, "select from pg_database where datname = $1", DATABASE).await? {
        client.batch_execute(&format!("create database {DATABASE} owner {OWNER}")).await?;
    }
    drop(client);
    // Ended with the client; its error, if it had one, was told there.
    let _ = connection.await;
    Ok(())
}

async fn is_there(
    client: &Client,
    query: &str,
    name: &str,
) -> std::result::Result<bool, tokio_postgres::Error> {
    Ok(client.query_opt(query, &[&name]).await?.is_some())
}
