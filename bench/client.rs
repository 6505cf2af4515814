//! HTTP/1.1 over connections that stay open, as cheap as can be: the load shares the cores with what it
//! measures.

use std::{
    cell::RefCell,
    net::SocketAddr,
    rc::Rc,
    time::{Duration, Instant},
};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::spawn_local,
};

use crate::Outcome;

/// What one run has shown.
#[derive(Default, Clone)]
pub struct Load {
    pub done: u64,
    pub seconds: f64,
    /// In microseconds, sorted.
    pub latencies: Vec<u32>,
}

impl Load {
    pub fn rate(&self) -> f64 {
        self.done as f64 / self.seconds
    }

    /// In milliseconds.
    pub fn percentile(&self, percent: usize) -> f64 {
        let at = self.latencies.len().saturating_sub(1) * percent / 100;
        f64::from(self.latencies.get(at).copied().unwrap_or_default()) / 1000.0
    }
}

/// Writes the next request: the whole of it, as it goes out.
pub type Next = Box<dyn FnMut(&mut Vec<u8>)>;

/// Asks over so many connections at once, each as soon as it has its answer, which must have `status`.
pub async fn load(address: SocketAddr, time: Duration, status: u16, callers: Vec<Next>) -> Outcome<Load> {
    let latencies = Rc::new(RefCell::new(Vec::with_capacity(1 << 20)));
    let mut streams = Vec::new();
    for _ in &callers {
        streams.push(Connection::open(address).await?);
    }
    let begun = Instant::now();
    let ask = |(mut stream, mut next): (Connection, Next)| {
        let latencies = latencies.clone();
        spawn_local(async move {
            while begun.elapsed() < time {
                let asked = Instant::now();
                stream.out.clear();
                next(&mut stream.out);
                let answered = stream.exchange().await.map_err(|error| error.to_string())?;
                if answered != status {
                    return Err(format!("{answered}: {}", String::from_utf8_lossy(stream.answer())));
                }
                latencies.borrow_mut().push(u32::try_from(asked.elapsed().as_micros()).unwrap_or(u32::MAX));
            }
            Ok(())
        })
    };
    let asking: Vec<_> = streams.into_iter().zip(callers).map(ask).collect();
    for task in asking {
        task.await??;
    }
    let seconds = begun.elapsed().as_secs_f64();
    let mut latencies = latencies.take();
    latencies.sort_unstable();
    Ok(Load { done: latencies.len() as u64, seconds, latencies })
}

/// One request, and the body of its answer.
pub async fn once(address: SocketAddr, request: &[u8]) -> Outcome<(u16, Vec<u8>)> {
    let mut connection = Connection::open(address).await?;
    connection.out.extend_from_slice(request);
    let status = connection.exchange().await?;
    Ok((status, connection.answer().to_vec()))
}

pub async fn status(address: SocketAddr, path: &str) -> Option<u16> {
    let request = format!("GET {path} HTTP/1.1\r\nhost: bench\r\n\r\n");
    once(address, request.as_bytes()).await.ok().map(|(status, _)| status)
}

pub struct Connection {
    stream: TcpStream,
    pub out: Vec<u8>,
    read: Vec<u8>,
    body_at: usize,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, out: Vec::new(), read: Vec::with_capacity(64 << 10), body_at: 0 })
    }

    pub fn answer(&self) -> &[u8] {
        self.read.get(self.body_at..).unwrap_or_default()
    }

    /// Sends what stands in `out`, and reads the whole answer.
    pub async fn exchange(&mut self) -> Outcome<u16> {
        self.stream.write_all(&self.out).await?;
        self.read.clear();
        let mut whole = usize::MAX;
        while self.read.len() < whole {
            if self.stream.read_buf(&mut self.read).await? == 0 {
                return Err("the service has closed the connection".into());
            }
            if whole == usize::MAX
                && let Some((body_at, length)) = head(&self.read)
            {
                self.body_at = body_at;
                whole = body_at + length;
            }
        }
        let status = self.read.get(9..12).and_then(|digits| std::str::from_utf8(digits).ok());
        Ok(status.ok_or("no status line")?.parse()?)
    }
}

/// Where the body begins and how long it is, once the head is there.
fn head(read: &[u8]) -> Option<(usize, usize)> {
    let end = read.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(read.get(..end)?).ok()?;
    let length = head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    Some((end + 4, length.unwrap_or(0)))
}

/// A GET with a token.
pub fn get(path: &str, token: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\n\r\n").into_bytes()
}

/// A POST with a token.
pub fn post(path: &str, token: &str, body: &Value) -> Vec<u8> {
    let body = body.to_string();
    format!(
        "POST {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// A sequence of numbers that looks random and is always the same (xorshift64*).
#[derive(Clone)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// From 0 to below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16) % end.max(1)
    }
}
