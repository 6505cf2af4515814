//! What happens between the request and the first row: whose it is, whether it may be, whether it was sent before.

use std::ops::ControlFlow;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CONTENT_TYPE, HeaderName, HeaderValue},
    rt::{self, task::spawn_blocking},
    web::Payload,
};
use diesel::{
    QueryableByName, sql_query,
    sql_types::{Bool, Text},
};
use diesel_async::RunQueryDsl;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::{
    answer, columns,
    payloads::{Summary, SyncMode, SyncQuery, SyncRun, SyncStatus},
    rows::{self, Form},
    running::{self, Task},
    spool::{self, Spooled},
    store,
};
use crate::{
    access::{Access, Party},
    db::Long,
    error::{ApiError, Result},
    http::{Code, Flaw, language::Language},
    identifiers::codes,
    ids::SyncRunId,
    institutions,
    log::{Event, Events, append::append},
    records::{idempotency::Key, synced::Synced},
};

/// Of those who would be let go. A dry run with `allow_removals` names them all.
const MOST_NAMED: usize = 100;
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

pub async fn sync<K: Synced>(
    granted: &Access,
    request: &HttpRequest,
    query: SyncQuery,
    body: Payload,
) -> Result<HttpResponse> {
    let access = granted.over(K::WRITE)?;
    let language = Language::of(request.headers());
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let (form, media_type) = Form::of(content_type.unwrap_or_default())?;
    let source = source(&access, &query).await?;
    ApiError::if_any(flaws::<K>(&access, &query))?;
    let spooled = spool::receive(request, body).await?;
    let whole = query.mode == Some(SyncMode::Snapshot);
    let (spooled, listed) =
        spawn_blocking(move || look::<K>(spooled, form, whole)).await.map_err(ApiError::internal)??;
    let dry_run = query.dry_run.unwrap_or(false);
    let key = if dry_run { None } else { Key::of(&access, &(&query, &spooled.sha256))? };
    let key = key.map(Key::parts);
    let before = match &key {
        Some((key, asked)) => before(&access, key, asked).await?,
        None => None,
    };
    if let Some(run) = before.as_ref().filter(|run| run.status == SyncStatus::Complete) {
        let mut answer = answer::again(access, run, language)?;
        answer.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
        return Ok(answer);
    }
    let hold = hold(&access, K::NAME, &source).await?;
    let missing =
        if whole { missing::<K>(&access, &source, listed, query.allow_removals).await? } else { vec![] };
    let run = match before {
        Some(run) => resumed(&access, run).await?,
        None => begun::<K>(&access, &query, source, media_type, &spooled, key).await?,
    };
    let at_once = dry_run || run.atomic;
    let (send, receive) = mpsc::channel(4);
    let (id, said) = (run.id, (!at_once).then_some(send));
    let task = Task { access: access.by_now(), run, spooled, form, missing, language, hold, said };
    // It goes on to its end where whoever asked hangs up, or to where it is known that nobody listens.
    let running = rt::spawn(running::run::<K>(task));
    if at_once {
        return answer::at_once(&access, running.await.map_err(ApiError::internal)??, language);
    }
    Ok(answer::streamed(id, receive))
}

/// An institution speaks for its own ids alone; another system says who it is.
async fn source(access: &Access, query: &SyncQuery) -> Result<String> {
    if let Party::Institution(own) = access.actor.party {
        let code = institutions::code_of(access, own).await?;
        return match &query.source {
            Some(other) if *other != code => {
                Err(ApiError::invalid(Code::NotAllowed.of_parameter("source", code)))
            }
            _ => Ok(code),
        };
    }
    match query.source.clone() {
        Some(source) if codes::is_code(&source) => Ok(source),
        Some(_) => Err(ApiError::invalid(Code::BadFormat.of_parameter("source", "code"))),
        None => Err(ApiError::invalid(Code::Required.of_parameter("source", ""))),
    }
}

