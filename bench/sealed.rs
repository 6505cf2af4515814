//! What the city's people have that is sealed: by the service's own cipher, each with a key of their own,
//! so that every row can be read as any other.

use seribu::secrets::{BlindIndex, Keys, SubjectKey, mask};
use tokio_postgres::{
    Client,
    binary_copy::BinaryCopyInWriter,
    types::{ToSql, Type},
};
use uuid::Uuid;

use crate::Outcome;

const TABLE: &str = "create temp table sealed (kind text, n bigint, first_sealed bytea, first_index bytea, \
     first_masked text, phone_sealed bytea, phone_index bytea, wrapped bytea)";

/// Fills the temporary table `sealed`: with the NIK and phone of `persons` people, and the e-mail address
/// and phone of `mentors` mentors.
pub async fn fill(superuser: &Client, keys: &Keys, persons: u64, mentors: u64) -> Outcome {
    superuser.batch_execute(TABLE).await?;
    let copy = superuser.copy_in("copy sealed from stdin binary").await?;
    let types =
        [Type::TEXT, Type::INT8, Type::BYTEA, Type::BYTEA, Type::TEXT, Type::BYTEA, Type::BYTEA, Type::BYTEA];
    let mut rows = std::pin::pin!(BinaryCopyInWriter::new(copy, &types));
    let kinds = [
        Kind::new(keys, "person", "8002", ["persons.nik", "persons.phone"])?,
        Kind::new(keys, "mentor", "8004", ["mentors.email", "mentors.phone"])?,
    ];
    for (kind, count) in kinds.iter().zip([persons, mentors]) {
        for n in 1..=count {
            let row = kind.row(keys, n)?;
            let n = i64::try_from(n)?;
            let values: [&(dyn ToSql + Sync); 8] = [
                &kind.name,
                &n,
                &row.first.0,
                &row.first.1,
                &row.masked,
                &row.phone.0,
                &row.phone.1,
                &row.wrapped,
            ];
            rows.as_mut().write(&values).await?;
        }
    }
    rows.finish().await?;
    Ok(())
}

struct Kind {
    name: &'static str,
    id: &'static str,
    columns: [&'static str; 2],
    indexes: [BlindIndex; 2],
}

struct Row {
    first: (Vec<u8>, Vec<u8>),
    masked: Option<String>,
    phone: (Vec<u8>, Vec<u8>),
    wrapped: Vec<u8>,
}

impl Kind {
    fn new(keys: &Keys, name: &'static str, id: &'static str, columns: [&'static str; 2]) -> Outcome<Self> {
        let [first, phone] = columns;
        Ok(Self {
            name,
            id,
            columns,
            indexes: [BlindIndex::new(keys, first)?, BlindIndex::new(keys, phone)?],
        })
    }

    fn row(&self, keys: &Keys, n: u64) -> Outcome<Row> {
        let subject: Uuid = format!("01900000-0000-7000-{}-{}", self.id, 100_000_000_000 + n).parse()?;
        let key = SubjectKey::generate()?;
        let nik = (self.name == "person").then(|| nik(n));
        let first = nik.clone().unwrap_or_else(|| format!("pendamping{n}@contoh.example"));
        let ([first_column, phone_column], [first_index, phone_index]) = (self.columns, &self.indexes);
        let phone = format!("+6281{}", 100_000_000 + n);
        Ok(Row {
            first: (key.seal(subject, first_column, first.as_bytes())?, first_index.of(&first)),
            masked: nik.as_deref().map(mask),
            phone: (key.seal(subject, phone_column, phone.as_bytes())?, phone_index.of(&phone)),
            wrapped: key.wrap(keys, subject)?,
        })
    }
}

/// The NIK of nobody: the province is real, as the service demands, its region 99.99 is not. Ten billion
/// numbers by place in a calendar of 28 days, 12 months and 100 years, and a serial.
pub fn nik(n: u64) -> String {
    let (serial, rest) = (1 + n % 9_999, n / 9_999);
    let (day, month, year) = (1 + rest % 28, 1 + rest / 28 % 12, rest / (28 * 12) % 100);
    format!("369999{day:02}{month:02}{year:02}{serial:04}")
}
