//! What clients send and get, which is also what the table keeps.

use chrono::{DateTime, Utc};
use diesel::{deserialize::FromSqlRow, expression::AsExpression, prelude::*, sql_types::Jsonb};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::Party,
    db::{json::jsonb, schema::sessions},
    http::{Filter, OneOf, Sort},
    ids::{BusinessId, InstitutionId, MentorId, MentorshipId, PersonId, SessionId},
    mentorships::agreed_actions::NewAction,
    records::{Evidence, record},
    text_enum::text_enum,
};

text_enum! {
    #[schema(as = SessionMode)]
    Mode {
        Visit = "visit",
        Office = "office",
        Online = "online",
        Group = "group",
    }
}

text_enum! {
    #[schema(as = SessionStatus)]
    Status {
        Planned = "planned",
        Held = "held",
        Confirmed = "confirmed",
        Cancelled = "cancelled",
        NoShow = "no_show",
    }
}

text_enum! {
    #[schema(as = SessionAction)]
    Action {
        Hold = "hold",
        Confirm = "confirm",
        Cancel = "cancel",
        NoShow = "no_show",
    }
}

text_enum! {
    #[schema(as = AttendeeRole)]
    AttendeeRole {
        Owner = "owner",
        CoOwner = "co_owner",
        Manager = "manager",
        Employee = "employee",
        Board = "board",
        Mentor = "mentor",
        Department = "department",
        Other = "other",
    }
}

text_enum! {
    /// Why a session does not count as coaching; the first of those that apply.
    #[schema(as = CountableReason)]
    Uncounted {
        NotHeld = "not_held",
        TooShort = "too_short",
        NoTopic = "no_topic",
        NoSummary = "no_summary",
        NotConfirmed = "not_confirmed",
    }
}

/// Who was there: never by name.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[serde(deny_unknown_fields)]
pub struct Attendee {
    pub role: AttendeeRole,
    pub person_id: Option<PersonId>,
}

jsonb!(Attendee);

text_enum! {
    /// By the owner's own account, by the code that he was given, or on paper.
    ConfirmedVia {
        Account = "account",
        Code = "code",
        SignedSheet = "signed_sheet",
    }
}

/// What is planned: whole in POST, in parts by PATCH.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = sessions, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateSession)]
pub struct SessionFields {
    pub planned_at: DateTime<Utc>,
    #[schema(minimum = 1, maximum = 720, example = 90)]
    pub planned_minutes: Option<i32>,
    pub mode: Mode,
    #[schema(format = "single_line", max_length = 200, example = "Dapur usaha")]
    pub place: Option<String>,
}

/// What its actions change, and nothing else does: the report, and how far it has come.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = sessions, treat_none_as_null = true, treat_none_as_default_value = false)]
#[schema(as = SessionReport)]
pub struct Report {
    pub status: Status,
    /// When it began.
    pub held_at: Option<DateTime<Utc>>,
    /// With the business.
    #[schema(example = 75)]
    pub contact_minutes: Option<i32>,
    #[schema(example = 30)]
    pub preparation_minutes: Option<i32>,
    #[schema(example = 40)]
    pub travel_minutes: Option<i32>,
    pub attendees: Vec<Attendee>,
    /// Codes of the list `training-topics`.
    #[schema(example = json!(["bookkeeping"]))]
    pub topics: Vec<String>,
    #[schema(example = "Buku kas dibuka, contoh seminggu diisi bersama.")]
    pub summary: Option<String>,
    /// When it was first reported.
    pub reported_at: Option<DateTime<Utc>>,
    pub confirmed_at: Option<DateTime<Utc>>,
    pub confirmed_via: Option<ConfirmedVia>,
    pub confirmation_evidence: Option<Evidence>,
    /// Whether it counts as coaching.
    #[schema(example = false)]
    pub countable: bool,
    pub countable_reason: Option<Uncounted>,
}

#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub struct Session {
    pub id: SessionId,
    pub mentorship_id: MentorshipId,
    pub business_id: BusinessId,
    /// Whose work it is, also when the mentorship passes to another.
    pub mentor_id: MentorId,
    pub institution_id: Option<InstitutionId>,
    /// Who sees it: whose work it is, and who coaches now.
    #[serde(skip)]
    pub mentor_ids: Vec<MentorId>,
    #[serde(flatten)]
    #[diesel(embed)]
    pub fields: SessionFields,
    #[serde(flatten)]
    #[diesel(embed)]
    pub report: Report,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(Session: SessionId, "session", ReadSessions {
    fn business(&self) -> Option<BusinessId> {
        Some(self.business_id)
    }

    fn named(&self) -> Vec<Party> {
        let institution = self.institution_id.map(Party::Institution);
        institution.into_iter().chain(self.mentor_ids.iter().copied().map(Party::Mentor)).collect()
    }

    fn about(&self) -> Vec<Uuid> {
        vec![self.mentorship_id.into()]
    }
});

/// An action, and the fields that it needs.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveSession {
    pub action: Action,
    #[schema(max_length = 40, example = "owner_unavailable")]
    pub reason_code: Option<String>,
    #[schema(min_length = 1, max_length = 2000, example = "Pemilik sakit.")]
    pub note: Option<String>,
    /// With `hold`: when it began.
    pub held_at: Option<DateTime<Utc>>,
    #[schema(minimum = 1, maximum = 720, example = 75)]
    pub contact_minutes: Option<i32>,
    #[schema(minimum = 0, maximum = 1440, example = 30)]
    pub preparation_minutes: Option<i32>,
    #[schema(minimum = 0, maximum = 1440, example = 40)]
    pub travel_minutes: Option<i32>,
    #[schema(max_items = 50)]
    pub attendees: Option<Vec<Attendee>>,
    /// Codes of the list `training-topics`.
    #[schema(max_items = 10, example = json!(["bookkeeping"]))]
    pub topics: Option<Vec<String>>,
    #[schema(min_length = 1, max_length = 4000, example = "Buku kas dibuka, contoh seminggu diisi bersama.")]
    pub summary: Option<String>,
    #[schema(max_items = 20)]
    pub agreed_actions: Option<Vec<NewAction>>,
    /// Where it was, where not as planned.
    #[schema(format = "single_line", max_length = 200, example = "Dapur usaha")]
    pub place: Option<String>,
    /// With `confirm` by the mentor: the four digits that the owner was given.
    #[schema(min_length = 4, max_length = 4, pattern = "^[0-9]{4}$", example = "0417")]
    pub code: Option<String>,
    /// With `confirm` by the mentor: the sheet that the owner has signed.
    pub evidence: Option<Evidence>,
}

impl MoveSession {
    /// As the log keeps it.
    pub fn without_secrets(&self) -> serde_json::Value {
        let mut wanted = serde_json::to_value(self).unwrap_or_default();
        if let Some(fields) = wanted.as_object_mut() {
            fields.remove("code");
        }
        wanted
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct SessionFilter {
    #[param(inline)]
    pub status: Option<OneOf<Status>>,
    #[param(inline)]
    pub mode: Option<OneOf<Mode>>,
}

impl Filter for SessionFilter {
    const SORTS: &'static [Sort] = &[
        Sort("created_at", "timestamptz"),
        Sort("updated_at", "timestamptz"),
        Sort("planned_at", "timestamptz"),
    ];
}
