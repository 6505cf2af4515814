//! What goes on in a business and would be lost sight of if it closed.

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use serde_json::json;
use uuid::Uuid;

use crate::{
    error::{ApiError, Result},
    ids::BusinessId,
    records::Tx,
};

#[derive(QueryableByName)]
struct Open {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// Hand-overs that nobody has taken are none of it: they are cancelled with the business.
const OPEN: &str = "
    select 'mentorship' as kind, id from mentorships where business_id = $1 and is_open
    union all
    select 'participant', id from participants where business_id = $1 and status in ('invited', 'accepted')
    union all
    select 'hand_over', id from hand_overs where business_id = $1 and status = 'taken'
    union all
    select 'capital_referral', id from capital_referrals
    where business_id = $1 and status not in ('not_recommended', 'rejected', 'closed', 'withdrawn')
    union all
    select 'certification', id from certifications where business_id = $1 and status in ('planned', 'applied')
    union all
    select 'enrollment', id from enrollments
    where business_id = $1 and status in ('applied', 'verified', 'returned')
    order by kind, id";

/// Of a business whose row is held: none of it begins meanwhile.
///
/// # Errors
/// `Blocked` with the list.
pub async fn must_be_done(tx: &Tx<'_>, business: BusinessId) -> Result<()> {
    let query = sql_query(OPEN).bind::<SqlUuid, _>(business.0);
    let open: Vec<Open> = query.load(&mut tx.sql()).await?;
    match open.as_slice() {
        [] => Ok(()),
        open => {
            let by = open.iter().map(|work| json!({ "type": work.kind, "id": work.id })).collect();
            Err(ApiError::Blocked { code: "open_work", by })
        }
    }
}
