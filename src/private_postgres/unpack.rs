//! The `native` folder of the npm package, as npm would lay it out and with its links made.

use std::{
    fs::{self, DirBuilder, OpenOptions, Permissions},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt, symlink},
    path::{Component, Path, PathBuf},
};

use flate2::read::GzDecoder;
use serde::Deserialize;
use tar::{Archive, EntryType};

const ROOT: &str = "package/native";

/// Programs and libraries keep their executable bit; everybody may read, whatever our umask is, for
/// the server may run as another user.
///
/// # Errors
/// `InvalidData` when an entry would land outside `into`, or is neither file nor folder.
pub fn unpack(tgz: &[u8], into: &Path) -> io::Result<()> {
    make_dir(into)?;
    for entry in Archive::new(GzDecoder::new(tgz)).entries()? {
        let mut entry = entry?;
        let path = entry.path()?.into_owned();
        let Ok(inside) = plain(&path)?.strip_prefix(ROOT) else { continue };
        match entry.header().entry_type() {
            EntryType::Directory => make_dirs(into, inside)?,
            EntryType::Regular => {
                make_dirs(into, inside.parent().unwrap_or(inside))?;
                let executable = entry.header().mode()? & 0o111 != 0 || inside.starts_with("bin");
                let mode = if executable { 0o755 } else { 0o644 };
                let target = into.join(inside);
                let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(&target)?;
                io::copy(&mut entry, &mut file)?;
                file.set_permissions(Permissions::from_mode(mode))?;
            }
            other => return Err(refuse(&path, &format!("is of kind {other:?}"))),
        }
    }
    Ok(())
}

/// npm's archives can't hold links, so the package brings a list, which its install script would follow.
///
/// # Errors
/// `InvalidData` when the list is no list, or a link would lead elsewhere than to its neighbour.
pub fn make_links(home: &Path) -> io::Result<()> {
    #[derive(Deserialize)]
    struct Link {
        source: PathBuf,
        target: PathBuf,
    }
    let links: Vec<Link> = serde_json::from_slice(&fs::read(home.join("pg-symlinks.json"))?)?;
    for Link { source, target } in links {
        let link = plain(&target)?.strip_prefix("native").map_err(|_| refuse(&target, "is outside"))?;
        let neighbour =
            source.file_name().filter(|_| plain(&source).is_ok() && source.parent() == target.parent());
        symlink(neighbour.ok_or_else(|| refuse(&source, "is no neighbour of its link"))?, home.join(link))?;
    }
    Ok(())
}

/// Only names: no `..`, no root.
fn plain(path: &Path) -> io::Result<&Path> {
    let only_names = path.components().all(|part| matches!(part, Component::Normal(_)));
    if only_names { Ok(path) } else { Err(refuse(path, "leads outside")) }
}

fn refuse(path: &Path, why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("`{}` in it {why}", path.display()))
}

fn make_dirs(base: &Path, inside: &Path) -> io::Result<()> {
    let mut dir = base.to_path_buf();
    for part in inside.components() {
        dir.push(part);
        make_dir(&dir)?;
    }
    Ok(())
}

fn make_dir(dir: &Path) -> io::Result<()> {
    match DirBuilder::new().mode(0o755).create(dir) {
        Ok(()) => fs::set_permissions(dir, Permissions::from_mode(0o755)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && dir.is_dir() => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
pub mod tests {
    use std::{env, process};

    use flate2::{Compression, write::GzEncoder};
    use tar::{Builder, Header};

    use super::*;

    /// As npm packs: files alone, their modes as they come.
    pub fn tgz(files: &[(&str, &str)]) -> Vec<u8> {
        let mut builder = Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
        for (path, text) in files {
            let mut header = Header::new_gnu();
            // By hand, since `set_path` refuses what we want to see refused.
            header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
            header.set_mode(0o600);
            header.set_size(u64::try_from(text.len()).unwrap());
            header.set_cksum();
            builder.append(&header, text.as_bytes()).unwrap();
        }
        builder.into_inner().unwrap().finish().unwrap()
    }

    /// A folder for the test alone; it is there, and empty.
    pub fn fresh_dir(name: &str) -> PathBuf {
        let dir = env::temp_dir().join(format!("seribu-unpack-{}-{name}", process::id()));
        fs::create_dir(&dir).unwrap();
        dir
    }

    fn unpacked(name: &str, files: &[(&str, &str)]) -> (PathBuf, io::Result<()>) {
        let base = fresh_dir(name);
        let home = base.join("home");
        let result = unpack(&tgz(files), &home).and_then(|()| make_links(&home));
        (base, result)
    }

    #[test]
    fn everybody_may_run_the_programs_and_the_links_are_made() {
        let (base, result) = unpacked(
            "whole",
            &[
                ("package/package.json", "{}"),
                ("package/native/bin/postgres", "program"),
                ("package/native/lib/libpq.so.5.18", "library"),
                (
                    "package/native/pg-symlinks.json",
                    r#"[{ "source": "native/lib/libpq.so.5.18", "target": "native/lib/libpq.so.5" }]"#,
                ),
            ],
        );
        result.unwrap();
        let home = base.join("home");
        let mode = |path: &str| fs::metadata(home.join(path)).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode("bin"), mode("bin/postgres"), mode("lib/libpq.so.5")), (0o755, 0o755, 0o644));
        assert_eq!(fs::read_link(home.join("lib/libpq.so.5")).unwrap(), Path::new("libpq.so.5.18"));
        assert!(!home.join("package.json").exists());
        fs::remove_dir_all(base).unwrap();
    }

    #[test]
    fn nothing_lands_outside() {
        let list = "package/native/pg-symlinks.json";
        for (number, files) in [
            [("package/native/../../../outside", "x"), (list, "[]")],
            [("/outside", "x"), (list, "[]")],
            [("package/native/a", "x"), (list, r#"[{ "source": "native/a", "target": "native/../../b" }]"#)],
            [("package/native/a", "x"), (list, r#"[{ "source": "/etc/passwd", "target": "native/b" }]"#)],
            [("package/native/a", "x"), (list, r#"[{ "source": "native/../a", "target": "native/../b" }]"#)],
        ]
        .iter()
        .enumerate()
        {
            let (base, result) = unpacked(&number.to_string(), files);
            assert_eq!(result.unwrap_err().kind(), io::ErrorKind::InvalidData, "{files:?}");
            let outside = fs::read_dir(&base).unwrap().flatten().filter(|entry| entry.file_name() != "home");
            assert_eq!(outside.count(), 0, "{files:?}");
            fs::remove_dir_all(base).unwrap();
        }
    }
}