fn flaws<K: Synced>(access: &Access, query: &SyncQuery) -> Vec<Flaw> {
    let whole = query.mode == Some(SyncMode::Snapshot);
    let mut flaws = Vec::new();
    if whole && !K::WHOLE_LISTS {
        flaws.push(Code::NotAllowed.of_parameter("mode", "upsert"));
    } else if whole && !matches!(access.actor.party, Party::Institution(_)) {
        flaws.push(Code::Hidden.of_parameter("mode", ""));
    }
    if query.allow_removals.is_some() && !whole {
        flaws.push(Code::Conflict.of_parameter("allow_removals", "mode"));
    }
    flaws
}

/// Whether the file can be read at all; and of a whole list, whom it has.
fn look<K: Synced>(mut spooled: Spooled, form: Form, whole: bool) -> Result<(Spooled, Vec<String>)> {
    let mut listed = Vec::new();
    rows::read(&mut spooled.file, form, &columns::of::<K::Fields>(), &mut |found| {
        listed.extend(found.external_id);
        if whole { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    Ok((spooled, listed))
}

/// The run that this key has had.
async fn before(access: &Access, key: &[u8], asked: &[u8]) -> Result<Option<SyncRun>> {
    match store::of_key(access, key).await? {
        Some((_, was)) if was.as_deref() != Some(asked) => Err(ApiError::KeyReused),
        Some((run, _)) => Ok(Some(run)),
        None => Ok(None),
    }
}

#[derive(QueryableByName)]
struct Locked {
    #[diesel(sql_type = Bool)]
    locked: bool,
}

/// As long as the answer is kept, nobody else syncs for the source.
async fn hold(access: &Access, resource: &str, source: &str) -> Result<Long> {
    let mut connection = access.worker.db.long().await?;
    let lock = sql_query("select pg_try_advisory_lock(hashtextextended($1, 1)) as locked");
    let lock = lock.bind::<Text, _>(format!("sync {resource} {source}"));
    match lock.get_result::<Locked>(&mut *connection).await?.locked {
        true => Ok(connection),
        false => Err(ApiError::InProgress),
    }
}

/// # Errors
/// `Blocked` by those who would be let go, where they are too many.
async fn missing<K: Synced>(
    access: &Access,
    source: &str,
    listed: Vec<String>,
    allowed: Option<usize>,
) -> Result<Vec<(String, Uuid)>> {
    let missing = K::missing(access, source, listed).await?;
    match missing.ids.len() > allowed.unwrap_or(missing.known / 10) {
        true => {
            let some = missing.ids.into_iter().take(MOST_NAMED).map(|(_, id)| id);
            Err(ApiError::blocked("too_many_removals", K::KIND, some))
        }
        false => Ok(missing.ids),
    }
}

async fn resumed(access: &Access, run: SyncRun) -> Result<SyncRun> {
    access.in_transaction(async |tx| store::resume(tx, run.id).await).await?;
    Ok(SyncRun { status: SyncStatus::Running, problem: None, duration_ms: None, ..run })
}

async fn begun<K: Synced>(
    access: &Access,
    query: &SyncQuery,
    source: String,
    media_type: &str,
    spooled: &Spooled,
    key: Option<(Vec<u8>, Vec<u8>)>,
) -> Result<SyncRun> {
    let run = SyncRun {
        id: SyncRunId::generate(),
        resource: K::NAME.to_owned(),
        source,
        mode: query.mode.unwrap_or(SyncMode::Upsert),
        dry_run: query.dry_run.unwrap_or(false),
        atomic: query.atomic.unwrap_or(false),
        media_type: media_type.to_owned(),
        sha256: spooled.sha256.clone(),
        size_bytes: i64::try_from(spooled.size).map_err(ApiError::internal)?,
        party: access.actor.party.to_string(),
        actor_id: access.actor.user,
        client_id: access.actor.client.clone(),
        status: SyncStatus::Running,
        summary: Summary::default(),
        done_line: 0,
        problem: None,
        duration_ms: None,
        version: 1,
        created_at: access.now,
        updated_at: access.now,
    };
    access
        .in_transaction(async |tx| {
            store::insert(tx, &run, key).await?;
            append(tx, Events::from(Event::created(&run))).await
        })
        .await?;
    Ok(run)
}
