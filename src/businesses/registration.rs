//! A business comes in: with its owner and its first figures, where they are known, in one write.

use std::rc::Rc;

use futures_util::future::{try_join3, try_join4};
use serde::{Deserialize, Serialize};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

use super::{
    business::{
        payloads::{Business, BusinessFields, Kind},
        rules::Known,
        store,
    },
    change::must_be_registered,
    people::{self, Role, RoleFields},
    snapshots::{self, SnapshotFields},
};
use crate::{
    access::{Party, Permission, Reach},
    error::{ApiError, Result},
    http::{Code, Flaw},
    ids::{BusinessId, BusinessRoleId, PersonId},
    log::{self, Event},
    persons::{self, PersonFields},
    records::Tx,
};

/// What a client sends: the fields of the business, and besides:
#[derive(Serialize, Deserialize)]
pub struct Registration {
    #[serde(flatten)]
    pub fields: BusinessFields,
    pub owner: Option<Owner>,
    pub snapshot: Option<SnapshotFields>,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Owner {
    Known(KnownOwner),
    New(Box<PersonFields>),
}

/// Somebody who is registered.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KnownOwner {
    pub person_id: PersonId,
}

/// What stands beside the fields of the business, for the schema alone: `flatten` would make of it an
/// `allOf` whose parts forbid each other's fields.
#[derive(ToSchema)]
#[allow(dead_code, reason = "its schema is read, never a value")]
struct Besides {
    /// Somebody who is registered, or a new person.
    #[schema(example = json!({ "full_name": "Siti Aminah", "phone": "0812-3456-7890" }))]
    owner: Option<Owner>,
    /// Its first figures.
    snapshot: Option<SnapshotFields>,
}

impl PartialSchema for Registration {
    fn schema() -> RefOr<Schema> {
        match (BusinessFields::schema(), Besides::schema()) {
            (RefOr::T(Schema::Object(mut fields)), RefOr::T(Schema::Object(besides))) => {
                fields.properties.extend(besides.properties);
                fields.into()
            }
            (fields, _) => fields,
        }
    }
}

impl ToSchema for Registration {
    fn name() -> std::borrow::Cow<'static, str> {
        "RegisterBusiness".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        BusinessFields::schemas(schemas);
        Besides::schemas(schemas);
    }
}

/// # Errors
/// `Invalid` with all that is wrong, of the owner and the snapshot too. `Duplicate` when the owner has a
/// business of that name, or another one has the NIB.
pub async fn register(tx: &Tx<'_>, new: &Registration) -> Result<(Rc<Business>, (Event, Vec<Event>))> {
    let flaws = flaws(tx, new);
    ApiError::if_any(flaws)?;
    must_be_registered(tx, &new.fields).await?;
    let id = BusinessId::generate();
    let number = tx.next_number("UMKM").await?;
    // Nothing here needs what another makes: all statements travel together.
    let (business, owner, snapshot, ()) = try_join4(
        insert(tx, id, number, &new.fields),
        with_owner(tx, id, new),
        with_snapshot(tx, id, new.snapshot.as_ref()),
        show_to_its_desk(tx, id),
    )
    .await?;
    let event = Event::created(&*business);
    Ok((business, (event, owner.into_iter().chain(snapshot).collect())))
}

fn flaws(tx: &Tx<'_>, new: &Registration) -> Vec<Flaw> {
    let (reference, today) = (tx.worker.reference(), tx.today());
    let known = Known { reference: &reference, today, synthetic_allowed: tx.worker.synthetic_allowed() };
    let mut flaws = known.flaws(&new.fields, None);
    if new.owner.is_some() && new.fields.kind == Kind::Cooperative {
        flaws.push(Code::Conflict.expecting("/owner", "kind"));
    }
    if let Some(Owner::New(person)) = &new.owner {
        flaws.extend(persons::flaws(tx, person).into_iter().map(|flaw| flaw.under("/owner")));
    }
    if let Some(snapshot) = &new.snapshot {
        flaws.extend(snapshots::flaws(snapshot, tx.actor.rows_as, today, "/snapshot"));
    }
    flaws
}

async fn insert(
    tx: &Tx<'_>,
    id: BusinessId,
    number: String,
    fields: &BusinessFields,
) -> Result<Rc<Business>> {
    let keyed = async {
        match fields.has_personal() {
            true => tx.new_subject(id.0).await.map(drop),
            false => Ok(()),
        }
    };
    let named = async {
        match fields.external_ids.0.is_empty() {
            true => Ok(()),
            false => store::assign_external_ids(tx, id, fields).await,
        }
    };
    let (_, business, ()) = try_join3(keyed, store::insert(tx, id, number, fields), named).await?;
    Ok(business)
}

/// The owner's role, and whoever is new.
async fn with_owner(tx: &Tx<'_>, business: BusinessId, new: &Registration) -> Result<Vec<Event>> {
    let person = match &new.owner {
        None => return Ok(vec![]),
        Some(Owner::Known(owner)) => owner.person_id,
        Some(Owner::New(_)) => PersonId::generate(),
    };
    let fields =
        RoleFields { person_id: person, role: Role::Owner, contact: true, from: tx.today(), to: None };
    let role = BusinessRoleId::generate();
    let (created, role, (), ()) = try_join4(
        owner(tx, person, business, new),
        people::insert(tx, role, business, &fields),
        log::share_new(tx, business, Party::Person(person), role),
        people::claim_nib(tx, person, business, new.fields.nib.as_deref()),
    )
    .await?;
    Ok(created.into_iter().chain([Event::created(&*role)]).collect())
}

/// Makes a new person, or holds the row of a known one.
async fn owner(tx: &Tx<'_>, id: PersonId, business: BusinessId, new: &Registration) -> Result<Option<Event>> {
    if let Some(Owner::New(fields)) = &new.owner {
        tx.reach_of(Permission::WritePersons)?;
        let (_, event) = persons::create_as(tx, id, fields).await.map_err(|error| error.under("/owner"))?;
        return Ok(Some(event.through(vec![business])));
    }
    let reach = tx.reach_of(Permission::ReadPersons)?;
    persons::lock(tx, reach, id).await.map_err(|error| error.in_body("/owner/person_id"))?;
    people::claim_name(tx, id, business, &new.fields.name).await?;
    Ok(None)
}

async fn with_snapshot(
    tx: &Tx<'_>,
    business: BusinessId,
    fields: Option<&SnapshotFields>,
) -> Result<Option<Event>> {
    let Some(fields) = fields else { return Ok(None) };
    let snapshot = snapshots::insert(tx, business, fields).await?;
    Ok(Some(Event::created(&*snapshot)))
}

/// A desk that sees only what is shared with it goes on seeing what it has registered.
async fn show_to_its_desk(tx: &Tx<'_>, business: BusinessId) -> Result<()> {
    match tx.reach {
        Reach::Shared(desk) => log::share_new(tx, business, desk, business).await,
        _ => Ok(()),
    }
}
