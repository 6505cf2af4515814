//! What is measured.

use std::{cell::Cell, rc::Rc};

use serde_json::{Value, json};
use seribu::access::Role;

use crate::{
    Arguments, Outcome,
    baseline::{Baseline, Number, Script},
    city::{City, Pair},
    client::{Dice, Next, get, once},
    lists,
    run::{Measured, Must, Service, Side, Workload},
    sealed,
    server::Servers,
    written::Written,
};

/// What the service selects of a business, in its order.
const COLUMNS: &str = "id, number, kind, name, legal_form, nib, nib_issued_on, npwp_masked, kbli, subsector, \
     description, address_line, village_code, postal_code, latitude, longitude, founded_on, formal_at_intake, \
     sales_channels, cooperative_id, external_ids, district_code, status, version, created_at, updated_at";

pub async fn run_all(arguments: &Arguments, servers: &mut Servers, city: &City) -> Outcome<Vec<Measured>> {
    let programme = servers.token(Role::Programme, None)?;
    let deep = deep(servers, city, &programme).await?;
    let writes = Writes::new(servers, city, &programme).await?;
    let written = writes.sample(servers).await?;
    let mut all = vec![one(city, &programme), list(city, &programme), list_of_mentors(city, servers)?];
    all.extend(deep);
    all.extend([false, true].map(|few| create(&writes, &written, few)));
    let mut measured = Vec::new();
    for workload in all {
        if arguments.only.as_ref().is_none_or(|only| workload.name.starts_with(only.as_str())) {
            measured.push(workload.measure(arguments, servers).await?);
        }
    }
    Ok(measured)
}

fn one<'a>(city: &City, token: &str) -> Workload<'a> {
    let (businesses, token) = (city.businesses, token.to_owned());
    let id = "('01900000-0000-7000-8001-' || {n})::uuid";
    let select = format!("select {COLUMNS} from businesses where true and id = {id}");
    Workload {
        name: "W1".into(),
        what: "get a business, any of all, by id".into(),
        must: Must::Share(0.9),
        base: Side::Postgres(Baseline {
            scripts: vec![Script { weight: 1, statements: vec![select] }],
            number: Number::Random(businesses),
        }),
        service: Service {
            status: 200,
            caller: Box::new(move |seed| {
                let (mut dice, token) = (Dice::new(seed), token.clone());
                Box::new(move |out| {
                    let n = 100_000_000_001 + dice.below(businesses);
                    out.extend(get(&format!("/v1/businesses/01900000-0000-7000-8001-{n}"), &token));
                })
            }),
        },
    }
}

/// The common pairs of place and trade are asked for more often, as there are more of them.
fn list<'a>(city: &City, token: &str) -> Workload<'a> {
    let scripts = city.pairs.iter().map(|pair| select(pair, "true"));
    let asked = city.pairs.iter().map(|pair| (pair.count, get(&path(pair), token)));
    Workload {
        name: "W2 programme".into(),
        what: "list 50 businesses of a place and trade, the newest first, seeing all".into(),
        must: Must::Share(0.55),
        base: Side::Postgres(Baseline { scripts: scripts.collect(), number: Number::New }),
        service: Service { status: 200, caller: any_of(asked.collect()) },
    }
}

fn list_of_mentors<'a>(city: &City, servers: &Servers) -> Outcome<Workload<'a>> {
    let (mut scripts, mut asked) = (Vec::new(), Vec::new());
    for (mentor, pair) in &city.mentors {
        let shared = format!(
            "businesses.id in (select s.business_id from business_shares s where s.party = 'mentor:{mentor}')"
        );
        scripts.push(Script { weight: 1, ..select(pair, &shared) });
        asked.push((1, get(&path(pair), &servers.token(Role::Mentor, Some(*mentor))?)));
    }
    let shown = city.mentors.iter().map(|(_, pair)| pair.count.min(50)).min().unwrap_or(0);
    Ok(Workload {
        name: "W2 mentor".into(),
        what: format!(
            "the same as one of {} mentors, seeing the {shown} or more shared with each",
            asked.len()
        ),
        must: Must::Share(0.55),
        base: Side::Postgres(Baseline { scripts, number: Number::New }),
        service: Service { status: 200, caller: any_of(asked) },
    })
}

