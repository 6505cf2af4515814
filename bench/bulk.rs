//! Whole files: a university's list of mentors in, all businesses out.

use std::{fmt::Write, time::Instant};

use serde_json::{Value, json};
use seribu::access::Role;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::{Arguments, Outcome, programme::Operation, server::Servers};

const MENTORS: usize = 10_000;

pub async fn run_all(arguments: &Arguments, servers: &Servers) -> Outcome<Vec<Operation>> {
    let wanted = |name: &str| arguments.only.as_ref().is_none_or(|only| name.starts_with(only.as_str()));
    let mut all = Vec::new();
    if wanted("W5") {
        all.push(syncing(arguments, servers).await?);
    }
    if wanted("W6") {
        all.extend(exporting(arguments, servers).await?);
    }
    Ok(all)
}

/// Each time another university, of whose mentors half are known already, and are otherwise since.
async fn syncing(arguments: &Arguments, servers: &Servers) -> Outcome<Operation> {
    let superuser = servers.superuser().await?;
    let (mut times, mut bases) = (Vec::new(), Vec::new());
    for run in 0..arguments.runs {
        let institution = Uuid::now_v7();
        let code = format!("bench-{run}-{}", &institution.simple().to_string()[24..]);
        superuser.execute(INSTITUTION, &[&institution.to_string(), &code]).await?;
        let token = servers.token(Role::Institution, Some(institution))?;
        let row = |n: usize, titles: &str| {
            let row = json!({
                "external_id": format!("P-{n:05}"), "kind": "academic", "full_name": format!("Dosen Nomor {n}"),
                "titles": titles, "email": format!("dosen{n}@{code}.example"), "phone": format!("0812{n:08}"),
                "academic_id": { "kind": "nidn", "value": format!("{:010}", 400_000_000 + n) },
                "expertise": ["accounting", "finance"], "subsectors": ["kuliner", "fesyen"],
                "districts": ["36.74.04"], "capacity_offered": 1 + n % 8,
            });
            format!("{row}\n")
        };
        let known: String = (0..MENTORS / 2).map(|n| row(n, "S.E.")).collect();
        sync(servers, &token, &known).await?;
        superuser.batch_execute("analyze mentors; analyze external_ids; analyze events; checkpoint").await?;
        let list: String = (0..MENTORS).map(|n| row(n, "S.E., M.Ak.")).collect();
        let (from, begun) = (position(&superuser).await?, Instant::now());
        let answer = sync(servers, &token, &list).await?;
        times.push(begun.elapsed().as_secs_f64() * 1e3);
        let end: Value = serde_json::from_str(answer.lines().last().unwrap_or_default())?;
        if end.pointer("/summary/created") != Some(&json!(MENTORS / 2))
            || end.pointer("/summary/updated") != Some(&json!(MENTORS / 2))
        {
            return Err(format!("not half of them were new: {end}").into());
        }
        bases.push(bare(&superuser, &institution.to_string(), from).await?);
    }
    Ok(Operation {
        name: "W5",
        what: format!(
            "sync {MENTORS} mentors, half of them new, half changed, with a line and an event for each, against COPY of \
             the rows that it leaves (mentors, ids, keys, events) and INSERT … ON CONFLICT"
        ),
        runs: times.len(),
        took: median(times),
        base: Some(median(bases)),
    })
}

/// The rows that the sync has left, as if it had not been.
async fn bare(superuser: &Client, institution: &str, from: i64) -> Outcome<f64> {
    let file = std::env::temp_dir().join(format!("seribu-bench-{}", std::process::id()));
    let file = file.display();
    let what = [
        ("mentors", format!("select * from mentors where institution_id = '{institution}'")),
        (
            "external_ids",
            format!(
                "select e.* from external_ids e join mentors m on m.id = e.record_id where m.institution_id = '{institution}'"
            ),
        ),
        (
            "subject_keys",
            format!(
                "select k.* from subject_keys k join mentors m on m.id = k.subject_id where m.institution_id = '{institution}'"
            ),
        ),
        ("events", format!("select * from events where position > {from} and resource = 'mentor'")),
    ];
    for (table, rows) in &what {
        superuser.batch_execute(&format!("copy ({rows}) to '{file}-{table}'")).await?;
        let staging =
            format!("drop table if exists bench_{table}; create unlogged table bench_{table} (like {table})");
        superuser.batch_execute(&staging).await?;
    }
    // What refers to them need not be looked for: nothing does.
    let half = format!(
        "set session_replication_role = replica;
         delete from external_ids where record_id in (select id from mentors where institution_id = '{institution}' and version = 1);
         delete from subject_keys where subject_id in (select id from mentors where institution_id = '{institution}' and version = 1);
         delete from mentors where institution_id = '{institution}' and version = 1;
         reset session_replication_role; checkpoint"
    );
    superuser.batch_execute(&half).await?;
    let mut all = String::from("begin;");
    for (table, _) in &what {
        write!(all, "copy bench_{table} from '{file}-{table}';")?;
    }
    all.push_str(UPSERTS);
    all.push_str("commit");
    let begun = Instant::now();
    superuser.batch_execute(&all).await?;
    let took = begun.elapsed().as_secs_f64() * 1e3;
    for (table, _) in &what {
        // They are PostgreSQL's, and may not be ours to remove.
        let _ = std::fs::remove_file(format!("{file}-{table}"));
    }
    Ok(took)
}

