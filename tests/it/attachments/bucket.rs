//! The same in a bucket: `tests/bucket.sh` starts a server that speaks S3, and runs this.

use std::env;

use actix_web::http::Method;
use chrono::Duration;
use seribu::files::{Bucket, Files};

use super::{PDF, content, samples, upload};
use crate::{
    follow_up::FollowUp,
    postgres,
    support::{TestApp, now, settings, until},
};

#[actix_web::test]
#[ignore = "tests/bucket.sh runs it, where it has a server that speaks S3"]
async fn files_lie_in_a_bucket_as_they_do_in_a_folder() {
    let database = postgres::fresh_database().await;
    let mut settings = settings(&database).await;
    let bucket = Bucket {
        url: "s3://seribu-test/files".into(),
        region: "us-east-1".into(),
        endpoint: Some(env::var("SERIBU_TEST_S3").expect("SERIBU_TEST_S3, as tests/bucket.sh sets it")),
        access_key_id: "test".into(),
        secret_access_key: "test".into(),
    };
    settings.shared.files = Files::in_bucket(&bucket, &settings.shared.keys).unwrap();
    let files = settings.shared.files.clone();
    let scene = FollowUp::on(TestApp::with(database, settings)).await;
    let mut file = samples::pdf();
    file.resize(6 << 20, b'%');
    let reply =
        upload(&scene.app, scene.owner, &format!("business/{}", scene.business), PDF, file.clone()).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    let path = reply.header("location");
    let kept = content(&scene.app, scene.owner, path, &[]).await;
    assert!(kept.status == 200 && kept.bytes == file);
    let part = content(&scene.app, scene.owner, path, &[("range", "bytes=-10")]).await;
    assert_eq!((part.status, part.bytes.len()), (206, 10));
    let folder = u8::from_str_radix(&path[path.len() - 2..], 16).unwrap();
    let later = seribu::clock::Clock::System.now() + Duration::hours(1);
    assert_eq!(files.written_before(folder, later).await.unwrap().len(), 1);
    let request = scene.app.request(Method::DELETE, path).bearer_auth(scene.owner.token(|_| ()));
    assert_eq!(scene.app.send(request.insert_header(("if-match", "*")), "").await.status, 204);
    scene.app.set_clock(now() + Duration::days(31));
    until(async || match files.written_before(folder, later).await.unwrap().is_empty() {
        true => Ok(()),
        false => Err("the file is still there".to_owned()),
    })
    .await;
}
