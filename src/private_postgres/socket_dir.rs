//! The folder of the server's socket, which only the server's user and root can enter.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use super::{
    error::{Result, StartError, to},
    secrets::random_text,
    user::ServerUser,
};

/// Systems cut a socket's path at 104 (macOS) or 108 bytes; this leaves room for `/.s.PGSQL.65535`.
const LONGEST: usize = 88;

/// Removed when dropped.
pub struct SocketDir(PathBuf);

impl SocketDir {
    /// `run` in the data folder, or one with a random name where that path is too long or needs quoting.
    pub fn make(data_dir: &Path, user: &ServerUser) -> Result<Self> {
        let temporary = env::temp_dir();
        let name = format!("seribu-{}", random_text().map_err(to("name a folder in", &temporary))?);
        let places = [data_dir.join("run"), temporary.join(&name), Path::new("/tmp").join(&name)];
        let shut_out = StartError::CannotEnter { dir: temporary, uid: user.uid() };
        let dir = places.into_iter().find(|place| fits(place, user)).ok_or(shut_out)?;
        user.make_own(&dir)?;
        Ok(Self(dir))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A socket that a killed server left carries a process number, which may be another's by now.
    pub fn clear(&self, port: u16) {
        for name in [format!(".s.PGSQL.{port}"), format!(".s.PGSQL.{port}.lock")] {
            // As a rule it is not there.
            let _ = fs::remove_file(self.0.join(name));
        }
    }
}

impl Drop for SocketDir {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            log::warn!("could not remove {}: {error}", self.0.display());
        }
    }
}

fn fits(place: &Path, user: &ServerUser) -> bool {
    is_plain(place) && place.parent().is_some_and(|parent| user.check_entry(parent).is_ok())
}

/// Neither the server's setting nor a URL with several hosts can quote everything: a comma, for one.
fn is_plain(place: &Path) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-".contains(letter);
    place.to_str().is_some_and(|text| text.len() <= LONGEST && text.chars().all(plain))
}
