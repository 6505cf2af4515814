//! Who may do what: the access table. Everything else about access is computed from it.

use crate::access::role::Role;

/// Which records a role reaches with a permission. What it means for a table is said by `visible_to`
/// in that table's store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    None,
    /// Records that name the caller: a mentor's mentorships, a lender's forwarded referrals, an
    /// institution's mentors, a division's hand-overs.
    Own,
    /// Records of businesses that are shared with the caller: an owner's, a mentor's while he coaches,
    /// those handed over to a division, forwarded to a lender.
    Shared,
    All,
}

/// A permission as a type, for the signatures of handlers: see `access::Granted`.
pub trait Grant {
    const PERMISSION: Permission;
}

macro_rules! access {
    ($($name:ident $scope:literal [$($rows:ident)+])+) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Permission { $($name),+ }

        impl Permission {
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The OAuth scope that a token needs for it.
            pub const fn scope(self) -> &'static str {
                match self { $(Self::$name => $scope),+ }
            }

            /// The row of the table, in the order of `Role`, without `system`.
            const fn row(self) -> [Rows; Role::ALL.len() - 1] {
                match self { $(Self::$name => [$(Rows::$rows),+]),+ }
            }
        }

        /// The permissions as types.
        #[allow(dead_code, reason = "some guard an action of a lifecycle, not a handler")]
        pub mod may {
            $(
                pub struct $name;
                impl super::Grant for $name {
                    const PERMISSION: super::Permission = super::Permission::$name;
                }
            )+
        }
    };
}

