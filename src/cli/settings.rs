//! All settings, all from the environment, all read here. One that holds a secret can also be given as a
//! file: `DATABASE_URL_FILE` names a file with what `DATABASE_URL` would say.

use std::{env, fs, num::NonZeroU32, path::PathBuf, str::FromStr};

use chrono_tz::Tz;

use crate::{accounts::Attempts, files::Files};

/// Name, default as people read it, meaning: the table of `docs/settings.md`, and what `docker-compose.yml`
/// may set.
pub const SETTINGS: &[(&str, &str, &str)] = &[
    ("DATABASE_URL", "a private PostgreSQL", "The server and database to use, as the role `seribu_app`"),
    ("SERIBU_OWNER_DATABASE_URL", "none", "The same as `seribu_owner`, to migrate at start"),
    (
        "SERIBU_DATA_DIR",
        "./data",
        "Where the private PostgreSQL, the keys, uploaded files and the pilot's log-ins are kept",
    ),
    ("SERIBU_CACHE_DIR", "the user's cache folder", "Where a PostgreSQL that npm brought is kept"),
    ("SERIBU_POSTGRES_BIN", "found", "A folder with the programs of PostgreSQL 15 or later"),
    ("SERIBU_KEYS_FILE", "keys.json in the data folder", "The keys; made when missing, mode 0600"),
    ("SERIBU_LISTEN", "127.0.0.1:8080", "The address to listen on"),
    ("SERIBU_PUBLIC_URL", "http:// and the address", "How clients reach the service: the issuer of tokens"),
    ("SERIBU_TIME_ZONE", "Asia/Jakarta", "Decides what today is, and the year in numbers"),
    ("SERIBU_PILOT", "only in a new private database", "`true` loads the pilot data, `false` does not"),
    (
        "SERIBU_SANDBOX",
        "false",
        "`true` makes a new database a sandbox, for partners to try things on: see docs/sandbox.md",
    ),
    ("SERIBU_WORKERS", "one a core", "Threads that answer requests"),
    ("SERIBU_WRITERS_PER_WORKER", "16", "Connections of a thread for writes"),
    ("SERIBU_MAX_BODY_BYTES", "262144", "The largest JSON body"),
    ("SERIBU_LOG_INS_PER_MINUTE", "10", "Attempts to sign in, by address and account"),
    ("SERIBU_DRAIN_SECONDS", "0", "How long to answer 503 at /readyz before stopping"),
    (
        "SERIBU_ATTACHMENTS",
        "attachments in the data folder",
        "A folder for uploaded files, or `s3://bucket/prefix`",
    ),
    ("SERIBU_MAX_ATTACHMENT_BYTES", "10485760", "The largest uploaded file"),
    ("SERIBU_ATTACHMENT_RETENTION_DAYS", "30", "How long a file is kept once its attachment is deleted"),
    ("AWS_ACCESS_KEY_ID", "none", "Of a bucket"),
    ("AWS_SECRET_ACCESS_KEY", "none", "Of a bucket"),
    ("AWS_REGION", "us-east-1", "Of a bucket"),
    ("AWS_ENDPOINT_URL", "Amazon's", "Of a bucket elsewhere; `http://` only on this machine"),
    (
        "SERIBU_SMTP_URL",
        "no mail is sent",
        "`smtps://user:password@host`, or `smtp://…` with STARTTLS; of a pilot on this machine only",
    ),
    ("SERIBU_MAIL_FROM", "none", "The sender of mail: `Seribu <seribu@dinas.go.id>`"),
    ("SERIBU_WEBHOOK_PORTS", "443 and 8443", "More ports that webhooks may be sent to: `9443,10443`"),
    (
        "SERIBU_WEBHOOKS_TO_THIS_MACHINE",
        "only in a pilot",
        "`true` lets webhooks be sent to this machine too, also by `http://`: to try them out. Those of a pilot go \
         nowhere else",
    ),
    ("RUST_LOG", "warn,seribu=info", "What is logged"),
];

pub struct Environment {
    pub database_url: Option<String>,
    pub owner_database_url: Option<String>,
    pub data_dir: PathBuf,
    /// Whether someone chose the data folder.
    pub data_dir_given: bool,
    pub cache_dir: Option<PathBuf>,
    pub postgres_bin: Option<PathBuf>,
    pub keys_file: Option<PathBuf>,
    pub listen: String,
    pub public_url: Option<String>,
    pub zone: Tz,
    pub pilot: Option<bool>,
    pub sandbox: bool,
    pub workers: usize,
    pub writers_per_worker: usize,
    pub largest_body: usize,
    pub log_ins_per_minute: NonZeroU32,
    pub drain_seconds: u64,
    /// None for a folder in the data folder.
    pub attachments: Option<String>,
    pub largest_attachment: usize,
    pub attachment_retention_days: u16,
    pub bucket_access_key_id: Option<String>,
    pub bucket_secret_access_key: Option<String>,
    pub bucket_region: String,
    pub bucket_endpoint: Option<String>,
    pub smtp_url: Option<String>,
    pub mail_from: Option<String>,
    /// Besides those that are always allowed.
    pub webhook_ports: Vec<u16>,
    pub webhooks_to_this_machine: bool,
}

