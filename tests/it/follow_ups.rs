//! How a business goes months after its cohort has ended: asked by a link, or by a visit.

use chrono::Days;
use serde_json::{Value, json};
use seribu::access::Role;

use crate::{
    mentorships::Scene,
    support::{Caller, Reply, now},
};

struct Ended {
    scene: Scene,
    /// The path of the follow-up after six months.
    path: String,
}

impl Ended {
    /// The cohort of a business that was coached has ended, and half a year is over.
    async fn start() -> Self {
        let scene = Scene::start().await;
        let id = scene.active().await;
        scene.held(&id).await;
        let programme = scene.programme;
        scene.app.act(programme, &format!("/v1/mentorships/{id}"), json!({ "action": "complete" })).await;
        scene
            .app
            .act(programme, &format!("/v1/cohorts/{}", scene.cohort), json!({ "action": "complete" }))
            .await;
        let there = |reply: &Reply| reply.body["data"].as_array().is_some_and(|data| data.len() == 2);
        let list = scene.app.eventually(programme, "/v1/follow-ups?sort=due_on", there).await;
        let path = format!("/v1/follow-ups/{}", list.body["data"][0]["id"].as_str().unwrap());
        scene.app.set_clock(now() + Days::new(340));
        Self { scene, path }
    }

    async fn link(&self) -> String {
        let issued =
            self.scene.app.post(self.scene.programme, &format!("{}/link", self.path), Value::Null).await;
        assert_eq!(issued.status, 201, "{}", issued.text);
        issued.body["path"].as_str().unwrap().to_owned()
    }

    async fn send(&self, link: &str, form: &str) -> Reply {
        let request = self.scene.app.request(actix_web::http::Method::POST, link);
        let request = request.insert_header(("content-type", "application/x-www-form-urlencoded"));
        self.scene.app.send(request, form).await
    }

    async fn page(&self, link: &str) -> Reply {
        self.scene.app.send(self.scene.app.request(actix_web::http::Method::GET, link), "").await
    }
}

const GOOD: &str = "open=yes&revenue=7.500.000&employees_female=3&employees_male=0&customers=80&bookkeeping_level=3&formal_credit=no&attribution=mostly";

#[actix_web::test]
async fn a_completed_cohort_opens_a_wave_for_each_of_its_months_with_whom_it_coached() {
    let ended = Ended::start().await;
    let Scene { app, programme, business, owner, .. } = &ended.scene;
    let waves = app.get(*programme, "/v1/follow-up-waves?sort=due_on").await.body;
    let shown: Vec<_> =
        waves["data"].as_array().unwrap().iter().map(|it| json!([it["months"], it["due_on"]])).collect();
    assert_eq!(shown, [json!([6, "2027-10-30"]), json!([12, "2028-04-30"])]);
    let due = app.get(*programme, "/v1/follow-ups?status=due&due_on_to=2027-10-30").await.body;
    assert_eq!(due["data"].as_array().unwrap().len(), 1);
    assert_eq!(due["data"][0]["business_id"], json!(business));
    assert_eq!(app.get(*owner, &ended.path).await.status, 200);
    assert_eq!(app.get(Caller::new(Role::Business), &ended.path).await.status, 404);
}

#[actix_web::test]
async fn an_owner_answers_by_a_link_once_without_logging_in_and_the_figures_are_a_snapshot() {
    let ended = Ended::start().await;
    let Scene { app, programme, business, .. } = &ended.scene;
    let link = ended.link().await;
    let page = ended.page(&link).await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(page.text.contains("Dapur Bu Siti") && page.text.contains("Bagaimana usaha Anda sekarang?"));
    assert_eq!((page.header("cache-control"), page.header("referrer-policy")), ("no-store", "no-referrer"));
    let english = ended.page(&format!("{link}?language=en")).await;
    assert!(english.text.contains("How is your business doing?"), "{}", english.text);
    let sent = ended.send(&link, GOOD).await;
    assert_eq!(sent.status, 200, "{}", sent.text);
    assert!(sent.text.contains("Terima kasih"), "{}", sent.text);
    let answered = app.get(*programme, &ended.path).await.body;
    assert_eq!((&answered["status"], &answered["channel"]), (&json!("answered"), &json!("link")));
    assert_eq!(answered["attribution"], "mostly");
    let snapshot =
        format!("/v1/businesses/{business}/snapshots/{}", answered["snapshot_id"].as_str().unwrap());
    let snapshot = app.get(*programme, &snapshot).await.body;
    assert_eq!(
        (&snapshot["annual_revenue_idr"], &snapshot["source"]),
        (&json!(90_000_000), &json!("survey"))
    );
    for reply in [ended.page(&link).await, ended.send(&link, GOOD).await] {
        assert_eq!(reply.status, 410);
        assert!(reply.text.contains("tidak berlaku"), "{}", reply.text);
    }
    let rate = app.get(*programme, "/v1/insights/outcomes").await.body;
    assert_eq!(rate["follow_up"], json!({ "due": 1, "answered": 1, "closed": 0 }));
}

