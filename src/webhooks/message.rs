//! A message, as the specification has it: an id, a type, a time, and data; and its signature.

use chrono::{DateTime, SecondsFormat, Utc};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use serde_json::{Map, Value, json};

use super::{payloads::Payload, secret, store::Sending};
use crate::{
    changes::Change,
    error::{ApiError, Result},
    ids::EventId,
    worker::Worker,
};

/// What a thin message says of a change.
const THIN: &[&str] =
    &["id", "type", "resource", "subject_id", "subject_version", "occurred_at", "tombstone"];

pub struct Message {
    /// In each attempt and replay the same.
    pub id: EventId,
    pub kind: String,
    pub body: Value,
}

impl Message {
    pub fn of(change: Change, payload: Payload) -> Result<Self> {
        let (id, kind, at) = (change.id, change.kind.clone(), change.occurred_at);
        let mut data = serde_json::to_value(change).map_err(ApiError::internal)?;
        if let (Payload::Thin, Some(members)) = (payload, data.as_object_mut()) {
            members.retain(|name, _| THIN.contains(&name.as_str()));
        }
        Ok(Self::new(id, kind, at, data))
    }

    /// Which says nothing but that it is one.
    pub fn test(id: EventId, to: &Sending, now: DateTime<Utc>) -> Self {
        Self::new(id, "webhook.test".to_owned(), now, json!({ "id": id, "webhook_id": to.id }))
    }

    fn new(id: EventId, kind: String, at: DateTime<Utc>, data: Value) -> Self {
        let mut body = Map::new();
        body.insert("type".into(), kind.clone().into());
        body.insert("timestamp".into(), at.to_rfc3339_opts(SecondsFormat::AutoSi, true).into());
        body.insert("data".into(), data);
        Self { id, kind, body: body.into() }
    }

    /// As it is sent at a time.
    pub fn signed(&self, worker: &Worker, to: &Sending, now: DateTime<Utc>) -> Result<(HeaderMap, Vec<u8>)> {
        let body = serde_json::to_vec(&self.body).map_err(ApiError::internal)?;
        let (id, timestamp) = (self.id.to_string(), now.timestamp().to_string());
        let head = format!("{id}.{timestamp}.");
        let signature = secret::signatures(worker, to.id, &to.secrets(now), &[head.as_bytes(), &body])?;
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        for (name, value) in
            [("webhook-id", id), ("webhook-timestamp", timestamp), ("webhook-signature", signature)]
        {
            headers.insert(name, HeaderValue::from_str(&value).map_err(ApiError::internal)?);
        }
        Ok((headers, body))
    }
}
