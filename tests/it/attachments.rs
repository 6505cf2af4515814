//! Attachments through HTTP: files that belong to a record, who reads them, what is refused, how long they stay.

mod access;
mod bucket;
mod evidence;
mod keeping;
mod refusals;
pub mod samples;

use actix_web::{
    http::{Method, header::HeaderMap},
    web::Bytes,
};
use aws_lc_rs::digest::{SHA256, digest};
use serde_json::json;
use seribu::access::Role;

use crate::{
    follow_up::FollowUp,
    support::{Caller, Reply, TestApp},
};

pub const JPEG: &str = "image/jpeg";
pub const PNG: &str = "image/png";
pub const PDF: &str = "application/pdf";
pub const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
pub const ODS: &str = "application/vnd.oasis.opendocument.spreadsheet";

/// What is sent, and how it is called.
pub async fn upload(app: &TestApp, caller: Caller, of: &str, kind: &str, file: impl Into<Bytes>) -> Reply {
    send(app, caller, of, &[("content-type", kind)], file).await
}

/// The same with other headers; `of` is `business/0193…`.
pub async fn send(
    app: &TestApp,
    caller: Caller,
    of: &str,
    headers: &[(&str, &str)],
    file: impl Into<Bytes>,
) -> Reply {
    let (resource, record) = of.split_once('/').unwrap();
    let path = format!("/v1/attachments?resource={resource}&record_id={record}&kind=photo");
    let mut request = app.request(Method::POST, &path).bearer_auth(caller.token(|_| ()));
    for header in headers {
        request = request.insert_header(*header);
    }
    let mut response = request.send_body(file.into()).await.unwrap();
    let text = String::from_utf8(response.body().await.unwrap().to_vec()).unwrap();
    Reply {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        body: serde_json::from_str(&text).unwrap_or_default(),
        text,
    }
}

/// One that must be taken: its path.
pub async fn uploaded(app: &TestApp, caller: Caller, of: &str) -> String {
    let reply = upload(app, caller, of, PNG, samples::png(4, 3)).await;
    assert_eq!(reply.status, 201, "{of}: {}", reply.text);
    reply.header("location").to_owned()
}