#[actix_web::test]
async fn what_nobody_can_understand_is_shown_again_with_what_to_mend_and_nothing_is_lost() {
    let ended = Ended::start().await;
    let link = ended.link().await;
    let wrong =
        ended.send(&link, "open=yes&revenue=lumayan&employees_female=3%3Cb%3E&bookkeeping_level=2").await;
    assert_eq!(wrong.status, 422);
    for text in [
        "role=\"alert\"",
        "value=\"lumayan\"",
        "3&#60;b&#62;",
        "aria-invalid=\"true\"",
        "value=\"2\" checked",
    ] {
        assert!(wrong.text.contains(text), "{text} is missing in {}", wrong.text);
    }
    assert_eq!(ended.scene.app.get(ended.scene.programme, &ended.path).await.body["status"], "due");
    assert_eq!(ended.send(&link, GOOD).await.status, 200);
}

#[actix_web::test]
async fn a_business_that_has_closed_is_an_answer() {
    let ended = Ended::start().await;
    let link = ended.link().await;
    assert_eq!(ended.send(&link, "open=no").await.status, 200);
    let closed = ended.scene.app.get(ended.scene.programme, &ended.path).await.body;
    assert_eq!((&closed["status"], &closed["snapshot_id"]), (&json!("closed"), &Value::Null));
}

#[actix_web::test]
async fn a_new_link_takes_the_place_of_the_old_and_one_is_good_for_thirty_days() {
    let ended = Ended::start().await;
    let first = ended.link().await;
    let second = ended.link().await;
    assert_eq!(ended.page(&first).await.status, 410);
    assert_eq!(ended.page(&second).await.status, 200);
    assert_eq!(ended.page("/follow-up/abcdefghijklmnopqrstuvwxyz234567").await.status, 410);
    ended.scene.app.set_clock(now() + Days::new(371));
    assert_eq!(ended.page(&second).await.status, 410);
    for caller in [ended.scene.owner, Caller::new(Role::Policy)] {
        let refused = ended.scene.app.post(caller, &format!("{}/link", ended.path), Value::Null).await;
        assert_eq!(refused.status, 403, "{:?}", caller.role);
    }
    let history = ended.scene.app.get(ended.scene.programme, &format!("{}/history", ended.path)).await.text;
    let secret = second.rsplit('/').next().unwrap();
    assert!(history.contains("follow_up.link_issued") && !history.contains(secret), "{history}");
}

#[actix_web::test]
async fn whoever_visits_enters_the_figures_or_says_that_it_has_closed() {
    let ended = Ended::start().await;
    let (app, programme) = (&ended.scene.app, ended.scene.programme);
    let answer = format!("{}/answer", ended.path);
    assert_eq!(app.post(programme, &answer, json!({})).await.flaws(), ["/snapshot required"]);
    let figures = |on: &str| json!({ "taken_on": on, "annual_revenue_idr": 80_000_000, "source": "visit" });
    let to_come = app.post(programme, &answer, json!({ "snapshot": figures("2028-01-01") })).await;
    assert_eq!(to_come.flaws(), ["/snapshot/taken_on in_the_future"]);
    let both =
        app.post(programme, &answer, json!({ "snapshot": figures("2027-10-01"), "closed": true })).await;
    assert_eq!(both.flaws(), ["/closed conflict"]);
    let done = app.post(programme, &answer, json!({ "snapshot": figures("2027-10-01") })).await;
    assert_eq!((done.status, &done.body["channel"]), (200, &json!("visit")), "{}", done.text);
    let again = app.post(programme, &answer, json!({ "closed": true })).await;
    assert_eq!((again.status, &again.body["code"]), (409, &json!("answered_already")));
}