async fn exporting(arguments: &Arguments, servers: &Servers) -> Outcome<Vec<Operation>> {
    let superuser = servers.superuser().await?;
    let token = servers.token(Role::Programme, None)?;
    let (mut times, mut bases, mut lines) = (Vec::new(), Vec::new(), 0);
    for _ in 0..arguments.runs {
        let begun = Instant::now();
        lines = download(servers, "/v1/exports/businesses", &token).await?;
        times.push(begun.elapsed().as_secs_f64() * 1e3);
        let begun = Instant::now();
        let copied = copy_out(&superuser, COPY).await?;
        bases.push(begun.elapsed().as_secs_f64() * 1e3);
        if copied != lines {
            return Err(format!("{lines} lines, {copied} rows").into());
        }
    }
    let resident = resident(servers)?;
    Ok(vec![Operation {
        name: "W6",
        what: format!(
            "export {lines} businesses as NDJSON, against COPY (select row_to_json …) of the same fields; the service took \
             {resident} MiB of memory at most"
        ),
        runs: times.len(),
        took: median(times),
        base: Some(median(bases)),
    }])
}

/// In MiB, since its start.
fn resident(servers: &Servers) -> Outcome<u64> {
    let status =
        std::fs::read_to_string(format!("/proc/{}/status", servers.service_id().ok_or("no service")?))?;
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(most.trim().trim_end_matches("kB").trim().parse::<u64>()? >> 10)
}

async fn sync(servers: &Servers, token: &str, list: &str) -> Outcome<String> {
    let head = format!(
        "POST /v1/sync/mentors HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\
         content-type: application/x-ndjson\r\ncontent-length: {}\r\n\r\n",
        list.len()
    );
    let mut stream = TcpStream::connect(servers.address).await?;
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(list.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let answer = String::from_utf8(answer)?;
    if !answer.starts_with("HTTP/1.1 200") {
        return Err(answer.into());
    }
    // Without the heads of the chunks.
    Ok(answer.lines().filter(|line| line.starts_with('{')).collect::<Vec<_>>().join("\n"))
}

/// How many lines came.
async fn download(servers: &Servers, path: &str, token: &str) -> Outcome<usize> {
    let head = format!(
        "GET {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n"
    );
    let mut stream = TcpStream::connect(servers.address).await?;
    stream.write_all(head.as_bytes()).await?;
    let (mut piece, mut lines, mut last) = (vec![0; 256 << 10], 0, b' ');
    loop {
        let length = stream.read(&mut piece).await?;
        let piece = piece.get(..length).unwrap_or_default();
        if piece.is_empty() {
            return Ok(lines);
        }
        // What comes is JSON lines; a line of the head or of a chunk ends otherwise.
        lines += usize::from(last == b'}' && piece.first() == Some(&b'\n'));
        lines += piece.windows(2).filter(|two| *two == b"}\n").count();
        last = piece.last().copied().unwrap_or(last);
    }
}

async fn copy_out(superuser: &Client, query: &str) -> Outcome<usize> {
    use futures_util::TryStreamExt;
    let mut rows = std::pin::pin!(superuser.copy_out(query).await?);
    let mut lines = 0;
    while let Some(piece) = rows.try_next().await? {
        lines += piece.iter().filter(|byte| **byte == b'\n').count();
    }
    Ok(lines)
}

async fn position(superuser: &Client) -> Outcome<i64> {
    Ok(superuser.query_one("select coalesce(max(position), 0) from events", &[]).await?.get(0))
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}

const INSTITUTION: &str = "insert into institutions (id, code, name, kind, status, created_at, updated_at) \
     values ($1::text::uuid, $2, 'Universitas Uji', 'university', 'active', now(), now())";

/// Events are another's: with new ids.
const UPSERTS: &str = "
    insert into subject_keys select * from bench_subject_keys on conflict (subject_id) do nothing;
    insert into mentors select * from bench_mentors on conflict (id) do update set
        (kind, full_name, titles, academic_id, expertise, subsectors, districts, capacity_offered, external_ids,
         email_sealed, email_index, phone_sealed, phone_index, last_synced_at, version, updated_at) =
        (excluded.kind, excluded.full_name, excluded.titles, excluded.academic_id, excluded.expertise,
         excluded.subsectors, excluded.districts, excluded.capacity_offered, excluded.external_ids,
         excluded.email_sealed, excluded.email_index, excluded.phone_sealed, excluded.phone_index,
         excluded.last_synced_at, excluded.version, excluded.updated_at);
    insert into external_ids select * from bench_external_ids on conflict do nothing;
    insert into events (id, kind, resource, subject_id, subject_version, business_id, actor_id, actor_role, client_id,
        on_behalf_of, request_id, caused_by, occurred_at, about, audience, lost, data)
    select gen_random_uuid(), kind, resource, subject_id, subject_version, business_id, actor_id, actor_role, client_id,
        on_behalf_of, request_id, caused_by, occurred_at, about, audience, lost, data
    from bench_events order by position on conflict do nothing;";

const COPY: &str = "copy (select row_to_json(x) from (
    select id, number, kind, name, legal_form, nib, nib_issued_on, npwp_masked as npwp, kbli, subsector, description,
        json_build_object('line', address_line, 'village_code', village_code, 'postal_code', postal_code,
            'latitude', latitude, 'longitude', longitude) as address,
        founded_on, formal_at_intake, sales_channels, cooperative_id, external_ids, district_code, status, merged_into,
        version, created_at, updated_at, '{}'::text[] as hidden, null as bands
    from businesses) x) to stdout";
