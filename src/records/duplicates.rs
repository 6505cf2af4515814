//! Records that may be the same as another: told to who makes one, and to who asks.

use std::rc::Rc;

use chrono::{DateTime, Utc};
use diesel::{
    Queryable,
    sql_types::{Array, Double, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    access::{Access, Party, Permission, Reach},
    db::{AboutOne, Connection},
    error::Result,
    ids::BusinessId,
    records::{Mergeable, Record},
    text_enum::text_enum,
};

text_enum! {
    #[schema(as = DuplicateReason)]
    Reason {
        AlikeName = "alike_name",
        AlikeNameSameVillage = "alike_name_same_village",
        SameEmail = "same_email",
        SameNib = "same_nib",
        SamePhone = "same_phone",
    }
}

/// A record that may be the same.
#[derive(Debug, Serialize, ToSchema)]
pub struct PossibleDuplicate {
    pub id: Uuid,
    /// How likely: 1 is as good as certain.
    #[schema(example = 0.8)]
    score: f64,
    reasons: Vec<Reason>,
}

/// The likeliest first, twenty at most.
#[derive(Debug, Serialize, ToSchema)]
pub struct PossibleDuplicates {
    pub data: Vec<PossibleDuplicate>,
}

/// A record as its creation answers it.
#[derive(Serialize, ToSchema)]
pub struct Registered<T: Record> {
    #[serde(flatten)]
    #[schema(value_type = T)]
    pub record: Rc<T>,
    /// Those among the records that you may see that may be the same; look at `…/duplicates`.
    pub possible_duplicates: Vec<Uuid>,
}

impl<T: Record> Registered<T> {
    pub fn new(record: Rc<T>, duplicates: Vec<PossibleDuplicate>) -> Rc<Self> {
        let possible_duplicates = duplicates.into_iter().map(|duplicate| duplicate.id).collect();
        Rc::new(Self { record, possible_duplicates })
    }
}

impl<T: Record> Record for Registered<T> {
    type Id = T::Id;
    const KIND: &'static str = T::KIND;
    const READ: Permission = T::READ;
    const PERSONAL: &'static [&'static str] = T::PERSONAL;

    fn id(&self) -> T::Id {
        self.record.id()
    }
    fn version(&self) -> i64 {
        self.record.version()
    }
    fn updated_at(&self) -> DateTime<Utc> {
        self.record.updated_at()
    }
    fn business(&self) -> Option<BusinessId> {
        self.record.business()
    }
    fn named(&self) -> Vec<Party> {
        self.record.named()
    }
}

#[derive(Queryable)]
struct Alike {
    id: Uuid,
    score: f64,
    reasons: Vec<String>,
}

/// The records within reach that may be the same as this one.
pub async fn of<T: Mergeable>(
    access: &Access,
    mut sql: &Connection,
    id: T::Id,
) -> Result<Vec<PossibleDuplicate>> {
    let query = format!(
        "select a.id, max(a.score)::double precision as score, array_agg(distinct a.reason) as reasons
         from ({alike}) a (id, score, reason) join {table} t on t.id = a.id
         where a.id <> $1 and t.merged_into is null
         group by a.id order by 2 desc, 1 limit 20",
        alike = T::ALIKE,
        table = T::TABLE,
    );
    let query = AboutOne::<(SqlUuid, Double, Array<Text>)>::new(query, id.into());
    let mut rows: Vec<Alike> = query.load(&mut sql).await?;
    if !rows.is_empty() && access.reach != Reach::All {
        let ids: Vec<_> = rows.iter().map(|row| T::Id::from(row.id)).collect();
        let seen = T::fetch(&access.worker, access.reach, &ids).await?;
        rows.retain(|row| seen.iter().any(|one| one.id().into() == row.id));
    }
    let named = |text: String| Reason::ALL.iter().copied().find(|reason| reason.as_str() == text);
    let shown = |Alike { id, score, reasons }| {
        let reasons = reasons.into_iter().filter_map(named).collect();
        PossibleDuplicate { id, score, reasons }
    };
    Ok(rows.into_iter().map(shown).collect())
}