// A municipal system has the rows of the role that its registration names, within its scopes.
access! {
    //                    scope                      admin programme standardisation facilitation cooperatives policy mentor institution cooperative business lender
    ReadInstitutions      "institutions:read"       [All   All       All             All          All          All    All    All         All         All      All]
    WriteInstitutions     "institutions:write"      [None  All       None            None         None         None   None   None        None        None     None]
    ReadPersons           "persons:read"            [None  All       Shared          Shared       Shared       None   Shared None        Shared      Own      Shared]
    CreatePersons         "persons:write"           [None  All       Shared          Shared       Shared       None   None   None        None        None     None]
    WritePersons          "persons:write"           [None  All       Shared          Shared       Shared       None   None   None        None        Own      None]
    LookUpPersons         "persons:read"            [None  All       All             All          All          None   None   None        None        None     None]
    ReadConsents          "persons:read"            [None  All       None            Shared       Shared       None   None   None        None        Own      None]
    WriteConsents         "persons:write"           [None  All       None            None         None         None   None   None        None        Own      None]
    ReadBusinesses        "businesses:read"         [None  All       Shared          Shared       Shared       All    Shared Shared      Shared      Shared   Shared]
    CreateBusinesses      "businesses:write"        [None  All       Shared          Shared       Shared       None   None   None        None        None     None]
    WriteBusinesses       "businesses:write"        [None  All       Shared          Shared       Shared       None   None   None        None        Shared   None]
    ReadPeople            "businesses:read"         [None  All       Shared          Shared       Shared       None   Shared Shared      Shared      Shared   Shared]
    WritePeople           "businesses:write"        [None  All       None            None         None         None   None   None        None        None     None]
    WriteSnapshots        "businesses:write"        [None  All       Shared          Shared       Shared       None   Shared None        None        Shared   None]
    DecideBusinesses      "businesses:decide"       [None  All       None            None         None         None   None   None        None        None     None]
    ReadMentors           "mentors:read"            [None  All       None            None         None         All    Own    Own         None        Shared   None]
    ReadMentorLoads       "mentors:read"            [None  All       None            None         None         All    Own    Own         None        None     None]
    WriteMentors          "mentors:write"           [None  All       None            None         None         None   Own    Own         None        None     None]
    CreateMentors         "mentors:write"           [None  All       None            None         None         None   None   Own         None        None     None]
    DecideMentors         "mentors:decide"          [None  All       None            None         None         None   None   None        None        None     None]
    ReadCohorts           "cohorts:read"            [None  All       All             All          All          All    All    All         None        All      None]
    WriteCohorts          "cohorts:write"           [None  All       None            None         None         None   None   None        None        None     None]
    DecideCohorts         "cohorts:decide"          [None  All       None            None         None         None   None   None        None        None     None]
    ReadParticipants      "cohorts:read"            [None  All       Shared          Shared       Shared       All    Shared None        None        Shared   None]
    WriteParticipants     "cohorts:write"           [None  All       None            None         None         None   None   None        None        None     None]
    AnswerParticipants    "cohorts:decide"          [None  All       None            None         None         None   None   None        None        Shared   None]
    DecideParticipants    "cohorts:decide"          [None  All       None            None         None         None   None   None        None        None     None]
    ReadMentorships       "mentorships:read"        [None  All       Shared          Shared       Shared       All    Own    Own         None        Shared   None]
    WriteMentorships      "mentorships:write"       [None  All       None            None         None         None   None   None        None        None     None]
    AnswerMentorships     "mentorships:decide"      [None  None      None            None         None         None   Own    None        None        None     None]
    DecideMentorships     "mentorships:decide"      [None  All       None            None         None         None   None   None        None        None     None]
    ReadObjectives        "mentorships:read"        [None  All       Shared          Shared       Shared       All    Own    None        None        Shared   None]
    WriteObjectives       "mentorships:write"       [None  All       None            None         None         None   Own    None        None        None     None]
    ReadSessions          "mentorships:read"        [None  All       Shared          Shared       Shared       All    Own    Own         None        Shared   None]
    WriteSessions         "mentorships:write"       [None  None      None            None         None         None   Own    None        None        None     None]
    DecideSessions        "mentorships:decide"      [None  None      None            None         None         None   Own    None        None        None     None]
    ConfirmSessions       "mentorships:decide"      [None  None      None            None         None         None   None   None        None        Shared   None]
    IssueSessionCodes     "mentorships:decide"      [None  All       None            None         None         None   None   None        None        None     None]
    SendSessionCodes      "mentorships:decide"      [None  All       None            None         None         None   Own    None        None        None     None]
    ReadAgreedActions     "mentorships:read"        [None  All       Shared          Shared       Shared       All    Own    None        None        Shared   None]
    WriteAgreedActions    "mentorships:write"       [None  None      None            None         None         None   Own    None        None        Shared   None]
    ReadPlans             "mentorships:read"        [None  All       Shared          Shared       Shared       All    Own    None        None        Shared   None]
    ReadPlanChanges       "mentorships:read"        [None  All       Shared          Shared       Shared       None   Own    None        None        Shared   None]
    WritePlans            "mentorships:write"       [None  None      None            None         None         None   Own    None        None        Shared   None]
    SubmitPlans           "mentorships:decide"      [None  None      None            None         None         None   None   None        None        Shared   None]
    AcceptPlans           "mentorships:decide"      [None  None      None            None         None         None   Own    None        None        None     None]
    ReadInstruments       "instruments:read"        [None  All       Own             Own          Own          All    Own    Own         None        Own      None]
    WriteInstruments      "instruments:write"       [None  All       None            None         None         None   None   None        None        None     None]
    DecideInstruments     "instruments:decide"      [None  All       None            None         None         None   None   None        None        None     None]
    ReadAssessments       "assessments:read"        [None  All       Shared          Shared       Shared       All    Shared None        None        Shared   Shared]
    ExplainAssessments    "assessments:read"        [None  All       Shared          Shared       Shared       None   Shared None        None        Shared   Shared]
    WriteAssessments      "assessments:write"       [None  None      None            None         None         None   Shared None        None        Shared   None]
    SubmitSelfAssessments "assessments:decide"      [None  None      None            None         None         None   None   None        None        Shared   None]
    SubmitAssessments     "assessments:decide"      [None  None      None            None         None         None   Shared None        None        None     None]
    ReviewSelfAssessments "assessments:decide"      [None  None      None            None         None         None   Shared None        None        None     None]
    ReviewAssessments     "assessments:decide"      [None  All       None            None         None         None   None   None        None        None     None]
    OverrideAssessments   "assessments:decide"      [None  All       None            None         None         None   None   None        None        None     None]
    ObjectToAssessments   "assessments:decide"      [None  None      None            None         None         None   Shared None        None        Shared   None]
    ReadOutcomes          "outcomes:read"           [None  All       Shared          Shared       Shared       All    Shared None        None        Shared   None]
    WriteOutcomes         "outcomes:write"          [None  All       Shared          Shared       Shared       None   Shared None        None        Shared   None]
    ConfirmOutcomes       "outcomes:decide"         [None  All       None            None         None         None   None   None        None        Shared   None]
    VerifyOutcomes        "outcomes:decide"         [None  All       Shared          Shared       Shared       None   None   None        None        None     None]
    ReadFollowUpWaves     "follow_up_waves:read"    [None  All       None            None         None         All    None   None        None        None     None]
    ReadFollowUps         "follow_ups:read"         [None  All       Shared          Shared       Shared       All    Shared None        None        Shared   None]
    LinkFollowUps         "follow_ups:write"        [None  All       None            None         None         None   Shared None        None        None     None]
    AnswerFollowUps       "follow_ups:write"        [None  All       None            None         None         None   Shared None        None        None     None]
    ReadHandOvers         "hand_overs:read"         [None  All       Own             Own          Own          All    Shared None        None        Shared   None]
    DecideHandOvers       "hand_overs:decide"       [None  All       Own             Own          Own          None   None   None        None        None     None]
    ReadReferrals         "capital_referrals:read"  [None  All       None            All          None         All    Shared None        None        Shared   Own]
    WriteReferrals        "capital_referrals:write" [None  None      None            All          None         None   Shared None        None        Shared   None]
    SubmitReferrals       "capital_referrals:decide" [None None      None            All          None         None   None   None        None        Shared   None]
    ReviewReferrals       "capital_referrals:decide" [None None      None            All          None         None   None   None        None        None     None]
    DecideReferrals       "capital_referrals:decide" [None None      None            All          None         None   None   None        None        None     Own]
    ReadCooperatives      "cooperatives:read"       [None  All       All             All          All          All    All    All         Own         All      None]
    WriteCooperatives     "cooperatives:write"      [None  None      None            None         All          None   None   None        None        None     None]
    ReadEnrollments       "enrollments:read"        [None  All       None            None         All          All    Shared None        Own         Own      None]
    WriteEnrollments      "enrollments:write"       [None  None      None            None         All          None   None   None        None        Own      None]
    VerifyEnrollments     "enrollments:decide"      [None  None      None            None         All          None   None   None        None        None     None]
    AdmitEnrollments      "enrollments:decide"      [None  None      None            None         All          None   None   None        Own         None     None]
    LeaveEnrollments      "enrollments:decide"      [None  None      None            None         All          None   None   None        None        Own      None]
    WriteProducts         "businesses:write"        [None  All       Shared          None         None         None   Shared None        None        Shared   None]
    ReadPipelines         "businesses:read"         [None  All       Shared          Shared       Shared       All    Shared None        None        Shared   None]
    ReadCertifications    "certifications:read"     [None  All       Shared          Shared       Shared       All    Shared None        None        Shared   None]
    WriteCertifications   "certifications:write"    [None  All       Shared          None         None         None   Shared None        None        Shared   None]
    DecideCertifications  "certifications:decide"   [None  All       Shared          None         None         None   None   None        None        None     None]
    FindBusinessDuplicates "businesses:read"        [None  All       Shared          Shared       Shared       None   None   None        None        None     None]
    FindPersonDuplicates  "persons:read"            [None  All       Shared          Shared       Shared       None   None   None        None        None     None]
    FindMentorDuplicates  "mentors:read"            [None  All       None            None         None         None   None   Own         None        None     None]
    ReadMerges            "merges:read"             [None  All       None            None         None         None   None   None        None        None     None]
    WriteMerges           "merges:write"            [None  All       None            None         None         None   None   None        None        None     None]
    DecideMerges          "merges:decide"           [None  All       None            None         None         None   None   None        None        None     None]
    ReadChanges           "changes:read"            [Own   Own       Own             Own          Own          Own    Own    Own         Own         Own      Own]
    ReadExports           "exports:read"            [Own   Own       Own             Own          Own          Own    Own    Own         Own         Own      Own]
    // What is synced is written with the permission of the record, besides.
    Sync                  "sync:write"              [None  Own       None            None         Own          None   None   Own         None        None     None]
    ReadSyncRuns          "sync:read"               [All   All       None            None         Own          None   None   Own         None        None     None]
    // Its party's; whoever sees one may stop it, and the client that made it may do the rest.
    ReadWebhooks          "webhooks:manage"         [All   Own       Own             Own          Own          Own    Own    Own         Own         Own      Own]
    WriteWebhooks         "webhooks:manage"         [Own   Own       Own             Own          Own          Own    Own    Own         Own         Own      Own]
    ReadInsights          "insights:read"           [None  All       All             All          All          All    None   None        None        None     None]
    ReadQualifications    "mentors:read"            [None  All       None            None         None         All    Own    Own         None        None     None]
    WriteQualifications   "mentors:write"           [None  All       None            None         None         None   Own    Own         None        None     None]
    ReadInterests         "mentors:read"            [None  All       None            None         None         None   Own    None        None        None     None]
    WriteInterests        "mentors:write"           [None  All       None            None         None         None   Own    None        None        None     None]
    ReadEvaluations       "mentors:read"            [None  All       None            None         None         None   Own    Own         None        None     None]
    // Files are read as the record that they belong to, line by line below; planners see none.
    ReadAttachments       "attachments:read"        [None  All       Own             Own          Own          None   Own    Own         Own         Own      Own]
    WriteAttachments      "attachments:write"       [None  All       Own             Own          Own          None   Own    Own         Own         Own      Own]
    ReadBusinessFiles     "attachments:read"        [None  All       Shared          Shared       Shared       None   Shared None        Shared      Shared   Shared]
    ReadPersonFiles       "attachments:read"        [None  All       None            Shared       Shared       None   None   None        None        Own      None]
    ReadMentorFiles       "attachments:read"        [None  All       None            None         None         None   Own    Own         None        None     None]
    ReadSessionFiles      "attachments:read"        [None  All       Shared          Shared       Shared       None   Own    None        None        Shared   None]
    ReadObjectiveFiles    "attachments:read"        [None  All       Shared          Shared       Shared       None   Own    None        None        Shared   None]
    ReadAssessmentFiles   "attachments:read"        [None  All       Shared          Shared       Shared       None   Shared None        None        Shared   Shared]
    ReadReferralFiles     "attachments:read"        [None  All       None            All          None         None   Shared None        None        Shared   Own]
    ReadEnrollmentFiles   "attachments:read"        [None  All       None            None         All          None   Shared None        Own         Own      None]
    ReadCertificationFiles "attachments:read"       [None  All       Shared          None         None         None   Shared None        None        Shared   None]
    ReadOutcomeFiles      "attachments:read"        [None  All       Shared          Shared       Shared       None   Shared None        None        Shared   None]
    // Of the user alone, whatever the role.
    ReadNotices           "me:read"                 [Own   Own       Own             Own          Own          Own    Own    Own         Own         Own      Own]
    WriteNotices          "me:write"                [Own   Own       Own             Own          Own          Own    Own    Own         Own         Own      Own]
    ReadInvitations       "invitations:read"        [All   All       None            None         Own          None   None   Own         None        None     None]
    WriteInvitations      "invitations:write"       [All   All       None            None         Own          None   None   Own         None        None     None]
    ReadUsers             "users:read"              [All   None      None            None         None         None   None   None        None        None     None]
    WriteUsers            "users:write"             [All   None      None            None         None         None   None   None        None        None     None]
    ReadClients           "clients:read"            [All   None      None            None         None         None   None   None        None        None     None]
    WriteClients          "clients:write"           [All   None      None            None         None         None   None   None        None        None     None]
    ResetSandbox          "sandbox:write"           [All   All       None            None         None         None   None   None        None        None     None]
}

