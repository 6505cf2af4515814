//! Where the private server keeps what it has.

use std::path::{Path, PathBuf};

use super::user::ServerUser;

/// In the data folder: the cluster itself.
pub const CLUSTER: &str = "postgres";

/// `wanted` where the server's user can enter it (it is made when missing), otherwise `fallback`:
/// under `/root`, for one, the server of root can't.
pub fn usable_dir(wanted: &Path, fallback: &Path) -> PathBuf {
    let user = ServerUser::of(&wanted.join(CLUSTER));
    let usable = user.and_then(|user| user.prepare(wanted)).is_ok();
    if usable { wanted } else { fallback }.to_path_buf()
}
