//! The folder with the data: made once, and opened ever after by the major version that made it.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    time::Duration,
};

use super::{
    binaries::Binaries,
    error::{Result, StartError, to},
    run::run,
    user::ServerUser,
};

const LIMIT: Duration = Duration::from_secs(120);

/// The first is on every system of today; the second sorts alike, and knows fewer letters. Not ICU,
/// whose order changes with its version.
const LOCALES: [&str; 2] = ["C.UTF-8", "C"];

/// The major version that wrote the data; none when there is no cluster yet.
///
/// # Errors
/// When its version can't be read.
pub fn written_by(cluster: &Path) -> Result<Option<u16>> {
    let path = cluster.join("PG_VERSION");
    match fs::read_to_string(&path) {
        Ok(text) => {
            let major = text.trim().parse().map_err(io::Error::other).map_err(to("read", &path))?;
            Ok(Some(major))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(to("read", &path)(error)),
    }
}

/// Made beside its place and moved there when complete, so that a half-made one is never opened.
pub fn create(
    cluster: &Path,
    binaries: &Binaries,
    user: &ServerUser,
    password: &str,
    durable: bool,
) -> Result<()> {
    let new = cluster.with_extension("new");
    let password_file = cluster.with_extension("password");
    write_for(user, &password_file, password)?;
    let made = LOCALES.iter().find_map(|locale| {
        let result = initdb(&new, binaries, user, &password_file, locale, durable);
        // One that the system doesn't know is no reason to give up.
        if matches!(&result, Err(StartError::Failed { tail, .. }) if tail.contains("invalid locale name")) {
            return None;
        }
        Some(result)
    });
    fs::remove_file(&password_file).map_err(to("remove", &password_file))?;
    made.unwrap_or_else(|| Err(failed(&new, "it knows none of the locales".to_owned())))?;
    fs::rename(&new, cluster).map_err(to("move the new database to", cluster))
}

fn initdb(
    new: &Path,
    binaries: &Binaries,
    user: &ServerUser,
    password_file: &Path,
    locale: &str,
    durable: bool,
) -> Result<()> {
    if new.exists() {
        fs::remove_dir_all(new).map_err(to("remove", new))?;
    }
    user.make_own(new)?;
    let mut command = user.command(binaries.dir.join("initdb"));
    command.arg("-D").arg(new).arg("--pwfile").arg(password_file);
    command.args(["--username=postgres", "--auth=scram-sha-256", "--data-checksums", "--encoding=UTF8"]);
    command.args([format!("--locale={locale}").as_str(), "--no-instructions"]);
    if !durable {
        command.arg("--no-sync");
    }
    let ended = run(command, LIMIT).map_err(to("run initdb for", new))?;
    if ended.success { Ok(()) } else { Err(failed(new, ended.said)) }
}

fn failed(new: &Path, said: String) -> StartError {
    StartError::Failed { what: "initdb made no database".to_owned(), log: new.to_path_buf(), tail: said }
}

fn write_for(user: &ServerUser, path: &Path, text: &str) -> Result<()> {
    let mut options = OpenOptions::new();
    let mut file =
        options.write(true).create(true).truncate(true).mode(0o600).open(path).map_err(to("write", path))?;
    file.write_all(text.as_bytes()).map_err(to("write", path))?;
    user.give(path)
}
