//! Cursors outlive the database's cluster: what a partner keeps is good for a copy that was dumped and restored.

use std::{path::PathBuf, process::Command};

use actix_web::rt::task::spawn_blocking;
use serde_json::Value;
use seribu::{
    access::Role,
    private_postgres::{Options, start},
};

use crate::{
    institutions::an_institution,
    postgres::{Database, server},
    support::{Caller, TestApp, until},
};

#[actix_web::test]
async fn a_cursor_of_before_goes_on_in_a_new_cluster_that_was_restored_from_a_dump() {
    let tool = |name: &str| server().bin_dir().join(name);
    if !["pg_dump", "psql"].iter().all(|name| tool(name).exists()) {
        return println!("skipped: this PostgreSQL comes without pg_dump and psql");
    }
    let app = TestApp::start().await;
    let programme = Caller::new(Role::Programme);
    for n in 0..7 {
        app.create(programme, "/v1/institutions", an_institution(&format!("i-{n}"), "other")).await;
    }
    app.readers_done().await;
    let page = async |app: &TestApp, query: &str| {
        let page = app.get(programme, &format!("/v1/changes?types=institution{query}")).await;
        assert_eq!(page.status, 200, "{}", page.text);
        page.body
    };
    let read = page(&app, "&limit=3").await;
    let after = format!("&after={}", read["next_cursor"].as_str().unwrap());
    let rest = page(&app, &after).await["data"].clone();
    assert_eq!(rest.as_array().unwrap().len(), 4);

    let folder = std::env::temp_dir().join(format!("seribu-restored-{}", uuid::Uuid::now_v7().simple()));
    let options = Options {
        data_dir: folder.clone(),
        cache_dir: folder.join("cache"),
        given_bin: Some(PathBuf::from(server().bin_dir())),
        use_package: false,
        durable: false,
    };
    let other = spawn_blocking(move || start(&options).unwrap()).await.unwrap();
    let (from, into) = (server().superuser_url(&app.database.name), other.superuser_url("seribu"));
    let (dump, restore) = (tool("pg_dump"), tool("psql"));
    let copied = spawn_blocking(move || {
        let dump = Command::new(dump).arg(from).output().unwrap();
        assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
        let file = std::env::temp_dir().join(format!("seribu-dump-{}.sql", std::process::id()));
        std::fs::write(&file, dump.stdout).unwrap();
        let done =
            Command::new(restore).args(["-q", "-v", "ON_ERROR_STOP=1", "-f"]).arg(&file).arg(into).output();
        std::fs::remove_file(file).unwrap();
        let done = done.unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    });
    copied.await.unwrap();
    let database = Database { name: "seribu".into(), app: other.app_url(), owner: other.owner_url() };
    let again = TestApp::on(database).await;
    assert_eq!(page(&again, &after).await["data"], rest, "nothing is missed, nothing comes twice");
    again.create(programme, "/v1/institutions", an_institution("neu", "other")).await;
    let news = |found: &Value| found["data"].as_array().unwrap().last().cloned().unwrap();
    until(async || {
        let last = news(&page(&again, &after).await);
        let is_new = last["data"]["after"]["code"] == "neu";
        is_new.then_some(()).ok_or_else(|| format!("what is new comes behind it: {last}"))
    })
    .await;
    drop(again);
    drop(other);
    let _ = std::fs::remove_dir_all(folder);
}