impl Environment {
    pub fn read() -> Result<Self, String> {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let data_dir = text("SERIBU_DATA_DIR");
        Ok(Self {
            database_url: secret("DATABASE_URL")?,
            owner_database_url: secret("SERIBU_OWNER_DATABASE_URL")?,
            data_dir_given: data_dir.is_some(),
            data_dir: data_dir.unwrap_or_else(|| "data".into()).into(),
            cache_dir: text("SERIBU_CACHE_DIR").map(PathBuf::from).or_else(user_cache),
            postgres_bin: text("SERIBU_POSTGRES_BIN").map(PathBuf::from),
            keys_file: text("SERIBU_KEYS_FILE").map(PathBuf::from),
            listen: text("SERIBU_LISTEN").unwrap_or_else(|| "127.0.0.1:8080".into()),
            public_url: text("SERIBU_PUBLIC_URL"),
            zone: parsed("SERIBU_TIME_ZONE", chrono_tz::Asia::Jakarta)?,
            pilot: text("SERIBU_PILOT").map(|_| parsed("SERIBU_PILOT", false)).transpose()?,
            sandbox: parsed("SERIBU_SANDBOX", false)?,
            workers: parsed("SERIBU_WORKERS", cores)?,
            writers_per_worker: parsed("SERIBU_WRITERS_PER_WORKER", 16)?,
            largest_body: parsed("SERIBU_MAX_BODY_BYTES", 256 << 10)?,
            log_ins_per_minute: parsed("SERIBU_LOG_INS_PER_MINUTE", Attempts::BY_DEFAULT)?,
            drain_seconds: parsed("SERIBU_DRAIN_SECONDS", 0)?,
            attachments: text("SERIBU_ATTACHMENTS"),
            largest_attachment: parsed("SERIBU_MAX_ATTACHMENT_BYTES", Files::LARGEST)?,
            attachment_retention_days: parsed("SERIBU_ATTACHMENT_RETENTION_DAYS", Files::RETENTION_DAYS)?,
            bucket_access_key_id: text("AWS_ACCESS_KEY_ID"),
            bucket_secret_access_key: secret("AWS_SECRET_ACCESS_KEY")?,
            bucket_region: text("AWS_REGION").unwrap_or_else(|| "us-east-1".into()),
            bucket_endpoint: text("AWS_ENDPOINT_URL"),
            smtp_url: secret("SERIBU_SMTP_URL")?,
            mail_from: text("SERIBU_MAIL_FROM"),
            webhook_ports: listed("SERIBU_WEBHOOK_PORTS")?,
            webhooks_to_this_machine: parsed("SERIBU_WEBHOOKS_TO_THIS_MACHINE", false)?,
        })
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
fn text(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

fn secret(name: &str) -> Result<Option<String>, String> {
    let file_setting = format!("{name}_FILE");
    match (text(name), text(&file_setting)) {
        (Some(_), Some(_)) => Err(format!("set {name} or {file_setting}, not both")),
        (None, Some(file)) => match fs::read_to_string(&file) {
            Ok(value) => Ok(Some(value.trim().to_owned())),
            Err(error) => Err(format!("{file_setting}: {file}: {error}")),
        },
        (value, None) => Ok(value),
    }
}

fn parsed<T: FromStr>(name: &str, default: T) -> Result<T, String> {
    match text(name) {
        None => Ok(default),
        Some(value) => value.parse().map_err(|_| format!("{name}: {value} is not possible here")),
    }
}

/// Several, with commas between.
fn listed<T: FromStr>(name: &str) -> Result<Vec<T>, String> {
    let one = |one: &str| one.trim().parse().map_err(|_| format!("{name}: {one} is not possible here"));
    text(name).iter().flat_map(|all| all.split(',')).map(one).collect()
}

fn user_cache() -> Option<PathBuf> {
    let given = text("XDG_CACHE_HOME").map(PathBuf::from);
    given.or_else(|| Some(PathBuf::from(text("HOME")?).join(".cache"))).map(|folder| folder.join("seribu"))
}
