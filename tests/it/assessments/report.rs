//! The report that a person reads.

use serde_json::json;
use seribu::access::Role;

use super::{Desk, progress::come_along};
use crate::{mentorships::Scene, support::Caller};

#[actix_web::test]
async fn the_report_is_a_page_in_either_language_with_its_charts_inside() {
    let (desk, [_, _, again]) = come_along().await;
    let Scene { app, owner, .. } = &desk.scene;
    let path = format!("{again}/report");
    let page = app.get(*owner, &path).await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
    for text in ["<html lang=\"id\">", "Laporan penilaian usaha", "Prospek tinggi", "75,00", "+50,00"] {
        assert!(page.text.contains(text), "{text} is missing");
    }
    assert_eq!(page.text.matches("<svg").count(), 2, "a radar and a trend");
    let english = app.get(*owner, &format!("{path}?language=en")).await;
    for text in ["<html lang=\"en\">", "Business assessment report", "High prospect", "75.00"] {
        assert!(english.text.contains(text), "{text} is missing");
    }
    let wrong = app.get(*owner, &format!("{path}?language=fr")).await;
    assert_eq!((wrong.status, wrong.flaws()), (422, vec!["language invalid".to_owned()]));
}

#[actix_web::test]
async fn what_people_wrote_stands_in_it_as_text() {
    let desk = Desk::start().await;
    let Scene { app, owner, programme, business, .. } = &desk.scene;
    let name = json!({ "name": "Kue <script>alert(1)</script> & Co" });
    assert_eq!(app.patch(*programme, &format!("/v1/businesses/{business}"), name).await.status, 200);
    let path = desk.reviewed().await;
    let page = app.get(*owner, &format!("{path}/report")).await;
    assert!(!page.text.contains("<script>"), "{}", page.text);
}

#[actix_web::test]
async fn planners_read_it_without_single_answers_and_nobody_reads_a_draft() {
    let desk = Desk::start().await;
    let Scene { app, mentor, .. } = &desk.scene;
    let path = desk.reviewed().await;
    let full = app.get(*mentor, &format!("{path}/report?language=en")).await.text;
    assert!(full.contains("What would lift the result most") && !full.contains("not shown to this role"));
    let policy = Caller::new(Role::Policy);
    let page = app.get(policy, &format!("{path}/report?language=en")).await;
    assert!(page.text.contains("not shown to this role") && !page.text.contains("What would lift"));
    assert_eq!(app.get(policy, &format!("{path}/explanation")).await.status, 403);
    assert_eq!(app.get(*mentor, &format!("{path}/explanation")).await.status, 200);
    let draft = desk.draft(*mentor, desk.a_mentors("follow_up")).await;
    for part in ["report", "explanation"] {
        let early = app.get(*mentor, &format!("{draft}/{part}")).await;
        assert_eq!((early.status, &early.body["code"]), (409, &json!("not_submitted")), "{part}");
    }
}
