//! Making and changing a user, for the administrator's request and for the command line alike.

use std::rc::Rc;

use actix_web::web::Data;
use zeroize::Zeroizing;

use super::{
    payloads::{NewUser, User, UserFields},
    store,
};
use crate::{
    access::Access,
    accounts::{grants, passwords, store::subject_name},
    error::{ApiError, Result},
    http::{Code, Flaw},
    ids::UserId,
    log::{Event, append::append},
    records::Tx,
    secrets::random,
    worker::Worker,
};

/// Makes a user outside a request, with that password or a random one, and answers which.
///
/// # Errors
/// As `POST /v1/users`: a flaw in the fields, or an e-mail address or phone of another user.
pub async fn make_user(
    worker: &Data<Worker>,
    fields: UserFields,
    password: Option<String>,
) -> Result<NewUser> {
    let (password, hash) = hashed(password).await?;
    let user = Access::of_service(worker, "users create", None)
        .in_transaction(async |tx| {
            let (user, event) = create(tx, &fields, &hash).await?;
            append(tx, event.into()).await?;
            Ok(user)
        })
        .await?;
    Ok(NewUser { id: user.id, password })
}

/// A password, or a random one, and its hash.
pub async fn hashed(password: Option<String>) -> Result<(String, String)> {
    let password = match password {
        Some(password) => password,
        None => random::password().map_err(ApiError::internal)?,
    };
    let hash = passwords::hash(Zeroizing::new(password.clone())).await?;
    Ok((password, hash))
}

pub async fn create(tx: &Tx<'_>, fields: &UserFields, password_hash: &str) -> Result<(Rc<User>, Event)> {
    let fields = checked(tx, fields, None).await?;
    let user = store::insert(tx, UserId::generate(), fields, password_hash).await?;
    let event = Event::created(&*user);
    Ok((user, event))
}

/// The fields as they are stored, once nothing is wrong with them; `of` is the user that has them.
pub async fn checked(tx: &Tx<'_>, fields: &UserFields, of: Option<&User>) -> Result<UserFields> {
    let (fields, mut flaws) = fields.normalised();
    flaws.extend(grants::flaws(&fields.grants));
    for (at, grant) in fields.grants.iter().enumerate() {
        let old = of.is_some_and(|user| user.fields.grants.contains(grant));
        let Some(subject) = grant.subject_id.filter(|_| !old && grant.role.subject().is_some()) else {
            continue;
        };
        if subject_name(tx, grant.role, subject, None).await?.is_none() {
            flaws.push(Code::NoSuchRecord.at(format!("/grants/{at}/subject_id")));
        }
    }
    if flaws.is_empty() { Ok(fields) } else { Err(ApiError::Invalid(flaws)) }
}

impl UserFields {
    /// With e-mail and phone as they are compared, and what is wrong with them.
    fn normalised(&self) -> (Self, Vec<Flaw>) {
        let mut flaws = Vec::new();
        let email = self.email.as_deref().map(crate::identifiers::email::normalise);
        let phone = self.phone.as_deref().map(crate::identifiers::phone::normalise);
        if email == Some(None) {
            flaws.push(Code::BadFormat.expecting("/email", "email"));
        }
        if phone == Some(None) {
            flaws.push(Code::BadFormat.expecting("/phone", "phone"));
        }
        if email.is_none() && phone.is_none() {
            flaws.push(Code::Required.at("/email"));
        }
        (Self { email: email.flatten(), phone: phone.flatten(), ..self.clone() }, flaws)
    }
}
