//! Who invites whom.

use crate::access::Role;

/// The roles that `inviter` may give. A system that signs in as a client is never invited.
pub fn may_invite(inviter: Role) -> Vec<Role> {
    match inviter {
        Role::Admin => Role::ALL.iter().copied().filter(|role| *role != Role::System).collect(),
        Role::Programme => vec![Role::Mentor, Role::Business],
        Role::Institution => vec![Role::Mentor],
        Role::Cooperatives => vec![Role::Cooperative],
        _ => vec![],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Permission, Rows};

    #[test]
    fn who_may_invite_has_someone_to_invite() {
        for role in Role::ALL.iter().filter(|role| **role != Role::System) {
            let may = role.rows(Permission::WriteInvitations) != Rows::None;
            assert_eq!(may, !may_invite(*role).is_empty(), "{role}");
        }
    }
}
