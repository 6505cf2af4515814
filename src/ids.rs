//! One type per kind of identifier, so a business id cannot be passed as a referral id.

/// Declares identifiers: UUIDv7 in the database, in JSON and as the `{id}` of a path.
macro_rules! typed_ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow)]
        #[diesel(sql_type = diesel::sql_types::Uuid)]
        #[serde(transparent)]
        pub struct $name(pub uuid::Uuid);

        impl $name {
            pub fn generate() -> Self {
                Self(uuid::Uuid::now_v7())
            }
        }

        impl From<uuid::Uuid> for $name {
            fn from(id: uuid::Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for uuid::Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl utoipa::IntoParams for $name {
            fn into_params(
                _: impl Fn() -> Option<utoipa::openapi::path::ParameterIn>,
            ) -> Vec<utoipa::openapi::path::Parameter> {
                use utoipa::{PartialSchema, openapi::path::*};
                let id = ParameterBuilder::new().name("id").parameter_in(ParameterIn::Path);
                vec![id.required(utoipa::openapi::Required::True).schema(Some(Self::schema())).build()]
            }
        }

        impl diesel::serialize::ToSql<diesel::sql_types::Uuid, diesel::pg::Pg> for $name {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>,
            ) -> diesel::serialize::Result {
                diesel::serialize::ToSql::<diesel::sql_types::Uuid, diesel::pg::Pg>::to_sql(&self.0, out)
            }
        }

        impl diesel::deserialize::FromSql<diesel::sql_types::Uuid, diesel::pg::Pg> for $name {
            fn from_sql(value: diesel::pg::PgValue<'_>) -> diesel::deserialize::Result<Self> {
                diesel::deserialize::FromSql::from_sql(value).map(Self)
            }
        }
    )*};
}

typed_ids! {
    /// A person that signs in, or a machine client: the `sub` of a token.
    UserId
    /// A one-time code that makes an account.
    InvitationId
    /// A university, network of practitioners, lender or authority.
    InstitutionId
    /// A practitioner or lecturer who coaches.
    MentorId
    /// A natural person: owner, member, participant.
    PersonId
    /// One purpose and receiver to which a person agreed.
    ConsentId
    /// A business (UMKM), or a cooperative that is coached.
    BusinessId
    /// What a person is in a business, from when to when.
    BusinessRoleId
    /// The figures of a business on one day.
    SnapshotId
    /// One round of the programme.
    CohortId
    /// A business in a cohort.
    ParticipantId
    /// A mentor who coaches a business in a cohort.
    MentorshipId
    /// What a mentorship is to achieve.
    ObjectiveId
    /// One meeting of a mentor with a business.
    SessionId
    /// What was promised in a session.
    AgreedActionId
    /// The work or business plan of a mentorship.
    PlanId
    /// One version of an assessment instrument.
    InstrumentId
    /// One assessment of a business.
    AssessmentId
    /// A business handed over to a division.
    HandOverId
    /// A capital referral.
    ReferralId
    /// A cooperative.
    CooperativeId
    /// One claimed result.
    OutcomeId
    /// A cohort's businesses, asked some months later.
    FollowUpWaveId
    /// One business, asked some months later.
    FollowUpId
    /// A person's membership of a cooperative.
    EnrollmentId
    /// What a business makes or sells.
    ProductId
    /// A permit, standard or registration of a product, or of a business.
    CertificationId
    /// What a mentor is certified in.
    QualificationId
    /// A business with which a mentor has a conflict of interest.
    InterestId
    /// A file that belongs to a record.
    AttachmentId
    /// An export that is written into the store of files.
    ExportJobId
    /// The secret address of a calendar.
    CalendarLinkId
    /// What a user was told.
    NotificationId
    /// Two records that became one.
    MergeId
    /// One file of a partner that was synced.
    SyncRunId
    /// Where a party is told of what happens.
    WebhookId
    /// An attempt to tell it.
    DeliveryId
    /// An entry of the event log.
    EventId
}
