//! What the README says can be done is done as it says.

/// The commands of its journey, for a service and its log-ins.
pub fn journey(address: &str, logins: &str) -> String {
    let text = include_str!("../../README.md");
    let (_, rest) = text.split_once("in curl\n").unwrap();
    let (_, rest) = rest.split_once("```sh\n").unwrap();
    let script = rest.split_once("\n```").unwrap().0;
    assert!(script.contains("127.0.0.1:8080") && script.contains("data/pilot-credentials.json"));
    let script = script.replace("127.0.0.1:8080", address).replace("data/pilot-credentials.json", logins);
    format!("set -euo pipefail\n{script}")
}
