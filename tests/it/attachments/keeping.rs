//! How long a file is kept: as long as its attachment, some days longer, and not without one.

use actix_web::http::Method;
use chrono::{DateTime, Duration, Utc};
use seribu::{
    clock::Clock,
    files::{Bucket, Files},
    ids::AttachmentId,
};

use super::{PNG, content, samples, upload, uploaded};
use crate::{
    capital_referrals::Case,
    follow_up::FollowUp,
    persons::lines,
    postgres,
    support::{Caller, Reply, TestApp, now, settings, until},
};

/// The names of all files in the store.
pub fn files_of(app: &TestApp) -> Vec<String> {
    fn walk(folder: &std::path::Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.path().is_dir() {
                true => walk(&entry.path(), found),
                false => found.push(entry.file_name().into_string().unwrap()),
            }
        }
    }
    let mut found = Vec::new();
    walk(&app.database.files(), &mut found);
    found
}

async fn delete(app: &TestApp, caller: Caller, path: &str, read: &str) -> Reply {
    let request = app.request(Method::DELETE, path).bearer_auth(caller.token(|_| ()));
    app.send(request.insert_header(("if-match", read)), "").await
}

/// Until the store has so many files.
async fn comes_to(app: &TestApp, count: usize) {
    until(async || {
        let files = files_of(app);
        (files.len() == count).then_some(()).ok_or_else(|| format!("there are {files:?}"))
    })
    .await;
}

/// Until the sweep has run at the set clock.
async fn swept_since(app: &TestApp, clock: DateTime<Utc>) {
    let ran = format!(
        "select name as line from jobs where name = 'attachments.sweep' and last_run_at >= '{}'",
        clock.to_rfc3339()
    );
    until(async || match lines(app, &ran).await.is_empty() {
        false => Ok(()),
        true => Err(format!("nothing was swept at {clock}")),
    })
    .await;
}

#[actix_web::test]
async fn a_deleted_attachment_is_out_of_sight_at_once_and_its_file_goes_after_thirty_days() {
    let scene = FollowUp::start().await;
    let FollowUp { app, owner, business, .. } = &scene;
    let of = format!("business/{business}");
    let (path, kept) = (uploaded(app, *owner, &of).await, uploaded(app, *owner, &of).await);
    assert_eq!(delete(app, *owner, &path, "\"7-all\"").await.status, 412);
    let reply = delete(app, *owner, &path, "\"1-all\"").await;
    assert_eq!(reply.status, 204, "{}", reply.text);
    assert_eq!(app.get(*owner, &path).await.status, 404);
    assert_eq!(content(app, *owner, &path, &[]).await.status, 404);
    assert_eq!(delete(app, *owner, &path, "*").await.status, 404);
    let list = app.get(*owner, "/v1/attachments?with_total=true").await;
    assert_eq!(list.body["total"], 1);
    app.set_clock(now() + Duration::days(30) - Duration::minutes(20));
    let history = format!("/v1/businesses/{business}/history");
    let tombstone = app.get(*owner, &history).await;
    assert_eq!(tombstone.body["data"][0]["type"], "attachment.deleted");
    assert_eq!(files_of(app).len(), 2);
    app.set_clock(now() + Duration::days(30) + Duration::minutes(20));
    comes_to(app, 1).await;
    assert_eq!(content(app, *owner, &kept, &[]).await.status, 200);
}

#[actix_web::test]
async fn what_an_upload_left_that_ended_half_way_is_swept_after_a_day_and_nothing_else() {
    let scene = FollowUp::start().await;
    let FollowUp { app, owner, business, .. } = &scene;
    let kept = uploaded(app, *owner, &format!("business/{business}")).await;
    let left = AttachmentId::generate();
    app.settings.shared.files.put(left, samples::pdf().into()).await.unwrap();
    assert_eq!(files_of(app).len(), 2);
    // Those of one folder have their turn in ten minutes of two days: each of these two, long after, one by one.
    let turn = |name: &str| i64::from_str_radix(&name[name.len() - 2..], 16).unwrap();
    let long_after = (Clock::System.now() + Duration::days(3)).timestamp() / 153_600;
    let left_name = left.to_string();
    for (file, round) in [kept.rsplit('/').next().unwrap(), &left_name].into_iter().zip(long_after + 1..) {
        let clock = DateTime::<Utc>::from_timestamp(round * 153_600 + turn(file) * 600 + 60, 0).unwrap();
        app.set_clock(clock);
        swept_since(app, clock).await;
    }
    assert_eq!(files_of(app).len(), 1);
    assert_eq!(content(app, *owner, &kept, &[]).await.status, 200);
}

#[actix_web::test]
async fn a_service_that_starts_again_finds_the_files_that_it_acknowledged() {
    let scene = FollowUp::start().await;
    let of = format!("business/{}", scene.business);
    let reply = upload(&scene.app, scene.owner, &of, PNG, samples::png(4, 3)).await;
    let database = scene.app.database.clone();
    let settings = settings(&database).await;
    let again = TestApp::with(database, settings);
    let kept = content(&again, scene.owner, reply.header("location"), &[]).await;
    assert_eq!((kept.status, kept.bytes), (200, samples::png(4, 3)));
}

#[actix_web::test]
async fn who_only_reads_the_record_deletes_none_of_its_files() {
    let case = Case::forwarded().await;
    let FollowUp { app, owner, business, programme, .. } = &case.scene;
    let path = uploaded(app, *owner, &format!("business/{business}")).await;
    assert_eq!(app.get(case.lender(), &path).await.status, 200);
    assert_eq!(delete(app, case.lender(), &path, "*").await.status, 403);
    assert_eq!(delete(app, *programme, &path, "*").await.status, 204);
}

#[actix_web::test]
async fn while_the_store_does_not_answer_nothing_is_acknowledged() {
    let database = postgres::fresh_database().await;
    let mut settings = settings(&database).await;
    let nowhere = Bucket {
        url: "s3://nowhere".into(),
        region: "us-east-1".into(),
        endpoint: Some("http://127.0.0.1:1".into()),
        access_key_id: "test".into(),
        secret_access_key: "test".into(),
    };
    settings.shared.files = Files::in_bucket(&nowhere, &settings.shared.keys).unwrap();
    let scene = FollowUp::on(TestApp::with(database, settings)).await;
    let of = format!("business/{}", scene.business);
    let reply = upload(&scene.app, scene.owner, &of, PNG, samples::png(4, 3)).await;
    assert_eq!((reply.status, reply.header("retry-after")), (503, "1"), "{}", reply.text);
    assert!(!reply.text.contains("127.0.0.1"), "{}", reply.text);
    let list = scene.app.get(scene.owner, "/v1/attachments?with_total=true").await;
    assert_eq!(list.body["total"], 0);
}
