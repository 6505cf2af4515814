//! Where the private server keeps what it has.

use std::path::{Path, PathBuf};

use super::user::ServerUser;

/// In the data folder: the cluster itself.
pub const CLUSTER: &str = "postgres";

/// `wanted` where we can write and the server's user can enter (it is made when missing), otherwise
/// `fallback`: under `/root`, for one, the server of root can't. For the data folder, and the cache.
pub fn usable_dir(wanted: &Path, fallback: &Path) -> PathBuf {
    let user = ServerUser::of(&wanted.join(CLUSTER));
    let usable = user.and_then(|user| user.prepare(wanted)).is_ok();
    if usable { wanted } else { fallback }.to_path_buf()
}
