//! What the README and the guides say can be done is done as they say.

/// The block of a page in a language, the first after some words.
fn block<'a>(page: &'a str, after: &str, language: &str) -> &'a str {
    let (_, rest) = page.split_once(after).unwrap();
    let (_, rest) = rest.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("\n```").unwrap().0
}

fn at(script: &str, address: &str) -> String {
    assert!(script.contains("127.0.0.1:8080"));
    format!("set -euo pipefail\n{}", script.replace("127.0.0.1:8080", address).replace("wait=20", "wait=1"))
}

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
        "TOKEN={token}\ncd \"$(mktemp -d)\"\n{}\ncat > digest.py <<'end'\n{python}\n{of_copy}\nend\npython3 digest.py | jq -cS .\n\
         get '/changes/digest?resource=business' | jq -cS '.buckets | map({{(.bucket): .sha256}}) | add'\n",
        at(script, address)
    )
}

/// Those of the guide for spreadsheets; at last what is in the table, of which the names of the columns come first.
pub fn excel(address: &str, token: &str) -> String {
    let script = block(include_str!("../../docs/integrate/excel.md"), "see of them.", "sh");
    let script = at(script, address);
    format!("TOKEN={token}\ncd \"$(mktemp -d)\"\n{script}\nls -s businesses.xlsx >&2\ncat businesses.csv\n")
}
