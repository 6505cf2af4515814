//! What clients send and get, which is also what the table keeps.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::super::form::{ExportDelimiter, ExportFormat};
use crate::{
    access::Role,
    accounts::{Grant, Session},
    db::schema::export_jobs,
    http::{Filter, OneOf, Sort},
    ids::{ExportJobId, UserId},
    records::record,
    text_enum::text_enum,
};

text_enum! {
    #[schema(as = ExportStatus)]
    Status {
        Queued = "queued",
        Running = "running",
        Complete = "complete",
        Failed = "failed",
        Expired = "expired",
    }
}

text_enum! {
    #[schema(as = ExportFailure)]
    Failure {
        NoLongerAllowed = "no_longer_allowed",
        NotWritten = "not_written",
    }
}

/// What is to be written, and how.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable)]
#[diesel(table_name = export_jobs, treat_none_as_default_value = false)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateExport)]
pub struct ExportFields {
    /// As in `/v1/exports/{resource}`.
    #[schema(format = "code", max_length = 40, example = "businesses")]
    pub resource: String,
    #[serde(default = "ndjson")]
    #[schema(default = "ndjson")]
    pub format: ExportFormat,
    /// Of CSV: between its cells.
    #[schema(example = json!(null))]
    pub delimiter: Option<ExportDelimiter>,
    /// Of CSV: a byte order mark, by which Excel knows that it is UTF-8.
    #[schema(example = json!(null))]
    pub bom: Option<bool>,
}

fn ndjson() -> ExportFormat {
    ExportFormat::Ndjson
}

/// An export that is written into the store of files, and how far that has come.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = export_jobs)]
pub struct ExportJob {
    pub id: ExportJobId,
    #[serde(flatten)]
    #[diesel(embed)]
    pub fields: ExportFields,
    pub status: Status,
    /// Why there is no file.
    pub failure: Option<Failure>,
    /// How many records are written.
    #[schema(example = 12500)]
    pub done: i64,
    /// Of how many, once it is being written.
    #[schema(example = 48213)]
    pub total: Option<i64>,
    #[schema(example = 31873021)]
    pub size_bytes: Option<i64>,
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub sha256: Option<String>,
    pub finished_at: Option<DateTime<Utc>>,
    /// When the file is destroyed.
    pub expires_at: Option<DateTime<Utc>>,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    #[serde(skip)]
    #[diesel(embed)]
    pub asker: Asker,
    #[serde(skip)]
    pub file_id: Option<Uuid>,
    #[serde(skip)]
    pub attempts: i32,
}

/// Who asked, as the token said.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = export_jobs)]
pub struct Asker {
    user_id: UserId,
    client_id: String,
    role: Role,
    rows_as: Role,
    subject_id: Option<Uuid>,
    scope: String,
}

impl Asker {
    pub fn session(&self) -> Session {
        Session {
            user: self.user_id,
            client: self.client_id.clone(),
            grant: Grant { role: self.role, subject_id: self.subject_id },
            rows_as: Some(self.rows_as),
            scope: self.scope.clone(),
        }
    }
}

record!(ExportJob: ExportJobId, "export", ReadExports {
    const SHOWN_WHOLE: bool = true;
});

/// The same, with where its file can be fetched without a log-in.
#[derive(Serialize, ToSchema)]
pub struct LinkedExportJob {
    #[serde(flatten)]
    pub job: ExportJob,
    /// The path of the file, below the address of this service, for whoever has it: a browser, a program without a
    /// token. Each time another; null while there is no file.
    #[schema(example = "/exports/k7qm2xtd9rwak7qm2xtd9rwak7qm2xtd")]
    pub url: Option<String>,
    pub url_expires_at: Option<DateTime<Utc>>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ExportJobFilter {
    #[param(inline)]
    pub resource: Option<OneOf<String>>,
    #[param(inline)]
    pub status: Option<OneOf<Status>>,
}

impl Filter for ExportJobFilter {
    const SORTS: &'static [Sort] = &[Sort("created_at", "timestamptz"), Sort("updated_at", "timestamptz")];
}
