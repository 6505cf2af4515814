//! Nothing is lost either way: random records with random children are merged and parted, and every table is
//! as it was, but for versions.

use std::collections::BTreeMap;

use proptest::{collection::vec, prelude::*, strategy::ValueTree, test_runner::TestRunner};
use serde_json::json;

use super::{merged, programme, undo};
use crate::{
    attachments::uploaded,
    businesses::a_business,
    consents::a_signed_consent,
    mentorships::Scene,
    persons::{a_person, lines},
    products::a_product,
    snapshots::a_snapshot,
    support::TestApp,
};

/// What a merge itself writes, and what the log and the numbers are made of.
const NOT_COMPARED: &str = "'events', 'event_about', 'feed', 'sequencer', 'log_readers', 'jobs', 'merges', \
    'merge_moves', 'idempotency_keys', 'number_series', 'business_standings', 'reference_rows', 'reference_lists'";

/// Each row of each table, without its version.
async fn everything(app: &TestApp) -> BTreeMap<String, Vec<String>> {
    let tables = format!(
        "select table_name::text as line from information_schema.tables where table_schema = 'public' \
         and table_name not in ({NOT_COMPARED}) and table_name not like '\\_\\_diesel%' order by 1"
    );
    let mut all = BTreeMap::new();
    for table in lines(app, &tables).await {
        let rows = format!(
            "select (to_jsonb(t) - 'version' - 'updated_at')::text as line from {table} t order by 1"
        );
        all.insert(table, lines(app, &rows).await);
    }
    all
}

/// What a business can have, by a number.
async fn with_child(scene: &Scene, business: &str, kind: u8, at: usize) {
    let (app, path) = (&scene.app, format!("/v1/businesses/{business}"));
    match kind % 7 {
        0 => {
            let product = a_product(json!({ "name": format!("Produk {at}") }));
            let product = app.create(programme(), &format!("{path}/products"), product).await;
            let plan = json!({ "business_id": business, "product_id": product, "kind": "halal" });
            app.create(programme(), "/v1/certifications", plan).await;
        }
        1 => drop(app.create(programme(), &format!("{path}/snapshots"), a_snapshot("2026-11-20")).await),
        2 => {
            let person = app.create(programme(), "/v1/persons", a_person(&format!("Orang {at}"))).await;
            let role = json!({ "person_id": person, "role": "employee", "from": "2026-01-01" });
            app.create(programme(), &format!("{path}/people"), role).await;
        }
        3 => drop(uploaded(app, programme(), &format!("business/{business}")).await),
        4 => {
            let ids = json!({ "external_ids": [{ "source": "portal", "value": format!("{} {at}", &business[24..]) }] });
            assert_eq!(app.patch(programme(), &path, ids).await.status, 200);
        }
        5 => {
            let cohort =
                scene.a_cohort(&format!("c-{}", &uuid::Uuid::now_v7().simple().to_string()[20..])).await;
            app.act(programme(), &format!("/v1/cohorts/{cohort}"), json!({ "action": "open" })).await;
            let participants = format!("/v1/cohorts/{cohort}/participants");
            app.create(programme(), &participants, json!({ "business_id": business })).await;
        }
        _ => {
            let mentor = scene.mentor.subject.unwrap();
            let interest = json!({ "business_id": business, "ground": "trade", "declared_on": "2026-11-01" });
            app.create(programme(), &format!("/v1/mentors/{mentor}/interests"), interest).await;
        }
    }
}

#[actix_web::test]
async fn random_businesses_with_random_children_are_merged_and_parted_without_loss() {
    let scene = Scene::start().await;
    let app = &scene.app;
    let mut runner = TestRunner::deterministic();
    let children = (vec(any::<u8>(), 0..7), vec(any::<u8>(), 0..5), any::<bool>());
    for case in 0..8 {
        let (of_from, of_into, owned) = children.new_tree(&mut runner).unwrap().current();
        let mut pair = Vec::new();
        for (at, kinds) in [&of_from, &of_into].into_iter().enumerate() {
            let mut business = a_business(&format!("Usaha {case} {at}"));
            if owned && at == 0 {
                business["owner"] = json!({ "full_name": format!("Pemilik {case}") });
            }
            let id = app.create(programme(), "/v1/businesses", business).await;
            for (n, kind) in kinds.iter().enumerate() {
                with_child(&scene, &id, *kind, 10 * at + n).await;
            }
            pair.push(id);
        }
        app.readers_done().await;
        there_and_back(app, "business", &pair[0], &pair[1]).await;
    }
}

#[actix_web::test]
async fn a_mentorship_with_all_that_is_below_it_comes_back_with_its_business_its_mentor_and_its_owner() {
    let scene = Scene::start().await;
    let mentorship = scene.active().await;
    let session = scene.held(&mentorship).await;
    scene.objective(&mentorship, json!({})).await;
    let path = format!("/v1/mentorships/{mentorship}");
    scene.app.create(scene.mentor, &format!("{path}/plan"), json!({ "kind": "work" })).await;
    uploaded(&scene.app, scene.mentor, &format!("session/{session}")).await;
    let owner = scene.owner.subject.unwrap().to_string();
    let consents = format!("/v1/persons/{owner}/consents");
    scene.app.create(programme(), &consents, a_signed_consent("survey", None)).await;
    let other = scene.app.create(programme(), "/v1/businesses", a_business("Usaha lain")).await;
    let person = scene.app.create(programme(), "/v1/persons", a_person("Pemilik lain")).await;
    let mentor = scene.another_mentor(5).await.subject.unwrap().to_string();
    // Asked to take over: both mentors stand in it by then.
    let transfer =
        json!({ "action": "transfer", "mentor_id": mentor, "reason_code": "workload", "note": "Penuh" });
    let moved = scene.move_it(programme(), &mentorship, transfer).await;
    assert!([200, 422].contains(&moved.status), "{}", moved.text);
    scene.app.readers_done().await;
    there_and_back(&scene.app, "business", &scene.business, &other).await;
    there_and_back(&scene.app, "person", &owner, &person).await;
    there_and_back(&scene.app, "mentor", &scene.mentor.subject.unwrap().to_string(), &mentor).await;
}

async fn there_and_back(app: &TestApp, resource: &str, from: &str, into: &str) {
    let before = everything(app).await;
    let merge = merged(app, resource, from, into).await;
    // Nothing names it any more, but for itself, its key and the way.
    let named = everything(app).await;
    let still: Vec<_> = named
        .iter()
        .flat_map(|(table, rows)| rows.iter().map(move |row| (table, row)))
        .filter(|(table, row)| {
            row.contains(from)
                && !["businesses", "persons", "mentors", "subject_keys"].contains(&table.as_str())
        })
        // Who was there says the report.
        .filter(|(table, _)| *table != "sessions" || resource != "person")
        .collect();
    assert_eq!(still, [], "{resource}");
    let parted = undo(app, &merge).await;
    assert_eq!(parted.status, 200, "{}", parted.text);
    let after = everything(app).await;
    for (table, rows) in &before {
        assert_eq!(rows, &after[table], "{table} after a {resource} was merged and parted");
    }
}
