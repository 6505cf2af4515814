//! The code by which an owner confirms a session, by e-mail.

use serde_json::{Value, json};
use seribu::access::Role;

use super::Scene;
use crate::{
    persons::{found_in_clear, lines},
    smtp::PostOffice,
    support::Caller,
};

/// A session that was held, on a service that sends mail.
async fn held(office: &PostOffice) -> (Scene, String) {
    let scene = Scene::on(office.app().await).await;
    let mentorship = scene.active().await;
    let session = scene.held(&mentorship).await;
    (scene, format!("/v1/mentorships/{mentorship}/sessions/{session}"))
}

async fn has_address(scene: &Scene, address: &str) {
    let path = format!("/v1/persons/{}", scene.owner.subject.unwrap());
    let told = scene.app.patch(scene.programme, &path, json!({ "email": address })).await;
    assert_eq!(told.status, 200, "{}", told.text);
}

#[actix_web::test]
async fn a_mentor_has_the_code_sent_to_the_owner_and_does_not_see_it() {
    let office = PostOffice::open().await;
    let (scene, path) = held(&office).await;
    has_address(&scene, "siti@contoh.id").await;
    let sent = scene.app.post(scene.mentor, &format!("{path}/code/send"), Value::Null).await;
    assert_eq!(
        (sent.status, &sent.body["person_id"]),
        (201, &json!(scene.owner.subject.unwrap())),
        "{}",
        sent.text
    );
    let letters = office.letters_once(1).await;
    assert_eq!(letters[0].to, "siti@contoh.id");
    let text = letters[0].text();
    let code: String = text.split("2026-11-24: ").nth(1).unwrap().chars().take(4).collect();
    assert!(
        text.contains("Kode konfirmasi kunjungan pendampingan") && text.contains("Tell it to your mentor")
    );
    assert!(!sent.text.contains(&code), "{}", sent.text);
    let confirm = json!({ "action": "confirm", "code": code });
    let confirmed = scene.app.post(scene.mentor, &format!("{path}/transitions"), confirm).await;
    assert_eq!((confirmed.status, &confirmed.body["confirmed_via"]), (200, &json!("code")));
    assert_eq!(lines(&scene.app, "select count(sealed)::text as line from mails").await, ["0"]);
}

#[actix_web::test]
async fn a_letter_that_waits_can_be_read_by_nobody() {
    let office = PostOffice::open().await;
    let (scene, path) = held(&office).await;
    has_address(&scene, "siti@contoh.id").await;
    office.refuse_next("451 come back later");
    assert_eq!(scene.app.post(scene.mentor, &format!("{path}/code/send"), Value::Null).await.status, 201);
    office.letters_once(0).await;
    assert_eq!(lines(&scene.app, "select count(sealed)::text as line from mails").await, ["1"]);
    let clear =
        found_in_clear(&scene.app, &["siti@contoh.id", "Kode konfirmasi kunjungan pendampingan"]).await;
    assert!(clear.is_empty(), "{clear:?}");
}

#[actix_web::test]
async fn without_an_address_or_a_mail_server_no_code_is_sent_and_the_earlier_one_stays() {
    let office = PostOffice::open().await;
    let (scene, path) = held(&office).await;
    let code =
        scene.app.post(scene.programme, &format!("{path}/code"), Value::Null).await.body["code"].clone();
    let refused = scene.app.post(scene.mentor, &format!("{path}/code/send"), Value::Null).await;
    assert_eq!((refused.status, &refused.body["code"]), (409, &json!("no_address")), "{}", refused.text);
    let confirm = json!({ "action": "confirm", "code": code });
    assert_eq!(scene.app.post(scene.mentor, &format!("{path}/transitions"), confirm).await.status, 200);
    office.letters_once(0).await;

    let scene = Scene::start().await;
    let mentorship = scene.active().await;
    let path = format!("/v1/mentorships/{mentorship}/sessions/{}/code/send", scene.held(&mentorship).await);
    let refused = scene.app.post(scene.mentor, &path, Value::Null).await;
    assert_eq!((refused.status, &refused.body["code"]), (409, &json!("no_mail_server")));
    for caller in [scene.owner, Caller::new(Role::Policy)] {
        assert_eq!(scene.app.post(caller, &path, Value::Null).await.status, 403, "{:?}", caller.role);
    }
}
