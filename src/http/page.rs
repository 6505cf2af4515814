//! Lists by keyset: a page starts after the last row of the one before, so page 10,000 costs what
//! page 1 costs. The cursor is signed, and good only for the caller, list, filters and order it came from.

use std::rc::Rc;

use actix_web::{HttpMessage, HttpRequest, HttpResponse, Responder, body::BoxBody, http::header, web::Data};
use aws_lc_rs::hmac;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    access::token::Actor,
    db::{After, Order, Since},
    error::{ApiError, Result},
    http::{
        cursor,
        flaw::{Code, Flaw},
        view::View,
    },
    records::Record,
    worker::Worker,
};

/// A column that a list can be sorted by, never null, and its SQL type.
pub struct Sort(pub &'static str, pub &'static str);

/// Which rows of a list were asked for: how many, in which order, after which.
pub struct Window {
    limit: usize,
    sort: &'static Sort,
    descending: bool,
    after: Option<(String, Uuid)>,
    since: Option<DateTime<Utc>>,
    with_total: bool,
    bound_to: String,
    key: hmac::Key,
}

/// The parameters that every list takes.
const OWN: [&str; 5] = ["limit", "sort", "cursor", "updated_since", "with_total"];

impl Window {
    pub fn takes(part: &str) -> bool {
        OWN.iter().any(|name| part.strip_prefix(name).is_some_and(|rest| rest.starts_with('=')))
    }

    /// From its own parameters; what is wrong with them goes to `flaws`.
    pub fn read(
        request: &HttpRequest,
        parts: &[&str],
        filters: &[&str],
        sorts: &'static [Sort],
        flaws: &mut Vec<Flaw>,
    ) -> Option<Self> {
        let given = |name: &str| {
            parts
                .iter()
                .find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
                .filter(|value| !value.is_empty())
        };
        let names = || sorts.iter().map(|sort| sort.0).collect::<Vec<_>>().join(", ");
        let limit = given("limit").unwrap_or("50").parse().ok().filter(|limit| (1..=200).contains(limit));
        if limit.is_none() {
            flaws.push(Code::NotAllowed.of_parameter("limit", "1-200"));
        }
        let newest = format!("-{}", sorts.first()?.0);
        let wanted = given("sort").unwrap_or(&newest);
        let (column, descending) = wanted.strip_prefix('-').map_or((wanted, false), |column| (column, true));
        let sort = sorts.iter().find(|sort| sort.0 == column);
        if sort.is_none() {
            flaws.push(Code::NotAllowed.of_parameter("sort", names()));
        }
        let since = given("updated_since").map(|time| time.replace("%3A", ":").replace("%2B", "+"));
        let since = since.map(|time| DateTime::parse_from_rfc3339(&time).map(|time| time.to_utc()));
        if matches!(since, Some(Err(_))) {
            flaws.push(Code::BadFormat.of_parameter("updated_since", "2026-01-31T00:00:00Z"));
        }
        let with_total = given("with_total").unwrap_or("false").parse();
        if with_total.is_err() {
            flaws.push(Code::NotAllowed.of_parameter("with_total", "true, false"));
        }
        let key = request.app_data::<Data<Worker>>()?.cursor_key.clone();
        let caller =
            request.extensions().get::<Rc<Actor>>().map(|actor| format!("{} {}", actor.user, actor.party));
        let since_text = given("updated_since").unwrap_or_default();
        let bound_to = format!(
            "{} {}?{}&sort={wanted}&updated_since={since_text}",
            caller.unwrap_or_default(),
            request.path(),
            filters.join("&")
        );
        let after =
            given("cursor").map(|sent| serde_json::from_slice(&cursor::open(&key, &bound_to, sent)?).ok());
        if after == Some(None) {
            flaws.push(Code::BadCursor.of_parameter("cursor", ""));
        }
        Some(Self {
            limit: limit?,
            sort: sort?,
            descending,
            after: after.flatten(),
            since: since.and_then(Result::ok),
            with_total: with_total.unwrap_or_default(),
            bound_to,
            key,
        })
    }

    pub fn after(&self) -> After {
        After { order: self.order(), kind: self.sort.1, row: self.after.clone() }
    }

