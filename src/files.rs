//! Where files lie: in a folder of this machine, or in a bucket of a store that speaks S3. That of an attachment
//! is written once, whole, under its id, and never changed. A long one that is written while it is made, an export,
//! lies in parts: each is there whole or not at all, and what a killed process leaves is found by its name.
//!
//! The names begin with a word that follows from the keys of the installation: what lies in a folder or bucket
//! for another one is neither seen nor swept.

use std::{
    fs::DirBuilder, future::ready, ops::Range, os::unix::fs::DirBuilderExt, path::Path as Folder, sync::Arc,
    time::Duration as Pause,
};

use actix_web::web::Bytes;
use chrono::{DateTime, Duration, Utc};
use futures_util::{
    StreamExt, TryStreamExt,
    stream::{self, BoxStream},
};
use object_store::{
    ClientOptions, GetOptions, GetRange, ObjectMeta, ObjectStore, ObjectStoreExt, RetryConfig,
    aws::AmazonS3Builder, local::LocalFileSystem, path::Path, prefix::PrefixStore,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use crate::{
    digests::hex,
    error::{ApiError, Result},
    ids::AttachmentId,
    secrets::Keys,
};

/// Shared by the workers of a process; cloning it is cheap.
#[derive(Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    /// In bytes.
    pub largest: usize,
    /// How long a file is kept after its attachment was deleted.
    pub retention: Duration,
    room: Arc<Semaphore>,
}

/// What a bucket needs to be spoken to.
pub struct Bucket {
    /// `s3://bucket/prefix`
    pub url: String,
    pub region: String,
    /// Of a store that is not Amazon's.
    pub endpoint: Option<String>,
    pub access_key_id: String,
    pub secret_access_key: String,
}

/// How long the parts of a long file are.
pub const PART: u64 = 8 << 20;
/// The folder of long files.
const LONG: &str = "exports";

/// What uploads that are under way may hold in memory together: each holds what it has received so far.
const ROOM: usize = 256 << 20;

impl Files {
    pub const LARGEST: usize = 10 << 20;
    pub const RETENTION_DAYS: u16 = 30;

    /// The folder is made where it is missing, closed to others. What is written is on the disk before it is
    /// acknowledged.
    ///
    /// # Errors
    /// In words, where the folder cannot be used.
    pub fn in_folder(folder: &Folder, keys: &Keys) -> Result<Self, String> {
        let failed = |error: &dyn ToString| format!("{}: {}", folder.display(), error.to_string());
        // Other users of the machine have no business in it.
        let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.map_err(|error| failed(&error))?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(|error| failed(&error))?;
        Self::over(store.with_fsync(true), "", keys)
    }

    /// # Errors
    /// In words, where the settings do not name a bucket, or would send secrets over the network in clear.
    pub fn in_bucket(bucket: &Bucket, keys: &Keys) -> Result<Self, String> {
        let place = bucket.url.strip_prefix("s3://").unwrap_or_default();
        let (name, prefix) = place.split_once('/').unwrap_or((place, ""));
        if name.is_empty() {
            return Err(format!("{}: should be a folder, or s3://bucket/prefix", bucket.url));
        }
        let in_clear = bucket.endpoint.as_ref().is_some_and(|endpoint| endpoint.starts_with("http://"));
        if in_clear && !bucket.endpoint.as_deref().is_some_and(is_loopback) {
            return Err("AWS_ENDPOINT_URL: http:// is for this machine alone; use https://".into());
        }
        let options = ClientOptions::new()
            .with_allow_http(in_clear)
            .with_connect_timeout(Pause::from_secs(5))
            .with_timeout(Pause::from_secs(20));
        let retry =
            RetryConfig { max_retries: 3, retry_timeout: Pause::from_secs(20), ..RetryConfig::default() };
        let mut store = AmazonS3Builder::new()
            .with_bucket_name(name)
            .with_region(&bucket.region)
            .with_access_key_id(&bucket.access_key_id)
            .with_secret_access_key(&bucket.secret_access_key)
            .with_client_options(options)
            .with_retry(retry);
        if let Some(endpoint) = &bucket.endpoint {
            store = store.with_endpoint(endpoint);
        }
        Self::over(store.build().map_err(|error| error.to_string())?, prefix.trim_end_matches('/'), keys)
    }

    fn over(store: impl ObjectStore, prefix: &str, keys: &Keys) -> Result<Self, String> {
        let ours = keys.mac("attachments", "installation").map_err(|error| error.to_string())?;
        let ours: String = hex(&ours).chars().take(12).collect();
        let prefix = Path::parse(prefix).map_err(|error| error.to_string())?;
        let store = PrefixStore::new(store, prefix.join(ours.as_str()));
        Ok(Self {
            store: Arc::new(store),
            largest: Self::LARGEST,
            retention: Duration::days(Self::RETENTION_DAYS.into()),
            room: Arc::new(Semaphore::new(ROOM)),
        })
    }

    /// Whole and durable, or not at all.
    pub async fn put(&self, id: AttachmentId, file: Bytes) -> Result<()> {
        self.store.put(&name(id), file.into()).await.map(drop).map_err(unavailable)
    }

    /// The bytes as they come; of a range, those.
    pub async fn get(&self, id: AttachmentId, range: Option<Range<u64>>) -> Result<Stream> {
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        match self.store.get_opts(&name(id), options).await {
            Ok(found) => Ok(found.into_stream().boxed()),
            // Its row is there: that is ours to explain.
            Err(object_store::Error::NotFound { .. }) => Err(ApiError::internal(format!("no file {id}"))),
            Err(error) => Err(unavailable(error)),
        }
    }

