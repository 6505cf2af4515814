//! One private PostgreSQL for the whole run, started by the product's own launcher; a database for each test.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{LazyLock, OnceLock},
};

use diesel_async::{AsyncConnection, AsyncMigrationHarness, AsyncPgConnection, SimpleAsyncConnection};
use diesel_migrations::MigrationHarness;
use seribu::{
    api::MIGRATIONS,
    instruments,
    private_postgres::{Options, Server, start, usable_dir},
    reference,
};
use tokio::sync::OnceCell;

use crate::support;

/// The addresses of one database: for the service, and for who owns the tables.
#[derive(Clone, Debug)]
pub struct Database {
    pub name: String,
    pub app: String,
    pub owner: String,
}

impl Database {
    fn named(name: &str) -> Self {
        let here = |url: String| url.replacen("/seribu?", &format!("/{name}?"), 1);
        Self { name: name.to_owned(), app: here(server().app_url()), owner: here(server().owner_url()) }
    }

    /// Where the files of its attachments lie: they go with the server's folder.
    pub fn files(&self) -> PathBuf {
        folder().join(std::process::id().to_string()).join("attachments").join(&self.name)
    }

    pub async fn as_app(&self) -> AsyncPgConnection {
        AsyncPgConnection::establish(&self.app).await.unwrap()
    }

    pub async fn as_owner(&self) -> AsyncPgConnection {
        AsyncPgConnection::establish(&self.owner).await.unwrap()
    }

    pub async fn as_superuser(&self) -> AsyncPgConnection {
        AsyncPgConnection::establish(&server().superuser_url(&self.name)).await.unwrap()
    }
}

/// A migrated database of one's own.
pub async fn fresh_database() -> Database {
    static TEMPLATE: OnceCell<()> = OnceCell::const_new();
    TEMPLATE.get_or_init(migrated_template).await;
    copy_of("seribu_template").await
}

/// PostgreSQL copies a database in milliseconds. Nobody may be connected to it.
pub async fn copy_of(template: &str) -> Database {
    let database = Database::named(&format!("test_{}", uuid::Uuid::now_v7().simple()));
    execute(&format!("create database {} template {template} owner seribu_owner", database.name)).await;
    database
}

async fn migrated_template() {
    execute("create database seribu_template owner seribu_owner").await;
    let connection = Database::named("seribu_template").as_owner().await;
    let migrate = || AsyncMigrationHarness::new(connection).run_pending_migrations(MIGRATIONS).map(drop);
    tokio::task::spawn_blocking(migrate).await.unwrap().unwrap();
    let mut connection = Database::named("seribu_template").as_app().await;
    reference::store::load_shipped(&mut connection, support::now()).await.unwrap();
    let settings = support::settings(&Database::named("seribu_template")).await;
    instruments::ship(&settings.worker().unwrap()).await.unwrap();
}

async fn execute(sql: &str) {
    let mut connection = AsyncPgConnection::establish(&server().superuser_url("postgres")).await.unwrap();
    connection.batch_execute(sql).await.unwrap();
}

/// The server stops when the run ends, however it ends; its folder goes at the next run.
pub fn server() -> &'static Server {
    static SERVER: LazyLock<Server> = LazyLock::new(|| {
        let folder = folder();
        let options = Options {
            data_dir: folder.join(std::process::id().to_string()),
            cache_dir: usable_dir(&folder.join("cache"), Path::new("/var/cache/seribu")),
            given_bin: std::env::var_os("SERIBU_POSTGRES_BIN").map(PathBuf::from),
            use_package: std::env::var_os("SERIBU_TEST_PACKAGE").is_some(),
            durable: false,
        };
        start(&options).unwrap_or_else(|error| panic!("{error}"))
    });
    &SERVER
}

fn folder() -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| std::env::temp_dir().join("seribu-test"));
    for left in fs::read_dir(folder).into_iter().flatten().flatten() {
        let process = left.file_name().to_string_lossy().parse::<u32>();
        if process.is_ok_and(|process| !Path::new(&format!("/proc/{process}")).exists()) {
            // Another run may be quicker.
            let _ = fs::remove_dir_all(left.path());
        }
    }
    folder.clone()
}
