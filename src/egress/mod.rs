//! Requests to addresses that somebody else chose: a webhook's receiver.
//!
//! Who chooses the address must not reach through the service what only the service can reach. So only public
//! addresses are asked, by `https`, at few ports; a name is judged by the addresses that it resolves to at the very
//! connect; redirects are not followed, proxies not taken from the environment, and of an answer only the beginning
//! is read.

mod addresses;
mod target;

use std::{
    error::Error,
    fmt, io,
    net::{IpAddr, SocketAddr},
    sync::{Arc, OnceLock},
    time::Duration,
};

use actix_web::rt::time;
use futures_util::future::BoxFuture;
use reqwest::{
    Client, StatusCode,
    dns::{Addrs, Name, Resolve, Resolving},
    header::{HeaderMap, RETRY_AFTER},
    redirect,
};

pub use self::target::{Bounds, Refusal};

/// For all of it: connecting, sending, and the answer with its body.
const PATIENCE: Duration = Duration::from_secs(20);
const TO_CONNECT: Duration = Duration::from_secs(10);
/// So much of an answer is read.
pub const MOST: usize = 4 << 10;

/// From a name to addresses.
pub type Lookup = Arc<dyn Fn(String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> + Send + Sync>;

/// Shared by the workers of a process; cloning it is cheap.
#[derive(Clone)]
pub struct Egress {
    pub bounds: Arc<Bounds>,
    lookup: Lookup,
    patience: Duration,
    client: Arc<OnceLock<Client>>,
}

/// What came back, as far as it was read.
pub struct Answered {
    pub status: u16,
    pub retry_after: Option<String>,
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failed {
    /// The address may not be asked.
    Refused,
    /// Nobody there, or not who the certificate says.
    NotReached,
    TimedOut,
    /// The connection ended before there was a status.
    Cut,
}

impl Egress {
    pub fn new(bounds: Bounds) -> Self {
        Self::resolving_by(bounds, Arc::new(|name| Box::pin(look_up(name))))
    }

    pub fn resolving_by(bounds: Bounds, lookup: Lookup) -> Self {
        Self { bounds: Arc::new(bounds), lookup, patience: PATIENCE, client: Arc::default() }
    }

    pub fn patient_for(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// # Errors
    /// When there is no answer. One that is not read to its end in time is an answer all the same: its status came.
    pub async fn post(&self, url: &str, headers: HeaderMap, body: Vec<u8>) -> Result<Answered, Failed> {
        let url = self.bounds.target(url).ok_or(Failed::Refused)?;
        let request = self.client()?.post(url).headers(headers).body(body);
        let begun = time::Instant::now();
        let mut response = match time::timeout(self.patience, request.send()).await {
            Ok(response) => response.map_err(|error| why(&error))?,
            Err(_) => return Err(Failed::TimedOut),
        };
        let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        let mut answered = Answered {
            status: StatusCode::as_u16(&response.status()),
            retry_after: retry_after.map(str::to_owned),
            body: Vec::new(),
        };
        let read = async {
            while let Ok(Some(some)) = response.chunk().await {
                let left = MOST - answered.body.len();
                answered.body.extend(some.iter().take(left));
                if answered.body.len() == MOST {
                    break;
                }
            }
        };
        let _ = time::timeout(self.patience.saturating_sub(begun.elapsed()), read).await;
        Ok(answered)
    }

    /// Made at its first use: most processes and tests send nothing.
    fn client(&self) -> Result<Client, Failed> {
        if let Some(client) = self.client.get() {
            return Ok(client.clone());
        }
        let checked = Checked { bounds: self.bounds.clone(), lookup: self.lookup.clone() };
        let client = Client::builder()
            .dns_resolver(Arc::new(checked))
            .redirect(redirect::Policy::none())
            .no_proxy()
            .connect_timeout(TO_CONNECT)
            .pool_idle_timeout(Duration::from_secs(30))
            .user_agent(concat!("Seribu/", env!("CARGO_PKG_VERSION")))
            .build();
        let client = client.map_err(|error| {
            log::error!("nothing can be sent: {error:?}");
            Failed::NotReached
        })?;
        Ok(self.client.get_or_init(|| client).clone())
    }
}

fn why(error: &reqwest::Error) -> Failed {
    let mut source: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(one) = source {
        if one.is::<MayNotBeAsked>() {
            return Failed::Refused;
        }
        source = one.source();
    }
    match () {
        () if error.is_timeout() => Failed::TimedOut,
        () if error.is_connect() => Failed::NotReached,
        () => Failed::Cut,
    }
}

async fn look_up(name: String) -> io::Result<Vec<IpAddr>> {
    Ok(tokio::net::lookup_host((name, 0)).await?.map(|address| address.ip()).collect())
}

/// Answers only addresses that may be asked.
struct Checked {
    bounds: Arc<Bounds>,
    lookup: Lookup,
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let (bounds, found) = (self.bounds.clone(), (self.lookup)(name.as_str().to_owned()));
        Box::pin(async move {
            let mut found = found.await?;
            found.retain(|address| bounds.may_reach(*address));
            if found.is_empty() {
                return Err(MayNotBeAsked.into());
            }
            let addresses: Addrs = Box::new(found.into_iter().map(|address| SocketAddr::new(address, 0)));
            Ok(addresses)
        })
    }
}

#[derive(Debug)]
struct MayNotBeAsked;

impl fmt::Display for MayNotBeAsked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name leads to no address that may be asked")
    }
}

impl Error for MayNotBeAsked {}