    pub fn since(&self) -> Since {
        Since(self.since)
    }

    pub fn order(&self) -> Order {
        Order { column: self.sort.0, descending: self.descending }
    }

    /// One more than the page holds, to know whether another follows.
    pub fn rows(&self) -> i64 {
        i64::try_from(self.limit).unwrap_or(i64::MAX).saturating_add(1)
    }

    pub fn wants_total(&self) -> bool {
        self.with_total
    }

    pub fn page<T: Record>(&self, mut rows: Vec<T>, total: Option<i64>) -> Page<T> {
        let more = rows.len() > self.limit;
        rows.truncate(self.limit);
        let last = if more { rows.last() } else { None };
        let next_cursor = last.map(|row| {
            let row_json = serde_json::to_value(row).unwrap_or_default();
            let value =
                row_json.get(self.sort.0).map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned));
            let position: (_, Uuid) = (value, row.id().into());
            cursor::seal(&self.key, &self.bound_to, &serde_json::to_vec(&position).unwrap_or_default())
        });
        Page { data: rows, next_cursor, total }
    }
}

#[derive(Serialize, ToSchema)]
pub struct Page<T> {
    pub data: Vec<T>,
    /// Send it back as `cursor` for the page that follows; null on the last.
    pub next_cursor: Option<String>,
    /// How many rows there are in all; only with `with_total=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
}

impl<T: Record> Responder for Page<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        body(&self, request)
            .map(|body| answer(request, body, self.next_cursor.as_deref()))
            .unwrap_or_else(HttpResponse::from_error)
    }
}

/// The page's JSON, each record as the caller may see it.
fn body<T: Record>(page: &Page<T>, request: &HttpRequest) -> Result<Vec<u8>> {
    let view = View::of_caller::<T>(request)?;
    let mut out = Vec::with_capacity(64 + 640 * page.data.len());
    out.extend_from_slice(b"{\"data\":[");
    for (at, record) in page.data.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        view.write(record, &mut out)?;
    }
    out.extend_from_slice(b"],\"next_cursor\":");
    serde_json::to_writer(&mut out, &page.next_cursor).map_err(ApiError::internal)?;
    if let Some(total) = page.total {
        out.extend_from_slice(format!(",\"total\":{total}").as_bytes());
    }
    out.push(b'}');
    Ok(out)
}

/// Reads the page that a window asks for, of the rows of a boxed query: `page!(access, window, rows(), X)`.
/// `rows` is asked twice where the total is wanted too. Where a table keeps a record otherwise than it is
/// shown, sealed for instance, `$row` is what it keeps and `$open` makes the record of it.
macro_rules! page {
    ($access:expr, $window:expr, $rows:expr, $record:ty) => {
        page!($access, $window, $rows, $record => Ok)
    };
    ($access:expr, $window:expr, $rows:expr, $row:ty => $open:expr) => {{
        let (window, reader) = (&$window, $access.worker.db.reader().await?);
        let page =
            $rows.filter(window.since()).filter(window.after()).order(window.order()).limit(window.rows());
        let page = page.select(<$row>::as_select()).load::<$row>(&mut &*reader).await?;
        let page = page.into_iter().map($open).collect::<$crate::error::Result<Vec<_>>>()?;
        let total = match window.wants_total() {
            true => Some($rows.filter(window.since()).count().get_result(&mut &*reader).await?),
            false => None,
        };
        Ok(window.page(page, total))
    }};
}
pub(crate) use page;

/// 200 with `body`, which shows a page, and a `Link` to the page that follows.
pub fn answer(request: &HttpRequest, body: Vec<u8>, next_cursor: Option<&str>) -> HttpResponse {
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CACHE_CONTROL, "private, no-cache"));
    answer.insert_header((header::VARY, "Authorization, Accept-Language"));
    if let Some(cursor) = next_cursor {
        let kept = request.query_string().split('&').filter(|p| !p.is_empty() && !p.starts_with("cursor="));
        let query: String = kept.map(|part| format!("{part}&")).collect();
        let next = format!("<{}?{query}cursor={cursor}>; rel=\"next\"", request.path());
        answer.insert_header((header::LINK, next));
    }
    answer.content_type("application/json").body(body)
}
