//! How the service is run elsewhere, held to what it understands.

use std::fs;

use seribu::cli::settings::SETTINGS;

/// A setting, or a file with what the setting would say, for those that hold a secret.
fn is_a_setting(name: &str) -> bool {
    let known = |name: &str| SETTINGS.iter().any(|(setting, _, _)| *setting == name);
    known(name)
        || name.strip_suffix("_FILE").is_some_and(|secret| {
            (secret.ends_with("DATABASE_URL")
                || ["AWS_SECRET_ACCESS_KEY", "SERIBU_SMTP_URL"].contains(&secret))
                && known(secret)
        })
}

/// The lines inside of the block that `heading` begins, which is indented less than they are.
fn block<'a>(text: &'a str, heading: &str) -> Vec<&'a str> {
    let depth = |line: &str| line.len() - line.trim_start().len();
    let mut lines = text.lines().skip_while(|line| line.trim_end() != heading);
    let outside = depth(lines.next().unwrap_or_else(|| panic!("no {heading}")));
    lines.take_while(|line| line.is_empty() || depth(line) > outside).collect()
}

#[test]
fn what_compose_sets_are_settings() {
    let compose = fs::read_to_string("docker-compose.yml").unwrap();
    let service = block(&compose, "  seribu:").join("\n");
    let set: Vec<_> = block(&service, "    environment:")
        .iter()
        .filter_map(|line| Some(line.trim().split_once(':')?.0))
        .collect();
    assert!(set.contains(&"DATABASE_URL_FILE"), "{set:?}");
    for name in set {
        assert!(is_a_setting(name), "docker-compose.yml sets {name}, which is no setting");
    }
}

#[test]
fn what_the_image_sets_are_settings() {
    let dockerfile = fs::read_to_string("Dockerfile").unwrap().replace("\\\n", " ");
    let set = dockerfile.lines().filter_map(|line| line.strip_prefix("ENV ")).flat_map(str::split_whitespace);
    let set: Vec<_> = set.filter_map(|pair| Some(pair.split_once('=')?.0)).collect();
    assert!(set.contains(&"SERIBU_LISTEN"), "{set:?}");
    for name in set {
        assert!(is_a_setting(name), "the Dockerfile sets {name}, which is no setting");
    }
}

#[test]
fn every_secret_of_compose_is_made_in_the_guide() {
    let compose = fs::read_to_string("docker-compose.yml").unwrap();
    let guide = fs::read_to_string("docs/operate.md").unwrap();
    let files: Vec<_> = compose.lines().filter_map(|line| line.trim().strip_prefix("file: ./")).collect();
    assert!(!files.is_empty());
    for file in files {
        assert!(guide.contains(&format!("> {file}\n")), "docs/operate.md does not make {file}");
    }
}