/// The list of the most common place and trade, and that of all, deep down against their first page.
async fn deep<'a>(servers: &Servers, city: &City, token: &str) -> Outcome<Vec<Workload<'a>>> {
    let lists = [("W3 list", path(city.largest()?)), ("W3 all", "/v1/businesses".to_owned())];
    let mut workloads = Vec::new();
    for (name, path) in lists {
        let deep = lists::walk(servers.address, token, &path, 10_000).await?;
        let of = if name == "W3 all" { "all businesses" } else { "the largest place and trade" };
        let always = |path: &str| Service { status: 200, caller: any_of(vec![(1, get(path, token))]) };
        workloads.push(Workload {
            name: name.to_owned(),
            what: format!("page {} of the list of {of}, against its page 1", deep.page),
            must: Must::Times(1.2),
            base: Side::Service(always(&path)),
            service: always(&deep.path),
        });
    }
    Ok(workloads)
}

fn create<'a>(writes: &'a Writes, written: &'a Written, few: bool) -> Workload<'a> {
    let rows = match few {
        false => format!("the {} rows that it leaves", written.len()),
        true => "business, person with its key, role, one event and kept answer".to_owned(),
    };
    Workload {
        name: if few { "W4 strict" } else { "W4" }.to_owned(),
        what: format!(
            "register a business with a new owner, against {rows}, inserted bare in one transaction"
        ),
        must: Must::Share(0.4),
        base: Side::Bare { written, few },
        service: Service { status: 201, caller: Box::new(|_| writes.caller()) },
    }
}

fn path(pair: &Pair) -> String {
    format!("/v1/businesses?district_code={}&subsector={}", pair.district, pair.subsector)
}

/// The values stand where the planner does not look, as it does not see the service's: knowing them, it goes
/// through the newest of all businesses, hopes to meet fifty soon, and is up to four times slower.
fn select(pair: &Pair, seen: &str) -> Script {
    let Pair { district, subsector, count } = pair;
    let select = format!(
        "select {COLUMNS} from businesses where {seen} and subsector = (select '{subsector}') \
         and district_code = (select '{district}') order by created_at desc, id desc limit 51"
    );
    Script { weight: *count, statements: vec![select] }
}

/// One of the requests, the heavier the more often.
fn any_of<'a>(requests: Vec<(u64, Vec<u8>)>) -> Box<dyn Fn(u64) -> Next + 'a> {
    let requests = Rc::new(requests);
    let total: u64 = requests.iter().map(|(weight, _)| weight).sum();
    Box::new(move |seed| {
        let (mut dice, requests) = (Dice::new(seed), requests.clone());
        Box::new(move |out| {
            let mut lot = dice.below(total);
            for (weight, request) in requests.iter() {
                if lot < *weight {
                    return out.extend_from_slice(request);
                }
                lot -= weight;
            }
        })
    })
}

/// Registrations, none like another.
struct Writes {
    token: String,
    next: Rc<Cell<u64>>,
    pairs: Rc<Vec<Pair>>,
}

impl Writes {
    async fn new(servers: &Servers, city: &City, token: &str) -> Outcome<Self> {
        let people: i64 =
            servers.superuser().await?.query_one("select count(*) from persons", &[]).await?.get(0);
        let next = Rc::new(Cell::new(u64::try_from(people)? + 1));
        Ok(Self { token: token.to_owned(), next, pairs: Rc::new(city.pairs.clone()) })
    }

    /// The rows of one.
    async fn sample(&self, servers: &Servers) -> Outcome<Written> {
        let mut request = Vec::new();
        self.caller()(&mut request);
        let (status, answer) = once(servers.address, &request).await?;
        let answer: Value = serde_json::from_slice(&answer)?;
        let id = answer.get("id").and_then(Value::as_str);
        let id = id.ok_or_else(|| format!("{status}: {answer}"))?;
        Written::by(&servers.superuser().await?, id).await
    }

    fn caller(&self) -> Next {
        let (next, token, pairs) = (self.next.clone(), self.token.clone(), self.pairs.clone());
        Box::new(move |out| {
            let n = next.replace(next.get() + 1);
            let pair = pairs.get(usize::try_from(n).unwrap_or(0) % pairs.len());
            let (district, subsector) = pair
                .map_or(("36.74.04", "kuliner"), |pair| (pair.district.as_str(), pair.subsector.as_str()));
            let body = json!({
                "name": format!("Dapur Bu Siti {n}"),
                "subsector": subsector,
                "address": { "village_code": format!("{district}.1001") },
                "owner": {
                    "full_name": "Siti Aminah",
                    "nik": sealed::nik(n),
                    "phone": format!("0812-{:08}", n),
                },
            });
            let body = body.to_string();
            out.extend_from_slice(
                format!(
                    "POST /v1/businesses HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\n\
                     idempotency-key: bench-{n}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
                    body.len()
                )
                .as_bytes(),
            );
        })
    }
}