pub struct Content {
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

pub async fn content(app: &TestApp, caller: Caller, path: &str, headers: &[(&str, &str)]) -> Content {
    let mut request = app.request(Method::GET, &format!("{path}/content")).bearer_auth(caller.token(|_| ()));
    for header in headers {
        request = request.insert_header(*header);
    }
    let mut response = request.send().await.unwrap();
    let bytes = response.body().limit(20 << 20).await.unwrap().to_vec();
    Content { status: response.status().as_u16(), headers: response.headers().clone(), bytes }
}

impl Content {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

pub fn sha256(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[actix_web::test]
async fn a_photo_is_kept_without_what_the_phone_wrote_into_it_and_stays_the_right_way_up() {
    let scene = FollowUp::start().await;
    let of = format!("business/{}", scene.business);
    let sent = samples::phone_photo();
    let headers = [
        ("content-type", JPEG),
        ("content-disposition", "attachment; filename*=UTF-8''dapur%20Bu%20Siti%20%C3%A9.jpg"),
    ];
    let reply = send(&scene.app, scene.owner, &of, &headers, sent.clone()).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    let kept = content(&scene.app, scene.owner, reply.header("location"), &[]).await;
    for gone in [&b"GPS"[..], b"SM-A546E", b"ns.adobe.com", b"a comment", b"second image"] {
        assert!(holds(&sent, gone) && !holds(&kept.bytes, gone), "{}", String::from_utf8_lossy(gone));
    }
    assert!(holds(&kept.bytes, &samples::ORIENTATION_6) && holds(&kept.bytes, samples::PICTURE));
    assert_eq!(reply.body["sha256"], sha256(&kept.bytes));
    assert_eq!(reply.body["sent_sha256"], sha256(&sent));
    assert_eq!(reply.body["size_bytes"], kept.bytes.len());
    assert_eq!(reply.body["name"], "dapur Bu Siti é.jpg");
    assert_eq!(reply.body["business_id"], scene.business);
    let read = scene.app.get(scene.owner, reply.header("location")).await;
    assert_eq!((read.body, read.headers.get("etag")), (reply.body, reply.headers.get("etag")));
}

#[actix_web::test]
async fn every_kind_of_file_that_is_taken_comes_back_as_it_was_sent() {
    let scene = FollowUp::start().await;
    let of = format!("business/{}", scene.business);
    for (kind, ending, file) in [
        (PDF, "pdf", samples::pdf()),
        (PNG, "png", samples::png(4, 3)),
        ("image/webp", "webp", samples::webp(16, 16)),
        (DOCX, "docx", samples::office("word/document.xml")),
        (XLSX, "xlsx", samples::office("xl/workbook.xml")),
        (ODS, "ods", samples::ods()),
    ] {
        let reply = upload(&scene.app, scene.owner, &of, kind, file.clone()).await;
        assert_eq!(reply.status, 201, "{kind}: {}", reply.text);
        assert_eq!(reply.body["name"], format!("photo.{ending}"));
        let kept = content(&scene.app, scene.owner, reply.header("location"), &[]).await;
        assert!(kept.status == 200 && kept.bytes == file, "{kind}");
        assert_eq!(kept.header("content-type"), kind);
        assert_eq!(
            (&reply.body["sha256"], &reply.body["sent_sha256"]),
            (&json!(sha256(&file)), &json!(sha256(&file)))
        );
    }
}

#[actix_web::test]
async fn a_file_is_offered_for_saving_and_never_runs_as_a_page() {
    let scene = FollowUp::start().await;
    let of = format!("business/{}", scene.business);
    let headers = [("content-type", PDF), ("content-disposition", "attachment; filename=\"a\u{22}b.html\"")];
    let odd = send(&scene.app, scene.owner, &of, &headers[..1], samples::pdf()).await;
    let kept =
        content(&scene.app, scene.owner, odd.header("location"), &[("accept", "application/pdf")]).await;
    assert_eq!(kept.header("content-disposition"), "attachment; filename*=UTF-8''photo.pdf");
    assert_eq!(kept.header("x-content-type-options"), "nosniff");
    assert!(kept.header("content-security-policy").starts_with("sandbox"));
    assert_eq!(kept.header("cache-control"), "private, no-cache");
}

#[actix_web::test]
async fn a_part_of_a_file_is_answered_alone_and_an_unchanged_file_not_again() {
    let scene = FollowUp::start().await;
    let file = samples::pdf();
    let reply =
        upload(&scene.app, scene.owner, &format!("business/{}", scene.business), PDF, file.clone()).await;
    let path = reply.header("location");
    let etag = format!("\"{}\"", sha256(&file));
    let part = content(&scene.app, scene.owner, path, &[("range", "bytes=5-9"), ("if-range", &etag)]).await;
    assert_eq!((part.status, &part.bytes[..]), (206, &file[5..10]));
    assert_eq!(part.header("content-range"), format!("bytes 5-9/{}", file.len()));
    let other =
        content(&scene.app, scene.owner, path, &[("range", "bytes=5-9"), ("if-range", "\"x\"")]).await;
    assert_eq!((other.status, other.bytes), (200, file));
    let again = content(&scene.app, scene.owner, path, &[("if-none-match", &etag)]).await;
    assert_eq!((again.status, again.bytes.len(), again.header("etag")), (304, 0, etag.as_str()));
}

#[actix_web::test]
async fn the_same_upload_under_the_same_key_makes_one_attachment_and_another_file_is_refused() {
    let scene = FollowUp::start().await;
    let of = format!("business/{}", scene.business);
    let headers = [("content-type", PNG), ("idempotency-key", "a-photo")];
    let first = send(&scene.app, scene.owner, &of, &headers, samples::png(4, 3)).await;
    let again = send(&scene.app, scene.owner, &of, &headers, samples::png(4, 3)).await;
    assert_eq!((first.status, again.status, &first.text), (201, 201, &again.text));
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(keeping::files_of(&scene.app).len(), 1);
    let other = send(&scene.app, scene.owner, &of, &headers, samples::png(3, 4)).await;
    assert_eq!((other.status, &other.body["type"]), (422, &json!("/problems/key-reused")));
    let list = scene.app.get(scene.owner, "/v1/attachments?with_total=true").await;
    assert_eq!(list.body["total"], 1);
}

#[actix_web::test]
async fn whoever_writes_the_record_is_asked_before_anything_is_read_or_kept() {
    let scene = FollowUp::start().await;
    let of = format!("business/{}", scene.business);
    let stranger = Caller::new(Role::Business);
    let reply = upload(&scene.app, stranger, &of, PNG, samples::png(4, 3)).await;
    assert_eq!((reply.status, reply.flaws()), (422, vec!["record_id no_such_record".to_owned()]));
    let reply = upload(&scene.app, scene.lender, &of, PNG, samples::png(4, 3)).await;
    assert_eq!((reply.status, &reply.body["type"]), (403, &json!("/problems/forbidden")));
    assert_eq!(keeping::files_of(&scene.app).len(), 0);
}
