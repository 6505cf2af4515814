//! Queries on `users` and `user_grants`. E-mail and phone are sealed with the user's key, and found by
//! their blind index.

use std::{collections::HashMap, rc::Rc};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use futures_util::future::try_join;
use uuid::Uuid;

use super::payloads::{Status, User, UserFields, UserFilter};
use crate::{
    access::{Access, Party, Reach, Role, Visible},
    accounts::grants::Grant,
    db::{
        Every, Nothing,
        schema::{refresh_tokens, user_grants, users},
    },
    error::{ApiError, Result},
    http::{Page, Query, narrow, query::containing},
    ids::UserId,
    records::{Gathered, Tx, gather, keys},
    secrets::{BlindIndex, SubjectKey},
    worker::Worker,
};

/// The administrator sees all, and nobody else any.
fn visible_to(reach: Reach) -> Visible<users::table> {
    match reach {
        Reach::All => Box::new(Every),
        Reach::Own(_) | Reach::Shared(_) => Box::new(Nothing),
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
struct Row {
    id: UserId,
    name: String,
    email_sealed: Option<Vec<u8>>,
    phone_sealed: Option<Vec<u8>>,
    status: Status,
    version: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl Row {
    /// What was sealed with a key that is gone is null.
    fn opened(self, grants: Vec<Grant>, key: Option<&SubjectKey>) -> Result<User> {
        let open = |sealed: Option<Vec<u8>>, field: &str| match (sealed, key) {
            (Some(sealed), Some(key)) => {
                let plain = key.open(self.id.0, field, &sealed).map_err(ApiError::internal)?;
                String::from_utf8(plain).map(Some).map_err(ApiError::internal)
            }
            _ => Ok(None),
        };
        let (email, phone) =
            (open(self.email_sealed, "users.email")?, open(self.phone_sealed, "users.phone")?);
        let fields = UserFields { name: self.name, email, phone, grants, status: self.status };
        let Self { id, version, created_at, updated_at, .. } = self;
        Ok(User { id, fields, version, created_at, updated_at })
    }
}

impl Gathered for User {
    async fn fetch(worker: &Worker, reach: Reach, ids: &[UserId]) -> Result<Vec<Self>> {
        let query = users::table.filter(visible_to(reach)).filter(users::id.eq_any(ids));
        whole(worker, query.select(Row::as_select()).load(&mut &*worker.db.reader().await?).await?).await
    }
}

pub async fn find(access: &Access, id: UserId) -> Result<Rc<User>> {
    gather::one(access, id).await
}

pub async fn list(access: &Access, Query { filter, window }: Query<UserFilter>) -> Result<Page<User>> {
    let rows = || {
        let mut query = users::table.filter(visible_to(access.reach)).into_boxed();
        narrow!(query by filter => users: status);
        let grants = || user_grants::table.select(user_grants::user_id);
        if let Some(roles) = &filter.role {
            query =
                query.filter(users::id.eq_any(grants().filter(user_grants::role.eq_any(roles.0.clone()))));
        }
        if let Some(subjects) = &filter.subject_id {
            let of = user_grants::subject_id.eq_any(subjects.0.clone());
            query = query.filter(users::id.eq_any(grants().filter(of)));
        }
        if let Some(q) = &filter.q {
            query = query.filter(users::name.ilike(containing(q)));
        }
        query
    };
    let reader = access.worker.db.reader().await?;
    let page = rows().filter(window.since()).filter(window.after()).order(window.order());
    let page = page.limit(window.rows()).select(Row::as_select()).load(&mut &*reader).await?;
    let total = match window.wants_total() {
        true => Some(rows().filter(window.since()).count().get_result(&mut &*reader).await?),
        false => None,
    };
    Ok(window.page(whole(&access.worker, page).await?, total))
}

/// With their grants, and their contacts in clear.
async fn whole(worker: &Worker, rows: Vec<Row>) -> Result<Vec<User>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id.0).collect();
    let reader = worker.db.reader().await?;
    let query = user_grants::table.filter(user_grants::user_id.eq_any(&ids)).order(user_grants::place);
    let query = query.select((user_grants::user_id, (user_grants::role, user_grants::subject_id)));
    let granted = async { Ok(query.load::<(UserId, (Role, Option<Uuid>))>(&mut &*reader).await?) };
    let (granted, keys) = try_join(granted, keys::of_subjects(worker, &ids)).await?;
    let mut grants: HashMap<UserId, Vec<Grant>> = HashMap::new();
    for (user, (role, subject_id)) in granted {
        grants.entry(user).or_default().push(Grant { role, subject_id });
    }
    let open = |row: Row| {
        let (grants, key) = (grants.remove(&row.id).unwrap_or_default(), keys.get(&row.id.0));
        row.opened(grants, key)
    };
    rows.into_iter().map(open).collect()
}

/// What one logs in with, as it is compared.
#[derive(Clone, Debug)]
pub enum Contact {
    Email(String),
    Phone(String),
}

impl Contact {
    pub fn as_str(&self) -> &str {
        match self {
            Self::Email(text) | Self::Phone(text) => text,
        }
    }
}

/// What a log-in is judged by.
#[derive(Debug, Clone)]
pub struct Credentials {
    pub id: UserId,
    pub password_hash: String,
    pub status: Status,
    pub grants: Vec<Grant>,
}

pub async fn by_contact(worker: &Worker, contact: &Contact) -> Result<Option<Credentials>> {
    let query = users::table.select((users::id, users::password_hash, users::status)).into_boxed();
    let query = match contact {
        Contact::Email(email) => query.filter(users::email_index.eq(index(worker, "users.email", email)?)),
        Contact::Phone(phone) => query.filter(users::phone_index.eq(index(worker, "users.phone", phone)?)),
    };
    let reader = worker.db.reader().await?;
    let found: Option<(UserId, String, Status)> = query.first(&mut &*reader).await.optional()?;
    let Some((id, password_hash, status)) = found else { return Ok(None) };
    let grants = user_grants::table.filter(user_grants::user_id.eq(id)).order(user_grants::place);
    let grants = grants.select((user_grants::role, user_grants::subject_id));
    let grants: Vec<(Role, Option<Uuid>)> = grants.load(&mut &*reader).await?;
    let grants = grants.into_iter().map(|(role, subject_id)| Grant { role, subject_id }).collect();
    Ok(Some(Credentials { id, password_hash, status, grants }))
}

fn index(worker: &Worker, column: &str, normalised: &str) -> Result<Vec<u8>> {
    Ok(BlindIndex::new(&worker.keys, column).map_err(ApiError::internal)?.of(normalised))
}

/// Whether the user may sign in with the role; it stays so until the transaction ends.
pub async fn may_act_as(tx: &Tx<'_>, id: UserId, role: Role) -> Result<bool> {
    let granted = user_grants::table.filter(user_grants::user_id.eq(id)).filter(user_grants::role.eq(role));
    let user = users::table.find(id).filter(users::status.eq(Status::Active)).select(users::id);
    let user = user.filter(users::id.eq_any(granted.select(user_grants::user_id))).for_share();
    Ok(user.first::<UserId>(&mut tx.sql()).await.optional()?.is_some())
}

/// Whether the user is active and has just this grant.
pub async fn acts_for(tx: &Tx<'_>, id: UserId, (role, subject): (Role, Option<Uuid>)) -> Result<bool> {
    let granted = user_grants::table.filter(user_grants::user_id.eq(id)).filter(user_grants::role.eq(role));
    let granted = granted.filter(user_grants::subject_id.is_not_distinct_from(subject));
    let user = users::table.find(id).filter(users::status.eq(Status::Active)).select(users::id);
    let user = user.filter(users::id.eq_any(granted.select(user_grants::user_id)));
    Ok(user.first::<UserId>(&mut tx.sql()).await.optional()?.is_some())
}

/// Who is active and speaks for a party.
pub async fn speaking_for(tx: &Tx<'_>, party: Party) -> Result<Vec<UserId>> {
    let of_party = user_grants::table.filter(user_grants::role.eq(party.role()));
    let of_party = of_party.filter(user_grants::subject_id.is_not_distinct_from(party.subject()));
    let active = users::table.filter(users::status.eq(Status::Active)).select(users::id);
    let active = active.filter(users::id.eq_any(of_party.select(user_grants::user_id)));
    Ok(active.order(users::id).load(&mut tx.sql()).await?)
}

/// `fields` are normalised.
pub async fn insert(tx: &Tx<'_>, id: UserId, fields: UserFields, password_hash: &str) -> Result<Rc<User>> {
    refuse_known(tx, id, &fields).await?;
    let key = tx.new_subject(id.0).await?;
    let new = (
        users::id.eq(id),
        Contacts::of(tx, id, &fields, &key)?,
        users::password_hash.eq(password_hash),
        users::created_at.eq(tx.now),
        users::updated_at.eq(tx.now),
    );
    let insert = diesel::insert_into(users::table).values(new).returning(Row::as_returning());
    let row: Row = insert.get_result(&mut tx.sql()).await?;
    insert_grants(tx, id, &fields.grants).await?;
    Ok(Rc::new(row.opened(fields.grants, Some(&key))?))
}

/// Reads a user and holds the row until the transaction ends.
pub async fn lock(tx: &Tx<'_>, reach: Reach, id: UserId) -> Result<User> {
    let query = users::table.find(id).filter(visible_to(reach)).select(Row::as_select());
    let row: Row = query.for_update().first(&mut tx.sql()).await?;
    let grants = user_grants::table.filter(user_grants::user_id.eq(id)).order(user_grants::place);
    let grants = grants.select((user_grants::role, user_grants::subject_id));
    let grants: Vec<(Role, Option<Uuid>)> = grants.load(&mut tx.sql()).await?;
    let key = tx.subject_key(id.0).await?;
    row.opened(grants.into_iter().map(|(role, subject_id)| Grant { role, subject_id }).collect(), Some(&key))
}

/// `fields` are normalised. Refresh tokens of what the user may no longer be are forgotten.
pub async fn update(tx: &Tx<'_>, id: UserId, fields: UserFields) -> Result<Rc<User>> {
    refuse_known(tx, id, &fields).await?;
    let key = tx.subject_key(id.0).await?;
    let change = (
        Contacts::of(tx, id, &fields, &key)?,
        users::version.eq(users::version + 1),
        users::updated_at.eq(tx.now),
    );
    let update = diesel::update(users::table.find(id)).set(change).returning(Row::as_returning());
    let row: Row = update.get_result(&mut tx.sql()).await?;
    let old = user_grants::table.filter(user_grants::user_id.eq(id));
    diesel::delete(old).execute(&mut tx.sql()).await?;
    insert_grants(tx, id, &fields.grants).await?;
    if fields.status == Status::Disabled {
        forget_tokens(tx, id).await?;
    }
    Ok(Rc::new(row.opened(fields.grants, Some(&key))?))
}

/// Whoever was signed in with the old one has to sign in again.
pub async fn replace_password(tx: &Tx<'_>, id: UserId, hash: &str) -> Result<()> {
    let update = diesel::update(users::table.find(id)).set(users::password_hash.eq(hash));
    update.execute(&mut tx.sql()).await?;
    forget_tokens(tx, id).await
}

async fn forget_tokens(tx: &Tx<'_>, id: UserId) -> Result<()> {
    let tokens = refresh_tokens::table.filter(refresh_tokens::user_id.eq(id));
    diesel::delete(tokens).execute(&mut tx.sql()).await?;
    Ok(())
}

async fn insert_grants(tx: &Tx<'_>, id: UserId, grants: &[Grant]) -> Result<()> {
    let row = |(place, grant): (i32, &Grant)| {
        (
            user_grants::user_id.eq(id),
            user_grants::place.eq(place),
            user_grants::role.eq(grant.role),
            user_grants::subject_id.eq(grant.subject_id),
        )
    };
    let rows: Vec<_> = (0..).zip(grants).map(row).collect();
    diesel::insert_into(user_grants::table).values(rows).execute(&mut tx.sql()).await?;
    Ok(())
}

/// 409 when the e-mail address or phone is another user's. Two at once are told apart by the constraint.
async fn refuse_known(tx: &Tx<'_>, id: UserId, fields: &UserFields) -> Result<()> {
    let indexes = Indexes::of(tx, fields)?;
    let others = users::table.filter(users::id.ne(id)).select(users::id);
    let email = others.filter(users::email_index.eq(indexes.email));
    let phone = others.filter(users::phone_index.eq(indexes.phone));
    let found: [(&str, Option<UserId>); 2] = [
        ("email", email.first(&mut tx.sql()).await.optional()?),
        ("phone", phone.first(&mut tx.sql()).await.optional()?),
    ];
    match found.into_iter().find_map(|(what, other)| Some((what, other?))) {
        Some((what, other)) => {
            Err(ApiError::Duplicate { what: what.to_owned(), of: Some(format!("/v1/users/{other}")) })
        }
        None => Ok(()),
    }
}

/// Whether anybody can sign in at all.
pub async fn any_user(worker: &Worker) -> Result<bool> {
    let any = diesel::select(diesel::dsl::exists(users::table.select(users::id)));
    Ok(any.get_result(&mut &*worker.db.reader().await?).await?)
}

struct Indexes {
    email: Option<Vec<u8>>,
    phone: Option<Vec<u8>>,
}

impl Indexes {
    fn of(tx: &Tx<'_>, fields: &UserFields) -> Result<Self> {
        let of = |column: &str, value: &Option<String>| {
            value.as_deref().map(|value| index(&tx.worker, column, value)).transpose()
        };
        Ok(Self { email: of("users.email", &fields.email)?, phone: of("users.phone", &fields.phone)? })
    }
}

#[derive(Insertable, AsChangeset)]
#[diesel(table_name = users, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Contacts {
    name: String,
    email_sealed: Option<Vec<u8>>,
    email_index: Option<Vec<u8>>,
    phone_sealed: Option<Vec<u8>>,
    phone_index: Option<Vec<u8>>,
    status: Status,
}

impl Contacts {
    fn of(tx: &Tx<'_>, id: UserId, fields: &UserFields, key: &SubjectKey) -> Result<Self> {
        let seal = |field: &str, value: &Option<String>| {
            let value = value.as_deref().map(|value| key.seal(id.0, field, value.as_bytes()));
            value.transpose().map_err(ApiError::internal)
        };
        let Indexes { email, phone } = Indexes::of(tx, fields)?;
        Ok(Self {
            name: fields.name.clone(),
            email_sealed: seal("users.email", &fields.email)?,
            email_index: email,
            phone_sealed: seal("users.phone", &fields.phone)?,
            phone_index: phone,
            status: fields.status,
        })
    }
}
