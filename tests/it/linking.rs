//! What the program needs from the machine: its own PostgreSQL driver and cryptography are inside of it.

use std::fs;

#[test]
fn the_program_needs_no_libpq_and_no_openssl() {
    if !cfg!(all(target_os = "linux", target_pointer_width = "64", target_endian = "little")) {
        println!("skipped: only 64-bit ELF programs are read");
        return;
    }
    let program = fs::read(env!("CARGO_BIN_EXE_seribu")).unwrap();
    let needed = Elf(&program).needed();
    if cfg!(target_env = "gnu") {
        assert!(needed.iter().any(|library| library.starts_with("libc.so")), "{needed:?}");
    }
    for library in &needed {
        let foreign = ["libpq", "libssl", "libcrypto"].iter().any(|name| library.starts_with(name));
        assert!(!foreign, "needs {library}");
    }
}

/// A 64-bit little-endian ELF file.
struct Elf<'a>(&'a [u8]);

/// Where a segment of the file lies, there and in memory.
struct Segment {
    kind: usize,
    offset: usize,
    address: usize,
    size: usize,
}

impl Elf<'_> {
    const LOADED: usize = 1;
    const DYNAMIC: usize = 2;
    const NEEDED: usize = 1;
    const STRING_TABLE: usize = 5;

    fn needed(&self) -> Vec<String> {
        assert!(self.0.starts_with(b"\x7fELF\x02\x01"), "not such an ELF file");
        let segments = self.segments();
        let Some(dynamic) = segments.iter().find(|it| it.kind == Self::DYNAMIC) else { return Vec::new() };
        let entries: Vec<_> = (dynamic.offset..dynamic.offset + dynamic.size)
            .step_by(16)
            .map(|at| (self.number(at, 8), self.number(at + 8, 8)))
            .take_while(|(tag, _)| *tag != 0)
            .collect();
        let address = entries.iter().find(|(tag, _)| *tag == Self::STRING_TABLE).unwrap().1;
        let holds =
            |it: &&Segment| it.kind == Self::LOADED && (it.address..it.address + it.size).contains(&address);
        let home = segments.iter().find(holds).unwrap();
        let strings = address - home.address + home.offset;
        let names = entries.iter().filter(|(tag, _)| *tag == Self::NEEDED);
        names.map(|(_, name)| self.text(strings + name)).collect()
    }

    fn segments(&self) -> Vec<Segment> {
        let (first, size, count) = (self.number(32, 8), self.number(54, 2), self.number(56, 2));
        let segment = |at: usize| Segment {
            kind: self.number(at, 4),
            offset: self.number(at + 8, 8),
            address: self.number(at + 16, 8),
            size: self.number(at + 32, 8),
        };
        (0..count).map(|index| segment(first + index * size)).collect()
    }

    fn number(&self, at: usize, bytes: usize) -> usize {
        self.0[at..at + bytes].iter().rev().fold(0, |number, byte| (number << 8) | usize::from(*byte))
    }

    fn text(&self, at: usize) -> String {
        let bytes = self.0[at..].iter().take_while(|byte| **byte != 0).copied();
        String::from_utf8(bytes.collect()).unwrap()
    }
}
