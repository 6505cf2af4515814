//! What is not taken: a file that is something else, one that is too large, one that is a bomb.

use std::time::Duration;

use actix_web::{http::Method, rt};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{DOCX, JPEG, ODS, PDF, PNG, XLSX, keeping::files_of, samples, send, upload};
use crate::follow_up::FollowUp;

#[actix_web::test]
async fn a_file_that_is_not_what_its_type_says_is_refused() {
    let scene = FollowUp::start().await;
    let of = format!("business/{}", scene.business);
    let programs = [
        ("[Content_Types].xml", &b"<Types/>"[..], 8),
        ("word/document.xml", b"<d/>", 4),
        ("word/vbaProject.bin", b"Sub", 3),
    ];
    for (said, file) in [
        (JPEG, samples::png(4, 3)),
        (PNG, samples::jpeg(4, 3, &[])),
        (PDF, b"<html><script>alert(1)</script>".to_vec()),
        (PDF, b"MZ\x90\0\x03 a program".to_vec()),
        (DOCX, samples::office("xl/workbook.xml")),
        (XLSX, samples::ods()),
        (ODS, samples::zip(&[("any.txt", b"text", 4)])),
        (DOCX, samples::zip(&programs)),
        (DOCX, b"PK\x03\x04 cut off".to_vec()),
    ] {
        let reply = upload(&scene.app, scene.owner, &of, said, file).await;
        assert_eq!((reply.status, reply.flaws()), (422, vec!["Content-Type conflict".to_owned()]), "{said}");
    }
    assert_eq!(files_of(&scene.app).len(), 0);
}

#[actix_web::test]
async fn a_type_that_is_not_taken_is_415_whatever_is_in_the_file() {
    let scene = FollowUp::start().await;
    let of = format!("business/{}", scene.business);
    for said in ["image/svg+xml", "text/html", "application/zip", "application/json", "*/*", ""] {
        let reply = upload(&scene.app, scene.owner, &of, said, samples::png(4, 3)).await;
        assert_eq!(
            (reply.status, &reply.body["type"]),
            (415, &json!("/problems/unsupported-media-type")),
            "{said}"
        );
    }
    let typed = [("content-type", "Image/PNG; charset=binary")];
    assert_eq!(send(&scene.app, scene.owner, &of, &typed, samples::png(4, 3)).await.status, 201);
}

#[actix_web::test]
async fn an_image_of_absurd_dimensions_is_refused_by_its_header() {
    let scene = FollowUp::start().await;
    let of = format!("business/{}", scene.business);
    for (said, file) in [
        (PNG, samples::png(60_000, 60_000)),
        (PNG, samples::png(u32::MAX, u32::MAX)),
        (JPEG, samples::jpeg(60_000, 60_000, &[])),
        ("image/webp", samples::webp(16_000, 16_000)),
    ] {
        let reply = upload(&scene.app, scene.owner, &of, said, file).await;
        assert_eq!(
            (reply.status, reply.flaws()),
            (422, vec![" too_large".to_owned()]),
            "{said}: {}",
            reply.text
        );
    }
    let large = samples::png(8_000, 6_000);
    assert_eq!(upload(&scene.app, scene.owner, &of, PNG, large).await.status, 201);
}

#[actix_web::test]
async fn a_document_that_would_unpack_to_more_than_it_may_is_refused_unopened() {
    let scene = FollowUp::start().await;
    let of = format!("business/{}", scene.business);
    let bomb = |unpacked| {
        samples::zip(&[("[Content_Types].xml", b"<Types/>", 8), ("word/document.xml", b"packed", unpacked)])
    };
    let reply = upload(&scene.app, scene.owner, &of, DOCX, bomb(4_000_000_000)).await;
    assert_eq!((reply.status, reply.flaws()), (422, vec![" too_large".to_owned()]));
    assert_eq!(upload(&scene.app, scene.owner, &of, DOCX, bomb(1_000_000)).await.status, 201);
}

#[actix_web::test]
async fn an_image_that_breaks_off_and_an_empty_file_are_refused() {
    let scene = FollowUp::start().await;
    let of = format!("business/{}", scene.business);
    for (said, file) in
        [(PNG, samples::png(4, 3)), (JPEG, samples::phone_photo()), ("image/webp", samples::webp(9, 9))]
    {
        let cut = file[..file.len() / 2].to_vec();
        let reply = upload(&scene.app, scene.owner, &of, said, cut).await;
        assert_eq!(
            (reply.status, reply.flaws()),
            (422, vec![" bad_format".to_owned()]),
            "{said}: {}",
            reply.text
        );
    }
    let reply = upload(&scene.app, scene.owner, &of, PDF, "").await;
    assert_eq!((reply.status, reply.flaws()), (422, vec![" empty".to_owned()]));
}

