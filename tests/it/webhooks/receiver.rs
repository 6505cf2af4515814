//! A receiver that does as it is told: it takes, refuses, hangs, cuts off, or answers without end.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use actix_web::rt;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

use crate::support::until;

#[derive(Clone, Debug)]
pub enum Answer {
    Status(u16),
    /// With a header and a body.
    With(u16, String, String),
    /// Takes the request, and never says so.
    Hang,
    /// Takes the request, and ends the connection.
    Cut,
    /// Says that it has taken it, and ends the connection in the middle of its body.
    CutInBody,
    /// Ten gigabytes.
    Endless,
    /// Says that it has taken it, and then one letter now and then.
    Slow,
}

#[derive(Clone, Debug)]
pub struct Got {
    pub headers: HeaderMap,
    pub body: String,
}

impl Got {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no {name}")).to_str().unwrap()
    }

    pub fn id(&self) -> &str {
        self.header("webhook-id")
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub fn kind(&self) -> String {
        self.json()["type"].as_str().unwrap().to_owned()
    }
}

#[derive(Default)]
struct State {
    got: Vec<Got>,
    next: VecDeque<Answer>,
    then: Option<Answer>,
    connections: usize,
    written: usize,
}

#[derive(Clone)]
pub struct Receiver {
    pub url: String,
    pub port: u16,
    state: Arc<Mutex<State>>,
}

impl Receiver {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let receiver = Self { url: format!("http://127.0.0.1:{port}/hook"), port, state: Arc::default() };
        let state = receiver.state.clone();
        rt::spawn(async move {
            while let Ok((caller, _)) = listener.accept().await {
                state.lock().unwrap().connections += 1;
                rt::spawn(serve(caller, state.clone()));
            }
        });
        receiver
    }

    /// One that always does the same.
    pub async fn that(answer: Answer) -> Self {
        let receiver = Self::open().await;
        receiver.always(Some(answer));
        receiver
    }

    /// What it does with the next messages, one after the other; then as it always does.
    pub fn next(&self, answers: impl IntoIterator<Item = Answer>) {
        self.state.lock().unwrap().next.extend(answers);
    }

    /// Without anything it takes what comes.
    pub fn always(&self, answer: Option<Answer>) {
        let mut state = self.state.lock().unwrap();
        state.next.clear();
        state.then = answer;
    }

    pub fn got(&self) -> Vec<Got> {
        self.state.lock().unwrap().got.clone()
    }

    pub fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }

    /// Of an endless answer.
    pub fn written(&self) -> usize {
        self.state.lock().unwrap().written
    }

    /// Until so many have come.
    pub async fn comes_to(&self, count: usize) {
        until(async || match self.got() {
            got if got.len() >= count => Ok(()),
            got => Err(format!("of {count} have come: {:?}", got.iter().map(Got::kind).collect::<Vec<_>>())),
        })
        .await;
    }

    /// Once so many have come; more would have come by then.
    pub async fn got_once(&self, count: usize) -> Vec<Got> {
        self.comes_to(count).await;
        rt::time::sleep(Duration::from_millis(400)).await;
        let got = self.got();
        let kinds: Vec<_> = got.iter().map(Got::kind).collect();
        assert_eq!(got.len(), count, "{kinds:?}");
        got
    }
}

async fn serve(caller: TcpStream, state: Arc<Mutex<State>>) {
    let (from, mut to) = caller.into_split();
    let mut from = BufReader::new(from);
    loop {
        let Some(got) = read(&mut from).await else { return };
        let answer = {
            let mut state = state.lock().unwrap();
            state.got.push(got);
            state.next.pop_front().or_else(|| state.then.clone()).unwrap_or(Answer::Status(200))
        };
        let (head, goes_on) = match &answer {
            Answer::Status(status) => (format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\n\r\n"), true),
            Answer::With(status, header, body) => (
                format!("HTTP/1.1 {status} X\r\n{header}\r\ncontent-length: {}\r\n\r\n{body}", body.len()),
                true,
            ),
            Answer::Hang => {
                rt::time::sleep(Duration::from_secs(3600)).await;
                return;
            }
            Answer::Cut => return,
            Answer::CutInBody => ("HTTP/1.1 200 X\r\ncontent-length: 100\r\n\r\ntaken".to_owned(), false),
            Answer::Endless => ("HTTP/1.1 200 X\r\ncontent-length: 10737418240\r\n\r\n".to_owned(), false),
            Answer::Slow => ("HTTP/1.1 200 X\r\ncontent-length: 1000\r\n\r\n".to_owned(), false),
        };
        if to.write_all(head.as_bytes()).await.is_err() {
            return;
        }
        match answer {
            Answer::Endless => {
                let some = vec![b'x'; 64 << 10];
                while to.write_all(&some).await.is_ok() {
                    state.lock().unwrap().written += some.len();
                }
            }
            Answer::Slow => {
                while to.write_all(b"s").await.is_ok() {
                    rt::time::sleep(Duration::from_millis(50)).await;
                }
            }
            _ => (),
        }
        if !goes_on {
            return;
        }
    }
}

async fn read(from: &mut (impl AsyncBufReadExt + Unpin)) -> Option<Got> {
    let mut headers = HeaderMap::new();
    let mut line = String::new();
    from.read_line(&mut line).await.ok().filter(|read| *read > 0)?;
    assert!(line.starts_with("POST /hook"), "{line}");
    loop {
        line.clear();
        from.read_line(&mut line).await.ok().filter(|read| *read > 0)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(HeaderName::try_from(name).unwrap(), HeaderValue::from_str(value).unwrap());
    }
    let length = headers.get("content-length")?.to_str().unwrap().parse().unwrap();
    let mut body = vec![0; length];
    from.read_exact(&mut body).await.ok()?;
    Some(Got { headers, body: String::from_utf8(body).unwrap() })
}