impl Role {
    pub fn rows(self, permission: Permission) -> Rows {
        let row = Self::ALL.iter().zip(permission.row());
        row.into_iter().find(|(role, _)| **role == self).map_or(Rows::None, |(_, rows)| rows)
    }

    /// All scopes that the role can have, in the order of the table.
    pub fn scopes(self) -> Vec<&'static str> {
        let mut scopes = Vec::new();
        for permission in Permission::ALL.iter().filter(|one| self.rows(**one) != Rows::None) {
            if !scopes.contains(&permission.scope()) {
                scopes.push(permission.scope());
            }
        }
        scopes
    }
}

/// A set of permissions: those whose scope a token names.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scopes(u128);

impl Scopes {
    pub fn parse(text: &str) -> Self {
        let named = |p: &&Permission| text.split(' ').any(|scope| scope == p.scope());
        Self(Permission::ALL.iter().filter(named).fold(0, |set, p| set | Self::bit(*p)))
    }

    pub const fn contains(self, permission: Permission) -> bool {
        self.0 & Self::bit(permission) != 0
    }

    #[expect(clippy::as_conversions, reason = "the number of a variant")]
    const fn bit(permission: Permission) -> u128 {
        1 << permission as u128
    }
}

/// `Scopes` has a bit for each permission.
const _: () = assert!(Permission::ALL.len() <= 128);