    /// One that is gone already is gone.
    pub async fn remove(&self, id: AttachmentId) -> Result<()> {
        match self.store.delete(&name(id)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(unavailable(error)),
        }
    }

    /// Those of one folder that were written before a time.
    pub async fn written_before(&self, folder: u8, time: DateTime<Utc>) -> Result<Vec<AttachmentId>> {
        let mut old = Vec::new();
        let folder = Path::from(format!("{folder:02x}"));
        let mut all = self.store.list(Some(&folder));
        while let Some(found) = all.next().await {
            let found = found.map_err(unavailable)?;
            let id = found.location.filename().and_then(|name| Uuid::parse_str(name).ok());
            old.extend(id.filter(|_| found.last_modified < time).map(AttachmentId));
        }
        Ok(old)
    }

    /// All parts of a long file but the last are as long as `PART`.
    pub async fn put_part(&self, file: Uuid, number: u64, part: Bytes) -> Result<()> {
        self.store.put(&part_name(file, number), part.into()).await.map(drop).map_err(unavailable)
    }

    /// The bytes of a long file, of so many parts as the range has, opened one after the other.
    pub async fn get_parts(&self, file: Uuid, range: Range<u64>) -> Result<Stream> {
        let store = self.store.clone();
        let open = move |number: u64| {
            let (store, start) = (store.clone(), number * PART);
            let within = range.start.max(start) - start..range.end.min(start + PART) - start;
            let options = GetOptions { range: Some(GetRange::Bounded(within)), ..GetOptions::default() };
            async move { store.get_opts(&part_name(file, number), options).await.map(|part| part.into_stream()) }
        };
        let (first, end) = (range.start / PART, range.end.div_ceil(PART));
        if range.is_empty() {
            return Ok(stream::empty().boxed());
        }
        // What is not there is known before the answer begins.
        let begun = open(first).await.map_err(|error| match error {
            object_store::Error::NotFound { .. } => ApiError::internal(format!("no file {file}")),
            error => unavailable(error),
        })?;
        Ok(begun.chain(stream::iter(first + 1..end).then(open).try_flatten()).boxed())
    }

    pub async fn remove_parts(&self, file: Uuid) -> Result<()> {
        let folder = Path::from_iter([LONG, &file.to_string()]);
        self.remove_all(self.store.list(Some(&folder))).await
    }

    /// Parts that were written before a time, of whatever file.
    pub async fn remove_parts_before(&self, time: DateTime<Utc>) -> Result<()> {
        let old = self.store.list(Some(&Path::from(LONG)));
        let old = old.try_filter(move |found| ready(found.last_modified < time));
        self.remove_all(old.boxed()).await
    }

    async fn remove_all(&self, found: BoxStream<'_, object_store::Result<ObjectMeta>>) -> Result<()> {
        let removed = found.and_then(|found| async move {
            match self.store.delete(&found.location).await {
                Err(object_store::Error::NotFound { .. }) => Ok(()),
                removed => removed,
            }
        });
        removed.try_collect::<()>().await.map_err(unavailable)
    }

    /// For an upload that begins.
    pub fn room(&self) -> Room {
        Room { of: self.room.clone(), taken: None }
    }
}

pub type Stream = BoxStream<'static, object_store::Result<Bytes>>;

/// The memory that an upload takes, given back when it is dropped.
pub struct Room {
    of: Arc<Semaphore>,
    taken: Option<OwnedSemaphorePermit>,
}

impl Room {
    /// # Errors
    /// `Unavailable` while others hold all there is.
    pub fn take(&mut self, bytes: usize) -> Result<()> {
        let more =
            u32::try_from(bytes).ok().and_then(|bytes| self.of.clone().try_acquire_many_owned(bytes).ok());
        let more = more.ok_or(ApiError::Unavailable("too many uploads at once".into()))?;
        match &mut self.taken {
            Some(taken) => taken.merge(more),
            taken => *taken = Some(more),
        }
        Ok(())
    }
}

/// In folders by the end of the id, which is random: none of them grows large.
fn name(id: AttachmentId) -> Path {
    let id = id.to_string();
    let folder = id.get(id.len().saturating_sub(2)..).unwrap_or_default();
    Path::from_iter([folder, id.as_str()])
}

fn part_name(file: Uuid, number: u64) -> Path {
    Path::from_iter([LONG, &file.to_string(), &format!("{number:06}")])
}

fn is_loopback(url: &str) -> bool {
    let host = url.strip_prefix("http://").unwrap_or_default();
    ["127.0.0.1", "localhost", "[::1]"].iter().any(|here| {
        host.strip_prefix(here).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
    })
}

fn unavailable(error: object_store::Error) -> ApiError {
    ApiError::Unavailable(format!("the store of files: {error}").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_spoken_to_in_clear() {
        for here in ["http://127.0.0.1:5000", "http://localhost", "http://[::1]:9000/"] {
            assert!(is_loopback(here), "{here}");
        }
        for elsewhere in ["http://127.0.0.1.example:5000", "http://store.example", "https://127.0.0.1"] {
            assert!(!is_loopback(elsewhere), "{elsewhere}");
        }
    }

    #[test]
    fn room_that_is_taken_comes_back_and_more_than_there_is_is_refused() {
        let all = Arc::new(Semaphore::new(10));
        let room = || Room { of: all.clone(), taken: None };
        let (mut first, mut second) = (room(), room());
        assert!(first.take(4).is_ok() && first.take(4).is_ok() && second.take(3).is_err());
        drop(first);
        assert!(second.take(10).is_ok());
    }
}
