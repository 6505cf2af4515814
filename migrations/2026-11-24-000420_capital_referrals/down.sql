drop table disbursements;
drop table capital_referrals;
