//! Writes the notifications of what happened.

use std::collections::BTreeMap;

use chrono::Duration;
use serde_json::Value;
use uuid::Uuid;

use super::{
    mails, store,
    told::{self, Who},
};
use crate::{
    access::{Party, Role},
    accounts,
    error::Result,
    ids::UserId,
    log::{Logged, Reader},
    records::Tx,
};

pub const READER: Reader = Reader {
    name: "notifications",
    kinds: told::OF,
    work: |tx, event| Box::pin(async move { tell(tx, event).await.map(|()| vec![]) }),
};

/// What is older is no news: a log that is read from its beginning sends no mail about the past.
const NEWS: Duration = Duration::days(1);

async fn tell(tx: &Tx<'_>, event: &Logged) -> Result<()> {
    // Who speaks for two parties is told once, as the first of them.
    let mut users: BTreeMap<UserId, Party> = BTreeMap::new();
    for party in parties(tx, event).await? {
        for user in accounts::speaking_for(tx, party).await? {
            users.entry(user).or_insert(party);
        }
    }
    users.remove(&event.actor_id);
    for (user, party) in users {
        let Some(told) = store::insert(tx, event, parent(event), user, party).await? else { continue };
        if event.occurred_at > tx.now - NEWS {
            mails::queue(tx, &told, user).await?;
        }
    }
    Ok(())
}

/// The parties that are told, in the order of the table; only such as see the record.
async fn parties(tx: &Tx<'_>, event: &Logged) -> Result<Vec<Party>> {
    let audience: Vec<Party> = event.audience.iter().filter_map(|text| Party::parse(text)).collect();
    let mut told = Vec::new();
    for who in told::of(&event.kind) {
        for party in named(tx, event, *who, &audience).await? {
            if audience.contains(&party) && !told.contains(&party) {
                told.push(party);
            }
        }
    }
    Ok(told)
}

async fn named(tx: &Tx<'_>, event: &Logged, who: Who, audience: &[Party]) -> Result<Vec<Party>> {
    let of_role = |role: Role| audience.iter().copied().filter(|party| party.role() == role).collect();
    let by_an_owner = event.actor_role == Role::Business;
    let by_the_programme = event.actor_role == Role::Programme;
    Ok(match who {
        Who::Owner => of_role(Role::Business),
        Who::Reviewer if !by_an_owner => vec![Party::Staff],
        Who::Author if !by_the_programme => of_role(Role::Business),
        Who::Mentor | Who::Reviewer | Who::Author => match event.business_id {
            Some(_) => store::mentors_of(tx, event).await?,
            None => of_role(Role::Mentor),
        },
        Who::Asked => asked(event).into_iter().collect(),
        Who::Staff => vec![Party::Staff],
        Who::Desk(division) => vec![Party::of(division)],
        Who::Receiver => receiver(event).into_iter().collect(),
        Who::Lender => of_role(Role::Lender),
        Who::Cooperative => of_role(Role::Cooperative),
    })
}

fn asked(event: &Logged) -> Option<Party> {
    let id = event.data.pointer("/after/transfer/mentor_id")?.as_str()?;
    Party::parse(&format!("mentor:{id}"))
}

fn receiver(event: &Logged) -> Option<Party> {
    match event.data.pointer("/after/division").and_then(Value::as_str)? {
        "programme" => Some(Party::Staff),
        division => Party::parse(&format!("division:{division}")),
    }
}

/// The record below whose address the subject is read: where its record says what it is about.
fn parent(event: &Logged) -> Option<Uuid> {
    let at = match event.resource.as_str() {
        "session" | "plan" | "participant" | "mentor_qualification" => 0,
        "agreed_action" => 1,
        _ => return None,
    };
    event.about.get(at).copied()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ids::EventId;

    fn logged(resource: &str, about: Vec<Uuid>, data: Value) -> Logged {
        Logged {
            seq: 1,
            id: EventId::generate(),
            kind: format!("{resource}.created"),
            subject_id: Uuid::now_v7(),
            business_id: None,
            actor_id: UserId::generate(),
            data,
            resource: resource.into(),
            actor_role: Role::Programme,
            occurred_at: chrono::DateTime::UNIX_EPOCH,
            about,
            audience: vec![],
        }
    }

    #[test]
    fn an_agreed_action_is_read_below_its_mentorship_and_not_its_session() {
        let (session, mentorship) = (Uuid::now_v7(), Uuid::now_v7());
        let event = logged("agreed_action", vec![session, mentorship], Value::Null);
        assert_eq!(parent(&event), Some(mentorship));
        assert_eq!(parent(&logged("hand_over", vec![session], Value::Null)), None);
    }

    #[test]
    fn a_hand_over_is_told_to_its_division_and_a_transfer_to_who_is_asked() {
        let to = |division: &str| {
            receiver(&logged("hand_over", vec![], json!({ "after": { "division": division } })))
        };
        assert_eq!(to("programme"), Some(Party::Staff));
        assert_eq!(to("facilitation").unwrap().to_string(), "division:facilitation");
        let mentor = Uuid::now_v7();
        let event = logged("mentorship", vec![], json!({ "after": { "transfer": { "mentor_id": mentor } } }));
        assert_eq!(asked(&event).unwrap().to_string(), format!("mentor:{mentor}"));
    }
}
