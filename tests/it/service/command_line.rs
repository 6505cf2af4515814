//! What is made at the command line, beside a running service.

use std::fs;

use serde_json::json;

use super::{Service, after};

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
    for _ in 0..200 {
        if !service.get(&list, "").await.to_string().contains(day) {
            break;
        }
        actix_web::rt::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(!service.get(&list, "").await.to_string().contains(day), "{day} is still a holiday");
    fs::write(&file, "code\nx\n").unwrap();
    let refused = service.command(&["reference", "load", file.to_str().unwrap()]);
    assert!(said(&refused).1.contains("nothing was replaced"), "{:?}", said(&refused));
}
