//! The roles of the programme, and the parties of the event log that they stand for.

use std::fmt;

use uuid::Uuid;

use crate::{
    ids::{CooperativeId, InstitutionId, MentorId, PersonId},
    text_enum::text_enum,
};

text_enum! {
    Role {
        Admin = "admin",
        Programme = "programme",
        Standardisation = "standardisation",
        Facilitation = "facilitation",
        Cooperatives = "cooperatives",
        Policy = "policy",
        Mentor = "mentor",
        Institution = "institution",
        Cooperative = "cooperative",
        Business = "business",
        Lender = "lender",
        System = "system",
    }
}

text_enum! {
    /// A part of the department that takes hand-overs.
    Division {
        Programme = "programme",
        Standardisation = "standardisation",
        Facilitation = "facilitation",
        Cooperatives = "cooperatives",
    }
}

/// Who sees records and events: a desk, or one person, mentor, institution, lender or cooperative.
/// Its text stands in the audience of each event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Party {
    Admin,
    /// The section that runs the programme.
    Staff,
    Policy,
    Division(Division),
    Person(PersonId),
    Mentor(MentorId),
    Institution(InstitutionId),
    Lender(InstitutionId),
    Cooperative(CooperativeId),
}

impl Role {
    /// What the subject of a grant of this role is; `None` for the desks, which need no subject.
    pub fn subject(self) -> Option<&'static str> {
        match self {
            Self::Mentor => Some("mentor"),
            Self::Institution | Self::Lender => Some("institution"),
            Self::Cooperative => Some("cooperative"),
            Self::Business => Some("person"),
            _ => None,
        }
    }

    /// The party that this role speaks for with that subject.
    pub fn party(self, subject: Option<Uuid>) -> Option<Party> {
        Some(match self {
            Self::Admin => Party::Admin,
            Self::Programme => Party::Staff,
            Self::Policy => Party::Policy,
            Self::Standardisation => Party::Division(Division::Standardisation),
            Self::Facilitation => Party::Division(Division::Facilitation),
            Self::Cooperatives => Party::Division(Division::Cooperatives),
            Self::Mentor => Party::Mentor(MentorId(subject?)),
            Self::Institution => Party::Institution(InstitutionId(subject?)),
            Self::Cooperative => Party::Cooperative(CooperativeId(subject?)),
            Self::Business => Party::Person(PersonId(subject?)),
            Self::Lender => Party::Lender(InstitutionId(subject?)),
            // A municipal system has the party of the role that its registration names.
            Self::System => return None,
        })
    }

    /// The division that a desk works for.
    pub fn division(self) -> Option<Division> {
        Division::ALL.iter().copied().find(|division| division.as_str() == self.as_str())
    }
}

impl Party {
    /// The role that speaks for this party.
    pub fn role(self) -> Role {
        match self {
            Self::Admin => Role::Admin,
            Self::Staff | Self::Division(Division::Programme) => Role::Programme,
            Self::Policy => Role::Policy,
            Self::Division(Division::Standardisation) => Role::Standardisation,
            Self::Division(Division::Facilitation) => Role::Facilitation,
            Self::Division(Division::Cooperatives) => Role::Cooperatives,
            Self::Person(_) => Role::Business,
            Self::Mentor(_) => Role::Mentor,
            Self::Institution(_) => Role::Institution,
            Self::Lender(_) => Role::Lender,
            Self::Cooperative(_) => Role::Cooperative,
        }
    }

    /// Whom its role acts for; none of a desk.
    pub fn subject(self) -> Option<Uuid> {
        match self {
            Self::Admin | Self::Staff | Self::Policy | Self::Division(_) => None,
            Self::Person(id) => Some(id.0),
            Self::Mentor(id) => Some(id.0),
            Self::Institution(id) | Self::Lender(id) => Some(id.0),
            Self::Cooperative(id) => Some(id.0),
        }
    }

    /// `mentor:*`: every mentor, in the audience of an event.
    pub fn all_of_its_kind(self) -> String {
        let text = self.to_string();
        text.split_once(':').map_or(text.clone(), |(kind, _)| format!("{kind}:*"))
    }

    /// From its text.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_once(':').unwrap_or((text, ""));
        let id = || Uuid::parse_str(rest).ok();
        Some(match kind {
            "admin" => Self::Admin,
            "staff" => Self::Staff,
            "policy" => Self::Policy,
            "division" => Self::Division(*Division::ALL.iter().find(|one| one.as_str() == rest)?),
            "person" => Self::Person(PersonId(id()?)),
            "mentor" => Self::Mentor(MentorId(id()?)),
            "institution" => Self::Institution(InstitutionId(id()?)),
            "lender" => Self::Lender(InstitutionId(id()?)),
            "cooperative" => Self::Cooperative(CooperativeId(id()?)),
            _ => return None,
        })
    }

    /// The desk of a division; the programme's is the staff, who see all of the programme anyway.
    pub fn of(division: Division) -> Self {
        if division == Division::Programme { Self::Staff } else { Self::Division(division) }
    }
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Admin => f.write_str("admin"),
            Self::Staff => f.write_str("staff"),
            Self::Policy => f.write_str("policy"),
            Self::Division(division) => write!(f, "division:{division}"),
            Self::Person(id) => write!(f, "person:{id}"),
            Self::Mentor(id) => write!(f, "mentor:{id}"),
            Self::Institution(id) => write!(f, "institution:{id}"),
            Self::Lender(id) => write!(f, "lender:{id}"),
            Self::Cooperative(id) => write!(f, "cooperative:{id}"),
        }
    }
}
