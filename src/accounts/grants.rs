//! What a user may be. Pure: whether a subject exists is for the store to say.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    access::Role,
    http::{Code, Flaw},
};

/// A role, and whom it acts for: the mentor, institution, cooperative or person that the role asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    pub role: Role,
    pub subject_id: Option<Uuid>,
}

impl Grant {
    /// What is wrong with it as such; `at` is where it stands in the body.
    pub fn flaw(self, at: &str) -> Option<Flaw> {
        match (self.role.subject(), self.subject_id) {
            // Another system signs in as a client.
            _ if self.role == Role::System => Some(Code::Conflict.expecting(format!("{at}/role"), "user")),
            (Some(_), None) => Some(Code::Required.at(format!("{at}/subject_id"))),
            (None, Some(_)) => Some(Code::Conflict.expecting(format!("{at}/subject_id"), self.role)),
            _ => None,
        }
    }
}

/// All that is wrong with the grants of one user.
pub fn flaws(grants: &[Grant]) -> Vec<Flaw> {
    let of = |(at, grant): (usize, &Grant)| {
        let repeated = || grants.iter().take(at).any(|before| before == grant);
        let pointer = format!("/grants/{at}");
        grant.flaw(&pointer).or_else(|| repeated().then(|| Code::Repeated.at(pointer)))
    };
    grants.iter().enumerate().filter_map(of).collect()
}

/// The grant that a log-in is for: the only one, or the only one that fits what was asked for.
pub fn choose(grants: &[Grant], role: Option<Role>, subject: Option<Uuid>) -> Result<Grant, Flaw> {
    let of_role: Vec<_> =
        grants.iter().filter(|grant| role.is_none_or(|role| grant.role == role)).copied().collect();
    let fits = |grant: &&Grant| subject.is_none_or(|subject| grant.subject_id == Some(subject));
    let fitting: Vec<_> = of_role.iter().filter(fits).copied().collect();
    match fitting.as_slice() {
        [one] => Ok(*one),
        [] if of_role.is_empty() => Err(Code::NotAllowed.expecting("/role", "grants")),
        [] => Err(Code::NotAllowed.expecting("/subject_id", "grants")),
        _ if role.is_none() => Err(Code::Required.at("/role")),
        _ => Err(Code::Required.at("/subject_id")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(role: Role, subject: u128) -> Grant {
        Grant { role, subject_id: (subject > 0).then(|| Uuid::from_u128(subject)) }
    }

    #[test]
    fn a_role_with_a_subject_needs_one_and_a_desk_takes_none() {
        let grants = [
            grant(Role::Mentor, 0),
            grant(Role::Programme, 1),
            grant(Role::System, 0),
            grant(Role::Mentor, 1),
            grant(Role::Mentor, 1),
        ];
        assert_eq!(
            flaws(&grants),
            [
                Code::Required.at("/grants/0/subject_id"),
                Code::Conflict.expecting("/grants/1/subject_id", "programme"),
                Code::Conflict.expecting("/grants/2/role", "user"),
                Code::Repeated.at("/grants/4"),
            ]
        );
    }

    #[test]
    fn a_log_in_is_for_one_grant_and_says_what_is_missing_to_know_which() {
        let grants = [grant(Role::Programme, 0), grant(Role::Business, 1), grant(Role::Business, 2)];
        let chosen =
            |role, subject: u128| choose(&grants, role, (subject > 0).then(|| Uuid::from_u128(subject)));
        assert_eq!(chosen(Some(Role::Programme), 0), Ok(grants[0]));
        assert_eq!(chosen(None, 2), Ok(grants[2]));
        assert_eq!(chosen(None, 0), Err(Code::Required.at("/role")));
        assert_eq!(chosen(Some(Role::Business), 0), Err(Code::Required.at("/subject_id")));
        assert_eq!(chosen(Some(Role::Mentor), 1), Err(Code::NotAllowed.expecting("/role", "grants")));
        assert_eq!(chosen(None, 3), Err(Code::NotAllowed.expecting("/subject_id", "grants")));
        assert_eq!(choose(&grants[1..2], None, None), Ok(grants[1]));
    }
}
