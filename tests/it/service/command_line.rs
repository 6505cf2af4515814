//! What is made at the command line, beside a running service.

use std::fs;

use serde_json::json;

use super::{Service, after};
use crate::support::until;

fn said(output: &std::process::Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr))
}

#[actix_web::test]
async fn users_clients_and_lists_are_made_beside_the_running_service() {
    let service = Service::start(false).await;
    let password = service.given_a_user("admin");
    let admin = service.log_in("admin@dinas.example", &password).await;
    assert_eq!(service.get("/v1/me", &admin).await["role"], "admin");

    let again = service.command(&[
        "users",
        "create",
        "--name",
        "Ratna",
        "--email",
        "admin@dinas.example",
        "--role",
        "admin",
    ]);
    assert!(!again.status.success());
    let nonsense =
        service.command(&["users", "create", "--name", "R", "--email", "ratna", "--role", "admin"]);
    assert!(said(&nonsense).1.contains("/email: must look like"), "{:?}", said(&nonsense));

    let client = service.command(&[
        "clients",
        "create",
        "--client-id",
        "statistik",
        "--name",
        "Statistik",
        "--role",
        "system",
        "--rows-as",
        "policy",
        "--scopes",
        "businesses:read,cohorts:read",
    ]);
    let (made, complaint) = said(&client);
    assert!(client.status.success(), "{complaint}");
    let request = json!({
        "grant_type": "client_credentials", "client_id": "statistik", "client_secret": after(&made, "client_secret"),
    });
    let form = serde_urlencoded::to_string(request.as_object().unwrap()).unwrap();
    let url = format!("http://{}/v1/auth/token", service.address);
    let request = awc::Client::default().post(url).content_type("application/x-www-form-urlencoded");
    let mut answer = request.send_body(form).await.unwrap();
    let tokens: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(tokens["scope"], "businesses:read cohorts:read", "{tokens}");

    let shipped = include_str!("../../../reference/holidays.csv");
    let file = service.dir.join("holidays.csv");
    let (kept, dropped) = shipped.trim_end().rsplit_once('\n').unwrap();
    fs::write(&file, format!("{kept}\n")).unwrap();
    let loaded = service.command(&["reference", "load", file.to_str().unwrap()]);
    let (made, complaint) = said(&loaded);
    assert!(loaded.status.success() && made.contains("holidays has version 2"), "{made}{complaint}");
    let day = dropped.split(',').next().unwrap();
    let list = format!("/v1/reference/holidays?valid_on={day}");
    until(async || match service.get(&list, "").await.to_string().contains(day) {
        false => Ok(()),
        true => Err(format!("{day} is still a holiday")),
    })
    .await;
    fs::write(&file, "code\nx\n").unwrap();
    let refused = service.command(&["reference", "load", file.to_str().unwrap()]);
    assert!(said(&refused).1.contains("nothing was replaced"), "{:?}", said(&refused));
}

/// What `seribu sync` says and how it ends, for a client of the pilot.
fn synced(service: &Service, secret: &str, arguments: &[&str], url: &str) -> (Option<i32>, String, String) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_seribu"));
    command.args(["sync", "mentors"]).args(arguments).current_dir(&service.dir);
    command.env("SERIBU_URL", url).env("LANG", "C").env("SERIBU_CLIENT_SECRET", secret);
    let output = command.env("SERIBU_CLIENT_ID", "siakad-universitas-terbuka").output().unwrap();
    let (told, complaint) = said(&output);
    (output.status.code(), told, complaint)
}

#[actix_web::test]
async fn a_partner_sends_its_list_from_its_own_machine_and_is_told_how_it_ended() {
    let service = Service::start(true).await;
    let known = fs::read(service.dir.join("pilot-credentials.json")).unwrap();
    let known: serde_json::Value = serde_json::from_slice(&known).unwrap();
    let mut clients = known["clients"].as_array().unwrap().iter();
    let client = clients.find(|client| client["client_id"] == "siakad-universitas-terbuka").unwrap();
    let secret = client["client_secret"].as_str().unwrap();
    let list = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/integrate/lecturers.csv");
    let url = format!("http://{}", service.address);

    let (code, told, complaint) = synced(&service, secret, &[list, "--dry-run"], &url);
    assert_eq!(code, Some(1), "{told}{complaint}");
    assert!(told.starts_with("dry run: 18 created, "), "{told}");
    let (code, told, _) = synced(&service, secret, &[list, "--refused", "refused.csv"], &url);
    assert_eq!(code, Some(1), "{told}");
    let rows: Vec<_> = told.lines().filter(|line| line.contains("P-000")).collect();
    assert!(rows.len() == 2 && rows[0].trim_start().starts_with("9  P-00008 "), "{told}");
    assert!(rows[0].contains("/email: must look like"), "{told}");
    let refused = service.dir.join("refused.csv");
    let mended = fs::read_to_string(&refused).unwrap().replace("(at)", "@").replace("pajak", "accounting");
    fs::write(&refused, mended).unwrap();
    let (code, told, _) = synced(&service, secret, &["refused.csv"], &url);
    assert_eq!(
        (code, told.lines().next()),
        (Some(0), Some("2 created, 0 ended, 0 ending, 0 rejected, 2 rows, 0 unchanged, 0 updated"))
    );

    fs::write(&refused, "external_id,umur\nP-1,30\n").unwrap();
    let (code, _, complaint) = synced(&service, secret, &["refused.csv"], &url);
    assert!(code == Some(3) && complaint.contains("/umur: is not known here"), "{complaint}");
    let (code, _, complaint) = synced(&service, "wrong", &["refused.csv"], &url);
    assert_eq!(code, Some(3), "{complaint}");
    assert_eq!(synced(&service, secret, &["nowhere.csv"], &url).0, Some(3));
    assert_eq!(synced(&service, secret, &["refused.csv", "--mode", "magic"], &url).0, Some(2));
    assert_eq!(synced(&service, secret, &["refused.csv"], "http://127.0.0.1:9").0, Some(4));
}
