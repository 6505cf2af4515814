drop table hand_over_causes;
drop table hand_overs;
