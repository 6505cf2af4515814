//! What a machine client may be, and which scopes it may have.

use crate::{
    access::{Permission, Role},
    accounts::{clients::payloads::ClientFields, grants::Grant},
    http::{Code, Flaw},
};

/// What a client may have besides the scopes of its role.
const BESIDES: [&str; 2] = ["pii:read", "insights:read"];

/// The scopes that a client may have whose rows are those of `role`.
pub fn offered(role: Role) -> Vec<&'static str> {
    role.scopes().into_iter().chain(BESIDES).collect()
}

/// Every scope there is.
pub fn all_scopes() -> Vec<&'static str> {
    let mut scopes: Vec<_> = Permission::ALL.iter().map(|permission| permission.scope()).collect();
    scopes.sort_unstable();
    scopes.dedup();
    scopes.into_iter().chain(BESIDES).collect()
}

impl ClientFields {
    /// The role that decides about rows and scopes.
    pub fn rows(&self) -> Role {
        if self.role == Role::System { self.rows_as.unwrap_or(self.role) } else { self.role }
    }

    /// All that is wrong with it as such.
    pub fn flaws(&self) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        match (self.role, self.rows_as) {
            (Role::System, None) => flaws.push(Code::Required.at("/rows_as")),
            (Role::System, Some(Role::System)) => flaws.push(Code::Conflict.expecting("/rows_as", "system")),
            (Role::System, Some(_)) | (_, None) => {}
            (role, Some(_)) => flaws.push(Code::Conflict.expecting("/rows_as", role)),
        }
        if self.rows() == Role::System {
            return flaws;
        }
        flaws.extend(Grant { role: self.rows(), subject_id: self.subject_id }.flaw(""));
        let offered = offered(self.rows());
        for (at, scope) in self.scopes.iter().enumerate() {
            if !offered.contains(&scope.as_str()) {
                flaws.push(Code::NotAllowed.expecting(format!("/scopes/{at}"), offered.join(", ")));
            } else if self.scopes.iter().take(at).any(|before| before == scope) {
                flaws.push(Code::Repeated.at(format!("/scopes/{at}")));
            }
        }
        flaws
    }

    /// What a change may not touch: another role or subject is another client.
    pub fn fixed(&self, before: &Self) -> Vec<Flaw> {
        let changed = [
            ("/client_id", self.client_id != before.client_id),
            ("/role", self.role != before.role),
            ("/subject_id", self.subject_id != before.subject_id),
            ("/rows_as", self.rows_as != before.rows_as),
        ];
        changed.iter().filter(|(_, changed)| *changed).map(|(at, _)| Code::Fixed.at(*at)).collect()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::accounts::clients::Status;

    fn client(role: Role, rows_as: Option<Role>, subject: bool, scopes: &[&str]) -> ClientFields {
        ClientFields {
            client_id: "siakad".into(),
            name: "Siakad".into(),
            role,
            subject_id: subject.then(|| Uuid::from_u128(1)),
            rows_as,
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            status: Status::Active,
        }
    }

    fn pointers(flaws: &[Flaw]) -> Vec<String> {
        flaws.iter().map(|flaw| format!("{:?} {:?}", flaw.place, flaw.code)).collect()
    }

    #[test]
    fn a_client_has_no_scope_that_its_role_has_not() {
        let good = client(Role::Institution, None, true, &["mentors:write", "changes:read"]);
        assert_eq!(good.flaws(), []);
        let bad = client(Role::Institution, None, true, &["users:read", "mentors:read", "mentors:read", ""]);
        assert_eq!(
            pointers(&bad.flaws()),
            [
                "Pointer(\"/scopes/0\") NotAllowed",
                "Pointer(\"/scopes/2\") Repeated",
                "Pointer(\"/scopes/3\") NotAllowed"
            ]
        );
    }

    #[test]
    fn only_another_system_has_the_rows_of_a_role_that_it_is_not() {
        let scopes = ["businesses:read"];
        let flaws = |role, rows_as, subject| pointers(&client(role, rows_as, subject, &scopes).flaws());
        assert_eq!(flaws(Role::System, Some(Role::Programme), false), [""; 0]);
        assert_eq!(flaws(Role::System, None, false), ["Pointer(\"/rows_as\") Required"]);
        assert_eq!(flaws(Role::System, Some(Role::System), false), ["Pointer(\"/rows_as\") Conflict"]);
        assert_eq!(flaws(Role::Programme, Some(Role::Policy), false), ["Pointer(\"/rows_as\") Conflict"]);
        assert_eq!(flaws(Role::Lender, None, false), ["Pointer(\"/subject_id\") Required"]);
        assert_eq!(flaws(Role::System, Some(Role::Programme), true), ["Pointer(\"/subject_id\") Conflict"]);
    }
}
