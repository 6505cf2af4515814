//! `seribu sync`: a partner's list, sent from its own machine.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use actix_web::rt::{System, time::sleep};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use reqwest::{Client, RequestBuilder, Response, StatusCode, header};
use serde_json::Value;
use uuid::Uuid;

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Mentors,
    Businesses,
    Cooperatives,
}

#[derive(Clone, Copy, ValueEnum)]
enum Mode {
    /// Make and change who is in the list.
    Upsert,
    /// The list is whole: who is missing from it is let go.
    Snapshot,
}

#[derive(Args)]
pub struct What {
    kind: Kind,
    /// A table (.csv), JSON lines (.ndjson, .jsonl) or a JSON array (.json).
    file: PathBuf,
    /// Of the service: https://seribu.example.go.id
    #[arg(long, env = "SERIBU_URL")]
    url: String,
    #[arg(long, env = "SERIBU_CLIENT_ID")]
    client_id: String,
    /// Better in the environment: arguments can be seen by others on the machine.
    #[arg(long, env = "SERIBU_CLIENT_SECRET", hide_env_values = true)]
    client_secret: String,
    #[arg(long, value_enum, default_value = "upsert")]
    mode: Mode,
    /// Whose ids they are; an institution's are its own by themselves.
    #[arg(long)]
    source: Option<String>,
    /// Show what would become of each row; nothing is written.
    #[arg(long)]
    dry_run: bool,
    /// All rows, or none.
    #[arg(long)]
    atomic: bool,
    /// How many may be let go by a whole list.
    #[arg(long)]
    allow_removals: Option<u32>,
    /// Write the refused rows here, to mend and send again.
    #[arg(long)]
    refused: Option<PathBuf>,
    /// Of what is said of rows: id… for Indonesian.
    #[arg(long, env = "LANG", default_value = "en", hide = true)]
    language: String,
}

/// So often a sync that breaks off goes on.
const ATTEMPTS: u32 = 5;

enum Failed {
    /// The service says no, and will again.
    Refused(String),
    /// It may answer the next time.
    BrokenOff(String),
    /// Nobody is there.
    Unreachable(String),
}

impl From<reqwest::Error> for Failed {
    fn from(error: reqwest::Error) -> Self {
        if error.is_connect() {
            Self::Unreachable(error.to_string())
        } else {
            Self::BrokenOff(error.to_string())
        }
    }
}

pub fn run(what: &What) -> ExitCode {
    let outcome = System::new().block_on(what.send());
    match outcome {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(1),
        Err(Failed::Refused(why)) => {
            eprintln!("seribu: {why}");
            ExitCode::from(3)
        }
        Err(Failed::BrokenOff(why) | Failed::Unreachable(why)) => {
            eprintln!("seribu: {why}");
            ExitCode::from(4)
        }
    }
}

impl What {
    /// How many rows were refused.
    async fn send(&self) -> Result<u64, Failed> {
        let refused = |error: std::io::Error| Failed::Refused(format!("{}: {error}", self.file.display()));
        let file = fs::read(&self.file).map_err(refused)?;
        let media_type = media_type(&self.file).map_err(Failed::Refused)?;
        let client = Client::builder().user_agent(concat!("seribu/", env!("CARGO_PKG_VERSION"))).build()?;
        let progress = ProgressBar::new(rows(&file, media_type));
        let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {per_sec} {msg}");
        progress.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        // The same for each attempt: what was done is not done again.
        let key = Uuid::now_v7().to_string();
        let mut attempt = 1;
        let (end, lines) = loop {
            progress.set_position(0);
            match self.attempt(&client, &file, media_type, &key, &progress).await {
                // One that was there a moment ago comes back.
                Err(Failed::Unreachable(why)) if attempt == 1 => return Err(Failed::Unreachable(why)),
                Err(Failed::BrokenOff(why) | Failed::Unreachable(why)) if attempt < ATTEMPTS => {
                    progress.println(format!("{why}; it goes on in a moment"));
                    sleep(Duration::from_secs(1 << attempt)).await;
                    attempt += 1;
                }
                done => break done?,
            }
        };
        progress.finish_and_clear();
        self.report(&client, &end, &lines).await
    }

