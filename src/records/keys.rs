//! The key of each subject of personal data. It stands in a table of its own, wrapped by the service's
//! key, so that destroying one row makes all that was ever encrypted with it unreadable: values, events.

use std::{collections::HashMap, rc::Rc};

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{Array, Bytea, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::{
    access::Access,
    db::schema::subject_keys,
    error::{ApiError, Result},
    records::tx::Tx,
    secrets::SubjectKey,
    worker::Worker,
};

impl Tx<'_> {
    /// A key for a new subject.
    pub async fn new_subject(&self, subject: Uuid) -> Result<Rc<SubjectKey>> {
        let key = Rc::new(SubjectKey::generate().map_err(ApiError::internal)?);
        let wrapped = key.wrap(&self.worker.keys, subject).map_err(ApiError::internal)?;
        self.keys.borrow_mut().insert(subject, key.clone());
        let row = (subject_keys::subject_id.eq(subject), subject_keys::wrapped.eq(wrapped));
        diesel::insert_into(subject_keys::table).values(row).execute(&mut self.sql()).await?;
        Ok(key)
    }

    /// Keys for many new subjects, in one statement.
    pub async fn new_subjects(&self, subjects: &[Uuid]) -> Result<()> {
        if subjects.is_empty() {
            return Ok(());
        }
        let mut wrapped = Vec::with_capacity(subjects.len());
        for subject in subjects {
            let key = SubjectKey::generate().map_err(ApiError::internal)?;
            wrapped.push(key.wrap(&self.worker.keys, *subject).map_err(ApiError::internal)?);
            self.keys.borrow_mut().insert(*subject, Rc::new(key));
        }
        let insert = "insert into subject_keys (subject_id, wrapped) select * from unnest($1, $2)";
        let insert = sql_query(insert).bind::<Array<SqlUuid>, _>(subjects).bind::<Array<Bytea>, _>(wrapped);
        insert.execute(&mut self.sql()).await?;
        Ok(())
    }

    /// Looks up the keys of many subjects that have one, so that none is asked for alone.
    pub async fn meet_subjects(&self, subjects: &[Uuid]) -> Result<()> {
        if subjects.is_empty() {
            return Ok(());
        }
        let rows = subject_keys::table.filter(subject_keys::subject_id.eq_any(subjects));
        let rows: Vec<(Uuid, Vec<u8>)> = rows.load(&mut self.sql()).await?;
        for (subject, wrapped) in rows {
            let key = SubjectKey::unwrap(&wrapped, &self.worker.keys, subject).map_err(ApiError::internal)?;
            self.keys.borrow_mut().insert(subject, Rc::new(key));
        }
        Ok(())
    }

    /// The key of a subject that may have one already; made where not.
    pub async fn subject_key(&self, subject: Uuid) -> Result<Rc<SubjectKey>> {
        if let Some(key) = self.keys.borrow().get(&subject) {
            return Ok(key.clone());
        }
        let wrapped = subject_keys::table.find(subject).select(subject_keys::wrapped);
        let wrapped: Option<Vec<u8>> = wrapped.first(&mut self.sql()).await.optional()?;
        let Some(wrapped) = wrapped else { return self.new_subject(subject).await };
        let key = SubjectKey::unwrap(&wrapped, &self.worker.keys, subject).map_err(ApiError::internal)?;
        let key = Rc::new(key);
        self.keys.borrow_mut().insert(subject, key.clone());
        Ok(key)
    }
}

impl Access {
    /// The keys of some subjects; one that was destroyed is missing.
    pub async fn subject_keys(&self, subjects: &[Uuid]) -> Result<HashMap<Uuid, SubjectKey>> {
        of_subjects(&self.worker, subjects).await
    }
}

/// The same for a gathered read, which has no one caller.
pub async fn of_subjects(worker: &Worker, subjects: &[Uuid]) -> Result<HashMap<Uuid, SubjectKey>> {
    if subjects.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = subject_keys::table.filter(subject_keys::subject_id.eq_any(subjects));
    let rows: Vec<(Uuid, Vec<u8>)> = rows.load(&mut &*worker.db.reader().await?).await?;
    let open = |(subject, wrapped): (Uuid, Vec<u8>)| {
        let key = SubjectKey::unwrap(&wrapped, &worker.keys, subject);
        key.map(|key| (subject, key)).map_err(ApiError::internal)
    };
    rows.into_iter().map(open).collect()
}
