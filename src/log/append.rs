//! Appending to the log, in the transaction of the change. Personal values are encrypted here, once for
//! all records, so that no feature can forget to.

use chrono::{DateTime, Utc};
use diesel::{
    QueryResult,
    pg::Pg,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_query,
    sql_types::{Array, BigInt, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use futures_util::future::try_join_all;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    access::{Origin, Party, Permission, Role, Rows},
    db::{array_text, each},
    error::{ApiError, Result},
    ids::EventId,
    log::event::{Event, Events, SeenBy},
    records::Tx,
    secrets::SubjectKey,
};

/// Appends all events. For a commit that is to travel with the last of them: `all_but_the_last`.
pub async fn append(tx: &Tx<'_>, events: Events) -> Result<()> {
    match all_but_the_last(tx, events).await? {
        Some(last) => last.send(tx).await,
        None => Ok(()),
    }
}

/// Appends all events but one, which is ready to be sent: nothing has to be asked for it any more.
pub async fn all_but_the_last(tx: &Tx<'_>, Events(events): Events) -> Result<Option<Insert>> {
    let mut inserts = Vec::with_capacity(events.len());
    for event in events {
        inserts.push(Insert::new(tx, sealed(tx, event).await?));
    }
    let last = inserts.pop();
    match inserts.len() {
        0 => (),
        // Few travel together, in order: `try_join_all` keeps the order of up to thirty.
        1..=FEW => drop(try_join_all(inserts.iter().map(|insert| insert.send(tx))).await?),
        _ => many(tx, &inserts).await?,
    }
    Ok(last)
}

const FEW: usize = 16;

/// All in one statement, and in their order. Each column travels as one array, and what all have in common once.
async fn many(tx: &Tx<'_>, inserts: &[Insert]) -> Result<()> {
    let Some(first) = inserts.first() else { return Ok(()) };
    let many = sql_query(MANY)
        .bind::<Array<SqlUuid>, _>(each(inserts, |one| one.id))
        .bind::<Array<Text>, _>(each(inserts, |one| &one.event.kind))
        .bind::<Array<Text>, _>(each(inserts, |one| one.event.resource))
        .bind::<Array<SqlUuid>, _>(each(inserts, |one| one.event.subject_id))
        .bind::<Array<BigInt>, _>(each(inserts, |one| one.event.subject_version))
        .bind::<Array<Nullable<SqlUuid>>, _>(each(inserts, |one| one.business_id))
        .bind::<Array<Nullable<Text>>, _>(each(inserts, |one| one.on_behalf_of.as_ref()))
        .bind::<Array<Jsonb>, _>(each(inserts, |one| &one.event.data))
        .bind::<Array<Text>, _>(each(inserts, |one| array_text(&one.event.about)))
        .bind::<Array<Text>, _>(each(inserts, |one| array_text(&one.lost)))
        .bind::<Array<Text>, _>(each(inserts, |one| array_text(&one.audience)))
        .bind::<Array<Text>, _>(each(inserts, |one| array_text(&one.businesses)))
        .bind::<Array<Text>, _>(each(inserts, |one| array_text(&one.shared_kinds)))
        .bind::<SqlUuid, _>(first.actor_id)
        .bind::<Text, _>(first.actor_role)
        .bind::<Text, _>(&first.client_id)
        .bind::<Text, _>(&first.request_id)
        .bind::<Nullable<SqlUuid>, _>(first.caused_by)
        .bind::<Timestamptz, _>(first.at);
    many.execute(&mut tx.sql()).await?;
    Ok(())
}

const MANY: &str = "insert into events (id, kind, resource, subject_id, subject_version, business_id, on_behalf_of, \
     data, about, lost, audience, actor_id, actor_role, client_id, request_id, caused_by, occurred_at) \
     select id, kind, resource, subject_id, subject_version, business_id, on_behalf_of, data, about::uuid[], \
     lost::text[], array(select unnest(r.audience::text[]) union select party from business_shares \
       where business_id = any(r.businesses::uuid[]) and party like any(r.shared_kinds::text[])), \
     $14, $15, $16, $17, $18, $19 \
     from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) with ordinality as r (id, kind, resource, \
       subject_id, subject_version, business_id, on_behalf_of, data, about, lost, audience, businesses, \
       shared_kinds, ordinality) \
     order by ordinality";

/// The event with its personal values encrypted.
async fn sealed(tx: &Tx<'_>, mut event: Event) -> Result<Event> {
    let paths = event.personal.paths;
    if paths.iter().any(|path| parts(&mut event.data).into_iter().any(|part| is_there(part, path))) {
        let key = tx.subject_key(event.personal.subject).await?;
        for part in parts(&mut event.data) {
            for path in paths {
                seal(part, path, path, &key, event.personal.subject)?;
            }
        }
    }
    Ok(event)
}

/// Where a record's fields stand in an event.
fn parts(data: &mut Value) -> Vec<&mut Value> {
    data.as_object_mut()
        .into_iter()
        .flat_map(|data| data.iter_mut())
        .filter(|(name, _)| ["before", "after", "move"].contains(&name.as_str()))
        .map(|(_, part)| part)
        .collect()
}

fn is_there(part: &Value, path: &str) -> bool {
    part.pointer(&format!("/{}", path.replace('.', "/"))).is_some_and(|value| !value.is_null())
}

fn seal(part: &mut Value, path: &str, field: &str, key: &SubjectKey, subject: Uuid) -> Result<()> {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    match (part.get_mut(name), rest) {
        (Some(inner), Some(rest)) => seal(inner, rest, field, key, subject),
        (Some(value), None) if !value.is_null() => {
            *value = key.seal_json(subject, field, value).map_err(ApiError::internal)?;
            Ok(())
        }
        _ => Ok(()),
    }
}

/// One row of the log. Its audience is computed where the shares are: in the same statement.
pub struct Insert {
    id: EventId,
    event: Event,
    actor_id: Uuid,
    actor_role: Role,
    client_id: String,
    request_id: String,
    caused_by: Option<EventId>,
    at: DateTime<Utc>,
    on_behalf_of: Option<String>,
    business_id: Option<Uuid>,
    businesses: Vec<Uuid>,
    audience: Vec<String>,
    shared_kinds: Vec<String>,
    lost: Vec<String>,
}

impl Insert {
    pub async fn send(&self, tx: &Tx<'_>) -> Result<()> {
        self.execute(&mut tx.sql()).await?;
        Ok(())
    }

    fn new(tx: &Tx<'_>, event: Event) -> Self {
        let text = |parties: &[Party]| parties.iter().map(ToString::to_string).collect();
        let (audience, shared_kinds, businesses, lost) = match &event.seen_by {
            // It is told to these alone; in the business's history, to all who see that.
            SeenBy::Only { audience, lost } => (text(audience), vec![], vec![event.subject_id], text(lost)),
            SeenBy::Table { read, open, named, businesses, lost } => {
                let sees_own = |party: &&Party| party.role().rows(*read) == Rows::Own;
                let named: Vec<_> = named.iter().filter(sees_own).copied().collect();
                let mut audience = everyone(*read, *open);
                audience.extend(named.iter().map(ToString::to_string));
                (audience, shared_kinds(*read), businesses.iter().map(|id| id.0).collect(), text(lost))
            }
        };
        Self {
            id: EventId::generate(),
            actor_id: tx.actor.user.0,
            actor_role: tx.actor.role,
            client_id: tx.actor.client.clone(),
            request_id: tx.request_id(),
            caused_by: match &tx.origin {
                Origin::Service { cause, .. } => *cause,
                Origin::Request(_) => None,
            },
            at: tx.now,
            on_behalf_of: event.on_behalf_of.map(|party| party.to_string()),
            business_id: <[Uuid]>::first(&businesses).copied(),
            businesses,
            audience,
            shared_kinds,
            lost,
            event,
        }
    }
}

/// The parties of the roles that see all that `read` reads; of what is open, also of those that see rows
/// of their own.
fn everyone(read: Permission, open: bool) -> Vec<String> {
    let sees = |rows: Rows| rows == Rows::All || open && rows == Rows::Own;
    let all = Role::ALL.iter().filter(|role| **role != Role::System && sees(role.rows(read)));
    let parties = all.filter_map(|role| Some((role, role.party(Some(Uuid::nil()))?)));
    // Of a role with a subject, every party sees it.
    let text = |(role, party): (&Role, Party)| {
        if role.subject().is_some() { party.all_of_its_kind() } else { party.to_string() }
    };
    parties.map(text).collect()
}

/// What the parties look like that see it through a business that is shared with them, as `like` has it.
fn shared_kinds(read: Permission) -> Vec<String> {
    let shared = |role: &&Role| **role != Role::System && role.rows(read) == Rows::Shared;
    let kind = |role: &Role| {
        let party = role.party(Some(Uuid::nil()))?.to_string();
        Some(party.replace(&Uuid::nil().to_string(), "%"))
    };
    Role::ALL.iter().filter(shared).filter_map(kind).collect()
}

impl QueryFragment<Pg> for Insert {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "insert into events (id, kind, resource, subject_id, subject_version, business_id, actor_id, \
             actor_role, client_id, on_behalf_of, request_id, caused_by, occurred_at, about, lost, data, \
             audience) values (",
        );
        out.push_bind_param::<SqlUuid, _>(&self.id)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(&self.event.kind)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(self.event.resource)?;
        out.push_sql(", ");
        out.push_bind_param::<SqlUuid, _>(&self.event.subject_id)?;
        out.push_sql(", ");
        out.push_bind_param::<BigInt, _>(&self.event.subject_version)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<SqlUuid>, _>(&self.business_id)?;
        out.push_sql(", ");
        out.push_bind_param::<SqlUuid, _>(&self.actor_id)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(&self.actor_role)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(&self.client_id)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<Text>, _>(&self.on_behalf_of)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(&self.request_id)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<SqlUuid>, _>(&self.caused_by)?;
        out.push_sql(", ");
        out.push_bind_param::<Timestamptz, _>(&self.at)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.event.about)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.lost)?;
        out.push_sql(", ");
        out.push_bind_param::<Jsonb, _>(&self.event.data)?;
        out.push_sql(", array(select unnest(");
        out.push_bind_param::<Array<Text>, _>(&self.audience)?;
        out.push_sql("::text[]) union select party from business_shares where business_id = any(");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.businesses)?;
        out.push_sql(") and party like any(");
        out.push_bind_param::<Array<Text>, _>(&self.shared_kinds)?;
        out.push_sql(")))");
        Ok(())
    }
}

impl QueryId for Insert {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}
