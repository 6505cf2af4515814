//! The pages of a list, as any client finds them: by the cursors that the service gives.

use std::net::SocketAddr;

use serde_json::Value;

use crate::{
    Outcome,
    client::{Connection, get},
};

/// A page of 50 deep in a list.
pub struct Deep {
    /// The first is 1.
    pub page: u64,
    pub path: String,
}

/// Walks through a list, 200 at a time, as long as a page of 50 follows and `pages` are not reached.
pub async fn walk(address: SocketAddr, token: &str, path: &str, pages: u64) -> Outcome<Deep> {
    let mut connection = Connection::open(address).await?;
    let mut deep = Deep { page: 1, path: path.to_owned() };
    let mut page = 1;
    let join = if path.contains('?') { '&' } else { '?' };
    let mut cursor: Option<String> = None;
    loop {
        let after = cursor.as_ref().map_or(String::new(), |cursor| format!("&cursor={cursor}"));
        connection.out = get(&format!("{path}{join}limit=200{after}"), token);
        let status = connection.exchange().await?;
        if status != 200 {
            return Err(format!("{path}: {status}").into());
        }
        let answer: Value = serde_json::from_slice(connection.answer())?;
        let shown = answer.get("data").and_then(Value::as_array).map_or(0, Vec::len);
        if shown >= 50
            && let Some(cursor) = &cursor
        {
            deep = Deep { page, path: format!("{path}{join}cursor={cursor}") };
        }
        cursor = answer.get("next_cursor").and_then(Value::as_str).map(str::to_owned);
        if shown < 200 || cursor.is_none() || page > pages {
            return Ok(deep);
        }
        page += 4;
    }
}
