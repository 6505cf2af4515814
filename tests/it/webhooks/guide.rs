//! The guide's code, run against a message that was really sent.

use std::{fs, process::Command};

use actix_web::rt;
use serde_json::json;

use super::{a_hook, a_programme, an_app, an_event, receiver::Receiver};

/// The block of a language.
fn block(language: &str) -> &'static str {
    let guide = include_str!("../../../docs/integrate/receive.md");
    let (_, rest) = guide.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("\n```").unwrap().0
}

/// A language, how it is run, and what calls the guide's `verified` with what stands in a file, and prints what it
/// answers.
const LANGUAGES: &[(&str, &str, &str)] = &[
    (
        "php",
        "php",
        "$m = json_decode(file_get_contents($argv[1]), true);\n\
         echo json_encode(verified($m['secret'], $m['headers'], $m['body']));\n",
    ),
    (
        "js",
        "node",
        "const m = JSON.parse(require('node:fs').readFileSync(process.argv[2], 'utf8'));\n\
         console.log(JSON.stringify(verified(m.secret, m.headers, m.body)));\n",
    ),
    (
        "python",
        "python3",
        "import sys\nm = json.load(open(sys.argv[1], encoding='utf-8'))\n\
         print(json.dumps(verified(m['secret'], m['headers'], m['body'])))\n",
    ),
];

#[actix_web::test]
async fn the_guide_verifies_a_message_in_php_node_and_python_and_refuses_what_is_none() {
    let (app, receiver) = (an_app().await, Receiver::open().await);
    let programme = a_programme(&app).await;
    let hook = a_hook(&app, programme, &receiver, &["institution"]).await;
    let rotated = app.post(programme, &format!("{}/secret", hook.path), json!(null)).await;
    an_event(&app, programme, "ut").await;
    let got = receiver.got_once(1).await.pop().unwrap();
    let headers: serde_json::Map<_, _> = ["webhook-id", "webhook-timestamp", "webhook-signature"]
        .map(|name| (name.to_owned(), json!(got.header(name))))
        .into_iter()
        .collect();
    let with = |name: &str, value: &str| {
        let mut headers = headers.clone();
        headers.insert(name.to_owned(), json!(value));
        headers
    };
    let stranger = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    let message = |secret: &str, headers: &serde_json::Map<String, serde_json::Value>, body: &str| json!({ "secret": secret, "headers": headers, "body": body });
    let newer = rotated.body["secret"].as_str().unwrap();
    let folder = std::env::temp_dir().join(format!("seribu-guide-{}", uuid::Uuid::now_v7().simple()));
    fs::create_dir(&folder).unwrap();
    for (language, program, call) in LANGUAGES {
        if Command::new(program).arg("--version").output().is_err() {
            println!("skipped: the guide to receive webhooks in {language} needs {program}");
            continue;
        }
        let script = folder.join(format!("verify.{language}"));
        fs::write(&script, format!("{}\n{call}", block(language))).unwrap();
        for (message, is_good) in [
            (message(newer, &headers, &got.body), true),
            // A receiver may still know the former secret.
            (message(&hook.secret, &headers, &got.body), true),
            (message(stranger, &headers, &got.body), false),
            (message(newer, &headers, &got.body.replace("institution", "institutiom")), false),
            (message(newer, &with("webhook-id", "evt_1"), &got.body), false),
            (message(newer, &with("webhook-timestamp", "1700000000"), &got.body), false),
            (message(newer, &with("webhook-signature", "v1,AAAA v2,BBBB"), &got.body), false),
        ] {
            let file = folder.join("message.json");
            fs::write(&file, message.to_string()).unwrap();
            let mut command = Command::new(program);
            command.arg(&script).arg(&file);
            let ran = rt::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
            let said = String::from_utf8_lossy(&ran.stdout).into_owned();
            if !is_good {
                let why = String::from_utf8_lossy(&ran.stderr).into_owned() + &said;
                assert!(!ran.status.success() && why.contains("not from Seribu"), "{language}: {why}");
                continue;
            }
            assert!(ran.status.success(), "{language}: {said}{}", String::from_utf8_lossy(&ran.stderr));
            let told: serde_json::Value =
                serde_json::from_str(said.trim()).unwrap_or_else(|_| panic!("{said}"));
            assert_eq!(told, got.json(), "{language}");
        }
    }
    fs::remove_dir_all(folder).unwrap();
}
