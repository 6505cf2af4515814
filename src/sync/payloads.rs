//! What clients ask and get, which of a run is also what the table keeps.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::Party,
    db::schema::sync_runs,
    exports::ExportDelimiter,
    http::{Filter, OneOf, Sort, problem::Problem},
    ids::{SyncRunId, UserId},
    records::{record, synced::Became},
    text_enum::text_enum,
};

text_enum! {
    SyncMode {
        Upsert = "upsert",
        Snapshot = "snapshot",
    }
}

text_enum! {
    SyncStatus {
        Running = "running",
        Complete = "complete",
        Stopped = "stopped",
    }
}

#[derive(Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SyncQuery {
    /// Whose ids they are: an institution's are its own by themselves, another system names itself.
    #[param(max_length = 40, example = "ut")]
    pub source: Option<String>,
    /// `snapshot` is the whole list: who is missing from it is let go.
    #[param(inline)]
    pub mode: Option<SyncMode>,
    /// Says what would become of each row, and writes nothing.
    #[param(default = false)]
    pub dry_run: Option<bool>,
    /// All rows, or none: nothing is answered until all are committed.
    #[param(default = false)]
    pub atomic: Option<bool>,
    /// How many may be let go; without it a tenth of the list, rounded down.
    #[param(minimum = 0, maximum = 200_000)]
    pub allow_removals: Option<usize>,
}

/// How many rows, and what became of them.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = sync_runs)]
#[schema(as = SyncSummary)]
pub struct Summary {
    /// Of the file, and who is missing from it.
    #[schema(example = 20)]
    pub rows: i64,
    #[schema(example = 18)]
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
    pub ended: i64,
    pub ending: i64,
    #[schema(example = 2)]
    pub rejected: i64,
}

impl Summary {
    pub fn and(&self, more: &Self) -> Self {
        Self {
            rows: self.rows + more.rows,
            created: self.created + more.created,
            updated: self.updated + more.updated,
            unchanged: self.unchanged + more.unchanged,
            ended: self.ended + more.ended,
            ending: self.ending + more.ending,
            rejected: self.rejected + more.rejected,
        }
    }

    pub fn count(&mut self, became: Became) {
        self.rows += 1;
        *match became {
            Became::Created => &mut self.created,
            Became::Updated => &mut self.updated,
            Became::Unchanged => &mut self.unchanged,
            Became::Ended => &mut self.ended,
            Became::Ending => &mut self.ending,
            Became::Rejected => &mut self.rejected,
        } += 1;
    }
}

/// What became of one row.
#[derive(Serialize, ToSchema)]
#[schema(as = SyncLine)]
pub struct Line<'a> {
    /// Of the file; of a JSON array, which of its elements; none of who is missing from it.
    #[schema(example = 2)]
    pub line: Option<u64>,
    #[schema(example = "P-00017")]
    pub external_id: Option<&'a str>,
    pub result: Became,
    pub id: Option<Uuid>,
    /// The fields that are otherwise since.
    #[schema(example = json!(["full_name"]))]
    pub changed: &'a [String],
    /// The fields that the row says otherwise, and that others keep: they stay.
    #[schema(example = json!([]))]
    pub kept: &'a [String],
    /// Why it was rejected; its pointers lead into the row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}

/// The last line. An answer without it broke off: send the same file again, with the same `Idempotency-Key`.
#[derive(Serialize, ToSchema)]
#[schema(as = SyncEnd)]
pub struct End {
    pub summary: Summary,
    pub run: SyncRunId,
    /// All rows are done. Else it says why not, and up to which line they are.
    #[schema(example = true)]
    pub complete: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped_at_line: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}

/// A line of an answer.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "its schema is read, never a value")]
pub enum SyncAnswer<'a> {
    Row(Line<'a>),
    End(End),
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct TableQuery {
    /// Between the cells.
    #[param(inline)]
    delimiter: Option<ExportDelimiter>,
    /// A byte order mark, by which Excel knows that it is UTF-8.
    pub bom: Option<bool>,
}

impl TableQuery {
    pub fn delimiter(&self) -> u8 {
        if self.delimiter == Some(ExportDelimiter::Semicolon) { b';' } else { b',' }
    }
}

/// A row that was refused, as it was sent.
#[derive(Serialize, Deserialize)]
pub struct Refused {
    pub line: u64,
    pub said: serde_json::Map<String, Value>,
    pub why: String,
}

#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = sync_runs)]
pub struct SyncRun {
    pub id: SyncRunId,
    #[schema(example = "mentors")]
    pub resource: String,
    #[schema(example = "ut")]
    pub source: String,
    pub mode: SyncMode,
    pub dry_run: bool,
    pub atomic: bool,
    #[schema(example = "text/csv")]
    pub media_type: String,
    /// Of the file, unpacked.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub sha256: String,
    #[schema(example = 2048)]
    pub size_bytes: i64,
    /// For whom it was synced.
    #[schema(example = "institution:01948f5e-7a00-7000-8000-000000000001")]
    pub party: String,
    pub actor_id: UserId,
    #[schema(example = "ut-sync")]
    pub client_id: String,
    pub status: SyncStatus,
    #[serde(flatten)]
    #[diesel(embed)]
    pub summary: Summary,
    /// The last line that is done.
    #[schema(example = 21)]
    pub done_line: i64,
    /// Why it stopped.
    pub problem: Option<String>,
    #[schema(example = 180)]
    pub duration_ms: Option<i64>,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(SyncRun: SyncRunId, "sync_run", ReadSyncRuns {
    fn named(&self) -> Vec<Party> {
        Party::parse(&self.party).into_iter().collect()
    }
});

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct SyncRunFilter {
    #[param(inline)]
    pub resource: Option<OneOf<String>>,
    #[param(inline)]
    pub status: Option<OneOf<SyncStatus>>,
}

impl Filter for SyncRunFilter {
    const SORTS: &'static [Sort] = &[Sort("created_at", "timestamptz"), Sort("updated_at", "timestamptz")];
}
