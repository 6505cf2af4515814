//! A private PostgreSQL for the tests: started once, stopped and removed when they end.

use std::{
    fs,
    io::Read,
    os::unix::{fs::chown, process::CommandExt},
    path::PathBuf,
    process::{Command, Stdio},
    sync::OnceLock,
};

use diesel_async::{AsyncConnection, AsyncMigrationHarness, AsyncPgConnection, SimpleAsyncConnection};
use diesel_migrations::MigrationHarness;
use seribu::{api::MIGRATIONS, reference};
use tokio::sync::OnceCell;

use crate::support;

/// The addresses of one database: for the service, and for who owns the tables.
#[derive(Clone, Debug)]
pub struct Database {
    pub name: String,
    pub app: String,
    pub owner: String,
}

/// A migrated database of one's own: PostgreSQL copies a template in milliseconds.
pub async fn fresh_database() -> Database {
    static TEMPLATE: OnceCell<()> = OnceCell::const_new();
    TEMPLATE.get_or_init(migrated_template).await;
    let name = format!("test_{}", uuid::Uuid::now_v7().simple());
    execute(&format!("create database {name} template seribu_template owner seribu_owner")).await;
    Database { app: url(&name, "seribu_app"), owner: url(&name, "seribu_owner"), name }
}

async fn migrated_template() {
    for role in ["seribu_owner", "seribu_app"] {
        execute(&format!(
            "do $$ begin create role {role} login; exception when duplicate_object then null; end $$"
        ))
        .await;
    }
    execute("drop database if exists seribu_template").await;
    execute("create database seribu_template owner seribu_owner").await;
    let connection = connect("seribu_template", "seribu_owner").await;
    let migrate = || AsyncMigrationHarness::new(connection).run_pending_migrations(MIGRATIONS).map(drop);
    tokio::task::spawn_blocking(migrate).await.unwrap().unwrap();
    let mut connection = connect("seribu_template", "seribu_app").await;
    reference::store::load_shipped(&mut connection, support::now()).await.unwrap();
}

async fn execute(sql: &str) {
    connect("postgres", "postgres").await.batch_execute(sql).await.unwrap();
}

pub async fn connect(database: &str, user: &str) -> AsyncPgConnection {
    AsyncPgConnection::establish(&url(database, user)).await.unwrap()
}

/// Of `SERIBU_TEST_SERVER` (`postgres:///?host=…`) when that is given, else of the private server.
fn url(database: &str, user: &str) -> String {
    static SERVER: OnceLock<String> = OnceLock::new();
    let server = SERVER.get_or_init(|| std::env::var("SERIBU_TEST_SERVER").unwrap_or_else(|_| start()));
    format!("{}&user={user}", server.replacen("///", &format!("///{database}"), 1))
}

fn start() -> String {
    let folder = std::env::temp_dir().join(format!("seribu-test-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let user = server_user();
    if let Some(id) = user {
        chown(&folder, Some(id), None).unwrap();
    }
    // The shell outlives us for a moment: our end closes its input, and it cleans up.
    let script = r#"
        "$1/initdb" -D "$2/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$2/log" 2>&1 || exit 1
        "$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c max_connections=400 >>"$2/log" 2>&1 &
        until "$1/pg_isready" -q -h "$2"; do sleep 0.05; kill -0 $! || exit 1; done
        echo ready; exec >/dev/null
        read -r _; kill -INT $!; wait; rm -rf "$2""#;
    let mut shell = Command::new("sh");
    shell.args(["-c", script, "sh"]).arg(server_programs()).arg(&folder).current_dir(&folder);
    shell.stdin(Stdio::piped()).stdout(Stdio::piped());
    if let Some(id) = user {
        shell.uid(id);
    }
    let mut shell = shell.spawn().unwrap();
    let mut ready = [0; 5];
    let started = shell.stdout.take().unwrap().read_exact(&mut ready);
    started.unwrap_or_else(|_| panic!("PostgreSQL did not start, see {}/log", folder.display()));
    std::mem::forget(shell);
    format!("postgres:///?host={}", folder.display())
}

/// The newest installed server, or the one that `SERIBU_POSTGRES_BIN` names.
fn server_programs() -> PathBuf {
    if let Some(given) = std::env::var_os("SERIBU_POSTGRES_BIN") {
        return given.into();
    }
    let installed = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let versions = installed.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let newest = versions.max().expect("install PostgreSQL 15 or later, or set SERIBU_POSTGRES_BIN");
    PathBuf::from(format!("/usr/lib/postgresql/{newest}/bin"))
}

/// PostgreSQL refuses to run as root: then it runs as `postgres`, or else as `nobody`.
fn server_user() -> Option<u32> {
    let id = |arguments: &[&str]| {
        let output = Command::new("id").args(arguments).output().ok()?;
        String::from_utf8(output.stdout).ok()?.trim().parse::<u32>().ok()
    };
    (id(&["-u"]) == Some(0)).then(|| id(&["-u", "postgres"]).or_else(|| id(&["-u", "nobody"])).unwrap())
}