#[actix_web::test]
async fn a_file_of_ten_mebibytes_is_taken_and_one_byte_more_is_413() {
    let scene = FollowUp::start().await;
    let of = format!("business/{}", scene.business);
    let mut file = samples::pdf();
    file.resize(10 << 20, b'%');
    assert_eq!(upload(&scene.app, scene.owner, &of, PDF, file.clone()).await.status, 201);
    file.push(b'%');
    let reply = upload(&scene.app, scene.owner, &of, PDF, file).await;
    assert_eq!((reply.status, &reply.body["type"]), (413, &json!("/problems/too-large")), "{}", reply.text);
}

/// A connection of one's own, on which an upload has begun with these headers.
async fn begun(scene: &FollowUp, headers: &str) -> TcpStream {
    let address = scene.app.address.trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).await.unwrap();
    let head = format!(
        "POST /v1/attachments?resource=business&record_id={}&kind=photo HTTP/1.1\r\nHost: {address}\r\n\
         Authorization: Bearer {}\r\nContent-Type: application/pdf\r\n{headers}\r\n\r\n",
        scene.business,
        scene.owner.token(|_| ())
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

async fn status(stream: &mut TcpStream) -> String {
    let mut answer = vec![0; 4096];
    let read = rt::time::timeout(Duration::from_secs(5), stream.read(&mut answer)).await;
    let read = read.expect("an answer").unwrap_or(0);
    String::from_utf8_lossy(&answer[..read]).chars().take(12).collect()
}

#[actix_web::test]
async fn a_gigabyte_that_is_announced_is_refused_before_a_byte_of_it_is_sent() {
    let scene = FollowUp::start().await;
    let mut stream = begun(&scene, "Content-Length: 1073741824").await;
    assert_eq!(status(&mut stream).await, "HTTP/1.1 413");
}

#[actix_web::test]
async fn a_body_that_does_not_end_is_refused_at_the_limit_and_its_connection_closed() {
    let scene = FollowUp::start().await;
    let (mut answers, mut body) = begun(&scene, "Transfer-Encoding: chunked").await.into_split();
    let sending = rt::spawn(async move {
        let chunk = [&b"10000\r\n"[..], &vec![b'%'; 0x10000], b"\r\n"].concat();
        let mut sent = 0;
        while body.write_all(&chunk).await.is_ok() {
            sent += 0x10000;
            // Slowly, once it is over the limit: for whoever reads on, it would take minutes to a gigabyte.
            let pause = if sent > 11 << 20 { 20 } else { 0 };
            rt::time::sleep(Duration::from_millis(pause)).await;
        }
        sent
    });
    let mut answer = [0; 12];
    let read = rt::time::timeout(Duration::from_secs(10), answers.read_exact(&mut answer)).await;
    assert_eq!((read.unwrap().unwrap(), &answer), (12, b"HTTP/1.1 413"));
    let sent = rt::time::timeout(Duration::from_secs(15), sending).await.expect("an end").unwrap();
    assert!((10 << 20..64 << 20).contains(&sent), "{sent} bytes were taken");
    assert_eq!(files_of(&scene.app).len(), 0);
}

#[actix_web::test]
async fn all_that_is_wrong_with_the_address_comes_in_one_answer() {
    let scene = FollowUp::start().await;
    let owner = scene.owner.token(|_| ());
    for (query, wrong) in [
        ("", vec!["resource required", "record_id required", "kind required"]),
        ("?resource=business&record_id=7&kind=A%20B&name=x", vec!["name unknown", "record_id invalid"]),
        ("?resource=cohort&record_id=&kind=photo", vec!["record_id empty", "resource invalid"]),
        ("?resource=business&kind=A%20B", vec!["record_id required", "kind bad_format"]),
    ] {
        let request = scene.app.request(Method::POST, &format!("/v1/attachments{query}")).bearer_auth(&owner);
        let reply = scene.app.send(request.content_type(PNG), "x").await;
        assert_eq!(
            (reply.status, reply.flaws()),
            (422, wrong.iter().map(|it| (*it).to_owned()).collect()),
            "{query}"
        );
    }
}
