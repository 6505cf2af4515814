drop table nib_holders;
drop table business_roles;
