//! By the code of an invitation: it makes an account, gives an account one more grant, or replaces a
//! password that was forgotten.

use std::rc::Rc;

use actix_web::{HttpRequest, web::Data};
use zeroize::Zeroizing;

use super::{
    log_in::start,
    payloads::{AcceptInvitation, Tokens},
    tokens::Session,
};
use crate::{
    access::{Access, Origin, Party, Reach, token::Actor},
    accounts::{
        grants::Grant,
        invitations::{self, Invitation},
        marks, passwords,
        store::subject_name,
        users::{self, Contact, Credentials, Status, UserFields},
    },
    error::{ApiError, Result},
    http::Code,
    ids::UserId,
    log::{Event, append::append},
    records::Tx,
    secrets::random::normalise_code,
    worker::Worker,
};

/// What the code does to the account that has this e-mail address or phone.
enum Change {
    New {
        hash: String,
    },
    /// It had the right password.
    Grant,
    /// It had another one, and could do nothing but what it is invited to again.
    Password {
        hash: String,
    },
}

pub async fn accept(
    request: &HttpRequest,
    worker: &Data<Worker>,
    contact: Contact,
    wanted: AcceptInvitation,
) -> Result<Tokens> {
    let invitation = open_invitation(worker, &wanted.code).await?;
    let known = users::by_contact(worker, &contact).await?;
    let change = decide(&invitation, known.as_ref(), &wanted.password).await?;
    let user = known.map_or_else(UserId::generate, |known| known.id);
    let session = Session::of_user(user, invitation.grant());
    let access = access_of(request, worker, &session)?;
    access
        .in_transaction(async |tx| {
            let open = invitations::lock_open(tx, invitation.id).await?;
            let before = open.ok_or_else(|| ApiError::invalid(Code::SpentCode.at("/code")))?;
            let event = match &change {
                Change::New { hash } => {
                    let fields = fields(tx, &contact, wanted.name, before.grant()).await?;
                    Event::created(&*users::insert(tx, user, fields, hash).await?)
                }
                Change::Grant => extended(tx, user, before.grant()).await?,
                Change::Password { hash } => {
                    users::replace_password(tx, user, hash).await?;
                    extended(tx, user, before.grant()).await?
                }
            };
            let after = invitations::use_up(tx, before.id).await?;
            append(tx, (event, vec![Event::changed(&before, &after, "updated")]).into()).await
        })
        .await?;
    start(worker, session).await
}

async fn open_invitation(worker: &Worker, typed: &str) -> Result<Invitation> {
    let unknown = || ApiError::invalid(Code::NoSuchRecord.at("/code"));
    let code = normalise_code(typed).ok_or_else(unknown)?;
    let mac = marks::of(&worker.keys, marks::Purpose::InvitationCode, &code)?;
    let invitation = invitations::by_code(worker, &mac).await?.ok_or_else(unknown)?;
    match invitation.is_open(worker.clock.now()) {
        true => Ok(invitation),
        false => Err(ApiError::invalid(Code::SpentCode.at("/code"))),
    }
}

/// A forgotten password is replaced where the code gives all that the account can do, or the administrator
/// made it: else whoever invites to little could take over an account that can do more.
async fn decide(invitation: &Invitation, known: Option<&Credentials>, password: &str) -> Result<Change> {
    let password = Zeroizing::new(password.to_owned());
    let Some(known) = known else { return Ok(Change::New { hash: passwords::hash(password).await? }) };
    let fits = passwords::fits(password.clone(), Some(known.password_hash.clone())).await?;
    let grant = invitation.grant();
    let by_admin = invitation.invited_by == Party::Admin.to_string();
    let replaces = known.grants == [grant] || by_admin && known.grants.contains(&grant);
    match () {
        () if known.status == Status::Disabled => Err(ApiError::WrongCredentials),
        () if fits => Ok(Change::Grant),
        () if replaces => Ok(Change::Password { hash: passwords::hash(password).await? }),
        () => Err(ApiError::WrongCredentials),
    }
}

/// Who accepts acts as what he becomes by it.
fn access_of(request: &HttpRequest, worker: &Data<Worker>, session: &Session) -> Result<Access> {
    let now = worker.clock.now();
    let actor = Actor::of(session.claims(worker, now));
    let actor = actor.ok_or_else(|| ApiError::internal("an invitation to what nobody can be"))?;
    let origin = Origin::Request(request.clone());
    Ok(Access { actor: Rc::new(actor), reach: Reach::All, worker: worker.clone(), now, origin })
}

async fn fields(tx: &Tx<'_>, contact: &Contact, name: Option<String>, grant: Grant) -> Result<UserFields> {
    let name = match (name, grant.subject_id) {
        (Some(name), _) => Some(name),
        (None, Some(subject)) => subject_name(tx, grant.role, subject, None).await?,
        (None, None) => None,
    };
    let (email, phone) = match contact.clone() {
        Contact::Email(email) => (Some(email), None),
        Contact::Phone(phone) => (None, Some(phone)),
    };
    let name = name.ok_or_else(|| ApiError::invalid(Code::Required.at("/name")))?;
    Ok(UserFields { name, email, phone, grants: vec![grant], status: Status::Active })
}

async fn extended(tx: &Tx<'_>, user: UserId, grant: Grant) -> Result<Event> {
    let before = users::lock(tx, Reach::All, user).await?;
    let mut fields = before.fields.clone();
    if !fields.grants.contains(&grant) {
        fields.grants.push(grant);
    }
    let after = users::update(tx, user, fields).await?;
    Ok(Event::changed(&before, &*after, "updated"))
}
