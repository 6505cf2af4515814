//! Where the programs come from, and that data are opened by those of their own version.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Command};

use seribu::private_postgres::{Options, StartError, start};

use super::{Data, KEEP_ONE_ROW, WHAT_WAS_KEPT, ask, execute, refusal};

#[test]
fn data_of_another_major_version_are_refused_with_the_ways_out() {
    let data = Data::new();
    fs::create_dir(data.cluster()).unwrap();
    fs::write(data.cluster().join("PG_VERSION"), "14\n").unwrap();
    let refused = refusal(&data.options());
    assert!(matches!(refused, StartError::OtherMajor { written_by: 14, .. }), "{refused}");
    assert!(refused.to_string().contains("install PostgreSQL 14"), "{refused}");
}

#[test]
fn given_programs_are_used_or_refused_but_never_passed_over() {
    let data = Data::new();
    let given = Options { given_bin: Some(data.0.clone()), ..data.options() };
    let refused = refusal(&given);
    assert!(matches!(refused, StartError::BadBinaries { .. }), "{refused}");
}

#[test]
fn a_system_without_the_locale_gets_the_plain_one() {
    let (data, wrapped) = (Data::new(), Data::new());
    let server = start(&data.options()).unwrap();
    for (program, first) in [
        ("postgres", ""),
        ("initdb", "case \"$*\" in *C.UTF-8*) echo 'initdb: error: invalid locale name' >&2; exit 1;; esac"),
    ] {
        let script = wrapped.0.join(program);
        let real = server.bin_dir().join(program);
        fs::write(&script, format!("#!/bin/sh\n{first}\nexec {} \"$@\"\n", real.display())).unwrap();
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let other = Data::new();
    let server = start(&Options { given_bin: Some(wrapped.0.clone()), ..other.options() }).unwrap();
    assert_eq!(server.bin_dir(), wrapped.0.canonicalize().unwrap());
    let collation = "select datcollate::text from pg_database where datname = 'seribu'";
    assert_eq!(ask(&server.app_url(), collation), "C");
}

#[test]
fn the_package_of_npm_serves_and_its_data_are_not_opened_by_an_installed_server() {
    let data = Data::new();
    let packaged = Options { use_package: true, ..data.options() };
    let server = match start(&packaged) {
        Err(StartError::NoServer { npm }) => return println!("skipped: npm brings no server here: {npm}"),
        result => result.unwrap(),
    };
    assert_eq!(server.version().major, 18);
    let library = server.bin_dir().parent().unwrap().join("lib/libpq.so.5");
    if cfg!(target_os = "linux") {
        assert!(fs::symlink_metadata(library).unwrap().is_symlink());
    }
    execute(&server.owner_url(), KEEP_ONE_ROW);
    server.stop().unwrap();

    let server = start(&data.options()).unwrap();
    assert_eq!(server.version().major, 18);
    assert_eq!(ask(&server.owner_url(), WHAT_WAS_KEPT), "as it was");
}

#[test]
fn an_installed_server_comes_before_the_package() {
    if !an_installed_one_is_known() {
        return println!("skipped: `pg_config` knows of no PostgreSQL 15 or later");
    }
    let data = Data::new();
    let server = start(&data.options()).unwrap();
    assert!(!server.bin_dir().starts_with(data.options().cache_dir), "it was passed over");
    let said = ask(&server.app_url(), "select version()");
    assert!(said.starts_with(&format!("PostgreSQL {}", server.version())), "{said}");
}

fn an_installed_one_is_known() -> bool {
    let told = |option: &str| {
        let told = Command::new("pg_config").arg(option).output().ok()?;
        String::from_utf8(told.stdout).ok()
    };
    let dir = told("--bindir").is_some_and(|dir| Path::new(dir.trim()).join("postgres").is_file());
    let major = told("--version").and_then(|said| said.split([' ', '.']).nth(1)?.parse::<u16>().ok());
    dir && major.is_some_and(|major| major >= 15)
}
