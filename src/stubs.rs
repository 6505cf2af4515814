pub mod mentorships {
    use crate::{access::Reach, error::Result, ids::*, records::Tx};
    pub struct Plan {
        pub business_id: BusinessId,
        pub capital_need_idr: Option<i64>,
    }
    pub struct F {
        pub mentor_id: MentorId,
    }
    pub struct Mentorship {
        pub fields: F,
    }
    pub async fn plan(_: &Tx<'_>, _: Reach, _: PlanId) -> Result<Plan> {
        todo!()
    }
    pub async fn running_of(_: &Tx<'_>, _: BusinessId) -> Result<Option<Mentorship>> {
        todo!()
    }
}