    async fn attempt(
        &self,
        client: &Client,
        file: &[u8],
        media_type: &str,
        key: &str,
        progress: &ProgressBar,
    ) -> Result<(Value, Vec<Value>), Failed> {
        let request = self.authorized(client, client.post(self.address())).await?;
        let request = request.header(header::CONTENT_TYPE, media_type).header("Idempotency-Key", key);
        let mut answer = accepted(request.body(file.to_vec()).send().await?).await?;
        let (mut rest, mut refused, mut end) = (Vec::new(), Vec::new(), None);
        while let Some(chunk) = answer.chunk().await? {
            rest.extend_from_slice(&chunk);
            while let Some(at) = rest.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = rest.drain(..=at).collect();
                let line: Value =
                    serde_json::from_slice(&line).map_err(|error| Failed::BrokenOff(error.to_string()))?;
                match line.get("result") {
                    None => end = Some(line),
                    Some(result) => {
                        progress.inc(1);
                        if result == "rejected" {
                            refused.push(line);
                        }
                    }
                }
            }
        }
        match end {
            Some(end) if end.get("complete") == Some(&Value::Bool(true)) => Ok((end, refused)),
            Some(end) => Err(Failed::BrokenOff(format!("it stopped: {}", text(&end, "/problem/title")))),
            None => Err(Failed::BrokenOff("the answer broke off".into())),
        }
    }

    fn address(&self) -> String {
        let kind = self.kind.to_possible_value().map(|kind| kind.get_name().to_owned()).unwrap_or_default();
        let mode = self.mode.to_possible_value().map(|mode| mode.get_name().to_owned()).unwrap_or_default();
        let mut address = format!("{}/v1/sync/{kind}?mode={mode}", self.url.trim_end_matches('/'));
        let said = [
            self.source.as_ref().map(|source| format!("&source={source}")),
            self.dry_run.then(|| "&dry_run=true".to_owned()),
            self.atomic.then(|| "&atomic=true".to_owned()),
            self.allow_removals.map(|most| format!("&allow_removals={most}")),
        ];
        address.extend(said.into_iter().flatten());
        address
    }

    async fn authorized(&self, client: &Client, request: RequestBuilder) -> Result<RequestBuilder, Failed> {
        let token = client.post(format!("{}/v1/auth/token", self.url.trim_end_matches('/')));
        let token = token.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let token = token.basic_auth(&self.client_id, Some(&self.client_secret));
        let token = accepted(token.body("grant_type=client_credentials").send().await?).await?;
        let token: Value = serde_json::from_slice(&token.bytes().await?).unwrap_or_default();
        Ok(request
            .bearer_auth(text(&token, "/access_token"))
            .header(header::ACCEPT_LANGUAGE, if self.language.starts_with("id") { "id" } else { "en" }))
    }

    async fn report(&self, client: &Client, end: &Value, refused: &[Value]) -> Result<u64, Failed> {
        let summary = end.get("summary").and_then(Value::as_object).into_iter().flatten();
        let counts: Vec<_> = summary.map(|(name, count)| format!("{count} {name}")).collect();
        println!("{}{}", if self.dry_run { "dry run: " } else { "" }, counts.join(", "));
        for line in refused {
            let errors = line.pointer("/problem/errors").and_then(Value::as_array).into_iter().flatten();
            let flaws: Vec<_> =
                errors.map(|one| format!("{}: {}", text(one, "/pointer"), text(one, "/detail"))).collect();
            let why =
                if flaws.is_empty() { text(line, "/problem/detail").to_owned() } else { flaws.join("; ") };
            let row = line.get("line").map(ToString::to_string).unwrap_or_default();
            println!("{row:>8}  {:<20}  {why}", text(line, "/external_id"));
        }
        if let Some(path) = self.refused.as_ref().filter(|_| !refused.is_empty()) {
            let table =
                format!("{}/v1/sync/runs/{}/refused", self.url.trim_end_matches('/'), text(end, "/run"));
            let table = self.authorized(client, client.get(table)).await?.send().await?;
            let table = accepted(table).await?.bytes().await?;
            let written = fs::File::create(path).and_then(|mut file| file.write_all(&table));
            written.map_err(|error| Failed::BrokenOff(format!("{}: {error}", path.display())))?;
            println!("the refused rows are in {}", path.display());
        }
        Ok(refused.len().try_into().unwrap_or(u64::MAX))
    }
}

async fn accepted(answer: Response) -> Result<Response, Failed> {
    let status = answer.status();
    if status.is_success() {
        return Ok(answer);
    }
    let problem: Value = serde_json::from_slice(&answer.bytes().await?).unwrap_or_default();
    let errors = problem.get("errors").and_then(Value::as_array).into_iter().flatten();
    let place =
        |one: &Value| ["/pointer", "/parameter", "/header"].map(|kind| text(one, kind).to_owned()).concat();
    let flaws: String = errors.map(|one| format!("\n  {}: {}", place(one), text(one, "/detail"))).collect();
    let why = format!("{status}: {}{flaws}", text(&problem, "/detail"));
    let passing =
        status.is_server_error() || [StatusCode::TOO_MANY_REQUESTS, StatusCode::CONFLICT].contains(&status);
    let in_progress = status != StatusCode::CONFLICT || text(&problem, "/type").ends_with("/in-progress");
    Err(if passing && in_progress { Failed::BrokenOff(why) } else { Failed::Refused(why) })
}

fn media_type(file: &Path) -> Result<&'static str, String> {
    match file.extension().and_then(|ending| ending.to_str()).unwrap_or_default() {
        "csv" => Ok("text/csv"),
        "ndjson" | "jsonl" => Ok("application/x-ndjson"),
        "json" => Ok("application/json"),
        other => Err(format!("{}: .csv, .ndjson or .json, not .{other}", file.display())),
    }
}

/// About how many there are, for the bar alone.
fn rows(file: &[u8], media_type: &str) -> u64 {
    let lines =
        BufReader::new(file).split(b'\n').flatten().filter(|line| !line.trim_ascii().is_empty()).count();
    let rows = if media_type == "text/csv" { lines.saturating_sub(1) } else { lines };
    rows.try_into().unwrap_or(u64::MAX)
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}
