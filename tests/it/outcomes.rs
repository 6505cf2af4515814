//! What became of a business: proposed, claimed, attributed, verified by someone else, and counted.

use chrono::Days;
use serde_json::{Value, json};
use seribu::access::Role;

use crate::{
    mentorships::Scene,
    support::{Caller, Reply, merged, now},
};

/// A business with figures, and a second snapshot a month later.
struct Grown {
    scene: Scene,
}

impl Grown {
    async fn start() -> Self {
        let scene = Scene::start().await;
        scene.active().await;
        let grown = Self { scene };
        grown.snapshot(json!({ "taken_on": "2026-11-20" })).await;
        grown.scene.app.set_clock(now() + Days::new(30));
        let more = json!({ "taken_on": "2026-12-20", "annual_revenue_idr": 90_000_000, "employees_female": 3, "bookkeeping_level": 3 });
        grown.snapshot(more).await;
        grown
    }

    async fn snapshot(&self, change: Value) -> String {
        let figures = json!({
            "annual_revenue_idr": 60_000_000, "employees_female": 2, "employees_male": 1,
            "bookkeeping_level": 1, "source": "mentor",
        });
        let path = format!("/v1/businesses/{}/snapshots", self.scene.business);
        self.scene.app.create(self.scene.mentor, &path, merged(figures, change)).await
    }

    fn path(&self) -> String {
        format!("/v1/businesses/{}/outcomes", self.scene.business)
    }

    /// Those that were proposed, by kind.
    async fn proposed(&self, count: usize) -> Vec<Value> {
        let there = |reply: &Reply| reply.body["data"].as_array().is_some_and(|data| data.len() == count);
        let list = self.scene.app.eventually(self.scene.owner, &self.path(), there).await;
        let mut found = list.body["data"].as_array().unwrap().clone();
        found.sort_by_key(|outcome| outcome["kind"].as_str().unwrap().to_owned());
        found
    }

    async fn revenue(&self) -> String {
        let found = self.proposed(3).await;
        let revenue = found.iter().find(|it| it["kind"] == "revenue_change").unwrap();
        format!("/v1/outcomes/{}", revenue["id"].as_str().unwrap())
    }

    async fn move_it(&self, caller: Caller, path: &str, body: Value) -> Reply {
        self.scene.app.post(caller, &format!("{path}/transitions"), body).await
    }
}

fn confirm() -> Value {
    json!({ "action": "confirm", "attribution": "mostly" })
}

fn verify() -> Value {
    json!({ "action": "verify", "evidence": { "kind": "cash_book", "reference": "Buku kas 2026", "dated_on": "2026-12-20" } })
}

#[actix_web::test]
async fn a_later_snapshot_proposes_what_has_changed_once_and_the_first_proposes_nothing() {
    let grown = Grown::start().await;
    let found = grown.proposed(3).await;
    let shown: Vec<_> =
        found.iter().map(|it| json!([it["kind"], it["before"], it["after"], it["unit"]])).collect();
    assert_eq!(
        shown,
        [
            json!(["bookkeeping_up", 1, 3, "level"]),
            json!(["jobs_created", 3, 4, "persons"]),
            json!(["revenue_change", 60_000_000, 90_000_000, "idr"]),
        ]
    );
    for outcome in &found {
        assert_eq!((&outcome["status"], &outcome["change"]), (&json!("claimed"), &json!("impact")));
        assert_eq!(outcome["claimed_by"], json!(grown.scene.mentor.user), "who entered the figures claims");
        assert_eq!(outcome["cause"]["kind"], "snapshot.created");
    }
    grown.scene.app.readers_done().await;
    grown.proposed(3).await;
}

#[actix_web::test]
async fn the_owner_says_what_the_coaching_had_to_do_with_it_and_another_verifies() {
    let grown = Grown::start().await;
    let path = grown.revenue().await;
    let Scene { app, owner, mentor, programme, .. } = &grown.scene;
    let early = grown.move_it(*programme, &path, verify()).await;
    assert_eq!((early.status, &early.body["code"]), (409, &json!("wrong_status")));
    assert_eq!(grown.move_it(*mentor, &path, confirm()).await.status, 403);
    assert_eq!(
        grown.move_it(*owner, &path, json!({ "action": "confirm" })).await.flaws(),
        ["/attribution required"]
    );
    let confirmed = app.act(*owner, &path, confirm()).await;
    assert_eq!(
        (&confirmed["status"], &confirmed["attribution"]["share"]),
        (&json!("client_confirmed"), &json!("mostly"))
    );
    let unproven = grown.move_it(*programme, &path, json!({ "action": "verify" })).await;
    assert_eq!(unproven.flaws(), ["/evidence required"]);
    let verified = app.act(*programme, &path, verify()).await;
    assert_eq!(verified["verification"]["by"], json!(programme.user));
}

