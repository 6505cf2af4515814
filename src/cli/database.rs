//! Which database the service uses: a given one, or a private server of its own; and its tables.

use std::path::{Path, PathBuf};

use diesel_async::{AsyncConnection, AsyncMigrationHarness, AsyncPgConnection};
use diesel_migrations::MigrationHarness;

use crate::{
    api::MIGRATIONS,
    cli::{Outcome, settings::Environment},
    private_postgres::{self, Options, Server, StartError},
};

pub struct Database {
    pub app_url: String,
    pub owner_url: Option<String>,
    /// The private server, which lives as long as this does.
    pub private: Option<Server>,
    pub data_dir: PathBuf,
}

impl Database {
    /// For a command beside a service, which may have the private server already.
    pub fn open_beside(environment: &Environment) -> Outcome<Self> {
        match Self::open(environment) {
            Err(error) if matches!(error.downcast_ref(), Some(StartError::InUse { .. })) => {
                let data_dir = data_dir(environment);
                let app_url = private_postgres::url_of_another(&data_dir)?;
                Ok(Self { app_url, owner_url: None, private: None, data_dir })
            }
            opened => opened,
        }
    }

    pub fn open(environment: &Environment) -> Outcome<Self> {
        if environment.database_url.is_none() && environment.owner_database_url.is_some() {
            return Err("set DATABASE_URL too: SERIBU_OWNER_DATABASE_URL alone only serves to migrate".into());
        }
        if let Some(app_url) = &environment.database_url {
            return Ok(Self {
                app_url: app_url.clone(),
                owner_url: environment.owner_database_url.clone(),
                private: None,
                data_dir: environment.data_dir.clone(),
            });
        }
        let data_dir = data_dir(environment);
        let cache = environment.cache_dir.clone().unwrap_or_else(|| data_dir.join("cache"));
        let server = private_postgres::start(&Options {
            cache_dir: private_postgres::usable_dir(&cache, Path::new("/var/cache/seribu")),
            data_dir: data_dir.clone(),
            given_bin: environment.postgres_bin.clone(),
            use_package: false,
            durable: true,
        })?;
        let (app_url, owner_url) = (server.app_url(), Some(server.owner_url()));
        Ok(Self { app_url, owner_url, private: Some(server), data_dir })
    }

    /// A private server stops.
    pub fn close(self) -> Outcome {
        Ok(self.private.map_or(Ok(()), Server::stop)?)
    }

    pub fn is_private(&self) -> bool {
        self.private.is_some()
    }

    /// Up to date, or a reason to stop.
    pub async fn migrate(&self) -> Outcome {
        match &self.owner_url {
            Some(url) => migrate(url).await,
            None => refuse_if_stale(&self.app_url).await,
        }
    }
}

/// The data folder, or `/var/lib/seribu` where root's server, which is not root, cannot enter it.
fn data_dir(environment: &Environment) -> PathBuf {
    if environment.data_dir_given {
        return environment.data_dir.clone();
    }
    private_postgres::usable_dir(&environment.data_dir, Path::new("/var/lib/seribu"))
}

async fn migrate(owner_url: &str) -> Outcome {
    let connection = AsyncPgConnection::establish(owner_url).await?;
    let migrate = move || {
        let mut harness = AsyncMigrationHarness::new(connection);
        harness.run_pending_migrations(MIGRATIONS).map(|done| done.len()).map_err(|error| error.to_string())
    };
    let done = actix_web::rt::task::spawn_blocking(migrate).await??;
    if done > 0 {
        log::info!("migrated: {done} steps");
    }
    Ok(())
}

/// All tables go, and come back empty.
pub async fn begin_anew(owner_url: &str) -> Outcome {
    let connection = AsyncPgConnection::establish(owner_url).await?;
    let revert = move || {
        let mut harness = AsyncMigrationHarness::new(connection);
        harness.revert_all_migrations(MIGRATIONS).map(|done| done.len()).map_err(|error| error.to_string())
    };
    actix_web::rt::task::spawn_blocking(revert).await??;
    migrate(owner_url).await
}

async fn refuse_if_stale(app_url: &str) -> Outcome {
    let connection = AsyncPgConnection::establish(app_url).await?;
    let pending = move || {
        let mut harness = AsyncMigrationHarness::new(connection);
        harness.has_pending_migration(MIGRATIONS).map_err(|error| error.to_string())
    };
    let stale = actix_web::rt::task::spawn_blocking(pending).await?;
    match stale {
        Ok(false) => Ok(()),
        Ok(true) => Err("the database's tables are older than this program: run \
            SERIBU_OWNER_DATABASE_URL=postgres://seribu_owner:…@host/seribu seribu migrate"
            .into()),
        Err(error) => Err(format!("are the tables up to date? {error}").into()),
    }
}

/// `seribu migrate`
pub fn migrate_only(environment: &Environment) -> Outcome {
    if let Some(owner_url) = &environment.owner_database_url {
        actix_web::rt::System::new().block_on(migrate(owner_url))?;
    } else if environment.database_url.is_some() {
        return Err("set SERIBU_OWNER_DATABASE_URL: only the tables' owner migrates".into());
    } else {
        let database = Database::open(environment)?;
        actix_web::rt::System::new().block_on(database.migrate())?;
        database.close()?;
    }
    println!("the tables are up to date");
    Ok(())
}
