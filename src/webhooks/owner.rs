//! With whose rights an endpoint follows: of the account that set it last, as far as it has them today.

use std::rc::Rc;

use actix_web::web::Data;
use diesel::prelude::*;
use uuid::Uuid;

use crate::{
    access::{Access, Reach, Role, token::Actor},
    accounts::{self, Grant, Session},
    db::schema::webhook_endpoints,
    error::Result,
    ids::UserId,
    worker::Worker,
};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = webhook_endpoints, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Owner {
    client_id: String,
    account_id: UserId,
    role: Role,
    rows_as: Option<Role>,
    subject_id: Option<Uuid>,
    /// Of the token that was used.
    scope: String,
}

impl Owner {
    pub fn of(actor: &Actor) -> Self {
        Self {
            client_id: actor.client.clone(),
            account_id: actor.user,
            role: actor.role,
            rows_as: (actor.rows_as != actor.role).then_some(actor.rows_as),
            subject_id: actor.subject,
            scope: actor.scope.to_string(),
        }
    }

    /// None where the account may no longer be what it was.
    pub async fn access(&self, worker: &Data<Worker>) -> Result<Option<Access>> {
        let session = Session {
            user: self.account_id,
            client: self.client_id.clone(),
            grant: Grant { role: self.role, subject_id: self.subject_id },
            rows_as: self.rows_as,
            scope: self.scope.clone(),
        };
        let access = |actor: Actor| Access {
            reach: Reach::Own(actor.party),
            actor: Rc::new(actor),
            ..Access::of_service(worker, "webhooks", None)
        };
        Ok(accounts::still(worker, session).await?.map(access))
    }
}
