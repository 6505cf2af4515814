//! A city that is always the same: its size and its seed decide every row.

use std::time::Instant;

use tokio_postgres::Client;
use uuid::Uuid;

use crate::{Outcome, sealed, server::Servers};

pub struct City {
    pub businesses: u64,
    /// Where and what, by how many businesses are that.
    pub pairs: Vec<Pair>,
    /// Mentors who see a full page of businesses of one place and trade.
    pub mentors: Vec<(Uuid, Pair)>,
    pub bytes: i64,
}

#[derive(Clone, Debug)]
pub struct Pair {
    pub district: String,
    pub subsector: String,
    pub count: u64,
}

impl City {
    /// Fills the empty tables, unless an earlier run has.
    pub async fn fill(servers: &Servers, businesses: u64, seed: u32) -> Outcome<Self> {
        let superuser = servers.superuser().await?;
        let there: i64 = superuser
            .query_one(
                "select count(*) from businesses where id < '01900000-0000-7000-8002-000000000000'",
                &[],
            )
            .await?
            .get(0);
        match u64::try_from(there)? {
            0 => make(&superuser, servers, businesses, seed).await?,
            there if there == businesses => eprintln!("a city of {there} is there"),
            there => return Err(format!("a city of {there} is there, not of {businesses}").into()),
        }
        Self::read(&superuser, businesses).await
    }

    async fn read(superuser: &Client, businesses: u64) -> Outcome<Self> {
        let pairs = "select district_code, subsector, count(*) from businesses \
             where id < '01900000-0000-7000-8002-000000000000' group by 1, 2 order by 3 desc, 1, 2";
        let mut city = Self { businesses, pairs: vec![], mentors: vec![], bytes: 0 };
        for row in superuser.query(pairs, &[]).await? {
            let count = u64::try_from(row.get::<_, i64>(2))?;
            city.pairs.push(Pair { district: row.get(0), subsector: row.get(1), count });
        }
        let mentors = "select right(party, 36), district_code, subsector, count(*) \
             from business_shares s join businesses b on b.id = s.business_id where party like 'mentor:%' \
             group by 1, 2, 3 order by least(count(*), 51) desc, md5(right(party, 36)) limit 64";
        for row in superuser.query(mentors, &[]).await? {
            let count = u64::try_from(row.get::<_, i64>(3))?;
            city.mentors.push((
                row.get::<_, &str>(0).parse()?,
                Pair { district: row.get(1), subsector: row.get(2), count },
            ));
        }
        city.bytes = superuser.query_one("select pg_database_size(current_database())", &[]).await?.get(0);
        Ok(city)
    }

    pub fn largest(&self) -> Outcome<&Pair> {
        self.pairs.first().ok_or_else(|| "the city is empty".into())
    }
}

async fn make(superuser: &Client, servers: &Servers, businesses: u64, seed: u32) -> Outcome {
    let step = |begun: Instant, what: &str| eprintln!("{:6.1} s  {what}", begun.elapsed().as_secs_f64());
    let begun = Instant::now();
    sealed::fill(superuser, &servers.keys()?, businesses, businesses.div_ceil(10)).await?;
    step(begun, "personal values are sealed");
    superuser.batch_execute("analyze sealed").await?;
    let sql = include_str!("city.sql").replace("{businesses}", &businesses.to_string());
    for statement in sql.replace("{seed}", &seed.to_string()).split(";\n") {
        let begun = Instant::now();
        superuser.batch_execute(statement).await?;
        if begun.elapsed().as_secs() > 0 {
            let rows = statement.lines().find(|line| !line.is_empty() && !line.starts_with("--"));
            step(begun, rows.unwrap_or_default());
        }
    }
    superuser.batch_execute("vacuum analyze").await?;
    superuser.batch_execute("checkpoint").await?;
    step(begun, "analyzed");
    Ok(())
}
