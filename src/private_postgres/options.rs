//! What the caller decides.

use std::path::PathBuf;

#[derive(Debug, Clone)]
pub struct Options {
    /// Holds the cluster, its passwords, its log and our lock. Made when missing.
    pub data_dir: PathBuf,
    /// Keeps a server that npm brought. Made when needed.
    pub cache_dir: PathBuf,
    /// A folder with `postgres` and `initdb`, to be used and no other.
    pub given_bin: Option<PathBuf>,
    /// Neither a given nor an installed server, only the one that npm brings.
    pub use_package: bool,
    /// Off, what was acknowledged may be lost with the machine (not with the process): for tests.
    pub durable: bool,
}
