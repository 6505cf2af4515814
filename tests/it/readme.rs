//! What the README and the guides say can be done is done as they say.

/// The block of a page in a language, the first after some words.
fn block<'a>(page: &'a str, after: &str, language: &str) -> &'a str {
    let (_, rest) = page.split_once(after).unwrap();
    let (_, rest) = rest.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("\n```").unwrap().0
}

/// All blocks of a page in a language, one after the other.
fn blocks(page: &str, language: &str) -> String {
    let begin = format!("```{language}\n");
    page.split(&begin).skip(1).map(|rest| rest.split_once("```").unwrap().0).collect()
}

fn at(script: &str, address: &str) -> String {
    assert!(script.contains("127.0.0.1:8080"));
    format!("set -euo pipefail\n{}", script.replace("127.0.0.1:8080", address).replace("wait=20", "wait=1"))
}

/// In a folder that goes with the script.
const ELSEWHERE: &str = r#"cd "$(mktemp -d)" && trap 'rm -rf "$PWD"' EXIT"#;

/// The commands of its journey, for a service and its log-ins.
pub fn journey(address: &str, logins: &str) -> String {
    let script = block(include_str!("../../README.md"), "in curl\n", "sh");
    assert!(script.contains("data/pilot-credentials.json"));
    at(&script.replace("data/pilot-credentials.json", logins), address)
}

/// Those of the guide for systems that follow, for a service and a token; at last the digest that the guide computes
/// over what was exported, and the service's.
pub fn follow(address: &str, token: &str) -> String {
    let guide = include_str!("../../docs/integrate/follow.md");
    let (script, python) = (block(guide, "again.", "sh"), block(guide, "In Python", "python"));
    let of_copy = "import json\ncopy = [json.loads(line) for line in open('businesses.ndjson')]\n\
                   print(json.dumps(buckets({one['id']: one['version'] for one in copy}), sort_keys=True))";
    format!(
        "TOKEN={token}\n{ELSEWHERE}\n{}\ncat > digest.py <<'end'\n{python}\n{of_copy}\nend\npython3 digest.py | jq -cS .\n\
         get '/changes/digest?resource=business' | jq -cS '.buckets | map({{(.bucket): .sha256}}) | add'\n",
        at(script, address)
    )
}

/// All of the guide for universities, for a service and the secret of a university's client, beside what it names.
pub fn lecturers(address: &str, secret: &str) -> String {
    let script = blocks(include_str!("../../docs/integrate/lecturers.md"), "sh");
    let root = env!("CARGO_MANIFEST_DIR");
    assert!(script.contains("seribu_live_…"));
    let beside = format!(
        "{ELSEWHERE}\ncp {root}/docs/integrate/lecturers.csv {root}/clients/python/sync_lecturers.py .\n\
         cp -r {root}/clients/php .\ncommand -v php >/dev/null || php() {{ echo 'no php'; }}\n"
    );
    at(&format!("{beside}{}", script.replace("seribu_live_…", secret)), address)
}

/// Those of the guide for spreadsheets; at last what is in the table, of which the names of the columns come first.
pub fn excel(address: &str, token: &str) -> String {
    let script = block(include_str!("../../docs/integrate/excel.md"), "see of them.", "sh");
    let script = at(script, address);
    format!("TOKEN={token}\ncd \"$(mktemp -d)\"\n{script}\nls -s businesses.xlsx >&2\ncat businesses.csv\n")
}
