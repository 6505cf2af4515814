//! Which PostgreSQL a program or a cluster is of.

use std::fmt;

/// The first with what our schema is written in.
pub const OLDEST: u16 = 15;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    pub major: u16,
    pub minor: u16,
}

impl Version {
    /// From what `postgres --version` says: `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
    pub fn parse(said: &str) -> Option<Self> {
        let (_, number) = said.split_once("(PostgreSQL) ")?;
        let number = number.split_whitespace().next()?;
        let mut parts = number.split(|c: char| !c.is_ascii_digit());
        let major = parts.next()?.parse().ok()?;
        // A beta (`19beta1`) counts as older than the release.
        let minor = if number.contains('.') { parts.next()?.parse().ok()? } else { 0 };
        Some(Self { major, minor })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_every_system_writes_them() {
        for (said, version) in [
            ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", Some((15, 18))),
            ("postgres (PostgreSQL) 16.3 (Homebrew)", Some((16, 3))),
            ("postgres (PostgreSQL) 18.4", Some((18, 4))),
            ("postgres (PostgreSQL) 19beta1 (Debian 19~beta1-1.pgdg120+1)", Some((19, 0))),
            ("postgres: error while loading shared libraries: libicu.so.60", None),
        ] {
            assert_eq!(
                Version::parse(said),
                version.map(|(major, minor)| Version { major, minor }),
                "{said}"
            );
        }
    }
}
