//! Notifications as e-mail, against a small mail server.

use serde_json::json;
use seribu::access::Role;

use super::{People, told};
use crate::{
    mentorships::Scene,
    persons::lines,
    smtp::PostOffice,
    support::{Caller, TestApp},
};

async fn with_mail(office: &PostOffice) -> People {
    People::of(Scene::on(office.app().await).await).await
}

async fn outbox(app: &TestApp) -> Vec<String> {
    let sql = "select concat_ws(' ', attempts, sent_at is not null, gave_up_at is not null) as line \
               from mails order by created_at, id";
    lines(app, sql).await
}

#[actix_web::test]
async fn who_is_told_gets_one_mail_with_a_number_and_a_link_and_no_more() {
    let office = PostOffice::open().await;
    let People { scene, mentor, owner, .. } = with_mail(&office).await;
    let app = &scene.app;
    let id = scene.proposed().await;
    let letters = office.letters_once(1).await;
    assert_eq!(letters[0].to, "rina@ut.example");
    let mail = letters[0].text();
    let number = app.get(mentor, &format!("/v1/businesses/{}", scene.business)).await.body["number"].clone();
    for said in [
        "From: Seribu <seribu@dinas.example>",
        "Subject: Pendampingan dibuat",
        "Yth. Ratna Wulandari,",
        number.as_str().unwrap(),
        &format!("https://s.test/v1/mentorships/{id}"),
    ] {
        assert!(mail.contains(said), "{said} in {mail}");
    }
    for personal in ["Siti", "Dapur", "Butuh pembukuan"] {
        assert!(!mail.contains(personal), "{personal} in {mail}");
    }
    assert_eq!(outbox(app).await, ["1 t f"]);
    // Neither address nor text lies in the outbox, and of what was sent nothing at all.
    assert_eq!(lines(app, "select coalesce(length(sealed), 0)::text as line from mails").await, ["0"]);
    assert!(crate::persons::found_in_clear(app, &["rina@ut.example", "Yth."]).await.is_empty());
    let english = app.patch(owner, "/v1/me/notification-settings", json!({ "language": "en" })).await;
    assert_eq!(english.status, 200);
    app.act(mentor, &format!("/v1/mentorships/{id}"), json!({ "action": "accept" })).await;
    let letters = office.letters_once(3).await;
    let to_owner = letters.iter().find(|letter| letter.to == "siti@contoh.id").unwrap();
    let mail = to_owner.text();
    assert!(mail.contains("Dear Ratna") && mail.contains("Mentorship accepted by the mentor"), "{mail}");
}

#[actix_web::test]
async fn what_the_server_puts_off_is_tried_again_after_a_while_and_what_it_refuses_is_not() {
    let office = PostOffice::open().await;
    office.refuse_next("451 come back later");
    let People { scene, mentor, .. } = with_mail(&office).await;
    let app = &scene.app;
    let id = scene.proposed().await;
    told(app, mentor).await;
    assert_eq!(office.letters_once(0).await.len(), 0);
    assert_eq!(outbox(app).await, ["1 f f"]);
    let why = lines(app, "select last_error as line from mails").await;
    assert!(why[0].contains("451"), "{why:?}");
    let now = crate::support::now();
    app.set_clock(now + chrono::Duration::seconds(59));
    office.letters_once(0).await;
    app.set_clock(now + chrono::Duration::seconds(61));
    office.letters_once(1).await;
    assert_eq!(outbox(app).await, ["2 t f"]);
    office.refuse_next("550 nobody of that name");
    office.refuse_next("550 nobody of that name");
    app.act(mentor, &format!("/v1/mentorships/{id}"), json!({ "action": "accept" })).await;
    told(app, mentor).await;
    app.set_clock(now + chrono::Duration::days(1));
    office.letters_once(1).await;
    assert_eq!(outbox(app).await[1..], ["1 f t", "1 f t"]);
}

#[actix_web::test]
async fn who_wants_no_mail_gets_none_and_is_told_all_the_same() {
    let office = PostOffice::open().await;
    let People { scene, mentor, .. } = with_mail(&office).await;
    let app = &scene.app;
    let none = app.patch(mentor, "/v1/me/notification-settings", json!({ "email": "none" })).await;
    assert_eq!(none.status, 200, "{}", none.text);
    scene.proposed().await;
    assert_eq!(told(app, mentor).await, ["mentorship.created"]);
    office.letters_once(0).await;
    assert_eq!(outbox(app).await, Vec::<String>::new());
}

#[actix_web::test]
async fn what_is_long_past_is_told_without_mail() {
    let office = PostOffice::open().await;
    let People { scene, mentor, .. } = with_mail(&office).await;
    let app = &scene.app;
    scene.proposed().await;
    office.letters_once(1).await;
    // As when the notifications are added to a service that has run for long.
    let again = "with gone as (delete from notifications returning 1) \
                 update log_readers set seq = 0 where name = 'notifications' returning name as line";
    app.set_clock(crate::support::now() + chrono::Duration::days(3));
    lines(app, again).await;
    assert_eq!(told(app, mentor).await, ["mentorship.created"]);
    office.letters_once(1).await;
    assert_eq!(told(app, Caller::new(Role::Admin)).await, Vec::<String>::new());
}
