//! Whom a grant acts for: rows of features that come after this one, which only their tables can show.

use diesel::{OptionalExtension, QueryableByName, sql_query, sql_types};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::{access::Role, error::Result, ids::InstitutionId, records::Tx};

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = sql_types::Text)]
    name: String,
}

/// The name of a role's subject, if it exists; of mentors only those of `within`, where that is given.
pub async fn subject_name(
    tx: &Tx<'_>,
    role: Role,
    subject: Uuid,
    within: Option<InstitutionId>,
) -> Result<Option<String>> {
    let named = match role.subject() {
        Some("mentor") => {
            "select full_name as name from mentors where id = $1 and ($2 is null or institution_id = $2)"
        }
        Some("institution") => "select name from institutions where id = $1 and $2 is null",
        Some("cooperative") => "select name from cooperatives where id = $1 and $2 is null",
        Some("person") => "select full_name as name from persons where id = $1 and $2 is null",
        _ => return Ok(None),
    };
    let query = sql_query(named).bind::<sql_types::Uuid, _>(subject);
    let query = query.bind::<sql_types::Nullable<sql_types::Uuid>, _>(within);
    let found: Option<Named> = query.get_result(&mut tx.sql()).await.optional()?;
    Ok(found.map(|found| found.name))
}
