//! The rows that one registration leaves, found in the tables after a real one, as the statements that
//! insert the like of them bare.

use tokio_postgres::Client;

use crate::{
    Outcome,
    baseline::{Baseline, Number, Script},
};

/// The rows of one real write.
pub struct Written {
    rows: Vec<Row>,
    /// What stands for each id, in the order of `rows`.
    ids: Vec<String>,
}

struct Row {
    table: &'static str,
    /// Name, type, and the value as text.
    columns: Vec<(String, String, Option<String>)>,
}

/// Values that no two rows share, and what a new row has instead.
const UNIQUE: [(&str, &str, &str); 3] = [
    ("businesses", "number", "('UMKM-{t}-' || {n})"),
    ("persons", "nik_index", "sha256(convert_to('{t}' || {n}, 'UTF8'))"),
    ("idempotency_keys", "id", "sha256(convert_to('{t}' || {n}, 'UTF8'))"),
];

impl Written {
    /// Of the business, and of its owner, who is new.
    pub async fn by(superuser: &Client, business: &str) -> Outcome<Self> {
        let found =
            format!("select id::text, person_id::text from business_roles where business_id = '{business}'");
        let role = superuser.query_one(&found, &[]).await?;
        let (role, person): (String, String) = (role.get(0), role.get(1));
        let about = format!("subject_id in ('{business}', '{person}', '{role}')");
        let wanted = [
            ("businesses", format!("id = '{business}'")),
            ("persons", format!("id = '{person}'")),
            ("subject_keys", format!("subject_id in ('{business}', '{person}')")),
            ("business_roles", format!("id = '{role}'")),
            ("business_shares", format!("business_id = '{business}'")),
            ("events", about.clone()),
            ("idempotency_keys", "created_at = (select max(created_at) from idempotency_keys)".to_owned()),
        ];
        let mut rows = Vec::new();
        for (table, which) in wanted {
            rows.extend(read(superuser, table, &which).await?);
        }
        let mut ids = vec![business.to_owned(), person, role];
        let events = format!("select id::text from events where {about} order by position");
        ids.extend(superuser.query(&events, &[]).await?.iter().map(|row| row.get::<_, String>(0)));
        Ok(Self { rows, ids })
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Inserts such rows, as they would come `at` a time; `few` leaves out all events but the business's
    /// own, and the share.
    pub fn bare(&self, at: &str, few: bool) -> Baseline {
        let business = self.ids.first().map(String::as_str);
        let left_out = |row: &&Row| {
            let of_other = row.table == "events" && row.value("subject_id") != business;
            few && (of_other || row.table == "business_shares")
        };
        let rows = self.rows.iter().filter(|row| !left_out(row));
        let inserts = rows.map(|row| row.insert(&self.ids).replace("{t}", at));
        let statements = ["begin".to_owned()].into_iter().chain(inserts).chain(["commit".to_owned()]);
        Baseline {
            scripts: vec![Script { weight: 1, statements: statements.collect() }],
            number: Number::New,
        }
    }

    /// Removes what `bare` has inserted, of any time after `at`.
    pub async fn remove(&self, superuser: &Client, at: &str) -> Outcome {
        let kept = self.rows.iter().find(|row| row.table == "idempotency_keys");
        let kept = kept.and_then(|row| row.value("created_at")).ok_or("no answer was kept")?;
        let between =
            |column: &str| format!("{column} between '{at}-8001-000000000000' and '{at}-80ff-ffffffffffff'");
        superuser.batch_execute("set session_replication_role = replica").await?;
        for (table, which) in [
            ("businesses", between("id")),
            ("persons", between("id")),
            ("subject_keys", between("subject_id")),
            ("business_roles", between("id")),
            ("business_shares", between("business_id")),
            ("event_about", between("record_id")),
            ("events", between("id")),
            ("idempotency_keys", format!("created_at = '{kept}'")),
        ] {
            superuser.batch_execute(&format!("delete from {table} where {which}")).await?;
        }
        superuser.batch_execute("reset session_replication_role").await?;
        superuser.batch_execute("vacuum analyze").await?;
        Ok(())
    }
}

async fn read(superuser: &Client, table: &'static str, which: &str) -> Outcome<Vec<Row>> {
    // What the table makes by itself is left to it, here as in the service.
    let columns = format!(
        "select attname, format_type(atttypid, atttypmod) from pg_attribute where attrelid = '{table}'::regclass \
         and attnum > 0 and not attisdropped and attgenerated = '' and attname <> 'position' order by attnum"
    );
    let columns = superuser.query(&columns, &[]).await?;
    let columns: Vec<(String, String)> = columns.iter().map(|row| (row.get(0), row.get(1))).collect();
    let texts: Vec<_> = columns.iter().map(|(name, _)| format!("{name}::text")).collect();
    let rows =
        superuser.query(&format!("select {} from {table} where {which}", texts.join(", ")), &[]).await?;
    let row = |row: &tokio_postgres::Row| {
        let values = columns.iter().enumerate();
        let values = values.map(|(at, (name, of))| (name.clone(), of.clone(), row.get(at)));
        Row { table, columns: values.collect() }
    };
    Ok(rows.iter().map(row).collect())
}

impl Row {
    fn value(&self, column: &str) -> Option<&str> {
        let found = self.columns.iter().find(|(name, ..)| name == column);
        found.and_then(|(_, _, value)| value.as_deref())
    }

    fn insert(&self, ids: &[String]) -> String {
        let names: Vec<_> = self.columns.iter().map(|(name, ..)| name.as_str()).collect();
        let value = |(name, of, value): &(String, String, Option<String>)| {
            let unique = UNIQUE.iter().find(|(table, column, _)| *table == self.table && column == name);
            match (unique, value) {
                (Some((_, _, new)), _) => (*new).to_owned(),
                (None, Some(value)) => format!("{}::{of}", literal(value, ids)),
                (None, None) => "null".to_owned(),
            }
        };
        let values: Vec<_> = self.columns.iter().map(value).collect();
        format!("insert into {} ({}) values ({})", self.table, names.join(", "), values.join(", "))
    }
}

/// A text with new ids in the place of those that were found. (A colon would begin a variable of pgbench,
/// a brace one of ours.)
fn literal(value: &str, ids: &[String]) -> String {
    let mut text =
        value.replace('\\', "\\\\").replace('\'', "''").replace(':', "\\x3a").replace('{', "\\x7b");
    for (at, id) in ids.iter().enumerate() {
        text = text.replace(id.as_str(), &format!("{{t}}-{}-' || {{n}} || E'", 8001 + at));
    }
    format!("(E'{text}')")
}
