//! Which fields of a record a role may not see: the other half of the access table. Such a field is
//! null in an answer and named in `hidden`; a patch that names one is refused.

use crate::access::{permission::Permission, role::Role};

/// `permission` reads the record; `fields` are paths into its JSON, `address.line` for one of an object.
struct Hides {
    permission: Permission,
    roles: &'static [Role],
    fields: &'static [&'static str],
}

const OUTSIDE: &[Role] =
    &[Role::Mentor, Role::Institution, Role::Cooperative, Role::Business, Role::Lender, Role::Policy];
const POLICY: &[Role] = &[Role::Policy];
/// Municipal systems: personal data only with `pii:read`.
const SYSTEM: &[Role] = &[Role::System];

const HIDES: &[Hides] = &[
    Hides { permission: Permission::ReadInstitutions, roles: OUTSIDE, fields: &["contact"] },
    Hides {
        permission: Permission::ReadPersons,
        roles: &[Role::Mentor, Role::Lender, Role::Cooperative],
        fields: &["disability"],
    },
    Hides {
        permission: Permission::ReadPersons,
        roles: &[Role::Standardisation, Role::Facilitation, Role::Cooperatives],
        fields: &["disability"],
    },
    Hides {
        permission: Permission::ReadPersons,
        roles: SYSTEM,
        fields: &["full_name", "nik", "npwp", "phone", "email", "disability", "birth_year"],
    },
    Hides { permission: Permission::LookUpPersons, roles: SYSTEM, fields: &["full_name", "nik"] },
    Hides {
        permission: Permission::ReadBusinesses,
        roles: &[Role::Policy, Role::System, Role::Institution],
        fields: &["npwp", "address.line", "address.latitude", "address.longitude"],
    },
    Hides { permission: Permission::ReadMentors, roles: POLICY, fields: &["email", "phone"] },
    Hides { permission: Permission::ReadMentors, roles: SYSTEM, fields: &["email", "phone"] },
    Hides {
        permission: Permission::ReadMentors,
        roles: &[Role::Business],
        fields: &[
            "capacity_offered",
            "capacity",
            "academic_id",
            "external_ids",
            "last_synced_at",
            "affiliation_ended_on",
        ],
    },
    Hides { permission: Permission::ReadCohorts, roles: OUTSIDE, fields: &["budget_code"] },
    // A university sees that its lecturer coaches, when and for how long; whom, only with consent.
    Hides {
        permission: Permission::ReadMentorships,
        roles: &[Role::Institution],
        fields: &["business_id", "business_name", "note"],
    },
    Hides {
        permission: Permission::ReadSessions,
        roles: &[Role::Institution],
        fields: &["business_id", "topics", "summary", "place", "attendees", "confirmation_evidence"],
    },
    Hides { permission: Permission::ReadMentorships, roles: POLICY, fields: &["note", "transfer.note"] },
    Hides { permission: Permission::ReadAgreedActions, roles: POLICY, fields: &["text"] },
    // Bands are for the need for capital; single costs would give it away.
    Hides { permission: Permission::ReadPlans, roles: POLICY, fields: &["items", "finances", "body"] },
    Hides {
        permission: Permission::ReadSessions,
        roles: POLICY,
        fields: &["topics", "summary", "place", "attendees", "confirmation_evidence"],
    },
    // Planners see that capital is sought and how much, in bands; not for what in words, nor with which papers.
    Hides {
        permission: Permission::ReadReferrals,
        roles: POLICY,
        fields: &["purpose_note", "scheme_reason", "documents", "disbursements"],
    },
    Hides {
        permission: Permission::ReadOutcomes,
        roles: POLICY,
        fields: &["note", "attribution.note", "verification.evidence"],
    },
    Hides {
        permission: Permission::ReadCertifications,
        roles: POLICY,
        fields: &["note", "requirements", "evidence"],
    },
    Hides { permission: Permission::ReadQualifications, roles: POLICY, fields: &["certificate_number"] },
    Hides { permission: Permission::ReadQualifications, roles: SYSTEM, fields: &["certificate_number"] },
    // Without `pii:read` neither the name of a file nor what is in it.
    Hides { permission: Permission::ReadAttachments, roles: SYSTEM, fields: &["name"] },
    // Notes and evidence are words about people; what the instrument makes of the answers is not.
    Hides {
        permission: Permission::ReadAssessments,
        roles: POLICY,
        fields: &["answers", "class_override.note", "objection"],
    },
    Hides { permission: Permission::ReadAssessments, roles: &[Role::Lender], fields: &["objection"] },
];

/// What `role` may not see of a record that `permission` reads.
pub fn hidden(permission: Permission, role: Role) -> &'static [&'static str] {
    let row = HIDES.iter().find(|row| row.permission == permission && row.roles.contains(&role));
    row.map_or(&[], |row| row.fields)
}

/// Planners see money in bands, not to the rupiah.
pub fn sees_bands(role: Role) -> bool {
    role == Role::Policy
}

/// The upper bounds of the bands, in rupiah: those that the law's size classes and the credit schemes
/// draw, and steps between them.
const BANDS: &[i64] = &[
    0,
    5_000_000,
    10_000_000,
    25_000_000,
    50_000_000,
    100_000_000,
    250_000_000,
    500_000_000,
    1_000_000_000,
    2_000_000_000,
    5_000_000_000,
    10_000_000_000,
    15_000_000_000,
    50_000_000_000,
];

/// The band of an amount: above the first, up to and including the second; `None` above the last.
pub fn band(amount_idr: i64) -> [Option<i64>; 2] {
    let above = BANDS.iter().rev().find(|bound| **bound < amount_idr).copied();
    let up_to = BANDS.iter().find(|bound| **bound >= amount_idr).copied();
    [above, up_to]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_has_one_row_for_each_permission_at_most() {
        for permission in Permission::ALL {
            for role in Role::ALL {
                let rows =
                    HIDES.iter().filter(|row| row.permission == *permission && row.roles.contains(role));
                assert!(rows.count() <= 1, "{permission:?} {role}");
            }
        }
    }

    #[test]
    fn a_band_holds_its_amount() {
        for amount in [0, 1, 5_000_000, 5_000_001, 2_000_000_000, 60_000_000_000] {
            let [above, up_to] = band(amount);
            assert!(above.is_none_or(|bound| bound < amount) && up_to.is_none_or(|bound| amount <= bound));
        }
    }
}
