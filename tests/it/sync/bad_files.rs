//! Files as the world writes them.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use serde_json::json;

use super::{CSV, NDJSON, a_lecturer, answer, count, flaws, ndjson, results, sync};
use crate::{mentors::given_a_university, support::TestApp};

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packing = GzEncoder::new(Vec::new(), Compression::fast());
    packing.write_all(bytes).unwrap();
    packing.finish().unwrap()
}

const GZIP: (&str, &str) = ("content-encoding", "gzip");

#[actix_web::test]
async fn tables_of_an_indonesian_spreadsheet_are_read_as_they_are_meant() {
    let app = TestApp::start().await;
    let (_, client) = given_a_university(&app, "ut").await;
    // Semicolons, Windows-1252, headers in Indonesian and in another order, columns without names, empty rows.
    let file = "Keahlian;Nama Lengkap;ID Eksternal;Surel;No HP;Kecamatan;Nomor Dosen;Jenis Nomor Dosen;;\r\n\
        accounting, finance;Renée Sørensen;P-1;renee@kampus.example;'0813-2222-3333;36.74.04;0412345678;nidn;;\r\n\
        legal;\"Wati \"\"Titi\"\" Suhendra\";'-7;wati@kampus.example;;;;;;\r\n\
        ;;;;;;;;;\r\n";
    let (windows, _, _) = encoding_rs::WINDOWS_1252.encode(file);
    assert!(std::str::from_utf8(&windows).is_err());
    let (lines, end) = answer(&sync(&app, client, "mentors", &[CSV], windows.to_vec()).await);
    assert_eq!(end["summary"]["created"], 2, "{lines:?}");
    let shown = app.get(client, &format!("/v1/mentors/{}", lines[0]["id"].as_str().unwrap())).await.body;
    assert_eq!(
        json!([shown["full_name"], shown["expertise"], shown["phone"], shown["academic_id"], shown["kind"]]),
        json!([
            "Renée Sørensen",
            ["accounting", "finance"],
            "+6281322223333",
            { "kind": "nidn", "value": "0412345678" },
            "academic"
        ])
    );
    assert_eq!(json!([lines[1]["external_id"], lines[1]["line"]]), json!(["-7", 3]));
    // The same in UTF-8 with a mark, in UTF-16, and with Excel's own first line.
    let marked = format!("\u{feff}{file}").into_bytes();
    let wide: Vec<u8> = format!("\u{feff}{file}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let said = format!("sep=;\r\n{file}").into_bytes();
    for file in [marked, wide, said] {
        let again = sync(&app, client, "mentors", &[CSV], file).await;
        assert_eq!(results(&again), ["unchanged", "unchanged"], "{}", again.text);
    }
    let wrong = windows.to_vec();
    let reply = sync(&app, client, "mentors", &[("content-type", "text/csv; charset=utf-8")], wrong).await;
    assert_eq!((reply.status, reply.flaws()), (422, vec!["Content-Type invalid".to_owned()]));
}

#[actix_web::test]
async fn a_file_that_cannot_be_read_is_refused_before_anything_is_done() {
    let app = TestApp::start().await;
    let (_, client) = given_a_university(&app, "ut").await;
    let rows = ndjson(&(1..=50).map(a_lecturer).collect::<Vec<_>>());
    let json = format!("[{}", rows.trim_end().replace('\n', ","));
    let mut cut = packed(rows.as_bytes());
    cut.truncate(cut.len() / 2);
    let kind = |kind| ("content-type", kind);
    for (headers, file, status, said) in [
        (vec![NDJSON, GZIP], cut, 422, "Content-Encoding invalid"),
        (vec![NDJSON, GZIP], rows.clone().into_bytes(), 422, "Content-Encoding invalid"),
        (vec![NDJSON, ("content-encoding", "br")], rows.clone().into_bytes(), 415, ""),
        (vec![kind("application/json")], json.into_bytes(), 400, ""),
        (vec![kind("application/json")], b"{}".to_vec(), 400, ""),
        (vec![kind("text/html")], rows.clone().into_bytes(), 415, ""),
        (vec![kind("text/csv; charset=klingon")], rows.clone().into_bytes(), 415, ""),
        (vec![CSV], b"full_name,umur\nRina,30\n".to_vec(), 422, "/umur unknown /external_id required"),
        (vec![CSV], b"external_id,nama,full_name\n".to_vec(), 422, "/full_name repeated"),
        (vec![CSV], b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0".to_vec(), 415, ""),
        (vec![CSV], b"".to_vec(), 422, "/external_id required"),
    ] {
        let reply = sync(&app, client, "mentors", &headers, file).await;
        assert_eq!(
            (reply.status, reply.flaws().join(" ")),
            (status, said.to_owned()),
            "{headers:?} {}",
            reply.text
        );
    }
    assert_eq!((count(&app, "mentors").await, count(&app, "sync_runs").await), ("0".into(), "0".into()));
    // Whole, it is taken.
    let taken = sync(&app, client, "mentors", &[NDJSON, GZIP], packed(rows.as_bytes())).await;
    assert_eq!(results(&taken), vec!["created"; 50]);
}

#[actix_web::test]
async fn a_row_that_cannot_be_read_takes_no_other_with_it() {
    let app = TestApp::start().await;
    let (_, client) = given_a_university(&app, "ut").await;
    let mut file = ndjson(&[a_lecturer(1)]).into_bytes();
    file.extend(b"{\"external_id\": \"P-2\", \"full_name\": \"Ren\xe9e\"}\n\n");
    file.extend(b"{\"external_id\": \"P-3\"\n");
    file.extend(ndjson(&[a_lecturer(4)]).bytes());
    let (lines, _) = answer(&sync(&app, client, "mentors", &[NDJSON], file).await);
    let shown: Vec<_> =
        lines.iter().map(|line| json!([line["line"], line["result"], line["problem"]["status"]])).collect();
    assert_eq!(
        shown,
        [
            json!([1, "created", null]),
            json!([2, "rejected", 400]),
            json!([4, "rejected", 400]),
            json!([5, "created", null])
        ]
    );
    let table = "external_id,full_name,email,expertise\nP-5,Lima,lima@kampus.example,legal\nP-6,Enam\n\
                 P-7,Tujuh,tujuh@kampus.example,legal,lebih\nP-8,Delapan,delapan@kampus.example,legal\n";
    let (lines, _) = answer(&sync(&app, client, "mentors", &[CSV], table).await);
    assert_eq!(
        (flaws(&lines[1]), flaws(&lines[2])),
        (vec![" wrong_number_of_cells".into()], vec![" wrong_number_of_cells".into()])
    );
    assert_eq!((&lines[0]["result"], &lines[3]["result"]), (&json!("created"), &json!("created")));
}

#[actix_web::test]
async fn a_file_is_taken_up_to_its_limit_packed_or_not() {
    let app = TestApp::start().await;
    let (_, client) = given_a_university(&app, "ut").await;
    let bomb = packed(&vec![b' '; 65 << 20]);
    assert!(bomb.len() < 1 << 20);
    assert_eq!(sync(&app, client, "mentors", &[NDJSON, GZIP], bomb).await.status, 413);
    // One that says how large it is, is not even read.
    let said = "POST /v1/sync/mentors HTTP/1.1\r\nHost: seribu\r\nContent-Type: text/csv\r\nContent-Length: 1073741824\r\n";
    let token = client.token(|_| ());
    let address = app.address.trim_start_matches("http://").to_owned();
    let said = format!("{said}Authorization: Bearer {token}\r\n\r\n");
    let answer = actix_web::rt::task::spawn_blocking(move || {
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        stream.write_all(said.as_bytes()).unwrap();
        let mut answer = [0; 12];
        std::io::Read::read_exact(&mut stream, &mut answer).unwrap();
        String::from_utf8(answer.to_vec()).unwrap()
    });
    assert_eq!(answer.await.unwrap(), "HTTP/1.1 413");
}