#[actix_web::test]
async fn nobody_verifies_what_he_claimed() {
    let grown = Grown::start().await;
    let Scene { app, owner, programme, .. } = &grown.scene;
    let claim = json!({ "kind": "new_market", "unit": "count", "occurred_on": "2026-12-01", "note": "Toko oleh-oleh." });
    let made = app.post(*programme, &grown.path(), claim).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let path = made.header("location").to_owned();
    assert_eq!(path, format!("/v1/outcomes/{}", made.id()));
    app.act(*owner, &path, confirm()).await;
    let own = grown.move_it(*programme, &path, verify()).await;
    assert_eq!((own.status, &own.body["code"]), (409, &json!("own_claim")));
    app.act(Caller::new(Role::Programme), &path, verify()).await;
}

#[actix_web::test]
async fn a_claim_that_cannot_be_is_named_and_one_that_was_answered_stays() {
    let grown = Grown::start().await;
    let Scene { app, owner, mentor, programme, .. } = &grown.scene;
    for (claim, flaws) in [
        (
            json!({ "kind": "jobs_created", "unit": "idr", "occurred_on": "2027-01-01" }),
            vec!["/occurred_on in_the_future", "/unit not_allowed", "/after required"],
        ),
        (
            json!({ "kind": "jobs_created", "unit": "persons", "before": 4, "after": 4, "occurred_on": "2026-12-01" }),
            vec!["/after too_small"],
        ),
    ] {
        assert_eq!(app.post(*mentor, &grown.path(), claim).await.flaws(), flaws);
    }
    let path = grown.revenue().await;
    let fixed = app.patch(*mentor, &path, json!({ "kind": "new_market" })).await;
    assert!(fixed.flaws().contains(&"/kind fixed".to_owned()), "{}", fixed.text);
    let correction = app.patch(*mentor, &path, json!({ "change": "correction" })).await;
    assert_eq!(correction.body["change"], "correction");
    let unsaid = grown.move_it(*programme, &path, confirm()).await;
    assert_eq!(unsaid.flaws(), ["/note required"], "who answers for the owner says how he knows");
    app.act(*owner, &path, confirm()).await;
    let late = app.patch(*mentor, &path, json!({ "change": "impact" })).await;
    assert_eq!((late.status, &late.body["code"]), (409, &json!("wrong_status")));
}

#[actix_web::test]
async fn totals_show_each_level_apart_and_leave_corrections_out() {
    let grown = Grown::start().await;
    let Scene { app, owner, mentor, programme, .. } = &grown.scene;
    let path = grown.revenue().await;
    app.act(*owner, &path, confirm()).await;
    let jobs = grown.proposed(3).await.into_iter().find(|it| it["kind"] == "jobs_created").unwrap();
    let jobs = format!("/v1/outcomes/{}", jobs["id"].as_str().unwrap());
    app.patch(*mentor, &jobs, json!({ "change": "correction" })).await;
    let totals = app.get(*programme, "/v1/insights/outcomes").await;
    assert_eq!(totals.status, 200, "{}", totals.text);
    let shown: Vec<_> = totals.body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| json!([row["kind"], row["status"], row["outcomes"], row["change"]]))
        .collect();
    let expected = [
        json!(["bookkeeping_up", "claimed", 1, 2]),
        json!(["revenue_change", "client_confirmed", 1, 30_000_000]),
    ];
    assert_eq!(shown, expected);
    assert_eq!(totals.body["follow_up"], json!({ "due": 0, "answered": 0, "closed": 0 }));
    let elsewhere = app.get(*programme, "/v1/insights/outcomes?district=36.74.07").await;
    assert_eq!(elsewhere.body["data"], json!([]));
    let few = app.get(Caller::new(Role::Facilitation), "/v1/insights/outcomes").await;
    assert_eq!(few.body["data"][0]["outcomes"], Value::Null, "fewer than five: {}", few.text);
    assert_eq!(app.get(*mentor, "/v1/insights/outcomes").await.status, 403);
}

#[actix_web::test]
async fn a_number_that_came_after_the_intake_is_a_formalisation() {
    let grown = Grown::start().await;
    let patch = json!({ "nib": "9120001234567" });
    let path = format!("/v1/businesses/{}", grown.scene.business);
    assert_eq!(grown.scene.app.patch(grown.scene.programme, &path, patch).await.status, 200);
    let found = grown.proposed(4).await;
    assert!(found.iter().any(|it| it["kind"] == "formalised"), "{found:?}");
}

#[actix_web::test]
async fn outcomes_are_seen_with_the_business() {
    let grown = Grown::start().await;
    let path = grown.revenue().await;
    let app = &grown.scene.app;
    assert_eq!(app.get(Caller::new(Role::Policy), &path).await.status, 200);
    for stranger in
        [Caller::new(Role::Facilitation), grown.scene.another_mentor(2).await, Caller::new(Role::Business)]
    {
        assert_eq!(app.get(stranger, &path).await.status, 404, "{:?}", stranger.role);
        assert_eq!(app.get(stranger, &grown.path()).await.status, 404, "{:?}", stranger.role);
    }
}
