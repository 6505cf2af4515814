//! By e-mail or phone and password.

use serde_json::json;
use zeroize::Zeroizing;

use super::{
    payloads::{LogIn, Tokens},
    store,
    tokens::{Session, refresh_token},
};
use crate::{
    accounts::{
        grants, passwords,
        users::{self, Contact, Status},
    },
    error::{ApiError, Result},
    worker::Worker,
};

pub async fn by_password(worker: &Worker, contact: &Contact, wanted: LogIn) -> Result<Tokens> {
    let known = users::by_contact(worker, contact).await?;
    let hash = known.as_ref().map(|user| user.password_hash.clone());
    let fits = passwords::fits(Zeroizing::new(wanted.password), hash).await?;
    let user = known.filter(|user| fits && user.status == Status::Active);
    let user = user.ok_or(ApiError::WrongCredentials)?;
    let grant = grants::choose(&user.grants, wanted.role, wanted.subject_id);
    let grant = grant.map_err(|flaw| ApiError::ChooseGrant {
        flaw,
        grants: user.grants.iter().map(|grant| json!(grant)).collect(),
    })?;
    start(worker, Session::of_user(user.id, grant)).await
}

/// The tokens of who has just signed in.
pub async fn start(worker: &Worker, session: Session) -> Result<Tokens> {
    let (now, (token, mac)) = (worker.clock.now(), refresh_token(worker)?);
    store::begin(&*worker.db.reader().await?, now, mac, &session).await?;
    session.tokens(worker, now, Some(token))
}
